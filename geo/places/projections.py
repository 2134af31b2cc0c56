"""Projected systems by EPSG code through PROJ, also where the projection was drawn over a shifted datum.

Local systems that people keep by name (``LOCAL:name``, :mod:`geo.places.local_systems`) are projections, too.
``EPSG:3857+GCJ02`` is Web Mercator of GCJ-02 longitudes and latitudes, as a tool writes that takes a web map's tiles for
WGS84. Any projection may stand before the plus sign, GCJ02 or BD09 after it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import CrsError
from geo.places.baidu_mercator import BAIDU_MERCATOR, baidu_degrees, baidu_metres
from geo.places.epsg import crs_of, is_in_metres
from geo.places.local_systems import LocalSystem, find_saved_system, local_from_degrees, local_to_degrees
from geo.text import mark as _
from geo.vocabulary import LOCAL

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]
SHIFTED: Final = ("GCJ02", "BD09")
_NAME: Final = re.compile(rf"(EPSG:\d{{4,6}})(?:\+({'|'.join(SHIFTED)}))?")
_MODERN_DATUMS: Final = ("World Geodetic System 1984", "China 2000", "CGCS2000", "China Geodetic")
UNKNOWN_SHIFT_M: Final = 150.0
"""What a datum without published parameters may be off by: Beijing 54 and Xian 80 differ from CGCS2000 by up to 130 m."""
_NO_ZONE: Final = range(4534, 4555)  # CGCS2000 / 3-degree Gauss-Kruger CM 75E ... CM 135E
_ZONE_OFFSET: Final = 4534 - 4513  # the same zones with the zone's number before the easting


def split_system(system: str) -> tuple[str, str]:
    """Projection and datum of a canonical name.

    ``EPSG:3857+GCJ02`` -> ``("EPSG:3857", "GCJ02")``, ``EPSG:4549`` -> ``("EPSG:4549", "WGS84")``, ``BD09MC`` ->
    ``("BD09MC", "BD09")``; what is in degrees has no projection: ``GCJ02`` -> ``("", "GCJ02")``.
    """
    if system == BAIDU_MERCATOR:
        return BAIDU_MERCATOR, "BD09"
    if system.startswith(LOCAL):
        return system, "WGS84"
    found = _NAME.fullmatch(system)
    return (found[1], found[2] or "WGS84") if found else ("", system)


def is_projected_in_metres(system: str) -> bool:
    """Whether ``system`` is a projection with both axes in metres: one that PROJ knows (``EPSG:n``), ``BD09MC`` or a local one."""
    return system == BAIDU_MERCATOR or system.startswith(LOCAL) or is_in_metres(system)


def is_made_for(projection: str, lon: float, lat: float) -> bool:
    """Whether a place lies in the area that a projection is made for.

    Parameters
    ----------
    projection : str
        ``EPSG:n``.
    lon, lat : float
        WGS84 degrees.

    Returns
    -------
    bool
        True also where PROJ states no area.
    """
    crs = crs_of(projection)
    area = crs.area_of_use if crs is not None else None
    return area is None or (area.west <= lon <= area.east and area.south <= lat <= area.north)


def datum_shift(system: str) -> tuple[str, float]:
    """The old datum or local system that a system stands on, and how far a conversion to WGS84 may be off, metres.

    ``("", 0.0)`` for WGS84, CGCS2000 and what is drawn over them. PROJ has parameters of a few metres for some datums and
    regions; where it has none it takes the numbers over as they are, which :data:`UNKNOWN_SHIFT_M` bounds in China.
    """
    local = find_saved_system(system) if system.startswith(LOCAL) else None
    return (local.name, local.accuracy_m) if local is not None else _old_datum(system)


@lru_cache(maxsize=256)
def _old_datum(system: str) -> tuple[str, float]:
    crs = crs_of(system) if system.startswith("EPSG:") else None
    geodetic = crs.geodetic_crs if crs is not None else None
    datum = str(geodetic.datum.name) if geodetic is not None and geodetic.datum is not None else ""
    if not datum or datum.startswith(_MODERN_DATUMS):
        return "", 0.0
    return datum, UNKNOWN_SHIFT_M


def false_easting(projection: str) -> float:
    """Metres that a projection (``EPSG:n``) adds to every easting; zero where it adds none."""
    return _parameter(projection, "False easting")


def central_meridian(projection: str) -> float:
    """Longitude of the middle line of a projection (``EPSG:n``), degrees."""
    return _parameter(projection, "Longitude of natural origin")


@lru_cache(maxsize=256)
def _parameter(projection: str, name: str) -> float:
    crs = crs_of(projection)
    operation = crs.coordinate_operation if crs is not None else None
    values = [one.value for one in operation.params if one.name == name] if operation is not None else []
    return float(values[0]) if values else 0.0


@lru_cache(maxsize=256)
def is_cgcs2000(projection: str) -> bool:
    """Whether a projection (``EPSG:n``) stands on China's own datum CGCS2000."""
    crs = crs_of(projection)
    return crs is not None and crs.geodetic_crs is not None and crs.geodetic_crs.to_epsg() == 4490


