"""A scenario: a named list of edits on top of a day's register and a question. It never changes the register.

Its JSON form is versioned and checked; small ones also travel as one word of a link.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from geo.errors import ParameterError
from geo.questions.coverage import MAX_SCENARIO, QUESTION_NAMES
from geo.questions.question import described
from geo.questions.values import METRES, NUMBER
from geo.text import Message
from geo.text import mark as _

VERSION: Final = 1
MAX_EDITS: Final = 200
MAX_BYTES: Final = 1_000_000
_LONGEST: Final = 80

_FORMS: Final = {
    "id": _("文字，最多 80 个字符"),
    "name": _("文字，最多 80 个字符"),
    "at": _("[经度, 纬度]，WGS84 度"),
    "line": _("[经度, 纬度] 的列表，WGS84 度"),
    "words": _("覆盖问题的参数"),
    "edits": _("改动的列表"),
}
"""Field -> what it has to be, where that is no range and no choice."""

Degrees = Annotated[float, Field(ge=-180, le=180), NUMBER]
Position = tuple[Degrees, Degrees]
Text = Annotated[str, Field(max_length=_LONGEST)]
Op = Literal["add", "move", "remove", "link", "close"]


class Edit(BaseModel):
    """One change.

    Attributes
    ----------
    op : {"add", "move", "remove", "link", "close"}
        ``add`` a facility, ``move`` or ``remove`` the one called ``id``; ``link`` streets by a ``line``; ``close`` the
        piece of street at a place.
    id : str
        Of the register, or of a facility that an earlier edit added.
    at : (lon, lat) or None
        WGS84 degrees; where to add, move to, or close.
    line : sequence of (lon, lat)
        Of a link, WGS84 degrees.
    name : str
        Of what is added.
    accuracy_m : float
        Metres of error of the new place.
    supply : float or None
        What an added facility offers (berths, places, beds), in the unit of its kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    op: Op
    id: Text = ""
    at: Position | None = None
    line: Annotated[tuple[Position, ...], Field(max_length=500)] = ()
    name: Text = ""
    accuracy_m: Annotated[float, METRES, Field(ge=0, le=50_000), NUMBER] = 0.0
    supply: Annotated[float, Field(ge=0, le=1e9), NUMBER] | None = None

    @field_validator("id", "name")
    @classmethod
    def _no_control_characters(cls, value: str) -> str:
        if any(ord(letter) < 32 for letter in value):
            raise ParameterError(_("不能含控制字符"))
        return value

    @model_validator(mode="after")
    def _complete(self) -> Edit:
        if self.op in ("add", "move", "close") and self.at is None:
            raise ParameterError(_("缺少 at：[经度, 纬度]"))
        if self.op in ("add", "move", "remove") and not self.id:
            raise ParameterError(_("缺少 id"))
        if self.op == "link" and len(self.line) < 2:
            raise ParameterError(_("line 至少要有两个位置"))
        return self


