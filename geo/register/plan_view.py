"""A pack narrowed to one plan: what it would be had the other plans never come, with the promises that were made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from geo.register.order_of_events import in_order
from geo.register.pack import Pack
from geo.register.plans import ALL_PLANS, PLAN_ID, required_plan
from geo.register.undone_and_merged import standing_merges, undone_among
from geo.vocabulary import COUNTED, FIELD_EVENTS


def plan_view(pack: Pack, plan_id: str = "") -> Pack:
    """The pack as one plan sees it; read only.

    Parameters
    ----------
    pack : Pack
        Of every plan.
    plan_id : str
        Id of a plan, ``all``, or empty for the first one.

    Returns
    -------
    Pack
        ``plan`` says of which plan. Of a pack with one plan, the pack itself for every question.

    Raises
    ------
    ParameterError
        There is no such plan.
    """
    plan = required_plan(pack.plans, plan_id)
    first = required_plan(pack.plans, "")
    if len(pack.plans) < 2:
        return replace(pack, plan=first)
    digest = pack.digest if plan == first else hashlib.sha256(f"{pack.digest}/{plan}".encode()).hexdigest()
    if plan == ALL_PLANS:
        return replace(pack, plan=plan, digest=digest)
    items = pack.plan_items[pack.plan_items[PLAN_ID] == plan]
    promises = pack.promises[pack.promises["item_id"].isin(items.index)]
    mine = _works_of(pack, set(items.index), set(promises["work_id"]))
    works = pack.works[mine]
    events = pack.events[pack.events["work_id"].isin(works.index)]
    return replace(
        pack,
        plan=plan,
        digest=digest,
        plan_items=items,
        promises=promises,
        works=works,
        events=events,
        citations=pack.citations[pack.citations["work_id"].isin(works.index)],
        photos=pack.photos[~pack.photos["event_id"].isin(set(pack.events.index) - set(events.index))],
    )


def _works_of(pack: Pack, items: set[str], promised: set[str]) -> pd.Series[bool]:
    """Which works a plan sees: those of its items, now or ever, those of no item, what is part of them, and what is the same work."""
    works, ever = pack.works, _items_ever(pack)
    parents = {str(key): str(value) for key, value in works["parent_id"].dropna().items()}
    mine = promised | {key for key, found in ever.items() if found & items}
    for same in _groups(standing_merges(pack.events)):
        mine |= same if mine & same else set()
    mine |= {
        key for key, found in ever.items() if not found and ever.get(parents.get(key, key), found) <= items
    }
    mine |= {key for key, parent in parents.items() if parent in mine}
    return pd.Series(works.index.isin(mine), index=works.index)


def _groups(ends: dict[str, str]) -> list[set[str]]:
    """Works that turned out to be one, those on the way to its end too."""
    found: dict[str, set[str]] = {}
    for work, end in ends.items():
        found.setdefault(end, {end}).add(work)
    return list(found.values())


def _items_ever(pack: Pack) -> dict[str, frozenset[str]]:
    """Work -> every item that it was ever said to count for."""
    found = {str(key): {item} for key, item in pack.works["item_id"].items()}
    changes = pack.events[pack.events["kind"].isin(FIELD_EVENTS)]
    changes = changes[~changes["event_id"].isin(undone_among(pack.events))]
    for work, value in zip(changes["work_id"], changes["value"], strict=True):
        if work in found and "item_id" in (new := json.loads(value)):
            found[work].add(new["item_id"])
    return {key: frozenset(str(item) for item in items if item) for key, items in found.items()}


@dataclass(frozen=True, slots=True)
class Promises:
    """What a pack's plan says of its works beside their rows, the same on every day.

    Attributes
    ----------
    items : mapping
        Item -> plan.
    again : tuple of (work, item)
        Promises that were made again, of the work that stays after every merge.
    handed_on : tuple of (work, item, counted)
        What merged works hand on to the one that stays, those that count first.
    """

    items: Mapping[str, str]
    again: tuple[tuple[str, str], ...]
    handed_on: tuple[tuple[str, str, str], ...]


def promises_of(pack: Pack, booked: pd.DataFrame) -> Promises:
    """The :class:`Promises` of a pack of :func:`plan_view`, or of every plan: there a work keeps its first item, and counts if any plan counts it.

    ``booked`` is :func:`geo.register.undone_and_merged.bookkeeping` of its events.
    """
    ends = standing_merges(booked)
    named = zip(pack.promises["work_id"], pack.promises["item_id"], strict=True)
    again = tuple((ends.get(str(work), str(work)), str(item)) for work, item in named)
    handed = [(ends[work], *facts) for work, facts in _last_facts(pack, ends, booked).items()]
    handed_on = tuple(sorted(handed, key=lambda each: COUNTED.index(each[2])))
    return Promises(dict(pack.plan_items[PLAN_ID]), again, handed_on)


def as_promised(works: pd.DataFrame, promises: Promises) -> pd.DataFrame:
    """Works with the item that a plan knows them by: a work promised again counts for the later item there.

    Parameters
    ----------
    works : DataFrame
        Works of the pack, as corrected by a day.
    promises : Promises

    Returns
    -------
    DataFrame
        ``item_id`` and ``counted`` are the plan's; a work that belongs to none of its items counts nowhere.
    """
    own = works["item_id"].isin(list(promises.items))
    unknown = works["item_id"].notna() & ~own
    again = _promised(works, promises)
    if not again and not unknown.any():
        return works
    index = works.index.to_series()
    items = {work: item for work, (item, _counted) in again.items()}
    named, parts = index.map(items), works["parent_id"].map(items)
    item = works["item_id"].where(own, named.where(named.notna(), parts)).astype(object)
    item = item.where(item.notna(), None)
    counted = works["counted"].where(~(unknown & item.isna()), COUNTED[-1])
    for work in again.keys() & set(works.index):
        said = [again[work][1], *([works.at[work, "counted"]] if own[work] else [])]
        counted[work] = min(said, key=COUNTED.index)
    return works.assign(item_id=item, counted=counted.astype(object))


def _promised(works: pd.DataFrame, promises: Promises) -> dict[str, tuple[str, str]]:
    """Work -> the item that promises it again and how it counts there: by a row of ``promises``, or handed on by a merge.

    A promise goes on with a work through every merge, unless the work that stays has one of its own in the same plan.
    """
    plans, own = promises.items, works["item_id"]
    found: dict[str, tuple[str, str]] = {}
    for work, item in promises.again:
        if item in plans:
            found.setdefault(work, (item, COUNTED[0]))
    for end, item, counted in promises.handed_on:
        if end in own.index and item in plans and plans.get(own[end]) != plans[item]:
            found.setdefault(end, (item, counted))
    return found


def _last_facts(pack: Pack, merged: Iterable[str], booked: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Item and ``counted`` of merged works as they were corrected before."""
    rows = pack.works.loc[pack.works.index.isin(set(merged)), ["item_id", "counted"]].to_dict("index")
    events = pack.events[pack.events["work_id"].isin(set(rows)) & pack.events["kind"].isin(FIELD_EVENTS)]
    events = events[~events["event_id"].isin(undone_among(booked)) & events["confirmed"].astype(bool)]
    for work, value in events[["work_id", "value"]].iloc[in_order(events)].itertuples(index=False):
        new = json.loads(value)
        rows[work] |= {name: new[name] for name in ("item_id", "counted") if name in new}
    return {str(work): (row["item_id"], row["counted"]) for work, row in rows.items() if row["item_id"]}
