"""Inside the reading process: from ``stop_times.txt`` and ``frequencies.txt`` to calls in seconds from midnight of one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.reading.timetable_tables import Feed
from geo.text import mark as _

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_FILE: Final = "stop_times.txt"
_NOT_AVAILABLE: Final = "1"
_LATEST_H: Final = 100


@dataclass(frozen=True, slots=True)
class Trips:
    """Trips that run, each with the seconds from midnight of the day asked for to that of the days it runs on."""

    ids: list[str]
    midnights: list[tuple[int, ...]]


def read_calls(feed: Feed, trips: Trips, stops: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The calls of the trips as they are written, in order: ``trip, stop`` (rows of the two), ``arrival, departure`` (seconds), ``boards, alights``.

    Parameters
    ----------
    feed : Feed
    trips : Trips
    stops : DataFrame

    Returns
    -------
    (DataFrame, int)
        And how many times were not written, and lie evenly between those that are.

    Raises
    ------
    IngestError
    """
    import pandas as pd

    columns = ("trip_id", "stop_id", "stop_sequence")
    more = ("arrival_time", "departure_time", "pickup_type", "drop_off_type")
    row_of = pd.Series(range(len(trips.ids)), index=trips.ids)
    parts = []
    for part in feed.parts(_FILE, columns, more):
        running = part[part["trip_id"].isin(row_of.index)]
        parts.append(running.assign(trip=row_of.reindex(running["trip_id"]).to_numpy()))
    table = (
        pd.concat(parts)
        if parts
        else pd.DataFrame({name: [] for name in (*columns, *more, "trip")}, dtype=str)
    )
    order = pd.to_numeric(table["stop_sequence"], errors="coerce")
    _check(feed, table, "stop_sequence", order.isna(), _("请填整数，沿途递增。"))
    stop = pd.Series(range(len(stops)), index=stops["stop_id"]).reindex(table["stop_id"])
    _check(feed, table, "stop_id", stop.isna(), _("stops.txt 里没有这个站点，请改正。"))
    calls = pd.DataFrame(
        {
            "trip": table["trip"].astype("int64"),
            "order": order,
            "stop": stop.to_numpy("int64", na_value=-1),
            "arrival": _seconds(feed, table, "arrival_time"),
            "departure": _seconds(feed, table, "departure_time"),
            "boards": (table["pickup_type"] != _NOT_AVAILABLE).astype("int64"),
            "alights": (table["drop_off_type"] != _NOT_AVAILABLE).astype("int64"),
        },
        index=table.index,
    ).sort_values(["trip", "order"], kind="stable")
    twice = calls.duplicated(["trip", "order"]).reindex(table.index)
    _check(feed, table, "stop_sequence", twice, _("同一车次的站序不能重复，请改正。"))
    return _with_every_time(feed, table, calls)


def _check(feed: Feed, table: pd.DataFrame, field: str, wrong: pd.Series, remedy: str) -> None:
    at = np.flatnonzero(wrong.to_numpy())
    if len(at):
        feed.fault(_FILE, table.index[at[0]], field, table[field].iloc[at[0]], remedy)


def _seconds(feed: Feed, table: pd.DataFrame, field: str) -> NDArray[np.float64]:
    """Seconds of ``H:MM:SS``, which may be beyond 24 hours; NaN where nothing is written."""
    codes, texts = table[field].factorize()
    values = np.array([time_of(text) for text in texts] or [np.nan], "float64")
    wrong = np.array(
        [bool(text) and np.isnan(value) for text, value in zip(texts, values, strict=False)] or [False]
    )
    at = np.flatnonzero(wrong[codes]) if len(codes) else np.array([], "int64")
    if len(at):
        feed.fault(
            _FILE,
            table.index[at[0]],
            field,
            table[field].iloc[at[0]],
            _("时间请写成 08:05:00 这样，过了零点写成 24:05:00。"),
        )
    return values[codes] if len(codes) else np.array([], "float64")


def time_of(text: str) -> float:
    """Seconds of ``H:MM:SS``; NaN for anything else."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 2 for part in parts):
        return np.nan
    hours, minutes, seconds = map(int, parts)
    return (
        hours * 3600 + minutes * 60 + seconds
        if minutes < 60 and seconds < 60 and hours < _LATEST_H
        else np.nan
    )


def _with_every_time(feed: Feed, table: pd.DataFrame, calls: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Times that are not written lie evenly between those that are; a trip never goes back in time."""
    calls["arrival"] = calls["arrival"].fillna(calls["departure"])
    calls["departure"] = calls["departure"].fillna(calls["arrival"])
    unwritten = calls["arrival"].isna()
    first = ~calls["trip"].duplicated()
    last = ~calls["trip"].duplicated(keep="last")
    _check(
        feed,
        table,
        "departure_time",
        (unwritten & (first | last)).reindex(table.index),
        _("车次的首末站要有时间，请补上。"),
    )
    if unwritten.any():  # the ends of each trip are written, so that nothing is taken from another trip
        known = np.flatnonzero(~unwritten)
        at = np.flatnonzero(unwritten)
        since, until = calls["departure"].to_numpy(), calls["arrival"].to_numpy()
        before, after = known[np.searchsorted(known, at) - 1], known[np.searchsorted(known, at)]
        value = np.floor(since[before] + (until[after] - since[before]) * (at - before) / (after - before))
        for name in ("arrival", "departure"):
            filled = calls[name].to_numpy(copy=True)
            filled[at] = value
            calls[name] = filled
    waits = calls["departure"] < calls["arrival"]
    goes_back = (calls["arrival"] < calls["departure"].shift()) & ~first
    remedy = _("同一车次的时间不能倒退，请改正。")
    _check(feed, table, "departure_time", waits.reindex(table.index), remedy)
    _check(feed, table, "arrival_time", goes_back.reindex(table.index), remedy)
    calls[["arrival", "departure"]] = calls[["arrival", "departure"]].astype("int64")
    return calls, int(unwritten.sum())


