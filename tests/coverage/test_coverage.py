"""Coverage answers: against shapely and the CSV files, and what must hold whatever is asked."""

from __future__ import annotations

import csv
import math
from datetime import date
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import census_demand, land_demand
from geo.coverage.invariants import check_coverage
from geo.coverage.reach import Reach
from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork
from geo.paths import DATA_DIR
from geo.register.facilities import Facilities, facility_set
from tests.depth import examples

EVE, TODAY = date(2020, 12, 31), date(2026, 11, 24)
METRO = ("metro_station",)
SHARES = ["share_area", "share_residents"]
# a polygon of 4 x 256 segments inside a circle loses this share of it
DEFICIT = 1 - math.sin(2 * math.pi / 1024) / (2 * math.pi / 1024)


def metro(which: str, day: date = TODAY) -> Facilities:
    return facility_set(load_atlas().register, METRO, which, day)


def ask(facilities: Facilities, radius: float) -> Coverage:
    return coverage(load_atlas(), facilities, census_demand(load_atlas()), Reach.straight(radius))


@lru_cache(maxsize=1)
def land() -> gpd.GeoSeries:
    """Outline less lakes, cut here by geopandas alone."""
    lakes = gpd.read_file(DATA_DIR / "lakes.geojson").to_crs(4549).union_all()
    return load_atlas().districts.geometry.to_crs(4549).difference(lakes)


@pytest.mark.parametrize(("low", "high"), [("", ""), ("_low", "_low"), ("_high", "_high")])
def test_the_first_answer_by_another_way(low: str, high: str) -> None:
    """Metro within 800 m before the plan: stations from the CSV, pyproj, and discs of 1,024 sides."""
    with (DATA_DIR / "facilities.csv").open(encoding="utf-8", newline="") as handle:
        rows = [
            row
            for row in csv.DictReader(handle)
            if row["kind"] == "metro_station" and row["opened"] <= "2020-12-31"
        ]
    move = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
    x, y = move.transform([float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows])
    error = np.array([float(row["accuracy_m"]) for row in rows])
    radius = 800 + {"": 0, "_low": -1, "_high": 1}[low] * error
    union = shapely.union_all(shapely.buffer(shapely.points(x, y), radius, quad_segs=256))
    drawn = shapely.area(shapely.intersection(land().to_numpy(), union)) / 1e6
    table = ask(metro("before"), 800).table
    got = table[f"served_km2{high}"].to_numpy()
    lost = DEFICIT * math.pi * (radius**2).sum() / 1e6
    assert ((got[:-1] >= drawn - 1e-6) & (got[:-1] <= drawn + lost + 1e-6)).all()
    assert got[-1] == pytest.approx(drawn.sum(), rel=2e-5)


def test_even_spread_serves_people_as_it_serves_land() -> None:
    table = ask(metro("planned"), 800).table.iloc[:-1]
    assert np.allclose(table["share_residents"], table["share_area"])
    assert np.allclose(table["residents_served"], table["residents"] * table["share_area"])


def test_the_city_is_the_sum_of_its_districts() -> None:
    table = ask(metro("as_of"), 800).table
    for name in ("land_km2", "served_km2", "residents", "residents_served", "served_km2_high"):
        assert table[name].iloc[-1] == pytest.approx(table[name].iloc[:-1].sum(), rel=1e-12)
    assert table["facilities_known"].iloc[-1] == 97
    assert table.index[-1] == "320200"


def test_distances_by_another_way() -> None:
    """p50 and p90 of 新吴 against every cell's distance to every station, weighted alike."""
    demand, facilities = census_demand(load_atlas()), metro("before")
    x, y = facilities.xy
    lattice = demand.lattice
    zone = lattice.codes.index("320214")
    rows, columns = np.nonzero(lattice.zone == zone)
    east, north = lattice.centres()
    far = np.hypot(east[columns][:, None] - x, north[rows][:, None] - y).min(axis=1)
    table = ask(facilities, 800).table.loc["320214"]
    assert table["distance_p50_m"] == pytest.approx(np.quantile(far, 0.5), abs=2)
    assert table["distance_p90_m"] == pytest.approx(np.quantile(far, 0.9), abs=2)


def test_borders_of_districts_do_not_stop_service() -> None:
    """A single station in 梁溪, near its border, serves its neighbour too."""
    near = land().loc["320213"].boundary.interpolate(0.37, normalized=True)
    station = Facilities.from_frame(gpd.GeoDataFrame(geometry=[near], crs="EPSG:4549"), "EPSG:4549")
    served = ask(station, 1500).table["served_km2"]
    assert (served > 0).sum() >= 3  # 梁溪, at least one neighbour, the city


