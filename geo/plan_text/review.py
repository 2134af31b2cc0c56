"""What a person decides of a draft: accept, reject, correct, split, merge, take in what was left out. The text never changes.

Every function gives a new draft; the draft before stays, so that a step can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from geo.errors import IngestError, ParameterError
from geo.plan_text.amounts import Amount, amounts
from geo.plan_text.draft import FIELDS, Draft, DraftItem, LeftOut, State
from geo.plan_text.passages import plain_form
from geo.text import mark as _

CORRECTED: Final = ("name", "category", "verb", "target", "unit", "measure", "geometry", "due", "scope")
"""Fields that a person may correct."""
_CUTS: Final = "、,，和及与;；"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items wait, are accepted and are rejected."""

    drafted: int
    accepted: int
    rejected: int


def tally(draft: Draft) -> Tally:
    """The items of a draft by state."""
    states = [item.state for item in draft.items]
    return Tally(states.count("drafted"), states.count("accepted"), states.count("rejected"))


def decide(draft: Draft, key: int, state: State) -> Draft:
    """Accept or reject an item, or leave it open again.

    Parameters
    ----------
    draft : Draft
    key : int
        Of the item; ``KeyError`` if there is none.
    state : {"drafted", "accepted", "rejected"}

    Returns
    -------
    Draft
    """
    return _replaced(draft, key, [draft.item(key).model_copy(update={"state": state})])


def correct(draft: Draft, key: int, values: Mapping[str, Any]) -> Draft:
    """Fields of an item as a person has them: they are then sure.

    Parameters
    ----------
    draft : Draft
    key : int
        Of the item; ``KeyError`` if there is none.
    values : mapping
        Field of :data:`CORRECTED` -> value.

    Returns
    -------
    Draft

    Raises
    ------
    ParameterError
        A field that is none, or a value that it cannot have.
    """
    item = draft.item(key)
    wrong = [field for field in values if field not in CORRECTED]
    sure = {field: 1.0 for field in values if field in FIELDS}
    given = item.model_dump() | dict(values) | {"confidence": {**item.confidence, **sure}}
    try:
        corrected = DraftItem.model_validate(given)
    except ValidationError as error:
        wrong += [str(fault["loc"][0]) for fault in error.errors()]
    if wrong:
        raise ParameterError(_("条目的这些字段读不了：{fields}。"), fields="、".join(wrong))
    return _replaced(draft, key, [corrected])


def split(draft: Draft, key: int) -> Draft:
    """An item as two, at the first 、, comma or 和 inside its quote; the same draft where there is none."""
    item = draft.item(key)
    inside = range(item.start + 1, item.end - 1)
    at = next((place for place in inside if draft.text[place] in _CUTS), None)
    if at is None:
        return draft
    new = max(each.key for each in draft.items) + 1
    return _replaced(
        draft, key, [_part(draft, item, item.start, at, key), _part(draft, item, at + 1, item.end, new)]
    )


def _part(draft: Draft, item: DraftItem, start: int, end: int, key: int) -> DraftItem:
    plain = plain_form(draft.text[start:end])
    counted = amounts(plain, 0, len(plain))
    change = {
        "start": start,
        "end": end,
        "key": key,
        "name": draft.text[start:end].strip()[:200] or item.name,
        "names": tuple(name for name in item.names if start <= name.start and name.end <= end),
        "state": "drafted",
        "confidence": {**item.confidence, "name": 0.5},
    }
    return item.model_copy(update=change | _amount_fields(counted[0] if counted else None))


def _amount_fields(amount: Amount | None) -> dict[str, Any]:
    if amount is None:
        return {"target": 1.0, "unit": "项", "bound": "", "measure": "count"}
    return {
        "target": amount.value,
        "unit": amount.unit,
        "bound": amount.bound,
        "measure": amount.measure,
    }


