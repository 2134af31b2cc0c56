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

from geo._numba import ENGINE
from geo.arcs import checked_discs
from geo.errors import ParameterError
from geo.exact import whole
from geo.nearest import nearest_numba
from geo.spans import reached_numba, spans_numpy, strips_numba, zone_runs
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

    @cached_property
    def whole(self) -> tuple[NDArray[np.int64], float]:
        """Weights as whole numbers (ny, nx), and how many of them make one: sums of them are exact."""
        return whole(self.weight)

    @cached_property
    def runs(self) -> NDArray[np.int64]:
        """Stretches of one zone in a row: ``(row, first column, end column, zone)``, row by row."""
        return zone_runs(self.zone)

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
    return within_reach(lattice, x, y, radius)[0]


def within_reach(
    lattice: Lattice, x: ArrayLike, y: ArrayLike, radius: ArrayLike
) -> tuple[NDArray[np.int32], Floats]:
    """:func:`reach_counts` and :func:`served_weight` in one pass: counts (ny, nx), demand served by zone."""
    cx, cy, r = checked_discs(x, y, radius)
    if ENGINE == "numba":
        counts, sums = strips_numba(lattice, cx, cy, r)
        return counts, np.asarray(sums / lattice.whole[1], "float64")
    counts = spans_numpy(lattice, cx, cy, r)
    return counts, served_weight(lattice, counts)


def served_weight(lattice: Lattice, counts: NDArray[np.int32]) -> Floats:
    """Demand of the cells that at least one facility reaches, by zone; the same whatever the order of adding up."""
    return np.asarray(served_whole(lattice, counts) / lattice.whole[1], "float64")


def served_whole(lattice: Lattice, counts: NDArray[np.int32]) -> NDArray[np.int64]:
    """The same in the whole numbers of :attr:`Lattice.whole`."""
    weights, _scale = lattice.whole
    if ENGINE == "numba":
        return np.asarray(reached_numba(counts, weights, lattice.runs, len(lattice.codes)), "int64")
    served = (counts > 0) & (lattice.zone >= 0)
    zone, weight = lattice.zone[served], weights[served]
    return np.array([weight[zone == k].sum() for k in range(len(lattice.codes))], "int64")


def nearest_distance(lattice: Lattice, x: ArrayLike, y: ArrayLike) -> Floats:
    """Straight distance of every cell's centre to its nearest facility.

    Returns
    -------
    ndarray of float, shape (ny, nx)
        Metres; NaN outside zones, infinite where there is no facility at all.
    """
    cx, cy, _r = checked_discs(x, y, 0.0)
    return nearest_facility(lattice, cx, cy)[0]


def nearest_facility(lattice: Lattice, x: Floats, y: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """Like :func:`nearest_distance` (of checked places), and which one it is: its position, -1 where there is none."""
    if x.size and ENGINE == "numba":
        return nearest_numba(lattice, x, y)
    out = np.where(lattice.zone >= 0, np.inf, np.nan)
    owner = np.full(lattice.shape, -1, np.int32)
    if not x.size:
        return out, owner
    from scipy.spatial import cKDTree

    rows, columns = np.nonzero(lattice.zone >= 0)
    east, north = lattice.centres()
    out[rows, columns], owner[rows, columns] = cKDTree(np.column_stack([x, y])).query(
        np.column_stack([east[columns], north[rows]]), workers=-1
    )
    return out, owner
