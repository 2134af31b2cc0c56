"""Every engine that is installed reaches each stop when networkx does on a time-expanded graph, for any small timetable."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ParameterError
from geo.transit import engine as engine_of
from geo.transit.engine import Ride, engine, engines
from geo.transit.engines import nigiri
from geo.transit.timetable import Timetable
from tests.transit.invented import Town

STOPS = 6
LIMIT_S = 3600
EIGHT = 8 * 3600


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's process costs half a second, and hypothesis asks often; test_in_its_own_process asks as the app does."""
    from geo.transit.engines.nigiri_process import journeys

    monkeypatch.setattr(
        nigiri, "_run", lambda folder, order: json.loads(json.dumps(journeys(str(folder), order)))
    )


def timetable(town: Town) -> Timetable:
    rows = [
        (
            vehicle,
            stop,
            comes,
            goes,
            (vehicle, at) not in town.no_boarding,
            (vehicle, at) not in town.no_alighting,
        )
        for vehicle, run in enumerate(town.vehicles)
        for at, (stop, comes, goes) in enumerate(run)
    ]
    columns = [np.array(each) for each in zip(*rows, strict=True)]
    lon, lat = zip(*town.stops, strict=True)
    stops = pd.DataFrame({"stop_id": [f"p{at}" for at in range(len(lon))], "lon": lon, "lat": lat})
    return Timetable(stops, *columns, np.zeros((0, 3), "int64"), {"day": date(2021, 12, 1).isoformat()})


