"""What a pack says of its city and of itself: the part of ``datapackage.json`` that is not a table.

Names, credits, licence, the projected system and the days of the slider are facts of the city, so that another city is
another folder and no line of code.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from geo.cities import SLUG
from geo.errors import DataError
from geo.places.projections import is_projected_in_metres
from geo.text import mark as _
from geo.text import translate

_CITY_WORD: Final = "市"
"""Last letter of names of cities, which people leave out: 西安市 is 西安."""
ShortText = Annotated[str, Field(min_length=1, max_length=2000)]


def _projected(code: str) -> str:
    if not is_projected_in_metres(code):
        raise ValueError(f"{code} is not a projected system in metres that PROJ knows")
    return code


class Fact(BaseModel):
    """What a pack says: frozen, and nothing that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Loose(Fact):
    """Part of the file that the Data Package standard defines: it may hold more than is read here."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Bilingual(Fact):
    """A text in both languages."""

    zh: ShortText
    en: ShortText

    def of(self, lang: str) -> str:
        """The text in ``lang``: ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


class Credits(Fact):
    """Who is to be named: for the facts, and for the places."""

    facts: Bilingual
    places: Bilingual


class Days(Fact):
    """First and last day that the time slider reaches."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first >= self.last:
            raise ValueError("the first day must come before the last")
        return self

    def within(self, day: date) -> date:
        """``day`` if the slider reaches it, else the nearer end."""
        return min(max(day, self.first), self.last)


class Licence(_Loose):
    """Licence of the compiled data, as the Data Package standard writes it: ``CC-BY-4.0``, and its address."""

    name: ShortText
    path: ShortText

    @property
    def label(self) -> str:
        """As people write it: ``CC BY 4.0``."""
        return self.name.replace("-", " ")


class Material(_Loose):
    """Something the pack was made from."""

    title: ShortText
    path: str = ""


class City(Fact):
    """The city of a pack.

    Attributes
    ----------
    code : str
        GB/T 2260 code of the whole city.
    name_zh, name_en : str
    slug : str or None
        Short name in addresses, :data:`geo.cities.SLUG`: a process with many packs needs it.
    projected_crs : str
        ``EPSG:n`` of the projected system, in metres, in which areas and distances of this city are measured.
    plan_year : int or None
        Year of the one plan of a pack from before there was a table of plans.
    author : Bilingual
        Who compiled the pack: the author of a citation.
    credits : Credits
    licence_note : Bilingual or None
        What about licences is still open.
    days : Days
    licence : Licence
    materials : tuple of Material
    """

    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    name_zh: ShortText
    name_en: ShortText
    slug: Annotated[str, Field(pattern=f"^{SLUG}$")] | None = None
    projected_crs: Annotated[str, Field(pattern=r"^EPSG:\d{4,6}$"), AfterValidator(_projected)]
    plan_year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    author: Bilingual
    credits: Credits
    licence_note: Bilingual | None = None
    days: Days
    licence: Licence
    materials: tuple[Material, ...]

    def name(self, lang: str) -> str:
        """Name of the city in ``lang``: ``zh`` or ``en``."""
        return self.name_zh if lang == "zh" else self.name_en

    def program_name(self, lang: str) -> str:
        """What this program is called in the city, in ``lang``: by its short name, without the word for a city."""
        short = self.name_zh.removesuffix(_CITY_WORD)
        name = (short if len(short) > 1 else self.name_zh) if lang == "zh" else self.name_en
        return translate(_("{city}城建一张图"), lang).format(city=name)

    def credit_line(self, lang: str) -> str:
        """Who is named in everything that leaves: for the facts, then for the places."""
        text = translate(_("事实：{facts}位置：{places}"), lang)
        return text.format(facts=self.credits.facts.of(lang), places=self.credits.places.of(lang))

    @property
    def epsg(self) -> int:
        """Number of :attr:`projected_crs`."""
        return int(self.projected_crs.removeprefix("EPSG:"))


def read_package(root: Path) -> dict[str, Any]:
    """``datapackage.json`` as a mapping; ``DataError`` when it is missing or not JSON."""
    try:
        package: dict[str, Any] = json.loads((root / "datapackage.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(
            _("读不了 {path}：{detail}。"),
            hint=_("请核对资料包目录。"),
            path=str(root / "datapackage.json"),
            detail=str(error),
        ) from error
    return package


def read_city(root: Path) -> City:
    """The city that ``root/datapackage.json`` describes; ``DataError`` lists every fault of the description."""
    package = read_package(root)
    licences = package.get("licenses") or [None]
    stated = dict(package.get("city") or {})
    try:
        return City.model_validate(
            {**stated, "licence": licences[0], "materials": package.get("sources") or []}
        )
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise DataError(
            _("datapackage.json 里的城市说明有 {n} 处问题：{listed}"),
            hint=_("写法见 docs/data-pack.md。"),
            n=len(faults),
            listed="；".join(faults),
        ) from error
