"""Zones or places of a person's file, read in a process of its own, with their columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.errors import ParameterError
from geo.local_file import allowed_ending
from geo.reading.read_file import read_file
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_NAME_BYTES: Final = 10
_ENCODINGS: Final = ("utf-8", "gb18030")
ENDINGS: Final = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".fgb", ".kml")


def usual_column(columns: Sequence[str], names: Sequence[str]) -> str:
    """The first of the usual names that a file has as a column; empty where it has none.

    A shapefile cuts a name after ten bytes, in UTF-8 or GBK: what is left of a usual name counts as that name.

    Parameters
    ----------
    columns : sequence of str
        Of the file.
    names : sequence of str
        Usual names, the best first.

    Returns
    -------
    str
    """
    for name in names:
        short = {name.encode(encoding)[:_NAME_BYTES].decode(encoding, "ignore") for encoding in _ENCODINGS}
        wanted = [name, *sorted(short - {name}, key=len, reverse=True)]
        for each in wanted:
            if each in columns:
                return each
    return ""


def read_zones(path: Path, name: str = "") -> GeoDataFrame:
    """The shapes of the one layer of a local file.

    Parameters
    ----------
    path : Path
    name : str
        What the person calls the file; by default its own name.

    Returns
    -------
    GeoDataFrame
        With the file's columns, in its CRS (None where it has none).

    Raises
    ------
    ParameterError
        An ending that is not accepted, or a file without geometry.
    IngestError
        As :func:`geo.reading.read_file.read_file`; also where there are several layers.
    """
    import geopandas as gpd

    allowed_ending(Path(name) if name else path, ENDINGS)
    layer = read_file(path, name).only()
    if layer.geometry is None:
        raise ParameterError(
            _("文件 {name} 里没有几何。"),
            hint=_("分区请给多边形图层，地点请给点或多边形图层。"),
            name=name or path.name,
        )
    return gpd.GeoDataFrame(layer.frame, geometry=layer.geometry, crs=layer.crs)
