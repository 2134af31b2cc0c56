"""Progress on every day at once: what a time slider without a server needs, computed by :mod:`geo.register.progress` alone.

A number of an item can only change on the day of a confirmed event of one of its works, or on the day its promise falls
due. So the item's row is made anew on those days and kept between them: the same function as for a single day, called
some hundred times instead of some thousands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import pandas as pd

from geo.register.progress import item_row, progress
from geo.register.register import Register
from geo.vocabulary import FIELD_EVENTS


def change_days(register: Register, first: date) -> list[date]:
    """``first`` and every later day on which a number of the plan may change, in order."""
    events = register.events
    days = set(events.loc[events["confirmed"].astype(bool), "date"]) | set(
        register.pack.plan_items["due_date"]
    )
    return [first, *sorted(day for day in days if day > first)]


def item_history(
    register: Register, first: date, items: Collection[str] | None = None
) -> Iterator[tuple[date, pd.DataFrame]]:
    """For every day of :func:`change_days` the rows of ``progress(by="item")`` that are new on it.

    The rows of a day are, item by item, the last ones given for a day not after it.

    Parameters
    ----------
    register : Register
    first : date
    items : collection of str or None
        Ids of the items that are wanted; all where it is None.

    Yields
    ------
    (date, DataFrame)
    """
    wanted = set(map(str, register.pack.plan_items.index) if items is None else items)
    before, rows = first, progress(register, first, "item")
    yield first, rows[rows.index.isin(wanted)]
    for day in change_days(register, first)[1:]:
        state = register.state(day)
        touched = [item for item in _touched(register, state, before, day) if item in wanted]
        before = day
        if touched:
            yield day, _rows(register, touched, state, day)


def _rows(register: Register, items: list[str], state: pd.DataFrame, day: date) -> pd.DataFrame:
    chosen = register.pack.plan_items.loc[items]
    made: list[dict[str, Any]] = [item_row(register, item, state, day) for _id, item in chosen.iterrows()]
    return chosen.join(pd.DataFrame(made, index=chosen.index))


def _touched(register: Register, state: pd.DataFrame, before: date, day: date) -> list[str]:
    """Items that an event after ``before`` and up to ``day`` may change, in the order of the plan."""
    items = register.pack.plan_items
    due = {str(key) for key, limit in items["due_date"].items() if before < limit <= day}
    events = register.events
    new = events[events["date"].map(lambda at: before < at <= day).astype(bool)]
    new = new[new["confirmed"].astype(bool)]
    # a correction may move a work to another item, and a location gives it a place
    if new["kind"].isin(FIELD_EVENTS).any():
        return [str(key) for key in items.index]
    mine = state[state.index.isin(new["work_id"])]
    parents = state[state.index.isin(mine["parent_id"].dropna())]
    named = {str(key) for key in [*mine["item_id"], *parents["item_id"]] if key}
    return [str(key) for key in items.index if str(key) in named | due]
