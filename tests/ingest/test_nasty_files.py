"""Files that would do harm in silence: each is read as what was meant, or something is asked or said of it; made for this test."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import shapely
from openpyxl import Workbook
from openpyxl.worksheet.table import Table

from geo.places.crs import convert
from tests.ingest.brought_files import NAMES, PLACES, lies_right, remarks

HEADER = "小区名称,区县,建筑面积（平方米）,经度,纬度"
ROWS = [f"{name},梁溪区,3200,{lon},{lat}" for name, (lon, lat) in zip(NAMES, PLACES, strict=True)]


def text(separator: str = ",", header: str = HEADER, rows: list[str] = ROWS) -> str:
    return "\r\n".join(line.replace(",", separator) for line in [header, *rows])


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("codec", ["gb18030", "utf-16", "utf-16-be", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_in_any_clothes(codec: str, separator: str, bring) -> None:
    content = text(separator)
    mark = {"utf-16-be": b"\xfe\xff", "gb18030": "\ufeff".encode("gb18030")}.get(codec, b"")
    plan = bring("清单.csv", mark + content.encode(codec), crs="WGS84")
    assert lies_right(plan)
    assert list(plan.rows["quantity"]) == [3200.0] * 3


def test_quotes_hold_separators_and_lines(bring) -> None:
    rows = [f'"试验甲村;一期\n（东）";梁溪区;"3 200";"{PLACES[0][0]}";"{PLACES[0][1]}"']
    plan = bring("清单.csv", "\n".join([HEADER.replace(",", ";"), *rows]), crs="WGS84")
    row = plan.rows.iloc[0]
    assert (row["name_zh"], row["quantity"]) == ("试验甲村;一期 （东）", 3200.0)


def test_european_numbers_are_asked_or_right(bring) -> None:
    rows = ["试验甲村;梁溪区;3.200,5;120,301;31,571"]
    plan = bring("清单.csv", "\n".join([HEADER.replace(",", ";"), *rows]), crs="WGS84")
    asked = {one.rule for one, _cells in plan.questions}
    assert "decimal_comma" in asked or plan.rows.iloc[0]["verdict"] == "new"
    answered = bring(
        "清单.csv",
        "\n".join([HEADER.replace(",", ";"), *rows]),
        crs="WGS84",
        rules={"decimal_comma": "decimal"},
    )
    row = answered.rows.iloc[0]
    assert (row["quantity"], row["lon"], row["lat"]) == (
        3200.5,
        pytest.approx(120.301),
        pytest.approx(31.571),
    )


def test_full_width_digits_and_marks_are_numbers(bring) -> None:
    rows = ["试验甲村,梁溪区,３２００，１２０．３０１,３１．５７１".replace("，", ",")]
    row = bring("清单.csv", "\n".join([HEADER, *rows]), crs="WGS84").rows.iloc[0]
    assert (row["quantity"], row["lon"], row["lat"]) == (
        3200.0,
        pytest.approx(120.301),
        pytest.approx(31.571),
    )


@pytest.mark.parametrize(
    ("header", "cell", "area"),
    [
        ("建筑面积（万㎡）", "0.32", 3200.0),
        ("建筑面积（公顷）", "0.32", 3200.0),
        ("建筑面积（亩）", "4.8", 3200.0),
        ("建筑面积（平方公里）", "0.0032", 3200.0),
        ("建筑面积（千平方米）", "3.2", 3200.0),
        ("建筑面积（亿平方米）", "0.000032", 3200.0),
        ("建筑面积（平方尺）", "3200", None),
        ("面积/平方丈", "3200", None),
        ("建筑面积 (sq ft)", "1000", 92.90304),
        ("建筑面积（英亩）", "1", 4046.8564224),
    ],
)
def test_units_of_areas_or_a_word_of_them(header: str, cell: str, area: float | None, bring) -> None:
    plan = bring("清单.csv", f"小区名称,区县,{header}\n试验甲村,梁溪区,{cell}\n")
    row = plan.rows.iloc[0]
    if area is None:  # a unit that nobody here knows is never taken for square metres
        assert row["verdict"] in {"question", "rejected"} or row["unit"] != "m2" or np.isnan(row["quantity"])
    else:
        assert (row["quantity"], row["unit"]) == (pytest.approx(area), "m2")


def test_hidden_rows_columns_and_filters_are_told(bring) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        for row in (HEADER.split(","), *[line.split(",") for line in ROWS]):
            sheet.append(row)
        sheet.auto_filter.ref = "A1:E4"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.add_table(Table(displayName="清单", ref="A1:E4"))

    plan = bring("清单.xlsx", workbook(fill), crs="WGS84")
    assert lies_right(plan)
    assert "隐藏" in remarks(plan)
    assert "第 3 行" in remarks(plan)


def test_formulas_that_were_never_reckoned_are_told(bring) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        sheet.append(["小区名称", "区县", "建筑面积（平方米）"])
        sheet.append(["试验甲村", "梁溪区", "=1600*2"])

    plan = bring("清单.xlsx", workbook(fill))
    assert np.isnan(plan.rows.iloc[0]["quantity"])
    assert "公式" in remarks(plan)


def test_numbers_shown_in_ten_thousands_by_a_format_are_what_they_are(bring) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        sheet.append(["小区名称", "区县", "建筑面积（平方米）", "竣工日期"])
        sheet.append(["试验甲村", "梁溪区", 32000, date(2021, 11, 30)])
        sheet["C2"].number_format = '0!.0,"万"'
        sheet["D2"].number_format = 'yyyy"年"m"月"'

    row = bring("清单.xlsx", workbook(fill)).rows.iloc[0]
    assert (row["quantity"], row["end_date"]) == (32000.0, date(2021, 11, 30))


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("120°18′3.6″E", "31°34′15.6″N"),
        ("E120.301", "N31.571"),
        ("120度18分3.6秒", "31度34分15.6秒"),
        ("120 18 3.6", "31 34 15.6"),
        ("120.301°", "31.571°"),
        ("120-18-3.6", "31-34-15.6"),
    ],
)
def test_degrees_however_they_are_written(lon: str, lat: str, bring) -> None:
    row = bring("清单.csv", f"{HEADER}\n试验甲村,梁溪区,3200,{lon},{lat}\n", crs="WGS84").rows.iloc[0]
    placed = (row["lon"], row["lat"]) == (pytest.approx(120.301, abs=1e-6), pytest.approx(31.571, abs=1e-6))
    assert placed or row["verdict"] in {"question", "rejected"}


def test_swapped_columns_are_never_placed_as_they_are(bring) -> None:
    rows = [f"{name},梁溪区,3200,{lat},{lon}" for name, (lon, lat) in zip(NAMES, PLACES, strict=True)]
    plan = bring("清单.csv", text(rows=rows), crs="WGS84")
    assert set(plan.rows["verdict"]) <= {"question", "rejected"}
    assert "对调" in remarks(plan) or "写反" in remarks(plan)


def test_a_system_in_each_row_is_that_of_the_row(bring) -> None:
    x, y = convert([PLACES[1][0]], [PLACES[1][1]], source="WGS84", target="GCJ02")
    rows = [f"{ROWS[0]},WGS84", f"{NAMES[1]},梁溪区,3200,{x[0]:.6f},{y[0]:.6f},高德"]
    plan = bring("清单.csv", text(header=f"{HEADER},坐标系", rows=rows))
    off = np.abs(plan.rows[["lon", "lat"]].to_numpy("float64") - np.array(PLACES[:2]))
    assert (off < 2e-5).all() or set(plan.rows["verdict"]) == {"question"}


def test_metres_and_degrees_in_one_column_are_not_all_taken(bring) -> None:
    plan = bring(
        "清单.csv", text(rows=[*ROWS[:2], f"{NAMES[2]},梁溪区,3200,40528123.4,3494567.8"]), crs="WGS84"
    )
    assert plan.rows.iloc[2]["verdict"] in {"question", "rejected"}
    assert list(plan.rows["verdict"])[:2] == ["new", "new"]


def test_folders_of_a_kml_are_a_choice_or_all(bring, tmp_path: Path) -> None:
    marks = [
        f"<Folder><name>第{at}批</name><Placemark><name>{name}</name><Point><coordinates>{lon},{lat},0</coordinates></Point></Placemark></Folder>"
        for at, (name, (lon, lat)) in enumerate(zip(NAMES, PLACES, strict=True), start=1)
    ]
    (tmp_path / "图.kml").write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{"".join(marks)}</Document></kml>', "utf-8"
    )
    from geo.reading.read_file import read_file

    opened = read_file(tmp_path / "图.kml")
    names = (
        {str(name) for layer in opened.layers for name in layer.frame.iloc[:, 0]} if opened.layers else set()
    )
    assert len(opened.choices) == 3 or set(NAMES) <= names


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::4528", "EPSG:4549", "urn:ogc:def:crs:OGC:1.3:CRS84"])
def test_the_crs_of_a_geojson_is_heard(crs: str, bring) -> None:
    from pyproj import Transformer

    degrees = crs.endswith("CRS84")
    move = None if degrees else Transformer.from_crs(4490, int(crs.rpartition(":")[2]), always_xy=True)
    features = []
    for name, place in zip(NAMES, PLACES, strict=True):
        at = place if move is None else move.transform(*place)
        features.append(
            {
                "type": "Feature",
                "properties": {"名称": name, "区县": "梁溪区", "建筑面积（平方米）": 3200},
                "geometry": {"type": "Point", "coordinates": list(at)},
            }
        )
    collection = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": crs}},
        "features": features,
    }
    plan = bring("图.geojson", json.dumps(collection, ensure_ascii=False))
    assert lies_right(plan) or set(plan.rows["verdict"]) == {"question"}


def test_a_shapefile_without_its_prj_is_asked(bring, tmp_path: Path) -> None:
    import geopandas as gpd
    from pyproj import Transformer

    move = Transformer.from_crs(4490, 4549, always_xy=True)
    points = [shapely.Point(*move.transform(*place)) for place in PLACES]
    frame = gpd.GeoDataFrame({"名称": NAMES, "区县": "梁溪区", "面积": 3200.0}, geometry=points)
    frame.to_file(tmp_path / "a.shp", encoding="gbk")
    for end in (".prj", ".cpg"):
        (tmp_path / f"a{end}").unlink(missing_ok=True)
    plan = bring("a.shp")
    assert list(plan.rows["name_zh"]) == list(NAMES)
    assert lies_right(plan) or set(plan.rows["verdict"]) == {"question"}


def test_two_tables_beside_each_other_are_not_one(bring) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        for row in (
            [*HEADER.split(","), None, "小区名称", "投资"],
            [*ROWS[0].split(","), None, "另一表", 12],
        ):
            sheet.append(row)

    plan = bring("清单.xlsx", workbook(fill), crs="WGS84")
    assert plan.rows.iloc[0]["name_zh"] == "试验甲村"
    assert "小区名称_2" in " ".join(plan.mapping.unused)


def test_a_second_header_below_is_no_work(bring) -> None:
    plan = bring("清单.csv", text(rows=[ROWS[0], "", HEADER, *ROWS[1:]]), crs="WGS84")
    assert "小区名称" not in set(plan.rows["name_zh"].dropna()) or "小区名称" in remarks(plan)
    good = plan.rows[plan.rows["verdict"] == "new"]
    assert list(good["name_zh"]) == list(NAMES)


def test_old_and_open_workbooks_are_read_or_refused_in_words(bring) -> None:
    from geo.errors import IngestError

    for name, content in (
        ("表.et", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
        ("表.ods", b"PK\x03\x04" + b"\0" * 60),
    ):
        with pytest.raises(IngestError) as refused:
            bring(name, content)
        assert refused.value.hint
