"""The kinds of files that are read: chosen by what a file holds, and checked against its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import IngestError
from geo.local_file import content_matches
from geo.reading.model import joined_names
from geo.reading.xml_text import head_as_utf8
from geo.text import mark as _


@dataclass(frozen=True, slots=True)
class Format:
    """``driver`` is GDAL's name of the one driver that may open it, "" where GDAL takes no part."""

    key: str
    title: str
    endings: tuple[str, ...]
    driver: str = ""


FORMATS: Final = {
    kind.key: kind
    for kind in (
        Format("workbook", "Excel", (".xlsx", ".xlsm", ".xls")),
        Format("shapefile", "Shapefile", (".shp",), "ESRI Shapefile"),
        Format("gpkg", "GeoPackage", (".gpkg",), "GPKG"),
        Format("geojson", "GeoJSON", (".geojson", ".json"), "GeoJSON"),
        Format(
            "geojsonseq", "GeoJSON Sequence", (".geojsonl", ".geojsons", ".ndjson", ".jsonl"), "GeoJSONSeq"
        ),
        Format("gdb", "FileGDB", (), "OpenFileGDB"),
        Format("gpx", "GPX", (".gpx",), "GPX"),
        Format("kml", "KML", (".kml",), "LIBKML"),
        Format("gml", "GML", (".gml", ".xml"), "GML"),
        Format("dxf", "DXF", (".dxf",), "DXF"),
        Format("fgb", "FlatGeobuf", (".fgb",), "FlatGeobuf"),
        Format("geoparquet", "GeoParquet", (".parquet", ".geoparquet")),
        Format("osm", "OSM XML", (".osm",), "OSM"),
        Format("osm.pbf", "OSM PBF", (".osm.pbf", ".pbf"), "OSM"),
        Format("zip", "ZIP", (".zip", ".kmz")),
        Format("csv", "CSV", (".csv", ".tsv", ".txt")),
    )
}
TABLES: Final = ("csv", "workbook")
ENDINGS: Final = tuple(sorted({ending for kind in FORMATS.values() for ending in kind.endings}))
_ADDRESS: Final = re.compile(
    rb"(\xef\xbb\xbf)?\s*(/vsi\w+/|https?:|ftp:|file:|(PG|MYSQL|MSSQL|WFS|OAPIF|ES|OCI|GEOJSON|CSW|GFT|SQLITE|ADBC):)",
    re.IGNORECASE,
)
_VIRTUAL: Final = re.compile(
    rb"<OGRVRT|<VRTDataset|gdal_streamed_alg|gdal_virtual|<OGRWFS|<WFS_|<GDAL_WMS", re.IGNORECASE
)


def kind_of(head: bytes, name: str) -> Format:
    """The kind of a file by its first bytes, which must be one that its name's ending allows.

    Raises
    ------
    IngestError
        An unknown ending, a virtual dataset or an address behind any ending, content of another kind.
    """
    allowed = _by_name(name)
    head = head_as_utf8(head)
    refuse_description(head, name)
    for kind in allowed:
        if kind.key == "csv" or any(content_matches(head, ending) for ending in kind.endings):
            if kind.key == "csv" and _is_other(head):
                continue
            return kind
    raise IngestError(
        _("{name} 的内容不是 {format}，与扩展名不符。"),
        hint=_("请核对文件；如果扩展名写错了，请改正后再导入。"),
        name=name,
        format="、".join(kind.title for kind in allowed),
    )


def refuse_description(head: bytes, name: str) -> None:
    """``IngestError`` where a file begins as a virtual dataset or an address, behind any ending."""
    if _ADDRESS.match(head) or _VIRTUAL.search(head):
        raise IngestError(
            _("{name} 里是指向别处数据的说明或地址，不是数据本身，拒绝读取。"),
            hint=_("请导入数据文件本身。"),
            name=name,
        )


def _by_name(name: str) -> list[Format]:
    lower = name.lower()
    longest = max((ending for ending in ENDINGS if lower.endswith(ending)), key=len, default="")
    if lower.endswith((".osc", ".osc.gz")):
        raise IngestError(
            _("{name} 是 OSM 的变更文件，只有改动，没有完整的数据，不读。"),
            hint=_("请导入完整的摘录（.osm 或 .osm.pbf）。"),
            name=name,
        )
    if not longest:
        raise IngestError(
            _("不认识 {name} 的扩展名。"),
            hint=_("可读：{endings}。"),
            name=name,
            endings=joined_names(ENDINGS, 30),
        )
    return [kind for kind in FORMATS.values() if longest in kind.endings]


def _is_other(head: bytes) -> bool:
    """Whether a file that is called a text table is plainly something else: XML, or a kind with bytes of its own."""
    known = (
        ending
        for kind in FORMATS.values()
        if kind.key not in {"csv", "geojson", "geojsonseq", "dxf"}
        for ending in kind.endings
    )
    binary = head.startswith(
        (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"RIFF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
    )
    return (
        binary
        or any(content_matches(head, ending) for ending in known)
        or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    )


def display_name(name: str) -> str:
    """A file's name as it is shown: without folders and control characters, cut at 120 characters."""
    last = Path(name.replace("\\", "/")).name
    shown = "".join(char for char in last if char.isprintable())
    return shown if len(shown) <= 120 else shown[:60] + "…" + shown[-40:]
