"""What a person sees on a map, as words of an address: declared once, read by the pages, the map and the public site.

A view is its page, the words below, and where the map looks. The address has the words in its query and the frame behind ``#``; the share
link, the QR code, the citation, pictures and the browser's way back are made of that address.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, Self
from urllib.parse import urlencode, urlsplit, urlunsplit

from geo.errors import ParameterError
from geo.questions.works import NO_LAYERS
from geo.text import mark as _

Kind = Literal["day", "list", "one"]
_FRAME: Final = re.compile(r"map=(\d{1,2}(?:\.\d{1,3})?)/(-?\d{1,3}(?:\.\d{1,9})?)/(-?\d{1,3}(?:\.\d{1,9})?)")
PAGE_PARAMETER: Final = "of"
"""In the address of an embedded map, the word that names the page of the whole view, with its query; without it that is the map, by the same words."""
LONGEST_QR: Final = 1800
"""Letters of an address; beyond that a QR code has too many squares to be read off a screen."""
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


def view_parameters(state: Mapping[str, Any]) -> dict[str, str]:
    """What a map shows, in the words of an address: what pictures and embedded maps are asked by.

    Parameters
    ----------
    state : mapping
        The map's state (``static/map/state.js``, which has the same in the browser), its day as a number. Where it shows who is served
        (``reach``), the words of that question are among them, and how many gaps are drawn; so are the sites of ``siting``.

    Returns
    -------
    dict
        Word -> value, lists joined by commas; what says nothing is left out.
    """
    words = {part.link: _written(state.get(part.state), part.kind) for part in VIEW_PARTS}
    if state.get("layers") == []:
        words["layers"] = NO_LAYERS
    reach = state.get("reach")
    if reach:
        words |= {str(name): str(value) for name, value in reach["question"].items()}
        words |= _far(reach) | {"gaps": str(reach["gapsShown"] or "")}
    sites = state.get("siting") or {}
    for name in ("best", "own"):
        words[name] = ";".join(f"{site[0]:.6f},{site[1]:.6f}" for site in sites.get(name, ()))
    return {name: value for name, value in words.items() if value}


def _far(reach: Mapping[str, Any]) -> dict[str, str]:
    """How far, in the words of the question: minutes for a vehicle, whose slider moves in metres at its ``speed``."""
    if "minutes" in reach["question"]:
        return {"minutes": f"{round(reach['radius'] / reach['speed'], 1):g}"}
    return {"radius": f"{reach['radius']:g}"}


def read_sites(text: str) -> list[tuple[float, float]]:
    """Longitudes and latitudes of ``lon,lat;lon,lat``, as :func:`view_parameters` writes them; ``ParameterError`` for what is none."""
    try:
        pairs = [tuple(map(float, pair.split(","))) for pair in text.split(";") if pair]
        places = [(lon, lat) for lon, lat in pairs]
    except ValueError:
        places = [(math.inf, math.inf)]
    if not all(abs(lon) <= 180 and abs(lat) <= _FURTHEST for lon, lat in places):
        raise ParameterError(_("{text} 不是地点。"), hint=_("写成 经度,纬度;经度,纬度。"), text=text[:40])
    return places


def _written(value: Any, kind: Kind) -> str:
    if not value:
        return ""
    if kind == "day":
        return date(value // 10_000, value // 100 % 100, value % 100).isoformat()
    return ",".join(value) if kind == "list" else str(value)


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


def frame_code(address: str, title: str) -> str:
    """The HTML that puts a page into another site's page: one line to copy.

    Parameters
    ----------
    address : str
        Of the page that is framed.
    title : str
        What readers of the other page are told the frame is.

    Returns
    -------
    str
        Both values are escaped.
    """
    source, name = html.escape(address), html.escape(title)
    return f'<iframe src="{source}" title="{name}" width="100%" height="480" loading="lazy" allowfullscreen=""></iframe>'
