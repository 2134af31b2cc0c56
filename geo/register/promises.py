"""Was a promise kept, as far as is known on a day, and which day decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.register.item_counts import CountedRows
from geo.register.register import Register
from geo.vocabulary import LATE, ON_TIME, OVERDUE, PENDING, STARTED, STATUSES_THAT_FULFIL, UNKNOWN

_ROUNDING: Final = 1e-6
"""By so much a sum may differ that is added up in another order."""
_OF_A_MOVE: Final = ("date", "work_id", "confirmed", "kind", "value")


@dataclass(frozen=True, slots=True)
class Decision:
    """The state of a promise on a day.

    Attributes
    ----------
    state : str
        A word of ``PROMISE_LABELS``. ``kept``: met by the due day; ``kept_late``: met after it; ``pending``: not met, and
        not due yet; ``overdue``: due, and a later confirmed event proves that it had not been met; ``unknown``: due, and
        nothing tells. Silence is not failure.
    day : date or None
        The day that decides: the first one on which it was met, or the one whose record proves that it was not. None
        where nothing decides, and where a sum does (:func:`day_of_sum`).
    work_id : str or None
        The work whose record decides; None where a sum does.
    """

    state: str
    day: date | None = None
    work_id: str | None = None


def decision(
    register: Register,
    item: pd.Series[Any],
    named: Mapping[str, Any],
    done: float,
    *,
    as_of: date,
) -> Decision:
    """Was the promise kept, by its verb, as far as is known on a day?

    To start: something counted was under way by the due day. To finish: completed. To prepare: preparation had begun.
    To advance: a confirmed event in the year of the promise, for work begun earlier and not touched is not advanced.
    To add or carry out a number: that number is confirmed as done.

    Parameters
    ----------
    register : Register
    item : Series
        Row of the plan's items.
    named : mapping
        Counted works of the item, and the day of the status of each.
    done : float
        Lower bound of what is done, in the item's unit.
    as_of : date
        The day of the state.

    Returns
    -------
    Decision
    """
    verb, due = str(item["verb"]), item["due_date"]
    silent = Decision(PENDING if as_of < due else UNKNOWN)
    if verb == "advance":
        moved = _first_move(register, named, due, as_of)
        return Decision(ON_TIME, *moved) if moved else silent
    if verb in STATUSES_THAT_FULFIL and item["target"] == 1:
        met = _first_met(register.intervals_of(named), STATUSES_THAT_FULFIL[verb], as_of)
        if met is not None:
            return Decision(ON_TIME if met[0] <= due else LATE, *met)
        unmet = _proven_unmet(named, due) if as_of >= due else None
        return Decision(OVERDUE, *unmet) if unmet else silent
    if item["measure"] == "share" or done < item["target"]:
        return silent
    in_time = done_on(register, item, min(due, as_of)) >= item["target"]
    return Decision(ON_TIME if in_time else LATE)


def day_of_sum(register: Register, item: pd.Series[Any], as_of: date) -> date | None:
    """The first day, up to a day, on which the number of an item was confirmed as reached; None where no record of its works says.

    Parameters
    ----------
    register : Register
    item : Series
        Row of the plan's items.
    as_of : date

    Returns
    -------
    date or None
    """
    mine = list(register.works.index[register.works["item_id"] == item["item_id"]])
    days = sorted(day for day in register.events_of(mine)["date"].dropna().unique() if day <= as_of)
    most = register.most_done(item, days)
    likely = [
        day for day, number in zip(days, most.tolist(), strict=True) if number >= item["target"] - _ROUNDING
    ]
    return next((day for day in likely if done_on(register, item, day) >= item["target"]), None)


def done_on(register: Register, item: pd.Series[Any], day: date) -> float:
    """How much of an item is done at the least on a day, in its unit.

    Parameters
    ----------
    register : Register
    item : Series
        Row of the plan's items.
    day : date

    Returns
    -------
    float
    """
    rows = CountedRows(register.state(day))
    return rows.done_at_least(str(item["item_id"]), str(item["measure"]))


def _first_met(history: pd.DataFrame, needed: tuple[str, ...], as_of: date) -> tuple[date, str] | None:
    """First day on which any of the works had a needed status, and which one."""
    hits = history[history["status"].isin(needed)]
    met = [(day, str(work)) for day, work in zip(hits["date"], hits["work_id"], strict=True) if day <= as_of]
    return min(met, default=None)


def _first_move(
    register: Register, named: Mapping[str, Any], due: date, as_of: date
) -> tuple[date, str] | None:
    """First confirmed event of the works or their sections in the year of the promise, by a day."""
    sections = register.sections
    mine = [*named, *(part for work in named for part in sections.get(work, ()))]
    moves = [
        (day, str(work))
        for day, work, sure, kind, value in register.event_facts_of(mine, _OF_A_MOVE)
        if sure and (kind == "milestone" or value in STARTED) and day.year == due.year and day <= as_of
    ]
    return min(moves, default=None)


def _proven_unmet(named: Mapping[str, Any], due: date) -> tuple[date, str] | None:
    """The latest confirmed state of any work, if every known one is dated after the due day: what was needed had not come."""
    known = [(day, work) for work, day in named.items() if day is not None and not pd.isna(day)]
    return max(known) if known and min(known)[0] > due else None
