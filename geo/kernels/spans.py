"""Kernels of reach on a lattice: the spans of discs in rows, their running sum, and the demand of reached cells.

Rows are worked in strips that fit the processor's cache: the discs that touch a strip write the two ends of their
spans into it, and one pass turns them into counts and adds up the demand of reached cells by zone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.compiling import compiled, over_threads

if TYPE_CHECKING:
    from geo.kernels.lattice import Lattice

Floats = NDArray[np.float64]
_WORTH: Final = 100_000  # cells for which another thread is worth waking
STRIP: Final = 16
"""Rows worked at a time: 1,000 columns of counts are 64 kB, which stays close to the processor."""


def strips_numba(
    lattice: Lattice, x: Floats, y: Floats, r: Floats
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Counts of discs by cell, and the demand of reached cells by zone in whole numbers; compiled.

    Parameters
    ----------
    lattice : Lattice
        Cells with their zone and demand.
    x : ndarray of float64
        Easting, planar metres.
    y : ndarray of float64
        Northing, planar metres.
    r : ndarray of float64
        Radius, metres.

    Returns
    -------
    (ndarray of int32, ndarray of int64)
    """
    ny, nx = lattice.shape
    counts = np.empty((ny, nx), np.int32)
    discs, start, tallest = _by_row(x, y, r, lattice.y0, lattice.size, ny)
    grid = (lattice.x0, lattice.y0, lattice.size)
    zones = len(lattice.codes)
    pieces = over_threads(
        lambda first, last: _strips(
            counts, first, last, discs, start, tallest, grid, lattice.whole[0], lattice.runs, zones
        ),
        -(-ny // STRIP),
        smallest=max(_WORTH // (STRIP * nx), 1),
    )
    return counts, np.asarray(np.sum(pieces, axis=0), "int64")


@compiled
def _by_row(x, y, r, y0, size, ny):  # type: ignore[no-untyped-def]
    """Discs sorted by the first row they can reach, where each row's begin among them, and the most rows of a disc."""
    first = np.empty(y.size, np.int64)
    start = np.zeros(ny + 2, np.int64)
    tallest = 0
    for i in range(y.size):
        low = min(max(math.floor((y[i] - r[i] - y0) / size) - 1, 0), ny)
        first[i] = low
        start[low + 1] += 1
        tallest = max(tallest, min(math.floor((y[i] + r[i] - y0) / size) + 1, ny - 1) - low)
    start = np.cumsum(start)
    fill = start.copy()
    discs = np.empty((y.size, 3))
    for i in range(y.size):
        at = fill[first[i]]
        fill[first[i]] += 1
        discs[at, 0] = x[i]
        discs[at, 1] = y[i]
        discs[at, 2] = r[i]
    return discs, start, tallest


@compiled
def span(x, square, dy2, x0, size):  # type: ignore[no-untyped-def]
    """First and last column whose centre is within reach in this row; both ends settled by the test of service."""
    per = 1.0 / size
    half = math.sqrt(square - dy2)
    a = math.ceil((x - half - x0) * per - 0.5)
    b = math.floor((x + half - x0) * per - 0.5)
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
def _strips(counts, first, last, discs, start, tallest, grid, weight, runs, zones):  # type: ignore[no-untyped-def]
    """Fill the counts of strips ``first`` to ``last``; the demand of reached cells in them, by zone."""
    ny = counts.shape[0]
    out = np.zeros(zones, np.int64)
    run = np.searchsorted(runs[:, 0], first * STRIP)
    for strip in range(first, last):
        top = strip * STRIP
        end = min(top + STRIP, ny)
        counts[top:end] = 0
        for i in range(start[max(top - tallest, 0)], start[end]):
            _write_spans(counts, top, end, discs[i, 0], discs[i, 1], discs[i, 2], grid)
        for row in range(top, end):
            _running(counts[row])
            while run < runs.shape[0] and runs[run, 0] == row:
                out[runs[run, 3]] += _reached(counts[row], weight[row], runs[run, 1], runs[run, 2])
                run += 1
    return out


@compiled
def _write_spans(counts, top, end, x, y, r, grid):  # type: ignore[no-untyped-def]
    """Write the ends of one disc's spans into rows ``top`` to ``end``."""
    x0, y0, size = grid
    nx = counts.shape[1]
    square = r * r
    for row in range(
        max(math.ceil((y - r - y0) / size - 0.5) - 1, top),
        min(math.floor((y + r - y0) / size - 0.5) + 2, end),
    ):
        dy = y0 + (row + 0.5) * size - y
        if dy * dy > square:
            continue
        a, b = span(x, square, dy * dy, x0, size)
        a = max(a, 0)
        b = min(b, nx - 1)
        if b >= a:
            counts[row, a] += 1
            if b + 1 < nx:
                counts[row, b + 1] -= 1


@compiled
def _running(row):  # type: ignore[no-untyped-def]
    count = 0
    for column in range(row.size):
        count += row[column]
        row[column] = count


@compiled
def _reached(counts, weight, first, end):  # type: ignore[no-untyped-def]
    """Demand of the reached cells of a stretch."""
    total = 0
    for column in range(first, end):
        total += weight[column] if counts[column] > 0 else 0
    return total


@compiled
def reached_numba(counts, weight, runs, zones):  # type: ignore[no-untyped-def]
    """Demand of reached cells by zone, in the whole numbers that ``weight`` is."""
    out = np.zeros(zones, np.int64)
    for k in range(runs.shape[0]):
        row = runs[k, 0]
        out[runs[k, 3]] += _reached(counts[row], weight[row], runs[k, 1], runs[k, 2])
    return out


def spans_numpy(lattice: Lattice, x: Floats, y: Floats, r: Floats) -> NDArray[np.int32]:
    """Counts of discs by cell in plain numpy, one row offset at a time.

    Parameters
    ----------
    lattice : Lattice
        Cells with their zone and demand.
    x : ndarray of float64
        Easting, planar metres.
    y : ndarray of float64
        Northing, planar metres.
    r : ndarray of float64
        Radius, metres.

    Returns
    -------
    ndarray of int32
    """
    ny, nx = lattice.shape
    size, x0, y0 = lattice.size, lattice.x0, lattice.y0
    steps = np.zeros((ny, nx + 1), np.int32)
    flat = steps.reshape(-1)
    home = np.floor((y - y0) / size).astype("int64")
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
    np.cumsum(steps, axis=1, out=steps)
    return steps[:, :nx]
