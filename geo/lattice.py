"""Square cells with residents: which are within reach of a facility, and how far the nearest one is.

Demand on a lattice lets a facility be written as one span of columns in each row: +1 where the span begins, -1 after
its end, and one running sum tells every cell how many facilities reach it. The ends of a span are settled by the test
that decides service everywhere, ``dx*dx + dy*dy <= r*r`` at the cell's centre, so the answer equals brute force cell
by cell. With numba the kernels are compiled; without it numpy does the same spans, with the same answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo._numba import ENGINE, compiled, over_threads
from geo.arcs import bucket, checked_discs
from geo.errors import ParameterError
from geo.text import mark as _
from geo.zones import Zones

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lattice:
    """Cells in planar metres; arrays are ``[row, column]``, rows northward.

    Attributes
    ----------
    x0, y0 : float
        South-west corner.
    size : float
        Side of a cell, metres.
    zone : ndarray of int16, shape (ny, nx)
        Position in ``codes`` of the zone that holds the cell's centre, -1 for none.
    weight : ndarray of float64, shape (ny, nx)
        What the cell demands (residents, or m² of land); 0 outside zones.
    codes : tuple of str
    inputs : dict
        Where the demand comes from, for the answer that is made with it.
    """

    x0: float
    y0: float
    size: float
    zone: NDArray[np.int16]
    weight: Floats
    codes: tuple[str, ...]
    inputs: dict[str, Any] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        ny, nx = self.zone.shape
        return ny, nx

    def centres(self) -> tuple[Floats, Floats]:
        """Eastings of the columns (nx,) and northings of the rows (ny,)."""
        ny, nx = self.shape
        columns, rows = np.arange(nx, dtype="float64"), np.arange(ny, dtype="float64")
        return self.x0 + (columns + 0.5) * self.size, self.y0 + (rows + 0.5) * self.size

    def sums(self, values: Floats) -> Floats:
        """Sum of ``values`` (ny, nx) by zone, shape (number of zones,)."""
        inside = self.zone >= 0
        return np.bincount(self.zone[inside], values[inside], len(self.codes)).astype("float64")

    @cached_property
    def totals(self) -> Floats:
        """Demand of each zone."""
        return self.sums(self.weight)

    @classmethod
    def over(cls, zones: Zones, *, size: float = 100.0) -> Lattice:
        """Cells over ``zones``, each weighing its area (m²)."""
        if not (math.isfinite(size) and size > 0):
            raise ParameterError(_("格网边长必须大于零（米）。"))
        west, south, east, north = _bounds(zones)
        x0, y0 = math.floor(west / size) * size, math.floor(south / size) * size
        nx, ny = math.ceil((east - x0) / size), math.ceil((north - y0) / size)
        cx = x0 + (np.arange(nx) + 0.5) * size
        cy = y0 + (np.arange(ny) + 0.5) * size
        zone = zones.locate(cx[None, :], cy[:, None]).astype("int16")
        return cls(x0, y0, size, zone, np.where(zone >= 0, size * size, 0.0), zones.codes)


def _bounds(zones: Zones) -> tuple[float, float, float, float]:
    edges = zones.index.edges
    if not len(edges):
        raise ParameterError(_("分区是空的，无法铺格网。"))
    return (
        float(edges[:, 0].min()),
        float(edges[:, 1].min()),
        float(edges[:, 0].max()),
        float(edges[:, 1].max()),
    )


def reach_counts(lattice: Lattice, x: ArrayLike, y: ArrayLike, radius: ArrayLike) -> NDArray[np.int32]:
    """How many discs hold each cell's centre (on the circle counts).

    Parameters
    ----------
    x, y, radius : array_like, shape (n,)
        Planar metres; a disc of radius zero reaches only a centre it stands on.

    Returns
    -------
    ndarray of int32, shape (ny, nx)

    Raises
    ------
    ParameterError
        Values that are not finite, or a negative radius.
    """
    cx, cy, r = checked_discs(x, y, radius)
    ny, nx = lattice.shape
    steps = np.zeros((ny, nx + 1), np.int32)
    if ENGINE == "numba":
        over_threads(
            lambda first, last: _spans(steps, first, last, cx, cy, r, lattice.x0, lattice.y0, lattice.size),
            ny,
            smallest=256,
        )
        _running(steps)
    else:
        _spans_numpy(steps, cx, cy, r, lattice)
        np.cumsum(steps, axis=1, out=steps)
    return steps[:, :nx]


def served_weight(lattice: Lattice, counts: NDArray[np.int32]) -> Floats:
    """Demand of the cells that at least one facility reaches, by zone."""
    if ENGINE == "numba":
        pieces = over_threads(
            lambda first, last: _sum_served(
                counts, lattice.zone, lattice.weight, first, last, len(lattice.codes)
            ),
            lattice.shape[0],
            smallest=256,
        )
        return np.asarray(np.sum(pieces, axis=0), "float64")
    return lattice.sums(np.where(counts > 0, lattice.weight, 0.0))


def nearest_distance(lattice: Lattice, x: ArrayLike, y: ArrayLike) -> Floats:
    """Straight distance of every cell's centre to its nearest facility.

    Returns
    -------
    ndarray of float, shape (ny, nx)
        Metres; NaN outside zones, infinite where there is no facility at all.
    """
    cx, cy, _r = checked_discs(x, y, 0.0)
    out = np.where(lattice.zone >= 0, np.inf, np.nan)
    if not cx.size:
        return out
    if ENGINE == "numba":
        points = bucket(cx, cy, np.full(cx.size, _spacing(cx, cy)))
        over_threads(
            lambda first, last: _nearest(out, first, last, points, lattice.x0, lattice.y0, lattice.size),
            lattice.shape[0],
            smallest=64,
        )
        return out
    from scipy.spatial import cKDTree

    rows, columns = np.nonzero(lattice.zone >= 0)
    east, north = lattice.centres()
    out[rows, columns] = cKDTree(np.column_stack([cx, cy])).query(
        np.column_stack([east[columns], north[rows]]), workers=-1
    )[0]
    return out


def _spacing(x: Floats, y: Floats) -> float:
    """Half the side of the square that one facility has to itself, on average."""
    return 0.5 * math.sqrt((np.ptp(x) + 1.0) * (np.ptp(y) + 1.0) / x.size)


@compiled
def _span(x, square, dy2, x0, size):  # type: ignore[no-untyped-def]
    """First and last column whose centre is within reach in this row; both ends settled by the test of service."""
    half = math.sqrt(square - dy2)
    a = math.ceil((x - half - x0) / size - 0.5)
    b = math.floor((x + half - x0) / size - 0.5)
    if (x0 + (a - 0.5) * size - x) ** 2 + dy2 <= square:
        a -= 1
    elif (x0 + (a + 0.5) * size - x) ** 2 + dy2 > square:
        a += 1
    if (x0 + (b + 1.5) * size - x) ** 2 + dy2 <= square:
        b += 1
    elif (x0 + (b + 0.5) * size - x) ** 2 + dy2 > square:
        b -= 1
    return a, b


@compiled
def _spans(steps, first, last, x, y, r, x0, y0, size):  # type: ignore[no-untyped-def]
    """Write the spans of all discs into rows ``first`` to ``last`` of ``steps``."""
    nx = steps.shape[1] - 1
    for i in range(x.size):
        square = r[i] * r[i]
        top = min(math.floor((y[i] + r[i] - y0) / size - 0.5) + 1, last - 1)
        for row in range(max(math.ceil((y[i] - r[i] - y0) / size - 0.5) - 1, first), top + 1):
            dy = y0 + (row + 0.5) * size - y[i]
            if dy * dy > square:
                continue
            a, b = _span(x[i], square, dy * dy, x0, size)
            a = max(a, 0)
            b = min(b, nx - 1)
            if b >= a:
                steps[row, a] += 1
                steps[row, b + 1] -= 1


@compiled
def _running(steps):  # type: ignore[no-untyped-def]
    for row in range(steps.shape[0]):
        count = 0
        for column in range(steps.shape[1]):
            count += steps[row, column]
            steps[row, column] = count


@compiled
def _sum_served(counts, zone, weight, first, last, zones):  # type: ignore[no-untyped-def]
    out = np.zeros(zones)
    for row in range(first, last):
        for column in range(zone.shape[1]):
            if counts[row, column] > 0 and zone[row, column] >= 0:
                out[zone[row, column]] += weight[row, column]
    return out


def _spans_numpy(steps: NDArray[np.int32], x: Floats, y: Floats, r: Floats, lattice: Lattice) -> None:
    """The spans of all discs, one row offset at a time."""
    ny, nx = lattice.shape
    size, x0, y0 = lattice.size, lattice.x0, lattice.y0
    home = np.floor((y - y0) / size).astype("int64")
    flat = steps.reshape(-1)
    for offset in range(-int(r.max(initial=0) / size) - 2, int(r.max(initial=0) / size) + 3):
        row = home + offset
        dy = y0 + (row + 0.5) * size - y
        use = (dy * dy <= r * r) & (row >= 0) & (row < ny)
        if not use.any():
            continue
        px, square, dy2 = x[use], (r * r)[use], (dy * dy)[use]
        half = np.sqrt(square - dy2)
        a = np.ceil((px - half - x0) / size - 0.5)
        b = np.floor((px + half - x0) / size - 0.5)

        def within(column: Floats, px: Floats = px, square: Floats = square, dy2: Floats = dy2) -> Any:
            return (x0 + (column + 0.5) * size - px) ** 2 + dy2 <= square

        a = np.where(within(a - 1), a - 1, a)
        a = np.where(within(a), a, a + 1)
        b = np.where(within(b + 1), b + 1, b)
        b = np.where(within(b), b, b - 1)
        a, b = np.clip(a, 0, None).astype("int64"), np.clip(b, None, nx - 1).astype("int64")
        good = b >= a
        base = row[use][good] * (nx + 1)
        np.add.at(flat, base + a[good], 1)
        np.subtract.at(flat, base + b[good] + 1, 1)


@compiled
def _nearest(out, first, last, points, x0, y0, size):  # type: ignore[no-untyped-def]
    """Ring search in the buckets of facilities, begun with the answer of the cell to the west."""
    for row in range(first, last):
        py = y0 + (row + 0.5) * size
        best_of_last = -1
        for column in range(out.shape[1]):
            if math.isnan(out[row, column]):
                continue
            px = x0 + (column + 0.5) * size
            best = math.inf
            arg = -1
            if best_of_last >= 0:
                best = (points.x[best_of_last] - px) ** 2 + (points.y[best_of_last] - py) ** 2
                arg = best_of_last
            u = (px - points.x0) / points.size
            v = (py - points.y0) / points.size
            ci = math.floor(u)
            cj = math.floor(v)
            margin = min(u - ci, ci + 1 - u, v - cj, cj + 1 - v) * points.size
            ring = max(-ci, ci - points.nx + 1, -cj, cj - points.ny + 1, 0)  # no facility is nearer
            farthest = max(ci, points.nx - 1 - ci, cj, points.ny - 1 - cj)
            while ring <= farthest:
                if ring > 0:
                    clear = margin + (ring - 1) * points.size
                    if clear * clear >= best:
                        break
                best, arg = _search_ring(ring, ci, cj, px, py, points, best, arg)
                ring += 1
            out[row, column] = math.sqrt(best)
            best_of_last = arg


@compiled
def _search_ring(ring, ci, cj, px, py, points, best, arg):  # type: ignore[no-untyped-def]
    west = max(ci - ring, 0)
    east = min(ci + ring, points.nx - 1)
    for gj in range(max(cj - ring, 0), min(cj + ring, points.ny - 1) + 1):
        whole = abs(gj - cj) == ring
        for side in range(1 if whole else 2):
            if whole:
                lo = west
                hi = east
            else:
                lo = ci - ring if side == 0 else ci + ring
                hi = lo
            if lo > hi or lo < 0 or hi >= points.nx:
                continue
            for k in range(points.start[gj * points.nx + lo], points.start[gj * points.nx + hi + 1]):
                square = (points.x[k] - px) ** 2 + (points.y[k] - py) ** 2
                if square < best:
                    best = square
                    arg = k
    return best, arg
