"""Every file of ``tests/cases`` is read for what it means: names, quantities, dates, what is asked and what is remarked.

What is right was written down for each kind before it was made to hold; positions are computed here with pyproj alone, or are the
numbers that the files were made of. ``tests/pages/test_cases.py`` holds the page and the command line to this plan.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pytest

from geo.register.city import Atlas
from tests.ingest.plans_of_cases import METRE, case_of, counts, holds, remarks, rules

# Totals, units, names


def test_berths_are_counted_once(plan_of_case) -> None:
    plan = plan_of_case("planner/t14_berths_total.xlsx")
    assert counts(plan) == {"new": 4}
    assert plan.rows["quantity"].sum() == 1000
    assert not set(plan.rows["name_zh"]) & {"合计"}
    assert re.search(r"1 行是合计.*第 7 行", remarks(plan))
    holds(plan, 3, status="completed", end_date=date(2021, 11, 30), district_code="320213")


@pytest.mark.parametrize(
    ("name", "works", "passed"),
    [
        ("totals_in_name", {"测试一村": 32000.0, "测试二村": 21000.0, "测试三村": 15000.0}, "5、7、8"),
        ("totals_count", {"测试一村": 32000.0, "测试二村": 21000.0, "测试三村": 15000.0}, "5、7"),
        ("totals_spaced", {"测试一村": 32000.0, "测试二村": 21000.0}, "5、6"),
    ],
)
def test_totals_are_never_works(name: str, works: dict[str, float], passed: str, plan_of_case) -> None:
    plan = plan_of_case(f"planner/{name}.xlsx")
    assert dict(zip(plan.rows["name_zh"], plan.rows["quantity"].round(6), strict=True)) == works
    assert {str(row["name_zh"]) for row in plan.made.works} == set(works)
    assert f"第 {passed} 行" in remarks(plan)
    assert "所列各行之和" not in remarks(plan), "the totals of this list are right"
    assert ("“其中”" in remarks(plan)) == (name == "totals_spaced")


AREA_NAMES: Final = (
    "hdr_0",
    "hdr_1",
    "hdr_2",
    "hdr_3",
    "hdr_4",
    "hdr_5",
    "hdr_8",
    "hdr_10",
    "unit_danwei_wan",
    "unit_mianji_wan",
    "unit_wan_pingmi",
)


@pytest.mark.parametrize("name", AREA_NAMES)
def test_areas_in_ten_thousands(name: str, plan_of_case) -> None:
    plan = plan_of_case(f"planner/{name}.xlsx")
    holds(plan, 2, quantity=32000.0, unit="m2", name_zh="甲村", status="implementation")
    assert re.search("乘以 10000，记为 m2", remarks(plan)), "the unit that was taken is shown"


def test_money_is_no_area(plan_of_case) -> None:
    plan = plan_of_case("planner/hdr_7.xlsx")
    assert np.isnan(plan.rows.at[2, "quantity"])
    assert plan.rows.at[2, "own"] == '{"总投资（亿元）": 3.2}'


@pytest.mark.parametrize("name", ["hdr_plan_actual", "hdr_actual_plan", "hdr_plan_actual_full"])
def test_planned_and_actual_days(name: str, plan_of_case) -> None:
    plan = plan_of_case(f"planner/{name}.xlsx")
    day = date
    holds(plan, 4, start_date=day(2021, 4, 30), end_date=day(2021, 11, 30), status="completed")
    holds(plan, 4, planned_start=day(2021, 3, 31), planned_end=day(2021, 9, 30))
    holds(plan, 5, start_date=day(2021, 5, 31), end_date=None, planned_end=day(2021, 9, 30))
    holds(
        plan, 6, start_date=None, end_date=None, planned_start=day(2021, 4, 30), planned_end=day(2021, 10, 31)
    )
    first = plan.made.targets[4]
    written = {
        (one["date"], one["value"], one["confirmed"]) for one in plan.made.events if one["work_id"] == first
    }
    assert written == {
        (day(2021, 4, 30), "implementation", True),
        (day(2021, 11, 30), "completed", True),
        (day(2021, 3, 31), "implementation", False),
        (day(2021, 9, 30), "completed", False),
    }


def test_the_shapefile_of_40(plan_of_case) -> None:
    plan = plan_of_case("planner/02_改造小区4528.zip")
    drawn = gpd.read_file(case_of("planner/02_改造小区4528.zip").path, encoding="gbk")
    right = drawn.to_crs("EPSG:4326")
    assert counts(plan) == {"new": 40}
    assert (plan.system.system, plan.system.how) == ("EPSG:4528", "declared")
    assert plan.mapping.columns["quantity"] == "建筑面积万"
    assert np.allclose(plan.rows["quantity"], drawn["建筑面积万"] * 10_000)
    assert [
        right.geometry.iloc[at].contains(gpd.points_from_xy([row["lon"]], [row["lat"]])[0])
        for at, (_, row) in enumerate(plan.rows.iterrows())
    ] == [True] * 40
    off = [
        one.hausdorff_distance(other) for one, other in zip(plan.rows["shape"], right.geometry, strict=True)
    ]
    assert max(off) < 2 * METRE
    assert '"受益户数": 293' in plan.rows.at[1, "own"]


def test_one_name_in_several_districts(plan_of_case) -> None:
    for name in ("same_name_other_district", "same_name_with_district"):
        plan = plan_of_case(f"planner/{name}.csv")
        assert counts(plan) == {"new": 3}
        assert "same_name" not in rules(plan)
        holds(plan, 2, lon=120.2985, lat=31.5702, quantity=300.0)
        holds(plan, 3, lon=119.8201, lat=31.3602, quantity=200.0)
        holds(plan, 4, lon=120.2701, lat=31.9102, quantity=250.0)


def test_an_address_in_another_district(plan_of_case) -> None:
    plan = plan_of_case("planner/address_says_other_district.csv")
    text = remarks(plan)
    assert "地址写的是滨湖区" in text
    assert "地址写的是宜兴市" in text


def test_schools_get_places(plan_of_case, atlas: Atlas) -> None:
    plan = plan_of_case("planner/schools_with_coordinates.csv")
    names = atlas.register.facilities["name_zh"]
    placed = {str(one["facility_id"]): json.loads(one["value"]) for one in plan.made.facility_events}
    assert counts(plan) == {"update": 4, "question": 1}
    assert "F-022" in remarks(plan), "known by a bus stop of its name 5 km away, which is asked"
    for row in plan.rows.index[plan.rows["verdict"] == "update"]:
        known = str(plan.rows.at[row, "target"])
        assert names[known] == plan.rows.at[row, "name_zh"]
        assert placed[known]["lon"] == plan.rows.at[row, "lon"]
    for row, lon in zip((2, 3, 4), (120.3, 120.305, 120.31), strict=True):
        holds(plan, row, lon=lon, lat=31.57)
    campuses = {plan.rows.at[2, "target"], plan.rows.at[3, "target"]}
    assert campuses == {"F-002", "F-003"}, "two campuses are told apart by what stands in brackets"


def test_a_list_of_another_year(plan_of_case) -> None:
    plan = plan_of_case("planner/list_of_2023.xlsx")
    assert set(plan.rows["year"]) == {"2023"}
    assert {work["counted"] for work in plan.made.works} == {"no"}
    assert "标题写的是 2023 年" in remarks(plan)
    holds(plan, 3, end_date=date(2023, 11, 30), quantity=32000.0)


def test_the_list_of_166(plan_of_case) -> None:
    plan = plan_of_case("planner/01_老旧小区166.xlsx", crs="GCJ02")
    text = remarks(plan)
    assert len(plan.rows) == 166
    assert "12 行在表里是隐藏的" in text
    assert "8 行是合计" in text
    assert "隐藏的工作表，没有读：2020年清单" in text
    own = plan.rows["own"].dropna()
    assert len(own) == 166
    assert all("户" in cell and "投资" in cell for cell in own)
    assert plan.rows["quantity"].min() > 1000


@pytest.mark.parametrize("answer", ["", "decimal"])
def test_decimal_commas(answer: str, plan_of_case) -> None:
    given = {"decimal_comma": answer} if answer else {}
    plan = plan_of_case("planner/decimal_comma.csv", rules=given, crs="WGS84" if answer else "")
    if answer:
        holds(plan, 2, lon=120.31003, lat=31.587508, quantity=87.0)
    else:
        assert rules(plan) == {"crs", "decimal_comma"}
        assert "没有坐标" not in remarks(plan)


def test_brackets_are_of_the_name(plan_of_case) -> None:
    plan = plan_of_case("planner/brackets.csv")
    assert list(plan.rows["name_zh"]) == ["万达停车场(东门)", "万达停车场(1号楼)", "万达停车场"]
    assert counts(plan) == {"new": 3}
