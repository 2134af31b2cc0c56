"""Equity: Gini, Lorenz and floating catchments against other formulas, and what must be said."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.coverage.catchment import catchments, steps, two_step
from geo.coverage.demand import Demand, census_demand, land_demand
from geo.coverage.equity import Equity, equity, gini, lorenz, supply_of
from geo.coverage.reach import Reach, distances
from geo.kernels.network import StreetNetwork
from geo.register.city import Atlas
from geo.register.facilities import Facilities, facility_set
from tests.depth import examples

TODAY = date(2026, 11, 24)
numbers = st.floats(0, 1e5, allow_subnormal=False)
people = st.lists(st.tuples(numbers, st.integers(1, 50)), min_size=1, max_size=25)


def primary() -> Facilities:
    return facility_set(load_atlas().register, ("school_primary",), "planned", TODAY)


@lru_cache(maxsize=4)
def asked(kind: str = "metro_station") -> Equity:
    facilities = facility_set(load_atlas().register, (kind,), "planned", TODAY)
    return equity(load_atlas(), facilities, census_demand(load_atlas()), Reach.straight(1500))


@examples(80)
@given(pairs=people)
def test_gini_is_half_the_relative_mean_difference(pairs: list[tuple[float, int]]) -> None:
    """By definition: the mean difference of every two persons, over twice the mean."""
    values, weights = np.array(pairs, "float64").T
    each = np.repeat(values, weights.astype(int))
    mean = each.mean()
    want = np.abs(each[:, None] - each).mean() / (2 * mean) if mean > 0 else 0.0
    assert gini(values, weights) == pytest.approx(want, abs=1e-9)


@examples(40)
@given(pairs=people)
def test_the_lorenz_curve_is_bowed_and_bounds_the_gini(pairs: list[tuple[float, int]]) -> None:
    values, weights = np.array(pairs, "float64").T
    curve = lorenz(values, weights, points=2001)
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].to_numpy() == pytest.approx([1, 1])
    assert (np.diff(curve["distance"], 2) >= -1e-9).all()
    area = np.trapezoid(curve["distance"], curve["demand"])
    assert 1 - 2 * area == pytest.approx(gini(values, weights), abs=2e-3)


def test_known_ginis() -> None:
    assert gini(np.array([5.0, 5.0]), np.array([1.0, 9.0])) == 0
    assert gini(np.array([0.0, 1.0]), np.array([1.0, 1.0])) == 0.5
    assert gini(np.array([0.0, 0.0]), np.array([1.0, 1.0])) == 0
    assert math.isnan(gini(np.array([]), np.array([])))


def dense(
    distance: np.ndarray, people: np.ndarray, supply: np.ndarray, radius: float, *, bands: bool
) -> np.ndarray:
    """Both steps written out over the whole matrix of cells and sites."""
    weight = np.where(distance <= radius, 1.0, 0.0)
    if bands:
        weight = np.select(
            [distance <= radius / 3, distance <= 2 * radius / 3, distance <= radius], [1.0, 0.68, 0.22], 0.0
        )
    access = np.zeros(len(people))
    for j in range(len(supply)):
        asking = sum(weight[i, j] * people[i] for i in range(len(people)))
        for i in range(len(people)):
            if asking > 0:
                access[i] += weight[i, j] * supply[j] / asking
    return access


@examples(30)
@given(seed=st.integers(0, 10_000), radius=st.sampled_from([10.0, 300.0, 900.0]))
def test_floating_catchments_are_those_of_the_whole_matrix(seed: int, radius: float) -> None:
    rng = np.random.default_rng(seed)
    distance = np.round(rng.uniform(0, 1000, (12, 4)), -2)  # many exactly on a step
    residents, supply = rng.uniform(0, 50, 12), rng.uniform(0, 9, 4)
    cell, site = np.nonzero(distance <= radius)
    far = distance[cell, site]
    plain = two_step(cell, site, np.ones(far.size), residents, supply)
    banded = two_step(cell, site, steps(far, radius), residents, supply)
    assert plain == pytest.approx(dense(distance, residents, supply, radius, bands=False))
    assert banded == pytest.approx(dense(distance, residents, supply, radius, bands=True))
    reached = np.isin(np.arange(4), site[residents[cell] > 0])
    assert (plain * residents).sum() == pytest.approx(supply[reached].sum())  # all supply goes to somebody


def town() -> tuple[Demand, Facilities]:
    """The city's land, and three places of our own."""
    at = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([120.3, 120.31, 120.45], [31.57, 31.57, 31.6]), crs=4326
    )
    facilities = Facilities.from_frame(at, "EPSG:4549")
    facilities.frame["district_code"] = ["320213", "320213|320211", "320205"]
    return census_demand(load_atlas()), facilities


def test_pairs_are_within_reach_and_complete() -> None:
    demand, facilities = town()
    cell, site, far = catchments(facilities, demand, Reach.straight(700))
    inside = demand.lattice.zone >= 0
    nearest = np.full(int(inside.sum()), np.inf)
    np.minimum.at(nearest, cell, far)
    all_far = distances(facilities, demand, Reach.straight(700))[inside]
    assert ((all_far <= 700) == np.isfinite(nearest)).all()
    assert nearest[np.isfinite(nearest)] == pytest.approx(all_far[np.isfinite(nearest)])
    assert set(site.tolist()) == {0, 1, 2}


