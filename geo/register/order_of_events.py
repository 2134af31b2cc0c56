"""The order in which events count, as arrays: days as whole numbers, and a sort that no row is stepped through for."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, np.dtype[Any]]


def day_numbers(days: pd.Series[Any]) -> Array:
    """Days (``datetime.date``, None for unknown) as int64 that compares as they do, the unknown first."""
    codes, found = pd.factorize(days.to_numpy(object))  # few days are many rows' day
    numbers = np.asarray(found, object).astype("datetime64[D]").astype("int64")
    return np.append(numbers, np.iinfo(np.int64).min)[codes]


def day_number(day: date) -> int:
    """One day as :func:`day_numbers` has it."""
    return int(np.datetime64(day, "D").astype("int64"))


def in_order(events: pd.DataFrame, places: Array | None = None) -> Array:
    """Where events stand in the order in which they count: by day, then by when they were recorded, then as written, then by id.

    Parameters
    ----------
    events : DataFrame
    places : array of int64, optional
        Those of them that are put in order; all of them if None.

    Returns
    -------
    array of int64
        The places, in order.
    """
    places = np.arange(len(events)) if places is None else places
    order = pd.to_numeric(events["recorded_order"]).to_numpy("float64")[places]
    recorded, count = _day_ranks(events["recorded_at"])
    days = (_day_ranks(events["date"])[0] * count + recorded)[places]  # one key is sorted faster than two
    keys = [np.where(np.isnan(order), -np.inf, order), days]
    ids = events["event_id"].to_numpy(object)[places]
    at = np.lexsort(keys)
    tied = np.logical_and.reduce([key[at[1:]] == key[at[:-1]] for key in keys])
    if (
        ids[at[1:]][tied] < ids[at[:-1]][tied]
    ).any():  # ids are compared where nothing else tells, which is slow
        at = np.lexsort([pd.factorize(ids, sort=True)[0], *keys])
    return places[at]


def _day_ranks(days: pd.Series[Any]) -> tuple[Array, int]:
    """Days as whole numbers from 0 that compare as they do, the unknown first, and how many different ones there may be."""
    codes, found = pd.factorize(days.to_numpy(object))
    numbers = np.asarray(found, object).astype("datetime64[D]").astype("int64")
    ranks = np.empty(len(found) + 1, np.int64)
    ranks[np.argsort(numbers)] = np.arange(1, len(found) + 1)
    ranks[-1] = 0
    return ranks[codes], len(ranks)
