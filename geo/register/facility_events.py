"""The facilities that count, as the events of facilities have made them.

A row of ``facilities`` is what was first written. A place or a correction puts new values in its fields; two that are
one, a row that never was a facility, and an addition that was taken back leave the list. All of it holds on every day:
what changes with the day are a facility's own fields ``opened`` and ``closed``. Nothing is overwritten, and every event
can be taken back.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo.register.undone_and_merged import merged_into, undone_among
from geo.vocabulary import FIELD_EVENTS

_ORDER = ["recorded_at", "recorded_order", "event_id"]  # what was learnt last holds, on every day


def counted_facility_events(events: pd.DataFrame) -> pd.DataFrame:
    """The events of facilities that were not taken back, in the order they count."""
    standing = events[~events["event_id"].isin(undone_among(events))]
    return standing.sort_values(_ORDER, kind="stable", na_position="first")


def counted_facilities(facilities: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The facilities that count, with their fields as they are known now.

    Parameters
    ----------
    facilities : DataFrame
        ``Pack.facilities``: rows as first written.
    events : DataFrame
        ``Pack.facility_events``.

    Returns
    -------
    DataFrame
        The columns of ``facilities``. The same frame where nothing was ever learnt of them.
    """
    if events.empty:
        return facilities
    counted = counted_facility_events(events)
    gone = set(merged_facilities(events)) | set(counted.loc[counted["kind"] == "removal", "facility_id"])
    created = events[events["kind"] == "creation"]
    gone |= set(created["facility_id"]) - set(counted.loc[counted["kind"] == "creation", "facility_id"])
    left = facilities[~facilities.index.isin(gone)].copy()
    changes = counted[
        counted["kind"].isin(FIELD_EVENTS)
        & counted["confirmed"].astype(bool)
        & counted["facility_id"].isin(left.index)
    ]
    for facility_id, value in zip(changes["facility_id"], changes["value"], strict=True):
        for name, new in json.loads(value).items():
            left.at[facility_id, name] = typed_field(name, new)
    return left


def standing_facilities(facilities: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The facilities that are open on a day: ``opened`` by then or unknown, and not ``closed`` by then."""
    open_by_then = [day is None or day <= as_of for day in facilities["opened"]]
    closed_by_then = [day is not None and day <= as_of for day in facilities["closed"]]
    standing: pd.DataFrame = facilities.loc[np.array(open_by_then, bool) & ~np.array(closed_by_then, bool)]
    return standing


def merged_facilities(events: pd.DataFrame) -> dict[str, str]:
    """Facility -> the one it was found to be in the end, from events that were not taken back."""
    rows = events[(events["kind"] == "merge") & ~events["event_id"].isin(undone_among(events))]
    return merged_into(dict(zip(rows["facility_id"], rows["value"], strict=True)))


def typed_field(name: str, value: Any) -> Any:
    """The value of a field of a correction as ``Pack.facilities`` has it: days are ``datetime.date``."""
    if name in {"opened", "closed"} and value:
        return pd.Timestamp(str(value)).date()
    return value
