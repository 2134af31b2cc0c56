"""What chosen sites must hold together: a distance between any two, a number a parcel, a budget.

Each is a row "so much of these candidates, at most so much", with no entry below zero. So whatever holds for some sites
holds for fewer of them: a greedy choice can leave out what no longer fits, and every bound without the rows stays a bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.spatial import cKDTree

from geo.errors import ParameterError
from geo.text import mark as _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOUCH_M: Final = 0.001
"""Two places that are nearer than the distance by less than this keep it: coordinates are not known better."""
MOST_CONFLICTS: Final = 2_000_000
"""Pairs of candidates that are too near each other which are held at once."""
_ROUNDING: Final = 1e-9
_SHIFTS: Final = ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))


@dataclass(frozen=True, eq=False)
class Conditions:
    """Rows that the sum over the chosen candidates must hold.

    Attributes
    ----------
    rows : csr_array, shape (conditions, candidates)
        No entry below zero; the sum over the chosen is at most 1.
    cost : ndarray of float64 (candidates,) or None
        What each candidate costs; None where there is no budget.
    budget : float
        In the units of ``cost``.
    """

    rows: csr_array
    cost: Floats | None = None
    budget: float = math.inf

    @cached_property
    def every_row(self) -> csr_array:
        """All conditions as rows whose sum is at most 1, the budget last."""
        if self.cost is None:
            return self.rows
        share = self.cost / self.budget if self.budget > 0 else np.where(self.cost > 0, 2.0, 0.0)
        return vstack([self.rows, csr_array(share[None, :])]).tocsr()

    def with_candidates(self, candidates: Ints) -> Conditions:
        """The same for these candidates alone; rows that can no longer be broken are left out."""
        rows = self.rows[:, candidates].tocsr()
        binding = np.flatnonzero(np.asarray(rows.sum(axis=1)).ravel() > 1 + _ROUNDING)
        cost = None if self.cost is None else self.cost[candidates]
        return Conditions(rows[binding], cost, self.budget)

    def fitting(self, chosen: Ints | list[int]) -> NDArray[np.bool_]:
        """Which candidates may be chosen beside those that are: one value a candidate, False for the chosen."""
        rows = self.every_row
        used = np.asarray(rows[:, list(chosen)].sum(axis=1)).ravel()
        entries = np.repeat(used, np.diff(rows.indptr)) + rows.data > 1 + _ROUNDING
        fits = np.ones(rows.shape[1], bool)
        fits[rows.indices[entries]] = False
        fits[list(chosen)] = False
        return fits

    def hold(self, chosen: Ints | list[int]) -> bool:
        """Whether the chosen candidates hold every condition together."""
        used = np.asarray(self.every_row[:, list(chosen)].sum(axis=1)).ravel()
        return bool((used <= 1 + _ROUNDING).all())

    @property
    def least_cost(self) -> float:
        """Of the cheapest candidate; 0 without a budget."""
        return 0.0 if self.cost is None else float(self.cost.min(initial=math.inf))

    def most_sites(self) -> int:
        """No more sites than this can hold the budget, whatever else."""
        number = int(self.rows.shape[1])
        if self.cost is None:
            return number
        total = np.cumsum(np.sort(self.cost))
        return int(np.searchsorted(total, self.budget * (1 + _ROUNDING), side="right"))

    def most_gain(self, gains: Floats) -> float:
        """More than this the candidates' gains together cannot be within the budget (a part of a site counts as a part)."""
        if self.cost is None:
            return math.inf
        with np.errstate(divide="ignore", invalid="ignore"):
            order = np.argsort(-np.where(self.cost > 0, gains / self.cost, np.inf), kind="stable")
        spent = np.cumsum(self.cost[order])
        whole = int(np.searchsorted(spent, self.budget, side="right"))
        total = float(gains[order[:whole]].sum())
        if whole < len(order):
            before = float(spent[whole - 1]) if whole else 0.0
            total += float(gains[order[whole]]) * (self.budget - before) / float(self.cost[order[whole]])
        return total


def apart(xy: tuple[Floats, Floats], metres: float) -> csr_array:
    """Rows that no two candidates nearer than ``metres`` hold together.

    Squares with a diagonal of ``metres``, laid out four times, hold at most one site each, which the solver takes better
    than as many pairs; a pair that lies in no such square has a row of its own.

    Parameters
    ----------
    xy : (ndarray of float64, ndarray of float64)
        Planar metres.
    metres : float
        Least distance between two sites.

    Returns
    -------
    csr_array, shape (rows, candidates)

    Raises
    ------
    ParameterError
        More than :data:`MOST_CONFLICTS` pairs are too near.
    """
    places = np.column_stack(xy)
    near = metres - TOUCH_M
    if near <= 0 or len(places) < 2:
        return csr_array((0, len(places)))
    tree = cKDTree(places)
    number = (int(tree.count_neighbors(tree, near)) - len(places)) // 2
    if number > MOST_CONFLICTS:
        raise ParameterError(
            _("相距不足 {metres} 米的候选约有 {n} 对，超过上限 {most}。"),
            hint=_("请加大候选间距、缩小间隔，或只选部分区县。"),
            metres=f"{metres:g}",
            n=f"{number:,}",
            most=f"{MOST_CONFLICTS:,}",
        )
    pairs = tree.query_pairs(near, output_type="ndarray").reshape(-1, 2)
    side = near / math.sqrt(2) * (1 - _ROUNDING)
    together = np.zeros(len(pairs), bool)
    blocks = []
    for shift in _SHIFTS:
        _cells, square = np.unique(
            np.floor(places / side + np.array(shift)).astype("int64"), axis=0, return_inverse=True
        )
        square = square.ravel()
        blocks.append(at_most_of_each(square, 1))
        together |= square[pairs[:, 0]] == square[pairs[:, 1]]
    left = pairs[~together]
    row = np.repeat(np.arange(len(left)), 2)
    blocks.append(csr_array((np.ones(2 * len(left)), (row, left.ravel())), shape=(len(left), len(places))))
    return vstack(blocks).tocsr()


def at_most_of_each(group: NDArray[np.int64], number: int) -> csr_array:
    """Rows "at most ``number`` of each group"; below 0 is no group.

    Parameters
    ----------
    group : ndarray of int64 (candidates,)
    number : int

    Returns
    -------
    csr_array, shape (groups with more candidates than that, candidates)
    """
    member = np.flatnonzero(group >= 0)
    names, of, sizes = np.unique(group[member], return_inverse=True, return_counts=True)
    rows = csr_array(
        (np.full(len(member), 1.0 / number), (of.ravel(), member)), shape=(len(names), len(group))
    )
    return rows[np.flatnonzero(sizes > number)].tocsr()
