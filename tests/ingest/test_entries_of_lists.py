"""Kinds of rows and headers that planners' lists have: totals and notes, units, planned and actual dates, pinyin headers."""

from __future__ import annotations

import pytest

from geo.ingest.cells.columns import guess_mapping
from geo.ingest.cells.header_likeness import date_field
from geo.ingest.cells.header_units import header_unit
from geo.ingest.cells.total_rows import kind_of_text
from geo.ingest.cells.values import read_unit
from geo.register.city import Atlas


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("合计", "total"),
        ("小  计", "total"),
        ("小　计：", "total"),
        ("梁溪区合计（2个）", "total"),
        ("总计", "total"),
        ("共3个小区", "total"),
        ("3个小区", "total"),
        ("2个", "total"),
        ("合计5处", "total"),
        ("三个项目", "total"),
        ("Grand Total", "total"),
        ("Liangxi subtotal", "total"),
        ("全市总计：", "total"),
        ("其中：续建项目", "part"),
        ("其中新建", "part"),
        ("of which: new", "part"),
        ("平均值", "mean"),
        ("注：以上数据截至12月底", "note"),
        ("填表人：", "note"),
        ("合　计", "total"),
        ("总  计：", "total"),
        ("共计 5 个", "total"),
        ("小计（2个小区）", "total"),
        ("以上合计", "total"),
        ("TOTAL", "total"),
        ("其中:新开工", "part"),
        ("其中（续建）", "part"),
        ("合计花园二期", ""),
        ("合计新村", ""),
        ("小计桥停车场", ""),
        ("三所路停车场", ""),
        ("共青团路小区", ""),
        ("五爱家园", ""),
        ("八条巷", ""),
        ("注册巷1号", ""),
        ("Sumner Road", ""),
        ("", ""),
    ],
)
def test_words_of_totals(text: str, kind: str) -> None:
    assert kind_of_text(text) == kind


def test_totals_are_never_works_and_are_checked(plan_of) -> None:
    plan = plan_of(
        {
            "序号": [1, 2, None, 3, "总计", None],
            "区县": ["梁溪区", "梁溪区", "梁溪区小计", "滨湖区", None, None],
            "小区名称": ["甲村", "乙村", "2个", "丙苑", "3个小区", "其中：续建"],
            "建筑面积（万平方米）": [3.2, 2.1, 5.3, 1.5, 7.8, 1.0],
        }
    )
    assert list(plan.rows["name_zh"]) == ["甲村", "乙村", "丙苑"]
    texts = [one.text() for one in plan.findings]
    assert any("2 行是合计" in text and "4、6" in text for text in texts)
    assert any("1 行是“其中”" in text for text in texts)
    (wrong,) = [one for one in plan.findings if "之和" in one.message]
    assert (wrong.row, wrong.params["stated"], wrong.params["sum"]) == (6, 7.8, pytest.approx(1.5))


def test_a_row_that_a_person_decided_on_is_an_entry(plan_of) -> None:
    plan = plan_of({"名称": ["甲村", "3个小区"], "所属区": ["梁溪区", "滨湖区"], "导入决定": [None, "保留"]})
    assert len(plan.rows) == 2


@pytest.mark.parametrize(
    ("header", "usual", "base", "factor"),
    [
        ("建筑面积：万平米", "m2", "m2", 1e4),
        ("面积万㎡", "m2", "m2", 1e4),
        ("建筑面积 单位：万平方米", "m2", "m2", 1e4),
        ("建筑面积万", "m2", "m2", 1e4),
        ("改造面积（单位：万平方米）", "m2", "m2", 1e4),
        ("建筑面积\n（以万平方米计）", "m2", "m2", 1e4),
        ("面积(10^4㎡)", "m2", "m2", 1e4),
        ("Floor area (10,000 sq.m)", "m2", "m2", 1e4),
        ("area_ha", "m2", "m2", 1e4),
        ("占地面积【亩】", "m2", "m2", 666.6666666666667),
        ("受益户数（万户）", "户", "户", 1e4),
        ("泊位数（万个）", "个", "个", 1e4),
        ("道路长度(米)", "km", "km", 1e-3),
        ("长度km", "km", "km", 1.0),
        ("建筑面积万平", "m2", "m2", 1e4),
    ],
)
def test_units_of_headers(header: str, usual: str, base: str, factor: float) -> None:
    unit = read_unit(header_unit(header, usual))
    assert unit is not None
    assert unit == (base, pytest.approx(factor))


@pytest.mark.parametrize("header", ["建筑面积", "数量", "Floor area", "mass", "规模"])
def test_headers_without_a_unit(header: str) -> None:
    assert header_unit(header, "m2") == ""


@pytest.mark.parametrize(
    "columns",
    [
        {"建筑面积万": [3.2, 1.0]},
        {"建筑面积": ["3.2万平方米", "1万㎡"]},
        {"建筑面积": [3.2, 1.0], "计量单位": ["万平方米", "万平方米"]},
        {"JZMJ_WPFM": [3.2, 1.0]},
        {"用地面积（公顷）": [3.2, 1]},
    ],
)
def test_ten_thousands_of_square_metres(plan_of, columns) -> None:
    plan = plan_of({"小区名称": ["甲村", "乙村"], "所属区": ["梁溪区", "滨湖区"], **columns}, item_id="U02")
    assert list(plan.rows["quantity"]) == [32000.0, 10000.0]
    assert set(plan.rows["unit"]) == {"m2"}


