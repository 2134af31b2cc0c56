"""A timetable is read as its rules say (calendars, midnight, headways, unwritten times), and a fault is named by file, line and field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import AtlasError, IngestError
from geo.reading.read_timetable import TIMETABLE, TimetableTables, read_timetable
from geo.reading.timetable import open_timetable
from geo.reading.timetable_calls import time_of
from tests.transit.invented import Town, clock, write_feed

WEDNESDAY = date(2021, 12, 1)
HOUR = 3600
TOWN = Town(
    [(120.30, 31.55), (120.31, 31.55), (120.32, 31.55)],
    [[(0, 8 * HOUR, 8 * HOUR), (1, 8 * HOUR + 300, 8 * HOUR + 330), (2, 8 * HOUR + 600, 8 * HOUR + 600)]],
)


def tables(**other: str) -> dict[str, str]:
    """The invented town's tables, some of them others (``calendar`` for ``calendar.txt``)."""
    return TOWN.tables() | {f"{name}.txt": text for name, text in other.items()}


def calls_of(
    folder: Path, day: date = WEDNESDAY, begin: int = 0, end: int = 30 * HOUR, **other: str
) -> list[tuple[str, int, int, int]]:
    """Stop's name, vehicle, arrival and departure of each call; read in this process."""
    path = write_feed(folder / "feed.zip", tables(**other))
    layers, __ = open_timetable(path, "feed.zip", day, begin, end, TIMETABLE)
    stops, calls = layers[0].columns, layers[1].columns
    numbers = [calls[name].to_pylist() for name in ("stop", "vehicle", "arrival", "departure")]
    return [(stops["stop_id"][stop], *more) for stop, *more in zip(*numbers, strict=True)]  # type: ignore[misc]


def test_it_is_read_by_a_process_of_its_own(tmp_path: Path) -> None:
    found: TimetableTables = read_timetable(
        write_feed(tmp_path / "虚构.zip", tables(), folder="gtfs/"), WEDNESDAY, 0, 24 * HOUR
    )
    assert found.stops["stop_id"].tolist() == ["p0", "p1", "p2"]
    assert found.calls["departure"].tolist() == [8 * HOUR, 8 * HOUR + 330, 8 * HOUR + 600]
    assert found.facts["publisher"] == "虚构公交"
    assert (found.facts["first_day"], found.facts["last_day"]) == ("2021-12-01", "2021-12-01")
    with pytest.raises(IngestError, match="虚构"):
        read_timetable(write_feed(tmp_path / "虚构.zip", tables(stops="stop_id\n")), WEDNESDAY, 0, 1)


WEEK = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.booleans(), min_size=7, max_size=7),
    st.integers(-5, 5),
    st.integers(0, 9),
    st.dictionaries(st.integers(-3, 3), st.sampled_from("12"), max_size=4),
)
def test_a_trip_runs_on_the_days_that_the_calendars_say(
    week: list[bool], first: int, days: int, exceptions: dict[int, str]
) -> None:
    import tempfile

    def day(shift: int) -> date:
        return date.fromordinal(WEDNESDAY.toordinal() + shift)

    calendar = f"service_id,{WEEK},start_date,end_date\nw,{','.join('1' if runs else '0' for runs in week)},{day(first):%Y%m%d},{day(first + days):%Y%m%d}\n"
    dates = "service_id,date,exception_type\n" + "".join(
        f"w,{day(at):%Y%m%d},{kind}\n" for at, kind in exceptions.items()
    )

    def runs(shift: int) -> bool:
        usual = first <= shift <= first + days and week[day(shift).weekday()]
        return {"1": True, "2": False}.get(exceptions.get(shift, ""), usual)

    expected = sorted(24 * HOUR * shift + 8 * HOUR for shift in (-1, 0, 1) if runs(shift))
    with tempfile.TemporaryDirectory() as folder:
        span = {"begin": -24 * HOUR, "end": 48 * HOUR}
        if not runs(0):
            with pytest.raises(IngestError, match="2021-12-01"):
                calls_of(Path(folder), **span, calendar=calendar, calendar_dates=dates)
            return
        found = calls_of(Path(folder), **span, calendar=calendar, calendar_dates=dates)
    assert sorted(leaves for stop, __, __, leaves in found if stop == "p0") == expected


def test_a_night_of_the_day_before_is_the_morning_of_this_day(tmp_path: Path) -> None:
    late = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt0,23:50:00,23:50:00,p0,1\nt0,24:10:00,24:10:00,p1,2\nt0,24:30:00,24:30:00,p2,3\n"
    dates = "service_id,date,exception_type\nw,20211130,1\nw,20211201,1\n"
    found = calls_of(tmp_path, begin=0, end=HOUR, stop_times=late, calendar_dates=dates)
    assert [(stop, comes) for stop, __, comes, __ in found] == [("p1", 600), ("p2", 1800)]


