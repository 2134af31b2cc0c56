"""Coordinate systems met in China, converted on whole arrays.

WGS84 and CGCS2000 (EPSG:4490) differ by less than a metre and are treated as equal. GCJ-02 is WGS84 with a smooth
shift of 100-700 m applied inside a box around China; BD-09 is GCJ-02 with a second shift. Both inverses are solved
by fixed-point iteration to well under a millimetre. Projections have their EPSG codes; which of them a city is measured
in is a fact of its pack (:attr:`geo.register.city_facts.City.projected_crs`).

All functions take longitude (or easting) first, accept anything numpy can read as float64, broadcast, and give
NaN for NaN.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CrsError
from geo.places.coordinate_checks import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    degrees,
    in_shifted_area,
    numbers,
    refuse_if_far,
)
from geo.places.epsg import crs_of
from geo.places.local_systems import find_saved_system
from geo.places.projections import (
    SHIFTED,
    from_degrees,
    is_projected_in_metres,
    split_system,
    to_degrees,
)
from geo.text import mark as _

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

STORAGE_CRS: Final = "EPSG:4326"
ACCEPTED: Final = "WGS84、GCJ02、BD09、BD09MC、CGCS2000、EPSG:4528、EPSG:3857+GCJ02 …"
"""What a message lists: systems in degrees, an EPSG code, a projection drawn over a shifted datum."""
DEGREE_SYSTEMS: Final = ("WGS84", "GCJ02", "BD09", "CGCS2000")

_ALIASES: Final = {
    "WGS84": "WGS84",
    "EPSG4326": "WGS84",
    "4326": "WGS84",
    "CGCS2000": "CGCS2000",
    "EPSG4490": "CGCS2000",
    "4490": "CGCS2000",
    "GCJ02": "GCJ02",
    "BD09": "BD09",
    "BD09LL": "BD09",
    "BD09MC": "BD09MC",
    "BD09M": "BD09MC",
    "BD09METERS": "BD09MC",
    "BD09METER": "BD09MC",
    "BD09MERCATOR": "BD09MC",
    "BAIDUMERCATOR": "BD09MC",
    "BDMC": "BD09MC",
}
_CODE: Final = re.compile(rf"(?:EPSG)?(\d{{4,6}})(?:\+({'|'.join(SHIFTED)}))?")
_A: Final = 6378245.0  # Krasovsky 1940: the ellipsoid of the published GCJ-02 formula
_EE: Final = 0.00669342162296594323
_X_PI: Final = np.pi * 3000.0 / 180.0
_ROUNDS: Final = 12  # a ceiling: each round shrinks the error some hundredfold, four or five are the rule
_SETTLED: Final = 1e-10  # degrees, a hundredth of a millimetre


def system_name(name: str) -> str:
    """The canonical name of a system: ``"gcj-02"`` -> ``"GCJ02"``, ``"3857+gcj02"`` -> ``"EPSG:3857+GCJ02"``.

    Local systems that are kept (:mod:`geo.places.local_systems`) are known by their names. ``CrsError`` for what names no
    system, or none that PROJ knows; only a projection in metres stands before a plus sign.
    """
    key = name.upper().replace("-", "").replace(":", "").replace("_", "").replace(" ", "")
    if key in _ALIASES:
        return _ALIASES[key]
    code = _CODE.fullmatch(key)
    system = f"EPSG:{code[1]}" if code else ""
    if code and code[2] and is_projected_in_metres(system):
        return f"{system}+{code[2]}"
    if code and not code[2] and crs_of(system) is not None:
        return system
    # last: a kept one never has a name that means something else, and to look for it is to read a folder
    if (local := find_saved_system(name)) is not None:
        return local.system
    raise CrsError(_("不认识坐标系 {name}。"), hint=_("可用：{known}。"), name=name[:80], known=ACCEPTED)


def _shift(lon: Floats, lat: Floats) -> Pair:
    """The GCJ-02 shift in degrees at WGS84 positions (no box test)."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    d_lat += (wave + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    d_lat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    d_lon += (wave + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    d_lon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = lat / 180.0 * np.pi
    magic = 1.0 - _EE * np.sin(phi) ** 2
    d_lat = d_lat * 180.0 / ((_A * (1.0 - _EE)) / (magic * np.sqrt(magic)) * np.pi)
    d_lon = d_lon * 180.0 / (_A / np.sqrt(magic) * np.cos(phi) * np.pi)
    return d_lon, d_lat


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """WGS84 degrees to GCJ-02 degrees; unchanged outside the box around China."""
    x, y = degrees(lon, lat)
    inside = in_shifted_area(x, y)
    d_lon, d_lat = _shift(np.where(inside, x, 105.0), np.where(inside, y, 35.0))
    return np.where(inside, x + d_lon, x), np.where(inside, y + d_lat, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 degrees to WGS84 degrees, the exact inverse of :func:`wgs84_to_gcj02` to under 0.1 mm.

    A position has a shifted original where the solution of ``w + shift(w) = g`` lies inside the box. Elsewhere it
    was not shifted and comes back as it is: no hole opens along the border, and what was sent out comes back.
    """
    x, y = degrees(lon, lat)
    known = np.isfinite(x) & np.isfinite(y)
    near = known & in_shifted_area(np.clip(x, WEST, EAST), np.clip(y, SOUTH, NORTH))
    gx, gy = np.where(near, x, 105.0), np.where(near, y, 35.0)
    near &= (x > WEST - 0.1) & (x < EAST + 0.1) & (y > SOUTH - 0.1) & (y < NORTH + 0.1)
    wx, wy = gx.copy(), gy.copy()
    for _round in range(_ROUNDS):
        d_lon, d_lat = _shift(wx, wy)
        moved = _largest_step(gx - d_lon - wx, gy - d_lat - wy)
        wx, wy = gx - d_lon, gy - d_lat
        if moved < _SETTLED:
            break
    # a position on the very border is solved to a rounding beside it, and is inside like the original
    on_border = np.clip(wx, WEST, EAST), np.clip(wy, SOUTH, NORTH)
    shifted = near & (np.hypot(wx - on_border[0], wy - on_border[1]) < 1e-9)
    return np.where(shifted, wx, x), np.where(shifted, wy, y)


def _largest_step(dx: Floats, dy: Floats) -> float:
    """The largest correction of a round; unknown places (NaN) do not count."""
    return float(
        max(
            np.fmax.reduce(np.abs(dx), axis=None, initial=0.0),
            np.fmax.reduce(np.abs(dy), axis=None, initial=0.0),
        )
    )


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 degrees to BD-09 degrees; unchanged outside the box around China."""
    x, y = degrees(lon, lat)
    inside = in_shifted_area(x, y)
    bx, by = _bd_forward(x, y)
    return np.where(inside, bx, x), np.where(inside, by, y)


def _bd_forward(x: Floats, y: Floats) -> Pair:
    z = np.hypot(x, y) + 0.00002 * np.sin(y * _X_PI)
    theta = np.arctan2(y, x) + 0.000003 * np.cos(x * _X_PI)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """BD-09 degrees to GCJ-02 degrees by fixed point (the usual closed form is up to a metre off)."""
    x, y = degrees(lon, lat)
    gx, gy = x - 0.0065, y - 0.006
    for _round in range(_ROUNDS):
        bx, by = _bd_forward(gx, gy)
        gx, gy = gx + (x - bx), gy + (y - by)
        if _largest_step(x - bx, y - by) < _SETTLED:
            break
    inside = in_shifted_area(gx, gy)
    return np.where(inside, gx, x), np.where(inside, gy, y)


def _to_wgs84(x: ArrayLike, y: ArrayLike, system: str) -> Pair:
    projection, datum = split_system(system)
    if projection:
        east, north = numbers(x, y, projection)
        x, y = to_degrees(east, north, projection)
        refuse_if_far(np.isinf(x) | np.isinf(y), east, north, projection)
    if datum == "BD09":
        return gcj02_to_wgs84(*bd09_to_gcj02(x, y))
    return gcj02_to_wgs84(x, y) if datum == "GCJ02" else degrees(x, y)


def _from_wgs84(lon: Floats, lat: Floats, system: str) -> Pair:
    projection, datum = split_system(system)
    if datum in SHIFTED:
        lon, lat = wgs84_to_gcj02(lon, lat)
    if datum == "BD09":
        lon, lat = gcj02_to_bd09(lon, lat)
    return from_degrees(lon, lat, projection) if projection else (lon, lat)


def convert(x: ArrayLike, y: ArrayLike, *, source: str, target: str) -> Pair:
    """Positions of ``source`` in ``target``.

    Parameters
    ----------
    x, y : array_like
        Longitude and latitude in degrees, or easting and northing in metres for a projection. Equal shapes or
        broadcastable; NaN marks an unknown place and stays NaN.
    source, target : str
        Names such as ``WGS84``, ``GCJ-02``, ``BD-09``, ``CGCS2000``, ``EPSG:4549``, ``EPSG:3857+GCJ02``, in any spelling.

    Returns
    -------
    (ndarray, ndarray)
        float64, of the broadcast shape.

    Raises
    ------
    CrsError
        Unknown system, shapes that do not fit, infinite or out-of-range values, longitude and latitude swapped,
        metres where degrees are due or the other way round. The message names the first offending row.
    """
    origin, goal = system_name(source), system_name(target)
    if origin == goal:
        projection, __ = split_system(origin)
        return numbers(x, y, projection) if projection else degrees(x, y)
    return _from_wgs84(*_to_wgs84(x, y, origin), goal)


def convert_geometry(geometry: ArrayLike, *, source: str, target: str) -> NDArray[Any]:
    """Shapely geometries (array of any shape, ``None`` allowed) with every vertex converted; Z is dropped.

    Parameters
    ----------
    geometry : array_like
        Shapely geometries.
    source : str
        Name of a system.
    target : str
        Name of a system.

    Returns
    -------
    ndarray
    """
    import shapely

    if system_name(source) == system_name(target):
        return np.asarray(geometry, dtype=object)

    def move(xy: NDArray[Any]) -> NDArray[Any]:
        return np.column_stack(convert(xy[:, 0], xy[:, 1], source=source, target=target))

    return np.asarray(shapely.transform(np.asarray(geometry, dtype=object), move))
