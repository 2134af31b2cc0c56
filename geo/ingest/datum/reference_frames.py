"""Systems that coordinates of one city can be written in, and which of them put the numbers into the city."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.places.baidu_mercator import BAIDU_MERCATOR, baidu_degrees
from geo.places.crs import convert
from geo.places.local_systems import saved_systems
from geo.places.projections import is_projected_in_metres, to_degrees
from geo.vocabulary import LOCAL

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
DATUMS: Final = ("WGS84", "GCJ02", "BD09")
DEGREES: Final = "degrees"
BAIDU_DATUM: Final = "BD09"
_PAD: Final = 0.3
"""Degrees around the city that still count as the city: neighbours' works, and shifted systems."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How numbers are to be read: the grid (``degrees`` or ``EPSG:n``), the datum on it, and the order of axes.

    ``mirrored`` reads the first axis with its sign turned: a sign that was lost, or put.
    """

    grid: str = DEGREES
    datum: str = "WGS84"
    swapped: bool = False
    mirrored: bool = False

    @property
    def system(self) -> str:
        """The name as the rest of the atlas knows it; ``EPSG:3857+GCJ02`` for a grid drawn on a shifted datum."""
        if self.grid == DEGREES:
            return self.datum
        if self.grid == BAIDU_MERCATOR:
            return self.grid
        return self.grid if self.datum == "WGS84" else f"{self.grid}+{self.datum}"

    @property
    def datums(self) -> tuple[str, ...]:
        """The datums that this grid may be drawn on: any of China's maps, but Baidu's own grid on its own alone."""
        return (BAIDU_DATUM,) if self.grid == BAIDU_MERCATOR else DATUMS

    def on(self, datum: str) -> Reference:
        """The same grid on another datum."""
        return Reference(self.grid, datum, self.swapped, self.mirrored)


@lru_cache(maxsize=64)
def _transformer(grid: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(grid, "EPSG:4326", always_xy=True)


def _ungridded(east: Floats, north: Floats, grid: str) -> Pair:
    if grid.startswith(LOCAL):
        return to_degrees(east, north, grid)
    if grid == BAIDU_MERCATOR:
        return baidu_degrees(east, north)
    lon, lat = _transformer(grid).transform(east, north)
    return np.asarray(lon, "float64"), np.asarray(lat, "float64")


def degrees(x: ArrayLike, y: ArrayLike, reference: Reference) -> Pair:
    """Numbers as longitude and latitude on the reference's own datum; NaN where they cannot be that.

    Parameters
    ----------
    x : array_like
        First coordinate, as found.
    y : array_like
        Second coordinate, as found.
    reference : Reference
        System and datum that the numbers may be in.

    Returns
    -------
    (ndarray of float64, ndarray of float64)
    """
    east, north = np.asarray(x, "float64"), np.asarray(y, "float64")
    if reference.swapped:
        east, north = north, east
    if reference.mirrored:
        east = -east
    if reference.grid != DEGREES:
        east, north = _ungridded(east, north, reference.grid)
    with np.errstate(invalid="ignore"):
        good = (np.abs(east) <= 180) & (np.abs(north) <= 90)
    return np.where(good, east, np.nan), np.where(good, north, np.nan)


def positions(x: ArrayLike, y: ArrayLike, reference: Reference) -> Pair:
    """Numbers read by a reference, as WGS84 longitude and latitude; NaN where they cannot be that.

    Parameters
    ----------
    x : array_like
        First coordinate, as found.
    y : array_like
        Second coordinate, as found.
    reference : Reference
        System and datum that the numbers may be in.

    Returns
    -------
    (ndarray of float64, ndarray of float64)
    """
    return convert(*degrees(x, y, reference), source=reference.datum, target="WGS84")


def grids_near(lon: float) -> list[str]:
    """Projected systems in use around a longitude in China.

    CGCS2000 in 3-degree zones (the zone of the longitude and both neighbours, without and with the zone's number before
    the easting), in 6-degree zones, the UTM zones, and Web Mercator. The codes follow EPSG's own order.
    """
    three = round(lon / 3) + np.array([0, -1, 1])
    six = int(lon // 6) + 31 + np.array([0, -1, 1])  # zone numbers of UTM; Gauss-Kruger counts from 30 less
    codes = [4534 + zone - 25 for zone in three if 25 <= zone <= 45]
    codes += [4513 + zone - 25 for zone in three if 25 <= zone <= 45]
    codes += [4502 + zone - 43 for zone in six if 43 <= zone <= 53]
    codes += [4491 + zone - 43 for zone in six if 43 <= zone <= 53]
    codes += [32600 + zone for zone in six]
    return [f"EPSG:{int(code)}" for code in (*codes, 3857)]


def inside(lon: Floats, lat: Floats, bounds: ArrayLike) -> NDArray[np.bool_]:
    """Which places lie in the city's bounds (west, south, east, north), widened by a third of a degree.

    Parameters
    ----------
    lon : ndarray of float64
        WGS84 degrees.
    lat : ndarray of float64
        WGS84 degrees.
    bounds : array_like
        West, south, east, north of the city, WGS84 degrees.

    Returns
    -------
    ndarray of bool
    """
    west, south, east, north = np.asarray(bounds, "float64")
    with np.errstate(invalid="ignore"):
        result: NDArray[np.bool_] = (
            (lon >= west - _PAD) & (lon <= east + _PAD) & (lat >= south - _PAD) & (lat <= north + _PAD)
        )
    return result


def fitting(
    x: Floats, y: Floats, bounds: ArrayLike, preferred: tuple[str, ...] = ()
) -> list[tuple[Reference, float]]:
    """References that put at least half of the numbers into the city, best first, with the share they put there.

    Of two grids that give the same places (a 3-degree and a 6-degree zone with one middle) the first stands for both.
    Those of ``preferred`` (``EPSG:n``; other words are passed over) come first among equals: what the file declares, and the
    city's own projection, which is tried wherever in its country the city lies.

    Parameters
    ----------
    x : ndarray of float64
        First coordinate, as found.
    y : ndarray of float64
        Second coordinate, as found.
    bounds : array_like
        West, south, east, north of the city, WGS84 degrees.
    preferred : tuple of str

    Returns
    -------
    list of (Reference, float)
    """
    west, __, east, ___ = np.asarray(bounds, "float64")
    tried = [
        Reference(),
        Reference(swapped=True),
        Reference(mirrored=True),
        Reference(swapped=True, mirrored=True),
    ]
    grids = grids_near((west + east) / 2)
    first = [grid for grid in preferred if grid.startswith("EPSG:") and is_projected_in_metres(grid)]
    grids = list(dict.fromkeys((*first, *grids)))
    local = [one.system for one in saved_systems()]
    tried += [
        Reference(grid, BAIDU_DATUM if grid == BAIDU_MERCATOR else "WGS84", swapped)
        for swapped in (False, True)
        for grid in (*grids, *local, BAIDU_MERCATOR)
    ]
    found: list[tuple[Reference, float, Pair]] = []
    for reference in tried:
        lon, lat = degrees(x, y, reference)
        share = float(np.mean(inside(lon, lat, bounds))) if len(lon) else 0.0
        if share >= 0.5 and not any(_same(places, (lon, lat)) for __, ___, places in found):
            found.append((reference, share, (lon, lat)))
    found.sort(key=lambda each: -each[1])
    return [(reference, share) for reference, share, __ in found]


def _same(one: Pair, other: Pair) -> bool:
    """Whether two readings of the same numbers differ by less than a centimetre."""
    return all(np.allclose(a, b, rtol=0, atol=1e-7, equal_nan=True) for a, b in zip(one, other, strict=True))
