"""The base of every question: reading its parameters, refusing by name, and describing them to whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from geo.errors import AtlasError, ParameterError
from geo.text import Message
from geo.text import mark as _

_SHOWN: Final = 40
"""Characters of a refused value that the refusal repeats."""


class Question(BaseModel):
    """Parameters of a question, by the names that people use; empty values mean the default.

    Raises
    ------
    ParameterError
        Names the parameter, the value and what is allowed. Pydantic's own error never leaves this module.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def __init__(self, /, **given: Any) -> None:
        kept = given_parameters(given)
        check_names(kept, names(type(self)))
        try:
            super().__init__(**kept)
        except ValidationError as error:
            raise _refusal(type(self), kept, error) from error

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """The question of parameters as they were written; errors as above."""
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as its model declares it.

    Attributes
    ----------
    name : str
        As people write it.
    title, description : str
        Message ids of the catalogue: a short name, and a sentence.
    schema : dict
        JSON schema: type, bounds, choices, default as people write it, ``x-unit`` (symbol of the unit).
    deprecated : bool
        Still read, but without effect.
    is_required : bool
        There is no question without it.
    """

    name: str
    title: str
    description: str
    schema: dict[str, Any]
    deprecated: bool = False
    is_required: bool = False

    @property
    def default(self) -> str:
        """The default as a person would write it; empty for none."""
        default = self.schema.get("default", "")
        return self._written(default) if isinstance(default, int | float) else str(default)

    @property
    def choices(self) -> tuple[str, ...]:
        """The values allowed; empty where they are not a few words."""
        only = (self.schema["const"],) if "const" in self.schema else ()
        return tuple(self.schema.get("enum", only))

    @property
    def is_number(self) -> bool:
        """Whether a number is written, or a percentage."""
        return self.schema.get("type") in ("number", "integer")

    @property
    def minimum(self) -> float | None:
        """Lower bound, in the parameter's unit; whether it is itself allowed is in the schema."""
        return self.schema.get("minimum", self.schema.get("exclusiveMinimum"))

    @property
    def maximum(self) -> float | None:
        """Upper bound, in the parameter's unit."""
        return self.schema.get("maximum")

    @property
    def unit(self) -> str:
        """Symbol of the unit, empty for none."""
        return str(self.schema.get("x-unit", ""))

    @property
    def allowed(self) -> str:
        """What is allowed, in signs that need no translation: ``0 ≤ radius ≤ 100000 m``, ``yes、no``; empty for a text."""
        if self.choices:
            return "、".join(self.choices)
        if not self.is_number:
            return ""
        least = "" if self.minimum is None else f"{self._written(self.minimum)} {self._least_sign} "
        most = "" if self.maximum is None else f" ≤ {self._written(self.maximum)}"
        return f"{least}{self.name}{most} {self.unit}".strip()

    @property
    def _least_sign(self) -> str:
        return "<" if "exclusiveMinimum" in self.schema else "≤"

    def _written(self, value: float) -> str:
        return f"{value:.0%}" if "x-percent" in self.schema else f"{value:.12g}"


@lru_cache(maxsize=32)
def parameters(question: type[Question]) -> Mapping[str, Parameter]:
    """Every parameter of a question by name, in the order of its declaration."""
    schema = question.model_json_schema(by_alias=True)
    required = schema.get("required", ())
    return {
        name: replace(described(name, own), is_required=name in required)
        for name, own in schema["properties"].items()
    }


def names(question: type[Question]) -> tuple[str, ...]:
    """The names of a question's parameters, as people write them."""
    return tuple(parameters(question))


def described(name: str, own: dict[str, Any]) -> Parameter:
    """A field of a model, from its JSON schema."""
    schema = {key: value for key, value in own.items() if key not in ("anyOf", "title", "description")}
    for part in own.get("anyOf", ()):
        if part.get("type") != "null":
            schema = part | schema
    default = schema.pop("default", None)
    if isinstance(default, bool):
        default = "yes" if default else "no"
    if isinstance(default, list):
        default = "|".join(f"{each:g}" if isinstance(each, float) else str(each) for each in default)
    if default not in (None, ""):
        schema["default"] = default
    deprecated = bool(schema.pop("deprecated", False))
    return Parameter(name, own.get("title", ""), own.get("description", ""), schema, deprecated)


