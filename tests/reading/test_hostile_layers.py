"""Odd geometries, databases, workbooks and drawings: each is a clear refusal or a sound import."""

from __future__ import annotations

import json
import socketserver
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.errors import IngestError
from geo.reading.geometry import clean
from geo.reading.limits import LIMITS
from geo.reading.model import Opened
from geo.reading.read_file import read_file
from tests.reading.hostile_reading import texts
from tools import hostile_files as h
from tools import hostile_sheets as sheets

READ_AND_WEIGH = """
import resource, sys
from pathlib import Path
from geo.errors import IngestError
from geo.reading.read_file import read_file
try:
    read_file(Path(sys.argv[1]))
except IngestError as refusal:
    print(refusal.text())
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


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
        [sys.executable, "-c", READ_AND_WEIGH, str(sheets.sparse_xlsx(tmp_path))],
        capture_output=True,
        text=True,
        check=True,
    )
    refusal, kilobytes = run.stdout.rsplit(maxsplit=1)
    assert "内存" in refusal or "上限" in refusal
    assert int(kilobytes) < 1.2e6


def test_blank_rows_macros_and_links_of_workbooks(tmp_path: Path) -> None:
    assert read_file(sheets.blank_xlsx(tmp_path, 2000)).only().frame["名称"].tolist() == ["耕读社区"]
    layer = read_file(sheets.macro_xlsm(tmp_path)).only()
    assert "宏" in texts(layer)
    assert "没有打开" in texts(layer)
    with pytest.raises(IngestError):
        read_file(h.put(tmp_path, "a.xlsx", b"PK\x03\x04 not a workbook"))


def test_a_password_is_named_and_the_old_format_read(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="密码"):
        read_file(sheets.locked_xlsx(tmp_path))
    path = sheets.xls(tmp_path)
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
