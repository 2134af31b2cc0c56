"""Hostile and broken archives, JSON, XML and shapefiles: each is a clear refusal or a sound import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import IngestError
from geo.reading.archive import inspect_archive
from geo.reading.guards import check_geojson, check_xml
from geo.reading.limits import LIMITS
from geo.reading.read_file import read_file
from tests.reading.hostile_reading import texts
from tools import hostile_files as h


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


def test_a_kmz_is_read(tmp_path: Path) -> None:
    path = h.pack(tmp_path, {"doc.kml": h.kml(tmp_path).read_bytes(), "files/a.png": b"x"}, "a.kmz")
    assert read_file(path).only().frame["区"].tolist() == ["乙"]
