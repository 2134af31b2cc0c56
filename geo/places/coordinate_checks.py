"""What cannot be coordinates is refused, with the first offending row: infinite, swapped, metres for degrees, out of range.

Unknown places are NaN and pass. Rows in messages count from 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CrsError
from geo.places.projections import false_easting, is_projected_in_metres, with_zone_number
from geo.text import mark as _
from geo.vocabulary import LOCAL

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
"""The published box around China in which GCJ-02 and BD-09 are shifted, degrees."""
_ZONELESS_M: Final = 1_000_000.0
"""Eastings without a zone's number stay below this, northings in China above it."""
_FAR_M: Final = 10_000_000.0


def in_shifted_area(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Where the GCJ-02 shift applies: the published box around China, its border included."""
    x, y = np.asarray(lon, "float64"), np.asarray(lat, "float64")
    return (x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH)


def _arrays(x: ArrayLike, y: ArrayLike) -> Pair:
    try:
        a, b = np.broadcast_arrays(np.asarray(x, "float64"), np.asarray(y, "float64"))
    except ValueError as error:
        raise CrsError(
            _("两列坐标对不上或含有非数字：{detail}。"), hint=_("请检查两列的行数与内容。"), detail=str(error)
        ) from error
    return np.array(a), np.array(b)


def degrees(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Longitudes and latitudes as arrays of one shape; ``CrsError`` as :func:`check_lonlat`."""
    x, y = _arrays(lon, lat)
    check_lonlat(x, y)
    return x, y


def _refuse(bad: NDArray[np.bool_], message: str, hint: str, x: Floats, y: Floats, **params: object) -> None:
    if not bad.any():
        return
    row = int(np.flatnonzero(bad.ravel())[0])
    raise CrsError(
        message,
        hint=hint,
        row=row + 1,
        n=int(bad.sum()),
        x=float(x.ravel()[row]),
        y=float(y.ravel()[row]),
        **params,
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
        _("请按投影坐标系读入，写 EPSG 代码。"),
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


def numbers(x: ArrayLike, y: ArrayLike, projection: str) -> Pair:
    """Numbers that can be of a system with an EPSG code: metres of a projection, degrees of another datum.

    Parameters
    ----------
    x, y : array_like
        Easting and northing, or longitude and latitude.
    projection : str
        ``EPSG:n``.

    Returns
    -------
    (ndarray, ndarray)
        float64 of one shape; NaN stays NaN.

    Raises
    ------
    CrsError
        As :func:`metres` and :func:`degrees`. The message names the first row.
    """
    return metres(x, y, projection) if is_projected_in_metres(projection) else degrees(x, y)


def metres(east: ArrayLike, north: ArrayLike, projection: str) -> Pair:
    """Eastings and northings as arrays of one shape.

    Parameters
    ----------
    east, north : array_like
        Metres.
    projection : str
        ``EPSG:n``.

    Returns
    -------
    (ndarray, ndarray)
        float64 of one shape; NaN stays NaN.

    Raises
    ------
    CrsError
        Infinite values, degrees, swapped axes, or values too far from the projection. The message names the first row.
    """
    x, y = _arrays(east, north)
    middle = false_easting(projection)
    zoneless = 0 < middle < _ZONELESS_M
    with np.errstate(invalid="ignore"):
        infinite = np.isinf(x) | np.isinf(y)
        small = (np.abs(x) <= 360) & (np.abs(y) <= 360)
        small &= not projection.startswith(LOCAL)  # whose origin may lie in the city
        swapped = ~small & (np.abs(x) > _ZONELESS_M) & (np.abs(y) < _ZONELESS_M) & zoneless
        beyond = (np.abs(x - middle) > _FAR_M) | (np.abs(y) > _FAR_M)
        beyond &= middle > 0  # Web Mercator, which has no false easting, reaches around the earth
    _refuse(infinite, _("第 {row} 行的坐标是无穷大（共 {n} 行）。"), _("请改正或留空。"), x, y)
    _refuse(
        small,
        _("第 {row} 行（{x}, {y}）像是经纬度，不是以米为单位的 {system}（共 {n} 行）。"),
        _("请按 WGS84 或 CGCS2000 经纬度读入。"),
        x,
        y,
        system=projection,
    )
    _refuse(
        swapped,
        _("第 {row} 行（{x}, {y}）的东坐标和北坐标写反了，或带有带号（共 {n} 行）。"),
        _("请对调两列，或改用带带号的坐标系{zoned}。"),
        x,
        y,
        zoned=f" {with_zone_number(projection)}".rstrip(),
    )
    refuse_if_far(beyond, x, y, projection)
    return x, y


def refuse_if_far(beyond: NDArray[np.bool_], x: Floats, y: Floats, projection: str) -> None:
    """Refuse positions that a projection cannot hold.

    Parameters
    ----------
    beyond : ndarray of bool
        The positions that are too far.
    x, y : ndarray
        The numbers as given, of the same shape.
    projection : str
        ``EPSG:n``, for the message.

    Raises
    ------
    CrsError
        If any is; the message names the first row.
    """
    message = _("第 {row} 行（{x}, {y}）超出 {system} 的范围（共 {n} 行）。")
    _refuse(beyond, message, _("请核对坐标系。"), x, y, system=projection)
