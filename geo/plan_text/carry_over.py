"""Which known works a new plan seems to promise again: by name, line and place, each with its reason; a person decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geo.plan_text.draft import DraftItem
from geo.plan_text.names import line_names
from geo.register.amounts import whole_works
from geo.register.city import Atlas
from geo.register.ids import name_key
from geo.text import mark as _
from geo.text import translate

SAME_NAME: Final = _("名称相同")
LIKE_NAME: Final = _("名称相近（{score}）")
WITHIN: Final = _("一个名称在另一个里")
SAME_LINE: Final = _("同一条线或路：{line}")
SAME_PLACE: Final = _("同在{place}")
NO_PHASE: Final = _("只有一边写了期数")
_LIKE: Final = 80.0
"""Similarity of two names (0 to 100) from which a person is asked."""
_LEAST: Final = 0.6
_MOST: Final = 3
"""Proposals of one item, the surest first."""
_SHORTEST: Final = 3
"""Characters of a name that may stand within another."""
_PHASE: Final = re.compile(r"[一二三四五六七八九十\d]+期")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item of the new plan and a work that it may promise again.

    Attributes
    ----------
    item : int
        Key of the item in the draft.
    work_id, work_name, first_item : str
        The known work, and the item of an earlier plan that it counts for; empty for none.
    confidence : float
        Between 0 and 1: a judgement by the kind of evidence, as in the draft.
    reasons : tuple of (str, dict)
        Message ids with what they name.
    """

    item: int
    work_id: str
    work_name: str
    first_item: str
    confidence: float
    reasons: tuple[tuple[str, dict[str, str]], ...]

    @property
    def key(self) -> str:
        """What names the proposal to a person: the work, and the item by its place in the draft."""
        return f"{self.work_id}={self.item}"

    def reason(self, lang: str) -> str:
        """Why it is proposed, as one text."""
        return "；".join(translate(text, lang).format(**values) for text, values in self.reasons)


def carry_overs(items: Iterable[DraftItem], atlas: Atlas) -> list[Proposal]:
    """The works that items of a new plan seem to promise again, item by item, the surest first.

    Parameters
    ----------
    items : iterable of DraftItem
        Of the new plan.
    atlas : Atlas
        Of every plan that the register has.

    Returns
    -------
    list of Proposal
    """
    works = whole_works(atlas.register.works)
    districts = {str(code): str(name) for code, name in atlas.districts["name_zh"].items()}
    known = [_Known(row, districts) for row in works.to_dict("records")]
    found = []
    for item in items:
        here = [made for work in known if (made := _compared(item, work)) is not None]
        found += sorted(here, key=lambda one: -one.confidence)[:_MOST]
    return found


class _Known:
    """A work as it is compared: its key, lines, phases and places."""

    def __init__(self, row: dict[Any, Any], districts: dict[str, str]) -> None:
        self.row, self.name = row, str(row["name_zh"])
        self.key = name_key(self.name)
        self.lines, self.phases = line_names(self.name), set(_PHASE.findall(self.name))
        codes = str(row["district_code"] or "").split("|")
        self.districts = {districts[code] for code in codes if code in districts}
        self.places = self.districts | ({str(row["street"])} if row["street"] else set())


def _compared(item: DraftItem, work: _Known) -> Proposal | None:
    """The proposal of a pair; None where nothing speaks for it, or something against it."""
    phases, named = set(_PHASE.findall(item.name)), {one.text for one in item.names if one.kind == "district"}
    if phases and work.phases and not phases & work.phases:
        return None
    if (
        named
        and work.districts
        and not any(_alike(name, place) for name in named for place in work.districts)
    ):
        return None
    best = _by_name(item, work) or _by_line(item, work)
    if best is None:
        return None
    confidence, reason = best
    reasons = [reason]
    if bool(phases) != bool(work.phases):
        confidence -= 0.1
        reasons.append((NO_PHASE, {}))
    if place := next((each for one in item.names for each in work.places if _alike(one.text, each)), ""):
        confidence = min(confidence + 0.1, 0.98)
        reasons.append((SAME_PLACE, {"place": place}))
    if confidence < _LEAST:
        return None
    first = work.row["item_id"]
    name = work.name
    return Proposal(item.key, str(work.row["work_id"]), name, str(first or ""), round(confidence, 2), tuple(reasons))  # fmt: skip


def _by_name(item: DraftItem, work: _Known) -> tuple[float, tuple[str, dict[str, str]]] | None:
    from rapidfuzz import fuzz

    key = name_key(item.name)
    if key == work.key:
        return 0.95, (SAME_NAME, {})
    if _digits(key) != _digits(work.key):
        return None
    score = float(fuzz.ratio(key, work.key))
    if score >= _LIKE:
        return score / 100 * 0.9, (LIKE_NAME, {"score": f"{score:.0f}"})
    short, long = sorted((key, work.key), key=len)
    is_of_one = item.target <= 1  # a name of many is that of a kind, and stands within the name of each
    if is_of_one and len(short) >= _SHORTEST and short in long:
        return 0.75, (WITHIN, {})
    return None


def _by_line(item: DraftItem, work: _Known) -> tuple[float, tuple[str, dict[str, str]]] | None:
    lines = line_names(item.name) | {each for one in item.names for each in line_names(one.text)}
    shared = sorted(lines & work.lines)
    return (0.8, (SAME_LINE, {"line": "、".join(shared)})) if shared else None


def _digits(key: str) -> list[str]:
    """Numbers of a name without its phase: line 1 is not line 3."""
    return re.findall(r"\d+|[一二三四五六七八九十]+(?=[号村区条])", _PHASE.sub("", key))


def _alike(name: str, place: str) -> bool:
    """Whether two names of a place are one, with or without 区, 市, 县, 街道, 镇."""
    bare = [re.sub(r"(街道|[区市县镇])$", "", each) for each in (name, place)]
    return len(bare[0]) > 1 and bare[0] == bare[1]


def proposals_table(proposals: Iterable[Proposal], items: dict[int, DraftItem], lang: str) -> pd.DataFrame:
    """Proposals as a table for people and programs.

    Parameters
    ----------
    proposals : iterable of Proposal
    items : dict
        Items of the draft by key.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
    """
    rows = [
        {
            "proposal": one.key,
            "item": items[one.item].name,
            "work_id": one.work_id,
            "work": one.work_name,
            "first_item": one.first_item,
            "confidence": one.confidence,
            "reason": one.reason(lang),
        }
        for one in proposals
    ]
    columns = ["proposal", "item", "work_id", "work", "first_item", "confidence", "reason"]
    return pd.DataFrame(rows, columns=columns)
