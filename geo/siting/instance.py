"""Demand groups and the candidates that reach them: the sparse matrix that every way of choosing sites works on.

Cells that the same candidates reach and that lie in the same district are one group: whatever is chosen, they are
served together, so merging them changes no answer. Cells that an existing facility serves have left before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, csr_array

from geo.coverage.reach import Reach, snapped_cells
from geo.errors import ParameterError
from geo.kernels.cell_reach import reach_counts
from geo.kernels.lattice import Lattice
from geo.kernels.network import Snapped, StreetNetwork, snap, walk_distance
from geo.siting.conditions import Conditions
from geo.text import mark as _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MAX_PAIRS: Final = 30_000_000
"""Pairs of a cell and a candidate that are held at once: about a gigabyte while groups are made."""
_CHUNK: Final = 4_000_000


@dataclass(frozen=True, eq=False)
class Instance:
    """What is to be chosen from, and what each choice brings.

    Attributes
    ----------
    value : csc_array, shape (groups, candidates)
        What a unit of a group's demand gains from a candidate: 1 where it is served, or the metres it is spared.
    weight : ndarray (groups,)
        Demand of each group: residents, or m² of land.
    zone : ndarray (groups,)
        Position of the group's district in ``codes``.
    total, already : ndarray (zones,)
        Demand asked for in each district, and the part of it that existing facilities serve.
    codes : tuple of str
        Districts of ``total`` and ``already``.
    size : dict
        ``cells`` with demand left over, ``reachable`` of them, ``groups``, ``candidates``, ``pairs``.
    conditions : Conditions or None
        What chosen candidates must hold together; None where any choice is allowed.
    capacity : ndarray (candidates,) or None
        Demand that each candidate can take, where that is limited.
    """

    value: csc_array
    weight: Floats
    zone: Ints
    total: Floats
    already: Floats
    codes: tuple[str, ...] = ()
    size: dict[str, Any] = field(default_factory=dict)
    conditions: Conditions | None = None
    capacity: Floats | None = None

    @property
    def candidates(self) -> int:
        """How many candidates there are."""
        return int(self.value.shape[1])

    @cached_property
    def rows(self) -> csr_array:
        """``value`` by group."""
        return self.value.tocsr()

    @cached_property
    def column_of(self) -> Ints:
        """Candidate of every stored pair of ``value``."""
        return np.repeat(np.arange(self.candidates), np.diff(self.value.indptr))

    def best(self, chosen: Ints | list[int]) -> Floats:
        """What a unit of each group's demand gains from the chosen candidates together."""
        best = np.zeros(len(self.weight))
        for candidate in chosen:
            at = slice(self.value.indptr[candidate], self.value.indptr[candidate + 1])
            rows = self.value.indices[at]
            best[rows] = np.maximum(best[rows], self.value.data[at])
        return best

    def worth(self, chosen: Ints | list[int]) -> float:
        """What the chosen candidates bring together."""
        return float(self.weight @ self.best(chosen))

    def by_zone(self, chosen: Ints | list[int]) -> Floats:
        """What they bring, by district."""
        return np.bincount(self.zone, self.weight * self.best(chosen), len(self.total)).astype("float64")

    def with_candidates(self, candidates: Ints) -> Instance:
        """The same demand with these candidates alone; groups that none of them reaches are left out."""
        value = self.value[:, candidates].tocsr()
        rows = np.flatnonzero(np.diff(value.indptr) > 0)
        conditions = None if self.conditions is None else self.conditions.with_candidates(candidates)
        capacity = None if self.capacity is None else self.capacity[candidates]
        part = (value[rows].tocsc(), self.weight[rows], self.zone[rows], self.total, self.already, self.codes)
        return Instance(*part, conditions=conditions, capacity=capacity)

    def regrouped(self) -> Instance:
        """The same with groups merged that fewer candidates no longer tell apart (serving only: all values are 1)."""
        rows = self.value.indices.astype("int64")
        value, weight, zone = merged(rows, self.column_of, self.weight, self.zone, self.candidates)
        part = (value, weight, zone, self.total, self.already, self.codes)
        return Instance(*part, conditions=self.conditions, capacity=self.capacity)

    def fitting(self, chosen: Ints | list[int]) -> NDArray[np.bool_]:
        """Which candidates may be chosen beside those that are."""
        if self.conditions is not None:
            return self.conditions.fitting(chosen)
        return np.ones(self.candidates, bool)


def reach_instance(
    lattice: Lattice,
    existing: tuple[Floats, Floats, Floats],
    candidates: tuple[Floats, Floats],
    reach: Reach,
    *,
    scope: NDArray[np.bool_] | None = None,
) -> Instance:
    """The instance of "who is served" on a lattice.

    Parameters
    ----------
    lattice : Lattice
        Demand by cell.
    existing : (x, y, radius)
        Existing facilities in metres with the distance each serves; what they serve leaves the problem.
    candidates : (x, y)
        Planar metres.
    reach : Reach
        Straight, or along its network.
    scope : ndarray of bool (zones,) or None
        Districts whose demand is asked for; all of them by default.

    Returns
    -------
    Instance

    Raises
    ------
    ParameterError
        More pairs of cells and candidates than :data:`MAX_PAIRS`.
    """
    asked = np.ones(len(lattice.codes), bool) if scope is None else scope
    demanded = (lattice.zone >= 0) & (lattice.weight > 0)
    demanded[demanded] = asked[lattice.zone[demanded]]
    served = _served(lattice, existing, reach)
    left = demanded & ~served
    total = lattice.sums(np.where(demanded, lattice.weight, 0.0))
    already = lattice.sums(np.where(demanded & served, lattice.weight, 0.0))
    cell, candidate = _pairs(lattice, left, candidates, reach)
    number = int(left.sum())
    value, weight, zone = merged(
        cell, candidate, lattice.weight[left], lattice.zone[left].astype("int64"), len(candidates[0])
    )
    size = {
        "cells": number,
        "reachable": int(np.unique(cell).size),
        "groups": len(weight),
        "candidates": len(candidates[0]),
        "pairs": int(value.nnz),
    }
    return Instance(value, weight, zone, total, already, lattice.codes, size)


def _served(lattice: Lattice, existing: tuple[Floats, Floats, Floats], reach: Reach) -> NDArray[np.bool_]:
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


def _pairs(
    lattice: Lattice, left: NDArray[np.bool_], candidates: tuple[Floats, Floats], reach: Reach
) -> tuple[Ints, Ints]:
    """Pairs of a cell (position among those left) and a candidate that reaches it."""
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
    expected = len(x) * min(np.pi * (metres / size) ** 2, float((place >= 0).sum()))
    if not expected:
        return np.empty(0, "int64"), np.empty(0, "int64")
    if expected > MAX_PAIRS:
        raise too_many(expected)
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
        rng = np.random.default_rng([2026, seed])
        salt = rng.integers(0, 2**63, whole.shape[1], dtype="uint64") * np.uint64(2) + np.uint64(1)
        district = rng.integers(0, 2**63, int(zone.max(initial=0)) + 1, dtype="uint64")
        keys = np.add.reduceat(salt[whole.indices], starts) + district[zone[reached]]
        _keys, first, group = np.unique(keys, return_index=True, return_inverse=True)
        twin = first[group]
        if (number == number[twin]).all() and (zone[reached] == zone[reached[twin]]).all():
            nth = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
            mine = whole.indices[np.repeat(starts, number) + nth]
            if (mine == whole.indices[np.repeat(starts[twin], number) + nth]).all():
                return first, group
    raise ArithmeticError("eight sets of 64-bit keys all collided")  # once in 10^100 runs
