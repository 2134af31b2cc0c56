"""Files like those of ``tests/cases`` that nobody listed: other writers, encodings, separators, geometries, headers and words.

Each is written here and brought as a person's file. Right is what it was made of.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from openpyxl import Workbook
from pyproj import CRS, Transformer

from geo.ingest.cells.total_rows import kind_of_text
from geo.ingest.cells.values import read_angle
from geo.ingest.plan.import_plan import ImportPlan, Options, make_plan
from geo.ingest.plan.list_year import years_in
from geo.ingest.plan.proposed_mapping import proposed_mapping
from geo.places.crs import convert
from geo.places.gazetteer import Gazetteer
from geo.reading.read_file import read_file
from geo.register.city import Atlas
from tests.ingest.conftest import SOURCE

DAY: Final = date(2026, 11, 30)
PLACES: Final = ((120.301, 31.571), (120.306, 31.5732), (120.3121, 31.5764))
NAMES: Final = ("试验甲村", "试验乙村", "试验丙村")
BringFile = Callable[..., ImportPlan]


@pytest.fixture
def bring(atlas: Atlas, gazetteer: Gazetteer, tmp_path: Path) -> BringFile:
    """The plan of a file of this content; other words are options."""

    def make(name: str, content: str | bytes | None = None, **words: Any) -> ImportPlan:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        layer = read_file(path).only()
        usual: dict[str, Any] = {"item_id": "U02", "source": SOURCE, "today": DAY, "file_name": name}
        options = Options(**(usual | words))
        mapping = proposed_mapping(layer, atlas, item_id=options.item_id)
        return make_plan(layer, mapping, options, atlas, gazetteer)

    return make


def lies_right(plan: ImportPlan, metres: float = 1.5) -> bool:
    """Whether every row lies where it was made."""
    right = np.array(PLACES)
    off = np.abs(plan.rows[["lon", "lat"]].to_numpy("float64") - right)
    return bool((off < metres * 1e-5).all())


def remarks(plan: ImportPlan) -> str:
    notes = [*plan.layer.notes, *plan.system.notes]
    return "\n".join([note.text() for note in notes] + [one.line() for one in plan.findings])


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


# Shapes


def square(lon: float, lat: float) -> Any:
    return shapely.box(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001)


@pytest.mark.parametrize("form", ["wkt", "ewkt", "hex", "xlsx", "multi"])
def test_shapes_written_as_text(form: str, bring, tmp_path: Path) -> None:
    shapes = [square(*place) for place in PLACES]
    if form == "multi":
        shapes = [shapely.multipolygons([shape]) for shape in shapes]
    texts = [shape.wkb_hex if form == "hex" else shape.wkt for shape in shapes]
    if form == "ewkt":
        texts = [f"SRID=4326;{text}" for text in texts]
    frame = pd.DataFrame({"小区名称": NAMES, "geometry": texts})
    name = "图.xlsx" if form == "xlsx" else "图.csv"
    frame.to_excel(tmp_path / name, index=False) if form == "xlsx" else frame.to_csv(
        tmp_path / name, index=False
    )
    plan = bring(name, crs="" if form == "ewkt" else "WGS84")
    assert "按图形读入" in remarks(plan)
    assert plan.counts["new"] == 3
    assert lies_right(plan)
    assert len(plan.outlines) == 3


def test_a_shape_in_text_that_is_none_is_named(bring) -> None:
    plan = bring(
        "图.csv", '小区名称,WKT\n甲村,"POINT(120.301 31.571)"\n乙村,"POINT(120.301"\n丙村,', crs="WGS84"
    )
    assert "读不出来，留空：第 3 行" in remarks(plan)


@pytest.mark.parametrize(
    ("shape", "number"),
    [
        (shapely.MultiPoint([(120.3, 31.57), (116.4, 39.9)]), 2),
        (shapely.MultiLineString([[(120.3, 31.57), (120.31, 31.57)], [(116.4, 39.9), (116.41, 39.9)]]), 3),
        (shapely.MultiPolygon([square(120.3, 31.57), square(116.4, 39.9)]), 6),
        (shapely.MultiLineString([[(120.3, 31.57), (120.31, 31.57)], [(31.57, 120.3), (31.57, 120.31)]]), 3),
        (shapely.MultiPoint([(120.3, 31.57), (0, 0)]), 2),
    ],
)
@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG", "FlatGeobuf"])
def test_a_far_part_of_several_is_named(shape: Any, number: int, driver: str, bring, tmp_path: Path) -> None:
    ending = {"GeoJSON": "geojson", "GPKG": "gpkg", "FlatGeobuf": "fgb"}[driver]
    frame = gpd.GeoDataFrame({"名称": ["甲路"]}, geometry=[shape], crs=4326)
    pyogrio.write_dataframe(frame, tmp_path / f"图.{ending}", driver=driver)
    plan = bring(f"图.{ending}", item_id="C01", crs="WGS84")
    assert plan.counts["rejected"] == 1
    assert f"第 {number}（" in remarks(plan)


def test_parts_that_lie_near_each_other_are_one_road(bring, tmp_path: Path) -> None:
    parts = [[(120.30 + 0.1 * at, 31.57), (120.33 + 0.1 * at, 31.57)] for at in range(12)]
    frame = gpd.GeoDataFrame({"名称": ["国道"]}, geometry=[shapely.MultiLineString(parts)], crs=4326)
    frame.to_file(tmp_path / "路.geojson")
    assert bring("路.geojson", item_id="C01", crs="WGS84").counts["new"] == 1


# Declared systems of shapefiles


def described(code: int, form: str) -> bytes:
    crs = CRS.from_epsg(code)
    esri = crs.to_wkt("WKT1_ESRI")
    return {
        "esri": esri.encode(),
        "wkt2": crs.to_wkt("WKT2_2019").encode(),
        "utf16": esri.encode("utf-16"),
        "utf16be": b"\xfe\xff" + esri.encode("utf-16-be"),
        "pretty": crs.to_wkt("WKT1_GDAL", pretty=True).encode("utf-8-sig"),
    }[form]


@pytest.mark.parametrize("form", ["esri", "wkt2", "utf16", "utf16be", "pretty"])
@pytest.mark.parametrize("code", [4528, 4549, 4490])
def test_a_prj_however_it_is_written(code: int, form: str, bring, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": NAMES}, geometry=[shapely.Point(place) for place in PLACES], crs=4490)
    frame.to_crs(code).to_file(tmp_path / "图.shp", encoding="utf-8")
    (tmp_path / "图.prj").write_bytes(described(code, form))
    plan = bring("图.shp")
    assert plan.system.how in {"declared", "proved"}
    assert lies_right(plan)


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
