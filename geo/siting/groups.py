"""Cells that the same candidates reach, in the same zone, made one group of demand: from cells at once, or from pairs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array

from geo.coverage.reach import Reach
from geo.kernels.compiling import ENGINE
from geo.kernels.lattice import Lattice
from geo.kernels.site_groups import cell_groups
from geo.siting.pairs import check_number, reached_pairs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Groups(NamedTuple):
    """Demand of a lattice in groups.

    Attributes
    ----------
    value : csc_array, shape (groups, candidates)
        1 where a candidate reaches a group.
    weight : ndarray of float64 (groups,)
        Demand.
    zone : ndarray of int64 (groups,)
    total, already : ndarray of float64 (zones,)
        Demand that is asked for, and the part of it that is served.
    cells, reachable : int
        Cells with demand left over, and those of them that a candidate reaches.
    """

    value: csc_array
    weight: Floats
    zone: Ints
    total: Floats
    already: Floats
    cells: int
    reachable: int


def lattice_groups(
    lattice: Lattice, served: Flags, in_scope: Flags, candidates: tuple[Floats, Floats], reach: Reach
) -> Groups:
    """Groups of the demand that is not served.

    Parameters
    ----------
    lattice : Lattice
        Demand by cell.
    served : ndarray of bool, shape of the lattice
        Cells that existing facilities serve.
    in_scope : ndarray of bool (zones,)
        Zones whose demand is asked for.
    candidates : (x, y)
        Planar metres.
    reach : Reach
        Straight, or along its network.

    Returns
    -------
    Groups

    Raises
    ------
    ParameterError
        More pairs of cells and candidates than :data:`geo.siting.pairs.MAX_PAIRS`.
    """
    if reach.network is None and ENGINE == "numba":
        return _by_spans(lattice, served, in_scope, candidates, reach.metres)
    demanded = _demanded(lattice, in_scope)
    left = demanded & ~served
    total = lattice.sums(np.where(demanded, lattice.weight, 0.0))
    already = lattice.sums(np.where(demanded & served, lattice.weight, 0.0))
    cell, candidate = reached_pairs(lattice, left, candidates, reach)
    zone = lattice.zone[left].astype("int64")
    merged_groups = merged(cell, candidate, lattice.weight[left], zone, len(candidates[0]))
    return Groups(*merged_groups, total, already, int(left.sum()), int(np.count_nonzero(np.bincount(cell))))


def _demanded(lattice: Lattice, in_scope: Flags) -> Flags:
    demanded = (lattice.zone >= 0) & (lattice.weight > 0)
    demanded[demanded] = in_scope[lattice.zone[demanded]]
    return demanded


def _by_spans(
    lattice: Lattice, served: Flags, in_scope: Flags, candidates: tuple[Floats, Floats], metres: float
) -> Groups:
    """The same in straight lines without a pair of cell and candidate ever made."""
    x, y = (np.require(values, "float64", ["C", "W"]) for values in candidates)
    check_number(
        lattice, len(x), lambda: int(np.count_nonzero(_demanded(lattice, in_scope) & ~served)), metres
    )
    found = cell_groups(lattice, served, in_scope, (x, y, metres), _salts(0, len(x), len(lattice.codes)))
    order = np.argsort(found.key)
    rank = np.empty(len(order), "int64")
    rank[order] = np.arange(len(order))
    # pairs of site and group in one number each: sorted, they are the columns of the matrix
    pair = np.sort(found.sites * max(len(order), 1) + np.repeat(rank, np.diff(found.first)))
    site, group = np.divmod(pair, max(len(order), 1))
    starts = np.concatenate([[0], np.cumsum(np.bincount(site, minlength=len(x)))])
    value = csc_array((np.ones(len(group)), group, starts), shape=(len(order), len(x)))
    return Groups(value, found.weight[order], found.zone[order], *found[:4])


def merged(
    row: Ints, candidate: Ints, weight: Floats, zone: Ints, candidates: int
) -> tuple[csc_array, Floats, Ints]:
    """Demand rows that the same candidates reach, in the same zone, made one; rows that none reaches left out.

    Equal sets are found by a sum of random numbers, one for each candidate, and then compared entry by entry: no two
    different sets are ever merged.

    Parameters
    ----------
    row, candidate : ndarray of int64
    weight : ndarray of float64
        Demand.
    zone : ndarray of int64
    candidates : int
        Candidates by number.

    Returns
    -------
    (csc_array, ndarray of float64, ndarray of int64)
    """
    whole = coo_array((np.ones(len(row), "int8"), (row, candidate)), shape=(len(weight), candidates)).tocsr()
    whole.sort_indices()
    number = np.diff(whole.indptr)
    reached = np.flatnonzero(number > 0)
    if not len(reached):
        return csc_array((0, candidates), dtype="float64"), np.empty(0), np.empty(0, "int64")
    first, group = _groups(whole, reached, zone)
    value = whole[reached[first]].astype("float64").tocsc()
    sums = np.bincount(group, weight[reached], len(first)).astype("float64")
    return value, sums, zone[reached[first]]


def _groups(whole: csr_array, reached: Ints, zone: Ints) -> tuple[Ints, Ints]:
    """Of each group its first row (position in ``reached``), and the group of every reached row."""
    starts = whole.indptr[reached]
    number = np.diff(whole.indptr)[reached]
    for seed in range(8):
        salt, district = _salts(seed, whole.shape[1], int(zone.max(initial=0)) + 1)
        keys = np.add.reduceat(salt[whole.indices], starts) + district[zone[reached]]
        _keys, first, group = np.unique(keys, return_index=True, return_inverse=True)
        twin = first[group]
        if (number == number[twin]).all() and (zone[reached] == zone[reached[twin]]).all():
            nth = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
            mine = whole.indices[np.repeat(starts, number) + nth]
            if (mine == whole.indices[np.repeat(starts[twin], number) + nth]).all():
                return first, group
    raise ArithmeticError("eight sets of 64-bit keys all collided")  # once in 10^100 runs


def _salts(seed: int, candidates: int, zones: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """A random odd number for each candidate, and one for each zone: the key of a group is their sum."""
    rng = np.random.default_rng([2026, seed])
    salt = rng.integers(0, 2**63, candidates, dtype="uint64") * np.uint64(2) + np.uint64(1)
    return salt, rng.integers(0, 2**63, zones, dtype="uint64")
