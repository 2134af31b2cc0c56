"""Kernels of the nearest distance. For all cells of a lattice: a quadtree of cells that carries down the facilities still in question.

A square of cells starts from the facilities its parent could not rule out and keeps those that may be nearest to some
centre in it: another is ruled out by the one nearest to the square's middle when the whole square lies on that one's
side of the line half way between the two. A square with one facility left, or as small as a leaf, is filled. Cost
grows with cells and facilities, however unevenly they lie; nothing is rounded to cells. For one point: a search of
rings of buckets.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.arcs import bucket
from geo.kernels.compiling import compiled, over_threads

if TYPE_CHECKING:
    from geo.kernels.lattice import Lattice

Floats = NDArray[np.float64]
TILE: Final = 256
"""Cells on a side of the squares that threads share out: a leaf's side times a power of two."""
LEAF: Final = 4
_SEARCH_SIDE: Final = 16  # squares of this side or less are looked through for cells of a zone
_WAITING: Final = 64  # squares on the stack: at most three a level and one more
_SLACK: Final = 1e-12  # of the squares compared: more than their rounding can come to


def nearest_numba(lattice: Lattice, x: Floats, y: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """Distance of every cell's centre to its nearest facility (there is one) and its position; NaN, -1 outside zones.

    Parameters
    ----------
    lattice : Lattice
        Cells with their zone and demand.
    x : ndarray of float64
        Easting, planar metres.
    y : ndarray of float64
        Northing, planar metres.

    Returns
    -------
    (ndarray of float64, ndarray of int32)
    """
    ny, nx = lattice.shape
    out, owner = np.empty((ny, nx)), np.empty((ny, nx), np.int32)
    columns = -(-nx // TILE)
    far = max(abs(lattice.x0) + nx * lattice.size, abs(lattice.y0) + ny * lattice.size)
    grid = (
        lattice.x0,
        lattice.y0,
        lattice.size,
        far * 2.0**-50,
    )  # at most so much are centres off by rounding
    near = bucket(x, y, np.full(x.size, _spacing(x, y)))  # neighbours in place are neighbours in memory
    places = np.column_stack([near.x, near.y])
    over_threads(
        lambda first, last: _tiles(
            (out, owner), first, last, columns, lattice.zone, (places, near.order), grid
        ),
        columns * -(-ny // TILE),
        smallest=1,
    )
    return out, owner


def _spacing(x: Floats, y: Floats) -> float:
    """Side of the square that one facility has to itself, on average."""
    return math.sqrt((float(np.ptp(x)) + 1.0) * (float(np.ptp(y)) + 1.0) / x.size)


@compiled
def _tiles(results, first, last, columns, zone, facilities, grid):  # type: ignore[no-untyped-def]
    """Work tiles ``first`` to ``last``. ``room`` holds the facilities of each waiting square, one list after another."""
    out, owner = results
    places, order = facilities
    every = np.arange(len(places))
    room = np.empty(5 * every.size, np.int64)
    stack = np.empty((_WAITING, 5), np.int64)
    for tile in range(first, last):
        row = tile // columns * TILE
        column = tile % columns * TILE
        stop = _copy_candidates(every, 0, every.size, room, 0, row, column, TILE, places, grid)
        stack[0] = (row, column, TILE, 0, stop)
        waiting = 1
        while waiting:
            waiting -= 1
            row, column, side, begin, end = stack[waiting]
            if side <= _SEARCH_SIDE and _empty(out, owner, zone, row, column, side):
                continue
            if side == LEAF or end - begin == 1:
                _fill(out, owner, zone, row, column, side, room, begin, end, places, order, grid)
                continue
            while room.size < end + 4 * (end - begin):
                room = np.append(room, room)
            half = side // 2
            at = end
            for k in range(4):
                r = row + k // 2 * half
                c = column + k % 2 * half
                if r < out.shape[0] and c < out.shape[1]:
                    stop = _copy_candidates(room, begin, end, room, at, r, c, half, places, grid)
                    stack[waiting] = (r, c, half, at, stop)
                    waiting += 1
                    at = stop


@compiled
def _copy_candidates(candidates, begin, end, room, at, row, column, side, places, grid):  # type: ignore[no-untyped-def]
    """Copy to ``room[at:]`` those of ``listed[begin:end]`` that may be nearest to a centre in a square; their end."""
    x0, y0, size, rounding = grid
    mx = x0 + (column + 0.5 * side) * size
    my = y0 + (row + 0.5 * side) * size
    half = 0.5 * (side - 1) * size + rounding
    best = math.inf
    arg = -1
    for k in range(begin, end):
        i = candidates[k]
        square = (places[i, 0] - mx) ** 2 + (places[i, 1] - my) ** 2
        if square < best:
            best = square
            arg = i
    tx = places[arg, 0]
    ty = places[arg, 1]
    for k in range(begin, end):
        i = candidates[k]
        # how much farther than the middle's nearest; over the square this changes by twice the offset times half
        more = (places[i, 0] - mx) ** 2 + (places[i, 1] - my) ** 2 - best
        offset = abs(places[i, 0] - tx) + abs(places[i, 1] - ty)
        if i == arg or (offset > 0 and more <= 2 * half * offset + _SLACK * (more + 2 * best)):
            room[at] = i
            at += 1
    return at


@compiled
def _empty(out, owner, zone, row, column, side):  # type: ignore[no-untyped-def]
    """Whether no cell of a square is in a zone; they are then marked so."""
    end = min(row + side, out.shape[0])
    last = min(column + side, out.shape[1])
    for r in range(row, end):
        for c in range(column, last):
            if zone[r, c] >= 0:
                return False
    out[row:end, column:last] = math.nan
    owner[row:end, column:last] = -1
    return True


@compiled
def _fill(out, owner, zone, row, column, side, room, begin, end, places, order, grid):  # type: ignore[no-untyped-def]
    """Write the distances of a square's cells to the nearest of the facilities left."""
    x0, y0, size, _rounding = grid
    for r in range(row, min(row + side, out.shape[0])):
        py = y0 + (r + 0.5) * size
        for c in range(column, min(column + side, out.shape[1])):
            if zone[r, c] < 0:
                out[r, c] = math.nan
                owner[r, c] = -1
                continue
            px = x0 + (c + 0.5) * size
            best = math.inf
            arg = -1
            for k in range(begin, end):
                square = (places[room[k], 0] - px) ** 2 + (places[room[k], 1] - py) ** 2
                if square < best:
                    best = square
                    arg = room[k]
            out[r, c] = math.sqrt(best)
            owner[r, c] = order[arg]


@compiled
def nearest_point(px, py, points, arg):  # type: ignore[no-untyped-def]
    """Ring search in buckets of points: the square of the distance to the nearest, and its place among ``points``.

    ``arg`` is a guess that bounds the search, or -1.
    """
    best = math.inf
    if arg >= 0:
        best = (points.x[arg] - px) ** 2 + (points.y[arg] - py) ** 2
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
    return best, arg


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