def merge(draft: Draft, key: int) -> Draft:
    """An item and the one after it in the text as one; amounts of one unit are added up. The same draft for the last."""
    order = [each.key for each in draft.items]
    at = order.index(key)
    if at + 1 == len(order):
        return draft
    first, second = draft.items[at], draft.items[at + 1]
    start, end = min(first.start, second.start), max(first.end, second.end)
    one_unit = first.unit == second.unit
    change = {
        "start": start,
        "end": end,
        "sentence": first.sentence.model_copy(
            update={
                "start": min(first.sentence.start, second.sentence.start),
                "end": max(first.sentence.end, second.sentence.end),
            }
        ),
        "name": f"{first.name}、{second.name}"[:200],
        "target": first.target + second.target if one_unit else first.target,
        "names": (*first.names, *second.names),
        "state": "drafted",
        "confidence": {**first.confidence, "target": 0.9 if one_unit else 0.3, "name": 0.5},
    }
    merged = first.model_copy(update=change)
    return draft.model_copy(update={"items": (*draft.items[:at], merged, *draft.items[at + 2 :])})


def take_in(draft: Draft, start: int) -> Draft:
    """A passage that was left out as an item: all of it is asked. ``KeyError`` if none begins at ``start``."""
    passage = next((each for each in draft.left_out if each.start == start), None)
    if passage is None:
        raise KeyError(start)
    quote = draft.quote(passage)
    first = passage.start + len(quote) - len(quote.lstrip())
    last = first + len(quote.strip().rstrip("，。；、,;"))
    plain = plain_form(draft.text[first:last])
    counted = amounts(plain, 0, len(plain))
    fields: dict[str, Any] = {
        "start": first,
        "end": max(last, first + 1),
        "key": max((each.key for each in draft.items), default=0) + 1,
        "sentence": {"start": passage.start, "end": passage.end},
        "section": next((each.section for each in reversed(draft.items) if each.start < start), ""),
        "name": draft.text[first:last][:200] or quote[:200],
        "category": "",
        "verb": "carry_out",
        "action": "",
        "geometry": "point",
        "due": date(draft.year, 12, 31),
        "scope": "city",
        "confidence": dict.fromkeys(FIELDS, 0.1),
    }
    item = DraftItem.model_validate(fields | _amount_fields(counted[0] if counted else None))
    items = sorted((*draft.items, item), key=lambda one: (one.start, one.end))
    left = tuple(each for each in draft.left_out if each.start != start)
    return draft.model_copy(update={"items": tuple(items), "left_out": left})


def _replaced(draft: Draft, key: int, by: list[DraftItem]) -> Draft:
    draft.item(key)
    items = [one for each in draft.items for one in (by if each.key == key else [each])]
    return draft.model_copy(update={"items": tuple(items)})


def uncovered(draft: Draft) -> list[int]:
    """Characters of the text that belong neither to an item's passage nor to one that was left out: there are none."""
    covered = bytearray(len(draft.text))
    ranges = [*(item.sentence for item in draft.items), *draft.left_out]
    for each in ranges:
        covered[each.start : each.end] = b"\x01" * (each.end - each.start)
    return [at for at, one in enumerate(covered) if not one]


def to_json(draft: Draft) -> bytes:
    """A draft as a file that :func:`from_json` reads."""
    return draft.model_dump_json(indent=1).encode()


def from_json(data: Any) -> Draft:
    """A draft that was saved, checked as any file of a person.

    Raises
    ------
    IngestError
        No draft, or one that does not fit its text.
    """
    try:
        draft = Draft.model_validate(data)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise IngestError(
            _("这不是本程序保存的计划草稿（{place}）。"),
            hint=_("请选“保存草稿”得到的文件。"),
            place=place[:120],
        ) from error
    gaps = uncovered(draft)
    if gaps:
        raise IngestError(_("草稿不全：第 {n} 个字起有一段没有归属。"), n=gaps[0] + 1)
    return draft


def left_out_of(draft: Draft, reason: str) -> list[LeftOut]:
    """Passages that were left out for one reason."""
    return [each for each in draft.left_out if each.reason == reason]