def title_of(projection: str) -> str:
    """What people call a projection: ``CGCS2000`` where it stands on that datum, else its name in the EPSG list."""
    crs = crs_of(projection)
    return "CGCS2000" if is_cgcs2000(projection) else str(crs.name if crs is not None else projection)


def with_zone_number(projection: str) -> str:
    """The same CGCS2000 zone of 3 degrees with its number before the easting: ``EPSG:4549`` -> ``EPSG:4528``; else empty."""
    code = projection.removeprefix("EPSG:")
    number = int(code) if code.isdigit() else 0
    return f"EPSG:{number - _ZONE_OFFSET}" if number in _NO_ZONE else ""


@lru_cache(maxsize=256)
def _transformers(projection: str) -> tuple[Transformer, Transformer]:
    """To degrees and from degrees. WGS84 and CGCS2000 count as equal, so each projection keeps to its own datum."""
    from pyproj import Transformer

    degrees = "EPSG:4490" if is_cgcs2000(projection) else "EPSG:4326"
    return (
        Transformer.from_crs(projection, degrees, always_xy=True),
        Transformer.from_crs(degrees, projection, always_xy=True),
    )


def to_degrees(east: Floats, north: Floats, projection: str) -> tuple[Floats, Floats]:
    """Easting and northing as degrees on the projection's own datum.

    Parameters
    ----------
    east, north : ndarray
        Metres; NaN for an unknown place.
    projection : str
        ``EPSG:n``, ``BD09MC`` or ``LOCAL:name``.

    Returns
    -------
    (ndarray, ndarray)
        Longitude and latitude. NaN stays NaN, what cannot be converted is infinite.
    """
    if projection == BAIDU_MERCATOR:
        return baidu_degrees(east, north)
    if projection.startswith(LOCAL):
        return _with_blanks(local_to_degrees(east, north, _kept(projection)), east, north)
    return _transformed(_transformers(projection)[0], east, north)


def from_degrees(lon: Floats, lat: Floats, projection: str) -> tuple[Floats, Floats]:
    """Degrees as easting and northing.

    Parameters
    ----------
    lon, lat : ndarray
        Degrees on the projection's own datum; NaN for an unknown place.
    projection : str
        ``EPSG:n``.

    Returns
    -------
    (ndarray, ndarray)
        Metres. NaN stays NaN, what cannot be converted is infinite.
    """
    if projection == BAIDU_MERCATOR:
        return baidu_metres(lon, lat)
    if projection.startswith(LOCAL):
        return _with_blanks(local_from_degrees(lon, lat, _kept(projection)), lon, lat)
    return _transformed(_transformers(projection)[1], lon, lat)


def _transformed(transformer: Transformer, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    return _with_blanks(transformer.transform(x, y), x, y)


def _with_blanks(moved: tuple[Floats, Floats], x: Floats, y: Floats) -> tuple[Floats, Floats]:
    blank = np.isnan(x) | np.isnan(y)
    return np.where(blank, np.nan, moved[0]), np.where(blank, np.nan, moved[1])


def _kept(system: str) -> LocalSystem:
    if (local := find_saved_system(system)) is not None:
        return local
    raise CrsError(
        _("没有叫 {name} 的地方坐标系。"),
        hint=_("它的参数不在本机：请先用 python -m geo systems 或在导入页加入。"),
        name=system.removeprefix(LOCAL)[:80],
    )
