"""Isochrones hold the places that networkx reaches in time, grow with the minutes, and count the residents that coverage counts."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely

from geo.atlas import load_atlas
from geo.coverage.demand import modelled_demand
from geo.coverage.isochrone import Isochrones, isochrones
from geo.errors import ParameterError
from geo.kernels.network import snap, walk_distance
from geo.kernels.roads import speeds
from geo.places.crs import convert
from geo.questions.isochrone import IsochroneQuestion
from tests.coverage.test_by_vehicle import streets


def middle() -> tuple[float, float]:
    """A crossing of the made streets, in metres."""
    x, y = np.median(streets().nodes, axis=0)
    return float(x), float(y)


def asked(**more: str) -> Isochrones:
    crs = load_atlas().city.projected_crs
    lon, lat = convert(*([value] for value in middle()), source=crs, target="WGS84")
    given = {"lon": f"{lon[0]:.7f}", "lat": f"{lat[0]:.7f}", "streets": "made"} | more
    city = load_atlas()
    return isochrones(city, IsochroneQuestion.read(given), modelled_demand(city), streets())


def minutes_to_nodes(mode: str, *, away: bool) -> np.ndarray:
    """Minutes from the middle to every crossing, by networkx; written anew from what the made streets are."""
    graph = nx.DiGraph()
    rate = speeds(mode)["primary"] if mode != "walk" else 60.0
    base = streets()
    for road, one_way in zip(base.roads, base.tags["oneway"] == "yes", strict=True):
        line = [tuple(np.round(point, 2)) for point in shapely.get_coordinates(road)]
        for a, b in pairwise(line):
            minutes = float(np.hypot(a[0] - b[0], a[1] - b[1])) / rate
            graph.add_edge(a, b, minutes=minutes)
            if not one_way or mode == "walk":
                graph.add_edge(b, a, minutes=minutes)
    start = min(graph.nodes, key=lambda node: (node[0] - middle()[0]) ** 2 + (node[1] - middle()[1]) ** 2)
    known = nx.single_source_dijkstra_path_length(graph if away else graph.reverse(), start, weight="minutes")
    return np.array([known.get(tuple(np.round(node, 2)), np.inf) for node in base.nodes])


@pytest.mark.parametrize(
    ("mode", "direction"), [("walk", "from"), ("cycle", "to"), ("drive", "from"), ("drive", "to")]
)
def test_a_crossing_lies_within_the_polygon_of_its_minutes(mode: str, direction: str) -> None:
    city = load_atlas()
    found = asked(mode=mode, direction=direction, minutes="5|10|20")
    answer, size = found.frame.to_crs(city.city.projected_crs), found.inputs["square_m"]
    times = minutes_to_nodes(mode, away=direction == "from")
    speed = speeds(mode)[""] if mode != "walk" else 60.0
    slack = 3 * size / speed
    points = shapely.points(streets().nodes)
    for row in answer.to_dict("records"):
        # one of the squares at a crossing may lie on a one-way street that has to be entered a block before
        inside = shapely.intersects(row["geometry"].buffer(size), points)
        assert inside[times <= row["minutes"] - slack].all()
        assert not inside[times > row["minutes"] + slack].any()
        assert inside.any()


def test_less_time_lies_within_more_and_area_is_that_of_the_polygon() -> None:
    city = load_atlas()
    frame = asked(mode="drive", minutes="3|6|12").frame
    assert frame["minutes"].tolist() == [12, 6, 3]
    metric = frame.to_crs(city.city.projected_crs)
    for wide, narrow in pairwise(metric.geometry):
        assert wide.buffer(0.01).contains(narrow)
    assert metric.geometry.area.to_numpy() / 1e6 == pytest.approx(frame["area_km2"].to_numpy(), rel=1e-6)
    assert metric.geometry.is_valid.all()


def test_residents_are_those_of_the_cells_within_the_time() -> None:
    demand = modelled_demand(load_atlas())
    lattice = demand.lattice
    east, north = (each[lattice.zone >= 0] for each in np.meshgrid(*lattice.centres()))
    roads = streets().by("drive", away=True)
    far = walk_distance(roads, snap(roads, *([value] for value in middle())), snap(roads, east, north))
    for row in asked(mode="drive", minutes="5|10").frame.to_dict("records"):
        within = far / speeds("drive")[""] <= row["minutes"]
        assert row["residents"] == pytest.approx(lattice.weight[lattice.zone >= 0][within].sum(), rel=2e-3)


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "5|500"}, "minutes"),
        ({"minutes": "1|2|3|4|5|6|7"}, "minutes"),
        ({"minutes": "soon"}, "minutes"),
        ({"lon": "119.0"}, "500"),
        ({"mode": "fly"}, "mode"),
    ],
)
def test_what_cannot_be_asked_is_refused(more: dict[str, str], part: str) -> None:
    with pytest.raises(ParameterError) as refused:
        asked(**more)
    assert part in refused.value.text("zh")


def test_without_streets_there_is_no_isochrone() -> None:
    city = load_atlas()
    question = IsochroneQuestion.read({"lon": "120.3", "lat": "31.57"})
    with pytest.raises(ParameterError, match="街道"):
        isochrones(city, question, modelled_demand(city), None)
