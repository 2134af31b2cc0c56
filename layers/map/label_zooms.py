"""From which zoom on a name can stand on the map without touching one that matters more: worked out once, for any screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.display.tokens import letter_pixels

ZOOMS: Final = np.arange(8.0, 18.5, 0.5)
"""The zooms at which the map stands still (``MAP_OPTIONS``)."""
DISTRICT_PIXELS: Final = letter_pixels("place") + 1.5
"""Font of a district's name, letter spacing included."""
LINE: Final = 1.3
"""Height of a line of text in heights of its font."""
_TILE: Final = 256
_WIDE_FROM: Final = "\u2e80"
_MARGIN: Final = 6.0


@dataclass(frozen=True, slots=True)
class Labels:
    """Names in falling order of weight; arrays of one length n.

    Attributes
    ----------
    lon, lat : ndarray
        WGS84 degrees of their anchors.
    width, height : ndarray
        Size on the screen, CSS pixels.
    shift : ndarray
        How far the middle of the text stands right of its anchor, CSS pixels.
    least : ndarray
        The zoom below which a name is not wanted.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    width: NDArray[np.float64]
    height: NDArray[np.float64]
    shift: NDArray[np.float64]
    least: NDArray[np.float64]


def text_width(text: str, size: float) -> float:
    """Width of a text of a font of ``size`` CSS pixels, rather too wide than too narrow: Chinese signs are square."""
    return sum(size if sign >= _WIDE_FROM else 0.62 * size for sign in text)


def first_zooms(labels: Labels) -> NDArray[np.float64]:
    """For each name the least zoom from which on, at every zoom of :data:`ZOOMS`, it touches none before it.

    Returns
    -------
    ndarray, shape (n,)
        NaN for a name that finds no room at any zoom.
    """
    x, y = _mercator(labels.lon, labels.lat)
    first = np.full(len(x), np.nan)
    for place in range(len(x)):
        before = np.flatnonzero(~np.isnan(first[:place]))
        free = labels.least[place] <= ZOOMS
        free &= ~_touches(labels, x, y, place, before, first).any(axis=0)
        blocked = np.flatnonzero(~free)
        start = blocked[-1] + 1 if blocked.size else 0
        if start < ZOOMS.size:
            first[place] = ZOOMS[start]
    return first


def _touches(
    labels: Labels,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    place: int,
    before: NDArray[np.intp],
    first: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Whether a name touches each of those before it, at each zoom at which that one stands, shape (before, zooms)."""
    scale = _TILE * 2.0**ZOOMS
    across = np.abs(
        (x[before] - x[place])[:, None] * scale + (labels.shift[before] - labels.shift[place])[:, None]
    )
    down = np.abs((y[before] - y[place])[:, None] * scale)
    wide = (labels.width[before] + labels.width[place])[:, None] / 2 + _MARGIN
    high = (labels.height[before] + labels.height[place])[:, None] / 2 + _MARGIN / 2
    stands = ZOOMS[None, :] >= first[before][:, None]
    return np.asarray((across < wide) & (down < high) & stands)


def _mercator(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Web Mercator with the whole world as 1, as tiles have it; no measure of distance on the ground."""
    sine = np.sin(np.radians(lat))
    return (
        np.asarray((lon + 180.0) / 360.0),
        np.asarray(0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)),
    )
