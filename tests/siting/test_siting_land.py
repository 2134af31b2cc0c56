"""Parcels and what is excluded: every site stands in the usable part of a parcel that may be built on."""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.answer import coverage
from geo.coverage.demand import census_demand
from geo.coverage.question import demand_of, question_facilities
from geo.coverage.reach import Reach
from geo.errors import CrsError, ParameterError
from geo.register.city import Atlas
from geo.siting import Land, Siting, answer_sites, read_site_question
from geo.siting.conditions import TOUCH_M
from geo.siting.measured import with_sites
from geo.siting.question import candidates_of
from tests.depth import examples
from tests.siting.instances import HERE

CODES = ("A33", "A35", "R2", "G1", "")
MIDDLE = (120.3, 31.575)


@dataclass(frozen=True, eq=False)
class Ground:
    """Invented parcels and red lines, in metres of the city's system."""

    parcels: gpd.GeoDataFrame
    red: gpd.GeoDataFrame

    @property
    def land(self) -> Land:
        return Land(self.parcels, self.red)


def boxes(
    rng: np.random.Generator, number: int, sides: tuple[float, float], crs: str
) -> list[shapely.Polygon]:
    x0, y0 = gpd.GeoSeries([shapely.Point(MIDDLE)], crs=4326).to_crs(crs).iloc[0].coords[0]
    at, side = rng.uniform(-2500, 2500, (number, 2)), rng.uniform(*sides, (number, 2))
    return [
        shapely.box(x0 + x, y0 + y, x0 + x + wide, y0 + y + high)
        for (x, y), (wide, high) in zip(at, side, strict=True)
    ]


def ground(seed: int, crs: str) -> Ground:
    rng = np.random.default_rng(seed)
    codes = rng.choice(CODES, 25)
    columns = {"地块编号": [f"D{k}" for k in range(25)], "用地代码": codes}
    costs = {"cost": rng.integers(100, 900, 25), "places": rng.integers(2000, 9000, 25)}
    parcels = gpd.GeoDataFrame(columns | costs, geometry=boxes(rng, 25, (60, 700), crs), crs=crs)
    return Ground(parcels, gpd.GeoDataFrame(geometry=boxes(rng, 6, (300, 1200), crs), crs=crs).to_crs(4326))


def asked(atlas: Atlas, land: Land, **more: str) -> Siting:
    given_parameters = {
        "kind": "metro_station",
        "radius": "800",
        "as_of": "2021-12-31",
        "district": HERE,
        "parcels": "parcels-of-the-test",
        "exclusions": "exclusions-of-the-test",
        "land_use": "A3",
        "limit": "5",
        "k": "3",
    } | more
    question = read_site_question(atlas, {name: text for name, text in given_parameters.items() if text})
    return answer_sites(atlas, question, demand_of(atlas, "census"), land=land)


@examples(6)
@given(
    seed=st.integers(0, 2**32),
    gap=st.sampled_from(["0", "400", "1000"]),
    existing=st.sampled_from(["yes", "no"]),
    per_parcel=st.sampled_from(["1", "3"]),
    method=st.sampled_from(["exact", "greedy"]),
    budget=st.sampled_from(["", "900", "1500"]),
)
def test_every_site_stands_where_it_may(
    atlas: Atlas, seed: int, gap: str, existing: str, per_parcel: str, method: str, budget: str
) -> None:
    made = ground(seed, atlas.city.projected_crs)
    more = {
        "gap": gap,
        "existing": existing,
        "per_parcel": per_parcel,
        "method": method,
        "budget": budget,
        "spacing": "200",
    }
    try:
        answer = asked(atlas, made.land, **more)
    except ParameterError as error:
        # a ground without any usable place, or a budget below the cheapest, is refused by name
        if not re.search("没有一块能用|没有一个候选|候选只有|全部 .* 个候选|预算 .* 不够", str(error)):
            raise
        return
    sites = answer.best.sites
    crs = atlas.city.projected_crs
    points = gpd.GeoSeries(gpd.points_from_xy(sites["lon"], sites["lat"]), crs=4326).to_crs(crs)
    red = made.red.to_crs(crs).union_all()
    by_name = made.parcels.set_index("地块编号")
    for point, row in zip(points, sites.to_dict("records"), strict=True):
        parcel = by_name.loc[row["parcel"]]
        assert parcel.geometry.buffer(0.01).contains(point)
        assert not red.buffer(-0.01).contains(point)
        assert parcel["用地代码"].startswith("A3")
        assert row["land_use"] == parcel["用地代码"]
        assert not budget or row["cost"] == parcel["cost"]
    assert (sites["parcel"].value_counts() <= int(per_parcel)).all()
    assert not budget or sites["cost"].sum() <= float(budget)
    question = read_site_question(
        atlas, {"kind": "metro_station", "radius": "800", "as_of": "2021-12-31", "k": "1"}
    )
    x, y = question_facilities(atlas, question).xy
    for n, point in enumerate(points):
        others = np.hypot(points.x - point.x, points.y - point.y).drop(n)
        assert (others >= float(gap) - 2 * TOUCH_M).all()
        assert existing == "no" or (np.hypot(x - point.x, y - point.y) >= float(gap) - 2 * TOUCH_M).all()


