"""Coordinates of any named system as WGS84: the names of :mod:`geo.places.crs`, and EPSG codes through PROJ."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CrsError
from geo.places.crs import ACCEPTED, DEGREE_SYSTEMS, convert, system_name
from geo.places.epsg import crs_of
from geo.places.local_systems import saved_systems
from geo.places.projections import split_system, to_degrees, with_zone_number
from geo.text import mark as _

Floats = NDArray[np.float64]
_ALSO: Final = {
    "百度墨卡托": "BD09MC",
    "百度米制": "BD09MC",
    "百度平面": "BD09MC",
    "高德": "GCJ02",
    "腾讯": "GCJ02",
    "火星": "GCJ02",
    "百度": "BD09",
    "天地图": "CGCS2000",
    "GPS": "WGS84",
    "OGC:CRS84": "WGS84",
}


def usual_systems(projected: str) -> tuple[str, ...]:
    """Systems that lists of a city usually have: in degrees, in the city's own projection ``EPSG:n`` (also with the zone's
    number), Web Mercator over shifted coordinates, and local systems that are kept. Others are accepted by name or code.
    """
    zoned = with_zone_number(projected)
    return (
        *DEGREE_SYSTEMS,
        projected,
        *((zoned,) if zoned else ()),
        "BD09MC",
        "EPSG:3857+GCJ02",
        "EPSG:3857+BD09",
        *(one.system for one in saved_systems()),
    )


def canonical_system(name: str) -> str:
    """The canonical name: ``高德`` and ``gcj-02`` -> ``GCJ02``, ``4528`` -> ``EPSG:4528``, WKT of a code -> the code.

    Empty for what names no system.
    """
    text = name.strip()
    for word, system in _ALSO.items():
        if text.upper().startswith(word):
            return system
    try:
        return system_name(text)
    except CrsError:
        pass  # not a system of China's maps: perhaps the description that a file carries
    crs = crs_of(text)
    if crs is None:
        return ""
    number = crs.to_epsg(min_confidence=70)
    if number is None:
        return ""
    return {4326: "WGS84", 4490: "CGCS2000"}.get(number, f"EPSG:{number}")


def lonlat(x: ArrayLike, y: ArrayLike, system: str) -> tuple[Floats, Floats]:
    """Positions of any named system as WGS84.

    Unlike :func:`geo.places.crs.convert` nothing is refused for one bad row: the caller names its row.

    Parameters
    ----------
    x, y : array_like
        Longitude and latitude, or easting and northing.
    system : str
        A name of :func:`canonical_system`.

    Returns
    -------
    (ndarray, ndarray)
        Degrees. NaN stays NaN; what cannot be converted is infinite.
    """
    projection, datum = split_system(system)
    east, north = np.asarray(x, "float64"), np.asarray(y, "float64")
    lon, lat = to_degrees(east, north, projection) if projection else (east, north)
    blank = np.isnan(lon) | np.isnan(lat)
    with np.errstate(invalid="ignore"):
        bad = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)) & ~blank
    lon, lat = convert(
        np.where(bad | blank, np.nan, lon), np.where(bad | blank, np.nan, lat), source=datum, target="WGS84"
    )
    return np.where(bad, np.inf, lon), np.where(bad, np.inf, lat)


def shapes_lonlat(shapes: NDArray[Any], system: str) -> NDArray[Any]:
    """Geometries of ``system`` as WGS84; None stays None."""
    import shapely

    def move(xy: Floats) -> Floats:
        return np.column_stack(lonlat(xy[:, 0], xy[:, 1], system))

    return np.asarray(shapely.transform(shapes, move), dtype=object)


def require_system(name: str) -> str:
    """The canonical name, or ``CrsError`` with what is accepted."""
    if found := canonical_system(name):
        return found
    raise CrsError(
        _("不认识坐标系 {name}。"),
        hint=_("可用：{known}。"),
        name=name[:80],
        known=ACCEPTED,
    )
