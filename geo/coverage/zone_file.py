"""Zones or places of a person's file, read in a process of its own, with their columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.errors import ParameterError
from geo.local_file import allowed_ending
from geo.reading.read_file import read_file
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

ENDINGS: Final = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".fgb", ".kml")


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
