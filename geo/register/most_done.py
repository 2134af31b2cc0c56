"""How much of an item can be done at the most on each of many days: counted for all days at once, so that few are worked out whole.

A state of every work on every day on which something happened is a minute for 5,000 works. What is left out here can only make the number larger: which
works are named and reported at the same time, and which correction holds on which day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.register.order_of_events import Array, day_numbers
from geo.vocabulary import COMPLETED

if TYPE_CHECKING:
    from geo.register.fold import Fold
    from geo.register.plan_view import Promises

_COUNTS: Final = "yes"


def most_done(
    fold: Fold, promises: Promises, intervals: pd.DataFrame, item: pd.Series, days: Sequence[date]
) -> Array:
    """A number that what is done of an item does not exceed, on each day.

    Parameters
    ----------
    fold : Fold
    promises : Promises
    intervals : DataFrame
        Of ``Register.intervals``.
    item : Series
        Row of the plan's items.
    days : sequence of date
        In order.

    Returns
    -------
    ndarray of float64, shape (days,)
        In the item's unit.
    """
    numbers = day_numbers(pd.Series(list(days), dtype=object))
    mine = _candidates(fold, promises, str(item["item_id"]))
    weight = np.where(mine & _ever(fold, "kind", {"work"}), _weights(fold, str(item["measure"])), 0.0)
    is_total = mine & _ever(fold, "kind", {"aggregate"})
    works = fold.places_of(intervals["work_id"])
    named = _over_days(
        numbers,
        works,
        day_numbers(intervals["date"]),
        np.where((intervals["status"] == COMPLETED).to_numpy() & (works >= 0), weight[works], 0.0),
    )
    reported = np.where(
        is_total[fold.done.works], np.maximum(np.nan_to_num(fold.numbers_of(fold.done)), 0.0), 0.0
    )
    order = np.argsort(fold.done.works, kind="stable")
    totals = _over_days(
        numbers, fold.done.works[order], fold.days[fold.done.positions[order]], reported[order]
    )
    return np.asarray(named + totals)


def _candidates(fold: Fold, promises: Promises, item_id: str) -> Array:
    """Works that are of the item on some day, and count on some day."""
    promised = {work for work, item in promises.again if item == item_id}
    promised |= {work for work, item, _counted in promises.handed_on if item == item_id}
    is_promised = np.asarray(fold.works.index.isin(promised))
    is_part = _ever(fold, "parent_id", promised)
    return (_ever(fold, "item_id", {item_id}) | is_promised | is_part) & (
        _ever(fold, "counted", {_COUNTS}) | is_promised
    )


def _ever(fold: Fold, field: str, values: set[str]) -> Array:
    """Which works have one of some values in a field, as first written or by a correction."""
    found = fold.works[field].isin(values).to_numpy(copy=True)
    if field in fold.fields:
        corrected = fold.fields[field]
        found[corrected.track.works[pd.Series(corrected.contents).isin(values).to_numpy()]] = True
    return np.asarray(found)


def _weights(fold: Fold, measure: str) -> Array:
    """The most that each work adds: one, or the largest of its quantities."""
    if measure == "count":
        return np.ones(len(fold.works))
    largest = fold.works["quantity"].fillna(0.0).to_numpy("float64", copy=True)
    if "quantity" in fold.fields:
        corrected = fold.fields["quantity"]
        np.fmax.at(largest, corrected.track.works, np.asarray(corrected.contents, "float64"))
    return np.asarray(np.maximum(largest, 0.0))


def _over_days(days: Array, works: Array, since: Array, value: Array) -> Array:
    """The sum on each day of values that each hold until the next one of the same work; those of a work stand together, in order."""
    first = np.searchsorted(days, since)
    is_last = np.append(works[1:] != works[:-1], True) if len(works) else np.zeros(0, bool)
    end = np.where(is_last, len(days), np.append(first[1:], 0)[: len(first)])
    change = np.zeros(len(days) + 1)
    np.add.at(change, first, value)
    np.add.at(change, np.maximum(end, first), -value)
    return np.cumsum(change)[:-1]
