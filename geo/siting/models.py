"""The questions as sparse models for the solver. Columns: one 0/1 decision a candidate, then what follows from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csr_array, eye_array, vstack

from geo.siting.instance import Instance
from geo.siting.solver import Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def cover_model(instance: Instance, k: int, need: Floats | None = None) -> Model:
    """At most ``k`` sites that serve most; ``need`` is what each zone must get from them (demand).

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    k : int
        Number of sites.
    need : ndarray of float64 or None
        Demand that each district must get from new sites.

    Returns
    -------
    Model
    """
    links, low, high = _links(instance)
    card = row_of_sites(instance, instance.weight.size)
    rows, floors = _needs(instance, need, instance.weight)
    cost = np.concatenate([np.zeros(instance.candidates), instance.weight])
    return model_of(
        cost,
        instance,
        np.ones(len(instance.weight)),
        [links, card, rows],
        [low, [0.0], floors],
        [high, [float(k)], np.full(len(floors), np.inf)],
    )


def fewest_model(instance: Instance, need: Floats, together: float) -> Model:
    """The fewest sites that bring ``need`` to each zone and ``together`` to all of them (demand).

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    need : ndarray of float64
        Demand that each district must get from new sites.
    together : float
        Demand to be served in all districts together.

    Returns
    -------
    Model
    """
    links, low, high = _links(instance)
    rows, floors = _needs(instance, need, instance.weight)
    every, target = together_row(instance.candidates, instance.weight, together)
    cost = np.concatenate([-np.ones(instance.candidates), np.zeros(len(instance.weight))])
    return model_of(
        cost,
        instance,
        np.ones(len(instance.weight)),
        [links, rows, every],
        [low, floors, target],
        [high, np.full(len(floors), np.inf), np.full(len(target), np.inf)],
    )


def fairest_model(instance: Instance, k: int) -> Model:
    """At most ``k`` sites that lift the worst zone highest: the last column is its share."""
    zones = np.flatnonzero(instance.total > 0)
    links, low, high = _links(instance)
    card = row_of_sites(instance, instance.weight.size)
    share = instance.weight / np.where(instance.total > 0, instance.total, 1.0)[instance.zone]
    demand = _zone_rows(instance, zones, share)
    rows = block_array([[links, None], [card, None], [demand, coo_array(-np.ones((len(zones), 1)))]]).tocsr()
    have = instance.already[zones] / instance.total[zones]
    m = len(instance.weight)
    return model_of(
        np.concatenate([np.zeros(instance.candidates + m), [1.0]]),
        instance,
        np.ones(m + 1),
        [rows],
        [low, [0.0], -have],
        [high, [float(k)], np.full(len(zones), np.inf)],
    )


def nearest_model(instance: Instance, k: int) -> Model:
    """At most ``k`` sites that spare most metres: each group walks to one open site, or as before."""
    pairs, row, column = pairs_by_group(instance)
    m = len(instance.weight)
    once = pair_sums(row, m, pairs, instance.candidates)
    bound = bound_to_sites(column, np.ones(pairs), instance.candidates)
    card = row_of_sites(instance, pairs)
    cost = np.concatenate([np.zeros(instance.candidates), instance.rows.data * instance.weight[row]])
    return model_of(
        cost,
        instance,
        np.ones(pairs),
        [once, bound, card],
        [np.zeros(m), np.full(pairs, -np.inf), [0.0]],
        [np.ones(m), np.zeros(pairs), [float(k)]],
    )


def start_values(instance: Instance, chosen: list[int], *, tail: int = 0) -> Floats:
    """A choice as columns of the covering models, to begin from.

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    chosen : list of int
        Candidates by number.
    tail : int

    Returns
    -------
    ndarray of float64
    """
    sites = np.zeros(instance.candidates)
    sites[chosen] = 1.0
    return np.concatenate([sites, instance.best(chosen), np.zeros(tail)])


def nearest_start(instance: Instance, chosen: list[int]) -> Floats:
    """A choice as columns of :func:`nearest_model`: every group takes its best open site."""
    sites = np.zeros(instance.candidates)
    sites[chosen] = 1.0
    rows = instance.rows
    open_value = np.where(sites[rows.indices] > 0, rows.data, -1.0)
    taken = np.zeros(rows.nnz)
    number = np.diff(rows.indptr)
    group = np.repeat(np.arange(len(number)), number)
    order = np.lexsort((-open_value, group))
    first = order[np.searchsorted(group[order], np.flatnonzero(number > 0))]
    taken[first[open_value[first] > 0]] = 1.0
    return np.concatenate([sites, taken])


def model_of(
    cost: Floats,
    instance: Instance,
    top: Floats,
    blocks: list[csr_array],
    lows: Sequence[Floats | list[float]],
    highs: Sequence[Floats | list[float]],
) -> Model:
    """A model of its blocks of rows, with the instance's conditions added; the candidates' columns come first.

    Parameters
    ----------
    cost : ndarray of float64 (columns,)
    instance : Instance
    top : ndarray of float64
        Upper bounds of the columns behind the candidates'.
    blocks : list of csr_array
    lows, highs : sequence of ndarray of float64
        Of the rows of each block.

    Returns
    -------
    Model
    """
    n = instance.candidates
    whole = np.concatenate([np.ones(n, bool), np.zeros(len(top), bool)])
    together = _conditions(instance, len(top))
    number = together.shape[0]
    return Model(
        cost,
        np.concatenate([np.ones(n), top]),
        whole,
        vstack([block for block in [*blocks, together] if block.shape[0]]).tocsr(),
        np.concatenate([*lows, np.full(number, -np.inf)]),
        np.concatenate([*highs, np.ones(number)]),
    )


def _conditions(instance: Instance, tail: int) -> csr_array:
    """What the chosen candidates must hold together, over all columns of a model."""
    if instance.conditions is None:
        return csr_array((0, instance.candidates + tail))
    rows = instance.conditions.every_row
    return csr_array((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], rows.shape[1] + tail))


def _links(instance: Instance) -> tuple[csr_array, Floats, Floats]:
    """A group is served by no more than its open sites: ``served - sum(open) <= 0``."""
    m = len(instance.weight)
    reach = instance.rows
    ones = csr_array((-np.ones(reach.nnz), reach.indices, reach.indptr), shape=reach.shape)
    return beside(ones, eye_array(m)), np.full(m, -np.inf), np.zeros(m)


def beside(left: csr_array, right: csr_array) -> csr_array:
    """Columns of one matrix, then those of another."""
    return block_array([[left, right]]).tocsr()


def row_of_sites(instance: Instance, tail: int) -> csr_array:
    """The row that counts open candidates, with ``tail`` columns behind theirs."""
    n = instance.candidates
    return csr_array((np.ones(n), np.arange(n), [0, n]), shape=(1, n + tail))


def _zone_rows(instance: Instance, zones: Ints, value: Floats) -> csr_array:
    """One row a zone: the sum of ``value`` over its groups' columns."""
    place = np.full(len(instance.total), -1, "int64")
    place[zones] = np.arange(len(zones))
    mine = np.flatnonzero(place[instance.zone] >= 0)
    columns = instance.candidates + mine
    shape = (len(zones), instance.candidates + len(instance.weight))
    return csr_array((value[mine], (place[instance.zone[mine]], columns)), shape=shape)


