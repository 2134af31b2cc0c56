"""The divisions of a nation: which strip each lies in, its box there, and its outline when a block needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage.demand import polygonal
from geo.kernels.zones import MAX_ZONES, Zones
from geo.nation.strips import Box, strip_of, system_of
from geo.places.crs import convert_geometry
from geo.places.division_outlines import read_divisions

Floats = NDArray[np.float64]
_INDEX_CELLS = 6
"""Side of a cell of the outlines' index, in cells of the lattice: a few edges in each, and few anchors."""


@dataclass(frozen=True, eq=False)
class Divisions:
    """Divisions of one strip.

    Attributes
    ----------
    meridian : int
        In the middle of the strip.
    codes : tuple of str
        Ascending.
    boxes : ndarray (n, 4)
        West, south, east, north in metres of the strip's plane.
    degrees : (west, east)
        Longitudes of all of them together.
    """

    meridian: int
    codes: tuple[str, ...]
    boxes: Floats
    degrees: tuple[float, float]

    def touching(self, box: Box) -> tuple[str, ...]:
        """Codes of those whose box touches ``box``."""
        west, south, east, north = self.boxes.T
        near = (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])
        return tuple(self.codes[k] for k in np.flatnonzero(near))


def divisions_by_strip(codes: Sequence[str]) -> dict[int, Divisions]:
    """Each division in the strip of its middle.

    Parameters
    ----------
    codes : sequence of str
        Six-digit codes that the outline package has.

    Returns
    -------
    dict
        Meridian -> its divisions, ascending.
    """
    degrees = read_divisions(list(codes))
    homes: dict[int, list[str]] = {}
    for code in sorted(degrees):
        west, _south, east, _north = degrees[code].bounds
        homes.setdefault(strip_of((west + east) / 2), []).append(code)
    strips = {}
    for meridian, mine in sorted(homes.items()):
        shapes = convert_geometry(
            [degrees[code] for code in mine], source="WGS84", target=system_of(meridian)
        )
        west, _south, east, _north = shapely.total_bounds([degrees[code] for code in mine])
        span = (float(west), float(east))
        strips[meridian] = Divisions(meridian, tuple(mine), shapely.bounds(shapes), span)
    return strips


@lru_cache(maxsize=512)
def outline(code: str, meridian: int) -> Any:
    """The outline of a division in the plane of a strip, valid."""
    shape = convert_geometry([read_divisions([code])[code]], source="WGS84", target=system_of(meridian))
    return shape[0] if shapely.is_valid(shape[0]) else polygonal(shapely.make_valid(shape))[0]


def locate(
    codes: Sequence[str], shapes: Sequence[Any], east: Floats, north: Floats, cell_m: float
) -> NDArray[np.int16]:
    """Which division holds the middle of each cell: the position of the first in ``codes``, -1 for none.

    Parameters
    ----------
    codes : sequence of str
        Ascending, so that a middle on a border belongs to the smallest code, as in a city.
    shapes : sequence of shapely polygons
        Of the divisions, metres.
    east : ndarray (nx,)
        Middles of the columns, metres.
    north : ndarray (ny,)
        Middles of the rows, metres.
    cell_m : float
        Side of a cell.

    Returns
    -------
    ndarray of int16 (ny, nx)
    """
    zone = np.full((len(north), len(east)), -1, "int16")
    for first in range(0, len(codes), MAX_ZONES):
        part = slice(first, first + MAX_ZONES)
        zones = Zones.from_polygons(tuple(codes[part]), shapes[part], cell_m=_INDEX_CELLS * cell_m)
        here = zones.locate(east[None, :], north[:, None])
        zone = np.where((zone < 0) & (here >= 0), here + first, zone).astype("int16")
    return zone
