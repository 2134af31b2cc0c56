"""Files that a person brings: on this machine, of a known kind, and holding what their name says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from geo.errors import ParameterError
from geo.text import mark as _

# GDAL picks its driver by what a file holds, so what it holds must begin as its name says
_BEGINNINGS: Final = {
    ".gpkg": rb"SQLite format 3\x00",
    ".geojson": rb"(\xef\xbb\xbf)?\s*\{",
    ".json": rb"(\xef\xbb\xbf)?\s*\{",
    ".shp": rb"\x00\x00\x27\x0a",
    ".fgb": rb"fgb\x03fgb",
    ".osm": rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE.*?>\s*)?<osm[\s>]",
    ".osm.pbf": rb".{4}\x0a\x09OSMHeader",
    ".zip": rb"PK\x03\x04",
    ".docx": rb"PK\x03\x04",
    ".pdf": rb"(\xef\xbb\xbf)?\s*%PDF-",
    ".kmz": rb"PK\x03\x04",
    ".xlsx": rb"(PK\x03\x04|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1)",  # one with a password is an OLE file
    ".xlsm": rb"(PK\x03\x04|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1)",
    ".xls": rb"(PK\x03\x04|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\x09[\x00\x02\x04\x08][\x04-\x08]\x00)",
    ".kml": rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE.*?>\s*)?<(\w+:)?kml[\s>]",
    ".gml": rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE.*?>\s*)?<[^!?].*?opengis\.net/gml",
    ".gpx": rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE.*?>\s*)?<(\w+:)?gpx[\s>]",
    ".geojsonl": rb"(\xef\xbb\xbf)?\s*\x1e?\s*\{",
    ".geojsons": rb"(\xef\xbb\xbf)?\s*\x1e?\s*\{",
    ".ndjson": rb"(\xef\xbb\xbf)?\s*\x1e?\s*\{",
    ".jsonl": rb"(\xef\xbb\xbf)?\s*\x1e?\s*\{",
    ".dxf": rb"(\s*999\s[^\n]*\n)*\s*0\s*\r?\n\s*SECTION",
    ".parquet": rb"PAR1",
    ".geoparquet": rb"PAR1",
    ".pbf": rb".{4}\x0a\x09OSMHeader",
    ".tif": rb"(II[*+]\x00|MM\x00[*+])",
    ".tiff": rb"(II[*+]\x00|MM\x00[*+])",
}


def allowed_ending(path: Path, endings: Sequence[str]) -> str:
    """The ending of a local file's name, one of ``endings``; ``ParameterError`` for others and for addresses."""
    ending = next((known for known in endings if path.name.lower().endswith(known)), "")
    text = str(path)
    remote = text.startswith("/vsi") or ":/" in text  # a Path writes "https://…" as "https:/…"
    if remote or not ending or not text.isprintable():
        raise ParameterError(
            _("不接受文件 {name}。"),
            hint=_("请给出本机上的文件，可用的扩展名：{known}。"),
            name=text,
            known="、".join(endings),
        )
    return ending


def content_matches(head: bytes, ending: str) -> bool:
    """Whether the first bytes of a file are those of ``ending``; False for an ending without a known beginning."""
    return ending in _BEGINNINGS and re.match(_BEGINNINGS[ending], head, re.DOTALL) is not None
