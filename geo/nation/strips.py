"""The planes that a nation is measured in: the 3-degree Gauss-Krüger strips of CGCS2000, as a single city is.

A division lies in the strip of its middle, with all its cells, and facilities of neighbours are converted to that strip: so a
metre is a metre at every latitude, to 0.03 % within a strip and to 0.3 % at the far end of the widest division.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.places.crs import convert

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
WIDTH_DEG: Final = 3
FIRST, LAST = 75, 135
_FIRST_CODE: Final = 4534
"""EPSG code of the strip around 75° E; the codes of the others follow one by one."""
_STEPS: Final = 32
_MILLIMETRES: Final = 3


def strip_of(lon: float) -> int:
    """Meridian in the middle of the strip that holds a longitude."""
    nearest = round(lon / WIDTH_DEG) * WIDTH_DEG
    return min(max(nearest, FIRST), LAST)


def system_of(meridian: int) -> str:
    """The coordinate system of a strip."""
    return f"EPSG:{_FIRST_CODE + (meridian - FIRST) // WIDTH_DEG}"


def moved(x: Floats, y: Floats, origin: int, target: int) -> tuple[Floats, Floats]:
    """Places of one strip in the plane of another, to whole millimetres: the same on every machine.

    Parameters
    ----------
    x, y : ndarray of float64
        Metres in the plane of ``origin``.
    origin, target : int
        Meridians.

    Returns
    -------
    (ndarray, ndarray)
        Metres in the plane of ``target``.
    """
    if origin == target:
        return x, y
    east, north = convert(x, y, source=system_of(origin), target=system_of(target))
    return east.round(_MILLIMETRES), north.round(_MILLIMETRES)


def moved_box(box: Box, origin: int, target: int, *, margin: float) -> Box:
    """A box of one strip's plane that holds a box of another's.

    Parameters
    ----------
    box : (west, south, east, north)
        Metres in the plane of ``origin``.
    origin, target : int
        Meridians.
    margin : float
        Metres added on each side, for the edges are curved.

    Returns
    -------
    (west, south, east, north)
    """
    edge = shapely.get_coordinates(shapely.segmentize(shapely.box(*box), _longest_step(box)))
    east, north = moved(edge[:, 0], edge[:, 1], origin, target)
    return (
        float(east.min()) - margin,
        float(north.min()) - margin,
        float(east.max()) + margin,
        float(north.max()) + margin,
    )


def longitudes(box: Box, meridian: int) -> tuple[float, float]:
    """The least and the greatest longitude of a box of a strip's plane."""
    edge = shapely.get_coordinates(shapely.segmentize(shapely.box(*box), _longest_step(box)))
    lon, _lat = convert(edge[:, 0], edge[:, 1], source=system_of(meridian), target="WGS84")
    return float(lon.min()), float(lon.max())


def _longest_step(box: Box) -> float:
    return max(box[2] - box[0], box[3] - box[1], 1.0) / _STEPS