def square(lon: float, lat: float, side: float = 0.004) -> shapely.Polygon:
    return shapely.box(lon, lat, lon + side, lat + side)


def of(shapes: list[shapely.Geometry], **columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


PARCELS = of(
    [square(120.30, 31.58), square(120.31, 31.58), square(120.32, 31.58), square(120.33, 31.58, 0.0005)],
    name=["东", "南", "西", "北"],
    DLBM=["0801", "0701", None, "0801"],
    造价=["1200", "800", "", "500"],
)


def read(atlas: Atlas, **parameters: str) -> object:
    return read_site_question(
        atlas, {"kind": "car_park", "radius": "300", "district": HERE, "k": "1", "parcels": "-"} | parameters
    )


def test_what_is_left_out_is_counted_by_reason(atlas: Atlas) -> None:
    red = of([square(120.299, 31.579, 0.003), square(120.329, 31.579)])
    found = candidates_of(atlas, read(atlas, land_use="08", spacing="100"), land=Land(PARCELS, red))
    assert set(found.frame["parcel"]) == {"东"}
    assert found.inputs["parcels_left_out"] == {"land_use_unknown": 1, "land_use": 1, "excluded": 1}
    assert found.inputs["parcels_cut"] == 1
    whole = candidates_of(atlas, read(atlas, land_use="08", spacing="100"), land=Land(PARCELS))
    assert len(whole) > len(found) > 3
    assert whole.frame["parcel"].tolist().count("北") == 1  # smaller than the grid: a point of its surface
    east, north = whole.frame.groupby("parcel")["parcel_m2"].first()[["东", "北"]]
    assert (east, north) == pytest.approx((380 * 443, 47.5 * 55.4), rel=0.01)


def test_costs_are_read_from_the_usual_column_and_a_parcel_without_one_is_left_out(atlas: Atlas) -> None:
    found = candidates_of(atlas, read(atlas, budget="2000", spacing="300"), land=Land(PARCELS))
    assert found.frame.groupby("parcel")["cost"].first().to_dict() == {"东": 1200, "南": 800, "北": 500}
    assert found.inputs["parcels_left_out"] == {"no_cost": 1}


@pytest.mark.parametrize(
    ("land", "parameters", "message"),
    [
        (Land(PARCELS), {"land_use": "A33"}, "没有一块能用：不是多边形 0，没写用地代码 1，用地不符 3"),
        (Land(PARCELS), {"land_use_column": "code"}, "没有“code”这一列"),
        (Land(PARCELS[["name", "geometry"]]), {"land_use": "A33"}, "没有用地代码列"),
        (Land(PARCELS[["name", "geometry"]]), {"budget": "9"}, "没有费用列"),
        (Land(PARCELS), {"cost_column": "name"}, "第 1、2、3、4 行的“name”不是数"),
        (Land(PARCELS), {"least_area": "1000000"}, "不够大 4"),
        (Land(PARCELS, of([square(120.2, 31.5, 0.3)])), {}, "全被排除 4"),
        (
            Land(PARCELS, of([shapely.LineString([(120.3, 31.5), (120.4, 31.6)])])),
            {},
            "排除范围第 1 行不是多边形",
        ),
        (Land(of([square(125.0, 31.0)])), {}, "市域以外 1"),
        (Land(of([shapely.Point(120.3, 31.58), square(120.3, 31.58)])), {}, "地块第 1 行不是有效的多边形"),
        (Land(PARCELS), {"spacing": "20", "per_parcel": "0"}, "per_parcel"),
    ],
)
def test_faults_of_land_are_named(atlas: Atlas, land: Land, parameters: dict[str, str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        candidates_of(atlas, read(atlas, **parameters), land=land)


def test_land_without_a_coordinate_system_is_refused(atlas: Atlas) -> None:
    nowhere = PARCELS.set_crs(None, allow_override=True)
    for land in (Land(nowhere), Land(PARCELS, nowhere)):
        with pytest.raises(CrsError):
            candidates_of(atlas, read(atlas), land=land)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"budget": "100"}, "只有候选地块才有"),
        ({"candidates": "parcels"}, "没有给出地块"),
        ({"k": ""}, "选址数量 k"),
    ],
)
def test_questions_that_do_not_fit_together(atlas: Atlas, parameters: dict[str, str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read(atlas, parcels="", **parameters)


def test_a_crossed_area_excludes_all_that_it_encloses(atlas: Atlas) -> None:
    bow = shapely.Polygon([(120.292, 31.56), (120.312, 31.59), (120.292, 31.59), (120.312, 31.56)])
    found = candidates_of(atlas, read(atlas, spacing="100"), land=Land(PARCELS, of([bow])))
    assert any("自相交" in text for text, _values in found.notes)
    usable = found.frame.groupby("parcel")["parcel_m2"].first()
    # 东 lies wholly in the upper wing of the bow; the others touch neither wing
    assert set(usable.index) == {"南", "西", "北"}


@pytest.mark.parametrize(("water", "lake"), [("", 1), ("no", 0)])
def test_lakes_are_excluded_unless_they_are_not(atlas: Atlas, water: str, lake: int) -> None:
    parameters = {
        "kind": "car_park", "radius": "300", "k": "1", "points": "120.30,31.58;120.20,31.35", "water": water,
    }  # fmt: skip
    question = read_site_question(atlas, {name: text for name, text in parameters.items() if text})
    found = candidates_of(atlas, question)
    assert found.inputs.get("left_out", {}).get("water", 0) == lake
    assert len(found) == 2 - lake


def test_one_s_own_sites_where_none_may_stand_are_measured_and_never_chosen(atlas: Atlas) -> None:
    made = ground(11, atlas.city.projected_crs)
    answer = asked(atlas, made.land, own="120.30,31.575;120.28,31.57", k="5", gap="500")
    assert answer.own is not None
    assert len(answer.own.sites) == 2
    assert set(answer.best.sites["origin"]) == {"parcels"}
    assert any("只作比较" in line for line in answer.messages())


def test_parcels_of_another_facility_are_taken(atlas: Atlas) -> None:
    first = asked(atlas, Land(PARCELS), land_use="", exclusions="", k="1", spacing="100")
    site = first.best.sites.iloc[0]
    place = f"{site['lon']},{site['lat']}"
    second = asked(
        atlas, Land(PARCELS), land_use="", exclusions="", kind="car_park", taken=place, k="1", spacing="100"
    )
    assert second.inputs["parcels_left_out"] == {"taken": 1}
    assert set(second.best.sites["parcel"]) < set(PARCELS["name"]) - {site["parcel"]}
    question = read_site_question(
        atlas,
        {"kind": "car_park", "radius": "300", "k": "1", "points": f"{place};120.3,31.58", "taken": place},
    )
    found = candidates_of(atlas, question)
    assert (len(found), found.inputs["left_out"]) == (1, {"taken": 1})


def test_what_the_plan_owes_is_compared(atlas: Atlas) -> None:
    question = read_site_question(
        atlas,
        {"kind": "metro_station", "radius": "800", "as_of": "2021-12-31", "k": "3", "spacing": "2000"},
    )
    answer = answer_sites(atlas, question, census_demand(atlas))
    assert answer.owed is not None
    now = question_facilities(atlas, question)
    planned = question_facilities(atlas, question, "planned")
    reach = Reach.straight(800)
    totals = [
        coverage(atlas, each, census_demand(atlas), reach).table["residents_served"].iloc[-1]
        for each in (now, planned, with_sites(planned, answer.best.sites))
    ]
    assert answer.owed.gained == pytest.approx(totals[1] - totals[0], rel=1e-6)
    assert answer.owed.on_top == pytest.approx(totals[2] - totals[1], rel=1e-6, abs=1)
    assert 0 < answer.owed.on_top < answer.best.gained
    missing = planned.frame["lon"].isna() & ~planned.frame.index.isin(now.frame.index)
    assert len(answer.owed.works.unplaced) == missing.sum()
    assert f"{missing.sum()} 处没有位置" in answer.owed.text()
