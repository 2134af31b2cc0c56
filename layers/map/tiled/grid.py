"""The squares of web maps as whole numbers: a place, a tile, and what lies in it. A place is in one tile of each zoom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from geo.errors import ParameterError, UnknownIdError
from geo.kernels.tile_cells import BITS, Integers, interleaved
from geo.text import mark as _

LAST_ZOOM: Final = 16
"""Zoom of the smallest tiles; from there on they are drawn larger."""
EXTENT: Final = 4096
"""Steps of a tile's own coordinates."""
SHOWN_PIXELS: Final = 512
"""Side of a tile on the screen."""
FINEST: Final = 7
"""Binary digits of the place of the finest cell in its tile: cells of 4 pixels."""
_SIDE: Final = 1 << BITS
_EQUATOR_M: Final = 40_075_016.686
_WIDEST: Final = 85.05112877980659
"""Degrees of latitude at which the square of web maps ends."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of a zoom; ``x`` counts eastwards, ``y`` southwards."""

    zoom: int
    x: int
    y: int

    @property
    def digits(self) -> int:
        """Binary digits of a coordinate of the world that remain inside the tile."""
        return BITS - self.zoom

    @property
    def corner(self) -> tuple[int, int]:
        """Its north-western corner in steps of the world."""
        return self.x << self.digits, self.y << self.digits

    @property
    def codes(self) -> tuple[int, int]:
        """The first code in it, and the first that is past it."""
        first = int(interleaved(self.x, self.y))
        return first << (2 * self.digits), (first + 1) << (2 * self.digits)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """West, south, east, north in steps of the world with the north up, as shapes have them."""
        x, y = self.corner
        side = 1 << self.digits
        return x, -(y + side), x + side, -y


def read_tile(zoom: str, x: str, y: str) -> Tile:
    """A tile by the texts of an address.

    Parameters
    ----------
    zoom : str
    x : str
    y : str

    Returns
    -------
    Tile

    Raises
    ------
    ParameterError
        They are no whole numbers.
    UnknownIdError
        There is no such tile, or none that small.
    """
    name = f"{zoom}/{x}/{y}"[:60]
    if not all(part.isascii() and part.isdigit() and len(part) < BITS // 2 for part in (zoom, x, y)):
        raise ParameterError(_("瓦片 {name} 要写成三个整数：级别、列、行。"), name=name)
    tile = Tile(int(zoom), int(x), int(y))
    if tile.zoom > LAST_ZOOM or max(tile.x, tile.y) >= 1 << tile.zoom:
        raise UnknownIdError(_("没有瓦片 {name}。"), name=name)
    return tile


def world_steps(lon: Any, lat: Any) -> tuple[Integers, Integers]:
    """Places in degrees as steps of the world's square, eastwards and southwards; what lies beyond its edge is put on it."""
    x = (np.asarray(lon, "float64") + 180) / 360
    sine = np.sin(np.radians(np.clip(np.asarray(lat, "float64"), -_WIDEST, _WIDEST)))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return _whole(x), _whole(y)


def _whole(share: Any) -> Integers:
    return np.asarray(np.clip(np.floor(share * _SIDE), 0, _SIDE - 1), "int64")


def world_shape(lon_lat: Any) -> Any:
    """Corners (n, 2) in degrees as steps of the world with the north up, not rounded: what shapes are kept in."""
    lon, lat = np.asarray(lon_lat, "float64").T
    sine = np.sin(np.radians(np.clip(lat, -_WIDEST, _WIDEST)))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return np.column_stack([(lon + 180) / 360 * _SIDE, -y * _SIDE])


def degrees_of(x: float, y: float) -> tuple[float, float]:
    """Latitude and longitude of a place in steps of the world."""
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * float(y) / _SIDE))))
    return latitude, float(x) / _SIDE * 360 - 180


def world_distance(metres: Any, y: Any) -> Any:
    """Distances on the ground as steps of the world, where ``y`` is a place's in steps with the north up."""
    return metres / _EQUATOR_M * _SIDE * np.cosh(np.pi * (1 + 2 * np.asarray(y, "float64") / _SIDE))
