"""What an import would do: good rows, questions, rejected rows, counts before and after; and that nothing is doubled."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pandas as pd
import pytest
import shapely

from geo.errors import AtlasError
from geo.ingest.cells.columns import guess_mapping
from geo.ingest.plan.import_plan import ImportPlan, Options, make_plan
from geo.ingest.plan.preview import trial_pack
from geo.ingest.reading.model import Layer
from geo.places.crs import convert
from geo.register.city import Atlas
from geo.register.register import Register
from tests.ingest.row_findings import findings_of

TODAY = date(2023, 6, 30)
LAKE = (120.145221, 31.402638)


def one(**cells: Any) -> dict[str, list[Any]]:
    usual = {
        "小区名称": "试验甲村",
        "区县": "梁溪区",
        "经度": 120.301234,
        "纬度": 31.581234,
        "状态": "已完工",
        "竣工日期": "2021-12-20",
    }
    return {name: [value] for name, value in (usual | cells).items()}


def said(plan: ImportPlan, row: int = 2) -> list[tuple[str, str]]:
    return [(found.level, found.field) for found in findings_of(plan, row)]


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
        ({"状态": "乱写"}, "error", "status"),
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


def test_the_demonstration_list(atlas: Atlas, plan_of, make_list, layer_of) -> None:
    frame = make_list.communities(atlas)
    plan = plan_of(_layer(frame), crs="GCJ02")
    assert plan.counts | {} == {
        "new": 142,
        "update": 21,
        "known": 0,
        "question": 0,
        "rejected": 3,
        "skipped": 0,
        "blank": 0,
    }
    before_after = plan.preview.items.loc["U01"]
    assert (before_after["named_before"], before_after["named_after"]) == (21, 163)
    assert before_after["placed_after"] == 163
    assert plan.preview.districts["named_after"].sum() - plan.preview.districts["named_before"].sum() == 142
    (over,) = (
        plan.preview.over
    )  # 126 done elsewhere, and the 106 of one district that are reported as a number alone
    assert (over.params["item"], over.params["target"]) == ("U01 老旧小区整治", 166)
    assert (over.params["done_before"], over.params["named_after"]) == (108, 163)
    assert over.params["done_after"] > 166
    assert "多于承诺的 166" in over.text()
    placed_by_town = [work for work in plan.made.works if work["location_basis"] == "place_point"]
    assert len(placed_by_town) == len(make_list.UNPLACED)


def test_the_rejected_rows_come_back_mended(atlas: Atlas, plan_of, make_list) -> None:
    plan = plan_of(_layer(make_list.communities(atlas)), crs="GCJ02")
    for form, read in (("xlsx", pd.read_excel), ("csv", pd.read_csv)):
        frame = read(io.BytesIO(plan.rejected_file(form)))
        assert len(frame) == 3
        assert frame["导入问题"].str.len().min() > 10
        assert plan_of(_layer(frame), crs="GCJ02").counts["rejected"] == 3
        swapped, impossible, negative = frame.index
        frame.loc[swapped, ["经度", "纬度"]] = frame.loc[swapped, ["纬度", "经度"]].to_numpy()
        frame.loc[impossible, "竣工日期"] = "2021-11-30"
        frame.loc[negative, "户数"] *= -1
        assert plan_of(_layer(frame), crs="GCJ02").counts["new"] == 3
    with pytest.raises(AtlasError, match="xlsx"):
        plan.rejected_file("pdf")


def test_formulas_in_rejected_rows_stay_text(plan_of) -> None:
    plan = plan_of(one(小区名称="=1+1", 户数=-1))
    assert "'=1+1" in plan.rejected_file("csv").decode("utf-8-sig")
    from openpyxl import load_workbook

    cell = load_workbook(io.BytesIO(plan.rejected_file("xlsx"))).active["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_list_imported_again_says_nothing_new(atlas: Atlas, gazetteer, make_list) -> None:
    """Works and events of the first import are in the register: the second one adds none, whatever its options."""
    layer = _layer(make_list.communities(atlas, corrected=True))
    options = Options(
        item_id="U01", crs="GCJ02", source={"title": "甲", "published": "2022-01-31"}, today=TODAY
    )
    mapping = guess_mapping(layer, atlas, unit="个")
    first = make_plan(layer, mapping, options, atlas, gazetteer)
    assert first.counts["new"] == 145
    from dataclasses import replace

    pack = trial_pack(atlas.pack, first.made, TODAY)
    grown = replace(atlas, pack=pack, register=Register.from_pack(pack))
    again = make_plan(layer, mapping, options, grown, gazetteer)
    assert again.counts["known"] == 166
    assert again.empty
    assert again.preview.items.empty


def test_the_same_list_gives_the_same_events_in_any_order(plan_of, atlas: Atlas, make_list) -> None:
    frame = make_list.communities(atlas, corrected=True).head(60)
    one_way, other = plan_of(_layer(frame), crs="GCJ02"), plan_of(_layer(frame.iloc[::-1]), crs="GCJ02")

    def told(plan: ImportPlan) -> set[tuple[Any, ...]]:
        return {
            tuple(event[name] for name in ("work_id", "date", "kind", "value", "confirmed"))
            for event in plan.made.events
        }

    assert told(one_way) == told(other)
    assert {w["work_id"] for w in one_way.made.works} == {w["work_id"] for w in other.made.works}


def test_work_can_be_called_off(layer_of, atlas: Atlas, gazetteer) -> None:
    layer = layer_of(one())
    mapping = guess_mapping(layer, atlas)
    seen: list[float] = []

    def stop(share: float) -> bool:
        seen.append(share)
        return share < 0.6

    with pytest.raises(AtlasError, match="取消"):
        make_plan(layer, mapping, Options(item_id="U01", crs="WGS84"), atlas, gazetteer, progress=stop)
    assert seen == sorted(seen)


def test_options_that_cannot_be_are_refused(plan_of) -> None:
    for words in (
        {"item_id": "Z99"},
        {"crs": "月球坐标"},
        {"counted": "maybe"},
        {"category": "castle"},
        {"basis": "felt"},
    ):
        with pytest.raises(AtlasError):
            plan_of(one(), **words)


def test_empty_rows_are_nothing(plan_of) -> None:
    plan = plan_of({"小区名称": ["", None], "区县": [None, " "]})
    assert plan.counts["blank"] == 2
    assert not plan.findings


def _layer(frame: pd.DataFrame) -> Layer:
    cells = frame.astype(object).where(frame.notna(), None)
    cells.index = pd.RangeIndex(2, 2 + len(cells))
    return Layer("老旧小区", cells)


def test_years_from_to_are_read_as_the_register_writes_them(plan_of) -> None:
    years = ["2020-2022", "2021—2023年", "2022至2023", "2021", "2021-2021", "2023-2021", "二〇二一年"]
    plan = plan_of({"名称": [f"跨年{at}村" for at in range(7)], "年份": years, "区县": ["梁溪区"] * 7})
    assert plan.rows["year"].tolist()[:5] == ["2020-2022", "2021-2023", "2022-2023", "2021", "2021"]
    assert [found.line() for found in plan.findings if found.level == "error"] == [
        found.line() for found in findings_of(plan, 7) if found.level == "error"
    ]
    counted = {work["name_zh"]: work["counted"] for work in plan.made.works}
    assert counted == {
        "跨年0村": "yes",
        "跨年1村": "yes",
        "跨年2村": "no",
        "跨年3村": "yes",
        "跨年4村": "yes",
        "跨年6村": "yes",
    }
