"""What an import would do with new rows: events, places, and rejected rows by field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely

from geo.places.crs import convert
from geo.register.city import Atlas
from tests.ingest.one_row import one, said
from tests.ingest.row_findings import findings_of

LAKE = (120.145221, 31.402638)


def test_a_new_work_with_its_events_and_source(plan_of) -> None:
    plan = plan_of(
        one(户数="350户", 开工日期="2021年3月", 计划竣工="2021-10-31"),
        sha256="ab" * 32,
        file_name="清单.xlsx",
    )
    assert plan.counts["new"] == 1
    batch = plan.batch()
    (work,) = batch.works
    assert work["work_id"].startswith("U01-2021-")
    assert (work["lon"], work["lat"], work["crs_original"], work["x_original"]) == (
        120.301234,
        31.581234,
        "WGS84",
        "120.301234",
    )
    assert (work["quantity"], work["unit"], work["counted"], work["accuracy_m"]) == (350, "户", "yes", 100)
    told = {(e["date"], e["date_precision"], e["value"], e["confirmed"]) for e in batch.events}
    assert told == {
        (date(2021, 3, 31), "month", "implementation", True),
        (date(2021, 12, 20), "day", "completed", True),
        (date(2021, 10, 31), "day", "completed", False),
    }
    (source,) = batch.sources
    assert source["publisher"] == "试验局"
    assert "ab" * 32 in source["citation"]
    assert {event["source_id"] for event in batch.events} == {source["source_id"]} == {work["source_id"]}


def test_coordinates_of_a_map_service_are_converted_and_kept(plan_of) -> None:
    x, y = convert([120.3], [31.58], source="WGS84", target="GCJ02")
    x, y = round(float(x[0]), 6), round(float(y[0]), 6)
    plan = plan_of(one(经度=x, 纬度=y), crs="高德")
    (work,) = plan.made.works
    assert (work["lon"], work["lat"]) == pytest.approx((120.3, 31.58), abs=2e-6)
    assert (work["crs_original"], work["x_original"], work["y_original"]) == ("GCJ02", repr(x), repr(y))


def test_metres_of_a_zone_are_converted(plan_of) -> None:
    plan = plan_of(one(经度=40525123.4, 纬度=3495000.2), crs="EPSG:4528")
    (work,) = plan.made.works
    assert work["crs_original"] == "EPSG:4528"
    assert 120.2 < work["lon"] < 120.3
    assert 31.5 < work["lat"] < 31.6


def test_no_system_is_asked_not_guessed(plan_of) -> None:
    plan = plan_of(one(), crs="")
    assert plan.counts["question"] == 1
    assert [found.rule for found, _n in plan.questions] == ["crs"]
    assert plan.empty
    assert plan_of(one(), crs="", rules={"crs": "WGS84"}).counts["new"] == 1
    assert plan_of(one(坐标系="WGS84"), crs="").counts["new"] == 1


def test_few_decimals_make_a_wide_place(plan_of) -> None:
    (work,) = plan_of(one(经度=120.3, 纬度=31.6)).made.works
    assert work["accuracy_m"] > 5000


@pytest.mark.parametrize(
    ("cells", "level", "field"),
    [
        ({"小区名称": None}, "error", "name_zh"),
        ({"小区名称": "长" * 201}, "error", "name_zh"),
        ({"小区名称": "有\0符"}, "error", "name_zh"),
        ({"户数": -3}, "error", "quantity"),
        ({"户数": "许多"}, "error", "quantity"),
        ({"竣工日期": "2021-02-30"}, "error", "end_date"),
        ({"竣工日期": "2031-02-20"}, "error", "end_date"),
        ({"开工日期": "2022-01-20"}, "error", "end_date"),
        ({"竣工日期": "44561"}, "question", "end_date"),
        ({"状态": "在建"}, "question", "status"),
        ({"状态": "乱写"}, "question", "status"),
        ({"状态日期": "2031-01-01"}, "error", "status_date"),
        ({"区县": "江宁区"}, "error", "district_code"),
        ({"区县": "宜兴市"}, "question", "district_code"),
        ({"经度": 31.58, "纬度": 120.3}, "error", "lon"),
        ({"经度": 0, "纬度": 0}, "error", "lon"),
        ({"经度": None}, "error", "lon"),
        ({"经度": "120,3"}, "question", "lon"),
        ({"经度": 121.5, "纬度": 31.2}, "question", "lon"),
        ({"经度": LAKE[0], "纬度": LAKE[1], "区县": "滨湖区"}, "warning", "lon"),
        ({"计划条目": "Z99"}, "error", "item_id"),
        ({"设施类型": "castle"}, "error", "facility_kind"),
        ({"项目编号": "U01-1999-123"}, "error", "work_id"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_field(
    plan_of, cells: dict[str, Any], level: str, field: str
) -> None:
    plan = plan_of(one(**cells))
    assert (level, field) in said(plan)
    verdict = {"error": "rejected", "question": "question", "warning": "new"}[level]
    assert plan.rows.at[2, "verdict"] == verdict
    for found in plan.findings:
        assert "2" in found.where("zh")
        assert found.text("zh")
        assert found.text("en") != found.text("zh")
    assert (len(plan.made.works) == 1) == (verdict == "new")


def test_a_swap_is_named_as_one(plan_of) -> None:
    (found,) = findings_of(plan_of(one(经度=31.58, 纬度=120.3)), 2)
    assert found.repair
    assert "写反" in found.text()
    assert found.column == "经度"


def test_a_place_near_the_border_of_its_district_is_a_remark(plan_of, atlas: Atlas) -> None:
    borders = atlas.districts.geometry
    shared = borders["320213"].boundary.intersection(borders["320211"].boundary)
    spot = shapely.ops.nearest_points(shared, borders["320211"].representative_point())[0]
    step = 0.001 if borders["320211"].covers(shapely.Point(spot.x - 0.001, spot.y)) else -0.001
    plan = plan_of(one(区县="梁溪区", 经度=round(spot.x - step, 6), 纬度=round(spot.y, 6)))
    assert said(plan) in ([("warning", "district_code")], [])
    assert plan.counts["new"] == 1


def test_a_row_without_coordinates_stands_for_its_town(plan_of, gazetteer) -> None:
    plan = plan_of(one(经度=None, 纬度=None, 区县="惠山区", 街道="前洲街道"))
    (work,) = plan.made.works
    place = gazetteer.locate("前洲", "320206")
    assert (work["lon"], work["accuracy_m"], work["location_basis"]) == (
        place.lon,
        place.accuracy_m,
        "place_point",
    )
    assert work["place_source_id"] == "S-GEONAMES"
    by_address = plan_of(one(经度=None, 纬度=None, 区县="惠山区", 地址="某市惠山区前洲街道兴洲路5号"))
    assert by_address.made.works[0]["lon"] == place.lon
    known_street = plan_of(one(经度=None, 纬度=None, 区县="宜兴市", 街道="宜城街道"))
    assert known_street.made.works[0]["location_basis"] == "place_point"
    lost = plan_of(one(经度=None, 纬度=None, 地址="太湖大道8号"))
    assert (lost.made.works[0]["lon"], lost.made.works[0]["location_basis"]) == (None, "none")


def test_the_name_of_a_district_is_no_place(plan_of) -> None:
    for street in ("宜兴市", "梁溪区", "无锡"):
        assert plan_of(one(经度=None, 纬度=None, 区县="宜兴市", 街道=street)).made.works[0]["lon"] is None
