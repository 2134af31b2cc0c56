"""Isochrones by public transport in an invented town hold what networkx reaches on its timetable and streets, there and back."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from geo.atlas import load_atlas
from geo.coverage.demand import modelled_demand
from geo.coverage.isochrone import Isochrones, isochrones
from geo.coverage.transit import changes
from geo.errors import IngestError, ParameterError
from geo.kernels.network import StreetNetwork, snap
from geo.places.crs import convert
from geo.questions.isochrone import IsochroneQuestion
from geo.transit.timetable import load_timetable
from tests.transit.invented import Town, write_feed

SPACE = 250.0
SIDE = 17
SPEED = 60.0
EIGHT = 8 * 3600


def crs() -> str:
    return load_atlas().city.projected_crs


@lru_cache(maxsize=1)
def corner() -> tuple[float, float]:
    x, y = convert([120.28], [31.55], source="WGS84", target=crs())
    return float(x[0]), float(y[0])


def crossing(column: int, row: int) -> tuple[float, float]:
    return corner()[0] + SPACE * column, corner()[1] + SPACE * row


@lru_cache(maxsize=1)
def streets() -> StreetNetwork:
    """A town of square blocks whose streets meet at every crossing."""
    lines = [shapely.LineString([crossing(a, b) for b in range(SIDE)]) for a in range(SIDE)]
    lines += [shapely.LineString([crossing(a, b) for a in range(SIDE)]) for b in range(SIDE)]
    network = StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=lines, crs=crs()), crs())
    network.report["source"] = "虚构街道"
    return network


PLACES = [(1, 1), (8, 1), (15, 1), (8, 2), (8, 9), (8, 15), (15, 15)]
"""Crossings of the stops: a line to the east, one to the north from a stop a block away, and one stop far from any street."""
FAR = (SIDE + 4, SIDE + 4)


@lru_cache(maxsize=1)
def town() -> Town:
    runs = []
    for minute in range(-60, 120, 12):  # to the east and back, by 12 minutes
        for order in ((0, 1, 2), (2, 1, 0)):
            runs.append(
                [
                    (stop, EIGHT + 60 * (minute + 4 * at), EIGHT + 60 * (minute + 4 * at))
                    for at, stop in enumerate(order)
                ]
            )
    for minute in range(-55, 120, 10):
        for order in ((3, 4, 5, 7), (7, 5, 4, 3), (5, 6), (6, 5)):
            runs.append(
                [
                    (stop, EIGHT + 60 * (minute + 5 * at), EIGHT + 60 * (minute + 5 * at + (at == 1)))
                    for at, stop in enumerate(order)
                ]
            )
    x, y = np.array([crossing(*place) for place in [*PLACES, FAR]]).T
    lon, lat = convert(x, y, source=crs(), target="WGS84")
    return Town(list(zip(lon, lat, strict=True)), runs)


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_feed(tmp_path_factory.mktemp("gtfs") / "虚构时刻表.zip", town().tables())


def asked(feed: Path | None, **more: str) -> Isochrones:
    (lon,), (lat,) = convert(*([value] for value in crossing(2, 2)), source=crs(), target="WGS84")
    given = {
        "lon": f"{lon:.8f}",
        "lat": f"{lat:.8f}",
        "streets": "made",
        "mode": "transit",
        "depart": "2021-12-01T08:00",
        "window": "0",
        "gtfs": str(feed or ""),
    }
    return isochrones(
        load_atlas(), IsochroneQuestion.read(given | more), modelled_demand(load_atlas()), streets()
    )


def walks() -> nx.Graph:
    graph = nx.grid_2d_graph(SIDE, SIDE)
    nx.set_edge_attributes(graph, SPACE / SPEED * 60, "seconds")
    return graph


@lru_cache(maxsize=8)
def on_foot(place: tuple[int, int]) -> dict[tuple[int, int], float]:
    known: dict[tuple[int, int], float] = nx.single_source_dijkstra_path_length(
        walks(), place, weight="seconds"
    )
    return known


def back_in_time(made: Town) -> Town:
    """The same town with time running back from eight o'clock."""
    return Town(
        made.stops,
        [
            [(stop, 2 * EIGHT - goes, 2 * EIGHT - comes) for stop, comes, goes in run[::-1]]
            for run in made.vehicles
        ],
    )


