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


def in_order(events: pd.DataFrame) -> pd.DataFrame:
    """Events by day, then by when they were recorded, then as written, then by id: the order in which they count."""
    order = pd.to_numeric(events["recorded_order"]).to_numpy("float64")
    keys = [
        np.where(np.isnan(order), -np.inf, order),
        day_numbers(events["recorded_at"]),
        day_numbers(events["date"]),
    ]
    ids = events["event_id"].to_numpy(object)
    at = np.lexsort(keys)
    tied = np.logical_and.reduce([key[at[1:]] == key[at[:-1]] for key in keys])
    if (
        ids[at[1:]][tied] < ids[at[:-1]][tied]
    ).any():  # ids are compared where nothing else tells, which is slow
        at = np.lexsort([pd.factorize(ids, sort=True)[0], *keys])
    return events.iloc[at]
