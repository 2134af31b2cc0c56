"""Driving and cycling equal what networkx says of the same roads: speeds, one-way streets, barriers, both directions of travel."""

from __future__ import annotations

from itertools import pairwise
from math import hypot, inf
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ParameterError
from geo.kernels.network import snap, walk_distance
from geo.kernels.roads import BARRIER_TAGS, TAGS, TaggedStreets, speeds
from geo.kernels.street_file import read_streets
from tests.depth import examples
from tests.kernels.street_cases import E0, METRIC_CRS, N0, lines, network

GRID = [(100.0 * i + 17 * j * j, 100.0 * j + 11 * i * i) for i in range(4) for j in range(3)]
"""Places of which no three lie on a line: a way between two passes through no other."""
CLASSES = ("residential", "primary", "motorway", "footway", "cycleway", "service", "construction")
ROAD = st.fixed_dictionaries(
    {
        "ends": st.lists(st.sampled_from(GRID), min_size=2, max_size=4).filter(
            lambda line: all(a != b for a, b in pairwise(line))
        ),
        "highway": st.sampled_from(CLASSES),
        "oneway": st.sampled_from(("", "", "yes", "no", "-1")),
        "junction": st.sampled_from(("", "", "", "roundabout")),
        "maxspeed": st.sampled_from(("", "", "10", "60", "walk")),
        "access": st.sampled_from(("", "", "", "no", "private", "yes")),
        "motor_vehicle": st.sampled_from(("", "", "", "no", "yes")),
        "oneway:bicycle": st.sampled_from(("", "", "no")),
    }
)


def made(roads: list[dict[str, object]], barriers: list[tuple[float, float]]) -> TaggedStreets:
    base = network([(0, 0), (1, 1)])
    tags = {tag: np.array([str(road.get(tag, "")) for road in roads], object) for tag in TAGS}
    return TaggedStreets(
        base.nodes,
        base.u,
        base.v,
        base.length,
        {"source": "made"},
        roads=np.array([shapely.LineString(np.add(road["ends"], (E0, N0))) for road in roads], object),
        tags=tags,
        barriers=np.add(np.reshape(barriers, (-1, 2)), (E0, N0)),
        barrier_tags={
            tag: np.array(["bollard" if tag == "barrier" else ""] * len(barriers), object)
            for tag in BARRIER_TAGS
        },
    )


def minutes_of(road: dict[str, object], mode: str) -> tuple[float, float]:
    """Minutes a metre along a road and against it; written anew from what the tags mean."""
    rate = speeds(mode).get(str(road["highway"]), 0)
    if str(road["maxspeed"]).isdigit():
        rate = min(rate, int(str(road["maxspeed"])) * 1000 / 60)
    permission = (mode == "drive" and road["motor_vehicle"]) or road["access"]
    if not rate or permission in ("no", "private"):
        return inf, inf
    one = road["oneway"] == "yes" or (
        not road["oneway"] and (road["junction"] == "roundabout" or road["highway"] == "motorway")
    )
    against = road["oneway"] == "-1"
    if mode == "cycle" and road["oneway:bicycle"] == "no":
        one = against = False
    return (inf if against else 1 / rate), (inf if one else 1 / rate)


def graph_of(roads: list[dict[str, object]], barriers: set[tuple[float, float]], mode: str) -> nx.DiGraph:
    """Streets as networkx has them; a place with a barrier is another node for each piece that ends there."""
    graph, fresh = nx.DiGraph(), 0
    for road in roads:
        ahead, back = minutes_of(road, mode)
        for a, b in pairwise(road["ends"]):
            ends = []
            for place in (a, b):
                fresh += 1
                ends.append((*place, fresh) if place in barriers and mode == "drive" else (*place, 0))
            metres = hypot(a[0] - b[0], a[1] - b[1])
            for start, end, rate in ((*ends, ahead), (*ends[::-1], back)):
                if rate < inf:
                    known = graph.get_edge_data(start, end, {"minutes": inf})["minutes"]
                    graph.add_edge(start, end, minutes=min(known, metres * rate))
    return graph


