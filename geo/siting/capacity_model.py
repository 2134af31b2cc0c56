"""Demand assigned to sites of limited capacity, as a model for the solver: what stands is open already.

The capacitated maximal covering problem (Current and Storbeck 1988; Pirkul and Schilling 1991): each group's demand is
given to open facilities that reach it, no more than there is of it and no more than each can take. So nobody is counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack, vstack

from geo.siting.conditions import Conditions
from geo.siting.instance import Instance
from geo.siting.models import (
    beside,
    bound_to_sites,
    model_of,
    pair_sums,
    pairs_by_group,
    together_row,
)
from geo.siting.solver import Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STRONG_PAIRS: Final = 40_000
"""Up to so many pairs, a model binds every assignment to its site: more rows, a sharper bound."""


@dataclass(frozen=True, eq=False)
class Places:
    """New candidates, then what stands, with what each can take.

    Attributes
    ----------
    whole : Instance
        Its candidates are the new ones and, behind them, the facilities that stand.
    limit : ndarray (candidates and facilities,)
        Demand that each can take.
    new : int
        How many of them are candidates.
    """

    whole: Instance
    limit: Floats
    new: int

    @property
    def pairs(self) -> int:
        """How many pairs of demand and a place there are."""
        return int(self.whole.value.nnz)

    def taken(self, flow: Floats) -> Floats:
        """What each place takes, of what each pair (by group) carries."""
        return np.bincount(self.whole.rows.indices, flow, self.whole.candidates).astype("float64")


def places_of(small: Instance, limit: Floats) -> Places:
    """Candidates and what stands as one; conditions and the number of sites bind the new alone.

    Parameters
    ----------
    small : Instance
    limit : ndarray of float64 (candidates,)
        Demand that each new site can take.

    Returns
    -------
    Places
    """
    new = small.candidates
    if small.standing is None:
        return Places(small, limit, new)
    value = hstack([small.value, small.standing.value]).tocsc()
    conditions = small.conditions
    if conditions is not None:
        rows = conditions.every_row
        wide = csr_array((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], value.shape[1]))
        conditions = Conditions(wide)
    whole = replace(small, value=value, conditions=conditions, standing=None, capacity=None)
    return Places(whole, np.concatenate([limit, small.standing.capacity]), new)


def assignment_model(
    places: Places,
    *,
    k: int | None = None,
    need: Floats | None = None,
    together: float = 0.0,
    offset: float = 0.0,
) -> Model:
    """Most demand for ``k`` new sites, or (no ``k``) the fewest new sites.

    Parameters
    ----------
    places : Places
    k : int or None
        Number of new sites.
    need : ndarray of float64 or None
        Demand that each district must get, from what stands with a limited capacity and from new sites.
    together : float
        Demand to be served in all districts together.
    offset : float
        Added to the demand served: what stands serves by itself, so that the objective is what is gained.

    Returns
    -------
    Model
    """
    whole, limit = places.whole, places.limit
    pairs, row, column = pairs_by_group(whole)
    m, n = len(whole.weight), whole.candidates
    most = np.minimum(whole.weight[row], limit[column])
    full = csr_array((np.ones(pairs), (column, np.arange(pairs))), shape=(n, pairs))
    diagonal = coo_array((-limit, (np.arange(n), np.arange(n))), shape=(n, n))
    blocks = [pair_sums(row, m, pairs, n), beside(diagonal, full)]
    lows = [np.zeros(m), np.full(n, -np.inf)]
    highs = [whole.weight, np.zeros(n)]
    if pairs <= STRONG_PAIRS:
        blocks.append(bound_to_sites(column, most, n))
        lows.append(np.full(pairs, -np.inf))
        highs.append(np.zeros(pairs))
    zones, floors = _zone_needs(whole, need, row)
    every, target = together_row(n, np.ones(pairs), together)
    blocks += [zones, every]
    lows += [floors, target]
    highs += [np.full(len(floors), np.inf), np.full(len(target), np.inf)]
    is_new = np.arange(n) < places.new
    if k is None:
        cost = np.concatenate([np.where(is_new, -1.0, 0.0), np.zeros(pairs)])
    else:
        cost = np.concatenate([np.zeros(n), np.ones(pairs)])
        blocks.append(csr_array(np.concatenate([is_new * 1.0, np.zeros(pairs)])[None, :]))
        lows.append(np.zeros(1))
        highs.append(np.array([float(k)]))
    least = np.concatenate([np.where(is_new, 0.0, 1.0), np.zeros(pairs)])
    return replace(model_of(cost, whole, most, blocks, lows, highs), least=least, offset=offset)


def fullest(places: Places, chosen: list[int]) -> Model:
    """The most that what stands and the chosen sites take together, and of it what stands first (a linear programme).

    What stands counts double: the sets of places that can be filled together are those of a matroid, so that no demand is lost by it,
    and what stands takes as much as it would take alone.

    Parameters
    ----------
    places : Places
    chosen : list of int
        New sites that are open.

    Returns
    -------
    Model
        Its columns are the pairs, by group.
    """
    whole = places.whole
    pairs, row, column = pairs_by_group(whole)
    m, n = len(whole.weight), whole.candidates
    stands = np.arange(n) >= places.new
    is_open = stands.copy()
    is_open[chosen] = True
    most = np.where(is_open[column], np.minimum(whole.weight[row], places.limit[column]), 0.0)
    of_group = pair_sums(row, m, pairs, 0)
    of_place = csr_array((np.ones(pairs), (column, np.arange(pairs))), shape=(n, pairs))
    rows = vstack([of_group, of_place]).tocsr()
    cost = np.where(stands[column], 2.0, 1.0)
    high = np.concatenate([whole.weight, places.limit])
    return Model(cost, most, np.zeros(pairs, bool), rows, np.zeros(m + n), high)


def _zone_needs(whole: Instance, need: Floats | None, row: Ints) -> tuple[csr_array, Floats]:
    """Rows "this zone gets what it needs", as shares of the need so that the numbers are near one."""
    pairs = len(row)
    zones = np.flatnonzero(need > 0) if need is not None else np.empty(0, "int64")
    if need is None or not len(zones):
        return csr_array((0, whole.candidates + pairs)), np.empty(0)
    place = np.full(len(need), -1, "int64")
    place[zones] = np.arange(len(zones))
    of = place[whole.zone[row]]
    mine = np.flatnonzero(of >= 0)
    shape = (len(zones), whole.candidates + pairs)
    data = 1.0 / need[zones][of[mine]]
    return csr_array((data, (of[mine], whole.candidates + mine)), shape=shape), np.full(len(zones), 1 - 1e-9)