def calls_between(
    feed: Feed, trips: Trips, calls: pd.DataFrame, begin: int, end: int
) -> tuple[dict[str, Any], int]:
    """The calls of every vehicle in a span of time.

    Parameters
    ----------
    feed : Feed
    trips : Trips
    calls : DataFrame
        As :func:`read_calls`.
    begin, end : int
        Seconds from midnight of the day asked for.

    Returns
    -------
    (dict, int)
        ``vehicle, stop, arrival, departure, boards, alights``, and how many trips run by a headway without fixed times.

    Raises
    ------
    IngestError
        More calls than are taken, or a headway that cannot be read.
    """
    trip = calls["trip"].to_numpy()
    number = np.bincount(trip, minlength=len(trips.ids))
    start = np.cumsum(number) - number
    arrival, departure = calls["arrival"].to_numpy(), calls["departure"].to_numpy()
    runs, by_headway = _runs(
        feed, trips, {row: int(departure[at]) for row, at in enumerate(start) if number[row]}
    )
    which, shift = (
        (np.array(each, "int64") for each in zip(*runs, strict=True))
        if runs
        else (np.array([], "int64"),) * 2
    )
    leaves, ends = departure[start[which]] + shift, arrival[start[which] + number[which] - 1] + shift
    near = (leaves <= end) & (ends >= begin)
    which, shift = which[near], shift[near]
    if int(number[which].sum()) > feed.limits.rows:
        raise feed.refusal(
            _("{name} 在这段时间里的停站超过 {limit} 次。"),
            _("请缩短时间，或只留这座城市的线路。"),
            limit=feed.limits.rows,
        )
    vehicle = np.repeat(np.arange(len(which)), number[which])
    row = (
        np.arange(len(vehicle))
        - np.repeat(np.cumsum(number[which]) - number[which], number[which])
        + start[which][vehicle]
    )
    by_column = {
        name: calls[name].to_numpy()[row] for name in ("stop", "arrival", "departure", "boards", "alights")
    }
    by_column["arrival"] = by_column["arrival"] + shift[vehicle]
    by_column["departure"] = by_column["departure"] + shift[vehicle]
    inside = (by_column["departure"] >= begin) & (by_column["arrival"] <= end)
    inside &= np.bincount(vehicle[inside], minlength=len(which))[vehicle] > 1
    __, vehicle = np.unique(vehicle[inside], return_inverse=True)
    return {"vehicle": vehicle, **{name: values[inside] for name, values in by_column.items()}}, by_headway


def _runs(feed: Feed, trips: Trips, first: dict[int, int]) -> tuple[list[tuple[int, int]], int]:
    """Trip and seconds to add to its times, one for every vehicle: a trip by headway has many."""
    row_of = {trip: row for row, trip in enumerate(trips.ids)}
    table = feed.table(
        "frequencies.txt", ("trip_id", "start_time", "end_time", "headway_secs"), ("exact_times",)
    )
    repeated: dict[int, list[int]] = {}
    loose: set[int] = set()
    for line, cells in zip(table.index, table.to_dict("records"), strict=True):
        row = row_of.get(cells["trip_id"])
        if row is None or row not in first:
            continue
        since, until = (time_of(cells[field]) for field in ("start_time", "end_time"))
        for field, value in (("start_time", since), ("end_time", until)):
            if np.isnan(value):
                feed.fault(
                    "frequencies.txt",
                    line,
                    field,
                    cells[field],
                    _("时间请写成 08:05:00 这样，过了零点写成 24:05:00。"),
                )
        if not cells["headway_secs"].isdecimal() or int(cells["headway_secs"]) < 1:
            feed.fault("frequencies.txt", line, "headway_secs", cells["headway_secs"], _("请填秒数。"))
        starts = range(int(since), int(until), int(cells["headway_secs"]))
        repeated.setdefault(row, []).extend(each - first[row] for each in starts)
        if cells["exact_times"] != "1":
            loose.add(row)
    runs = [
        (row, midnight + shift)
        for row in first
        for midnight in trips.midnights[row]
        for shift in repeated.get(row, [0])
    ]
    return runs, len(loose)