@examples(80)
@given(
    roads=st.lists(ROAD, min_size=1, max_size=8),
    barriers=st.lists(st.sampled_from(GRID), max_size=3, unique=True),
    mode=st.sampled_from(("drive", "cycle")),
    away=st.booleans(),
)
def test_minutes_between_crossings_are_those_of_networkx(
    roads: list[dict[str, object]], barriers: list[tuple[float, float]], mode: str, away: bool
) -> None:
    if all(min(minutes_of(road, mode)) == inf for road in roads):
        with pytest.raises(ParameterError):
            made(roads, barriers).by(mode, away=away)
        return
    streets = made(roads, barriers).by(mode, away=away)
    graph = graph_of(roads, set(barriers), mode)
    places = sorted({(x, y) for x, y, _copy in graph.nodes} - set(barriers))
    if not places:
        return
    x, y = np.add(places, (E0, N0)).T
    start, ends = places[0], snap(streets, x, y)
    from_one = snap(streets, x[:1], y[:1])
    got = walk_distance(streets, from_one, ends) / speeds(mode)[""]
    search = graph if away else graph.reverse()
    known = nx.single_source_dijkstra_path_length(search, (*start, 0), weight="minutes")
    for place, minutes in zip(places, got, strict=True):
        assert minutes == pytest.approx(known.get((*place, 0), inf), rel=1e-9)


def test_a_one_way_street_is_used_one_way_from_the_middle_of_it_too() -> None:
    one = {"ends": [(0.0, 0.0), (300.0, 0.0)], "highway": "primary", "oneway": "yes"}
    streets = made([one], [])
    places = [E0 + 100.0, E0 + 200.0], [N0, N0]
    for away, expected in ((True, [0, 100 / speeds("drive")["primary"]]), (False, [0, inf])):
        roads = streets.by("drive", away=away)
        at = snap(roads, *places)
        first = snap(roads, places[0][:1], places[1][:1])
        assert (walk_distance(roads, first, at) / speeds("drive")[""]).tolist() == pytest.approx(expected)


def test_a_file_with_classes_is_driven_and_one_without_says_what_it_lacks(tmp_path: Path) -> None:
    frame = lines([(0, 0), (100, 0)], [(100, 0), (200, 0)])
    frame.to_file(tmp_path / "bare.gpkg", driver="GPKG")
    bare = read_streets(tmp_path / "bare.gpkg", METRIC_CRS)
    assert bare.by("walk") is bare
    with pytest.raises(ParameterError, match="highway"):
        bare.by("drive")
    frame.assign(highway=["primary", "footway"], oneway=["yes", None], lanes=[2, 1]).to_file(
        tmp_path / "tagged.gpkg", driver="GPKG"
    )
    tagged = read_streets(tmp_path / "tagged.gpkg", METRIC_CRS)
    assert tagged.report["edges"] == 2
    assert tagged.by("drive").report["edges"] == 1
    assert tagged.by("cycle").report["edges"] == 2
    assert tagged.by("drive") is tagged.by("drive")


def test_barriers_of_an_extract_stop_cars_and_not_bicycles(tmp_path: Path) -> None:
    places = gpd.GeoSeries(
        gpd.points_from_xy(E0 + np.array([0, 100, 200.0]), [N0] * 3), crs=METRIC_CRS
    ).to_crs(4326)
    nodes = [
        f'<node id="{k}" lon="{place.x:.7f}" lat="{place.y:.7f}">{tag}</node>'
        for k, (place, tag) in enumerate(
            zip(places, ("", '<tag k="barrier" v="bollard"/>', ""), strict=True), 1
        )
    ]
    way = '<way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>'
    path = tmp_path / "bollard.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(nodes)}{way}</osm>', "utf-8")
    streets = read_streets(path, METRIC_CRS)
    x, y = E0 + np.array([10.0, 190.0]), [N0, N0]
    reached = {}
    for mode in ("drive", "cycle", "walk"):
        roads = streets.by(mode)
        ends = snap(roads, x, y)
        reached[mode] = bool(np.isfinite(walk_distance(roads, snap(roads, x[:1], y[:1]), ends)[1]))
    assert reached == {"drive": False, "cycle": True, "walk": True}
