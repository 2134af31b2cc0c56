"""Cells of a lattice, kept up to date while single facilities come and go along straight lines.

Two things are kept: how many facilities reach each cell (a facility changes its own spans, and the sum of demand by
what is newly reached or newly lost), and how far the nearest facility is (a facility that comes is nearer for some
cells; one that goes leaves its own cells to be searched again). Sums are whole numbers, so nothing drifts.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.arcs import bucket
from geo.kernels.cell_reach import nearest_facility, reach_counts, served_whole
from geo.kernels.compiling import compiled
from geo.kernels.lattice import Lattice
from geo.kernels.nearest import nearest_point
from geo.kernels.quantiles import Spread, put
from geo.kernels.spans import span

Floats = NDArray[np.float64]
_FIRST_RADIUS_M: Final = 500.0


class CellCounts:
    """How many discs hold each cell, and the demand of the cells that any holds."""

    def __init__(self, lattice: Lattice, x: Floats, y: Floats, radius: Floats) -> None:
        use = ~np.isnan(radius)
        self.lattice = lattice
        self._place = {int(k): (float(x[k]), float(y[k]), float(radius[k])) for k in np.flatnonzero(use)}
        self.counts = np.ascontiguousarray(reach_counts(lattice, x[use], y[use], radius[use]))
        self._scale = lattice.whole[1]
        self._sums = served_whole(lattice, self.counts)

    def served(self) -> Floats:
        """Demand reached, by zone: what :func:`geo.kernels.cell_reach.served_weight` says of the same discs."""
        return np.asarray(self._sums / self._scale, "float64")

    def change(self, place: int, x: float, y: float, radius: float) -> None:
        """Put a disc at a place instead of the one there; NaN takes it away.

        Parameters
        ----------
        place : int
            Number of the place.
        x : float
            Easting, planar metres.
        y : float
            Northing, planar metres.
        radius : float
            Metres; NaN for a facility that does not count.
        """
        if place in self._place:
            self._step(*self._place.pop(place), -1)
        if not math.isnan(radius):
            self._place[place] = (x, y, radius)
            self._step(x, y, radius, 1)

    def _step(self, x: float, y: float, radius: float, step: int) -> None:
        lattice = self.lattice
        _change_spans(
            self.counts, lattice.zone, lattice.whole[0], self._sums, (x, y, radius), step,
            (lattice.x0, lattice.y0, lattice.size),
        )  # fmt: skip


@compiled
def _change_spans(counts, zone, weight, sums, disc, step, grid):  # type: ignore[no-untyped-def]
    """Add ``step`` to every cell that the disc holds; the sums follow what becomes served or stops being so."""
    x, y, r = disc
    x0, y0, size = grid
    ny, nx = counts.shape
    square = r * r
    bottom = max(math.ceil((y - r - y0) / size - 0.5) - 1, 0)
    top = min(math.floor((y + r - y0) / size - 0.5) + 1, ny - 1)
    for row in range(bottom, top + 1):
        dy = y0 + (row + 0.5) * size - y
        if dy * dy > square:
            continue
        a, b = span(x, square, dy * dy, x0, size)
        for column in range(max(a, 0), min(b, nx - 1) + 1):
            before = counts[row, column]
            counts[row, column] = before + step
            if zone[row, column] >= 0 and (before > 0) != (before + step > 0):
                sums[zone[row, column]] += step * weight[row, column]


class Nearest:
    """Distance of every cell to its nearest facility (straight), which one that is, and the spread of the distances."""

    def __init__(self, lattice: Lattice, x: Floats, y: Floats) -> None:
        self.lattice = lattice
        self._x, self._y = x.copy(), y.copy()
        self._there = ~np.isnan(x)
        here = np.flatnonzero(self._there)
        self.far, owner = nearest_facility(lattice, x[here], y[here])
        self._owner = np.where(owner >= 0, here[owner], -1).astype("int32") if here.size else owner
        self.spread = Spread(lattice.zone, lattice.whole[0], len(lattice.codes), self.far)
        inside = lattice.zone >= 0
        self._farthest = np.where(inside, self.far, -1.0).max(axis=1, initial=-1.0)

    def change(self, place: int, x: float, y: float) -> None:
        """Put a facility at a place instead of the one there; NaN takes it away. Places may be one more than before.

        Parameters
        ----------
        place : int
            Number of the place.
        x : float
            Easting, planar metres.
        y : float
            Northing, planar metres.
        """
        if place == len(self._x):
            self._x, self._y = np.append(self._x, np.nan), np.append(self._y, np.nan)
            self._there = np.append(self._there, False)
        if self._there[place]:
            self._there[place] = False
            self._leave(place)
        if not math.isnan(x):
            self._x[place], self._y[place], self._there[place] = x, y, True
            _come(self.far, self._owner, self._farthest, *self.spread.arrays, place, x, y, self._grid())

    def _grid(self) -> tuple[float, float, float]:
        return self.lattice.x0, self.lattice.y0, self.lattice.size

    def _leave(self, place: int) -> None:
        """Search again for the cells whose nearest facility is gone."""
        x, y = float(self._x[place]), float(self._y[place])
        rows, columns = _owned(self._owner, self._farthest, place, x, y, self._grid())
        if not rows.size:
            return
        east, north = self.lattice.centres()
        px, py = east[columns], north[rows]
        square, owner = self._search(px, py)
        fresh = rows, columns, np.sqrt(square), owner
        _settle(self.far, self._owner, self._farthest, *self.spread.arrays, fresh)

    def _search(self, px: Floats, py: Floats) -> tuple[Floats, NDArray[np.int32]]:
        """Nearest of those that are left, looked for in a growing box around the cells."""
        margin = _FIRST_RADIUS_M
        left = int(self._there.sum())
        while True:
            here = _inside(
                self._x, self._y, self._there,
                px.min() - margin, py.min() - margin, px.max() + margin, py.max() + margin,
            )  # fmt: skip
            if here.size:
                x, y = self._x[here], self._y[here]
                side = 0.5 * math.sqrt((np.ptp(x) + 1.0) * (np.ptp(y) + 1.0) / x.size)
                square, found = _search_cells(px, py, bucket(x, y, np.full(x.size, side)))
                if here.size == left or square.max() <= margin * margin:
                    return square, here[found].astype("int32")
            elif not left:
                return np.full(px.size, np.inf), np.full(px.size, -1, np.int32)
            margin *= 2


@compiled
def _inside(x, y, there, west, south, east, north):  # type: ignore[no-untyped-def]
    """Positions of the points of a box that are there, ascending."""
    out = np.empty(64, np.int64)
    n = 0
    for i in range(x.size):
        if there[i] and west <= x[i] <= east and south <= y[i] <= north:
            if n == out.size:
                out = np.append(out, np.empty(n, np.int64))
            out[n] = i
            n += 1
    return out[:n]


@compiled
def _search_cells(px, py, points):  # type: ignore[no-untyped-def]
    square = np.empty(px.size)
    found = np.empty(px.size, np.int64)
    arg = -1
    for k in range(px.size):
        square[k], arg = nearest_point(px[k], py[k], points, arg)
        found[k] = points.order[arg]
    return square, found


@compiled
def _columns(farthest, dy, x, x0, size, nx):  # type: ignore[no-untyped-def]
    """First and last column that can be as near to ``x`` as the farthest cell of the row is to its own facility."""
    if farthest > 1e7:
        return 0, nx - 1
    half = math.sqrt(max(farthest * farthest - dy * dy, 0.0))
    first = math.floor((x - half - x0) / size - 0.5) - 1
    last = math.ceil((x + half - x0) / size - 0.5) + 1
    return min(max(first, 0), nx), max(min(last, nx - 1), -1)


@compiled
def _owned(owner, farthest, place, x, y, grid):  # type: ignore[no-untyped-def]
    """Rows and columns of the cells whose nearest facility stands at ``place``, which is (x, y)."""
    x0, y0, size = grid
    ny, nx = owner.shape
    rows = np.empty(64, np.int64)
    columns = np.empty(64, np.int64)
    n = 0
    for row in range(ny):
        dy = y0 + (row + 0.5) * size - y
        if abs(dy) > farthest[row] + size:
            continue
        a, b = _columns(farthest[row] + size, dy, x, x0, size, nx)
        for column in range(a, b + 1):
            if owner[row, column] == place:
                if n == rows.size:
                    rows = np.append(rows, np.empty(n, np.int64))
                    columns = np.append(columns, np.empty(n, np.int64))
                rows[n] = row
                columns[n] = column
                n += 1
    return rows[:n], columns[:n]


@compiled
def _come(far, owner, farthest, zone, weight, bins, sums, head, after, before, place, x, y, grid):  # type: ignore[no-untyped-def]
    """A facility is nearer than the nearest before it: for those cells it takes over."""
    x0, y0, size = grid
    ny, nx = far.shape
    for row in range(ny):
        dy = y0 + (row + 0.5) * size - y
        if not abs(dy) < farthest[row]:
            continue
        a, b = _columns(farthest[row], dy, x, x0, size, nx)
        changed = False
        for column in range(a, b + 1):
            if zone[row, column] < 0:
                continue
            dx = x0 + (column + 0.5) * size - x
            distance = math.sqrt(dx * dx + dy * dy)
            if distance < far[row, column]:
                put(far, zone, weight, bins, sums, head, after, before, row, column, distance)
                owner[row, column] = place
                changed = True
        if changed:
            _widest(far, farthest, zone, row)


@compiled
def _settle(far, owner, farthest, zone, weight, bins, sums, head, after, before, fresh):  # type: ignore[no-untyped-def]
    """Cells (in order of rows) get a new distance and owner."""
    rows, columns, distance, owners = fresh
    for k in range(rows.size):
        put(far, zone, weight, bins, sums, head, after, before, rows[k], columns[k], distance[k])
        owner[rows[k], columns[k]] = owners[k]
        if k == rows.size - 1 or rows[k + 1] != rows[k]:
            _widest(far, farthest, zone, rows[k])


@compiled
def _widest(far, farthest, zone, row):  # type: ignore[no-untyped-def]
    widest = -1.0
    for column in range(far.shape[1]):
        if zone[row, column] >= 0 and far[row, column] > widest:
            widest = far[row, column]
    farthest[row] = widest
