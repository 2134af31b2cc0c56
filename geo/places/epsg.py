"""What PROJ knows by an EPSG code or a description: the lowest piece, which named and local systems stand on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyproj import CRS

IN_METRES: Final = (range(4491, 4555), range(32601, 32661), range(32701, 32761))
"""Codes of projections in metres that need no look into PROJ, whose library takes long to read: CGCS2000 / Gauss-Kruger, and WGS 84 / UTM."""
_DATABASE_WORDS: Final = ("EPSG:", "PROJCS", "GEOGCS", "PROJCRS", "GEOGCRS", "COMPD", "BOUNDCRS")


@lru_cache(maxsize=256)
def crs_of(text: str) -> CRS | None:
    """What PROJ reads in an EPSG code or a WKT; None for anything else, as it would also take paths and addresses."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if not text.startswith(_DATABASE_WORDS):
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError:
        return None


@lru_cache(maxsize=256)
def is_in_metres(code: str) -> bool:
    """Whether PROJ knows ``code`` (``EPSG:n``) as a projection with both axes in metres."""
    number = code.removeprefix("EPSG:")
    if code.startswith("EPSG:") and number.isdecimal() and any(int(number) in few for few in IN_METRES):
        return True
    crs = crs_of(code)
    return crs is not None and crs.is_projected and {axis.unit_name for axis in crs.axis_info} == {"metre"}
