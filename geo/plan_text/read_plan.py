"""From a plan's text to a draft: every passage read, every promise with its fields and how sure each is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final, cast

from geo.errors import IngestError
from geo.ingest.cells.dates import read_date
from geo.ingest.cells.header_terms import parts_of_year
from geo.plan_text.draft import (
    MOST_CHARACTERS,
    Draft,
    DraftItem,
    Geometry,
    LeftOut,
    Measure,
    NamedPlace,
    Range,
    Scope,
)
from geo.plan_text.names import NameIndex
from geo.plan_text.passages import Clause, clauses, plain_form
from geo.plan_text.promises import Before, Promise, promises
from geo.plan_text.rules import rules
from geo.text import mark as _

_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)年")
_MONTH: Final = re.compile(r"(?:(20\d\d)年)?(\d{1,2})月(?:(\d{1,2})日|底|末|份)?(?:之?前|底|末)?")
_EARLY: Final = 600
"""Characters at the beginning in which a title names the plan's year."""


def read_plan(text: str, names: NameIndex, *, document: str = "", year: int | None = None) -> Draft:
    """What a plan promises that has a place or could have one.

    Parameters
    ----------
    text : str
        The whole text, simplified or traditional.
    names : NameIndex
        Names of the city.
    document : str
        What the document is called.
    year : int or None
        Year of the plan; None reads it from the text.

    Returns
    -------
    Draft

    Raises
    ------
    IngestError
        No text, or more than :data:`geo.plan_text.draft.MOST_CHARACTERS`.
    """
    if not text.strip():
        raise IngestError(_("没有文字。"), hint=_("请给出计划全文。"))
    if len(text) > MOST_CHARACTERS:
        raise IngestError(
            _("文字有 {n} 个，超过上限 {limit} 个。"),
            hint=_("请只留计划的正文。"),
            n=len(text),
            limit=MOST_CHARACTERS,
        )
    plain = plain_form(text)
    stated = year or _year_of(plain)
    items: list[DraftItem] = []
    left_out: list[LeftOut] = []
    before = Before()
    for clause in clauses(plain):
        if clause.first:
            before = Before()
        made, reason, before = promises(plain, clause, names, before)
        place = Range(start=clause.start, end=clause.end)
        if reason:
            left_out.append(LeftOut(start=clause.start, end=clause.end, reason=reason))
        for promise in _whole_list(made):
            items.append(_item(len(items) + 1, promise, place, clause, plain, names, stated))
    return Draft(
        document=document[:200],
        year=stated or date.today().year,
        year_in_text=stated is not None,
        text=text,
        items=tuple(items),
        left_out=tuple(left_out),
    )


def _year_of(plain: str) -> int | None:
    """The year that the beginning names most often, then that of the whole text; None if there is none."""
    for part in (plain[:_EARLY], plain):
        if years := Counter(_YEAR.findall(part)):
            return int(years.most_common(1)[0][0])
    return None


def _whole_list(made: list[Promise]) -> Iterator[Promise]:
    """Promises of one list; one without a known thing takes the category that most of the others have."""
    usual = Counter(one.category for one in made if one.thing is not None).most_common(1)
    for one in made:
        yield one if one.thing is not None else _categorised(one, usual[0][0] if usual else "")


def _categorised(one: Promise, category: str) -> Promise:
    return replace(one, category=category)


def _item(
    key: int, one: Promise, place: Range, clause: Clause, plain: str, names: NameIndex, year: int | None
) -> DraftItem:
    amount = one.amount
    code, sure = _verb_code(one)
    due, sure_due = _due(plain, place, year)
    found = tuple(names.named(plain, one.start, one.end))
    if _is_one(one) and not any(name.kind == "line" for name in found):
        own = NamedPlace(
            start=one.core[0], end=one.core[1], text=plain[one.core[0] : one.core[1]][:200], kind="facility"
        )
        found = (*found, own)
    scope = _scope(one, found)
    measure, geometry = _how(one)
    confidence = {
        "name": 0.9 if one.thing else 0.7,
        "category": min(0.9, one.sure) if one.thing else 0.5,
        "verb": sure,
        "target": 1.0 if amount else 0.8,
        "unit": 1.0 if amount else 0.8,
        "due": sure_due,
        "scope": 0.9 if one.named or amount else 0.5,
    }
    return DraftItem(
        start=one.start,
        end=one.end,
        key=key,
        sentence=place,
        section=clause.section,
        name=one.name[:200],
        category=one.category,
        verb=code,
        action=(one.verb.mode + one.verb.term)[:60],
        target=amount.value if amount else 1.0,
        unit=amount.unit if amount else "项",
        bound=amount.bound if amount else "",
        measure=measure,
        geometry=geometry,
        due=due,
        scope=scope,
        names=found,
        confidence=confidence,
    )


def _verb_code(one: Promise) -> tuple[str, float]:
    """The word of the register for the verb of a promise; an effort to start has no word of its own, so it is asked."""
    code = rules().verbs.get((one.verb.term, one.verb.position, one.amount is not None)) or "carry_out"
    if rules().lead_ins.get(one.verb.mode) != "strive":
        return code, one.verb.sure
    if code == "finish":
        return "strive_finish", one.verb.sure
    return code, min(one.verb.sure, 0.5)


def _due(plain: str, place: Range, year: int | None) -> tuple[date, float]:
    """The day by which a promise is due: named in its passage, else the last of the plan's year."""
    within = plain[place.start : place.end]
    years = year or date.today().year
    if match := _MONTH.search(within):
        read = read_date(f"{match[1] or years}年{match[2]}月" + (f"{match[3]}日" if match[3] else ""))
        if read.value is not None:
            return read.value, 0.9
    for part in parts_of_year():
        if part.name in within:
            return date(years, part.month, part.day), 0.9 if year else 0.3
    return date(years, 12, 31), 0.8 if year else 0.3


def _is_one(one: Promise) -> bool:
    """Whether a promise is of one named thing, whose phases may be counted."""
    return one.named and (one.amount is None or one.amount.unit == "期")


def _scope(one: Promise, found: tuple[NamedPlace, ...]) -> Scope:
    if _is_one(one):
        return "located"
    return "district" if any(name.kind == "district" for name in found) else "city"


def _how(one: Promise) -> tuple[Measure, Geometry]:
    """How a promise is measured, and what is drawn of it."""
    thing, amount = one.thing, one.amount
    geometry = thing.geometry if thing else "point"
    if amount is None:
        return "count", cast("Geometry", geometry)
    own = thing.measure if thing is not None and amount.measure == "count" else amount.measure
    return cast("Measure", own), cast("Geometry", "none" if amount.measure == "share" else geometry)