def test_headways_are_the_trips_that_they_stand_for(tmp_path: Path) -> None:
    every = "trip_id,start_time,end_time,headway_secs,exact_times\nt0,07:00:00,07:30:00,600,0\nt0,09:00:00,09:10:00,300,0\n"
    written = Town(
        TOWN.stops,
        [
            [
                (stop, comes + start - 8 * HOUR, goes + start - 8 * HOUR)
                for stop, comes, goes in TOWN.vehicles[0]
            ]
            for start in (7 * HOUR, 7 * HOUR + 600, 7 * HOUR + 1200, 9 * HOUR, 9 * HOUR + 300)
        ],
    ).tables()
    assert calls_of(tmp_path, frequencies=every) == calls_of(
        tmp_path, trips=written["trips.txt"], stop_times=written["stop_times.txt"]
    )


def test_times_that_are_not_written_lie_evenly_between_those_that_are(tmp_path: Path) -> None:
    text = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt0,08:00:00,08:00:00,p0,10\nt0,,,p1,20\nt0,08:10:00,,p2,30\n"
    assert [comes for __, __, comes, __ in calls_of(tmp_path, stop_times=text)] == [
        8 * HOUR,
        8 * HOUR + 300,
        8 * HOUR + 600,
    ]


@given(st.integers(0, 99 * HOUR))
def test_clock_times_are_read_back(seconds: int) -> None:
    assert time_of(clock(seconds)) == seconds


CALLS = TOWN.tables()["stop_times.txt"]
STOPS = TOWN.tables()["stops.txt"]


@pytest.mark.parametrize(
    ("other", "parts"),
    [
        (
            {"stop_times": CALLS.replace("08:05:30", "08:65:30")},
            ("stop_times.txt", "3", "departure_time", "08:65:30"),
        ),
        (
            {"stop_times": CALLS.replace("08:05:30", "08:04:00")},
            ("stop_times.txt", "3", "departure_time", "08:04:00"),
        ),
        (
            {"stop_times": CALLS.replace("08:10:00", "08:01:00")},
            ("stop_times.txt", "4", "arrival_time", "08:01:00"),
        ),
        ({"stop_times": CALLS.replace(",p1,", ",nowhere,")}, ("stop_times.txt", "3", "stop_id", "nowhere")),
        ({"stop_times": CALLS.replace(",p1,1", ",p1,one")}, ("stop_times.txt", "3", "stop_sequence", "one")),
        ({"stop_times": CALLS.replace("stop_sequence", "order")}, ("stop_times.txt", "stop_sequence")),
        ({"stop_times": CALLS + "t0,08:20:00\n"}, ("stop_times.txt", "#5")),
        ({"stops": STOPS.replace("31.55", "91.55", 1)}, ("stops.txt", "2", "stop_lat", "91.55")),
        ({"stops": STOPS.replace("p1,", "p0,")}, ("stops.txt", "3", "stop_id", "p0")),
        (
            {"calendar_dates": "service_id,date,exception_type\nw,1 Dec,1\n"},
            ("calendar_dates.txt", "2", "date", "1 Dec"),
        ),
        (
            {"calendar_dates": "service_id,date,exception_type\nw,20211201,9\n"},
            ("calendar_dates.txt", "exception_type", "9"),
        ),
        (
            {"frequencies": "trip_id,start_time,end_time,headway_secs\nt0,07:00:00,08:00:00,0\n"},
            ("frequencies.txt", "2", "headway_secs"),
        ),
        (
            {"transfers": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\np0,p1,2,soon\n"},
            ("transfers.txt", "2", "soon"),
        ),
        ({"trips": "route_id,service_id,trip_id\nr,w,t0\nr,w,t0\n"}, ("trips.txt", "3", "trip_id", "t0")),
    ],
)
def test_a_fault_is_named_by_file_line_and_field(
    tmp_path: Path, other: dict[str, str], parts: tuple[str, ...]
) -> None:
    with pytest.raises(AtlasError) as refused:
        calls_of(tmp_path, **other)
    text = refused.value.text("zh")
    assert all(part in text for part in parts), text


def test_an_archive_without_the_tables_is_refused_by_their_names(tmp_path: Path) -> None:
    some = {name: text for name, text in tables().items() if name not in ("trips.txt", "calendar_dates.txt")}
    with pytest.raises(IngestError) as refused:
        open_timetable(write_feed(tmp_path / "a.zip", some), "a.zip", WEDNESDAY, 0, 1, TIMETABLE)
    assert "trips.txt" in refused.value.text("zh")
    assert "calendar" in refused.value.text("zh")
