"""Files that a person brings: on this machine, of a known kind, and holding what their name says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from geo.errors import DataError, ParameterError
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
    ".kmz": rb"PK\x03\x04",
    ".xlsx": rb"(PK\x03\x04|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1)",  # one with a password is an OLE file
    ".xlsm": rb"(PK\x03\x04|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1)",
    ".xls": rb"(PK\x03\x04|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\x09[\x00\x02\x04\x08][\x04-\x08]\x00)",
    ".kml": rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE.*?>\s*)?<(\w+:)?kml[\s>]",
    ".gml": rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE.*?>\s*)?<[^!?].*?opengis\.net/gml",
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


def check_content(path: Path, ending: str) -> None:
    """Refuse with ``DataError`` a file whose first bytes are not those of its ending; ``OSError`` as Python raises it."""
    with path.open("rb") as file:
        head = file.read(4096)
    # a virtual dataset may stand behind any beginning, and would have other files and addresses read
    if not content_matches(head, ending) or b"<OGRVRT" in head:
        raise DataError(_("{name} 的内容与扩展名不符。"), hint=_("请核对文件。"), name=path.name)


def read_layer(path: Path, endings: Sequence[str], *, kind: str, where: str | None = None) -> Any:
    """Geometries of the first layer whose type holds ``kind`` (``LineString``, ``Polygon``), else of the first layer.

    Parameters
    ----------
    path : Path
        A local file; the ending must be among ``endings`` and its content must agree.
    endings : sequence of str
        Endings that are accepted.
    kind : str
        ``LineString`` or ``Polygon``.
    where : str or None
        An OGR filter; OSM files only, whose layer is ``lines`` or ``multipolygons``.

    Returns
    -------
    GeoDataFrame
        In the file's CRS (None where it has none).

    Raises
    ------
    ParameterError, DataError
        An address, an unknown ending, a file that cannot be read or is not what its name says.
    """
    import shapely
    from pyogrio import list_layers, read_dataframe, set_gdal_config_options

    ending = allowed_ending(path, endings)
    try:
        check_content(path, ending)
        whole = path.resolve()
        if ending.startswith(".osm"):
            set_gdal_config_options(
                {"OSM_USE_CUSTOM_INDEXING": "NO"}
            )  # else ids must rise, and negative ones fall
            layer = "lines" if kind == "LineString" else "multipolygons"
            return read_dataframe(whole, layer=layer, where=where, columns=[])
        layers = [(str(name), str(shape)) for name, shape in list_layers(whole) if shape]
        if not layers:
            raise DataError(_("{name} 里没有几何图层。"), hint=_("请核对文件。"), name=path.name)
        chosen = next((name for name, shape in layers if kind in shape), layers[0][0])
        return read_dataframe(whole, layer=chosen, columns=[])
    except (OSError, RuntimeError, ValueError, shapely.errors.ShapelyError) as error:
        raise DataError(
            _("读不了文件 {name}：{detail}。"), hint=_("请核对文件。"), name=path.name, detail=str(error)
        ) from error
