"""Coordinate systems met in China, converted on whole arrays.

WGS84 and CGCS2000 (EPSG:4490) differ by less than a metre and are treated as equal. GCJ-02 is WGS84 with a smooth
shift of 100-700 m applied inside a box around China; BD-09 is GCJ-02 with a second shift. Both inverses are solved
by fixed-point iteration to well under a millimetre. EPSG:4549 (CGCS2000 / 3-degree Gauss-Kruger, 120E) is the
metric system: its scale at Wuxi is 1.00001.

All functions take longitude (or easting) first, accept anything numpy can read as float64, broadcast, and give
NaN for NaN.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CrsError
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import Transformer

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

STORAGE_CRS: Final = "EPSG:4326"
METRIC_CRS: Final = "EPSG:4549"
SYSTEMS: Final = ("WGS84", "GCJ02", "BD09", "CGCS2000", "EPSG:4549")

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
    "EPSG4549": "EPSG:4549",
    "4549": "EPSG:4549",
}
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_A: Final = 6378245.0  # Krasovsky 1940: the ellipsoid of the published GCJ-02 formula
_EE: Final = 0.00669342162296594323
_X_PI: Final = np.pi * 3000.0 / 180.0
_ROUNDS: Final = 12  # a ceiling: each round shrinks the error some hundredfold, four or five are the rule
_SETTLED: Final = 1e-10  # degrees, a hundredth of a millimetre


def system_name(name: str) -> str:
    """The canonical name of a system: ``"gcj-02"`` -> ``"GCJ02"``; ``CrsError`` lists the known ones."""
    key = name.upper().replace("-", "").replace(":", "").replace("_", "").replace(" ", "")
    if key not in _ALIASES:
        raise CrsError(
            _("不认识坐标系 {name}。"), hint=_("可用：{known}。"), name=name, known="、".join(SYSTEMS)
        )
    return _ALIASES[key]


def in_shifted_area(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Where the GCJ-02 shift applies: the published box around China, its border included."""
    x, y = np.asarray(lon, "float64"), np.asarray(lat, "float64")
    return (x >= _WEST) & (x <= _EAST) & (y >= _SOUTH) & (y <= _NORTH)


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
    x, y = _degrees(lon, lat)
    inside = in_shifted_area(x, y)
    d_lon, d_lat = _shift(np.where(inside, x, 105.0), np.where(inside, y, 35.0))
    return np.where(inside, x + d_lon, x), np.where(inside, y + d_lat, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 degrees to WGS84 degrees, the exact inverse of :func:`wgs84_to_gcj02` to under 0.1 mm.

    A position has a shifted original where the solution of ``w + shift(w) = g`` lies inside the box. Elsewhere it
    was not shifted and comes back as it is: no hole opens along the border, and what was sent out comes back.
    """
    x, y = _degrees(lon, lat)
    known = np.isfinite(x) & np.isfinite(y)
    near = known & in_shifted_area(np.clip(x, _WEST, _EAST), np.clip(y, _SOUTH, _NORTH))
    gx, gy = np.where(near, x, 105.0), np.where(near, y, 35.0)
    near &= (x > _WEST - 0.1) & (x < _EAST + 0.1) & (y > _SOUTH - 0.1) & (y < _NORTH + 0.1)
    wx, wy = gx.copy(), gy.copy()
    for _round in range(_ROUNDS):
        d_lon, d_lat = _shift(wx, wy)
        moved = _largest_step(gx - d_lon - wx, gy - d_lat - wy)
        wx, wy = gx - d_lon, gy - d_lat
        if moved < _SETTLED:
            break
    # a position on the very border is solved to a rounding beside it, and is inside like the original
    on_border = np.clip(wx, _WEST, _EAST), np.clip(wy, _SOUTH, _NORTH)
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
    x, y = _degrees(lon, lat)
    inside = in_shifted_area(x, y)
    bx, by = _bd_forward(x, y)
    return np.where(inside, bx, x), np.where(inside, by, y)


def _bd_forward(x: Floats, y: Floats) -> Pair:
    z = np.hypot(x, y) + 0.00002 * np.sin(y * _X_PI)
    theta = np.arctan2(y, x) + 0.000003 * np.cos(x * _X_PI)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """BD-09 degrees to GCJ-02 degrees by fixed point (the usual closed form is up to a metre off)."""
    x, y = _degrees(lon, lat)
    gx, gy = x - 0.0065, y - 0.006
    for _round in range(_ROUNDS):
        bx, by = _bd_forward(gx, gy)
        gx, gy = gx + (x - bx), gy + (y - by)
        if _largest_step(x - bx, y - by) < _SETTLED:
            break
    inside = in_shifted_area(gx, gy)
    return np.where(inside, gx, x), np.where(inside, gy, y)


@lru_cache(maxsize=4)
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


def _to_wgs84(x: ArrayLike, y: ArrayLike, system: str) -> Pair:
    if system == "EPSG:4549":
        east, north = _metres(x, y)
        lon, lat = _transformer(METRIC_CRS, "EPSG:4490").transform(east, north)
        return np.asarray(lon, "float64"), np.asarray(lat, "float64")
    if system == "BD09":
        return gcj02_to_wgs84(*bd09_to_gcj02(x, y))
    return gcj02_to_wgs84(x, y) if system == "GCJ02" else _degrees(x, y)


def _from_wgs84(lon: Floats, lat: Floats, system: str) -> Pair:
    if system == "EPSG:4549":
        east, north = _transformer("EPSG:4490", METRIC_CRS).transform(lon, lat)
        blank = ~(np.isfinite(lon) & np.isfinite(lat))
        return np.where(blank, np.nan, east), np.where(blank, np.nan, north)
    if system == "BD09":
        return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    return wgs84_to_gcj02(lon, lat) if system == "GCJ02" else (lon, lat)


def convert(x: ArrayLike, y: ArrayLike, *, source: str, target: str) -> Pair:
    """Positions of ``source`` in ``target``.

    Parameters
    ----------
    x, y : array_like
        Longitude and latitude in degrees, or easting and northing in metres for EPSG:4549. Equal shapes or
        broadcastable; NaN marks an unknown place and stays NaN.
    source, target : str
        Names such as ``WGS84``, ``GCJ-02``, ``BD-09``, ``CGCS2000``, ``EPSG:4549``, in any spelling.

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
        return _metres(x, y) if origin == "EPSG:4549" else _degrees(x, y)
    return _from_wgs84(*_to_wgs84(x, y, origin), goal)


def _arrays(x: ArrayLike, y: ArrayLike) -> Pair:
    try:
        a, b = np.broadcast_arrays(np.asarray(x, "float64"), np.asarray(y, "float64"))
    except ValueError as error:
        raise CrsError(
            _("两列坐标对不上或含有非数字：{detail}。"), hint=_("请检查两列的行数与内容。"), detail=str(error)
        ) from error
    return np.array(a), np.array(b)


def _degrees(lon: ArrayLike, lat: ArrayLike) -> Pair:
    x, y = _arrays(lon, lat)
    check_lonlat(x, y)
    return x, y


def _refuse(bad: NDArray[np.bool_], message: str, hint: str, x: Floats, y: Floats) -> None:
    if not bad.any():
        return
    row = int(np.flatnonzero(bad.ravel())[0])
    raise CrsError(
        message, hint=hint, row=row + 1, n=int(bad.sum()), x=float(x.ravel()[row]), y=float(y.ravel()[row])
    )


def check_lonlat(lon: ArrayLike, lat: ArrayLike) -> None:
    """Refuse what cannot be degrees; NaN passes. Rows in messages count from 1.

    Raises
    ------
    CrsError
        For infinite values, metres, swapped axes (a latitude beyond 90 whose swap lies in China) and values beyond
        180 or 90 degrees.
    """
    x, y = _arrays(lon, lat)
    _refuse(
        np.isinf(x) | np.isinf(y), _("第 {row} 行的坐标是无穷大（共 {n} 行）。"), _("请改正或留空。"), x, y
    )
    with np.errstate(invalid="ignore"):
        metres = (np.abs(x) > 1000) | (np.abs(y) > 1000)
        swapped = ~metres & (np.abs(y) > 90) & in_shifted_area(y, x)
        beyond = (np.abs(x) > 180) | (np.abs(y) > 90)
    _refuse(
        metres,
        _("第 {row} 行（{x}, {y}）像是以米为单位的投影坐标，不是经纬度（共 {n} 行）。"),
        _("请按 EPSG:4549 等投影坐标系读入。"),
        x,
        y,
    )
    _refuse(
        swapped,
        _("第 {row} 行（{x}, {y}）的经度和纬度写反了（共 {n} 行）。"),
        _("请把两列对调。"),
        x,
        y,
    )
    _refuse(
        beyond,
        _("第 {row} 行（{x}, {y}）超出经纬度范围（共 {n} 行）。"),
        _("经度应在 ±180、纬度应在 ±90 以内。"),
        x,
        y,
    )


def _metres(east: ArrayLike, north: ArrayLike) -> Pair:
    x, y = _arrays(east, north)
    _refuse(
        np.isinf(x) | np.isinf(y), _("第 {row} 行的坐标是无穷大（共 {n} 行）。"), _("请改正或留空。"), x, y
    )
    with np.errstate(invalid="ignore"):
        degrees = (np.abs(x) <= 360) & (np.abs(y) <= 360)
        swapped = ~degrees & (np.abs(x) > 1_000_000) & (np.abs(y) < 1_000_000)
        beyond = (np.abs(x) > 10_000_000) | (np.abs(y) > 10_000_000)
    _refuse(
        degrees,
        _("第 {row} 行（{x}, {y}）像是经纬度，不是以米为单位的 EPSG:4549（共 {n} 行）。"),
        _("请按 WGS84 或 CGCS2000 经纬度读入。"),
        x,
        y,
    )
    _refuse(
        swapped,
        _("第 {row} 行（{x}, {y}）的东坐标和北坐标写反了，或带有带号（共 {n} 行）。"),
        _("请对调两列，或改用带号的 EPSG:4528。"),
        x,
        y,
    )
    _refuse(
        beyond,
        _("第 {row} 行（{x}, {y}）超出 EPSG:4549 的范围（共 {n} 行）。"),
        _("请核对坐标系。"),
        x,
        y,
    )
    return x, y


def convert_geometry(geometry: ArrayLike, *, source: str, target: str) -> NDArray[Any]:
    """Shapely geometries (array of any shape, ``None`` allowed) with every vertex converted; Z is dropped."""
    import shapely

    if system_name(source) == system_name(target):
        return np.asarray(geometry, dtype=object)

    def move(xy: NDArray[Any]) -> NDArray[Any]:
        return np.column_stack(convert(xy[:, 0], xy[:, 1], source=source, target=target))

    return np.asarray(shapely.transform(np.asarray(geometry, dtype=object), move))


def to_metric(frame: GeoDataFrame) -> GeoDataFrame:
    """``frame`` in EPSG:4549 metres; ``CrsError`` if it has no CRS."""
    if frame.crs is None:
        raise CrsError(_("这份数据没有坐标系。"), hint=_("请先说明它是 WGS84、GCJ-02 还是其他坐标系。"))
    return frame.to_crs(METRIC_CRS)
