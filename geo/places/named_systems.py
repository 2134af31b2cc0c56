"""Coordinates of any named system as WGS84: the names of :mod:`geo.places.crs`, and EPSG codes through PROJ."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CrsError
from geo.places.crs import SYSTEMS, convert, system_name
from geo.text import mark as _

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

Floats = NDArray[np.float64]
USUAL_SYSTEMS: Final = (*SYSTEMS, "EPSG:4528")
"""Systems that lists of this city usually have; others are accepted by name or code."""
_EPSG: Final = re.compile(r"^(EPSG:?)?(\d{4,6})$", re.IGNORECASE)
_ALSO: Final = {
    "高德": "GCJ02",
    "腾讯": "GCJ02",
    "火星": "GCJ02",
    "百度": "BD09",
    "天地图": "CGCS2000",
    "GPS": "WGS84",
}


def known_system(name: str) -> str:
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
        pass  # not a system of China's maps: perhaps an EPSG code
    code = _EPSG.match(text)
    crs = _crs(f"EPSG:{code[2]}" if code else text)
    if crs is None:
        return ""
    number = crs.to_epsg(min_confidence=70)
    if number is None:
        return ""
    return {4326: "WGS84", 4490: "CGCS2000"}.get(number, f"EPSG:{number}")


@lru_cache(maxsize=64)
def _crs(text: str) -> CRS | None:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if not text.startswith(("EPSG:", "PROJCS", "GEOGCS", "PROJCRS", "GEOGCRS", "COMPD", "BOUNDCRS")):
        return None  # PROJ would also take paths and addresses
    try:
        return CRS.from_user_input(text)
    except CRSError:
        return None


@lru_cache(maxsize=32)
def _transformer(system: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(system, "EPSG:4326", always_xy=True)


def is_projected_in_metres(system: str) -> bool:
    """Whether PROJ knows ``system`` (``EPSG:n``) as a projection with both axes in metres."""
    crs = _crs(system)
    return crs is not None and crs.is_projected and {axis.unit_name for axis in crs.axis_info} == {"metre"}


def lonlat(x: ArrayLike, y: ArrayLike, system: str) -> tuple[Floats, Floats]:
    """Positions of ``system`` (a name of :func:`known_system`) as WGS84 degrees; NaN stays NaN.

    Unlike :func:`geo.places.crs.convert` nothing is refused for one bad row: a position that cannot be converted becomes
    infinite, and the caller names its row.
    """
    east, north = np.asarray(x, "float64"), np.asarray(y, "float64")
    if system.startswith("EPSG:"):
        lon, lat = _transformer(system).transform(east, north)
        blank = np.isnan(east) | np.isnan(north)
        return np.where(blank, np.nan, lon), np.where(blank, np.nan, lat)
    with np.errstate(invalid="ignore"):
        bad = ~((np.abs(east) <= 180) & (np.abs(north) <= 90)) & ~(np.isnan(east) | np.isnan(north))
    lon, lat = convert(
        np.where(bad, np.nan, east), np.where(bad, np.nan, north), source=system, target="WGS84"
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
    if found := known_system(name):
        return found
    raise CrsError(
        _("不认识坐标系 {name}。"),
        hint=_("可用：{known}。"),
        name=name[:80],
        known="WGS84、GCJ02、BD09、CGCS2000、EPSG:4549、EPSG:4528 …",
    )
