"""A part of a nation: the cells of a block, and every facility that may reach one of them.

``halo`` is the farthest that a facility reaches, with its position error. A facility in the halo serves cells of the block and
is counted as a facility of its own block alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.kernels.lattice import Lattice
from geo.nation.strips import Box

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Points:
    """Facilities.

    Attributes
    ----------
    x, y : ndarray of float64 (n,)
        Metres in the plane of the lattice they are used with.
    kind, state : ndarray of int64 (n,)
        Number of the kind; 0 before the plan, 1 today, 2 planned.
    accuracy_m : ndarray of float64 (n,)
        The true place lies within so many metres.
    zone : ndarray of int64 (n,)
        Position of the facility's own division in the lattice's codes; -1 where it belongs to another part.
    """

    x: Floats
    y: Floats
    kind: Ints
    state: Ints
    accuracy_m: Floats
    zone: Ints

    def __len__(self) -> int:
        return len(self.x)

    def some(self, rows: NDArray[np.bool_]) -> Points:
        """Those that ``rows`` picks."""
        return Points(
            self.x[rows],
            self.y[rows],
            self.kind[rows],
            self.state[rows],
            self.accuracy_m[rows],
            self.zone[rows],
        )

    def beside(self, others: Points) -> Points:
        """These and ``others``."""
        return Points(
            np.concatenate([self.x, others.x]),
            np.concatenate([self.y, others.y]),
            np.concatenate([self.kind, others.kind]),
            np.concatenate([self.state, others.state]),
            np.concatenate([self.accuracy_m, others.accuracy_m]),
            np.concatenate([self.zone, others.zone]),
        )

    def within(self, box: Box) -> Points:
        """Those in a box (west, south, east, north), its edges included."""
        west, south, east, north = box
        return self.some((self.x >= west) & (self.x <= east) & (self.y >= south) & (self.y <= north))

    def of_no_zone(self) -> Points:
        """The same as facilities of other parts."""
        return replace(self, zone=np.full(len(self), -1, "int64"))


@dataclass(frozen=True, eq=False)
class Part:
    """The cells of a block and the facilities in it and around it."""

    lattice: Lattice
    points: Points


def middles_of(lattice: Lattice) -> Box:
    """West, south, east and north of the middles of a lattice's outermost cells, metres: what a halo is measured from."""
    ny, nx = lattice.shape
    east, north = lattice.centres()
    return (float(east[0]), float(north[0]), float(east[nx - 1]), float(north[ny - 1]))


def widened(box: Box, metres: float) -> Box:
    """A box with so many metres around it."""
    return box[0] - metres, box[1] - metres, box[2] + metres, box[3] + metres


def cropped(lattice: Lattice, rows: slice, columns: slice) -> Lattice:
    """A part of the cells; its corner is a whole number of cells away, so middles keep their very coordinates.

    Parameters
    ----------
    lattice : Lattice
    rows, columns : slice
        With both ends, which lie inside.

    Returns
    -------
    Lattice
    """
    return replace(
        lattice,
        x0=lattice.x0 + columns.start * lattice.size,
        y0=lattice.y0 + rows.start * lattice.size,
        zone=np.ascontiguousarray(lattice.zone[rows, columns]),
        weight=np.ascontiguousarray(lattice.weight[rows, columns]),
    )


def cut(whole: Part, side: int, halo: float) -> Iterator[Part]:
    """A whole in blocks of ``side`` by ``side`` cells, each with the facilities within ``halo`` metres around it.

    Parameters
    ----------
    whole : Part
    side : int
        Cells.
    halo : float
        The farthest that a facility reaches.

    Yields
    ------
    Part
    """
    ny, nx = whole.lattice.shape
    cells = whole.lattice.size
    column = np.floor((whole.points.x - whole.lattice.x0) / cells)
    row = np.floor((whole.points.y - whole.lattice.y0) / cells)
    # a facility outside all cells belongs to the nearest
    column, row = np.clip(column, 0, nx - 1), np.clip(row, 0, ny - 1)
    for first in range(0, ny, side):
        for left in range(0, nx, side):
            rows, columns = slice(first, min(first + side, ny)), slice(left, min(left + side, nx))
            lattice = cropped(whole.lattice, rows, columns)
            own = (row >= first) & (row < rows.stop) & (column >= left) & (column < columns.stop)
            others = whole.points.some(~own).within(widened(middles_of(lattice), halo))
            yield Part(lattice, whole.points.some(own).beside(others.of_no_zone()))