def _needs(instance: Instance, need: Floats | None, value: Floats) -> tuple[csr_array, Floats]:
    """Rows "this zone gets what it needs", as shares of the need so that the numbers are near one."""
    zones = np.flatnonzero(need > 0) if need is not None else np.empty(0, "int64")
    if need is None or not len(zones):
        return csr_array((0, instance.candidates + len(value))), np.empty(0)
    scaled = value / np.where(need > 0, need, 1.0)[instance.zone]
    return _zone_rows(instance, zones, scaled), np.full(len(zones), 1 - 1e-9)


def together_row(sites: int, value: Floats, target: float) -> tuple[csr_array, Floats]:
    """The row "all of it together reaches a target", as a share of it, and its low end; no row without a target.

    Parameters
    ----------
    sites : int
        Columns of sites, before those of ``value``.
    value : ndarray of float64
    target : float

    Returns
    -------
    (csr_array, ndarray of float64)
    """
    if target <= 0:
        return csr_array((0, sites + len(value))), np.empty(0)
    columns = sites + np.arange(len(value))
    row = csr_array((value / target, columns, [0, len(value)]), shape=(1, sites + len(value)))
    return row, np.array([1 - 1e-9])


def pairs_by_group(instance: Instance) -> tuple[int, Ints, Ints]:
    """Number of stored pairs, and the group and the candidate of each, by group."""
    rows = instance.rows
    group = np.repeat(np.arange(len(instance.weight)), np.diff(rows.indptr))
    return int(rows.nnz), group, rows.indices.astype("int64")


def pair_sums(row: Ints, groups: int, pairs: int, sites: int) -> csr_array:
    """What each group gets, one row a group.

    Parameters
    ----------
    row : ndarray of int64 (pairs,)
        Group of each pair.
    groups, pairs, sites : int
        How many there are.

    Returns
    -------
    csr_array, shape (groups, sites + pairs)
    """
    return csr_array((np.ones(pairs), (row, sites + np.arange(pairs))), shape=(groups, sites + pairs))


def bound_to_sites(column: Ints, most: Floats, sites: int) -> csr_array:
    """``assigned - most * open <= 0`` for every pair.

    Parameters
    ----------
    column : ndarray of int64 (pairs,)
        Site of each pair.
    most : ndarray of float64 (pairs,)
    sites : int

    Returns
    -------
    csr_array, shape (pairs, sites + pairs)
    """
    pairs = len(column)
    at = np.arange(pairs)
    data = np.concatenate([np.ones(pairs), -most])
    return csr_array(
        (data, (np.concatenate([at, at]), np.concatenate([sites + at, column]))), shape=(pairs, sites + pairs)
    )
