"""Every file of ``tests/cases`` is read for what it means, as in ``test_right_values.py``: coordinates, shapes, and all rows of odd files."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pytest

from geo.errors import AtlasError
from tests.ingest.office_cases import CASES
from tests.ingest.plans_of_cases import METRE, TRUE_PLACES, case_of, counts, holds, remarks, rules

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