def test_an_area_that_no_unit_fits_is_asked_once(plan_of) -> None:
    columns = {"小区名称": ["甲村", "乙村"], "所属区": ["梁溪区", "滨湖区"], "建筑面": [3.2, 1.0]}
    plan = plan_of(columns, item_id="U02")
    ((question, _count),) = plan.questions
    assert question.rule == "quantity_unit"
    assert plan.counts["question"] == 2
    answered = plan_of(columns, item_id="U02", rules={"quantity_unit": "万m2"})
    assert list(answered.rows["quantity"]) == [32000.0, 10000.0]
    assert answered.counts["new"] == 2


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("计划时间/开工", "planned_start"),
        ("实际时间/竣工", "end_date"),
        ("计划/竣工时间", "planned_end"),
        ("实际开工年月", "start_date"),
        ("预计完成时间", "planned_end"),
        ("拟开工日期", "planned_start"),
        ("合同竣工日期", "planned_end"),
        ("开工（实际）", "start_date"),
        ("竣工验收时间", "end_date"),
        ("planned completion date", "planned_end"),
        ("actual start", "start_date"),
        ("JHKG", "planned_start"),
        ("SJJGSJ", "end_date"),
        ("KGSJ", "start_date"),
        ("计划完成投资", ""),
        ("完成情况", ""),
        ("开工竣工时间", ""),
        ("年度", ""),
    ],
)
def test_dates_put_together_of_words(header: str, field: str) -> None:
    from geo.ingest.cells.header_terms import header_key

    assert date_field(header_key(header)) == field


def test_headers_in_pinyin(atlas: Atlas, layer_of) -> None:
    layer = layer_of(
        {
            "XH": [1, 2],
            "XQMC": ["甲村", "乙村"],
            "SZQX": ["梁溪区", "滨湖区"],
            "SSJD": ["清名桥街道", "蠡湖街道"],
            "JD": [120.3, 120.2],
            "WD": [31.5, 31.4],
            "JZMJ": [32000, 21000],
            "JHKG": ["2021.3", "2021.4"],
            "SJJG": ["2021.11", None],
            "WCQK": ["已完工", "在建"],
            "BZ": ["分两期", None],
        }
    )
    assert guess_mapping(layer, atlas, unit="m2").columns == {
        "name_zh": "XQMC",
        "street": "SSJD",
        "district_code": "SZQX",
        "lon": "JD",
        "lat": "WD",
        "quantity": "JZMJ",
        "status": "WCQK",
        "end_date": "SJJG",
        "planned_start": "JHKG",
        "note_zh": "BZ",
    }


def test_planned_and_actual_become_planned_and_confirmed_events(plan_of) -> None:
    plan = plan_of(
        {
            "小区名称": ["甲村"],
            "所属区": ["梁溪区"],
            "计划时间/开工": ["2021.3"],
            "计划时间/竣工": ["2021.9"],
            "实际时间/开工": ["2021.4"],
            "实际时间/竣工": ["2021.11"],
        }
    )
    events = {(one["value"], one["date"].month, one["confirmed"]) for one in plan.made.events}
    assert events == {
        ("implementation", 3, False),
        ("completed", 9, False),
        ("implementation", 4, True),
        ("completed", 11, True),
    }


@pytest.mark.parametrize(
    "headings",
    [
        ("梁溪区（2个）", "滨湖区"),
        ("一、梁溪区", "二、滨湖区"),
        ("（一）梁溪区（2个）", "（二）滨湖区（1个）"),
        ("一.梁溪", "二.滨湖"),
    ],
)
def test_headings_between_the_entries_are_no_works_and_name_the_district(plan_of, headings) -> None:
    first, second = headings
    plan = plan_of({"小区名称": [first, "甲村", "乙村", second, "丙苑"], "户数": [None, 3, 4, None, 5]})
    assert list(plan.rows["name_zh"]) == ["甲村", "乙村", "丙苑"]
    assert list(plan.rows["district_code"]) == ["320213", "320213", "320211"]
    assert any("2 行是分组的标题" in one.text() for one in plan.findings)


def test_groups_numbered_in_a_column_of_their_own(plan_of) -> None:
    columns = {
        "序号": ["一", 1, 2, "二", 1],
        "小区名称": ["梁溪区", "甲村", "乙村", "滨湖区", "丙苑"],
        "户数": [None, 3, 4, None, 5],
    }
    plan = plan_of(columns)
    assert list(plan.rows["name_zh"]) == ["甲村", "乙村", "丙苑"]
    assert list(plan.rows["district_code"]) == ["320213", "320213", "320211"]


def test_entries_counted_in_words_stay_entries(plan_of) -> None:
    plan = plan_of({"序号": ["一", "二"], "小区名称": ["甲村", "乙村"], "所属区": [None, "梁溪区"]})
    assert len(plan.rows) == 2
