"""Hostile and broken files: each is a clear refusal or a sound import (shared list of torture, rows 12-24, 26, 27)."""

from __future__ import annotations

import importlib.util
import json
import socketserver
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import shapely

from geo.errors import IngestError
from geo.ingest.reading.archive import inspect_archive
from geo.ingest.reading.geometry import clean
from geo.ingest.reading.guards import check_geojson, check_xml
from geo.ingest.reading.limits import LIMITS
from geo.ingest.reading.model import Layer, Opened
from geo.ingest.reading.read_file import read_file


def _hostile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


h = _hostile()
READ_AND_WEIGH = """
import resource, sys
from pathlib import Path
from geo.errors import IngestError
from geo.ingest.reading.read_file import read_file
try:
    read_file(Path(sys.argv[1]))
except IngestError as refusal:
    print(refusal.text())
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def texts(layer: Layer) -> str:
    return "\n".join(note.text() for note in layer.notes)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (h.bomb, "炸弹"),
        (h.many, "5000"),
        (h.link, "链接"),
        (h.nested, "压缩包里的压缩包"),
        (lambda d: h.pack(d, {"/etc/a.csv": "a\n"}), "绝对路径"),
        (lambda d: h.pack(d, {"../a.csv": "a\n"}), "绝对路径"),
        (lambda d: h.pack(d, {"a/../../a.csv": "a\n"}), "绝对路径"),
        (lambda d: h.pack(d, {"C:\\a.csv": "a\n"}), "绝对路径"),
        (lambda d: h.pack(d, {"a.exe": "MZ"}), "没有可读"),
        (lambda d: h.put(d, "a.zip", h.gbk_names(d).read_bytes()[:-30]), "没有传完"),
    ],
)
def test_archives_are_refused_before_unpacking(
    tmp_path: Path, make: Callable[[Path], Path], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path)
    monkeypatch.setattr("zipfile.ZipFile.open", lambda *__, **_k: pytest.fail("unpacked"))
    with pytest.raises(IngestError, match=word):
        inspect_archive(path, "压缩.zip", LIMITS)


def test_an_archive_that_lies_of_its_size(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="已损坏"):
        read_file(h.lying_bomb(tmp_path))


def test_names_in_gbk_and_macos_extras(tmp_path: Path) -> None:
    layer = read_file(h.gbk_names(tmp_path)).only()
    assert layer.name == "清单"
    assert layer.frame["区"].tolist() == ["乙"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('{"type":"FeatureCollection",\n"features":[1,]}', "第 2 行第 15 个字符"),
        ('{"type":"FeatureCollection","features":[}', "第 1 行"),
        ('{"type":"FeatureCollection"', "第 1 行"),
        ('{"type":"FeatureCollection","features":' + "[" * 50_000 + "]" * 50_000 + "}", "嵌套太深"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "嵌套太深"),
        ('{"type":"Topology"}', "不是 GeoJSON"),
        ('{"a": 1}', "不是 GeoJSON"),
        (
            '{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://10.0.0.1"}},"features":[]}',
            "链接",
        ),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
            '{"type":"Point","coordinates":["120.3","31.5"]}}]}',
            "第 1 个要素",
        ),
    ],
)
def test_broken_geojson_names_the_place(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(IngestError, match=word):
        check_geojson(h.put(tmp_path, "a.geojson", text), "a.geojson")


def test_geojson_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = h.put(tmp_path, "a.geojson", '{"type":\n"名称"}'.encode("gbk"))
    with pytest.raises(IngestError, match="第 2 行"):
        check_geojson(path, "a.geojson")


@pytest.mark.parametrize(
    "text", [h.BILLION, h.EXTERNAL, '<!DOCTYPE kml SYSTEM "http://10.0.0.1/x.dtd"><kml></kml>']
)
def test_entities_are_refused_before_the_driver(tmp_path: Path, text: str) -> None:
    path = h.put(tmp_path, "a.kml", text)
    with pytest.raises(IngestError, match="实体"):
        check_xml(path, "a.kml")
    with pytest.raises(IngestError, match="实体"):
        read_file(path)


@pytest.mark.parametrize(
    "name", ["a.csv", "a.geojson", "a.gml", "a.kml", "a.shp", "a.gpkg", "a.dxf", "a.osm", "a.zip"]
)
@pytest.mark.parametrize(
    "content",
    [
        '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read http://10.0.0.1/a.gpkg"}',
        "/vsicurl/http://10.0.0.1/a.gpkg",
        "PG:host=10.0.0.1 dbname=atlas",
        "<OGRWFSDataSource><URL>http://10.0.0.1/</URL></OGRWFSDataSource>",
        "http://10.0.0.1/a.geojson",
    ],
)
def test_other_drivers_and_addresses_are_refused_by_content(tmp_path: Path, name: str, content: str) -> None:
    with pytest.raises(IngestError):
        read_file(h.put(tmp_path, name, content))


@pytest.mark.parametrize("name", ["a.vrt", "a.pdf", "a", "a.sqlite", "a.csvt"])
def test_an_unknown_ending_lists_the_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(IngestError, match=r"\.xlsx"):
        read_file(h.put(tmp_path, name, "a,b\n"))


@pytest.mark.parametrize(
    ("encoding", "cpg"),
    [("GBK", ""), ("UTF-8", ""), ("GBK", "UTF-8"), ("UTF-8", "GBK"), ("GBK", "ISO-8859-1")],
)
def test_a_shapefile_in_any_encoding_whatever_its_cpg_says(tmp_path: Path, encoding: str, cpg: str) -> None:
    drop = () if cpg else (".cpg", ".prj")
    layer = read_file(h.zipped_shapefile(tmp_path, encoding=encoding, cpg=cpg, drop=drop)).only()
    assert layer.frame["名称"].tolist() == ["耕读社区", "扬名新村", "清扬"]
    assert layer.crs == ("EPSG:4326" if cpg else None)
    assert ("没有采用" in texts(layer)) == (encoding == "GBK" and cpg in {"UTF-8", "ISO-8859-1"})


@pytest.mark.parametrize(
    ("drop", "word"), [((".shx",), ".shx"), ((".dbf",), ".dbf"), ((".shp",), ".shp"), ((".prj",), ".prj")]
)
def test_a_shapefile_with_a_part_missing_says_which(tmp_path: Path, drop: tuple[str, ...], word: str) -> None:
    layer = read_file(h.zipped_shapefile(tmp_path, drop=drop)).only()
    assert len(layer.frame) == 3
    assert word in texts(layer)


def test_a_loose_shapefile_and_two_in_an_archive(tmp_path: Path) -> None:
    parts = h.shapefile(tmp_path, "清单")
    layer = read_file(tmp_path / "清单.shp").only()
    assert (layer.name, layer.frame.index.tolist()) == ("清单", [1, 2, 3])
    two = {f"{name}{end}": data for name in ("甲", "乙") for end, data in parts.items()}
    path = h.pack(tmp_path, {**two, "读我.txt": "说明", "内.zip": b"PK"})
    opened = read_file(path)
    assert opened.layers == ()
    assert [choice.name for choice in opened.choices] == ["甲", "乙"]
    assert read_file(path, layer="乙").only().name == "乙"
    with pytest.raises(IngestError, match="甲、乙"):
        read_file(path, layer="丙")


def geometries() -> list[object]:
    return [
        {"type": "Point", "coordinates": [120.3, 31.5, 7]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
        {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Point", "coordinates": [1, 2]},
                {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
            ],
        },
        {"type": "Polygon", "coordinates": []},
        None,
        {"type": "Point", "coordinates": [float("nan"), 31.5]},
        {"type": "Point", "coordinates": [120.3, float("inf")]},
    ]


def test_every_kind_of_geometry_is_sound_or_named(tmp_path: Path) -> None:
    layer = read_file(h.geojson(tmp_path, geometries())).only()
    assert layer.geometry is not None
    kinds = [shape and shape.geom_type for shape in layer.geometry]
    assert kinds == [
        "Point",
        "Polygon",
        "Polygon",
        "MultiPoint",
        "GeometryCollection",
        None,
        None,
        None,
        None,
    ]
    assert not shapely.has_z(layer.geometry).any()
    by_row = {note.row: note.text() for note in layer.notes if note.row}
    assert by_row.keys() == {2, 3, 5, 8, 9}
    assert "Self-intersection" in by_row[2]
    assert "NaN" in texts(layer)
    mended = shapely.make_valid(layer.geometry, method="structure", keep_collapsed=False)
    assert shapely.area(layer.geometry[1]) == 0
    assert shapely.area(mended[1]) == pytest.approx(0.5)


def test_curves_become_lines(tmp_path: Path) -> None:
    layer = read_file(h.curved_gpkg(tmp_path)).only()
    assert layer.geometry is not None
    (line,) = layer.geometry
    radius = shapely.distance(shapely.points(121, 31), shapely.points(shapely.get_coordinates(line)))
    assert np.allclose(radius, 1)
    assert shapely.get_num_coordinates(line) > 20


@pytest.mark.parametrize(
    ("crs", "expected"), [("urn:ogc:def:crs:EPSG::4549", "EPSG:4549"), ("别处", None), (7, None)]
)
def test_an_odd_crs_member_is_no_crs(tmp_path: Path, crs: object, expected: str | None) -> None:
    member = {"type": "name", "properties": {"name": crs}}
    layer = read_file(h.geojson(tmp_path, geometries()[:1], crs=member)).only()
    assert layer.crs == expected
    assert ("写法不明" in texts(layer)) == (expected is None)


def test_a_geopackage_cannot_act(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="tricky"):
        read_file(h.tricky_gpkg(tmp_path, tmp_path / "secret"))
    plain = tmp_path / "plain.gpkg"
    with sqlite3.connect(plain) as base:
        base.execute("create table t (a)")
    base.close()
    with pytest.raises(IngestError, match=r"plain\.gpkg"):
        read_file(plain)


def test_a_view_that_never_ends_is_stopped(tmp_path: Path) -> None:
    before = h.endless_gpkg(tmp_path).read_bytes()
    path = tmp_path / "endless.gpkg"
    with pytest.raises(IngestError, match=r"2 秒|行"):
        read_file(path, layer="v", limits=type(LIMITS)(seconds=2))
    assert path.read_bytes() == before


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="取消"):
        read_file(h.endless_gpkg(tmp_path), layer="v", cancelled=lambda: True)


def test_a_sheet_of_two_far_corners_does_not_eat_the_machine(tmp_path: Path) -> None:
    # in a process of its own: the largest child of this one may have been another test's
    run = subprocess.run(
        [sys.executable, "-c", READ_AND_WEIGH, str(h.sparse_xlsx(tmp_path))],
        capture_output=True,
        text=True,
        check=True,
    )
    refusal, kilobytes = run.stdout.rsplit(maxsplit=1)
    assert "内存" in refusal or "上限" in refusal
    assert int(kilobytes) < 1.2e6


def test_blank_rows_macros_and_links_of_workbooks(tmp_path: Path) -> None:
    assert read_file(h.blank_xlsx(tmp_path, 2000)).only().frame["名称"].tolist() == ["耕读社区"]
    layer = read_file(h.macro_xlsm(tmp_path)).only()
    assert "宏" in texts(layer)
    assert "没有打开" in texts(layer)
    with pytest.raises(IngestError):
        read_file(h.put(tmp_path, "a.xlsx", b"PK\x03\x04 not a workbook"))


def test_a_password_is_named_and_the_old_format_read(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="密码"):
        read_file(h.locked_xlsx(tmp_path))
    path = h.xls(tmp_path)
    for name in ("旧.xls", "改了名.xlsx"):
        assert read_file(path, name).only().frame.to_dict("list") == {
            "名称": ["耕读社区", "扬名"],
            "面积": [3.5, 4.0],
        }


class _Count(socketserver.BaseRequestHandler):
    asked = 0

    def handle(self) -> None:
        type(self).asked += 1


def test_links_in_xml_are_told_and_no_request_leaves(tmp_path: Path) -> None:
    _Count.asked = 0
    with socketserver.TCPServer(("127.0.0.1", 0), _Count) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        link = f"<NetworkLink><name>远</name><Link><href>{address}a.kml</href></Link></NetworkLink>"
        layer = read_file(h.kml(tmp_path, link)).only()
        assert layer.frame.to_dict("records") == [{"Name": "耕读社区", "区": "乙"}]
        assert "链接" in texts(layer)
        path = h.gml(
            tmp_path, f'<c:other xlink:href="{address}b.gml"/><c:file xlink:href="file:///etc/passwd"/>'
        )
        path.write_text(path.read_text("utf-8").replace("http://10.0.0.1/", address), "utf-8")
        layer = read_file(path).only()
        assert layer.geometry is not None
        assert shapely.get_coordinates(layer.geometry).tolist() == [[120.3, 31.5]]
        assert "root:" not in layer.frame.to_json()
        assert "链接" in texts(layer)
        server.shutdown()
    assert _Count.asked == 0


def test_a_kmz_is_read(tmp_path: Path) -> None:
    path = h.pack(tmp_path, {"doc.kml": h.kml(tmp_path).read_bytes(), "files/a.png": b"x"}, "a.kmz")
    assert read_file(path).only().frame["区"].tolist() == ["乙"]


def test_an_osm_extract_as_four_layers_with_tags(tmp_path: Path) -> None:
    opened = read_file(h.osm(tmp_path))
    layers = {layer.name: layer for layer in opened.layers}
    assert list(layers) == ["points", "lines", "multilinestrings", "multipolygons"]
    assert json.loads(layers["points"].frame["tags"].iloc[0]) == {
        "railway": "station",
        "name": "三阳广场",
        "subway": "yes",
    }
    assert layers["lines"].frame["name"].tolist() == ["学前街"]
    assert json.loads(layers["multipolygons"].frame["tags"].iloc[0]) == {"amenity": "school"}
    assert "1 条路径缺少节点" in texts(layers["lines"])


def test_an_extract_that_an_installed_package_ships() -> None:
    import pyogrio

    path = Path(pyogrio.__file__).parent / "tests" / "fixtures" / "sample.osm.pbf"
    sizes = {layer.name: len(layer.frame) for layer in read_file(path).layers}
    assert sizes == {"points": 8, "lines": 36, "multilinestrings": 1, "multipolygons": 8}


@pytest.mark.parametrize("text", [h.OSM[: len(h.OSM) // 2], '<osm version="0.6"></osm>'])
def test_a_broken_or_empty_osm_extract_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(IngestError):
        read_file(h.osm(tmp_path, text))


def _flat(folder: Path) -> Path:
    path = folder / "a.fgb"
    h.points(300).to_file(path, driver="FlatGeobuf")
    return path


def test_flatgeobuf_whole_and_cut(tmp_path: Path) -> None:
    path = _flat(tmp_path)
    assert len(read_file(path).only().frame) == 300
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(IngestError, match="300"):
        read_file(path)


def test_geoparquet_whole_and_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    h.points().to_parquet(path)
    layer = read_file(path).only()
    assert layer.crs == "EPSG:4326"
    assert layer.frame["数"].tolist() == [0, 1, 2]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(IngestError):
        read_file(path)


def test_a_drawing_in_the_chinese_code_page(tmp_path: Path) -> None:
    layer = read_file(h.dxf(tmp_path)).only()
    assert layer.frame["Layer"].tolist() == ["道路", "注记"]
    assert layer.frame["Text"].tolist()[1] == "耕读社区"
    assert layer.crs is None


def test_gpkg_layers_are_a_choice(tmp_path: Path) -> None:
    path = h.gpkg(tmp_path, h.squares(4))
    h.points().to_file(path, driver="GPKG", layer="点")
    opened: Opened = read_file(path)
    assert [(choice.name, choice.rows) for choice in opened.choices] == [("图层", 4), ("点", 3)]
    assert read_file(path, layer="点").only().frame["名称"].tolist() == ["耕读社区", "扬名新村", "清扬"]


def test_large_shapes_stay_within_bounds(tmp_path: Path) -> None:
    path = h.gpkg(tmp_path, [h.circle(100_000)])
    layer = read_file(path).only()
    assert shapely.get_num_coordinates(layer.geometry).tolist() == [100_001]


def test_clean_of_nothing() -> None:
    shapes, notes = clean(np.array([], dtype=object), [])
    assert len(shapes) == 0
    assert notes == []


def test_the_memory_limit_holds(tmp_path: Path) -> None:
    path = h.gpkg(tmp_path, [h.circle(500_000)])
    with pytest.raises(IngestError, match="内存"):
        read_file(path, limits=type(LIMITS)(memory_bytes=60 << 20))
