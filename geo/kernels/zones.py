"""Polygons that areas are summed over (districts, residential land), with an index for exact answers.

The plane is cut into square cells. A cell knows the polygon edges that touch it and which zones hold its anchor, a
point of it that is on no edge; the zones of any point follow from those of the anchor, changed at each edge crossed
on the way there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import ParameterError
from geo.kernels.compiling import compiled
from geo.text import mark as _

MAX_ZONES: Final = 62  # one bit each in a 64-bit word
_CLEAR: Final = 1e-6  # of a cell's side: as near as an anchor may be to an edge
_SHARES: Final = tuple((0.5 + k * 0.6180339887498949) % 1 for k in range(1, 25))  # spread evenly, none twice


class EdgeIndex(NamedTuple):
    """What kernels read: edges ``(m, 4)`` with the zone of each, cells in compressed rows, anchors and their masks."""

    edges: NDArray[np.float64]
    owner: NDArray[np.int64]
    start: NDArray[np.int64]
    items: NDArray[np.int64]
    anchor_x: NDArray[np.float64]
    anchor_y: NDArray[np.float64]
    mask: NDArray[np.int64]
    x0: float
    y0: float
    size: float
    nx: int
    ny: int


@dataclass(frozen=True, eq=False)
class Zones:
    """Zones in planar metres. They may touch or overlap; each is measured by itself.

    Attributes
    ----------
    codes : tuple of str, length n
    polygons : ndarray of shapely (multi)polygons, shape (n,)
    area_m2 : ndarray of float, shape (n,)
    index : EdgeIndex
    """

    codes: tuple[str, ...]
    polygons: NDArray[Any]
    area_m2: NDArray[np.float64]
    index: EdgeIndex

    @classmethod
    def from_polygons(cls, codes: tuple[str, ...], polygons: ArrayLike, *, cell_m: float = 250.0) -> Zones:
        """Index valid polygons (planar metres, holes allowed, an empty one is a zone without area).

        Parameters
        ----------
        codes : tuple of str
            District codes.
        polygons : array_like
        cell_m : float
            Side of the index cells, metres.

        Returns
        -------
        Zones

        Raises
        ------
        ParameterError
            More than :data:`MAX_ZONES` zones, or a geometry that is no valid polygon.
        """
        shapes = np.asarray(polygons, dtype=object)
        if len(shapes) > MAX_ZONES:
            raise ParameterError(
                _("分区有 {n} 个，最多 {most} 个。"), hint=_("请合并分区。"), n=len(shapes), most=MAX_ZONES
            )
        good = np.isin(shapely.get_type_id(shapes), (3, 6)) & shapely.is_valid(shapes)
        if not good.all():
            raise ParameterError(
                _("分区 {code} 不是有效的多边形。"),
                hint=_("请先修复几何（如 make_valid）。"),
                code=codes[int(np.flatnonzero(~good)[0])],
            )
        return cls(tuple(codes), shapes, np.asarray(shapely.area(shapes)), _edge_index(shapes, cell_m))

    def locate(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.int64]:
        """Position in ``codes`` of the first zone that holds each point (planar metres), -1 where none does."""
        px, py = np.broadcast_arrays(np.asarray(x, "float64"), np.asarray(y, "float64"))
        masks = _masks(px.flatten(), py.flatten(), self.index)
        lowest = (masks & -masks).astype("float64")
        return np.where(masks > 0, np.frexp(lowest)[1] - 1, -1).astype("int64").reshape(px.shape)


def _edge_index(shapes: NDArray[Any], cell_m: float) -> EdgeIndex:
    parts, zone = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.flatnonzero(ring[1:] == ring[:-1])
    edges = np.ascontiguousarray(np.column_stack([points[first], points[first + 1]]))
    owner = zone[part][ring[first]].astype("int64")
    bounds = shapely.total_bounds(shapes) if len(edges) else np.zeros(4)
    x0, y0 = float(bounds[0] - cell_m), float(bounds[1] - cell_m)
    nx, ny = int((bounds[2] - x0) / cell_m) + 2, int((bounds[3] - y0) / cell_m) + 2
    start, items = _bin_edges(edges, x0, y0, cell_m, nx, ny)
    ax, ay = _anchors(edges, start, items, (x0, y0, float(cell_m), nx, ny))
    mask = np.zeros(nx * ny, "int64")
    for bit, shape in enumerate(shapes):
        shapely.prepare(shape)
        mask[shapely.contains_xy(shape, ax, ay)] |= 1 << bit
    return EdgeIndex(edges, owner, start, items, ax, ay, mask, x0, y0, float(cell_m), nx, ny)


def _anchors(
    edges: NDArray[np.float64],
    start: NDArray[np.int64],
    items: NDArray[np.int64],
    grid: tuple[float, float, float, int, int],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A point of every cell, its centre unless an edge runs there: on an edge, in and out could not be told apart."""
    x0, y0, size, nx, ny = grid
    column, row = np.tile(np.arange(nx), ny), np.repeat(np.arange(ny), nx)
    x = np.asarray(x0 + (column + 0.5) * size, "float64")
    y = np.asarray(y0 + (row + 0.5) * size, "float64")
    cell = np.repeat(np.arange(nx * ny), np.diff(start))
    segments = shapely.linestrings(edges[items].reshape(-1, 2, 2))
    for share in _SHARES:
        near = shapely.distance(segments, shapely.points(x[cell], y[cell])) < size * _CLEAR
        if not near.any():
            break
        crowded = np.unique(cell[near])
        x[crowded] = x0 + (column[crowded] + share) * size
        y[crowded] = y0 + (row[crowded] + (share * math.e) % 1) * size
        keep = np.isin(cell, crowded)
        cell, segments = cell[keep], segments[keep]
    return x, y


