"""The sea, which OpenStreetMap does not draw: it draws coastlines, with land on their left and water on their right.

https://wiki.openstreetmap.org/wiki/Tag:natural%3Dcoastline. The coastlines cut the map's frame into pieces (shapely's ``polygonize``), and what
lies to the right of the coast along a piece's border says whether it is sea.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
_ASIDE: Final = 1e-7
"""Degrees beside the coast at which it is looked which piece lies there, about a centimetre."""
_MIXED: Final = 0.01
"""A piece with more land than this along its coasts, as a share of the water there, is no sea: its coast is cut or drawn the wrong way."""


def sea_areas(coasts: Sequence[Any], box: Box) -> NDArray[np.object_]:
    """Polygons of the sea within a frame.

    Parameters
    ----------
    coasts : sequence of shapely geometry
        Coastlines in the direction in which they are drawn, WGS84 degrees. Of one that is an area (an island drawn as one closed
        way, which GDAL hands on without its direction) the inside is land.
    box : Box
        West, south, east, north in degrees.

    Returns
    -------
    ndarray of Polygon
        Empty where no coast is in the frame: then all of it is taken for land.
    """
    frame = shapely.box(*box)
    lines = _lines(coasts)
    lines = lines[shapely.intersects(lines, frame)]
    if not len(lines):
        return np.empty(0, dtype=object)
    edges = shapely.union_all([frame.exterior, *lines])
    pieces = shapely.get_parts(shapely.polygonize([edges]))
    pieces = pieces[shapely.contains_xy(frame, *shapely.get_coordinates(shapely.point_on_surface(pieces)).T)]
    inside = shapely.get_parts(shapely.clip_by_rect(lines, *box))  # in the direction in which they are drawn
    water, land = _beside(inside, pieces)
    return np.asarray(pieces[(water > 0) & (land <= _MIXED * water)], dtype=object)


def _lines(coasts: Sequence[Any]) -> NDArray[np.object_]:
    shapes = shapely.get_parts(np.asarray(list(coasts), dtype=object))
    is_area = shapely.get_dimensions(shapes) == 2
    shapes[is_area] = shapely.get_exterior_ring(shapely.orient_polygons(shapes[is_area]))
    return np.asarray(shapes[shapely.get_dimensions(shapes) == 1], dtype=object)


def _beside(
    lines: NDArray[np.object_], pieces: NDArray[np.object_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each piece the length of the coasts that say it is water, and of those that say it is land; degrees."""
    at, line = shapely.get_coordinates(lines, return_index=True)
    is_step = line[1:] == line[:-1]
    start, step = at[:-1][is_step], np.diff(at, axis=0)[is_step]
    length = np.hypot(*step.T)
    start, step, length = start[length > 0], step[length > 0], length[length > 0]
    middle, right = start + step / 2, np.column_stack([step[:, 1], -step[:, 0]]) / length[:, None]
    tree = shapely.STRtree(pieces)
    sides = []
    for sign in (1.0, -1.0):
        found = tree.query(shapely.points(middle + sign * _ASIDE * right), predicate="within")
        sides.append(np.bincount(found[1], weights=length[found[0]], minlength=len(pieces)))
    return sides[0].astype("float64"), sides[1].astype("float64")
