"""By bicycle and car: question, coverage, gaps and matrix say the same, and what cannot be asked is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.atlas import load_atlas
from geo.coverage.demand import modelled_demand
from geo.coverage.equity import equity
from geo.coverage.matrix import matrix
from geo.coverage.question import (
    answer_coverage,
    question_facilities,
    question_reach,
    read_question,
)
from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork, snap, walk_distance
from geo.kernels.roads import BARRIER_TAGS, TAGS, TaggedStreets, speeds
from geo.questions.matrix import MatrixQuestion
from geo.register.facilities import facility_set
from geo.siting.question import answer_sites, read_site_question
from geo.whatif.what_if import WhatIf

DAY = "2026-11-29"
WAYS = {"walk": {"walk": "yes"}, "drive": {"mode": "drive"}}
ASKED = {"kind": "metro_station", "as_of": DAY, "streets": "made"}


@cache
def streets() -> TaggedStreets:
    """A grid of primary roads of 20 km around the stations; those to the north are one-way."""
    city = load_atlas().city
    stations = facility_set(load_atlas().register, ("metro_station",), "as_of", date.fromisoformat(DAY))
    x, y = (float(np.median(each)) for each in stations.xy)
    steps = np.arange(-10_000, 10_001, 500.0)
    east = [shapely.LineString([(x + e, y + n) for e in steps]) for n in steps]
    north = [shapely.LineString([(x + e, y + n) for n in steps]) for e in steps]
    lines = gpd.GeoDataFrame(geometry=[*east, *north], crs=city.projected_crs)
    base = StreetNetwork.from_lines(lines, city.projected_crs)
    empty = np.full(len(lines), "", object)
    tags = dict.fromkeys(TAGS, empty) | {
        "highway": np.full(len(lines), "primary", object),
        "oneway": np.array([""] * len(east) + ["yes"] * len(north), object),
    }
    return TaggedStreets(
        base.nodes,
        base.u,
        base.v,
        base.length,
        base.report | {"source": "made"},
        roads=lines.geometry.to_numpy(),
        tags=tags,
        barriers=np.empty((0, 2)),
        barrier_tags={},
    )


def asked(**more: str) -> Any:
    return read_question(load_atlas(), ASKED | more)


@pytest.mark.parametrize("direction", ["to", "from"])
def test_who_is_served_by_car_lives_within_the_minutes(direction: str) -> None:
    """Counted anew: every cell's time to the nearest station, by the roads alone."""
    city, demand = load_atlas(), modelled_demand(load_atlas())
    question = asked(mode="drive", minutes="6", direction=direction)
    answer = answer_coverage(city, question, demand, streets=streets())
    roads = streets().by("drive", away=direction == "from")
    lattice = demand.lattice
    east, north = (each[lattice.zone >= 0] for each in np.meshgrid(*lattice.centres()))
    facilities = question_facilities(city, question)
    times = walk_distance(roads, snap(roads, *facilities.xy), snap(roads, east, north)) / speeds("drive")[""]
    weight = lattice.weight[lattice.zone >= 0]
    expected = weight[times <= 6].sum() / weight.sum()
    assert 0.05 < expected < 0.9
    share = answer.table.loc[city.city.code, "share_residents"]
    assert share == pytest.approx(expected, rel=1e-6)
    assert answer.table["distance_p50_m"].isna().all()
    assert answer.inputs["radius_m"] is None
    assert (answer.inputs["reach"], answer.inputs["minutes"]) == ("drive", 6)
    assert any("assumed speeds" in text for text in answer.messages("en"))


@pytest.mark.parametrize(
    ("mode", "many", "says"), [("drive", 0, True), ("drive", 1, False), ("walk", 0, False)]
)
def test_roads_without_a_barrier_are_said_to_have_none(mode: str, many: int, says: bool) -> None:
    city, demand = load_atlas(), modelled_demand(load_atlas())
    tags = {tag: np.full(many, "bollard" if tag == "barrier" else "", object) for tag in BARRIER_TAGS}
    roads = replace(streets(), barriers=streets().nodes[:many], barrier_tags=tags, made={})
    answer = answer_coverage(city, asked(**WAYS[mode], minutes="5"), demand, streets=roads)
    assert any("路障：" in text for text in answer.messages("zh")) == says


def test_more_minutes_serve_more_and_a_car_more_than_a_bicycle_and_a_walk() -> None:
    city, demand = load_atlas(), modelled_demand(load_atlas())
    shares = [
        answer_coverage(city, asked(**more), demand, streets=streets()).table.loc[
            city.city.code, "share_residents"
        ]
        for more in (
            {"walk": "yes", "minutes": "8"},
            {"mode": "cycle", "minutes": "8"},
            {"mode": "drive", "minutes": "8"},
            {"mode": "drive", "minutes": "12"},
        )
    ]
    assert shares == sorted(shares)
    assert len(set(shares)) == len(shares)


def test_the_matrix_says_what_coverage_says() -> None:
    city = load_atlas()
    question = MatrixQuestion.read({"as_of": DAY, "set": "as_of", "own": "车~metro_station~drive~6"})
    rows = matrix(city, question=question, streets=streets()).table.set_index("zone_code")
    single = answer_coverage(
        city, asked(mode="drive", minutes="6"), modelled_demand(city), streets=streets()
    ).table
    np.testing.assert_array_equal(
        rows.loc[single.index, "share"].to_numpy("float64"), single["share_residents"].to_numpy("float64")
    )


def test_fire_engines_drive_out_and_patients_drive_there() -> None:
    city = load_atlas()
    for kind, direction in (("fire_station", "from"), ("clinic", "to"), ("fire_station|clinic", "to")):
        given = {"kind": kind, "mode": "drive", "minutes": "5"}
        assert read_question(city, given).direction == direction
    assert (
        read_question(
            city, {"kind": "fire_station", "minutes": "5", "mode": "drive", "direction": "to"}
        ).direction
        == "to"
    )


@pytest.mark.parametrize(
    "more", [{"mode": "drive", "radius": "500"}, {"mode": "fly", "minutes": "5"}, {"mode": "cycle"}]
)
def test_a_vehicle_without_minutes_is_refused(more: dict[str, str]) -> None:
    with pytest.raises(ParameterError):
        asked(**more)


def test_streets_without_classes_are_only_walked() -> None:
    bare = StreetNetwork(streets().nodes, streets().u, streets().v, streets().length, {"source": "bare"})
    with pytest.raises(ParameterError, match="bare"):
        question_reach(asked(mode="drive", minutes="5"), bare)
    with pytest.raises(ParameterError, match="streets"):
        question_reach(asked(mode="drive", minutes="5"), None)


def test_what_goes_on_foot_alone_says_so() -> None:
    city, demand = load_atlas(), modelled_demand(load_atlas())
    question = asked(mode="drive", minutes="5")
    facilities, reach = question_facilities(city, question), question_reach(question, streets())
    with pytest.raises(ParameterError, match="步行"):
        equity(city, facilities, demand, reach)
    with pytest.raises(ParameterError, match="步行"):
        WhatIf(city, facilities, demand, reach)
    sites = read_site_question(
        city, ASKED | {"mode": "drive", "minutes": "5", "k": "1", "district": "320213"}
    )
    with pytest.raises(ParameterError, match="步行"):
        answer_sites(city, sites, demand, streets=streets())
