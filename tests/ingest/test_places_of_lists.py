"""Kinds of coordinates that planners' files have: Baidu's metres, stray vertices, old datums, systems that do not fit."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.ingest.plan.list_year import years_in
from geo.places.crs import convert
from geo.places.named_systems import canonical_system

HERE = (120.30, 31.57)
ROAD = [(120.30, 31.57), (120.31, 31.575), (120.32, 31.58)]


@pytest.mark.parametrize("name", ["BD09MC", "bd-09 mc", "百度墨卡托", "百度米制坐标", "bd09meters"])
def test_names_of_baidu_mercator(name: str) -> None:
    assert canonical_system(name) == "BD09MC"


def test_baidu_mercator_comes_back_and_lies_beside_web_mercator() -> None:
    """12664762.69, 2619536 is the published example for 113.768261, 23.036282 (BD-09)."""
    x, y = convert([113.768261], [23.036282], source="BD09", target="BD09MC")
    assert (x[0], y[0]) == (pytest.approx(12664762.69, abs=1.0), pytest.approx(2619536, abs=1.0))
    lon, lat = convert(
        *convert([120.3, 119.5], [31.57, 31.0], source="WGS84", target="BD09MC"),
        source="BD09MC",
        target="WGS84",
    )
    assert np.allclose([lon, lat], [[120.3, 119.5], [31.57, 31.0]], rtol=0, atol=1e-9)


def test_baidu_metres_are_asked_not_taken_for_web_mercator(plan_of) -> None:
    x, y = convert([120.30, 120.31, 120.29], [31.57, 31.58, 31.56], source="WGS84", target="BD09MC")
    rows = {"名称": ["甲", "乙", "丙"], "x": [round(v, 2) for v in x], "y": [round(v, 2) for v in y]}
    plan = plan_of(rows, crs="")
    assert plan.counts["question"] == 3
    assert "BD09MC" in plan.system.candidates
    read = plan_of(rows, crs="BD09MC")
    assert read.rows["lon"].tolist() == pytest.approx([120.30, 120.31, 120.29], abs=2e-6)


@pytest.mark.parametrize(
    ("stray", "number"),
    [((31.571, 120.302), 2), ((0.0, 0.0), 2), ((900.0, 900.0), 2), ((-120.31, 31.57), 2), ((111.0, 25.0), 2)],
)
@pytest.mark.parametrize("kind", ["line", "polygon", "multiline"])
def test_a_stray_vertex_is_named_and_nothing_stored(plan_of, kind: str, stray, number: int) -> None:
    path = [ROAD[0], stray, *ROAD[1:]]
    shape = {
        "line": lambda: shapely.LineString(path),
        "polygon": lambda: shapely.Polygon([*path, (120.31, 31.59)]),
        "multiline": lambda: shapely.MultiLineString([path, [(120.33, 31.58), (120.34, 31.58)]]),
    }[kind]()
    rows = {"名称": ["好路", "坏路"], "所属区": ["梁溪区", "梁溪区"]}
    plan = plan_of(
        rows, shapes=[shapely.LineString(ROAD), shape], item_id="C01", rules={"geometry_repair": "repair"}
    )
    assert plan.counts["rejected"] == 1
    (error,) = [one for one in plan.findings if one.level == "error"]
    assert (error.row, error.field) == (3, "geometry")
    assert f"{number}（" in error.text()
    assert list(plan.made.targets) == [2]


def test_a_road_that_leaves_the_city_step_by_step_is_no_fault(plan_of) -> None:
    road = shapely.LineString([(120.30 + 0.1 * at, 31.57 - 0.02 * at) for at in range(10)])
    plan = plan_of({"名称": ["国道"]}, shapes=[road], item_id="C01")
    assert plan.counts["new"] == 1


def test_lines_are_checked_as_points_are(plan_of) -> None:
    away = [
        shapely.LineString([(118.78, 32.04), (118.80, 32.05)]),
        shapely.LineString([(101.7, 3.1), (101.8, 3.2)]),
    ]
    nowhere = shapely.LineString([(0.4, 0.72), (0.5, 0.73)])
    wrong = shapely.LineString([(119.80, 31.35), (119.81, 31.36)])
    rows = {"名称": ["甲", "乙", "丙", "丁"], "所属区": ["梁溪区", "滨湖区", "新吴区", "梁溪区"]}
    plan = plan_of(rows, shapes=[*away, nowhere, wrong], item_id="C01")
    assert plan.rows["verdict"].tolist() == ["question", "question", "rejected", "question"]


@pytest.mark.parametrize("system", ["EPSG:2384", "EPSG:2437", "EPSG:4610", "EPSG:4555"])
def test_old_datums_have_an_honest_accuracy(plan_of, system: str) -> None:
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4490", system, always_xy=True, allow_ballpark=True).transform(*HERE)
    plan = plan_of({"名称": ["甲"], "x": [x], "y": [y]}, crs=system)
    assert plan.rows["accuracy_m"].iloc[0] >= 150
    assert any(one.params.get("datum") for one in plan.findings if one.row is None)
    _a, _b, off = Geod(ellps="GRS80").inv(*HERE, plan.rows["lon"].iloc[0], plan.rows["lat"].iloc[0])
    assert off < plan.rows["accuracy_m"].iloc[0]


@pytest.mark.parametrize("declared", ["EPSG:4326", "EPSG:4528"])
def test_a_declared_system_that_does_not_fit_is_asked_with_what_fits(plan_of, declared: str) -> None:
    x, y = convert([120.30, 120.31], [31.57, 31.58], source="WGS84", target="EPSG:4549")
    shapes = [shapely.Point(*pair) for pair in zip(x, y, strict=True)]
    plan = plan_of({"名称": ["甲", "乙"]}, shapes=shapes, declared=declared, crs="")
    assert plan.counts["question"] == 2
    (question,) = [one for one in plan.findings if one.rule == "crs"]
    assert "EPSG:4549" in dict(question.choices)
    assert "自称" in question.text()


def test_a_declared_system_that_fits_is_taken(plan_of) -> None:
    x, y = convert([120.30, 120.31], [31.57, 31.58], source="WGS84", target="EPSG:4528")
    shapes = [shapely.Point(*pair) for pair in zip(x, y, strict=True)]
    plan = plan_of({"名称": ["甲", "乙"]}, shapes=shapes, declared="EPSG:4528", crs="")
    assert (plan.system.how, plan.counts["new"]) == ("declared", 2)


@pytest.mark.parametrize("names", [["甲", None], ["甲", " "], ["甲", "—"]])
def test_a_nameless_shape_is_rejected_in_the_preview(plan_of, names) -> None:
    plan = plan_of({"名称": names}, shapes=[shapely.Point(HERE), shapely.Point(120.31, 31.58)], item_id="C01")
    assert plan.rows["verdict"].tolist() == ["new", "rejected"]
    assert list(plan.left_out) == [3]


def test_one_name_in_two_districts_is_two_places(plan_of) -> None:
    rows = {
        "名称": ["人民医院停车场"] * 3,
        "经度": [120.2985, 119.8201, 120.2990],
        "纬度": [31.5702, 31.3602, 31.5702],
    }
    plan = plan_of(rows, into="facilities", facility_kind="car_park", item_id="")
    assert plan.rows["verdict"].tolist() == ["new", "new", "question"]


def test_an_address_in_another_district_is_a_remark(plan_of) -> None:
    rows = {
        "名称": ["甲停车场", "乙停车场"],
        "区县": ["梁溪区", None],
        "地址": ["江苏省无锡市滨湖区清扬路299号", "无锡市宜兴市通贞观路75号"],
        "经度": [120.2985, 120.2985],
        "纬度": [31.5702, 31.5802],
    }
    plan = plan_of(rows, into="facilities", facility_kind="car_park", item_id="")
    assert [(one.row, one.level) for one in plan.findings if one.field == "address"] == [
        (2, "warning"),
        (3, "warning"),
    ]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("无锡市滨湖区清扬路299号", True),
        ("江苏宜兴市通贞观路75号", True),
        ("江阴市澄江街道人民路1号", True),
        ("锡山区东亭街道 二泉路9号", True),
        ("（惠山区）政和大道188号", True),
        ("梁溪区宜兴路5号", False),
        ("清扬路299号（近滨湖区政府）", None),
    ],
)
def test_addresses_that_name_a_district(address: str, told: bool | None, plan_of) -> None:
    """``None``: either will do; the row goes in as it stands whatever its address says."""
    rows = {"名称": ["甲停车场"], "地址": [address], "经度": [120.2985], "纬度": [31.5702]}
    plan = plan_of(rows, into="facilities", facility_kind="car_park", item_id="")
    assert plan.rows.iloc[0]["verdict"] == "new"
    found = any(one.field == "address" for one in plan.findings)
    assert told is None or found is told


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("无锡市2023年老旧小区改造项目清单", {"2023"}),
        ("2021年度实施项目表", {"2021"}),
        ("2021-2023年改造计划", {"2021", "2022", "2023"}),
        ("2021至2022年度", {"2021", "2022"}),
        ("填报日期：2021年12月31日", set()),
        ("截至2022年底", set()),
        ("统计到2021.12", set()),
        ("附件1", set()),
    ],
)
def test_years_of_titles(title: str, years: set[str]) -> None:
    assert years_in(title) == years


def test_a_list_of_another_year_does_not_count(layer_of, plan_of) -> None:
    from dataclasses import replace

    rows = {"小区名称": ["甲村", "乙村"], "所属区": ["梁溪区", "滨湖区"], "竣工时间": ["2021.11", "2021.10"]}
    other = plan_of(replace(layer_of(rows), titles=("无锡市2020年老旧小区改造清单",)))
    assert {row["counted"] for row in other.made.works} == {"no"}
    assert any(one.rule == "list_year" for one in other.findings)
    dated = plan_of(rows | {"竣工时间": ["2022.11", "2022.10"]})
    assert (dated.counts["question"], dated.counts["new"]) == (2, 0)
    answered = plan_of(rows | {"竣工时间": ["2022.11", "2022.10"]}, rules={"list_year": "2021"})
    assert {row["counted"] for row in answered.made.works} == {"yes"}


def test_own_columns_stay_with_the_work(plan_of) -> None:
    rows = {
        "序号": [1],
        "小区名称": ["甲村"],
        "所属区": ["梁溪区"],
        "楼栋数": [8],
        "计划总投资\n（万元）": [691.6],
    }
    (work,) = plan_of(rows).made.works
    assert json.loads(work["attributes"]) == {"楼栋数": 8, "计划总投资 （万元）": 691.6}
    assert work["note_zh"] is None


@pytest.mark.parametrize(
    ("column", "level"), [("泊位数", "warning"), ("备注", "warning"), ("经度", "error"), ("名称", "error")]
)
@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!"])
def test_a_failed_formula_is_one_finding(plan_of, column: str, level: str, text: str) -> None:
    rows = {
        "名称": ["甲"],
        "区县": ["梁溪区"],
        "经度": [120.3],
        "纬度": [31.57],
        "泊位数": [6],
        "备注": ["好"],
    }
    plan = plan_of(rows | {column: [text]}, item_id="T14")
    found = [one for one in plan.findings if one.column == column]
    assert [(one.row, one.level, one.value) for one in found] == [(2, level, text)]
