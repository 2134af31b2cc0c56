"""Files that broke or fooled other programs, made where they are needed: nothing large is stored."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

BILLION = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><kml><Document><name>&j;</name></Document></kml>"
)


EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<kml><Document><name>&x;</name></Document></kml>"
)


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def pack(
    folder: Path, members: Mapping[str, bytes | str], name: str = "a.zip", *, level: int | None = None
) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def bomb(folder: Path, megabytes: int = 300) -> Path:
    """A few hundred kilobytes that unpack to ``megabytes`` of zeros."""
    path = folder / "bomb.zip"
    zeros = bytes(1 << 20)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.csv", "w", force_zip64=True) as handle,
    ):
        for __ in range(megabytes):
            handle.write(zeros)
    return path


def lying_bomb(folder: Path) -> Path:
    """An archive whose directory says 10 bytes where 64 MB come out."""
    path = pack(folder, {"a.csv": bytes(64 << 20)}, "liar.zip")
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    return path


def many(folder: Path, count: int = 5000) -> Path:
    return pack(folder, {f"{n}.csv": "a\n" for n in range(count)}, "many.zip")


def link(folder: Path) -> Path:
    path = folder / "link.zip"
    info = zipfile.ZipInfo("a.csv")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return path


def nested(folder: Path, depth: int = 6) -> Path:
    content = b"a,b\n1,2\n"
    name = "a.csv"
    for level in range(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, content)
        content, name = out.getvalue(), f"{level}.zip"
    return put(folder, "nested.zip", content)


def gbk_names(folder: Path) -> Path:
    """Member names in GBK without the flag that says UTF-8, as Windows in China writes them, with macOS extras."""
    path = pack(
        folder,
        {"XXXX.csv": "名称,区\n甲,乙\n", "__MACOSX/._XXXX.csv": b"\x00\x05\x16\x07", ".DS_Store": b"\x00"},
    )
    return put(folder, "gbk.zip", path.read_bytes().replace(b"XXXX.csv", "清单.csv".encode("gbk")))


def points(count: int = 3) -> gpd.GeoDataFrame:
    names = ["耕读社区", "扬名新村", "清扬"] * count
    xy = gpd.points_from_xy(120.3 + np.arange(count) / 1000, 31.5 + np.arange(count) / 1000)
    return gpd.GeoDataFrame({"名称": names[:count], "数": range(count)}, geometry=xy, crs="EPSG:4326")


def shapefile(
    folder: Path, stem: str = "a", *, encoding: str = "GBK", drop: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """The parts of a shapefile of three points: ending -> bytes."""
    points().to_file(folder / f"{stem}.shp", encoding=encoding)
    parts = {end: (folder / f"{stem}{end}").read_bytes() for end in (".shp", ".shx", ".dbf", ".prj", ".cpg")}
    return {end: data for end, data in parts.items() if end not in drop}


def zipped_shapefile(
    folder: Path, *, encoding: str = "GBK", drop: tuple[str, ...] = (), cpg: str = ""
) -> Path:
    parts = shapefile(folder, encoding=encoding, drop=drop)
    if cpg:
        parts[".cpg"] = cpg.encode()
    return pack(folder, {f"图层/点{end}": data for end, data in parts.items()}, "shape.zip")


def geojson(folder: Path, shapes: list[object], **members: object) -> Path:
    features = [
        {"type": "Feature", "properties": {"名称": f"第{n}"}, "geometry": shape}
        for n, shape in enumerate(shapes)
    ]
    return put(
        folder, "a.geojson", json.dumps({"type": "FeatureCollection", **members, "features": features})
    )


def long_geojson(folder: Path, megabytes: int) -> Path:
    """Points on one line of ``megabytes``."""
    path = folder / "long.geojson"
    one = '{"type":"Feature","properties":{"名称":"耕读社区","a":%d},"geometry":{"type":"Point","coordinates":[%.6f,%.6f]}}'
    with path.open("w", encoding="utf-8") as handle:
        handle.write('{"type":"FeatureCollection","features":[')
        written, n = 0, 0
        while written < megabytes << 20:
            text = one % (n, 120 + n % 1000 / 1e4, 31 + n // 1000 % 1000 / 1e4)
            written += handle.write(text if n == 0 else "," + text)
            n += 1
        handle.write("]}")
    return path


def circle(vertices: int) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    return shapely.Polygon(np.column_stack([120.3 + 0.1 * np.cos(angle), 31.5 + 0.1 * np.sin(angle)]))


def squares(count: int) -> np.ndarray:
    x = 120 + np.arange(count) % 500 / 1000
    y = 31 + np.arange(count) // 500 / 1000
    return shapely.box(x, y, x + 0.0005, y + 0.0005)


def gpkg(folder: Path, shapes: object, name: str = "a.gpkg") -> Path:
    path = folder / name
    frame = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs="EPSG:4326")
    frame.to_file(path, driver="GPKG", layer="图层")
    return path


def tricky_gpkg(folder: Path, secret: Path) -> Path:
    """Triggers on every table, a view that attaches nothing but tries to, a view that never ends, no rtree."""
    path = gpkg(folder, squares(3), "tricky.gpkg")
    base = sqlite3.connect(path)
    for (name,) in base.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        base.execute(f'drop trigger "{name}"')
    base.execute('drop table "rtree_图层_geom"')
    base.execute("delete from gpkg_extensions")
    base.execute("create trigger t after update on gpkg_contents begin delete from gpkg_contents; end")
    base.execute(
        f"create view peek as select 1 as fid, ogr_geocode('x', 'geometry') as geom, '{secret}' as path"
    )
    base.execute(
        "insert into gpkg_contents (table_name, data_type, identifier, srs_id) values ('peek', 'attributes', 'peek', 0)"
    )
    base.commit()
    base.close()
    return path


def endless_gpkg(folder: Path) -> Path:
    """A view whose rows never end."""
    path = gpkg(folder, squares(1), "endless.gpkg")
    base = sqlite3.connect(path)
    base.execute(
        "create view v as with recursive c(x) as (select 1 union all select x + 1 from c) select x as fid, x as n from c"
    )
    base.execute(
        "insert into gpkg_contents (table_name, data_type, identifier, srs_id) values ('v', 'attributes', 'v', 0)"
    )
    base.commit()
    base.close()
    return path


def endless_shapes(folder: Path, name: str = "endless_shapes.gpkg") -> Path:
    """A GeoPackage whose only layer is a view with shapes that never end."""
    path = gpkg(folder, squares(1), name)
    base = sqlite3.connect(path)
    base.execute("delete from gpkg_contents")
    base.execute("delete from gpkg_geometry_columns")
    base.execute(
        "create view v as with recursive c(x) as (select 1 union all select x + 1 from c) "
        'select x as fid, (select geom from "图层") as geom from c'
    )
    base.execute(
        "insert into gpkg_contents (table_name, data_type, identifier, srs_id) values ('v', 'features', 'v', 4326)"
    )
    base.execute("insert into gpkg_geometry_columns values ('v', 'geom', 'GEOMETRY', 4326, 0, 0)")
    base.commit()
    base.close()
    return path


def pipeline(secret: Path, *, behind: int = 0) -> str:
    """GDAL's own JSON that has ``secret`` read, after so many bytes of nothing."""
    padding = f'"note": "{"x" * behind}", ' if behind else ""
    return f'{{{padding}"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {secret}"}}'


