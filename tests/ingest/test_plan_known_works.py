"""What an import would do with works that are known: questions, twins, dates, quantities, shapes."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely

from geo.register.city import Atlas
from tests.ingest.one_row import one, said
from tests.ingest.row_findings import findings_of


def test_a_known_work_gets_events_and_no_copy(plan_of) -> None:
    plan = plan_of(
        one(小区名称="清名一村", 街道="清名桥街道", 经度=120.3071, 纬度=31.5521, 户数=500, 单位="户")
    )
    assert plan.counts["update"] == 1
    assert plan.rows.at[2, "target"] == "U01-2021-001"
    assert not plan.made.works
    kinds = {event["kind"]: event for event in plan.made.events}
    assert set(kinds) == {"location", "correction", "status"}
    assert json.loads(kinds["location"]["value"])["accuracy_m"] == 100
    assert json.loads(kinds["correction"]["value"]) == {"quantity": 500, "unit": "户"}


def test_a_coarser_place_never_replaces_a_finer_one(plan_of) -> None:
    plan = plan_of(one(小区名称="清名一村", 经度=None, 纬度=None, 街道="清名桥街道"))
    assert not [event for event in plan.made.events if event["kind"] == "location"]
    coarse = plan_of(one(小区名称="清名一村", 经度=120.31, 纬度=31.55, 误差="", **{"位置误差（米）": 1500}))
    assert not [event for event in coarse.made.events if event["kind"] == "location"]


def test_a_row_that_may_be_a_known_work_is_asked(plan_of) -> None:
    far = one(小区名称="清名一村")
    plan = plan_of(far)
    assert said(plan) == [("question", "name_zh")]
    keys = [key for key, _shown in findings_of(plan, 2)[0].choices]
    assert keys == ["U01-2021-001", "keep", "skip"]
    assert plan_of(far, decisions={2: "keep"}).counts["new"] == 1
    assert plan_of(far, decisions={2: "U01-2021-001"}).counts["update"] == 1
    assert plan_of(far, decisions={2: "skip"}).counts["skipped"] == 1
    assert plan_of(far | {"导入决定": ["保留"]}).counts["new"] == 1
    assert plan_of(far | {"导入决定": ["也许"]}).counts["rejected"] == 1


def test_an_earlier_stage_than_known_is_asked(plan_of) -> None:
    plan = plan_of(one(小区名称="清名一村", 经度=120.3071, 纬度=31.5521, 状态="在建", 竣工日期=None))
    assert ("question", "status") in said(plan)
    assert (
        "Completed" in findings_of(plan, 2)[0].text("en")
        or "completed" in findings_of(plan, 2)[0].text("en").lower()
    )


def test_twins_in_the_file_are_asked_and_told_apart(plan_of) -> None:
    rows = {
        "小区名称": ["试验甲村", "试验甲村", "试验乙村", "试验丙村", "试验丙村"],
        "区县": ["梁溪区", "梁溪区", "梁溪区", "梁溪区", "滨湖区"],
        "经度": [120.301234, 120.311234, 120.301254, 120.321234, 120.261234],
        "纬度": [31.581234, 31.581234, 31.581234, 31.571234, 31.541234],
    }
    plan = plan_of(rows)
    assert said(plan, 3) == [("question", "name_zh")]
    assert said(plan, 4) == [("warning", "lon")]  # two metres from row 2
    assert ("warning", "name_zh") in said(plan, 5)
    kept = plan_of(rows, decisions={3: "keep"})
    assert kept.counts["new"] == 5
    assert len({work["work_id"] for work in kept.made.works}) == 5


def test_an_unanswered_question_of_the_whole_file_is_told_once(plan_of) -> None:
    rows = {
        "小区名称": ["甲", "乙", "丙"],
        "区县": ["梁溪区"] * 3,
        "竣工日期": ["01/02/2021", "03/04/2021", "13/04/2021"],
    }
    plan = plan_of(rows)
    ((found, number),) = plan.questions
    assert (found.rule, number) == ("date_order", 2)
    assert plan.counts["question"] == 2
    answered = plan_of(rows, rules={"date_order": "dmy"})
    assert answered.counts["new"] == 3
    assert {event["date"] for event in answered.made.events} >= {
        date(2021, 2, 1),
        date(2021, 4, 3),
        date(2021, 4, 13),
    }


def test_a_year_other_than_the_promise_does_not_count(plan_of) -> None:
    (work,) = plan_of(one(年份=2022)).made.works
    assert (work["counted"], work["year"]) == ("no", "2022")
    assert "2022" in work["count_note_zh"]
    assert "2022" in work["count_note_en"]
    assert plan_of(one(), item_id="", category="community").made.works[0]["counted"] == "no"
    assert ("error", "item_id") in said(plan_of(one(), item_id=""))


def test_a_future_date_is_a_plan(plan_of) -> None:
    plan = plan_of(one(状态="在建", 竣工日期="2031-12-31", 状态日期="2023-05-01"))
    told = {(e["value"], e["confirmed"]) for e in plan.made.events}
    assert told == {("completed", False), ("implementation", True)}


def test_a_quantity_in_another_unit_than_the_item_is_asked(plan_of) -> None:
    rows = {"停车场名称": ["试验场"], "区县": ["梁溪区"], "建筑面积": ["1.2万平方米"]}
    assert ("question", "unit") in said(plan_of(rows, item_id="T14"))
    assert (
        plan_of({"停车场名称": ["试验场"], "区县": ["梁溪区"], "泊位数": [120]}, item_id="T14").counts["new"]
        == 1
    )


def test_a_line_and_a_polygon_keep_what_they_are(plan_of, atlas: Atlas) -> None:
    line = shapely.LineString([(120.30, 31.57), (120.31, 31.58)])
    area = shapely.Polygon([(120.30, 31.57), (120.31, 31.57), (120.31, 31.58), (120.30, 31.58)])
    bow = shapely.Polygon([(120.30, 31.57), (120.31, 31.58), (120.31, 31.57), (120.30, 31.58)])
    rows = {"名称": ["试验路", "试验片区", "试验结"], "区县": ["梁溪区"] * 3}
    plan = plan_of(rows, shapes=[line, area, bow], declared="EPSG:4326", crs="")
    road, block = plan.made.works
    assert road["line_id"] in plan.made.lines
    assert road["lon"] is None
    assert block["accuracy_m"] == pytest.approx(100 + 730, abs=30)
    assert area.covers(shapely.Point(block["lon"], block["lat"]))
    assert [found.rule for found in findings_of(plan, 4) if found.level == "question"] == ["geometry_repair"]
    mended = plan_of(
        rows, shapes=[line, area, bow], declared="EPSG:4326", crs="", rules={"geometry_repair": "repair"}
    )
    assert mended.counts["new"] == 3
    assert list(mended.outlines["work_id"]) == [work["work_id"] for work in mended.made.works[1:]]


def test_bad_geometries_are_refused_by_row(plan_of) -> None:
    shapes = [
        shapely.Point(float("inf"), 31),
        shapely.Polygon([(120, 31), (120, 31), (120, 31)]),
        None,
        shapely.Point(),
    ]
    plan = plan_of(
        {"名称": ["一", "二", "三", "四"], "区县": ["梁溪区"] * 4}, shapes=shapes, declared="EPSG:4326"
    )
    assert said(plan, 2) == [("error", "geometry")]
    assert said(plan, 3) == [("error", "geometry")]
    assert plan.counts["new"] == 2


def test_a_list_of_the_item_settles_whether_a_probable_work_counts(plan_of, atlas: Atlas) -> None:
    """The register counts 长欣公寓 beside the 166: only a list of the item's own projects makes it one of them."""
    rows = one(小区名称="长欣公寓", 区县="新吴区", 街道="旺庄街道", 经度=120.35217, 纬度=31.55131)
    work = atlas.pack.works.loc["U01-2021-B014"]
    assert (work["counted"], work["item_id"]) == ("probable", "U01")

    def counted(plan) -> list[str]:
        values = [json.loads(event["value"]) for event in plan.made.events if event["kind"] == "correction"]
        return [value["counted"] for value in values if "counted" in value]

    asked = plan_of(rows)
    assert ("question", "item_id") in said(asked)
    assert counted(asked) == []
    as_list = plan_of(rows, rules={"may_count": "count"})
    assert ("warning", "item_id") in said(as_list)
    assert counted(as_list) == ["yes"]
    beside = plan_of(rows, rules={"may_count": "beside"})
    assert counted(beside) == []
    assert ("question", "item_id") not in said(beside)
    other_year = plan_of(rows | {"年度": ["2023"]})
    assert ("question", "item_id") not in said(other_year)
    assert counted(other_year) == []
