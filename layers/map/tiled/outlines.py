"""Outlines in a tile's own steps: simplified to what can be seen, cut a little beyond the tile's edge, in whole numbers.

Done for all of a tile at once by shapely: DuckDB's ST_AsMVTGeom takes 0.2 ms for each (docs/decisions/0062).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.map.tiled.grid import EXTENT, SHOWN_PIXELS, Tile

_MARGIN: Final = EXTENT // 64
"""Steps by which outlines go beyond the edge, so that the edge is not drawn as an outline."""
_TOLERANCE: Final = 0.5 * EXTENT / SHOWN_PIXELS
"""Steps by which an outline may be simplified: half a pixel."""
_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def tile_outlines(shapes: NDArray[Any], tile: Tile) -> NDArray[Any]:
    """The outlines of shapes in a tile.

    Parameters
    ----------
    shapes : ndarray of Geometry
        In steps of the world with the north up.
    tile : Tile

    Returns
    -------
    ndarray of Geometry
        In the tile's own steps, which go down; None where nothing is left that has an area.
    """
    west, _south, _east, north = tile.box
    scale = EXTENT / (1 << tile.digits)

    def steps(corners: Any) -> Any:
        return np.column_stack([(corners[:, 0] - west) * scale, (north - corners[:, 1]) * scale])

    drawn: NDArray[Any] = shapely.simplify(shapely.transform(shapes, steps), _TOLERANCE)
    bounds = shapely.bounds(drawn)
    low, high = -_MARGIN, EXTENT + _MARGIN
    outside = np.flatnonzero((bounds[:, :2] < low).any(axis=1) | (bounds[:, 2:] > high).any(axis=1))
    drawn[outside] = shapely.clip_by_rect(drawn[outside], low, low, high, high)
    drawn = shapely.orient_polygons(shapely.transform(drawn, np.round))
    is_area = np.isin(shapely.get_type_id(drawn), _POLYGONS) & (shapely.area(drawn) >= 1)
    drawn[~is_area] = None
    return np.asarray(drawn, object)