class Scenario(BaseModel):
    """Edits, the question they belong to, and a name.

    Attributes
    ----------
    version : int
        Of this form.
    name : str
    parameters : mapping
        The parameters of the question (:class:`geo.questions.coverage.CoverageQuestion`); empty where only the edits matter; ``words`` in JSON.
    edits : sequence of Edit
        In order; at most :data:`MAX_EDITS`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    version: Literal[1] = VERSION
    name: Text = ""
    parameters: dict[str, Annotated[str, Field(max_length=200)]] = Field(
        default_factory=dict, validation_alias="words", serialization_alias="words"
    )
    edits: Annotated[tuple[Edit, ...], Field(max_length=MAX_EDITS)] = ()

    @field_validator("parameters")
    @classmethod
    def _known_parameters(cls, value: dict[str, str]) -> dict[str, str]:
        if set(value) - set(QUESTION_NAMES):
            raise ParameterError(_("有不认识的参数"))
        return value

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of this very content: its id."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def with_edits(self, edits: Sequence[Edit]) -> Scenario:
        """The same with other edits; ``ParameterError`` where they are too many."""
        if len(edits) > MAX_EDITS:
            raise ParameterError(_("一个方案最多 {most} 处改动。"), most=MAX_EDITS)
        return self.model_copy(update={"edits": tuple(edits)})

    def to_json(self) -> str:
        """One line of JSON, keys in order, values that are the default left out."""
        content = {"version": self.version} | self.model_dump(
            mode="json", exclude_defaults=True, by_alias=True
        )
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def to_link_code(self) -> str | None:
        """The scenario as one word of a link, None if it is too large for one."""
        word = base64.urlsafe_b64encode(zlib.compress(self.to_json().encode(), 9)).decode().rstrip("=")
        return f"z-{word}" if len(word) + 2 <= MAX_SCENARIO else None


def read_scenario(text: str | bytes) -> Scenario:
    """A scenario of its JSON form.

    Raises
    ------
    ParameterError
        Not JSON, too large, or not a scenario; the message names the edit (counted from 1) and the field.
    """
    if len(text) > MAX_BYTES:
        raise ParameterError(_("方案文件超过 1 MB。"), hint=_("一个方案最多 {most} 处改动。"), most=MAX_EDITS)
    return scenario_of(parsed(text))


def parsed(text: str | bytes) -> Any:
    """JSON without the numbers that JSON does not have."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ParameterError(
            _("这份方案不是有效的 JSON：{detail}。"), hint=_("请用本页导出的文件。"), detail=str(error)[:200]
        ) from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def scenario_of(content: Any) -> Scenario:
    """A checked scenario of parsed JSON; ``ParameterError`` as :func:`read_scenario`."""
    if isinstance(content, Mapping) and content.get("version") not in (None, VERSION):
        raise ParameterError(
            _("方案的版本是 {version}，这里只认识 {known}。"),
            hint=_("请更新本软件，或重新导出。"),
            version=str(content.get("version"))[:20],
            known=VERSION,
        )
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise _refusal(error) from error


def _refusal(error: ValidationError) -> ParameterError:
    """The first thing that is wrong, as a person would say it."""
    first = error.errors(include_url=False, include_input=True)[0]
    where = list(first["loc"])
    value = str(first.get("input"))[:60]
    if where[:1] == ["edits"] and len(where) > 1:
        field = ".".join(map(str, where[2:])) or "—"
        return ParameterError(
            _("方案第 {n} 处改动的 {field} 不可用：{value}（{detail}）。"),
            hint=_("坐标用 WGS84 经纬度；增、移要有 id 和 at，连线要有 line。"),
            n=int(where[1]) + 1,
            field=field,
            value=value,
            detail=_detail(Edit, field.split(".")[0], first),
        )
    return ParameterError(
        _("方案的 {field} 不可用：{value}（{detail}）。"),
        hint=_("一个方案最多 {most} 处改动。"),
        field=".".join(map(str, where)) or "—",
        value=value,
        detail=_detail(Scenario, str(where[0]) if where else "", first),
        most=MAX_EDITS,
    )


def _detail(model: type[BaseModel], field: str, error: Mapping[str, Any]) -> str:
    """What is allowed in a field, or what the model itself says of it: signs, or a message id."""
    own = error.get("ctx", {}).get("error")
    if isinstance(own, ParameterError):
        return Message(own.message)
    schema = model.model_json_schema()["properties"].get(field)
    allowed = described(field, schema).allowed if schema else ""
    return allowed or Message(_FORMS.get(field, _("这里没有这个字段，或形式不对")))


def read_link_code(code: str) -> Scenario:
    """A scenario of :meth:`Scenario.to_link_code`; ``ParameterError`` if it is none."""
    try:
        packed = base64.urlsafe_b64decode(code.removeprefix("z-") + "=" * (-len(code.removeprefix("z-")) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, MAX_BYTES)
    except (Base64Error, zlib.error, ValueError) as error:
        raise ParameterError(_("链接里的方案读不了。"), hint=_("链接可能被截断，请重新复制。")) from error
    if not unpacker.eof:
        raise ParameterError(_("链接里的方案读不了。"), hint=_("链接可能被截断，请重新复制。"))
    return read_scenario(text)