@examples(15)
@given(st.integers(0, 10_000), st.floats(1, 4000), st.floats(1, 3))
def test_more_never_serves_less(seed: int, radius: float, factor: float) -> None:
    rng = np.random.default_rng(seed)
    west, south, east, north = land().total_bounds
    points = gpd.GeoDataFrame(
        {"accuracy_m": rng.uniform(0, 1500, 12)},
        geometry=gpd.points_from_xy(rng.uniform(west, east, 12), rng.uniform(south, north, 12)),
        crs=4549,
    )
    some, every = (
        Facilities.from_frame(points.iloc[:8], "EPSG:4549"),
        Facilities.from_frame(points, "EPSG:4549"),
    )
    small, large = ask(some, radius).table, ask(every, radius).table
    wider = ask(some, radius * factor).table
    for suffix in ("_low", "", "_high"):
        for name in SHARES:
            assert (large[name + suffix] >= small[name + suffix] - 1e-12).all()
            assert (wider[name + suffix] >= small[name + suffix] - 1e-12).all()
    for name in SHARES:
        assert (small[f"{name}_low"] <= small[name] + 1e-12).all()
        assert (small[name] <= small[f"{name}_high"] + 1e-12).all()
    turned = ask(Facilities.from_frame(points.iloc[::-1], "EPSG:4549"), radius).table
    assert np.allclose(turned[SHARES], large[SHARES], rtol=1e-9, atol=1e-12)


def test_a_rough_place_is_never_certain() -> None:
    """S2's stations are known to 1.5 to 3 km: within 800 m nobody of 宜兴 is certainly served, some possibly."""
    row = ask(metro("planned", EVE), 800).table.loc["320282"]
    assert row["share_area_low"] == 0 < row["share_area"] < row["share_area_high"]


def test_none_of_a_kind_is_a_zero_and_none_placed_is_unknown() -> None:
    atlas = load_atlas()
    table = ask(facility_set(atlas.register, ("emergency",), "before", EVE), 1000).table
    assert table["facilities_known"].iloc[-1] == 0
    assert (table["share_area"] == 0).all()
    schools = facility_set(atlas.register, ("school_high",), "before", EVE)
    unplaced = schools.with_ids(schools.frame.index[schools.frame["lon"].isna()])
    answer = ask(unplaced, 1000)
    assert answer.table["facilities_known"].iloc[-1] == 4
    assert math.isnan(answer.table["share_area"].iloc[-1])
    assert answer.rows()[-1]["share_area"] is None
    assert any("没有位置" in line for line in answer.messages())


def test_facilities_outside_serve_nobody_here() -> None:
    far = gpd.GeoDataFrame(geometry=gpd.points_from_xy([100.0], [30.0]), crs=4326)
    table = ask(Facilities.from_frame(far, "EPSG:4549"), 5000).table
    assert (table["share_area"] == 0).all()
    assert table["facilities_placed"].iloc[-1] == 1


def test_radius_zero_is_a_zero() -> None:
    assert (ask(metro("before"), 0).table["served_km2"] == 0).all()


@pytest.mark.parametrize("radius", [-1, math.nan, math.inf, 1e6])
def test_impossible_radii(radius: float) -> None:
    with pytest.raises(ParameterError):
        Reach.straight(radius)


def test_land_alone_has_no_residents() -> None:
    answer = coverage(load_atlas(), metro("before"), land_demand(load_atlas()), Reach.straight(800))
    assert answer.table["residents"].isna().all()
    assert answer.table["served_km2"].iloc[-1] == pytest.approx(
        ask(metro("before"), 800).table["served_km2"].iloc[-1]
    )


def test_an_answer_says_how_to_ask_again() -> None:
    answer = ask(metro("planned", EVE), 800)
    assert answer.inputs["version"] == load_atlas().version
    row = answer.rows()[0]
    assert row | {"kind": "metro_station", "set": "planned", "as_of": "2020-12-31", "radius_m": 800} == row
    assert {"share_area_low", "share_residents_high", "facilities_placed", "distance_p50_m"} <= set(row)
    notes = " ".join(answer.messages("en"))
    assert "model" in notes.lower()


def test_rows_of_one_district() -> None:
    answer = ask(metro("before"), 800)
    assert [row["district_code"] for row in answer.rows("320214")] == ["320214"]
    assert len(answer.rows()) == 8


def grid_streets() -> StreetNetwork:
    """Streets every 400 m over 梁溪 and its surroundings, in EPSG:4549."""
    west, south, east, north = land().loc[["320213", "320214", "320211"]].total_bounds
    xs, ys = np.arange(west, east, 400), np.arange(south, north, 400)
    lines = [shapely.linestrings([[x, y] for y in ys]) for x in xs]
    lines += [shapely.linestrings([[x, y] for x in xs]) for y in ys]
    return StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=lines, crs=4549), "EPSG:4549")


