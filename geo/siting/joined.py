"""Several kinds as one question for the solver: their demand side by side, weighed, over the same parcels and one budget.

Demand for one kind is not demand for another, so that the matrix is one of blocks; what binds them is in the conditions.
So every bound and proof of one kind holds for several.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array, vstack

from geo.errors import ParameterError
from geo.siting.candidates import Candidates
from geo.siting.conditions import MOST_CONFLICTS, Conditions, apart, at_most_of_each
from geo.siting.instance import Instance, Standing
from geo.siting.prepared import Prepared
from geo.siting.task import Task
from geo.text import mark as _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def joined(parts: Sequence[Prepared], tasks: Sequence[Task], weights: Sequence[float]) -> Instance:
    """One instance of several kinds: a unit of demand of a kind counts ``weight`` times.

    Parameters
    ----------
    parts : sequence of Prepared
    tasks : sequence of Task
        One a kind: its number of sites and spacing; the budget is that of the first, for all.
    weights : sequence of float

    Returns
    -------
    Instance
        Candidates kind by kind, in the order of their pools; demand and capacities in weighed units.
    """
    each = [part.instance for part in parts]
    scaled = list(zip(each, weights, strict=True))
    zones = np.cumsum([0, *(len(one.codes) for one in each)])
    standing = None
    if any(one.standing is not None for one in each):
        standing = Standing(
            block_diag([_standing_of(one).value for one in each]).tocsc(),
            np.concatenate([_standing_of(one).capacity * weight for one, weight in scaled]),
        )
    size = {name: sum(one.size[name] for one in each) for name in each[0].size}
    return Instance(
        block_diag([one.value for one in each]).tocsc(),
        np.concatenate([one.weight * weight for one, weight in scaled]),
        np.concatenate([one.zone + start for one, start in zip(each, zones[:-1], strict=True)]),
        np.concatenate([one.total * weight for one, weight in scaled]),
        np.concatenate([one.already * weight for one, weight in scaled]),
        tuple(code for one in each for code in one.codes),
        size,
        joint_conditions([part.pool for part in parts], tasks),
        _capacity(scaled),
        standing,
    )


def _standing_of(one: Instance) -> Standing:
    if one.standing is not None:
        return one.standing
    return Standing(csr_array((len(one.weight), 0)).tocsc(), np.empty(0))


def _capacity(scaled: list[tuple[Instance, float]]) -> Floats | None:
    """What each candidate can take; one without a limit takes all that there is."""
    if all(one.capacity is None for one, _weight in scaled):
        return None
    limits = []
    for one, weight in scaled:
        everyone = np.full(one.candidates, float(one.weight.sum()))
        limits.append((everyone if one.capacity is None else one.capacity) * weight)
    return np.concatenate(limits)


def joint_conditions(pools: Sequence[Candidates], tasks: Sequence[Task]) -> Conditions:
    """What sites of several kinds must hold together.

    At most ``k`` sites of each kind; sites of one kind keep their distance; a parcel takes one kind, and ``per_parcel`` sites, unless
    its column ``mixed`` is true: then so many of each kind; elsewhere one place takes one site; one budget.

    Parameters
    ----------
    pools : sequence of Candidates
        One a kind.
    tasks : sequence of Task

    Returns
    -------
    Conditions
    """
    sizes = [len(pool) for pool in pools]
    kind = np.repeat(np.arange(len(pools)), sizes)
    rows: list[csr_array] = [
        block_diag([apart(pool.xy, task.gap_m) for pool, task in zip(pools, tasks, strict=True)]).tocsr()
    ]
    for nth, task in enumerate(tasks):
        if task.k is not None:
            rows.append(at_most_of_each(np.where(kind == nth, 0, -1).astype("int64"), task.k))
    parcel, mixed = _column(pools, "parcel_row", -1).astype("int64"), _column(pools, "mixed", 0) > 0
    number = tasks[0].per_parcel
    own = np.where((parcel >= 0) & ~mixed, parcel, -1)
    shared = np.where((parcel >= 0) & mixed, parcel * len(pools) + kind, -1)
    rows += [at_most_of_each(own, number), at_most_of_each(shared, number)]
    if number > 1:
        rows.append(one_kind_of_each(own, kind, number))
    rows.append(at_most_of_each(np.where(parcel < 0, _places(pools), -1), 1))
    together = vstack(rows).tocsr()
    budget = tasks[0].budget
    if budget is None:
        return Conditions(together)
    cost = np.concatenate([pool.frame["cost"].astype("float64").to_numpy() for pool in pools])
    return Conditions(together, cost, budget)


def one_kind_of_each(group: Ints, kind: Ints, number: int) -> csr_array:
    """Rows "in a group no two kinds", where at most ``number`` of a group are chosen at all.

    A candidate and ``1 / number`` of each candidate of another kind in its group are at most 1 together: where it is chosen none of them
    is, and where it is not they are bound by ``number`` alone.

    Parameters
    ----------
    group : ndarray of int64 (candidates,)
        Below 0 is no group.
    kind : ndarray of int64 (candidates,)
    number : int

    Returns
    -------
    csr_array, shape (candidates with others of another kind in their group, candidates)

    Raises
    ------
    ParameterError
        More than :data:`geo.siting.conditions.MOST_CONFLICTS` pairs.
    """
    size = len(group)
    row, column, value, rows = [np.empty(0, "int64")], [np.empty(0, "int64")], [np.empty(0)], 0
    pairs = 0
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order]) > 0) + 1
    for members in np.split(order, starts):
        if not len(members) or group[members[0]] < 0 or len(set(kind[members])) < 2:
            continue
        pairs += len(members) ** 2
        if pairs > MOST_CONFLICTS:
            raise ParameterError(
                _("地块里的候选太多：同一块里不同类的组合超过上限 {most} 对。"),
                hint=_("请加大网格间距（spacing），或每块只建一处（per_parcel）。"),
                most=f"{MOST_CONFLICTS:,}",
            )
        for one in members:
            others = members[kind[members] != kind[one]]
            row.append(np.full(1 + len(others), rows))
            column.append(np.concatenate([[one], others]))
            value.append(np.concatenate([[1.0], np.full(len(others), 1.0 / number)]))
            rows += 1
    parts = (np.concatenate(value), (np.concatenate(row), np.concatenate(column)))
    return csr_array(parts, shape=(rows, size))


def _column(pools: Sequence[Candidates], name: str, missing: float) -> Floats:
    """A column of all pools; ``missing`` where a pool has none, or a row says nothing."""
    cells = [
        pool.frame[name].astype("float64").fillna(missing).to_numpy()
        if name in pool.frame
        else np.full(len(pool), float(missing))
        for pool in pools
    ]
    return np.concatenate(cells)


def _places(pools: Sequence[Candidates]) -> Ints:
    """A number for each place, the same for candidates that stand on the same place (to about a metre)."""
    at = np.concatenate([pool.frame[["lon", "lat"]].to_numpy("float64") for pool in pools]).round(5)
    return np.unique(at, axis=0, return_inverse=True)[1].ravel().astype("int64")
