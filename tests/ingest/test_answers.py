"""Questions and their answers: asked once, with the row's own name; kept in the file of rejected rows; the same at the prompt."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from geo.atlas import load_gazetteer
from geo.ingest.cells.title_units import title_units
from geo.ingest.plan.import_choices import accepted_answers, accepted_choices
from geo.ingest.plan.import_plan import ImportPlan, make_plan
from geo.ingest.plan.options import Options
from geo.ingest.plan.preview import trial_pack
from geo.ingest.plan.proposed_mapping import proposed_mapping
from geo.places.gazetteer import Gazetteer
from geo.reading.model import Layer
from geo.reading.read_file import read_file
from geo.register.attributes import attribute_sums, read_attributes
from geo.register.city import Atlas
from geo.register.register import Register
from tests.ingest.conftest import TODAY

AWAY = {"名称": ["甲场", "乙场", "丙场"], "经度": [118.78, 118.79, 120.30], "纬度": [32.04, 32.05, 31.57]}


@pytest.mark.parametrize(
    ("titles", "usual", "units"),
    [
        (("2021年表", "单位：万平方米"), "m2", ("万平方米",)),
        (("（单位：万㎡、户）",), "m2", ("万m2",)),
        (("（单位：万㎡、户）",), "户", ("户",)),
        (("单位：", "亩"), "m2", ("亩",)),
        (("计量单位:公顷 填报日期:2021年12月",), "m2", ("公顷",)),
        (("单位：万",), "m2", ("万m2",)),
        (("单位：万元",), "m2", ()),
        (("填报单位：无锡市住建局",), "m2", ()),
        (("单位：米",), "km", ("米",)),
        (("Unit: ha",), "m2", ("ha",)),
        (("面积单位：公顷；投资单位：万元",), "m2", ("公顷",)),
        (("单位：公顷、亩",), "m2", ("公顷", "亩")),
        (("单位：个",), "", ("个",)),
    ],
)
def test_units_above_a_table(titles: tuple[str, ...], usual: str, units: tuple[str, ...]) -> None:
    assert title_units(titles, usual) == units


def test_two_units_above_a_table_are_asked(layer_of, plan_of) -> None:
    rows = {"名称": ["甲村"], "区县": ["梁溪区"], "面积": [3.2]}
    layer = replace(layer_of(rows), titles=("单位：公顷、亩",))
    plan = plan_of(layer, item_id="U02")
    assert plan.counts["question"] == 1
    assert plan_of(layer, item_id="U02", rules={"quantity_unit": "公顷"}).rows["quantity"].tolist() == [
        32000.0
    ]


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("位置误差（米）", 50, "accuracy_m", 50.0),
        ("位置误差", "50米", "accuracy_m", 50.0),
        ("位置误差", "0.2公里", "accuracy_m", 200.0),
        ("服务人口（万人）", 1.5, "service_population", 15000.0),
        ("公园面积（公顷）", 2, "area_m2", 20000.0),
    ],
)
def test_numbers_beside_the_quantity_have_units_of_their_own(plan_of, header, cell, field, value) -> None:
    rows = {
        "名称": ["甲村"],
        "建筑面积（万平方米）": [3.2],
        "经度": [120.30],
        "纬度": [31.57],
        header: [cell],
    }
    plan = plan_of(rows, item_id="U02")
    assert plan.mapping.columns[field] == header
    assert (plan.rows["quantity"].iloc[0], plan.rows[field].iloc[0]) == (32000.0, value)


def test_a_question_names_the_row_by_its_name(plan_of) -> None:
    plan = plan_of(AWAY, item_id="C01")
    (question,) = plan.row_questions
    assert [one.line().split("「")[0] for one in question.findings] == ["第 2 行“甲场”", "第 3 行“乙场”"]


@pytest.mark.parametrize(("answer", "counts"), [("keep", (3, 0)), ("skip", (1, 2))])
def test_one_answer_holds_for_all_rows_that_ask(plan_of, answer: str, counts: tuple[int, int]) -> None:
    plan = plan_of(AWAY, item_id="C01", rules={"outside": answer})
    assert (plan.counts["new"], plan.counts["skipped"]) == counts
    own = plan_of(AWAY, item_id="C01", rules={"outside": answer}, decisions={2: "skip", 3: "keep"})
    assert own.rows.loc[[2, 3], "verdict"].tolist() == ["skipped", "new"]


def test_coordinates_the_other_way_round_are_put_right_by_one_answer(plan_of) -> None:
    rows = AWAY | {"经度": [31.57, 120.31, 120.32], "纬度": [120.30, 31.57, 31.57]}
    plan = plan_of(rows, item_id="C01")
    assert [(found.rule, n) for found, n in plan.questions] == [("lonlat_swapped", 1)]
    assert plan.counts["rejected"] == 1
    right = plan_of(rows, item_id="C01", rules={"lonlat_swapped": "swap"})
    assert right.counts["new"] == 3
    assert right.rows.loc[2, ["lon", "lat"]].tolist() == [120.30, 31.57]
    assert any("已对调" in one.text() for one in right.findings)


def brought_again(
    plan: ImportPlan, tmp_path: Path, atlas: Atlas, gazetteer: Gazetteer, mend, form: str
) -> ImportPlan:
    """The rejected rows, corrected and brought by someone who says nothing more."""
    path = tmp_path / f"退回.{form}"
    if form == "csv":
        frame = pd.read_csv(io.BytesIO(plan.rejected_file("csv")), dtype=object)
        mend(frame).to_csv(path, index=False)
    else:
        book = pd.read_excel(io.BytesIO(plan.rejected_file()), sheet_name=None, dtype=object)
        with pd.ExcelWriter(path) as writer:
            for name, sheet in book.items():
                head = name == "退回"
                (mend(sheet) if head else sheet).to_excel(writer, index=False, sheet_name=name)
    layer: Layer = read_file(path).only()
    choices = accepted_choices(layer.import_choices, atlas)
    options = Options(
        item_id=choices.get("item", ""),
        crs=choices.get("crs", ""),
        source={name.removeprefix("src-"): text for name, text in choices.items() if name.startswith("src-")},
        rules=accepted_answers(layer.import_choices),
        today=TODAY,
    )
    mapping = proposed_mapping(layer, atlas, item_id=options.item_id)
    return make_plan(layer, mapping, options, atlas, gazetteer)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_rejected_rows_come_back_with_their_answers(
    form: str, layer_of, atlas: Atlas, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    """The title's unit and year, the answers, the columns as the person put them: nothing is asked again."""
    rows = {
        "叫法": ["试验甲村", "试验乙村"],
        "哪个区": ["梁溪区", "梁溪区"],
        "面积": [3.2, -1.0],
        "竣工时间": ["03/04/2020", "05/06/2020"],
    }
    layer = replace(layer_of(rows), titles=("2020年老旧小区改造清单", "单位：万平方米"))
    mapping = proposed_mapping(layer, atlas, item_id="U02").corrected(
        {"name_zh": "叫法", "district_code": "哪个区"}
    )
    options = Options(item_id="U02", source={"title": "清单"}, rules={"date_order": "dmy"}, today=TODAY)
    first = make_plan(layer, mapping, options, atlas, gazetteer)
    assert first.counts["rejected"] == 1

    def mend(sheet: pd.DataFrame) -> pd.DataFrame:
        return sheet.assign(面积=1.5)

    again = brought_again(first, tmp_path, atlas, gazetteer, mend, form)
    assert [one.line() for one in again.findings if one.level != "warning"] == []
    assert again.counts["new"] == 1
    (row,) = [row for _, row in again.rows.iterrows()]
    assert (row["name_zh"], row["quantity"], row["year"], str(row["end_date"])) == (
        "试验乙村",
        15000.0,
        "2020",
        "2020-06-05",
    )


