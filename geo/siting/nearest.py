"""The instance of "who walks least": metres that each candidate spares, up to a distance beyond which none counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from geo.coverage.reach import Reach
from geo.kernels.lattice import Lattice
from geo.kernels.network import snap, walk_distance
from geo.siting.instance import Instance
from geo.siting.pairs import too_many, walk_pairs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCKS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40)
MOST_PAIRS: Final = 60_000
"""Pairs of a block and a candidate that the solver can settle in seconds; blocks grow until they fit."""


def nearest_instance(
    lattice: Lattice,
    existing: tuple[Floats, Floats],
    candidates: tuple[Floats, Floats],
    reach: Reach,
    *,
    cut_m: float,
    scope: NDArray[np.bool_] | None = None,
) -> Instance:
    """Metres spared for each unit of demand, on blocks of cells.

    Parameters
    ----------
    lattice : Lattice
        Demand by cell.
    existing, candidates : (x, y)
        Planar metres.
    reach : Reach
        Says whether distances are straight or along its network.
    cut_m : float
        A way longer than this counts as this long: far places cannot outweigh many near ones, and pairs farther
        apart need not be held.
    scope : ndarray of bool (zones,) or None
        Districts whose demand is asked for.

    Returns
    -------
    Instance
        ``size`` has ``block_m``, the side of the blocks that cells were merged into (their demand stands in its
        centre), and ``metres_before``, the demand-weighted sum of cut distances without new sites.

    Raises
    ------
    ParameterError
        Too many pairs for the solver.
    """
    zones = np.ones(len(lattice.codes), bool) if scope is None else scope
    for block in BLOCKS:
        place, weight, zone = _blocks(lattice, zones, block)
        row, column, distance = _near_pairs(place, candidates, reach, cut_m)
        if len(row) <= MOST_PAIRS:
            break
    else:
        raise too_many(len(row))
    before = np.minimum(_nearest(place, existing, reach, cut_m), cut_m)
    saved = before[row] - distance
    use = saved > 1e-9
    shape = (len(weight), len(candidates[0]))
    value = coo_array((saved[use], (row[use], column[use])), shape=shape).tocsr()
    reached = np.flatnonzero(np.diff(value.indptr) > 0)
    size = {
        "cells": len(weight),
        "reachable": len(reached),
        "groups": len(reached),
        "candidates": len(candidates[0]),
        "pairs": int(use.sum()),
        "block_m": block * lattice.size,
        "cut_m": cut_m,
        "metres_before": float(weight @ before),
    }
    total = np.bincount(zone, weight, len(lattice.codes)).astype("float64")
    whole = Instance(value.tocsc(), weight, zone, total, np.zeros(len(lattice.codes)), lattice.codes, size)
    return replace(whole, value=value[reached].tocsc(), weight=weight[reached], zone=zone[reached])


def _blocks(lattice: Lattice, scope: NDArray[np.bool_], block: int) -> tuple[Floats, Floats, Ints]:
    """Demand by block and zone: its centre (n, 2), how much, and whose."""
    use = (lattice.zone >= 0) & (lattice.weight > 0)
    use[use] = scope[lattice.zone[use]]
    row, column = np.nonzero(use)
    east, north = lattice.centres()
    weight, zone = lattice.weight[use], lattice.zone[use].astype("int64")
    wide = lattice.shape[1] // block + 1
    key = ((row // block) * wide + column // block) * len(lattice.codes) + zone
    _keys, first, group = np.unique(key, return_index=True, return_inverse=True)
    sums = np.bincount(group, weight)
    x = np.bincount(group, weight * east[column]) / sums
    y = np.bincount(group, weight * north[row]) / sums
    return np.column_stack([x, y]), sums.astype("float64"), zone[first].astype("int64")


def _near_pairs(
    place: Floats, candidates: tuple[Floats, Floats], reach: Reach, cut_m: float
) -> tuple[Ints, Ints, Floats]:
    """Pairs of a block and a candidate that are closer than the cut, and how close."""
    from scipy.spatial import cKDTree

    if reach.network is not None:
        targets = snap(reach.network, place[:, 0], place[:, 1])
        return walk_pairs(reach.network, candidates, place, targets, cut_m)
    sites = np.column_stack(candidates)
    if not (len(place) and len(sites)):
        return np.empty(0, "int64"), np.empty(0, "int64"), np.empty(0)
    blocks, points = cKDTree(place), cKDTree(sites)
    if blocks.count_neighbors(points, cut_m) > 20 * MOST_PAIRS:
        number = int(blocks.count_neighbors(points, cut_m))
        return np.zeros(number, "int64"), np.zeros(number, "int64"), np.zeros(number)
    pairs = blocks.sparse_distance_matrix(points, cut_m, output_type="ndarray")
    return pairs["i"].astype("int64"), pairs["j"].astype("int64"), pairs["v"]


def _nearest(place: Floats, existing: tuple[Floats, Floats], reach: Reach, cut_m: float) -> Floats:
    from scipy.spatial import cKDTree

    x, y = existing
    if not len(x):
        return np.full(len(place), np.inf)
    if reach.network is None:
        return np.asarray(cKDTree(np.column_stack([x, y])).query(place)[0], "float64")
    origins, targets = snap(reach.network, x, y), snap(reach.network, place[:, 0], place[:, 1])
    return walk_distance(reach.network, origins, targets, limit=cut_m)