@st.composite
def towns(draw: st.DrawFn, step: int) -> Town:
    """A few vehicles, each on some stops, with times in steps of so many seconds."""
    vehicles = []
    refused: tuple[set[tuple[int, int]], set[tuple[int, int]]] = (set(), set())
    for vehicle in range(draw(st.integers(1, 7))):
        at = EIGHT + step * draw(st.integers(0, 2400 // step))
        run = []
        for position, stop in enumerate(
            draw(st.lists(st.integers(0, STOPS - 1), min_size=2, max_size=5, unique=True))
        ):
            comes = at + step * draw(st.integers(60 // step, 900 // step)) * bool(position)
            at = comes + step * draw(st.integers(0, 120 // step))
            run.append((stop, comes, at))
            for places in refused:
                if draw(st.integers(0, 9)) == 0:
                    places.add((vehicle, position))
        vehicles.append(run)
    return Town([(120.3 + 0.02 * at, 31.5) for at in range(STOPS)], vehicles, *map(frozenset, refused))


@st.composite
def rides(
    draw: st.DrawFn, step: int
) -> tuple[Town, dict[int, float], dict[tuple[int, int], float], list[int]]:
    town = draw(towns(step))
    access = {
        stop: float(draw(st.integers(0, 1200)))
        for stop in draw(st.lists(st.integers(0, STOPS - 1), min_size=1, unique=True))
    }
    # walks are those of places along a line, so that no walk is shorter by way of a third stop
    along = [draw(st.integers(0, 3000)) for _stop in range(STOPS)]
    changes = {
        (a, b): float(max(1, abs(along[a] - along[b])))
        for a in range(STOPS)
        for b in range(STOPS)
        if a != b and abs(along[a] - along[b]) <= 600
    }
    changes |= {(stop, stop): float(60 * draw(st.integers(0, 5))) for stop in range(STOPS)}
    departures = sorted({EIGHT + 60 * draw(st.integers(0, 45)) for _each in range(3)})
    return town, access, changes, departures


def as_ride(
    town: Town, access: dict[int, float], changes: dict[tuple[int, int], float], departures: list[int]
) -> Ride:
    seconds = np.array([access.get(stop, np.inf) for stop in range(STOPS)])
    rows = np.array([(a, b, least) for (a, b), least in changes.items()], "int64")
    return Ride(timetable(town), seconds, rows, np.array(departures), LIMIT_S)


def walked_on(arrivals: np.ndarray, access: Any, changes: Any, departs: int) -> np.ndarray:
    """Arrival at each stop, walking there or on from another, however far: what is made of an engine's answer."""
    best = np.minimum(arrivals, [departs + access.get(stop, np.inf) for stop in range(STOPS)])
    for _each in range(STOPS):  # no way has more parts
        for (a, b), walk in changes.items():
            if a != b:
                best[b] = min(best[b], best[a] + walk)
    return np.where(best - departs <= LIMIT_S, best, np.inf)


def by_hand(town: Town, access: Any, changes: Any, departs: int, more: int = 0, cut: int = 1) -> np.ndarray:
    """The same by networkx."""
    best = np.full(STOPS, np.inf)
    for stop, comes in town.arrival_events(access, changes, departs, more, cut):
        best[stop] = min(best[stop], comes + more)
    return walked_on(best, access, changes, departs)


def ready() -> list[Any]:
    return [each for each in engines() if each.is_there()]


def test_an_engine_is_installed_where_tests_run() -> None:
    assert ready(), "requirements-dev.txt holds one; without it nothing here is tested"


@pytest.mark.parametrize("runner", ready(), ids=lambda each: each.name)
@given(asked=rides(60))
@settings(max_examples=50, deadline=None)
def test_whole_minutes_are_exact(runner: Any, asked: Any) -> None:
    arrivals = runner.arrivals(as_ride(*asked))
    town, access, changes, departures = asked
    for row, departs in zip(arrivals, departures, strict=True):
        np.testing.assert_array_equal(
            walked_on(row, access, changes, departs), by_hand(town, access, changes, departs)
        )


@pytest.mark.parametrize("runner", ready(), ids=lambda each: each.name)
@given(asked=rides(1))
@settings(max_examples=40, deadline=None)
def test_seconds_never_make_a_journey_quicker_than_it_is(runner: Any, asked: Any) -> None:
    ride = as_ride(*asked)
    arrivals = runner.arrivals(ride)
    town, access, changes, departures = asked
    for row, departs in zip(arrivals, departures, strict=True):
        answer = walked_on(row, access, changes, departs)
        assert (answer >= by_hand(town, access, changes, departs)).all()
        if ride.timetable.has_seconds:
            by_rule = by_hand(town, access, changes, departs, more=60, cut=60)
            np.testing.assert_array_equal(answer, by_rule)


@pytest.mark.parametrize("runner", ready(), ids=lambda each: each.name)
def test_in_its_own_process(runner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    town = Town(
        [(120.3 + 0.02 * at, 31.5) for at in range(STOPS)],
        [[(0, EIGHT, EIGHT + 300), (1, EIGHT + 900, EIGHT + 900)]],
    )
    arrivals = runner.arrivals(as_ride(town, {0: 120.0}, {(0, 0): 0.0}, [EIGHT]))
    assert arrivals[0].tolist() == [np.inf, EIGHT + 900, *[np.inf] * 4]


def test_without_an_engine_the_refusal_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nigiri.Nigiri, "is_there", lambda _self: False)
    with pytest.raises(ParameterError) as refused:
        engine()
    assert engine_of.engines()[0].command in refused.value.text("en")


LINES = {
    # stop -> minutes after two o'clock at which the one vehicle of the line comes, and goes
    "A": [(0, 0), (1, 2), (6, 7), (15, 16), (20, 21), (25, 26)],
    "B": [(58, 60), (80, 82), (90, 92), (100, 102)],
    "C": [(118, 120), (128, 130), (138, 140), (150, 152), (160, 162), (170, 172)],
}
WALKS = {("A3", "B0"): 5, ("A4", "B1"): 10, ("B2", "C1"): 10, ("B3", "C2"): 5}


@pytest.mark.parametrize("runner", ready(), ids=lambda each: each.name)
def test_the_example_of_nigiri_itself(runner: Any) -> None:
    """Its ``test/routing/shortest_fp_test.cc``: three to A0, five to A1, ten to A2; from C3 30, C4 20, C5 10; 01:57 to 05:00, both ways."""
    two, names = 2 * 3600, [f"{line}{at}" for line, calls in LINES.items() for at in range(len(calls))]
    row = {name: at for at, name in enumerate(names)}
    runs = [
        [(row[f"{line}{at}"], two + 60 * comes, two + 60 * goes) for at, (comes, goes) in enumerate(calls)]
        for line, calls in LINES.items()
    ]
    table = timetable(Town([(10.0 + 0.1 * at, 52.0) for at in range(len(names))], runs))
    changes = np.array([(row[a], row[b], 60 * least) for (a, b), least in WALKS.items()])

    def minutes(**walks: int) -> np.ndarray:
        return np.array([60.0 * walks.get(name, np.inf) for name in names])

    start, end = {"A0": 3, "A1": 5, "A2": 10}, {"C3": 30, "C4": 20, "C5": 10}
    leave, arrive = two - 180, 5 * 3600
    there = runner.arrivals(Ride(table, minutes(**start), changes, np.array([leave, leave + 60]), 4 * 3600))
    assert there[0, row["C5"]] == two + 170 * 60
    assert (there[0] + minutes(**end)).min() == arrive
    assert np.isinf(there[1]).all(), "a minute later the line is missed at each of the three stops"
    back = Ride(table.mirrored(arrive), minutes(**end), changes[:, [1, 0, 2]], np.array([arrive]), 4 * 3600)
    latest = 2 * arrive - (runner.arrivals(back)[0] + minutes(**start)).min()
    assert latest == leave