def minutes_by_networkx(departs: int, *, back: bool = False) -> dict[tuple[int, int], float]:
    """Minutes from the crossing (2, 2) to each, written anew from what the town is."""
    made = back_in_time(town()) if back else town()
    access = {stop: on_foot(place)[2, 2] for stop, place in enumerate(PLACES)}
    changes = {
        (a, b): on_foot(first)[second]
        for a, first in enumerate(PLACES)
        for b, second in enumerate(PLACES)
        if on_foot(first)[second] <= 600
    }
    changes |= {(stop, stop): 120.0 for stop in range(len(PLACES) + 1)}
    comes: dict[int, float] = {}
    for stop, at in made.arrival_events(access, changes, departs):
        comes[stop] = min(at, comes.get(stop, np.inf))
    out = dict(on_foot((2, 2)))
    for stop, at in comes.items():
        if stop < len(PLACES):
            for place, more in on_foot(PLACES[stop]).items():
                out[place] = min(out[place], at - departs + more)
    return {place: seconds / 60 for place, seconds in out.items()}


def check(answer: Isochrones, times: dict[tuple[int, int], float]) -> None:
    frame, slack = answer.frame.to_crs(crs()), 1.5 * answer.inputs["square_m"] / SPEED
    points = shapely.points([crossing(*place) for place in times])
    minutes = np.array(list(times.values()))
    for row in frame.to_dict("records"):
        inside = shapely.intersects(row["geometry"], points)
        assert inside[minutes <= row["minutes"] - slack].all()
        assert not inside[minutes > row["minutes"] + slack].any()
        assert inside.any()


def test_a_crossing_is_within_the_polygon_of_its_minutes(feed: Path) -> None:
    answer = asked(feed, minutes="15|30|45")
    check(answer, minutes_by_networkx(EIGHT))
    on_foot_alone = asked(None, mode="walk", minutes="45")
    assert answer.frame["area_km2"].iloc[0] > 1.2 * on_foot_alone.frame["area_km2"].iloc[0]


def test_coming_to_the_place_by_a_time(feed: Path) -> None:
    check(asked(feed, minutes="20|40", direction="to"), minutes_by_networkx(EIGHT, back=True))


def test_the_median_of_a_window(feed: Path) -> None:
    each = [minutes_by_networkx(EIGHT + 60 * minute) for minute in range(12)]
    median = {place: sorted(times[place] for times in each)[6] for place in each[0]}
    answer = asked(feed, minutes="30|45", window="12")
    check(answer, median)
    assert answer.inputs["window_min"] == 12


