"""What a person sees on a map, as words of an address: declared once, read by the pages, the map and the public site.

A view is its page, the words below, and where the map looks. The address has the words in its query and the frame behind ``#``; the share
link, the QR code, the citation, pictures and the browser's way back are made of that address.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Self
from urllib.parse import urlencode, urlsplit, urlunsplit

Kind = Literal["day", "list", "one"]
_FRAME: Final = re.compile(r"map=(\d{1,2}(?:\.\d{1,3})?)/(-?\d{1,3}(?:\.\d{1,9})?)/(-?\d{1,3}(?:\.\d{1,9})?)")
_TILE: Final = 256.0  # pixels of the whole earth at zoom 0
_FURTHEST: Final = 85.0  # degrees of latitude that a web map reaches


@dataclass(frozen=True, slots=True)
class ViewPart:
    """One word of a view.

    Attributes
    ----------
    link : str
        Its name in an address, and in the question for a picture.
    state : str
        Its name in the state of the map (``static/map/state.js``).
    kind : str
        A day, a list of ids, or one id.
    printed : bool
        Whether a printed picture shows it.
    """

    link: str
    state: str
    kind: Kind
    printed: bool = True


VIEW_PARTS: Final = (
    ViewPart("as_of", "day", "day"),
    ViewPart("category", "categories", "list"),
    ViewPart("district", "districts", "list"),
    ViewPart("status", "statuses", "list"),
    ViewPart("certainty", "certainties", "list"),
    ViewPart("scope", "scope", "one"),
    ViewPart("layers", "layers", "list"),
    ViewPart("shade", "shading", "one"),
    ViewPart("base", "basemap", "one", printed=False),
    ViewPart("work", "selected", "one"),
)
"""The words that every map knows. A page may have more of its own (a question of coverage, a scenario): they are in its address
too."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a map looks: zoom level, and its middle in degrees of the map's own system of coordinates."""

    zoom: float
    lat: float
    lon: float

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The frame that ``map=zoom/lat/lon`` says; None where it says none."""
        found = _FRAME.fullmatch(text.removeprefix("#"))
        if not found:
            return None
        zoom, lat, lon = (float(part) for part in found.groups())
        return cls(zoom, lat, lon) if zoom <= 22 and abs(lat) <= _FURTHEST and abs(lon) <= 180 else None

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees of a window of so many pixels, as Web Mercator draws it."""
        world = _TILE * 2**self.zoom
        half_width = 180 * width / world
        middle = math.asinh(math.tan(math.radians(self.lat)))
        half_height = math.pi * height / world
        south, north = (
            math.degrees(math.atan(math.sinh(middle + step))) for step in (-half_height, half_height)
        )
        return self.lon - half_width, south, self.lon + half_width, north


def view_address(base: str, parameters: Mapping[str, Sequence[str]], frame: str = "") -> str:
    """The address of a view.

    Parameters
    ----------
    base : str
        Address of the page; its own query and frame are left out.
    parameters : mapping
        Name -> its values.
    frame : str
        ``map=zoom/lat/lon``; empty where the page has no map, or nobody moved it. Anything else is left out.

    Returns
    -------
    str
        The same view gives the same address: names are sorted.
    """
    parts = urlsplit(base)
    place = frame.removeprefix("#") if Frame.read(frame) else ""
    query = urlencode(sorted(parameters.items()), doseq=True)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, place))