def test_decisions_go_with_rejected_rows(plan_of) -> None:
    rows = AWAY | {"数量": [5, -1, 5], "区县": ["梁溪区", "滨湖区", "梁溪区"]}
    plan = plan_of(rows, item_id="C01", decisions={3: "keep"})
    sheet = pd.read_excel(io.BytesIO(plan.rejected_file()), dtype=object)
    assert sheet.set_index("原表行号")["导入决定"].to_dict()[3] == "保留"


def test_decimal_commas_and_the_system_are_asked_at_once(plan_of) -> None:
    rows = {
        "名称": ["甲场", "乙场"],
        "经度": ["120,310030", "120,300030"],
        "纬度": ["31,587508", "31,577508"],
    }
    plan = plan_of(rows, item_id="C01", crs="")
    assert {found.rule for found, _n in plan.questions} == {"decimal_comma", "crs"}
    assert "没有坐标" not in "".join(one.text() for one in plan.findings)


def test_near_status_words_are_offered_in_words(plan_of) -> None:
    plan = plan_of({"名称": ["甲村"], "区县": ["梁溪区"], "状态": ["已竣工了"]})
    ((question, _n),) = plan.questions
    assert all(not shown.isascii() for _key, shown in question.choices)
    assert plan_of(
        {"名称": ["甲村"], "区县": ["梁溪区"], "状态": ["已竣工了"]}, rules={question.rule: "completed"}
    ).rows["status"].tolist() == ["completed"]


def test_own_columns_are_kept_by_header_and_summed(plan_of, atlas: Atlas) -> None:
    rows = {
        "名称": ["试验甲村", "试验乙村"],
        "区县": ["梁溪区", "滨湖区"],
        "户数": [400, "250"],
        "楼栋数": [8, None],
        "标段": ["一标", "二标"],
        "建筑面积（平方米）": [32000, 21000],
    }
    plan = plan_of(rows, item_id="U02")
    held = [read_attributes(work["attributes"]) for work in plan.made.works]
    assert held == [{"户数": 400, "楼栋数": 8, "标段": "一标"}, {"户数": 250, "标段": "二标"}]
    sums = attribute_sums(work["attributes"] for work in plan.made.works).set_index("name")
    assert sums.to_dict() == {"rows": {"户数": 2, "楼栋数": 1}, "sum": {"户数": 650.0, "楼栋数": 8.0}}
    grown = trial_pack(atlas.pack, plan.made, TODAY)
    known = replace(atlas, pack=grown, register=Register.from_pack(grown))
    again = make_plan(plan.layer, plan.mapping, plan.options, known, load_gazetteer())
    assert again.empty
    more = plan_of(rows | {"户数": [410, 250], "投资": [5, None]}, item_id="U02").layer
    changed = make_plan(
        more, proposed_mapping(more, known, item_id="U02"), plan.options, known, load_gazetteer()
    )
    assert [one.text() for one in changed.findings if one.field == "attributes"] == [
        "登记里“户数”是 400，这里是 410；登记不改。"
    ]
    (event,) = [event for event in changed.made.events if event["kind"] == "correction"]
    assert read_attributes(json.loads(event["value"])["attributes"])["投资"] == 5
