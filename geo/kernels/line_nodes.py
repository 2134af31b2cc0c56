"""Vertices of lines, and those that are one node of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import CrsError
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PRECISION_M: Final = 0.05
"""Vertices that round to the same grid of this size are one node."""


def line_vertices(lines: GeoDataFrame, rows: Ints, system: str) -> tuple[Floats, Ints]:
    """Vertices in metres, and the single line that each belongs to.

    Parameters
    ----------
    lines : GeoDataFrame
        (Multi)LineStrings.
    rows : ndarray of int64 (lines,)
        Their rows in the file, from 0: for messages.
    system : str
        ``EPSG:n`` in metres.

    Returns
    -------
    (ndarray of float64 (n, 2), ndarray of int64 (n,))

    Raises
    ------
    CrsError
        No CRS, a wrong one, or coordinates that it cannot convert.
    """
    from pyproj.exceptions import ProjError

    drawn = shapely.get_coordinates(lines.geometry.to_numpy())
    if lines.crs is None:
        raise CrsError(_("这份数据没有坐标系。"), hint=_("请先说明它是 WGS84、GCJ-02 还是其他坐标系。"))
    if lines.crs.is_projected and drawn.size and (np.abs(drawn) <= (360, 90)).all():
        message = _("路网标为以米为单位的 {crs}，坐标却像经纬度。")
        raise CrsError(message, hint=_("请改正它的坐标系。"), crs=lines.crs.to_string())
    try:
        metric = lines.to_crs(system).geometry.to_numpy()
    except ProjError as error:
        raise CrsError(
            _("坐标系 {crs} 换算不到 {system}。"), crs=lines.crs.to_string(), system=system
        ) from error
    parts, row = shapely.get_parts(metric, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    bad = np.unique(rows[row[part[~np.isfinite(xy).all(axis=1)]]]) + 1
    if bad.size:
        named = "、".join(map(str, bad[:5].tolist())) + "…" * (bad.size > 5)
        message = _("第 {rows} 行的线有坐标不是数或超出 {system} 的范围（共 {n} 行）。")
        hint = _("请改正这些行，并核对坐标系、经度和纬度是否写反。")
        raise CrsError(message, hint=hint, rows=named, system=system, n=bad.size)
    return xy, part


def grid_nodes(xy: Floats, precision_m: float = PRECISION_M) -> tuple[Ints, Ints]:
    """Vertices (n, 2) that share a place of the grid are one node: the first vertex of each node, and the node of each vertex."""
    # one complex number a vertex: numpy sorts those by real, then imaginary part
    grid = np.round(xy / precision_m).view("complex128").ravel()
    _cell, first, node = np.unique(grid, return_index=True, return_inverse=True)
    return first, node


def unique_edges(xy: Floats, part: Ints, precision_m: float) -> tuple[Floats, Ints, Ints]:
    """Places of the nodes where edges end, and the two ends of each edge.

    Parameters
    ----------
    xy : ndarray of float64 (n, 2)
        Vertices, metres.
    part : ndarray of int64 (n,)
        The single line that each vertex belongs to.
    precision_m : float
        As :func:`grid_nodes` takes it.

    Returns
    -------
    (ndarray of float64 (nodes, 2), ndarray of int64 (edges,), ndarray of int64 (edges,))
    """
    first, node = grid_nodes(xy, precision_m)
    pairs = np.sort(np.column_stack([node[:-1], node[1:]])[part[:-1] == part[1:]], axis=1)
    # two nodes have one straight segment between them, so the copies of an edge are equally long
    pairs = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)
    used, ends = np.unique(pairs, return_inverse=True)
    u, v = np.ascontiguousarray(ends.reshape(-1, 2).T, "int64")
    return xy[first[used]], u, v
