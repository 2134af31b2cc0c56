"""Bounds that hold for every number of sites at once, and the candidates that they rule out or rule in.

Every price ``u`` of the demand groups proves a bound (Lagrangian relaxation of "each group is served once"; Galvão and
ReVelle 1996 for coverage): a group pays its price, a site earns what its groups are worth above it, and the best k
sites earn most: ``sum(u) + the k largest earnings``. Prices are found by subgradient steps, each of which goes on with a
part of the one before (Camerini, Fratta and Maffioli 1975); however good they are, the bound is valid, and so is what
follows: a candidate whose presence would push the bound below a known answer is in no better answer. The solver then gets
what is left. The sites that earn most are an answer themselves, often the best one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.site_pairs import earnings, slope
from geo.siting.instance import Instance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEPS: Final = 600
_PATIENCE: Final = 12
_OF_THE_STEP_BEFORE: Final = 0.85


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of the groups, and what each candidate earns at them.

    Attributes
    ----------
    paid : float
        The prices of all groups together.
    earning : ndarray of float64, shape (candidates,)
    chosen : list of int or None
        The best sites that were met on the way, where they bring more than the answer known before. No floor, spacing or budget was
        looked at.
    """

    paid: float
    earning: Floats
    chosen: list[int] | None = None

    def bounds(self, last: int) -> Floats:
        """No ``k`` sites bring more than entry ``k``, for ``k`` from 0 to ``last``."""
        top = np.sort(self.earning)[::-1][:last]
        more = np.concatenate([[0.0], np.cumsum(top)])
        return self.paid + np.pad(more, (0, last + 1 - len(more)), mode="edge")


def find_prices(instance: Instance, k: int, value: float, *, seconds: float) -> Prices:
    """Prices that bound the best ``k`` sites tightly; ``value`` is a known answer.

    Every candidate must reach some group (as in :func:`geo.siting.reduce.undominated_candidates`).

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    k : int
        Number of sites.
    value : float
        What a known choice brings.
    seconds : float
        Time limit, seconds.

    Returns
    -------
    Prices
    """
    end = time.perf_counter() + seconds
    starts, rows, values = instance.pairs
    worth = values * instance.weight[rows]
    pairs = starts, rows, worth
    k = min(k, instance.candidates)
    most = np.zeros(len(instance.weight))
    np.maximum.at(most, rows, worth)
    price = most / 2
    best, kept, stale, step = np.inf, price, 0, 1.0
    way, chosen = np.zeros(len(price)), None
    for _step in range(STEPS):
        earning = earnings(pairs, price)
        top = np.argpartition(-earning, k - 1)[:k] if k < len(earning) else np.arange(len(earning))
        bound = float(price.sum() + earning[top].sum())
        if bound < best * (1 - 1e-7):
            best, kept, stale = bound, price, 0
            if (brings := instance.worth(top)) > value:
                value, chosen = brings, top.tolist()
        else:
            stale += 1
            if stale > _PATIENCE:
                step, stale, price, way = step / 2, 0, kept, np.zeros(len(price))
                if step < 1e-3:
                    break
                continue
        if best <= value * (1 + 1e-7) or time.perf_counter() > end:
            break
        way = slope(pairs, price, top) + _OF_THE_STEP_BEFORE * way
        if not way.any():
            break
        price = np.maximum(price - step * max(bound - value, 1e-9 * bound) / float(way @ way) * way, 0.0)
    return Prices(float(kept.sum()), earnings(pairs, kept), chosen)


def ruled(prices: Prices, k: int, value: float) -> Ints:
    """Candidates that are in no answer of ``k`` sites above ``value``.

    Parameters
    ----------
    prices : Prices
    k : int
        Number of sites.
    value : float
        What a known choice brings.

    Returns
    -------
    ndarray of int64
    """
    earning = prices.earning
    if k >= len(earning):
        return np.empty(0, "int64")
    order = np.argsort(-earning, kind="stable")
    others = prices.paid + float(earning[order[: k - 1]].sum())
    outside = np.ones(len(earning), bool)
    outside[order[:k]] = False
    # a site outside the best k takes the place of the last of them
    return np.flatnonzero(outside & (others + earning < value * (1 - 1e-9)))