def test_walked_pairs_are_walks() -> None:
    demand, facilities = town()
    x, y = facilities.xy
    lines = [shapely.LineString([(x[0] - 2000, y[0]), (x[0], y[0]), (x[1] + 2000, y[1])])]
    streets = StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=lines, crs=4549), "EPSG:4549")
    cell, _site, far = catchments(facilities, demand, Reach.walk(streets, metres=600))
    straight_cell, _s, straight = catchments(facilities, demand, Reach.straight(600))
    nearest = dict(zip(straight_cell.tolist(), straight.tolist(), strict=True))
    assert 0 < len(cell) < len(straight_cell)
    assert (far <= 600).all()
    assert all(
        nearest[k] <= walked + 1e-6 or len(facilities.frame) > 1
        for k, walked in zip(cell.tolist(), far, strict=True)
    )


def test_supply_by_district_and_per_thousand() -> None:
    """A facility on a border gives half to either side; what is not known is counted, not zero."""
    demand, facilities = town()
    given_supply = {"0": 300.0, "1": 100.0}
    found = equity(load_atlas(), facilities, demand, Reach.straight(700), supply=given_supply)
    table = found.table
    assert table.loc["320213", "supply"] == 350
    assert table.loc["320211", "supply"] == 50
    assert table.loc["320205", "facilities_without"] == 1
    assert math.isnan(table.loc["320205", "per_1000"])
    people = load_atlas().districts.loc["320213", "residents_2020"]
    assert table.loc["320213", "per_1000"] == pytest.approx(1000 * 350 / people)
    city = table.iloc[-1]
    assert city["supply"] == 400
    # every place of supply is somebody's: access weighted by residents gives the supply back
    assert city["access_2sfca"] * city["demand"] / 1000 == pytest.approx(400)
    assert city["access_e2sfca"] * city["demand"] / 1000 == pytest.approx(400)


def test_the_summary_by_hand() -> None:
    found = asked()
    parts = found.table.iloc[:-1]
    shares, residents = parts["share"].to_numpy(), parts["demand"].to_numpy()
    mean = (shares * residents).sum() / residents.sum()
    assert found.summary["gap"] == shares.max() - shares.min()
    assert found.summary["variance"] == pytest.approx(
        (residents * (shares - mean) ** 2).sum() / residents.sum()
    )
    assert found.summary["share"] == pytest.approx(mean)
    assert found.table["beyond"].iloc[:-1].sum() == pytest.approx(found.summary["beyond"])
    assert found.summary["beyond"] <= residents.sum() * (1 - mean) + 1
    assert 0 < found.summary["gini"] < 1


def test_what_is_not_known_is_said() -> None:
    assert any("没有这类设施的供给数量" in text for text in asked().messages())
    parks = facility_set(load_atlas().register, ("car_park",), "planned", TODAY)
    known, unit = supply_of(parks)
    assert unit == "个"
    assert 0 < known.notna().sum() < len(known)
    found = equity(load_atlas(), parks, census_demand(load_atlas()), Reach.straight(1500))
    assert any(f"只有 {int(known.notna().sum())} 处" in text for text in found.messages())
    assert found.table["supply"].iloc[-1] == known.sum()
    assert supply_of(primary())[1] == "班"
    assert supply_of(primary(), "m2 用地")[0].notna().sum() > 0


def test_land_alone_has_no_people_and_no_supply() -> None:
    facilities = facility_set(load_atlas().register, ("metro_station",), "planned", TODAY)
    found = equity(load_atlas(), facilities, land_demand(load_atlas()), Reach.straight(800))
    assert found.summary["measure"] == "share_area"
    assert "per_1000" not in found.table
    assert found.summary["beyond"] < found.table["demand"].iloc[-1]


def test_no_facility_at_all() -> None:
    facilities = facility_set(load_atlas().register, ("metro_station",), "planned", TODAY).with_ids([])
    found = equity(load_atlas(), facilities, census_demand(load_atlas()), Reach.straight(800))
    assert math.isnan(found.summary["gini"])
    assert found.summary["unreached"] == pytest.approx(found.table["demand"].iloc[-1])
    assert any("到不了任何设施" in text for text in found.messages())
    assert isinstance(found.lorenz, pd.DataFrame)


def test_supply_of_a_work_is_what_events_made_of_it(atlas: Atlas) -> None:
    """A correction of a car park's number of berths counts from its day on."""
    kind, day = ("car_park",), date(2025, 3, 1)
    rows = atlas.register.works
    work_id = rows.index[
        (rows["facility_kind"] == "car_park") & (rows["unit"] == "个") & rows["quantity"].notna()
    ][0]
    value = json.dumps({"quantity": float(rows.at[work_id, "quantity"]) + 1000})
    event = dict.fromkeys(atlas.pack.events.columns) | {
        "event_id": "X", "work_id": work_id, "date": day, "date_precision": "day", "kind": "correction", "value": value,
        "confirmed": True, "source_id": "S-PLAN",
    }  # fmt: skip
    events = pd.concat([atlas.pack.events, pd.DataFrame([event], dtype=object)], ignore_index=True)
    register = replace(atlas.register, pack=replace(atlas.pack, events=events))
    eve, then = (
        supply_of(facility_set(register, kind, "planned", each))[0] for each in (date(2025, 2, 28), day)
    )
    assert then[work_id] == eve[work_id] + 1000
    assert then.drop(work_id).equals(eve.drop(work_id))
