"""Every format in every system and encoding, read back by other people's readers: nothing is lost, nothing mislabelled."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from defusedxml import ElementTree

from geo.errors import AtlasError
from geo.files import Content, all_formats, file_name, get_format, get_system, stem_of, systems_of, write_file
from geo.places.crs import convert_geometry, system_name
from geo.register.city import Atlas
from geo.text import translate
from geo.values import is_unknown
from geo.vocabulary import EVENT_LABELS
from tests.files.reading import CITY, READERS, in_wgs84, read, systems_in

METRIC_CRS = "EPSG:4549"

DAY = date(2021, 12, 31)
RARE = "C07-2021-34"  # its name has a letter that GBK lacks
CASES = [
    (form.id, system, encoding)
    for form in all_formats()
    if form.id in READERS
    for system in systems_in(form)
    for encoding in form.encodings
]
GIS = ("gpkg", "geojson", "shapefile", "kml", "geoparquet")
FACTS = (
    "name_zh",
    "name_en",
    "status",
    "status_date",
    "quantity",
    "unit",
    "district_code",
    "source_id",
    "item_id",
)
NASTY = {
    "name_zh": '=HYPERLINK("http://x","点")',
    "note_zh": '<b>㳇</b> & "引号", 逗号\n换行' + "长" * 300,
    "street": "-5+3",
}


@pytest.fixture(scope="module")
def content(atlas: Atlas) -> Content:
    """Works of every kind, certainty and status; all 317 of them would only take longer."""
    state = atlas.register.state(DAY)
    some = (np.arange(len(state)) % 5 == 0) | (state["certainty"] == "line") | (state["work_id"] == RARE)
    return Content(atlas, state[some], DAY, get_system("WGS84", CITY), title="全市")


def written(content: Content, folder: Path, form: str, system: str, encoding: str = "utf-8") -> Path:
    asked = replace(content, system=get_system(system, CITY), encoding=encoding)
    path = folder / file_name("works", asked, get_format(form))
    path.write_bytes(write_file(asked, form))
    return path


@pytest.mark.parametrize(("form", "system", "encoding"), CASES)
def test_what_leaves_comes_back(
    content: Content, tmp_path: Path, form: str, system: str, encoding: str
) -> None:
    frame = read(written(content, tmp_path, form, system, encoding), form, encoding)
    state = content.state
    assert sorted(frame["work_id"]) == sorted(state.index)
    assert {system_name(word) for word in frame["crs"]} == {system}
    back = frame.set_index("work_id").loc[state.index]
    for name in FACTS:
        for got, expected in zip(back[name], state[name], strict=True):
            assert same(got, expected), (name, got, expected)
    shapes = in_wgs84(frame, system)
    for work_id, row in state.iterrows():
        expected = content.atlas.pack.lines.geometry.get(row["line_id"])
        if expected is None and pd.notna(row["lon"]):
            expected = shapely.Point(row["lon"], row["lat"])
        got = shapes[work_id]
        assert (got is None) == (expected is None)
        if expected is not None:
            both = gpd.GeoSeries([got, expected], crs=4326).to_crs(METRIC_CRS)
            assert shapely.hausdorff_distance(*both) < 0.015  # a hundredth of a metre in either direction


def same(got: Any, expected: Any) -> bool:
    """Equal as a reader sees it: formats without types give texts, empty is unknown."""
    if is_unknown(expected):
        return is_unknown(got) or got == ""
    if isinstance(expected, date):
        return str(got)[:10].replace("/", "-") == expected.isoformat()
    if isinstance(expected, float):
        return float(got) == expected
    return str(got) == str(expected)


@pytest.mark.parametrize("form", [form.id for form in all_formats()])
def test_the_same_content_gives_the_same_bytes(content: Content, form: str) -> None:
    few = replace(content, state=content.state.head(30))
    assert write_file(few, form) == write_file(replace(few, lang="zh"), form)


@pytest.mark.parametrize("form", GIS)
@pytest.mark.parametrize("system", [system.id for system in systems_of(CITY)])
def test_the_declared_system_is_the_one_inside(
    content: Content, tmp_path: Path, form: str, system: str
) -> None:
    if system not in systems_in(get_format(form)):
        with pytest.raises(AtlasError, match="经纬度"):
            written(content, tmp_path, form, system)
        return
    path = written(content, tmp_path, form, system)
    frame = read(path, form, "utf-8")
    declared = frame.crs.to_epsg() if frame.crs else None
    if system == "GCJ02":
        assert "GCJ-02" in path.name
        # GDAL gives every GeoJSON and KML the system of its standard; elsewhere nothing may be declared
        assert declared == (4326 if form in {"geojson", "kml"} else None)
    else:
        assert declared == get_system(system, CITY).epsg


def test_gcj02_says_what_it_is_wherever_a_reader_may_look(content: Content, tmp_path: Path) -> None:
    collection = json.loads(written(content, tmp_path, "geojson", "gcj02").read_text("utf-8"))
    assert collection["crs"]["properties"]["name"] == "GCJ-02"
    assert "4326" in collection["coordinate_system_note"]
    assert {feature["properties"]["crs"] for feature in collection["features"]} == {"GCJ-02"}
    archive = zipfile.ZipFile(written(content, tmp_path, "shapefile", "gcj02"))
    assert not [name for name in archive.namelist() if name.endswith(".prj")]
    assert "GCJ-02" in archive.read("README.txt").decode("utf-8-sig")
    with sqlite3.connect(written(content, tmp_path, "gpkg", "gcj02")) as base:
        used = base.execute(
            "SELECT srs_name FROM gpkg_spatial_ref_sys JOIN gpkg_geometry_columns USING (srs_id)"
        )
        assert {name for (name,) in used} == {"GCJ-02"}
    table = pq.read_schema(written(content, tmp_path, "geoparquet", "gcj02"))
    assert json.loads(table.metadata[b"geo"])["columns"]["geometry"]["crs"] is None
    assert json.loads(table.metadata[b"atlas"])["coordinate_system"] == "GCJ-02"
    root = ElementTree.fromstring(written(content, tmp_path, "kml", "gcj02").read_bytes())
    assert "GCJ-02" in root[0][0].text


def test_the_formats_of_the_product_are_read_back() -> None:
    """A new format may come without a reader here; those that people have today may not lose theirs."""
    assert set(READERS) <= {form.id for form in all_formats()}
    assert len(READERS) >= 7


@pytest.mark.parametrize("form", [form.id for form in all_formats()])
def test_every_format_writes_the_same_bytes_again(content: Content, form: str) -> None:
    first = write_file(content, form)
    assert first
    assert write_file(content, form) == first


@pytest.mark.parametrize("form", [form.id for form in all_formats()])
def test_every_file_tells_its_day_licence_and_sources(content: Content, tmp_path: Path, form: str) -> None:
    path = written(content, tmp_path, form, "WGS84")
    data = path.read_bytes()
    if form in {"xlsx", "shapefile"}:
        archive = zipfile.ZipFile(io.BytesIO(data))
        data = b"".join(archive.read(name) for name in archive.namelist())
    if form == "geoparquet":
        data = b"".join((pq.read_schema(path).metadata or {}).values())
    text = data.decode("utf-8", "ignore")
    for word in ("2021-12-31", "CC BY 4.0", "GeoNames", "OpenStreetMap"):
        assert word in text, word
    if form in {"xlsx", "gpkg", "geojson", "shapefile", "geoparquet"}:  # these hold the list of sources
        assert all(title in text for title in content.sources["title"].head(20) if "&" not in title)


@pytest.fixture(scope="module")
def nasty(content: Content) -> Content:
    rows = content.state.head(3).copy()
    for name, text in NASTY.items():
        rows[name] = text
    return replace(content, state=rows)


@pytest.mark.parametrize(("form", "system", "encoding"), [case for case in CASES if case[1] == "WGS84"])
def test_no_text_runs_breaks_or_is_lost(
    nasty: Content, tmp_path: Path, form: str, system: str, encoding: str
) -> None:
    path = written(nasty, tmp_path, form, system, encoding)
    frame = read(path, form, encoding)
    row = frame.iloc[0]
    if form == "csv":
        assert row["name_zh"] == "'" + NASTY["name_zh"]
        assert row["street"] == "'" + NASTY["street"]
    else:
        assert row["name_zh"] == NASTY["name_zh"]
        assert row["street"] == NASTY["street"]
    if form == "shapefile":
        assert row["note_zh"].endswith("…")
        assert row["note_zh"].startswith("<b>㳇</b> & ")
        whole = (
            zipfile.ZipFile(path).read("works.csv").decode("utf-8-sig" if encoding == "utf-8" else "gb18030")
        )
        assert "长" * 300 in whole
    else:
        assert str(row["note_zh"]).replace("\r\n", "\n") == NASTY["note_zh"]


def test_xlsx_has_no_formula_and_reads_like_an_office_table(nasty: Content, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(nasty, tmp_path, "xlsx", "EPSG:4549"))
    assert book.sheetnames == ["项目清单", "事件", "来源", "文件说明"]
    sheet = book["项目清单"]
    cell = sheet["B2"]
    assert cell.value == NASTY["name_zh"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    headers = [cell.value for cell in sheet[1]]
    assert headers[:3] == ["编号", "名称", "英文名"]
    assert "东坐标（EPSG:4549）" in headers
    english = openpyxl.load_workbook(io.BytesIO(write_file(replace(nasty, lang="en"), "xlsx")))
    assert english.sheetnames == ["List of works", "Events", "Sources", "About this file"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_events_and_sources_of_a_workbook_are_words(content: Content, lang: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_file(replace(content, lang=lang), "xlsx")))
    codes = {"status", "quantity", "completed", "implementation", "circa", "month", "secondary", "open_data"}
    for sheet in book.worksheets[1:3]:
        cells = {str(cell) for row in sheet.iter_rows(min_row=2, values_only=True) for cell in row}
        assert cells
        if lang == "zh":
            assert not cells & codes
    kinds = {row[3] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)}
    assert kinds <= {translate(word, lang) for word in EVENT_LABELS.values()}


def test_shapefile_declares_its_encoding_and_what_gbk_cannot_hold(content: Content, tmp_path: Path) -> None:
    assert "㳇" in "".join(content.state["name_zh"])  # GBK has no such letter, and the pack does
    archive = zipfile.ZipFile(written(content, tmp_path, "shapefile", "WGS84", "gbk"))
    assert archive.read("works_point.cpg").decode() == "GB18030"
    few = replace(content, state=content.state.drop(index=RARE))
    archive = zipfile.ZipFile(written(few, tmp_path, "shapefile", "WGS84", "gbk"))
    assert archive.read("works_point.cpg").decode() == "GBK"
    assert file_name("x", replace(few, encoding="gbk"), get_format("csv")) == "x-2021-12-31_WGS84_GBK.csv"
    names = set(archive.namelist())
    assert {"README.txt", "works.csv", "works_point.prj", "works_noplace.dbf"} <= names


def test_gpkg_opens_with_names_and_colours(content: Content, tmp_path: Path) -> None:
    from geo.display.symbology import STATUS_STYLES

    path = written(content, tmp_path, "gpkg", "WGS84")
    with sqlite3.connect(path) as base:
        styles = dict(base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
        layers = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents"))
        labels = dict(
            base.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'works'")
        )
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert set(styles) == {"works", "lines", "districts"}
    assert {name for name, kind in layers.items() if kind == "features"} == {"works", "lines", "districts"}
    assert {"events", "sources", "about", "layer_styles"} <= set(layers)
    assert labels["name_zh"] == "名称"
    root = ElementTree.fromstring(styles["works"].split("\n", 1)[1])
    categories = {item.get("value"): item.get("label") for item in root.iter("category")}
    assert categories == {status.id: status.label for status in STATUS_STYLES}
    colours = [option.get("value") for option in root.iter("Option") if option.get("name") == "color"]
    assert colours[4] == "0,158,115,255"  # completed
    shapes = [option.get("value") for option in root.iter("Option") if option.get("name") == "name"]
    assert len(set(shapes)) == len(STATUS_STYLES)


def test_districts_move_with_the_system(content: Content) -> None:
    moved = replace(content, system=get_system("gcj02", CITY)).districts
    back = convert_geometry(moved.geometry.to_numpy(), source="GCJ02", target="WGS84")
    assert shapely.hausdorff_distance(back[0], content.districts.geometry[0]) < 1e-6


def test_events_and_sources_stop_at_the_day(content: Content) -> None:
    assert max(content.events["date"]) <= DAY
    assert set(content.events["work_id"]) <= set(content.state.index)
    assert set(content.events["source_id"]) <= set(content.sources["source_id"])


@pytest.mark.parametrize(
    ("form", "crs", "encoding"),
    [("nope", "wgs84", "utf-8"), ("xlsx", "wgs84", "gbk"), ("kml", "4549", "utf-8")],
)
def test_what_a_format_cannot_is_told(content: Content, form: str, crs: str, encoding: str) -> None:
    with pytest.raises(AtlasError) as caught:
        write_file(replace(content, system=get_system(crs, CITY), encoding=encoding), form)
    assert caught.value.text("en") != caught.value.text("zh")


def test_names_of_files(content: Content) -> None:
    atlas = content.atlas
    assert stem_of(atlas, ("320213",)) == "wuxi-works-liangxi"
    assert stem_of(atlas, ("320213", "320205")) == "wuxi-works"
    asked = replace(content, system=get_system("cgcs2000", CITY))
    assert file_name("a", asked, get_format("gpkg")) == "a-2021-12-31_CGCS2000-EPSG4549.gpkg"
    with pytest.raises(AtlasError):
        get_system("bd09", CITY)
