"""From which zoom on a name can stand on the map without touching one that matters more: worked out once, for any screen."""

from __future__ import annotations

import math
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
        first[place] = _first_zoom(labels, x, y, place, before, first[before])
    return first


def _first_zoom(
    labels: Labels,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    place: int,
    before: NDArray[np.intp],
    first: NDArray[np.float64],
) -> float:
    """From the nearest zoom outwards, until a name touches one of those before it that stands there."""
    across, down = x[before] - x[place], np.abs(y[before] - y[place])
    shift = labels.shift[before] - labels.shift[place]
    wide = (labels.width[before] + labels.width[place]) / 2 + _MARGIN
    high = (labels.height[before] + labels.height[place]) / 2 + _MARGIN / 2
    found = math.nan
    for zoom in ZOOMS[::-1][: int((labels.least[place] <= ZOOMS).sum())].tolist():
        scale = _TILE * 2.0**zoom
        touches = (np.abs(across * scale + shift) < wide) & (down * scale < high) & (first <= zoom)
        if touches.any():
            break
        found = zoom
    return found


def _mercator(lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Web Mercator with the whole world as 1, as tiles have it; no measure of distance on the ground."""
    sine = np.sin(np.radians(lat))
    return (
        np.asarray((lon + 180.0) / 360.0),
        np.asarray(0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)),
    )
