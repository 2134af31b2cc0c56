"""Inside the reading process: the calls that the vehicles of a timetable (GTFS) make in a span of time around one day.

Everything in between (services and their exceptions, trips by frequency, times that are not written, days that end after
midnight) is resolved here, so that whoever computes with it needs places, seconds and nothing of the format.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.reading.limits import Limits
from geo.reading.timetable_calls import Trips, calls_between, read_calls
from geo.reading.timetable_tables import Feed, open_feed
from geo.reading.wire import RawLayer
from geo.text import mark as _

if TYPE_CHECKING:
    import pandas as pd

DAY_S: Final = 86_400
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NOT_POSSIBLE: Final = "3"
_NEEDS_TIME: Final = "2"
_WAITS: Final = "1"


def open_timetable(
    path: Path, name: str, day: date, begin: int, end: int, limits: Limits
) -> tuple[list[RawLayer], dict[str, Any]]:
    """Stops, calls and transfers of a feed.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    day : date
        The service day.
    begin, end : int
        Seconds from midnight of ``day``; calls outside are left out. May be negative or beyond the day.
    limits : Limits

    Returns
    -------
    (list of RawLayer, dict)
        ``stops`` (``stop_id, name, lon, lat``, those with a call), ``calls`` (``vehicle, stop, arrival, departure, boards, alights``;
        by vehicle in order, stops as rows of ``stops``), ``transfers`` (``from, to, seconds``; -1 where there is none), and
        what the feed is: publisher, version, days, and what was assumed.

    Raises
    ------
    IngestError
        Names the file, the line, the field and the remedy.
    """
    feed = open_feed(path, name, limits)
    stops = _stops(feed)
    days, services = _services(feed, day)
    facts = _facts(feed, days)
    trips = _trips(feed, services, day, facts)
    table, filled = read_calls(feed, trips, stops)
    calls, by_headway = calls_between(feed, trips, table, begin, end)
    used, calls["stop"] = np.unique(calls["stop"], return_inverse=True)
    facts |= {
        "stops_in_feed": len(stops),
        "vehicles": int(calls["vehicle"].max()) + 1 if len(calls["vehicle"]) else 0,
        "times_filled": filled,
        "by_headway": by_headway,
    }
    shown = stops.iloc[used]
    layers = [
        RawLayer(
            "stops",
            {
                "stop_id": [str(each) for each in shown["stop_id"]],
                "name": [str(each) for each in shown["stop_name"]],
                "lon": [float(each) for each in shown["lon"]],
                "lat": [float(each) for each in shown["lat"]],
            },
            range(len(shown)),
        ),
        _numbers("calls", calls),
        _numbers("transfers", _transfers(feed, shown["stop_id"])),
    ]
    return layers, facts


def _numbers(name: str, columns: dict[str, Any]) -> RawLayer:
    import pyarrow as pa

    arrays = {each: pa.array(values, pa.int64()) for each, values in columns.items()}
    return RawLayer(name, arrays, range(len(next(iter(arrays.values())))))


def _stops(feed: Feed) -> pd.DataFrame:
    """Places where vehicles stop (not stations, entrances or nodes within them), with numbers as coordinates."""
    import pandas as pd

    stops = feed.table("stops.txt", ("stop_id",), ("stop_name", "stop_lat", "stop_lon", "location_type"))
    stops = stops[stops["location_type"].isin(("", "0"))]
    twice = stops["stop_id"].duplicated() | (stops["stop_id"] == "")
    if twice.any():
        line = stops.index[twice.to_numpy()][0]
        feed.fault(
            "stops.txt", line, "stop_id", stops["stop_id"][line], _("站点编号不能空缺或重复，请改正。")
        )
    for column, shorter, most in (("stop_lat", "lat", 90), ("stop_lon", "lon", 180)):
        stops[shorter] = pd.to_numeric(stops[column], errors="coerce")
        wrong = ~(stops[shorter].abs() <= most)
        if wrong.any():
            line = stops.index[wrong.to_numpy()][0]
            feed.fault("stops.txt", line, column, stops[column][line], _("请填 WGS84 的经纬度（度）。"))
    return stops


def _day(feed: Feed, file: str, line: int, field: str, text: str) -> date:
    try:
        return (
            date(int(text[:4]), int(text[4:6]), int(text[6:8]))
            if len(text) == 8
            else date.fromisoformat(text)
        )
    except ValueError:
        feed.fault(file, line, field, text, _("日期请写成 20211201 这样。"))


def _services(feed: Feed, day: date) -> tuple[tuple[date, date], dict[str, set[int]]]:
    """First and last day of the feed, and which services run the day before (-1), on the day (0) and after (1)."""
    around = {day + timedelta(days=shift): shift for shift in (-1, 0, 1)}
    runs: dict[str, set[int]] = {}
    known: list[date] = []
    calendar = feed.table("calendar.txt", ("service_id", "start_date", "end_date", *_WEEKDAYS))
    for line, row in zip(calendar.index, calendar.to_dict("records"), strict=True):
        first, last = (
            _day(feed, "calendar.txt", line, field, row[field]) for field in ("start_date", "end_date")
        )
        known += [first, last]
        for each, shift in around.items():
            if first <= each <= last and row[_WEEKDAYS[each.weekday()]] == "1":
                runs.setdefault(row["service_id"], set()).add(shift)
    dates = feed.table("calendar_dates.txt", ("service_id", "date", "exception_type"))
    parsed = {
        text: _day(feed, "calendar_dates.txt", line, "date", text)
        for text, line in zip(dates["date"], dates.index, strict=True)
    }
    wrong = ~dates["exception_type"].isin(("1", "2"))
    if wrong.any():
        line = dates.index[wrong.to_numpy()][0]
        feed.fault(
            "calendar_dates.txt",
            line,
            "exception_type",
            dates["exception_type"][line],
            _("可用：1（加开）、2（停开）。"),
        )
    added = dates["exception_type"] == "1"
    known += [parsed[text] for text in dates["date"][added]]
    for service, text, adds in zip(dates["service_id"], dates["date"], added, strict=True):
        if (near := around.get(parsed[text])) is not None:
            of_service = runs.setdefault(service, set())
            (of_service.add if adds else of_service.discard)(near)
    if not known:
        raise feed.refusal(_("{name} 里没有一个运营日。"), _("请核对 calendar.txt 和 calendar_dates.txt。"))
    return (min(known), max(known)), runs


def _facts(feed: Feed, days: tuple[date, date]) -> dict[str, Any]:
    """Who publishes the feed, which version it is, and of which days."""
    agencies = feed.table("agency.txt", ("agency_name",))["agency_name"]
    info = feed.table("feed_info.txt", (), ("feed_publisher_name", "feed_version"))
    publisher = next(iter(info["feed_publisher_name"]), "") or "、".join(dict.fromkeys(agencies[:5]))
    return {
        "publisher": str(publisher)[:120],
        "version": str(next(iter(info["feed_version"]), ""))[:60],
        "first_day": days[0].isoformat(),
        "last_day": days[1].isoformat(),
    }


def _trips(feed: Feed, services: dict[str, set[int]], day: date, facts: dict[str, Any]) -> Trips:
    """The trips that run on one of the three days."""
    trips = feed.table("trips.txt", ("trip_id", "service_id"))
    twice = trips["trip_id"].duplicated() | (trips["trip_id"] == "")
    if twice.any():
        line = trips.index[twice.to_numpy()][0]
        feed.fault(
            "trips.txt", line, "trip_id", trips["trip_id"][line], _("车次编号不能空缺或重复，请改正。")
        )
    on_day = trips["service_id"].map(lambda service: 0 in services.get(service, ()))
    if not on_day.any():
        raise feed.refusal(
            _("{name} 在 {day} 没有一班车；它的运营日从 {first} 到 {last}。"),
            _("请把 depart 换成其中的一天，或换一份时刻表。"),
            day=day.isoformat(),
            first=facts["first_day"],
            last=facts["last_day"],
        )
    running = trips[trips["service_id"].map(lambda service: bool(services.get(service)))]
    shifts = [tuple(sorted(services[service])) for service in running["service_id"]]
    return Trips(list(running["trip_id"]), [tuple(DAY_S * shift for shift in each) for each in shifts])


def _transfers(feed: Feed, stop_ids: pd.Series) -> dict[str, list[int]]:
    """What the feed itself says of changes between two stops, or at one; rules for single lines or trips are left out."""
    row_of = {stop: at for at, stop in enumerate(stop_ids)}
    narrow = ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id")
    table = feed.table(
        "transfers.txt", (), ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time", *narrow)
    )
    columns: dict[str, list[int]] = {"from": [], "to": [], "seconds": []}
    for line, row in zip(table.index, table.to_dict("records"), strict=True):
        ends = row_of.get(row["from_stop_id"]), row_of.get(row["to_stop_id"])
        kind, least = row["transfer_type"], row["min_transfer_time"]
        if (
            None in ends
            or any(row[name] for name in narrow)
            or kind not in (_WAITS, _NEEDS_TIME, _NOT_POSSIBLE)
        ):
            continue
        if kind == _NEEDS_TIME and not least.isdecimal():
            feed.fault("transfers.txt", line, "min_transfer_time", least, _("请填秒数。"))
        seconds = {_WAITS: 0, _NOT_POSSIBLE: -1}.get(kind)
        for name, value in zip(columns, (*ends, int(least) if seconds is None else seconds), strict=True):
            columns[name].append(int(value or 0))
    return columns
