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
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.kernels.exact_sums import whole
from geo.kernels.zones import Zones
from geo.text import mark as _

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


def zone_runs(zone: NDArray[np.int16]) -> NDArray[np.int64]:
    """Stretches of one zone in a row, as ``(row, first column, end column, zone)``; none outside zones."""
    edge = np.full((len(zone), 1), -1, zone.dtype)
    changes = np.diff(np.hstack([edge, zone, edge]), axis=1) != 0
    row, begin = np.nonzero(changes)
    # a stretch ends where the next begins; one that begins after the last column is outside
    end = np.append(begin[1:], 0)
    within = begin < zone.shape[1]
    row, begin, end = row[within], begin[within], end[within]
    runs = np.column_stack([row, begin, end, zone[row, begin]])
    return np.ascontiguousarray(runs[runs[:, 3] >= 0], "int64")