@compiled
def _bin_edges(edges, x0, y0, size, nx, ny):  # type: ignore[no-untyped-def]
    """Edges of every cell whose square touches the edge's bounding box, in compressed rows."""
    count = np.zeros(nx * ny + 1, np.int64)
    for e in range(edges.shape[0]):
        i0, i1, j0, j1 = _cell_range(edges, e, x0, y0, size)
        for j in range(j0, j1 + 1):
            for i in range(i0, i1 + 1):
                count[j * nx + i + 1] += 1
    start = np.cumsum(count)
    fill = start.copy()
    items = np.empty(start[-1], np.int64)
    for e in range(edges.shape[0]):
        i0, i1, j0, j1 = _cell_range(edges, e, x0, y0, size)
        for j in range(j0, j1 + 1):
            for i in range(i0, i1 + 1):
                items[fill[j * nx + i]] = e
                fill[j * nx + i] += 1
    return start, items


@compiled
def _cell_range(edges, e, x0, y0, size):  # type: ignore[no-untyped-def]
    return (
        int((min(edges[e, 0], edges[e, 2]) - x0) / size),
        int((max(edges[e, 0], edges[e, 2]) - x0) / size),
        int((min(edges[e, 1], edges[e, 3]) - y0) / size),
        int((max(edges[e, 1], edges[e, 3]) - y0) / size),
    )


@compiled
def mask_at(px, py, index):  # type: ignore[no-untyped-def]
    """Bit mask of the zones that hold a point: that of its cell's anchor, toggled at each edge between the two."""
    edges, owner, start, items, anchor_x, anchor_y, mask, x0, y0, size, nx, ny = index
    i = math.floor((px - x0) / size)
    j = math.floor((py - y0) / size)
    if i < 0 or j < 0 or i >= nx or j >= ny:
        return 0
    cell = j * nx + i
    bits = mask[cell]
    cx = anchor_x[cell]
    cy = anchor_y[cell]
    dx = cx - px
    dy = cy - py
    for k in range(start[cell], start[cell + 1]):
        e = items[k]
        ax = edges[e, 0]
        ay = edges[e, 1]
        bx = edges[e, 2]
        by = edges[e, 3]
        left_a = dx * (ay - py) - dy * (ax - px) > 0
        left_b = dx * (by - py) - dy * (bx - px) > 0
        if left_a != left_b:
            ux = bx - ax
            uy = by - ay
            if (ux * (py - ay) - uy * (px - ax) > 0) != (ux * (cy - ay) - uy * (cx - ax) > 0):
                bits ^= 1 << owner[e]
    return bits


@compiled
def _masks(px, py, index):  # type: ignore[no-untyped-def]
    out = np.empty(px.size, np.int64)
    for k in range(px.size):
        out[k] = mask_at(px[k], py[k], index)
    return out