def virtual_layer(secret: Path) -> str:
    """A virtual dataset that has ``secret`` read."""
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>'
        f"{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )


def curved_gpkg(folder: Path) -> Path:
    """One CIRCULARSTRING through (120, 31), (121, 32), (122, 31)."""
    path = gpkg(folder, [shapely.LineString([(0, 0), (1, 1)])], "curve.gpkg")
    base = sqlite3.connect(path)
    for (name,) in base.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        base.execute(f'drop trigger "{name}"')
    blob = b"GP\x00\x01" + struct.pack("<i", 4326) + struct.pack("<BII6d", 1, 8, 3, 120, 31, 121, 32, 122, 31)
    base.execute('update "图层" set geom = ?', (blob,))
    base.execute("update gpkg_geometry_columns set geometry_type_name = 'CIRCULARSTRING'")
    base.commit()
    base.close()
    return path


def kml(folder: Path, extra: str = "") -> Path:
    return put(
        folder,
        "a.kml",
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>层</name>'
        + extra
        + "<Placemark><name>耕读社区</name><ExtendedData><Data name='区'><value>乙</value></Data></ExtendedData>"
        "<Point><coordinates>120.3,31.5,7</coordinates></Point></Placemark></Document></kml>",
    )


def gml(folder: Path, extra: str = "", head: str = "") -> Path:
    return put(
        folder,
        "a.gml",
        '<?xml version="1.0" encoding="UTF-8"?>'
        + head
        + '<c:FeatureCollection xmlns:c="http://example.org/c" xmlns:gml="http://www.opengis.net/gml"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://example.org/c http://10.0.0.1/c.xsd">'
        '<gml:featureMember><c:site gml:id="s1"><c:name>耕读社区</c:name>'
        + extra
        + '<c:where><gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>31.5 120.3</gml:pos></gml:Point></c:where>'
        "</c:site></gml:featureMember></c:FeatureCollection>",
    )


OSM = (
    '<?xml version="1.0" encoding="UTF-8"?><osm version="0.6" generator="hand">'
    '<node id="1" lat="31.50" lon="120.30"><tag k="railway" v="station"/><tag k="name" v="三阳广场"/><tag k="subway" v="yes"/></node>'
    '<node id="2" lat="31.51" lon="120.30"/><node id="3" lat="31.51" lon="120.31"/><node id="-4" lat="31.50" lon="120.31"/>'
    '<way id="10"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="学前街"/></way>'
    '<way id="11"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="-4"/><nd ref="1"/><tag k="amenity" v="school"/></way>'
    '<way id="12"><nd ref="98"/><nd ref="99"/><tag k="highway" v="footway"/></way>'
    "</osm>"
)


def osm(folder: Path, text: str = OSM) -> Path:
    return put(folder, "a.osm", text)


def dxf(folder: Path) -> Path:
    """A line and a closed polyline in a drawing of AutoCAD's Chinese code page."""
    text = (
        "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1018\n9\n$DWGCODEPAGE\n3\nANSI_936\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
        "0\nLINE\n8\n道路\n10\n40500000.0\n20\n3490000.0\n30\n5.0\n11\n40500100.0\n21\n3490000.0\n31\n5.0\n"
        "0\nTEXT\n8\n注记\n10\n40500000.0\n20\n3490000.0\n40\n1.0\n1\n耕读社区\n0\nENDSEC\n0\nEOF\n"
    )
    return put(folder, "a.dxf", text.encode("gbk"))
