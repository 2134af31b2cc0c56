"""Which cells of a lattice are within reach of a facility, and how far the nearest one is.

With numba the kernels are compiled; without it numpy does the same spans, with the same answers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.kernels.arcs import checked_discs
from geo.kernels.compiling import ENGINE
from geo.kernels.lattice import Lattice
from geo.kernels.nearest import nearest_numba
from geo.kernels.spans import reached_numba, spans_numpy, strips_numba

Floats = NDArray[np.float64]


def reach_counts(lattice: Lattice, x: ArrayLike, y: ArrayLike, radius: ArrayLike) -> NDArray[np.int32]:
    """How many discs hold each cell's centre (on the circle counts).

    Parameters
    ----------
    lattice : Lattice
        Cells with their zone and demand.
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
    """:func:`reach_counts` and :func:`served_weight` in one pass: counts (ny, nx), demand served by zone.

    Parameters
    ----------
    lattice : Lattice
        Cells with their zone and demand.
    x : array_like
        Easting, planar metres.
    y : array_like
        Northing, planar metres.
    radius : array_like
        Metres; NaN for a facility that does not count.

    Returns
    -------
    (ndarray of int32, ndarray of float64)
    """
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

    Parameters
    ----------
    lattice : Lattice
        Cells with their zone and demand.
    x : array_like
        Easting, planar metres.
    y : array_like
        Northing, planar metres.

    Returns
    -------
    ndarray of float, shape (ny, nx)
        Metres; NaN outside zones, infinite where there is no facility at all.
    """
    cx, cy, _r = checked_discs(x, y, 0.0)
    return nearest_facility(lattice, cx, cy)[0]


def nearest_facility(lattice: Lattice, x: Floats, y: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """Like :func:`nearest_distance` (of checked places), and which one it is: its position, -1 where there is none.

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
