"""What the plan changes, and who is left out."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.atlas import load_atlas, load_gazetteer
from geo.coverage.answer import coverage, gaps
from geo.coverage.demand import census_demand, land_demand
from geo.coverage.impact import Impact
from geo.coverage.question import answer_impact, read_question
from geo.coverage.reach import Reach
from geo.kernels.network import StreetNetwork
from geo.register.facilities import Facilities, facility_set

EVE = date(2020, 12, 31)


@lru_cache(maxsize=1)
def metro_impact() -> Impact:
    atlas = load_atlas()
    question = read_question(atlas, {"kind": "metro_station", "radius": "800"})
    return answer_impact(atlas, question, census_demand(atlas))


def metro(which: str) -> Facilities:
    return facility_set(load_atlas().register, ("metro_station",), which, EVE)


def test_impact_is_the_difference_of_two_answers() -> None:
    atlas, demand, reach = load_atlas(), census_demand(load_atlas()), Reach.straight(800)
    before = coverage(atlas, metro("before"), demand, reach).table
    after = coverage(atlas, metro("planned"), demand, reach).table
    table = metro_impact().table
    assert np.allclose(table["gained_km2"], after["served_km2"] - before["served_km2"], atol=1e-9)
    gained = after["residents_served"] - before["residents_served"]
    assert np.allclose(table["gained_residents"], gained, atol=1e-3)
    assert np.allclose(table["share_area_after"], after["share_area"])


def test_bounds_of_a_gain() -> None:
    table = metro_impact().table
    for name in ("gained_km2", "gained_residents"):
        assert (table[f"{name}_low"] <= table[name] + 1e-6).all()
        assert (table[name] <= table[f"{name}_high"] + 1e-6).all()
        assert (table[f"{name}_low"] >= -1e-6).all()


def test_bounds_of_a_gain_by_shapely() -> None:
    """At least: what the new certainly reach and the old possibly do not."""
    old, new = metro("before"), metro("planned")
    added = new.with_ids(new.frame.index.difference(old.frame.index))
    land = shapely.union_all(census_demand(load_atlas()).zones.polygons)

    def union(group: Facilities, sign: int) -> shapely.Geometry:
        radius = np.maximum(800 + sign * group.accuracy_m, 0)
        return shapely.union_all(shapely.buffer(shapely.points(*group.xy), radius, quad_segs=128))

    for bound, fresh, stale in (("_low", -1, 1), ("_high", 1, -1)):
        want = shapely.area(
            shapely.intersection(land, shapely.difference(union(added, fresh), union(old, stale)))
        )
        assert metro_impact().table[f"gained_km2{bound}"].iloc[-1] == pytest.approx(want / 1e6, rel=1e-3)


def test_each_line_brings_its_part() -> None:
    works = metro_impact().works
    assert set(works.index) == {"T04", "T05", "T06"}
    assert works["facilities"].to_dict() == {"T06": 18, "T05": 15, "T04": 9}
    total = metro_impact().table["gained_km2"].iloc[-1]
    assert works["last_km2"].sum() <= total + 1e-9 <= works["alone_km2"].sum() + 2e-9
    assert (works["last_residents"] <= works["alone_residents"] + 1e-6).all()
    assert (works["alone_residents_low"] <= works["alone_residents"]).all()
    assert works["alone_residents"].is_monotonic_decreasing


def test_a_work_without_a_place_is_listed_and_brings_nothing() -> None:
    atlas = load_atlas()
    question = read_question(atlas, {"kind": "school_primary|school_nine_year", "radius": "500"})
    works = answer_impact(atlas, question, census_demand(atlas)).works
    assert len(works) == 5  # four primary schools and one nine-year school are counted, none has a place
    assert (works["placed"] == 0).all()
    assert (works["alone_residents"] == 0).all()


def test_impact_on_land_alone() -> None:
    atlas = load_atlas()
    question = read_question(atlas, {"kind": "metro_station", "radius": "800", "demand": "area"})
    answer = answer_impact(atlas, question, land_demand(atlas))
    assert "gained_residents" not in answer.table
    assert answer.table["gained_km2"].iloc[-1] == pytest.approx(metro_impact().table["gained_km2"].iloc[-1])


def test_gaps_and_served_make_the_whole() -> None:
    atlas, demand, reach = load_atlas(), census_demand(load_atlas()), Reach.straight(800)
    found = gaps(metro("before"), demand, reach, load_gazetteer())
    table = coverage(atlas, metro("before"), demand, reach).table
    assert found.crs == "EPSG:4326"
    for code, part in found.groupby("district_code"):
        row = table.loc[code]
        # drawn discs lose 0.04 % of their area to their segments
        assert part["land_km2"].sum() + row["served_km2"] == pytest.approx(row["land_km2"], rel=1e-3)
        assert part["residents"].sum() + row["residents_served"] == pytest.approx(row["residents"], rel=2e-3)
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert found["residents"].is_monotonic_decreasing
    assert not found["name_zh"].isin(["", None]).any()
    assert (found["distance_p50_m"] > 800).all()


def test_gaps_do_not_overlap_and_lie_outside_reach() -> None:
    demand = census_demand(load_atlas())
    found = gaps(metro("before"), demand, Reach.straight(800), load_gazetteer()).to_crs(4549)
    whole = shapely.union_all(found.geometry.to_numpy()).area
    assert found.area.sum() == pytest.approx(whole, rel=1e-6)
    discs = shapely.union_all(shapely.buffer(shapely.points(*metro("before").xy), 795, quad_segs=64))
    assert shapely.area(shapely.intersection(found.geometry.to_numpy(), discs)).max() < 1


def test_a_gap_far_from_every_place_is_named_by_the_nearest() -> None:
    found = gaps(metro("before"), census_demand(load_atlas()), Reach.straight(800), load_gazetteer(), limit=5)
    assert len(found) == 5
    places = load_gazetteer().places
    for _, row in found.iterrows():
        assert places.at[row["place_id"], "district_code"] == row["district_code"]


def test_no_gap_is_left_when_all_is_served() -> None:
    found = gaps(metro("before"), census_demand(load_atlas()), Reach.straight(100_000), load_gazetteer())
    assert found.empty


def test_gaps_along_streets_follow_cells() -> None:
    demand = census_demand(load_atlas())
    x, y = (float(values[0]) for values in metro("before").xy)
    street = gpd.GeoDataFrame(geometry=[shapely.LineString([(x - 3000, y), (x, y), (x + 3000, y)])], crs=4549)
    reach = Reach.walk(StreetNetwork.from_lines(street, "EPSG:4549"), metres=2000)
    one = metro("before").with_ids(metro("before").frame.index[:1])
    table = coverage(load_atlas(), one, demand, reach).table
    found = gaps(one, demand, reach, load_gazetteer())
    assert 0 < table["served_km2"].iloc[-1] < 6
    assert found["land_km2"].sum() + table["served_km2"].iloc[-1] == pytest.approx(
        table["land_km2"].iloc[-1], rel=1e-3
    )
