"""What is read from a plan's text: promises with the place of each in the text, and passages that hold none.

Checked by pydantic, for a saved draft comes back as a person's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from geo.text import mark as _
from geo.vocabulary import VERB_LABELS

MOST_CHARACTERS: Final = 200_000
"""Of a plan's text: the one of the pack has 5,000, and reading so many takes a few seconds."""
MOST_ITEMS: Final = 2000
SURE: Final = 0.6
"""A field below this confidence is a question. The figures are judgements by the kind of evidence, not measured probabilities."""
LEFT_OUT_LABELS: Final[Mapping[str, str]] = {
    "heading": _("标题、文头或过渡句"),
    "support": _("支持或引导别人做，市里自己没有承诺"),
    "title": _("申报、认定或称号，不是建设"),
    "paper": _("编制规划、方案或政策"),
    "system": _("制度、机制、体系或系统"),
    "event": _("活动或会议"),
    "money": _("资金、招商或人才"),
    "general": _("说的是一类地方，没有名称，也没有数量"),
    "no_place": _("没有能落到地图上的东西"),
    "long": _("太长，不像一句话"),
    "no_verb": _("有地方，但没有读出承诺做什么"),
}
"""Why a passage holds no item of the draft."""
SCOPE_LABELS: Final[Mapping[str, str]] = {
    "located": _("落到一处"),
    "district": _("一个区县之内"),
    "city": _("全市"),
}
Scope = Literal["located", "district", "city"]
STATE_LABELS: Final[Mapping[str, str]] = {
    "drafted": _("待看"),
    "accepted": _("已收下"),
    "rejected": _("已剔除"),
}
State = Literal["drafted", "accepted", "rejected"]


def _known_verb(verb: str) -> str:
    if verb not in VERB_LABELS:
        raise ValueError("verb")
    return verb


PromiseVerb = Annotated[str, AfterValidator(_known_verb)]
Measure = Literal["count", "quantity", "share"]
Geometry = Literal["point", "line", "polygon", "none"]
Confidence = Annotated[float, Field(ge=0, le=1)]
FIELDS: Final = ("name", "category", "verb", "target", "unit", "due", "scope")
"""Fields of an item that carry a confidence each."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(_Part):
    """Characters ``start`` up to ``end`` of the text, counted from 0."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


NameKind = Literal["district", "place", "line", "facility"]


class NamedPlace(Range):
    """A name in the text: of a district, a place, a line or road, or a facility."""

    text: Annotated[str, Field(max_length=200)]
    kind: NameKind


class LeftOut(Range):
    """A passage that was read and holds no item; ``reason`` is a key of :data:`LEFT_OUT_LABELS`."""

    reason: Annotated[str, Field(max_length=40)]

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.reason not in LEFT_OUT_LABELS:
            raise ValueError("reason")
        return self


class DraftItem(Range):
    """One promise: its range is the verbatim quote. ``sentence`` is the passage it stands in."""

    key: Annotated[int, Field(ge=0)]
    sentence: Range
    section: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    category: Annotated[str, Field(max_length=60)]
    verb: PromiseVerb
    action: Annotated[str, Field(max_length=60)]
    target: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unit: Annotated[str, Field(min_length=1, max_length=20)]
    bound: Literal["", "at_least", "at_most", "about"] = ""
    measure: Measure
    geometry: Geometry
    due: date
    scope: Scope
    names: tuple[NamedPlace, ...] = ()
    confidence: dict[str, Confidence]
    state: State = "drafted"

    def unsure(self) -> tuple[str, ...]:
        """Fields that a person is to be asked about: below :data:`SURE`, while the item is drafted."""
        if self.state != "drafted":
            return ()
        return tuple(field for field in FIELDS if self.confidence.get(field, 0.0) < SURE)


class Draft(_Part):
    """A whole plan: its text, what it promises, and what was left out."""

    document: Annotated[str, Field(max_length=200)]
    year: Annotated[int, Field(ge=1950, le=2100)]
    year_in_text: bool
    text: Annotated[str, Field(max_length=MOST_CHARACTERS)]
    items: Annotated[tuple[DraftItem, ...], Field(max_length=MOST_ITEMS)]
    left_out: tuple[LeftOut, ...]

    @model_validator(mode="after")
    def _within_the_text(self) -> Self:
        """Every range lies in the text, and every key stands once."""
        ranges: list[Range] = [*self.items, *(item.sentence for item in self.items), *self.left_out]
        ranges += [name for item in self.items for name in item.names]
        if any(not 0 <= each.start < each.end <= len(self.text) for each in ranges):
            raise ValueError("range")
        if len({item.key for item in self.items}) != len(self.items):
            raise ValueError("key")
        return self

    def quote(self, part: Range) -> str:
        """The characters of a range, as the document has them."""
        return self.text[part.start : part.end]

    def item(self, key: int) -> DraftItem:
        """The item with that key; ``KeyError`` if there is none."""
        for each in self.items:
            if each.key == key:
                return each
        raise KeyError(key)
