"""Kinds of files that offices send: text in odd encodings, rows marked as deleted, journals, lists in columns, failed formulas."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from openpyxl import Workbook
from pyogrio.raw import write

from geo.errors import AtlasError
from geo.files.convert_geojson import converted_geojson
from geo.reading.model import Layer
from geo.reading.raster import open_raster
from geo.reading.read_file import read_file

KML = (
    '<?xml version="1.0" encoding="{encoding}"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document{root}>{extra}'
    "<Placemark><name>清扬路</name><LineString><tessellate>1</tessellate><extrude>1</extrude>"
    "<coordinates>120.2981,31.5501 120.3001,31.5688</coordinates></LineString></Placemark></Document></kml>"
)
DXF = (
    "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\n{version}\n9\n$DWGCODEPAGE\n3\n{page}\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
    "0\nTEXT\n8\n{layer}\n10\n40528000\n20\n3494000\n40\n2.5\n1\n{text}\n0\nENDSEC\n0\nEOF\n"
)


def texts(layer: Layer) -> str:
    return "\n".join(note.text() for note in layer.notes)


def written(tmp_path: Path, name: str, content: bytes | str) -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def points(path: Path, driver: str, count: int = 5) -> Path:
    """A layer of named points, written by GDAL."""
    names = np.array([f"停车场{at}" for at in range(count)], dtype=object)
    wkb = np.array(
        [shapely.to_wkb(shapely.Point(120.3 + at / 100, 31.57)) for at in range(count)], dtype=object
    )
    write(
        path, wkb, [names], ["名称"], geometry_type="Point", crs="EPSG:4326", driver=driver, encoding="UTF-8"
    )
    return path


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        *(
            (one, one)
            for one in ("UTF-8", "GBK", "gb2312", "GB18030", "Big5", "UTF-16", "UTF-16LE", "UTF-16BE")
        ),
        ("UTF-32", "utf-32"),
        ("ISO-10646-UCS-4", "utf-32-be"),
        ("ISO-10646-UCS-2", "utf-16"),
        ("x-gbk", "gbk"),
        ("CN-GB", "gb18030"),
        ("EUC-CN", "gb2312"),
        ("UTF-16", "utf-8"),
        ("ibm037", "cp037"),
        ("windows-1252", "cp1252"),
        ("ISO-8859-1", "latin-1"),
        ("KOI8-R", "koi8-r"),
        ("Shift_JIS", "shift_jis"),
        ("EUC-KR", "euc-kr"),
    ],
)
def test_xml_in_any_declared_encoding(tmp_path: Path, encoding: str, codec: str) -> None:
    word = {
        "Big5": "清揚路",
        "ibm037": "Qingyang",
        "windows-1252": "Café",
        "ISO-8859-1": "Café",
        "KOI8-R": "Путь",
        "Shift_JIS": "清水路",
        "EUC-KR": "청양로",
    }.get(encoding, "清扬路")
    text = KML.format(encoding=encoding, root="", extra="").replace("清扬路", word)
    layer = read_file(written(tmp_path, "路.kml", text.encode(codec))).only()
    assert list(layer.frame.columns) == ["Name"]  # how a viewer draws it is no data
    assert layer.frame["Name"].tolist() == [word]


def test_xml_that_names_another_encoding_than_its_own(tmp_path: Path) -> None:
    layer = read_file(
        written(tmp_path, "路.kml", KML.format(encoding="UTF-8", root="", extra="").encode("gbk"))
    ).only()
    assert layer.frame["Name"].tolist() == ["清扬路"]
    assert "声明" in texts(layer)


@pytest.mark.parametrize(
    ("root", "extra"),
    [
        (' xsi:schemaLocation="a b"', ""),
        ("", "<gx:balloonVisibility>1</gx:balloonVisibility>"),
        ("", "<own:x own:y='1'/>"),
        (' atom:base="x"', "<atom:author>甲</atom:author>"),
        ("", "<mwm:style/><xlink:a xlink:href='x'/>"),
    ],
)
def test_prefixes_that_nobody_declared(tmp_path: Path, root: str, extra: str) -> None:
    layer = read_file(
        written(tmp_path, "路.kml", KML.format(encoding="UTF-8", root=root, extra=extra))
    ).only()
    assert layer.frame["Name"].tolist() == ["清扬路"]
    assert "前缀" in texts(layer)


@pytest.mark.parametrize(
    ("version", "page", "encoding", "escaped", "remark"),
    [
        ("AC1015", "ANSI_936", "gbk", False, False),
        ("AC1015", "ANSI_1252", "gbk", False, True),
        ("AC1018", "ANSI_936", "utf-8", False, True),
        ("AC1021", "ANSI_936", "utf-8", False, False),
        ("AC1032", "ANSI_1252", "utf-8", False, False),
        ("AC1015", "ANSI_1252", "ascii", True, False),
        ("AC1021", "", "utf-8", False, False),
    ],
)
def test_text_of_drawings(
    tmp_path: Path, version: str, page: str, encoding: str, escaped: bool, remark: bool
) -> None:
    layer_name, text = "停车场", "桂语里停车场"
    if escaped:
        layer_name, text = ("".join(f"\\U+{ord(char):04x}" for char in word) for word in (layer_name, text))
    drawing = DXF.format(version=version, page=page, layer=layer_name, text=text).encode(encoding)
    layer = read_file(written(tmp_path, "图.dxf", drawing)).only()
    assert (layer.frame["Layer"].iloc[0], layer.frame["Text"].iloc[0]) == ("停车场", "桂语里停车场")
    assert ("代码页" in texts(layer)) is remark


@pytest.mark.parametrize("gone", [(1, 3), (4,), (0, 1, 2, 3, 4)])
def test_rows_marked_as_deleted_stay_out(tmp_path: Path, gone: tuple[int, ...]) -> None:
    path = points(tmp_path / "点.shp", "ESRI Shapefile")
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    start, width = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    for row in gone:
        data[start + row * width] = ord("*")
    table.write_bytes(data)
    layer = read_file(path).only()
    assert layer.frame.index.tolist() == [row + 1 for row in range(5) if row not in gone]
    assert f"{len(gone)} 行在文件里标为已删除" in texts(layer)


@pytest.mark.parametrize(
    "values",
    [[[1, 2], None], [{"a": 1}, {"a": 2}], [[{"a": "甲"}], []], [["甲", "乙"], None], [{"a": [1, 2]}, None]],
)
def test_lists_and_structures_become_text(tmp_path: Path, values: list[object]) -> None:
    path = tmp_path / "表.parquet"
    pq.write_table(pa.table({"名称": ["甲", "乙"], "内容": values}), path)
    layer = read_file(path).only()
    assert json.loads(layer.frame["内容"].iloc[0]) == values[0]
    assert "1 列是列表或结构" in texts(layer)


@pytest.mark.parametrize("mark", ["action='delete'", 'visible="false"', "action = 'delete' visible='true'"])
def test_deleted_objects_never_come_in(tmp_path: Path, mark: str) -> None:
    tag = "<tag k='amenity' v='parking'/><tag k='name' v='{0}'/>"
    text = (
        f"<osm version='0.6'><node id='1' lat='31.57' lon='120.3'>{tag.format('在用')}</node>"
        f"<node id='2' lat='31.58' lon='120.3' {mark}>{tag.format('已拆')}</node></osm>"
    )
    opened = read_file(written(tmp_path, "a.osm", text))
    names = [name for layer in opened.layers for name in layer.frame["name"]]
    assert names == ["在用"]
    assert "标为已删除" in texts(opened.layers[0])


def test_changes_alone_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match="变更文件"):
        read_file(written(tmp_path, "a.osc", "<osmChange/>"))


@pytest.mark.parametrize("mark", ["", "\x1e"])
def test_sequences_of_features(tmp_path: Path, mark: str) -> None:
    feature = '{"type":"Feature","properties":{"名称":"甲"},"geometry":{"type":"Point","coordinates":[120.3,31.57]}}'
    layer = read_file(written(tmp_path, "a.geojsonl", f"{mark}{feature}\n{mark}{feature}\n")).only()
    assert layer.frame["名称"].tolist() == ["甲", "甲"]
    with pytest.raises(AtlasError, match="第 2 行"):
        read_file(written(tmp_path, "b.geojsonl", f"{feature}\n{{broken\n"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<trk><name>踏勘</name><trkseg>{trkpt}</trkseg></trk>", "LineString"),
        ("<trk><name>踏勘</name><trkseg>{trkpt}</trkseg><trkseg>{trkpt}</trkseg></trk>", "LineString"),
        ("<rte><name>踏勘</name>{rtept}</rte>", "LineString"),
        ('<wpt lat="31.57" lon="120.3"><name>踏勘</name></wpt>', "Point"),
        (
            "<metadata><time>2021-12-31T00:00:00Z</time></metadata><rte><name>踏勘</name>{rtept}</rte>",
            "LineString",
        ),
    ],
)
def test_tracks_are_lines(tmp_path: Path, body: str, kind: str) -> None:
    step = '<{0} lat="31.57" lon="120.3"/><{0} lat="31.58" lon="120.31"/>'
    text = (
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        + body.format(trkpt=step.format("trkpt"), rtept=step.format("rtept"))
        + "</gpx>"
    )
    layer = read_file(written(tmp_path, "a.gpx", text)).only()
    assert layer.frame["name"].tolist() == ["踏勘"]
    assert layer.geometry is not None
    assert {part.geom_type.removeprefix("Multi") for part in layer.geometry} == {kind}


def test_hidden_rows_and_failed_formulas_of_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in (("2021年清单", None), ("名称", "泊位数"), ("甲", 5), ("乙", "#REF!"), ("丙", 7)):
        sheet.append(row)
    sheet["B4"].data_type = "e"
    sheet.row_dimensions[5].hidden = True
    book.save(tmp_path / "a.xlsx")
    layer = read_file(tmp_path / "a.xlsx").only()
    assert layer.titles == ("2021年清单",)
    assert layer.frame["泊位数"].tolist() == [5, "#REF!", 7]
    assert "1 行在表里是隐藏的（如被筛选），也读入了：第 5 行" in texts(layer)


def test_a_picture_is_no_population(tmp_path: Path) -> None:
    import rasterio
    from rasterio.transform import from_origin

    path = tmp_path / "图.tif"
    with rasterio.open(
        path, "w", "GTiff", 4, 4, 3, "EPSG:4326", from_origin(120, 32, 0.1, 0.1), "uint8", photometric="RGB"
    ) as raster:
        raster.write(np.ones((3, 4, 4), "uint8"))
    with pytest.raises(AtlasError, match="图片"), open_raster(path):
        pass


@pytest.mark.parametrize("declared", ["scale", "nodata", "mask"])
def test_a_raster_says_itself_what_its_numbers_mean(tmp_path: Path, declared: str) -> None:
    import rasterio
    from rasterio.transform import from_origin

    path, values = tmp_path / "人口.tif", np.array([[1, 2], [3, 250]], "int16")
    nodata = 250 if declared == "nodata" else None
    with rasterio.open(
        path, "w", "GTiff", 2, 2, 1, "EPSG:4326", from_origin(120, 32, 0.1, 0.1), "int16", nodata=nodata
    ) as raster:
        raster.write(values, 1)
        if declared == "scale":
            raster.scales, raster.offsets = (0.5,), (10.0,)
        if declared == "mask":
            raster.write_mask(np.array([[255, 255], [255, 0]], "uint8"))
    with open_raster(path) as raster:
        ((read, _column, _row),) = raster.bands((0, 0, 2, 2), 2)
    meant = {"scale": [[10.5, 11.0], [11.5, 135.0]]}.get(declared, [[1, 2], [3, 0]])
    assert read.tolist() == meant


def test_several_bands_of_numbers_are_not_one_population(tmp_path: Path) -> None:
    import rasterio
    from rasterio.transform import from_origin

    path = tmp_path / "年龄.tif"
    with rasterio.open(
        path,
        "w",
        "GTiff",
        4,
        4,
        2,
        "EPSG:4326",
        from_origin(120, 32, 0.1, 0.1),
        "float32",
        photometric="MINISBLACK",
    ) as raster:
        raster.write(np.ones((2, 4, 4), "float32"))
    with pytest.raises(AtlasError, match="2 个波段"), open_raster(path):
        pass


def test_convert_keeps_all_that_is_no_coordinate() -> None:
    document = {
        "type": "FeatureCollection",
        "name": "表",
        "bbox": [120.3, 31.57, 120.3, 31.57],
        "crs": {"type": "name", "properties": {"name": "EPSG:4326"}},
        "features": [
            {
                "type": "Feature",
                "id": 7,
                "own": {"a": [1]},
                "properties": {"名称": "甲"},
                "geometry": {"type": "Point", "coordinates": [120.3, 31.57, 12.5]},
            },
            {"type": "Feature", "properties": None, "geometry": None},
        ],
    }
    done, faults = converted_geojson(document, source="GCJ02", target="WGS84")
    assert faults == []
    first = done["features"][0]
    assert (first["id"], first["own"], first["geometry"]["coordinates"][2]) == (7, {"a": [1]}, 12.5)
    assert first["geometry"]["coordinates"][:2] != [120.3, 31.57]
    assert done["bbox"] == [*first["geometry"]["coordinates"][:2]] * 2
    assert "crs" not in done
    assert done["features"][1] == document["features"][1]
    assert document["features"][0]["geometry"]["coordinates"] == [120.3, 31.57, 12.5]
