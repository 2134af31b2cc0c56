"""Vertices of lines and polygons that are no part of them: zeros, swapped or lost signs, metres among degrees, far jumps.

One such vertex makes a line of a thousand kilometres or an area of nothing, and the middle of the shape a place where
nothing is. The row and the vertex are named, and the shape is not stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from geo.ingest.cells.findings import Finding
from geo.ingest.datum.reference_frames import inside
from geo.ingest.plan.swapped import CHINA
from geo.text import mark as _

Floats = NDArray[np.float64]
JUMP_M: Final = 20_000.0
"""Two neighbouring vertices farther apart than this do not belong together where one of them is outside the city."""
_GEOD: Final = Geod(ellps="GRS80")
_METRES_A_DEGREE: Final = 111_000.0
"""Of latitude; at most, of longitude: two parts are nearer to each other than this says, never farther."""


def stray_vertices(
    given: pd.Series[Any], moved: pd.Series[Any], bounds: ArrayLike
) -> tuple[pd.Index[Any], list[Finding]]:
    """Rows whose shape has a vertex that is no part of it.

    Parameters
    ----------
    given : Series of shapely geometries or None
        As the file has them, in its own system; points are passed over, for their numbers are checked as such.
    moved : Series of shapely geometries or None
        The same in WGS84 degrees; what could not be converted is infinite.
    bounds : array_like
        West, south, east, north of the city, WGS84 degrees.

    Returns
    -------
    (Index, list of Finding)
        Rows whose shape must not be used, and an error for each.
    """
    rows, findings = [], []
    box = np.asarray(bounds, "float64")
    for row, own, shape in zip(moved.index, given, moved, strict=True):
        if shape is None or shapely.get_type_id(shape) == 0:
            continue
        strays = list(_strays(own, shape, box))
        if strays:
            rows.append(row)
            findings.append(_finding(row, strays))
    return pd.Index(rows), findings


def _finding(row: Any, strays: list[tuple[int, float, float]]) -> Finding:
    texts = [f"{number}（{x:g}, {y:g}）" for number, x, y in strays[:5]]
    return Finding(
        int(row),
        "geometry",
        "error",
        _("图形有 {n} 个顶点不在应在的地方：第 {vertices} 个。"),
        _("请在制图软件里改正这些顶点后再导入；图形没有存入。"),
        {"n": len(strays), "vertices": "、".join(texts) + ("…" if len(strays) > len(texts) else "")},
        value="、".join(texts),
    )


def _strays(given: Any, moved: Any, bounds: Floats) -> Iterator[tuple[int, float, float]]:
    """Number of each stray vertex, from 1, and its two numbers as the file has them."""
    parts, own = _chains(moved), _chains(given)
    wrong = [_unsound(part, numbers) for part, numbers in zip(parts, own, strict=True)]
    homes = [~bad & inside(part[:, 0], part[:, 1], bounds) for part, bad in zip(parts, wrong, strict=True)]
    if any(home.any() for home in homes):
        near = _near_parts(parts, wrong, homes)
        wrong = [
            bad | (~home & ~_reached(part, home, bad)) if home.any() else bad | (not near[at])
            for at, (part, bad, home) in enumerate(zip(parts, wrong, homes, strict=True))
        ]
    first = 0
    for bad, numbers in zip(wrong, own, strict=True):
        for at in np.flatnonzero(bad):
            yield first + int(at) + 1, float(numbers[at, 0]), float(numbers[at, 1])
        first += len(bad)


def _chains(shape: Any) -> list[Floats]:
    """The vertices of each line and ring of a shape, in the order the shape has them; points are each a chain of one."""
    parts = shapely.get_parts(shape)
    chains = [
        one
        for part in parts
        for one in (shapely.get_rings(part) if shapely.get_type_id(part) == 3 else [part])
    ]
    return [np.asarray(shapely.get_coordinates(one), "float64") for one in chains]


def _unsound(part: Floats, own: Floats) -> NDArray[np.bool_]:
    """Vertices outside the country, and those at zero in the file's own numbers."""
    west, south, east, north = CHINA
    lon, lat = part[:, 0], part[:, 1]
    with np.errstate(invalid="ignore"):
        china = (
            np.isfinite(part).all(axis=1) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        )
    bad: NDArray[np.bool_] = ~china | (own == 0).all(axis=1)
    return bad


def _near_parts(
    parts: list[Floats], wrong: list[NDArray[np.bool_]], homes: list[NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """Parts with a vertex in the city, and those that steps no longer than a jump join to one: a road in several pieces."""
    hulls = np.array(
        [
            shapely.multipoints(part[~bad]) if (~bad).any() else None
            for part, bad in zip(parts, wrong, strict=True)
        ],
        dtype=object,
    )
    near = np.array([bool(home.any()) for home in homes], dtype=bool)
    while True:
        gaps = shapely.distance(hulls, shapely.union_all(hulls[near])) * _METRES_A_DEGREE
        with np.errstate(invalid="ignore"):
            grown = near | (gaps <= JUMP_M)
        if (grown == near).all():
            return near
        near = grown


def _reached(part: Floats, home: NDArray[np.bool_], bad: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Vertices that a chain of short steps joins to one in the city: a road may leave it, but does not jump."""
    good = np.flatnonzero(~bad)
    reached = np.zeros(len(part), dtype=bool)
    if len(good) == 0:
        return reached
    lon, lat = part[good, 0], part[good, 1]
    __, ___, steps = _GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    runs = np.concatenate([[0], np.cumsum(np.asarray(steps) > JUMP_M)])
    at_home = np.unique(runs[home[good]])
    reached[good] = np.isin(runs, at_home)
    return reached