@lru_cache(maxsize=1)
def streets() -> StreetNetwork:
    return grid_streets()


def test_walking_serves_less_than_the_crow_and_grows_with_minutes() -> None:
    atlas, demand = load_atlas(), census_demand(load_atlas())
    straight = ask(metro("before"), 900).table
    walks = [
        coverage(atlas, metro("before"), demand, Reach.walk(streets(), minutes=minutes, speed_m_min=60))
        for minutes in (10, 15)
    ]
    ten, fifteen = (answer.table for answer in walks)
    assert (fifteen["share_residents"] <= straight["share_residents"] + 0.01).all()
    assert 0 < fifteen.loc["320213", "share_residents"] < straight.loc["320213", "share_residents"]
    for name in SHARES:
        assert (ten[name] <= fifteen[name]).all()
        assert (fifteen[f"{name}_low"] <= fifteen[name]).all()
        assert (fifteen[name] <= fifteen[f"{name}_high"]).all()
    assert walks[1].inputs["radius_m"] == 900
    assert walks[1].inputs["speed_m_min"] == 60


def test_walking_by_another_way() -> None:
    """On a street grid a walk is the Manhattan distance: one station on a crossing, cells beside streets."""
    x, y = streets().nodes[len(streets().nodes) // 2]
    one = Facilities.from_frame(gpd.GeoDataFrame(geometry=[shapely.Point(x, y)], crs=4549), "EPSG:4549")
    answer = coverage(load_atlas(), one, census_demand(load_atlas()), Reach.walk(streets(), metres=2000))
    # a diamond of half-diagonal 2 km holds 8 km2; getting to the street takes at most 200 m of it
    served = answer.table["served_km2"].iloc[-1]
    assert 2 * 1.75**2 < served < 2 * 2.05**2


def test_a_walk_says_how_far_streets_are_and_what_is_not_joined() -> None:
    """Streets every 400 m around 梁溪 alone: most land and some stations are far from them, and the answer says so."""
    answer = coverage(
        load_atlas(), metro("before"), census_demand(load_atlas()), Reach.walk(streets(), metres=800)
    )
    report = answer.inputs["snap"]
    assert 0 < report["facility_p50"] <= 200
    assert report["facilities_off"] > 0
    assert report["cells_off_share"] > 50
    assert answer.inputs["network"]["components"] == 1
    for lang, word in (("zh", "没有接入路网"), ("en", "m/min")):
        assert any(word in line for line in answer.messages(lang))
    two = gpd.GeoDataFrame(
        geometry=[*shapely.linestrings([[[0, 0], [900, 0]], [[0, 90], [900, 90]]])], crs=4549
    )
    two.geometry = two.translate(530_000, 3_493_000)
    islands = coverage(
        load_atlas(),
        metro("before"),
        census_demand(load_atlas()),
        Reach.walk(StreetNetwork.from_lines(two, "EPSG:4549"), metres=800),
    )
    assert any("2 个互不相连" in line for line in islands.messages())


def test_streets_of_another_city_are_refused() -> None:
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([[116.3, 39.9], [116.4, 39.9]])], crs=4326)
    far = StreetNetwork.from_lines(line, "EPSG:4549")
    with pytest.raises(ParameterError, match="不在本市"):
        coverage(load_atlas(), metro("before"), census_demand(load_atlas()), Reach.walk(far, metres=800))


@pytest.mark.parametrize(
    "given_", [{}, {"metres": 500, "minutes": 5}, {"minutes": 5, "speed_m_min": 0}, {"minutes": math.nan}]
)
def test_a_walk_must_be_told_once_and_sensibly(given_: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        Reach.walk(streets(), **given_)


def test_the_self_check_holds_and_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    found = check_coverage(load_atlas(), TODAY)
    assert all(check.holds for check in found)
    assert {check.kind for check in found} >= {"", "metro_station", "school_primary"}
    assert len({check.rule for check in found}) == 9
    from geo.coverage import invariants as coverage_check

    def shrinking(*args: object, **kwargs: object) -> Coverage:
        answer = coverage(*args, **kwargs)  # type: ignore[arg-type]
        table = answer.table.assign(share_area=1 / (1 + answer.inputs["radius_m"]))
        return Coverage(pd.DataFrame(table), answer.inputs, answer.notes)

    monkeypatch.setattr(coverage_check, "coverage", shrinking)
    assert not all(check.holds for check in check_coverage(load_atlas(), TODAY))
