"""Files like those of ``tests/cases`` that nobody listed: other writers, encodings, separators, geometries, headers and words.

Each is written here and brought as a person's file. Right is what it was made of.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook
from pyproj import Transformer

from geo.ingest.cells.total_rows import kind_of_text
from geo.ingest.cells.values import read_angle
from geo.ingest.plan.list_year import years_in
from geo.places.crs import convert
from geo.register.city import Atlas
from tests.ingest.brought_files import NAMES, PLACES, lies_right, remarks

# Totals


@pytest.mark.parametrize(
    "text",
    [
        "（合计）",
        "【合计】",
        "合计数",
        "合計",
        "小計",
        "總計：",
        "Σ",
        "∑",
        "承上页",
        "过次页",
        "合 计（万元）",
    ],
)
def test_more_words_of_totals(text: str) -> None:
    assert kind_of_text(text) == "total"


@pytest.mark.parametrize("text", ["填报时间：2021年12月", "以下空白", "统计时间：2021.12"])
def test_more_words_of_notes(text: str) -> None:
    assert kind_of_text(text) == "note"


@pytest.mark.parametrize(
    ("rows", "passed"),
    [
        (["", "合计,,5.3", "1,试验甲村,3.2", "2,试验乙村,2.1"], 1),
        (["1,试验甲村,3.2", "2,试验乙村,2.1", "合计,,5.3", "Σ,,5.3"], 2),
        (["1,试验甲村,3.2", ",小  计,3.2", "2,试验乙村,2.1", ",總計,5.3"], 2),
        (["1,试验甲村,3.2", "2,试验乙村,2.1", "/,/,/", "/,梁溪区小计,5.3"], 1),
        (["1,试验甲村,3.2", "2,试验乙村,2.1", ",2个小区,5.3", ",其中：续建,2.1"], 2),
    ],
)
def test_totals_wherever_they_stand(rows: list[str], passed: int, bring) -> None:
    plan = bring("清单.csv", "\n".join(["序号,小区名称,建筑面积（万平方米）", *rows]))
    works = plan.rows[plan.rows["verdict"] != "blank"]
    assert dict(zip(works["name_zh"], works["quantity"], strict=True)) == {
        "试验甲村": 32000.0,
        "试验乙村": 21000.0,
    }
    said = [one for one in plan.findings if one.row is None and "没有导入" in one.text()]
    assert sum(int(str(one.params["n"])) for one in said) == passed


# Units


@pytest.mark.parametrize(
    "header",
    [
        "改造面积（万方）",
        "总面积【万㎡】",
        "建筑面积/万m²",
        "面积（万平方米，地上）",
        "Floor area (10,000 m2)",
        "建筑面积(单位:万平米)",
    ],
)
@pytest.mark.parametrize("codec", ["gb18030", "utf-16", "utf-8-sig"])
def test_headers_in_ten_thousands(header: str, codec: str, bring) -> None:
    separator = "\t" if "," in header or "，" in header else ","
    text = f"小区名称{separator}{header}\n试验甲村{separator}3.2\n试验乙村{separator}2.1"
    plan = bring("清单.csv", text.encode(codec))
    assert list(plan.rows["quantity"]) == [32000.0, 21000.0]
    assert "乘以 10000" in remarks(plan)


def test_an_area_in_a_plain_header_is_the_quantity_of_an_item_of_areas(bring) -> None:
    plan = bring("a.csv", "name,district,area_m2\n试验甲村,梁溪区,32000\n试验乙村,梁溪区,21000")
    assert list(plan.rows["quantity"]) == [32000.0, 21000.0]


# Systems


@pytest.mark.parametrize(
    ("headers", "system"),
    [
        (("高德经度", "高德纬度"), "GCJ02"),
        (("经度（火星坐标）", "纬度（火星坐标）"), "GCJ02"),
        (("lng_gcj02", "lat_gcj02"), "GCJ02"),
        (("百度经度", "百度纬度"), "BD09"),
        (("经度(WGS84)", "纬度(WGS84)"), "WGS84"),
    ],
)
def test_a_header_that_names_the_system(headers: tuple[str, str], system: str, bring) -> None:
    moved = [convert([lon], [lat], source="WGS84", target=system) for lon, lat in PLACES]
    rows = [f"{name},{x[0]:.6f},{y[0]:.6f}" for name, (x, y) in zip(NAMES, moved, strict=True)]
    plan = bring("清单.csv", "\n".join([f"小区名称,{headers[0]},{headers[1]}", *rows]))
    assert (plan.system.system, plan.counts["new"]) == (system, 3)
    assert lies_right(plan)
    assert "表头" in remarks(plan) or plan.system.how == "proved"


@pytest.mark.parametrize("headers", ["X坐标,Y坐标", "北坐标,东坐标", "y,x"])
@pytest.mark.parametrize("system", ["EPSG:4528", "EPSG:4549"])
def test_northings_first_or_last(headers: str, system: str, bring) -> None:
    """Surveyors call the northing X."""
    forward = Transformer.from_crs("EPSG:4490", system, always_xy=True)
    xy = [forward.transform(*place) for place in PLACES]
    rows = [f"{name},{y:.3f},{x:.3f}" for name, (x, y) in zip(NAMES, xy, strict=True)]
    plan = bring("清单.csv", "\n".join([f"小区名称,{headers}", *rows]))
    assert system in plan.system.candidates
    answered = bring("清单.csv", rules={"crs": system})
    assert lies_right(answered)
    assert ("3 行先写北坐标" in remarks(answered)) == headers.startswith("X")


@pytest.mark.parametrize("text", ["E120.305", "东经120.305", "120.305E", "120.305 e", "东经：120.305"])
def test_degrees_with_letters(text: str) -> None:
    assert read_angle(text).value == 120.305
    assert read_angle(text.upper().replace("E", "W").replace("东", "西")).value == -120.305


@pytest.mark.parametrize("separator", [" ", " ; ", "|", "/"])
def test_two_numbers_with_decimal_commas_in_a_cell(separator: str, bring) -> None:
    rows = [
        f"{name}\t{str(lon).replace('.', ',')}{separator}{str(lat).replace('.', ',')}"
        for name, (lon, lat) in zip(NAMES, PLACES, strict=True)
    ]
    content = "\n".join(["小区名称\t坐标", *rows])
    asked = bring("清单.tsv", content, crs="WGS84")
    assert [one.rule for one, _n in asked.questions] == ["decimal_comma"]
    assert lies_right(bring("清单.tsv", crs="WGS84", rules={"decimal_comma": "decimal"}))


# Years, statuses, own columns, campuses


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("acad2010.dxf", set()),
        ("小区_CGCS2000_2021年.shp", {"2021"}),
        ("国家2000坐标系清单", set()),
        ("r2018.dxf", set()),
        ("2000国家大地坐标系", set()),
        ("无锡2023清单", {"2023"}),
        ("list2023.xlsx", {"2023"}),
        ("Office 2019 导出", set()),
    ],
)
def test_numbers_of_systems_and_programs_are_no_years(text: str, years: set[str]) -> None:
    assert years_in(text) == years


@pytest.mark.parametrize("word", ["100%", "六成", "尾声阶段中", "交付", "☆"])
def test_an_unknown_status_is_asked_once_and_answered(word: str, bring) -> None:
    content = "\n".join(["小区名称,完成情况", *[f"{name},{word}" for name in NAMES]])
    asked = bring("清单.csv", content)
    ((question, count),) = asked.questions
    assert (question.rule, count) == (f"status:{word}", 3)
    answered = bring("清单.csv", rules={question.rule: question.choices[0][0]})
    assert answered.counts["new"] == 3


def test_what_is_cut_and_what_has_no_field_is_remarked(bring) -> None:
    long = "长" * 700
    plan = bring("清单.csv", f"小区名称,现场情况\n试验甲村,{long}\n试验乙村,短")
    assert "超过 500 字，只保留前 500 字：第 2 行" in remarks(plan)
    assert len(json.loads(plan.rows.at[2, "own"])["现场情况"]) == 500
    content = "小区名称,服务人口,竣工时间\n试验甲村,1200,2021-11-30"
    assert json.loads(bring("二.csv", content).rows.at[2, "own"]) == {"服务人口": 1200}


def test_two_campuses_are_two_schools(bring, atlas: Atlas) -> None:
    names = atlas.register.facilities["name_zh"]
    both = names[names.str.startswith("江苏省无锡师范学校附属小学(")]
    assert len(both) == 2
    rows = [f"{name},梁溪区,{lon},{lat}" for name, (lon, lat) in zip(both[::-1], PLACES, strict=False)]
    plan = bring(
        "学校.csv",
        "\n".join(
            ["学校名称,区县,经度,纬度", *rows, f"{both.iloc[0].split('(')[0]}(北校区),梁溪区,120.3,31.57"]
        ),
        item_id="",
        into="facilities",
        facility_kind="school_primary",
        crs="WGS84",
    )
    assert list(plan.rows["target"].dropna()) == list(both.index[::-1])
    assert plan.rows["verdict"].iloc[2] == "question", "a campus that nobody knows is asked about"


def test_names_on_two_lines_are_one_name(bring, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["小区\n名称", "建筑面积\n（万平方米）"])
    book.active.append(["试验甲村\n（一期）", 3.2])
    book.save(tmp_path / "清单.xlsx")
    plan = bring("清单.xlsx")
    assert plan.rows.loc[2, ["name_zh", "quantity"]].tolist() == ["试验甲村 （一期）", 32000.0]