def test_the_answer_says_whose_timetable_of_which_day_and_what_is_not_joined(feed: Path) -> None:
    answer = asked(feed, minutes="30")
    chinese, english = " ".join(answer.messages()), " ".join(answer.messages("en"))
    for part in ("虚构时刻表.zip", "虚构公交", "2021-12-01", "08:00", "nigiri"):
        assert part in chinese
        assert part in english
    assert "8 处" in chinese
    assert "1 处离街道超过 500 米" in chinese
    assert answer.inputs["timetable_days"] == ["2021-12-01", "2021-12-01"]
    assert answer.inputs["engine"] == "nigiri"


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"depart": ""}, "depart"),
        ({"depart": "2021-12-01"}, "2021-12-31T08:00"),
        ({"depart": "8 o'clock"}, "2021-12-31T08:00"),
        ({"window": "500"}, "window"),
        ({"gtfs": "nowhere.zip"}, "nowhere.zip"),
        ({"gtfs": ""}, "gtfs.zip"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_remedy(feed: Path, more: dict[str, str], part: str) -> None:
    with pytest.raises(ParameterError) as refused:
        asked(feed, **more)
    assert part in refused.value.text("zh")


def test_changes_are_walks_of_ten_minutes_and_what_the_feed_says(feed: Path) -> None:
    from dataclasses import replace
    from datetime import date

    table = load_timetable(feed, date(2021, 12, 1), EIGHT, EIGHT + 7200)
    stops = snap(streets(), *convert(table.stops["lon"], table.stops["lat"], source="WGS84", target=crs()))
    usual = {(a, b): least for a, b, least in changes(table, streets(), stops, SPEED).tolist()}
    walked = {
        (a, b)
        for a, first in enumerate(PLACES)
        for b, second in enumerate(PLACES)
        if a != b and on_foot(first)[second] <= 600
    }
    assert usual.keys() == walked | {(stop, stop) for stop in range(len(PLACES) + 1)}
    assert usual[1, 3] == pytest.approx(on_foot(PLACES[1])[PLACES[3]], abs=1)
    assert usual[2, 2] == 120
    own = replace(table, transfers=np.array([(1, 3, -1), (2, 2, 0), (0, 5, 1500)]))
    other = {(a, b): least for a, b, least in changes(own, streets(), stops, SPEED).tolist()}
    assert other == {pair: least for pair, least in usual.items() if pair != (1, 3)} | {
        (2, 2): 0,
        (0, 5): 1500,
    }


def test_a_day_without_a_vehicle_is_refused_with_the_days_there_are(feed: Path) -> None:
    with pytest.raises(IngestError) as refused:
        asked(feed, depart="2021-12-05T08:00")
    assert "2021-12-05" in refused.value.text("zh")
    assert "2021-12-01" in refused.value.text("en")


def streets_file(folder: Path) -> Path:
    path = folder / "虚构街道.gpkg"
    network = streets()
    lines = shapely.linestrings(network.nodes[np.column_stack([network.u, network.v])])
    gpd.GeoDataFrame(geometry=lines, crs=crs()).to_file(path)
    return path


def test_the_command_line_and_the_api_give_the_same(
    feed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient
    from typer.testing import CliRunner

    from geo.cli.main import app
    from geo.coverage import transit
    from layers.analysis import uploads
    from layers.analysis.http import routes

    monkeypatch.setenv("ATLAS_VAR", str(tmp_path / "var"))
    path = streets_file(tmp_path)
    expected = asked(feed, minutes="30", window="4").frame["area_km2"].iloc[0]
    lon, lat = (asked(None, mode="walk", minutes="5").inputs[name] for name in ("lon", "lat"))
    options = {"mode": "transit", "depart": "2021-12-01T08:00", "window": "4", "minutes": "30"}
    typed = [word for name, value in options.items() for word in (f"--{name}", value)]
    done = CliRunner().invoke(
        app,
        [
            "isochrone",
            f"{lon},{lat}",
            *typed,
            "--streets",
            str(path),
            "--gtfs",
            str(feed),
            "--format",
            "json",
        ],
    )
    assert done.exit_code == 0, done.output
    assert f"{expected:.3f}" in done.output
    assert "虚构公交" in done.stderr

    token = uploads.bring("streets", path.name, path.read_bytes())
    client = TestClient(Starlette(routes=routes()))
    given = options | {"lon": lon, "lat": lat, "streets": token}
    without = client.get("/api/isochrone", params=given)
    assert without.status_code == 400
    assert "gtfs.zip" in without.text
    monkeypatch.setattr(transit, "pack_timetable", lambda _root: feed)
    answer = client.get("/api/isochrone", params=given).json()
    assert answer["features"][0]["properties"]["area_km2"] == pytest.approx(expected, abs=1e-3)
    assert answer["inputs"]["timetable_publisher"] == "虚构公交"
    assert any("虚构时刻表.zip" in note for note in answer["notes"])
    refused = client.get("/api/isochrone", params=given | {"gtfs": "/etc/passwd"})
    assert refused.status_code == 400
    assert "gtfs" in refused.text
