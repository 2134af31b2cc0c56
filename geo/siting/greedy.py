"""The quick answer: always the candidate that adds most; and the bounds that it proves on the way.

What sites bring together grows more slowly the more there are (it is submodular). So each step of the greedy choice
proves a bound for every number of sites: none can bring more than what is there, and the largest gains still open.
One run answers every k, and its answer for k is at least 63 % of the best. Where sites must hold conditions together
(:mod:`geo.siting.conditions`) what no longer fits is passed over: the bounds hold still, the 63 % do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.site_pairs import gains_above, taken_by
from geo.siting.instance import Instance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EXCHANGES: Final = 100_000_000
"""Pairs looked at while sites are exchanged in a quick answer: more would not be quick."""


@dataclass(frozen=True, eq=False)
class Order:
    """A build order: ``chosen[t]`` brings ``gain[t]`` more; ``bound[t]`` is above what any ``t`` sites bring."""

    chosen: list[int]
    gain: list[float]
    bound: Floats

    def value(self, k: int) -> float:
        """What the first ``k`` bring together."""
        return float(sum(self.gain[:k]))


def all_gains(instance: Instance, best: Floats, weight: Floats | None = None) -> Floats:
    """What each candidate would add to a state in which a unit of each group's demand has ``best``.

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    best : ndarray of float64
        What each group gains already.
    weight : ndarray of float64 or None
        Demand.

    Returns
    -------
    ndarray of float64
    """
    use = instance.weight if weight is None else weight
    return gains_above(instance.pairs, best, use)


def greedy(instance: Instance, k: int, *, start: list[int] | None = None) -> Order:
    """Up to ``k`` candidates, each the one that adds most to those before it; it stops when nothing adds.

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    k : int
        Number of sites.
    start : list of int or None
        Candidates that are already decided; they come first, in this order.

    Returns
    -------
    Order
        ``bound`` has ``k + 1`` entries.
    """
    best = np.zeros(len(instance.weight))
    gains = all_gains(instance, best)
    chosen: list[int] = []
    gained: list[float] = []
    bound = np.full(k + 1, np.inf)
    wanted = list(start or [])
    while True:
        _tighten(bound, sum(gained), gains, instance)
        if len(chosen) == k:
            break
        open_gains = np.where(instance.fitting(chosen), gains, 0.0)
        pick = wanted.pop(0) if wanted else int(np.argmax(open_gains))
        if not wanted and open_gains[pick] <= 0 and len(chosen) >= len(start or []):
            break
        chosen.append(pick)
        gained.append(float(max(gains[pick], 0.0)))
        _update(instance, gains, best, pick)
    return Order(chosen, gained, np.minimum.accumulate(bound[::-1])[::-1])


def _tighten(bound: Floats, value: float, gains: Floats, instance: Instance) -> None:
    """No ``j`` sites bring more than what is there and the ``j`` largest gains, or those that the budget allows."""
    k = len(bound) - 1
    top = np.sort(gains)[::-1][:k]
    more = np.concatenate([[0.0], np.cumsum(top)])
    more = np.pad(more, (0, k + 1 - len(more)), mode="edge")
    if instance.conditions is not None:
        more = np.minimum(more, instance.conditions.most_gain(gains))
    np.minimum(bound, value + more, out=bound)


def _update(instance: Instance, gains: Floats, best: Floats, pick: int) -> None:
    """Add a candidate: ``best`` rises for its groups, and every gain that counted on them falls."""
    gains -= taken_by(instance.pairs, instance.pairs_by_group, pick, best, instance.weight)
    gains[pick] = 0.0
    # a gain of nothing must be exactly nothing: sums of floats taken apart leave dust
    gains[gains < 1e-9 * max(float(instance.weight.sum()), 1e-300)] = 0.0


def with_floors(instance: Instance, k: int, need: Floats) -> Order | None:
    """A greedy choice that first lifts every district to ``need`` (demand by zone); None where it does not get there.

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    k : int
        Number of sites.
    need : ndarray of float64
        Demand that each district must get from new sites.

    Returns
    -------
    Order or None
    """
    start: list[int] = []
    best = np.zeros(len(instance.weight))
    for _step in range(k):
        short = need - np.bincount(instance.zone, instance.weight * best, len(need))
        if not (short > 1e-9 * np.maximum(need, 1.0)).any():
            break
        poor = np.where(short[instance.zone] > 1e-9, instance.weight, 0.0)
        gains = np.where(instance.fitting(start), all_gains(instance, best, poor), 0.0)
        pick = int(np.argmax(gains))
        if gains[pick] <= 0:
            return None
        start.append(pick)
        best = instance.best(start)
    reached = np.bincount(instance.zone, instance.weight * best, len(need))
    if (reached < need * (1 - 1e-9)).any():
        return None
    return greedy(instance, k, start=start)


def lifting_worst(instance: Instance, k: int) -> list[int]:
    """Up to ``k`` sites, each the one that adds most to the district that is then worst off."""
    asked = np.flatnonzero(instance.total > 0)
    chosen: list[int] = []
    for _step in range(k):
        share = (instance.already + instance.by_zone(chosen))[asked] / instance.total[asked]
        worst = int(asked[np.argmin(share)])
        poor = np.where(instance.zone == worst, instance.weight, 0.0)
        gains = np.where(instance.fitting(chosen), all_gains(instance, instance.best(chosen), poor), 0.0)
        pick = int(np.argmax(gains))
        if gains[pick] <= 0:
            break
        chosen.append(pick)
    return chosen


def improved(instance: Instance, chosen: list[int], *, rounds: int = 3) -> list[int]:
    """The same number of sites after exchanges: each site goes for the one that adds most in its stead.

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    chosen : list of int
        Candidates by number.
    rounds : int

    Returns
    -------
    list of int
    """
    current = list(chosen)
    for _round in range(rounds):
        changed = False
        for place in range(len(current)):
            others = current[:place] + current[place + 1 :]
            gains = np.where(instance.fitting(others), all_gains(instance, instance.best(others)), 0.0)
            pick = int(np.argmax(gains))
            if gains[pick] > gains[current[place]] * (1 + 1e-9):
                current[place], changed = pick, True
        if not changed:
            break
    return current


def in_order(instance: Instance, chosen: list[int]) -> tuple[list[int], list[float]]:
    """The chosen sites in the order in which each adds most to those before it, and what each adds."""
    left, order, gain = list(chosen), [], []
    best = np.zeros(len(instance.weight))
    while left:
        gains = [_gain_of(instance, best, candidate) for candidate in left]
        at = int(np.argmax(gains))
        gain.append(gains[at])
        order.append(left.pop(at))
        best = np.maximum(best, instance.best(order[-1:]))
    return order, gain


def _gain_of(instance: Instance, best: Floats, candidate: int) -> float:
    at = slice(instance.value.indptr[candidate], instance.value.indptr[candidate + 1])
    rows = instance.value.indices[at]
    return float(instance.weight[rows] @ np.maximum(instance.value.data[at] - best[rows], 0.0))
