"""Who reaches what: pairs of a cell of demand and a place that serves it, in straight lines or along streets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.reach import Reach, snapped_cells
from geo.errors import ParameterError
from geo.kernels.cell_reach import reach_counts
from geo.kernels.lattice import Lattice
from geo.kernels.network import Snapped, StreetNetwork, snap, walk_distance
from geo.text import mark as _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MAX_PAIRS: Final = 30_000_000
"""Pairs of a cell and a candidate that are held at once: about a gigabyte while groups are made."""
_CHUNK: Final = 4_000_000


def cells_served(
    lattice: Lattice, existing: tuple[Floats, Floats, Floats], reach: Reach
) -> NDArray[np.bool_]:
    """Which cells existing facilities serve.

    Parameters
    ----------
    lattice : Lattice
    existing : (x, y, radius)
        In metres, with the distance each serves.
    reach : Reach

    Returns
    -------
    ndarray of bool, shape of the lattice
    """
    x, y, radius = existing
    if not len(x):
        return np.zeros(lattice.shape, bool)
    if reach.network is None:
        return reach_counts(lattice, x, y, radius) > 0
    out = np.zeros(lattice.shape, bool)
    limit = float(radius.max())
    walk = walk_distance(
        reach.network,
        snap(reach.network, x, y),
        snapped_cells(lattice, reach.network),
        limit=limit,
        extra=limit - radius,
    )
    out[lattice.zone >= 0] = walk <= limit
    return out


def reached_pairs(
    lattice: Lattice, left: NDArray[np.bool_], candidates: tuple[Floats, Floats], reach: Reach
) -> tuple[Ints, Ints]:
    """Pairs of a cell and a candidate that reaches it.

    Parameters
    ----------
    lattice : Lattice
    left : ndarray of bool, shape of the lattice
        Cells that count.
    candidates : (x, y)
        Planar metres.
    reach : Reach

    Returns
    -------
    (ndarray of int64, ndarray of int64)
        Position of the cell among those left, and of the candidate.
    """
    place = np.full(lattice.shape, -1, "int64")
    place[left] = np.arange(int(left.sum()))
    x, y = (np.asarray(values, "float64") for values in candidates)
    if reach.network is None:
        return _straight_pairs(lattice, place, x, y, reach.metres)
    rows, columns = np.nonzero(left)
    east, north = lattice.centres()
    cells = np.column_stack([east[columns], north[rows]])
    everywhere = snapped_cells(lattice, reach.network)
    among = left[lattice.zone >= 0]
    mine = Snapped(everywhere.edge[among], everywhere.along[among], everywhere.off[among])
    cell, candidate, _metres = walk_pairs(reach.network, (x, y), cells, mine, reach.metres)
    return cell, candidate


def _straight_pairs(lattice: Lattice, place: Ints, x: Floats, y: Floats, metres: float) -> tuple[Ints, Ints]:
    """A box of cells around every candidate, each cell put to the test of service: dx*dx + dy*dy <= r*r."""
    ny, nx = lattice.shape
    size, x0, y0 = lattice.size, lattice.x0, lattice.y0
    half = int(metres / size) + 2
    offsets = np.arange(-half, half + 1)
    check_number(lattice, len(x), lambda: int((place >= 0).sum()), metres)
    home_row, home_column = (
        np.floor((y - y0) / size).astype("int64"),
        np.floor((x - x0) / size).astype("int64"),
    )
    found_cell, found_candidate = [], []
    step = max(1, _CHUNK // len(offsets) ** 2)
    for first in range(0, len(x), step):
        part = slice(first, first + step)
        row = home_row[part, None] + offsets
        column = home_column[part, None] + offsets
        dy = y0 + (row + 0.5) * size - y[part, None]
        dx = x0 + (column + 0.5) * size - x[part, None]
        inside = (dx**2)[:, None, :] + (dy * dy)[:, :, None] <= metres * metres
        inside &= ((row >= 0) & (row < ny))[:, :, None] & ((column >= 0) & (column < nx))[:, None, :]
        who, down, across = np.nonzero(inside)
        cell = place[row[who, down], column[who, across]]
        found_cell.append(cell[cell >= 0])
        found_candidate.append(who[cell >= 0] + first)
    return np.concatenate(found_cell or [np.empty(0, "int64")]), np.concatenate(
        found_candidate or [np.empty(0, "int64")]
    )


def check_number(lattice: Lattice, candidates: int, cells: Callable[[], int], metres: float) -> None:
    """``ParameterError`` where more pairs than can be held are to be expected in straight lines.

    Parameters
    ----------
    lattice : Lattice
    candidates : int
        Their number.
    cells : callable
        How many cells count; counted only where it matters.
    metres : float
        Radius.

    Raises
    ------
    ParameterError
        More than :data:`MAX_PAIRS`.
    """
    each = np.pi * (metres / lattice.size) ** 2
    if candidates * each > MAX_PAIRS and (expected := candidates * min(each, float(cells()))) > MAX_PAIRS:
        raise too_many(expected)


def walk_pairs(
    network: StreetNetwork, origins: tuple[Floats, Floats], places: Floats, targets: Snapped, metres: float
) -> tuple[Ints, Ints, Floats]:
    """Pairs of a target and an origin within ``metres`` along streets, and how far that is.

    Nobody walks less than the straight line, so only targets within it are asked, one origin at a time.

    Parameters
    ----------
    network : StreetNetwork
        Streets, in metres.
    origins : (ndarray of float64, ndarray of float64)
    places : ndarray of float64
    targets : Snapped
    metres : float
        Farthest walk that counts.

    Returns
    -------
    (ndarray of int64, ndarray of int64, ndarray of float64)
    """
    from scipy.spatial import cKDTree

    x, y = origins
    joined = snap(network, x, y)
    if not len(places):
        return np.empty(0, "int64"), np.empty(0, "int64"), np.empty(0)
    tree = cKDTree(places)
    rows, columns, far = [np.empty(0, "int64")], [np.empty(0, "int64")], [np.empty(0)]
    for k in range(len(x)):
        near = np.sort(np.asarray(tree.query_ball_point((x[k], y[k]), metres * (1 + 1e-9)), "int64"))
        if not len(near):
            continue
        origin = Snapped(joined.edge[k : k + 1], joined.along[k : k + 1], joined.off[k : k + 1])
        target = Snapped(targets.edge[near], targets.along[near], targets.off[near])
        walk = walk_distance(network, origin, target, limit=metres)
        reached = np.isfinite(walk)
        rows.append(near[reached])
        columns.append(np.full(int(reached.sum()), k, "int64"))
        far.append(walk[reached])
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(far)


def too_many(pairs: float) -> ParameterError:
    """The error of an instance that does not fit."""
    return ParameterError(
        _("候选与需求的组合约 {pairs} 对，超过上限 {most}。"),
        hint=_("请加大候选间距、缩小服务半径，或只选部分区县。"),
        pairs=f"{pairs:,.0f}",
        most=f"{MAX_PAIRS:,}",
    )
