"""Every file of ``tests/cases`` is read for what it means: places, quantities, dates, what is asked and what is remarked.

What is right was written down for each kind before it was made to hold; positions are computed here with pyproj alone, or are the
numbers that the files were made of. ``tests/pages/test_cases.py`` holds the page and the command line to this plan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pytest

from geo.errors import AtlasError
from geo.ingest.cells.columns import ColumnMap
from geo.ingest.plan.import_plan import ImportPlan, Options, make_plan
from geo.ingest.plan.proposed_mapping import proposed_mapping
from geo.places.gazetteer import Gazetteer
from geo.reading.model import Opened
from geo.register.city import Atlas
from tests.ingest.office_cases import CASES, Case, office_cases, read_once

METRE: Final = 1e-5
"""Degrees of about a metre."""
DAY: Final = date(2026, 11, 30)
PlanOfCase = Callable[..., ImportPlan]


def case_of(name: str) -> Case:
    return next(case for case in office_cases() if case.name == name)


@pytest.fixture(scope="module")
def plan_of_case(atlas: Atlas, gazetteer: Gazetteer) -> PlanOfCase:
    """The plan of a file of ``tests/cases``; ``columns`` are what a person says of its columns, other words are options."""

    def make(name: str, columns: dict[str, str] | None = None, **words: Any) -> ImportPlan:
        case = case_of(name)
        file: Opened = read_once(case.path, layer=case.layer or None)
        layer = file.only()
        given: dict[str, Any] = {
            "item_id": case.item,
            "into": "facilities" if case.kind else "works",
            "facility_kind": case.kind,
            "crs": case.crs,
            "source": {"publisher": "x", "published": "2021-12-31"},
            "today": DAY,
            "file_name": file.name,
            "sha256": file.sha256,
        } | words
        mapping: ColumnMap = proposed_mapping(layer, atlas, item_id=str(given["item_id"]))
        if columns:
            mapping = mapping.corrected(mapping.columns | columns, layer)
        return make_plan(layer, mapping, Options(**given), atlas, gazetteer)

    return make


def remarks(plan: ImportPlan) -> str:
    """All that a person is shown of a file beside its rows."""
    return "\n".join([note.text() for note in plan.layer.notes] + [one.line() for one in plan.findings])


def rules(plan: ImportPlan) -> set[str]:
    """Questions of the whole file, and groups of questions about rows."""
    return {one.rule for one, _count in plan.questions} | {one.group for one in plan.row_questions}


def counts(plan: ImportPlan) -> dict[str, int]:
    return {verdict: number for verdict, number in plan.counts.items() if number}


def holds(plan: ImportPlan, row: int, **cells: Any) -> None:
    """A row has these values; numbers to a metre where they are degrees."""
    for name, value in cells.items():
        cell = plan.rows.at[row, name]
        if isinstance(value, float):
            assert cell == pytest.approx(value, abs=METRE if name in {"lon", "lat"} else 1e-6), (row, name)
        else:
            assert cell == value, (row, name)


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


# Coordinates


@pytest.mark.parametrize("name", ["bd09mc_10rows", "03_baidu_bd09mc"])
def test_metres_of_baidu(name: str, plan_of_case) -> None:
    plan = plan_of_case(f"planner/{name}.csv")
    assert plan.system.how == "open"
    assert "BD09MC" in plan.system.candidates
    assert "crs" in rules(plan)
    assert plan.rows["lon"].isna().all(), "nothing is placed before it is known"
    answered = plan_of_case(f"planner/{name}.csv", rules={"crs": "BD09MC"})
    inside = answered.rows["lon"].between(119.5, 120.7) & answered.rows["lat"].between(31.1, 32.0)
    assert inside.all()


def test_lines_are_checked_as_points_are(plan_of_case) -> None:
    plan = plan_of_case("planner/line_in_nanjing.geojson")
    assert counts(plan) == {"question": 4}
    assert rules(plan) == {"outside"}
    assert not plan.made.works


def test_metres_without_a_system(plan_of_case) -> None:
    asked = plan_of_case("planner/geojson_metres_nocrs.geojson")
    assert counts(asked) == {"question": 40}
    assert asked.rows["lon"].isna().all()
    plan = plan_of_case("planner/geojson_metres_nocrs.geojson", rules={"crs": "EPSG:4549"})
    drawn = gpd.read_file(case_of("planner/geojson_metres_nocrs.geojson").path).set_crs(
        4549, allow_override=True
    )
    middle = drawn.geometry.centroid.to_crs(4326)
    off = np.hypot(plan.rows["lon"].to_numpy() - middle.x, plan.rows["lat"].to_numpy() - middle.y)
    assert off.max() < METRE
    holds(plan, 1, quantity=14500.0, own='{"户数": 293}')


def test_a_drawing_elsewhere(plan_of_case) -> None:
    plan = plan_of_case("planner/dxf_local_line.dxf", {"name_zh": "Layer"})
    assert counts(plan) == {"rejected": 2}
    assert "10 个顶点不在应在的地方" in remarks(plan)
    assert plan.empty


@pytest.mark.parametrize("path", sorted(CASES.glob("stray_vertex/*.geojson")), ids=lambda path: path.stem)
def test_a_stray_vertex_is_named_and_not_stored(path, plan_of_case) -> None:
    plan = plan_of_case(f"stray_vertex/{path.name}")
    if path.stem == "pt_far":
        assert rules(plan) == {"outside"}
    elif path.stem == "works":
        assert counts(plan) == {"new": 1, "rejected": 8}
    else:
        assert plan.counts["rejected"] == 1
    if path.stem.startswith(("line", "poly", "mp", "smallest")):
        assert re.search(r"第 \d（[-\d.e+]+, [-\d.e+]+） 个", remarks(plan))
    good = plan.rows[plan.rows["verdict"] == "new"]
    assert (good["accuracy_m"].fillna(0) <= 1000).all()
    assert good["lon"].dropna().between(120, 121).all()


TRUE_PLACES: Final = [(120.3 + 0.005 * at, 31.57 + at / 300) for at in range(5)]
"""What the files of old datums, lists in cells and deleted rows were made of."""


@pytest.mark.parametrize(
    ("name", "system", "metres"),
    [
        ("xian80", "EPSG:2384", 250),
        ("bj54", "EPSG:2437", 250),
        ("bom", "EPSG:4549", 100),
        ("utf16", "EPSG:4549", 100),
        ("wkt2", "EPSG:4549", 100),
        ("esri4528", "EPSG:4528", 100),
        ("esri4549", "EPSG:4549", 100),
        ("webmerc", "EPSG:3857", 100),
    ],
)
def test_the_datum_of_a_prj(name: str, system: str, metres: float, plan_of_case) -> None:
    plan = plan_of_case(f"old_datum/{name}.shp")
    assert (plan.system.system, counts(plan)) == (system, {"new": 5})
    assert set(plan.rows["accuracy_m"]) == {metres}
    for row, (lon, lat) in enumerate(TRUE_PLACES, start=1):
        holds(plan, row, lon=lon, lat=lat)
    assert ("位置误差另加 150 米" in remarks(plan)) == (metres > 100)


@pytest.mark.parametrize(
    ("name", "right", "remark"),
    [
        ("cm_vs_zone", "EPSG:4549", "自称是 EPSG:4528"),
        ("zone_vs_cm", "EPSG:4528", "自称是 EPSG:4549"),
        ("deg_vs_m", "WGS84", "自称是 EPSG:4549"),
        ("m_vs_deg", "EPSG:4549", "自称是 WGS84"),
        ("empty", "EPSG:4549", "读不懂"),
        ("proj4", "EPSG:4549", "读不懂"),
        ("local", "EPSG:4549", "没有说"),
    ],
)
def test_a_prj_that_does_not_fit_is_asked(name: str, right: str, remark: str, plan_of_case) -> None:
    plan = plan_of_case(f"old_datum/{name}.shp")
    assert counts(plan) == {"question": 5}
    assert right in plan.system.candidates
    assert remark in remarks(plan)
    answered = plan_of_case(f"old_datum/{name}.shp", rules={"crs": right})
    for row, (lon, lat) in enumerate(TRUE_PLACES, start=1):
        holds(answered, row, lon=lon, lat=lat)


@pytest.mark.parametrize(
    ("name", "names"),
    [("kml_line_tessellate", ["清扬路"]), ("kml_tessellate", ["清扬路慢行改造", "扬名棚改地块", "踏勘轨迹"])],
)
def test_how_kml_draws_is_no_data(name: str, names: list[str], plan_of_case) -> None:
    plan = plan_of_case(f"planner/{name}.kml")
    assert plan.mapping.columns == {"name_zh": "Name"}
    assert list(plan.rows["name_zh"]) == names
    line = plan.rows.at[1, "shape"]
    assert line.geom_type == "LineString"
    if name == "kml_line_tessellate":
        assert np.allclose(line.coords, [(120.2981, 31.5501), (120.3001, 31.5688)])


# Files


@pytest.mark.parametrize("path", sorted(CASES.glob("nameless/*")), ids=lambda path: path.name)
def test_the_nameless_row_alone_stays_out(path, plan_of_case) -> None:
    plan = plan_of_case(f"nameless/{path.name}")
    nameless = plan.rows.index[plan.rows["name_zh"].isna()]
    assert set(plan.rows.loc[nameless, "verdict"]) <= {"rejected"}
    assert len(plan.left_out) == plan.counts["rejected"] + plan.counts["question"]
    assert len(plan.made.works) == plan.counts["new"]
    if path.stem in {"samename", "sameplace"}:
        assert rules(plan) == ({"same_name"} if path.stem == "samename" else set())
        return
    assert [one.row for one in plan.findings if one.level == "error"] == list(nameless)
    assert plan.counts["rejected"] == len(nameless) > 0
    assert plan.counts["new"] == len(plan.rows) - len(nameless)


def test_a_shape_without_a_name(plan_of_case) -> None:
    plan = plan_of_case("planner/geom_without_name.geojson")
    assert counts(plan) == {"new": 1, "rejected": 1}


def test_failed_formulas(plan_of_case) -> None:
    plan = plan_of_case("excel_error_cells/errors.xlsx")
    failed = {(one.row, one.field, one.value) for one in plan.findings if "公式出错" in one.text()}
    assert {row for row, _field, _value in failed} == {3, 4, 5}
    assert len(failed) == 4, "a finding a cell"
    assert counts(plan) == {"new": 2, "rejected": 2}
    formulas = plan_of_case("excel_error_cells/formulas.xlsx")
    assert "1 个公式没有存下结果" in remarks(formulas)
    assert "#DIV/0!" in remarks(formulas)
    holds(formulas, 4, quantity=100.0)
    optional = plan_of_case("excel_error_cells/optional.xlsx")
    assert sum("公式出错" in one.text() for one in optional.findings) == 7
    assert counts(optional) == {"new": 7}


@pytest.mark.parametrize(
    ("name", "rows", "gone"),
    [("all.shp", [], "5 行"), ("park.shp", [1, 3, 5], "2 行"), ("zip.zip", [1, 2, 3, 4], "1 行")],
)
def test_deleted_rows(name: str, rows: list[int], gone: str, plan_of_case) -> None:
    plan = plan_of_case(f"deleted_dbf_rows/{name}")
    assert list(plan.rows.index) == rows
    assert f"{gone}在文件里标为已删除" in remarks(plan)
    for row in rows:
        lon, lat = TRUE_PLACES[row - 1]
        holds(plan, row, lon=lon, lat=lat, quantity=10.0 * row)


@pytest.mark.parametrize(("name", "rows"), [("alone.gpkg", 2), ("both.gpkg", 5), ("both.zip", 5)])
def test_the_journal_of_a_geopackage(name: str, rows: int, plan_of_case) -> None:
    plan = plan_of_case(f"gpkg_wal/{name}")
    assert len(plan.rows) == plan.counts["new"] == rows
    assert "-wal" in remarks(plan)
    assert ("却没有这个文件" in remarks(plan)) == (rows == 2)


@pytest.mark.parametrize("path", sorted(CASES.glob("dxf_text/*.dxf")), ids=lambda path: path.stem)
def test_texts_of_drawings(path, plan_of_case) -> None:
    plan = plan_of_case(f"dxf_text/{path.name}", {"name_zh": "Text"})
    names = plan.rows["name_zh"].dropna()
    assert {"桂语里停车场", "松风台 二期", "三号车位"} <= set(names)
    assert "停车场" in set(plan.layer.frame["Layer"])
    assert set(plan.rows["year"]) == {"2021"}, "a program's release is no year of a list"
    doubted = path.stem in {"lies_1252", "utf8_says_936"}
    assert ("图纸写的代码页" in remarks(plan)) == doubted


@pytest.mark.parametrize("path", sorted(CASES.glob("parquet_lists/*.parquet")), ids=lambda path: path.stem)
def test_columnar_files(path, plan_of_case) -> None:
    if path.stem == "wrong_primary":
        with pytest.raises(AtlasError):
            plan_of_case(f"parquet_lists/{path.name}")
        return
    plan = plan_of_case(f"parquet_lists/{path.name}")
    frame = plan.layer.frame
    nested = [column for column in frame if frame[column].map(lambda cell: str(cell)[:1] in {"[", "{"}).any()]
    assert bool(nested) == ("写成 JSON 文字" in remarks(plan))
    if path.stem in {"bbox", "cgcs4490", "cgcs4528", "cgcs4549", "crs_missing", "geoarrow", "plain"}:
        assert counts(plan) == {"new": 4}
        for row, (lon, lat) in enumerate(TRUE_PLACES[:4], start=1):
            holds(plan, row, lon=lon, lat=lat, quantity=10.0 * row)
    if path.stem in {"crs_null", "wkb_no_meta", "wkt_text"}:
        assert rules(plan) == {"crs"}, "a place without a system is asked for"


@pytest.mark.parametrize("name", ["gx", "xsi"])
def test_prefixes_that_nothing_declares(name: str, plan_of_case) -> None:
    plan = plan_of_case(f"kml_undeclared_prefix/{name}.kml")
    assert f"没有声明的前缀 {name}" in remarks(plan)
    assert counts(plan) == {"new": 2}
    holds(plan, 1, name_zh="桂语里停车场", lon=120.3, lat=31.57, quantity=66.0)


def test_a_track_and_a_geodatabase(plan_of_case) -> None:
    track = plan_of_case("planner/04_track.gpx")
    assert track.rows.at[1, "shape"].geom_type in {"LineString", "MultiLineString"}
    assert counts(track) == {"new": 1}
    base = plan_of_case("planner/04_城建.gdb.zip", item_id="U02")
    assert counts(base) == {"new": 40}
    assert base.mapping.columns["quantity"] == "建筑面积_万平方米"
    holds(base, 1, quantity=14500.0, unit="m2")
    assert '"户数": 293' in base.rows.at[1, "own"]


def test_a_mark_at_the_beginning(plan_of_case) -> None:
    plan = plan_of_case("bom/bom_fc.geojson")
    holds(plan, 1, name_zh="甲停车场", lon=120.3, lat=31.57)
