"""Sums over the pairs of a site and a group of demand, site by site, where ``starts`` says at which pair each site begins.

Numbers are added up in the order in which numpy adds them, so that answers do not depend on the engine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.kernels.compiling import ENGINE, compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pairs = tuple[Ints, Ints, Floats]
"""Where each site begins (and the number of pairs), the group of every pair, and what a unit of its demand, or all, gains."""


def earnings(pairs: Pairs, price: Floats) -> Floats:
    """What each site earns at these prices of the groups: what its pairs (one at least) are worth above them."""
    starts, rows, worth = pairs
    if ENGINE == "numba":
        return np.asarray(_earnings(starts, rows, worth, price), "float64")
    return np.asarray(np.add.reduceat(np.maximum(worth - price[rows], 0.0), starts[:-1]), "float64")


def slope(pairs: Pairs, price: Floats, taken: Ints) -> Floats:
    """Which way prices go: up (negative) where several of the taken sites serve a group, down where none does.

    Parameters
    ----------
    pairs : Pairs
        With what all demand of a group gains.
    price : ndarray of float64 (groups,)
    taken : ndarray of int64
        Sites.

    Returns
    -------
    ndarray of float64 (groups,)
    """
    starts, rows, worth = pairs
    if ENGINE == "numba":
        return np.asarray(_slope(starts, rows, worth, price, taken), "float64")
    pair = _pairs_of(starts, taken)
    used = pair[worth[pair] - price[rows[pair]] > 0]
    out = 1.0 - np.bincount(rows[used], minlength=len(price))
    out[(price <= 0) & (out > 0)] = 0.0
    return np.asarray(out, "float64")


def gains_above(pairs: Pairs, best: Floats, weight: Floats) -> Floats:
    """What each site adds where a unit of each group's demand gains ``best`` already.

    Parameters
    ----------
    pairs : Pairs
        With what a unit of demand gains.
    best : ndarray of float64 (groups,)
    weight : ndarray of float64 (groups,)
        Demand.

    Returns
    -------
    ndarray of float64 (sites,)
    """
    starts, rows, value = pairs
    if ENGINE == "numba":
        return np.asarray(_gains(starts, rows, value, best, weight), "float64")
    more = np.maximum(value - best[rows], 0.0) * weight[rows]
    site = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return np.bincount(site, more, len(starts) - 1).astype("float64")


def best_of(pairs: Pairs, chosen: Ints, groups: int) -> Floats:
    """What a unit of each group's demand gains from the chosen sites together.

    Parameters
    ----------
    pairs : Pairs
        With what a unit of demand gains.
    chosen : ndarray of int64
        Sites.
    groups : int
        Number of groups.

    Returns
    -------
    ndarray of float64 (groups,)
    """
    starts, rows, value = pairs
    if ENGINE == "numba":
        return np.asarray(_best(starts, rows, value, chosen, groups), "float64")
    out = np.zeros(groups)
    pair = _pairs_of(starts, chosen)
    np.maximum.at(out, rows[pair], value[pair])
    return out


def taken_by(pairs: Pairs, by_group: Pairs, site: int, best: Floats, weight: Floats) -> Floats:
    """What the gain of each site loses once ``site`` is chosen; ``best`` rises to what its groups gain then.

    Parameters
    ----------
    pairs : Pairs
        With what a unit of demand gains.
    by_group : Pairs
        The same group by group, with the site of each pair.
    site : int
    best : ndarray of float64 (groups,)
        Changed in place.
    weight : ndarray of float64 (groups,)
        Demand.

    Returns
    -------
    ndarray of float64 (sites,)
    """
    if ENGINE == "numba":
        return np.asarray(_taken(*pairs, *by_group, site, best, weight), "float64")
    starts, every_row, every_value = pairs
    mine = slice(starts[site], starts[site + 1])
    better = every_value[mine] > best[every_row[mine]]
    rows, value = every_row[mine][better], every_value[mine][better]
    first, sites, values = by_group
    pair, number = _pairs_of(first, rows), np.diff(first)[rows]
    old, new, theirs = np.repeat(best[rows], number), np.repeat(value, number), values[pair]
    lost = (np.maximum(theirs - old, 0.0) - np.maximum(theirs - new, 0.0)) * np.repeat(weight[rows], number)
    best[rows] = value
    return np.bincount(sites[pair], lost, len(starts) - 1).astype("float64")


def _pairs_of(starts: Ints, chosen: Ints) -> Ints:
    """Positions of the pairs of the chosen, one after the other."""
    number = np.diff(starts)[chosen]
    nth = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
    return np.asarray(np.repeat(starts[chosen], number) + nth, "int64")


@compiled
def _earnings(starts, rows, worth, price):  # type: ignore[no-untyped-def]
    """What each site earns at these prices: what its pairs are worth above them."""
    out = np.zeros(starts.size - 1)
    for site in range(out.size):
        first, end = starts[site], starts[site + 1]
        if first < end:
            rest = _above(rows, worth, price, first + 1, end)
            out[site] = max(worth[first] - price[rows[first]], 0.0) + rest
    return out


@compiled
def _above(rows, worth, price, first, end):  # type: ignore[no-untyped-def]
    """What pairs are worth above the price of their group: halves of more than 128, eights within."""
    n = end - first
    if n > 128:
        half = n // 2
        half -= half % 8
        return _above(rows, worth, price, first, first + half) + _above(rows, worth, price, first + half, end)
    a = b = c = d = e = f = g = h = 0.0
    p = first
    while p + 8 <= end:
        a += max(worth[p] - price[rows[p]], 0.0)
        b += max(worth[p + 1] - price[rows[p + 1]], 0.0)
        c += max(worth[p + 2] - price[rows[p + 2]], 0.0)
        d += max(worth[p + 3] - price[rows[p + 3]], 0.0)
        e += max(worth[p + 4] - price[rows[p + 4]], 0.0)
        f += max(worth[p + 5] - price[rows[p + 5]], 0.0)
        g += max(worth[p + 6] - price[rows[p + 6]], 0.0)
        h += max(worth[p + 7] - price[rows[p + 7]], 0.0)
        p += 8
    out = ((a + b) + (c + d)) + ((e + f) + (g + h))
    while p < end:
        out += max(worth[p] - price[rows[p]], 0.0)
        p += 1
    return out


@compiled
def _slope(starts, rows, worth, price, taken):  # type: ignore[no-untyped-def]
    """One less the number of taken sites that serve each group above its price; nothing where a price of zero would fall."""
    out = np.ones(price.size)
    for site in taken:
        for p in range(starts[site], starts[site + 1]):
            if worth[p] - price[rows[p]] > 0:
                out[rows[p]] -= 1.0
    for group in range(out.size):
        if price[group] <= 0 and out[group] > 0:
            out[group] = 0.0
    return out


@compiled
def _gains(starts, rows, value, best, weight):  # type: ignore[no-untyped-def]
    """What each site adds where groups gain ``best`` already."""
    out = np.zeros(starts.size - 1)
    for site in range(out.size):
        more = 0.0
        for p in range(starts[site], starts[site + 1]):
            more += max(value[p] - best[rows[p]], 0.0) * weight[rows[p]]
        out[site] = more
    return out


@compiled
def _best(starts, rows, value, chosen, groups):  # type: ignore[no-untyped-def]
    """What a unit of each group's demand gains from the chosen sites together."""
    out = np.zeros(groups)
    for site in chosen:
        for p in range(starts[site], starts[site + 1]):
            out[rows[p]] = max(out[rows[p]], value[p])
    return out


@compiled
def _taken(starts, rows, value, first, sites, values, site, best, weight):  # type: ignore[no-untyped-def]
    out = np.zeros(starts.size - 1)
    for p in range(starts[site], starts[site + 1]):
        group, new = rows[p], value[p]
        if new > best[group]:
            for q in range(first[group], first[group + 1]):
                lost = max(values[q] - best[group], 0.0) - max(values[q] - new, 0.0)
                out[sites[q]] += lost * weight[group]
            best[group] = new
    return out
