"""Files of streets: what comes back, OpenStreetMap, and what is refused."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.errors import CrsError, DataError, ParameterError
from geo.kernels.street_file import read_streets
from geo.places.base_map import OSM_CREDIT
from geo.places.crs import convert
from tests.kernels.street_cases import CROSS, E0, LADDER, METRIC_CRS, N0, lines, network, walk


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "json", "shp", "fgb", "GPKG"])
def test_a_file_comes_back_as_the_same_network(tmp_path: Path, ending: str) -> None:
    drivers = {"json": "GeoJSON", "shp": "ESRI Shapefile", "fgb": "FlatGeobuf", "geojson": "GeoJSON"}
    path = tmp_path / f"街道.{ending}"
    crs = "EPSG:4326" if "json" in ending else METRIC_CRS
    lines(*LADDER).to_crs(crs).to_file(path, driver=drivers.get(ending, "GPKG"), engine="pyogrio")
    streets = read_streets(path, METRIC_CRS)
    assert streets.report["source"] == path.name
    assert "credit" not in streets.report
    assert np.allclose(streets.nodes, network(*LADDER).nodes, atol=0.02)
    assert streets.report["edges"] == 8


def test_of_several_layers_the_first_of_lines_is_read(tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    points = gpd.GeoDataFrame(geometry=[shapely.Point(E0, N0)], crs=METRIC_CRS)
    for name, frame in {"nodes": points, "edges": lines(*CROSS), "more": lines(*LADDER)}.items():
        frame.to_file(path, layer=name, driver="GPKG")
    assert read_streets(path, METRIC_CRS).report["edges"] == 4
    points.to_file(tmp_path / "points.gpkg", driver="GPKG")
    with pytest.raises(ParameterError, match="没有一条"):
        read_streets(tmp_path / "points.gpkg", METRIC_CRS)


OSM_NODES = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (100.0, 100.0)}


OSM_WAYS = {
    10: ([1, 2], {"highway": "footway"}),
    11: ([2, 3], {"highway": "motorway"}),
    12: ([2, 4], {"highway": "trunk", "lanes": "4"}),
    13: ([1, 4], {"highway": "trunk", "foot": "no"}),
    14: ([3, 4], {"railway": "rail"}),
    15: ([1, 3], {"highway": "construction"}),
    16: ([4, 3, 2], {"highway": "motorway_link"}),
}


def osm_places() -> dict[int, tuple[float, float]]:
    x, y = np.add(list(OSM_NODES.values()), (E0, N0)).T
    lon, lat = convert(x, y, source="EPSG:4549", target="WGS84")
    return {k: (float(a), float(b)) for k, a, b in zip(OSM_NODES, lon, lat, strict=True)}


def osm_xml() -> bytes:
    nodes = [f'<node id="{k}" lon="{lon:.7f}" lat="{lat:.7f}"/>' for k, (lon, lat) in osm_places().items()]
    ways = [
        f'<way id="{k}">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        + "</way>"
        for k, (refs, tags) in OSM_WAYS.items()
    ]
    text = "\n".join(
        ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">', *nodes, *ways, "</osm>"]
    )
    return text.encode()


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def chunk(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def osm_pbf() -> bytes:
    """The same data in the binary format, by its published message definitions."""
    words = [
        "",
        *sorted({word for _refs, tags in OSM_WAYS.values() for pair in tags.items() for word in pair}),
    ]
    group = b""
    for k, (lon, lat) in osm_places().items():
        place = number(8, zigzag(round(lat * 1e7))) + number(9, zigzag(round(lon * 1e7)))
        group += chunk(1, number(1, zigzag(k)) + place)
    for k, (refs, tags) in OSM_WAYS.items():
        keys = b"".join(varint(words.index(key)) for key in tags)
        values = b"".join(varint(words.index(value)) for value in tags.values())
        steps = b"".join(varint(zigzag(b - a)) for a, b in zip([0, *refs[:-1]], refs, strict=True))
        group += chunk(3, number(1, k) + chunk(2, keys) + chunk(3, values) + chunk(8, steps))
    table = b"".join(chunk(1, word.encode()) for word in words)
    out = b""
    for kind, content in (
        (b"OSMHeader", chunk(4, b"OsmSchema-V0.6")),
        (b"OSMData", chunk(1, table) + chunk(2, group)),
    ):
        blob = chunk(1, content) + number(2, len(content))
        header = chunk(1, kind) + number(3, len(blob))
        out += len(header).to_bytes(4, "big") + header + blob
    return out


@pytest.mark.parametrize(("name", "content"), [("wuxi.osm", osm_xml()), ("wuxi.osm.pbf", osm_pbf())])
def test_of_openstreetmap_the_ways_that_may_be_walked_on_are_read(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    streets = read_streets(path, METRIC_CRS)
    assert (streets.report["nodes"], streets.report["edges"]) == (3, 2)
    assert streets.report["source"] == name
    assert streets.report["credit"] == OSM_CREDIT
    assert walk(streets, [(0, 0)], (100, 100)) == pytest.approx([200], abs=0.1)


def test_openstreetmap_without_a_way_to_walk_on_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "motorway.osm"
    path.write_bytes(osm_xml().replace(b"footway", b"motorway").replace(b"trunk", b"motorway"))
    with pytest.raises(ParameterError, match="没有一条"):
        read_streets(path, METRIC_CRS)


def test_openstreetmap_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    for name, content in (("half.osm", osm_xml()[:-40]), ("half.osm.pbf", osm_pbf()[:-30])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=name):
            read_streets(tmp_path / name, METRIC_CRS)


def test_openstreetmap_with_negative_ids_and_ways_without_nodes(tmp_path: Path) -> None:
    """Ids of an editor that has not uploaded yet; ways whose nodes the extract does not hold are no streets."""
    text = osm_xml().replace(b'<nd ref="', b'<nd ref="-').replace(b'<node id="', b'<node id="-')
    (tmp_path / "negative.osm").write_bytes(text)
    assert read_streets(tmp_path / "negative.osm", METRIC_CRS).report["edges"] == 2
    lost = b'<way id="99"><nd ref="501"/><nd ref="502"/><tag k="highway" v="footway"/></way></osm>'
    (tmp_path / "lost.osm").write_bytes(osm_xml().replace(b"</osm>", lost))
    assert read_streets(tmp_path / "lost.osm", METRIC_CRS).report["edges"] == 2
    only = b'<?xml version="1.0"?><osm version="0.6">' + lost
    (tmp_path / "only.osm").write_bytes(only)
    with pytest.raises(ParameterError, match="没有一条"):
        read_streets(tmp_path / "only.osm", METRIC_CRS)


@pytest.mark.parametrize(
    "name",
    [
        "roads.kml",
        "roads.vrt",
        "roads",
        "/vsicurl/http://localhost/a.gpkg",
        "https://example.org/a.gpkg",
        "/vsizip/a.zip/a.shp",
    ],
)
def test_other_files_and_addresses_are_refused(name: str) -> None:
    with pytest.raises(ParameterError, match="不接受文件") as caught:
        read_streets(Path(name), METRIC_CRS)
    assert ".osm.pbf" in str(caught.value)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"找不到文件 missing\.gpkg"):
        read_streets(tmp_path / "missing.gpkg", METRIC_CRS)
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [', "utf-8")
    with pytest.raises(DataError, match=r"broken\.geojson 第 1 行"):
        read_streets(broken, METRIC_CRS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gpkg", "not a database"),
        ("a.osm", "<gml/>"),
        ("a.osm.pbf", "<osm/>"),
        ("a.geojson", '{"a": 1} <OGRVRTDataSource><OGRVRTLayer name="b"/></OGRVRTDataSource>'),
    ],
)
def test_a_file_must_be_what_its_name_says(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(DataError, match=r"与扩展名不符|不是数据本身"):
        read_streets(tmp_path / name, METRIC_CRS)


def test_a_file_without_lines_geometry_or_crs_says_so(tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    with pytest.raises(ParameterError, match="没有一条"):
        read_streets(bare, METRIC_CRS)
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "table.gpkg")
    with pytest.raises(DataError, match="没有几何图层"):
        read_streets(tmp_path / "table.gpkg", METRIC_CRS)
    lines(*CROSS).to_file(tmp_path / "roads.shp", driver="ESRI Shapefile")
    (tmp_path / "roads.prj").unlink()
    with pytest.raises(CrsError, match="没有坐标系"):
        read_streets(tmp_path / "roads.shp", METRIC_CRS)
