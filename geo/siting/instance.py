"""Demand groups and the candidates that reach them: the sparse matrix that every way of choosing sites works on.

Cells that the same candidates reach and that lie in the same district are one group: whatever is chosen, they are
served together, so merging them changes no answer. Cells that an existing facility serves have left before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from geo.coverage.reach import Reach
from geo.kernels.lattice import Lattice
from geo.kernels.site_pairs import best_of
from geo.siting.conditions import Conditions
from geo.siting.groups import lattice_groups, merged
from geo.siting.pairs import cells_served

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Standing:
    """Existing facilities that serve at most their capacity.

    Attributes
    ----------
    value : csc_array, shape (groups, facilities)
        1 where a facility reaches a group.
    capacity : ndarray (facilities,)
        Demand that each can take.
    """

    value: csc_array
    capacity: Floats

    def with_groups(self, rows: Ints) -> Standing:
        """The same for some groups of demand."""
        return Standing(self.value.tocsr()[rows].tocsc(), self.capacity)


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
    standing : Standing or None
        Existing facilities whose capacity is limited; what they reach is in the groups, and not in ``already``.
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
    standing: Standing | None = None

    @property
    def candidates(self) -> int:
        """How many candidates there are."""
        return int(self.value.shape[1])

    @cached_property
    def rows(self) -> csr_array:
        """``value`` by group."""
        return self.value.tocsr()

    @cached_property
    def pairs(self) -> tuple[Ints, Ints, Floats]:
        """``value`` as kernels take it: where each candidate begins, group and value of every pair."""
        return _as_arrays(self.value)

    @cached_property
    def pairs_by_group(self) -> tuple[Ints, Ints, Floats]:
        """The same where each group begins, with the candidate of every pair."""
        return _as_arrays(self.rows)

    @cached_property
    def column_of(self) -> Ints:
        """Candidate of every stored pair of ``value``."""
        return np.repeat(np.arange(self.candidates), np.diff(self.value.indptr))

    def best(self, chosen: Ints | list[int]) -> Floats:
        """What a unit of each group's demand gains from the chosen candidates together."""
        return best_of(self.pairs, np.asarray(chosen, "int64"), len(self.weight))

    def worth(self, chosen: Ints | list[int]) -> float:
        """What the chosen candidates bring together."""
        return float(self.weight @ self.best(chosen))

    def by_zone(self, chosen: Ints | list[int]) -> Floats:
        """What they bring, by district."""
        return np.bincount(self.zone, self.weight * self.best(chosen), len(self.total)).astype("float64")

    def with_candidates(self, candidates: Ints) -> Instance:
        """The same demand with these candidates alone; groups that neither they nor what stands reaches are left out."""
        value = self.value[:, candidates].tocsr()
        reached = np.diff(value.indptr) > 0
        if self.standing is not None:
            reached |= np.diff(self.standing.value.tocsr().indptr) > 0
        rows = np.flatnonzero(reached)
        standing = None if self.standing is None else self.standing.with_groups(rows)
        conditions = None if self.conditions is None else self.conditions.with_candidates(candidates)
        capacity = None if self.capacity is None else self.capacity[candidates]
        part = (value[rows].tocsc(), self.weight[rows], self.zone[rows], self.total, self.already, self.codes)
        return Instance(*part, conditions=conditions, capacity=capacity, standing=standing)

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
    limited: tuple[Floats, Floats, Floats] | None = None,
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
    limited : (x, y, capacity) or None
        Existing facilities that serve at most their capacity (demand).

    Returns
    -------
    Instance

    Raises
    ------
    ParameterError
        More pairs of cells and candidates than :data:`geo.siting.pairs.MAX_PAIRS`.
    """
    asked = np.ones(len(lattice.codes), bool) if scope is None else scope
    served = cells_served(lattice, existing, reach)
    new = len(candidates[0])
    both = candidates if limited is None else _together(candidates, limited[:2])
    groups = lattice_groups(lattice, served, asked, both, reach)
    size = {
        "cells": groups.cells,
        "reachable": groups.reachable,
        "groups": len(groups.weight),
        "candidates": new,
        "pairs": int(groups.value.nnz),
    }
    value, standing = groups.value, None
    if limited is not None:
        value, standing = value[:, :new].tocsc(), Standing(value[:, new:].tocsc(), limited[2])
    part = (value, groups.weight, groups.zone, groups.total, groups.already, lattice.codes, size)
    return Instance(*part, standing=standing)


def _as_arrays(value: csc_array | csr_array) -> tuple[Ints, Ints, Floats]:
    return (
        np.ascontiguousarray(value.indptr, "int64"),
        np.ascontiguousarray(value.indices, "int64"),
        np.ascontiguousarray(value.data, "float64"),
    )


def _together(one: tuple[Floats, Floats], two: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return np.concatenate([one[0], two[0]]), np.concatenate([one[1], two[1]])
