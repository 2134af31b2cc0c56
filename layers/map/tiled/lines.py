"""Lines in a tile's own steps: simplified to what can be seen, only the stretches near the tile, each with its distance from the line's start.

A stretch is drawn as a piece of the whole line is: its dashes go on where those of the tile beside it end, and it reaches so far over the edge
that its halo, as wide as the error of the line's place, is whole.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.map.tiled.grid import EXTENT, SHOWN_PIXELS, Tile

WIDEST_REACH: Final = 300
"""Pixels by which a halo reaches to one side, at most (``WIDEST_HALO`` of ``static/map/drawings/lines.js``)."""
_MARGIN: Final = 16
"""Pixels beside a line that belong to it in any case: its width, its edge, a finger."""
_TOLERANCE: Final = 0.5 * EXTENT / SHOWN_PIXELS
"""Steps by which a line may be simplified: half a pixel."""


def reach_in(tile: Tile, reach: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far lines reach beside themselves in a tile.

    Parameters
    ----------
    tile : Tile
    reach : ndarray of float64
        Error of each line's place, steps of the world.

    Returns
    -------
    ndarray of float64
        Steps of the world.
    """
    pixel = (1 << tile.digits) / SHOWN_PIXELS
    return np.minimum(reach, WIDEST_REACH * pixel) + _MARGIN * pixel


def tile_lines(
    shapes: NDArray[Any], reach: NDArray[np.float64], tile: Tile
) -> tuple[NDArray[Any], NDArray[Any]]:
    """The stretches of lines that are drawn in a tile.

    Parameters
    ----------
    shapes : ndarray of Geometry
        Lines in steps of the world with the north up.
    reach : ndarray of float64
        How far each is drawn beside itself, steps of the world (:func:`reach_in`).
    tile : Tile

    Returns
    -------
    (ndarray of Geometry, ndarray of str)
        Of each line its stretches in the tile's own steps, which go down, None where none is near; and the distances at which the
        stretches begin, in pixels from the start of the part of the line: ``"0.0 152.5"``.
    """
    west, _south, _east, north = tile.box
    scale = EXTENT / (1 << tile.digits)

    def steps(corners: Any) -> Any:
        return np.column_stack([(corners[:, 0] - west) * scale, (north - corners[:, 1]) * scale])

    drawn = shapely.simplify(shapely.transform(shapes, steps), _TOLERANCE)
    parts, owner = shapely.get_parts(drawn, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    xy = np.round(xy)
    is_new = np.ones(len(xy), bool)
    is_new[1:] = (xy[1:] != xy[:-1]).any(axis=1) | (part[1:] != part[:-1])
    xy, part = xy[is_new], part[is_new]
    line = owner[part]
    along = _along(xy, part)
    near = _near(xy, part, reach[line] * scale)
    return _stretches(xy, along, near, line, len(shapes))


def _along(xy: NDArray[np.float64], part: NDArray[np.int64]) -> NDArray[np.float64]:
    """Distance of each corner from the first of its part."""
    is_first = np.diff(part, prepend=-1) != 0
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    step[is_first] = 0
    total = np.cumsum(step)
    return np.asarray(total - total[is_first][np.cumsum(is_first) - 1])


def _near(xy: NDArray[np.float64], part: NDArray[np.int64], reach: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For each corner whether the way to it from the one before comes near the tile."""
    near = np.zeros(len(xy), bool)
    low, high = np.minimum(xy[1:], xy[:-1]), np.maximum(xy[1:], xy[:-1])
    side = reach[1:, None]
    near[1:] = (part[1:] == part[:-1]) & ((high >= -side) & (low <= EXTENT + side)).all(axis=1)
    return near


def _stretches(
    xy: NDArray[np.float64],
    along: NDArray[np.float64],
    near: NDArray[np.bool_],
    line: NDArray[np.int64],
    n: int,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Ways that follow each other, put together; what does not come near ends a stretch, as the first corner of a part does."""
    starts = np.flatnonzero(near & ~np.concatenate([[False], near[:-1]]))
    ends = np.flatnonzero(near & ~np.concatenate([near[1:], [False]]))
    lengths = ends - starts + 2  # the corner before the first way belongs to it
    which = np.repeat(np.arange(len(starts)), lengths)
    corners = np.arange(len(which)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + starts[which] - 1
    outlines, texts = np.full(n, None, object), np.full(n, None, object)
    if len(starts):
        owners, order = np.unique(line[starts], return_inverse=True)
        outlines[owners] = shapely.multilinestrings(
            shapely.linestrings(xy[corners], indices=which), indices=order
        )
        begins = np.round(along[starts - 1] * (SHOWN_PIXELS / EXTENT), 1).astype(str)
        texts[owners] = [" ".join(each) for each in np.split(begins, np.flatnonzero(np.diff(order)) + 1)]
    return outlines, texts
