"""What counts among events: an undone event does not, undoing the undo restores it, a merged work stops counting.

None of this depends on the day asked or on the order of rows: an undo says that something was never so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.register.order_of_events import Array, in_order
from geo.values import is_unknown
from geo.vocabulary import BOOKKEEPING_EVENTS, PROGRESS_EVENTS


def undone(undos: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Ids of events that do not count.

    Parameters
    ----------
    undos : iterable of (event_id, value)
        The events of kind ``undo``: each takes back the event that its value names, unless it is taken back itself.
    """
    by_target: dict[str, list[str]] = {}
    target_of: dict[str, str] = {}
    for event_id, target in undos:
        by_target.setdefault(target, []).append(event_id)
        target_of[event_id] = target
    # leaves first: an undo that nobody takes back stands, and decides about the one it names
    waiting = {event_id: len(by_target.get(event_id, ())) for event_id in target_of}
    ready = sorted(event_id for event_id, number in waiting.items() if number == 0)
    gone: set[str] = set()
    while ready:
        event_id = ready.pop()
        target = target_of[event_id]
        if event_id not in gone:
            gone.add(target)
        if target in waiting:
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return frozenset(gone)


def bookkeeping(events: pd.DataFrame) -> pd.DataFrame:
    """The events that only say what counts: few of many, and all that these functions ask for but :func:`counted_events`."""
    return events[events["kind"].isin(BOOKKEEPING_EVENTS)]


def undone_among(events: pd.DataFrame) -> frozenset[str]:
    """:func:`undone` of a frame with the columns ``event_id, kind, value``."""
    undos = events[events["kind"] == "undo"]
    return undone(zip(undos["event_id"], undos["value"], strict=True))


def merges(events: pd.DataFrame) -> dict[str, str]:
    """Work -> the work it was merged into in the end, from events that are not undone. Circles do not merge."""
    rows = events[events["kind"] == "merge"]
    return merged_into(dict(zip(rows["work_id"], rows["value"], strict=True)))


def merged_into(direct: Mapping[str, str]) -> dict[str, str]:
    """Each merged work and where its chain of merges ends; none that runs in a circle."""
    ends = {}
    for work in direct:
        seen, end = {work}, direct[work]
        while end in direct and end not in seen:
            seen.add(end)
            end = direct[end]
        if end not in seen:
            ends[work] = end
    return ends


def standing_merges(events: pd.DataFrame) -> dict[str, str]:
    """:func:`merges` of the events that were not taken back."""
    return _standing_merges(events, undone_among(events))


def _standing_merges(events: pd.DataFrame, gone: frozenset[str]) -> dict[str, str]:
    rows = events[events["kind"] == "merge"]
    return merges(rows[~rows["event_id"].isin(gone)])


def standing_events(events: pd.DataFrame) -> pd.DataFrame:
    """The events that were not taken back, without those that only say what counts; each of the work that it was recorded for."""
    return events[_standing(events, undone_among(events))]


def _standing(events: pd.DataFrame, gone: frozenset[str]) -> pd.Series[bool]:
    kept = ~events["kind"].isin(BOOKKEEPING_EVENTS)
    return kept & ~events["event_id"].isin(gone) if gone else kept


@dataclass(frozen=True, slots=True)
class Counted:
    """The :func:`standing_events` in the order in which they count; what became of a merged work became of the other.

    Attributes
    ----------
    positions : array of int64
        Where they stand among all events.
    moved : array of int64
        Which of them are another work's now.
    work_ids : array of object
        The works of those.
    """

    positions: Array
    moved: Array
    work_ids: Array

    def of(self, events: pd.DataFrame) -> pd.DataFrame:
        """Those rows of all events, or of some columns of them with ``work_id`` among them."""
        rows: pd.DataFrame = events.iloc[self.positions]
        if not len(self.moved):
            return rows
        work_ids = rows["work_id"].to_numpy(object, copy=True)
        work_ids[self.moved] = self.work_ids
        return rows.assign(work_id=pd.Series(work_ids, rows.index, dtype=object))


def counted_events(events: pd.DataFrame) -> Counted:
    """The events of works that count."""
    booked = bookkeeping(events)
    gone = undone_among(booked)
    positions = in_order(events, np.flatnonzero(_standing(events, gone)))
    merged = _standing_merges(booked, gone)
    if not merged:
        return Counted(positions, np.zeros(0, np.int64), np.zeros(0, object))
    work_ids = events["work_id"].take(positions)
    carried = work_ids.isin(merged) & events["kind"].take(positions).isin(PROGRESS_EVENTS)
    moved = np.flatnonzero(carried)
    return Counted(positions, moved, work_ids.iloc[moved].map(merged).to_numpy(object))


def counted_works(works: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The works that count: neither merged into another nor taken back; parts of a merged work belong to the other."""
    gone = undone_among(events)
    created = events[events["kind"] == "creation"]
    taken_back = set(created.loc[created["event_id"].isin(gone), "work_id"])
    taken_back -= set(created.loc[~created["event_id"].isin(gone), "work_id"])
    merged = _standing_merges(events, gone)
    if not merged and not taken_back:
        return works
    left = works[~works.index.isin(taken_back | set(merged))].copy()
    moved = left["parent_id"].isin(merged)
    left.loc[moved, "parent_id"] = left.loc[moved, "parent_id"].map(merged).astype(object)
    _fill_quantities(left, works, merged)
    return left


def _fill_quantities(left: pd.DataFrame, works: pd.DataFrame, merged: Mapping[str, str]) -> None:
    """Give a work without a quantity that of the work merged into it."""
    for work, end in merged.items():  # a step a merge
        if end in left.index and work in works.index and is_unknown(left.at[end, "quantity"]):
            for name in ("quantity", "unit"):
                left.loc[end, name] = works[name][work]