def given_parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, trimmed and without the empty."""
    trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    return {name: value for name, value in trimmed.items() if value is not None and value != ""}


def check_names(given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """``ParameterError`` for a name that is not ``known``; it says which was meant, if one is like it, and which are."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        meant = get_close_matches(unknown[0][:_SHOWN], known, n=1)
        if meant:
            raise ParameterError(
                _("不认识的参数 {names}，是否想写 {meant}？"),
                hint=_("可用：{known}。"),
                names="、".join(name[:_SHOWN] for name in unknown[:8]),
                meant=meant[0],
                known="、".join(known),
            )
        raise ParameterError(
            _("不认识的参数 {names}。"),
            hint=_("可用：{known}。"),
            names="、".join(name[:_SHOWN] for name in unknown[:8]),
            known="、".join(known),
        )


def read_value(question: type[Question], name: str, value: Any) -> Any:
    """One value alone, read as the question would read it; None for an empty one. ``ParameterError`` as the question.

    Parameters
    ----------
    question : type of Question
    name : str
        Name of the parameter.
    value : any
        As given.

    Returns
    -------
    any

    Raises
    ------
    ParameterError
    """
    kept = given_parameters({name: value})
    if not kept:
        return None
    field = next(info for key, info in question.model_fields.items() if (info.alias or key) == name)
    try:
        return TypeAdapter(field.rebuild_annotation()).validate_python(kept[name])
    except ValidationError as error:
        raise refused(parameters(question)[name], kept[name]) from error


def _refusal(question: type[Question], given: Mapping[str, Any], error: ValidationError) -> AtlasError:
    """The first thing that is wrong, as a person would say it."""
    first = error.errors(include_url=False, include_input=False)[0]
    if not first["loc"]:  # the parameters do not fit together, which the model itself reports
        own: AtlasError = first["ctx"]["error"]
        return own
    name = str(first["loc"][0])
    parameter = parameters(question)[name]
    return refused(parameter, given[name]) if name in given else _missing(parameter)


def _missing(parameter: Parameter) -> ParameterError:
    hint, more = _hint(parameter)
    return ParameterError(
        _("缺少{title}（参数 {name}）。"),
        hint=hint,
        title=Message(parameter.title),
        name=parameter.name,
        **more,
    )


def refused(parameter: Parameter, value: object, *, known: Sequence[str] = ()) -> ParameterError:
    """The refusal of a value: names the parameter, the value and what is allowed (``known``, where the data say so).

    Parameters
    ----------
    parameter : Parameter
    value : any
        As given.
    known : sequence of str
        What is allowed.

    Returns
    -------
    ParameterError
    """
    hint, more = (_("可用：{known}。"), {"known": "、".join(known)}) if known else _hint(parameter)
    text = str(value)
    return ParameterError(
        _("{title}（参数 {name}）的值“{value}”不可用。"),
        hint=hint,
        title=Message(parameter.title),
        name=parameter.name,
        value=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…",
        **more,
    )


def _hint(parameter: Parameter) -> tuple[str, dict[str, object]]:
    if parameter.schema.get("format") == "date":
        return _("请写成 2021-12-31 这样。"), {}
    if parameter.schema.get("format") == "date-time":
        return _("请写成 2021-12-31T08:00 这样。"), {}
    if parameter.schema.get("type") == "integer":
        return _("可用：整数，{known}。"), {"known": parameter.allowed}
    if "x-percent" in parameter.schema:
        return _("可用：{known}，写成 0.9 或 90%。"), {"known": parameter.allowed}
    if parameter.allowed:
        return _("可用：{known}。"), {"known": parameter.allowed}
    return _("最多 {most} 个字符。"), {"most": parameter.schema.get("maxLength", 0)}
