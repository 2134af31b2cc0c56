"""Coordinate systems and boxes as the parameters ``crs``, ``bbox``, ``bbox-crs`` and ``filter-crs`` write them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from pyproj import CRS, Transformer

from geo.errors import ParameterError
from geo.text import Message
from geo.text import mark as _

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_NUMBER: Final = re.compile(r"[-+]?([0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20})([eE][-+]?[0-9]{1,2})?")
_FLAT: Final = 4
_SOLID: Final = 6
_SLACK: Final = 1e-6
"""Degrees that a box may reach over the edge of the world: programs round."""


def read_numbers(text: str) -> list[float]:
    """The four or six numbers of ``bbox``; ``ParameterError`` names it for anything else, nan and inf among them."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (_FLAT, _SOLID) or not all(_NUMBER.fullmatch(part) for part in parts):
        raise _refused(_("要四个或六个数，用逗号分开：西,南,东,北。"))
    return [float(part) for part in parts]


@lru_cache(maxsize=16)
def system_of(crs: str) -> CRS:
    """The system of an address; empty means CRS84."""
    if crs in ("", CRS84):
        return CRS("OGC:CRS84")
    return CRS.from_epsg(int(crs.removeprefix(EPSG)))


def is_lat_first(crs: str) -> bool:
    """Whether a system writes north before east."""
    return system_of(crs).axis_info[0].direction == "north"


def in_degrees(numbers: list[float], crs: str) -> tuple[float, float, float, float]:
    """A box of any system as west, south, east, north (WGS84); west is above east over the 180th meridian.

    Parameters
    ----------
    numbers : list of float
        Four, or six with heights, in the order of the system's axes.
    crs : str
        Address of the system.

    Returns
    -------
    tuple of float

    Raises
    ------
    ParameterError
        A box that is upside down or outside the system.
    """
    if len(numbers) == _SOLID:
        if numbers[2] > numbers[5]:
            raise _refused(_("最低高度大于最高高度。"))
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != _FLAT:
        raise _refused(_("要四个或六个数，用逗号分开：西,南,东,北。"))
    if is_lat_first(crs):
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    west, south, east, north = numbers if system_of(crs).is_geographic else _from_metres(numbers, crs)
    inside = all(-180 - _SLACK <= x <= 180 + _SLACK for x in (west, east))
    if not (inside and -90 - _SLACK <= south <= 90 + _SLACK and -90 - _SLACK <= north <= 90 + _SLACK):
        raise _refused(_("有坐标超出坐标系的范围。"))
    if south > north:
        raise _refused(_("南边界在北边界以北。"))
    return west, south, east, north


def _from_metres(numbers: list[float], crs: str) -> tuple[float, float, float, float]:
    left, bottom, right, top = numbers
    if left > right or bottom > top:
        raise _refused(_("边界次序颠倒。"))
    there = Transformer.from_crs(system_of(crs), system_of(CRS84), always_xy=True)
    found = there.transform_bounds(left, bottom, right, top)
    if not np.isfinite(found).all() or max(map(abs, numbers)) > 1e8:
        raise _refused(_("有坐标超出坐标系的范围。"))
    return found


def area(box: tuple[float, float, float, float]) -> Any:
    """The area of a box in degrees, in two parts over the 180th meridian; a point or a line where it has no width."""
    west, south, east, north = box
    if west > east:
        return shapely.union_all(
            [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
        )
    if west == east or south == north:
        corners = [(west, south), (east, north)]
        return shapely.Point(corners[0]) if corners[0] == corners[1] else shapely.LineString(corners)
    return shapely.box(west, south, east, north)


def _refused(reason: str) -> ParameterError:
    return ParameterError(_("参数 bbox 不可用：{reason}"), reason=Message(reason))
