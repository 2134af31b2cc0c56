"""Better answers from prices: the solver begins with one, and a better one rules out more candidates before.

The sites that earn most at the prices are taken as they are, the others by what they add to those, and each is then exchanged
for the one that adds most in its stead. How many are taken as they are is tried out: none of the numbers is always best.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from geo.siting.bounds import Prices
from geo.siting.greedy import EXCHANGES, greedy, improved
from geo.siting.instance import Instance
from geo.siting.solver import GAP

_AS_THEY_ARE: Final = (Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(5, 6))


def better_known(instance: Instance, prices: Prices, k: int, known: list[int], bound: float) -> list[int]:
    """The best choice of ``k`` sites that prices lead to, or the one that is known; no floor, spacing or budget is looked at.

    Parameters
    ----------
    instance : Instance
        Which candidate serves which group of demand.
    prices : Prices
    k : int
        Number of sites.
    known : list of int
        A choice of at most ``k`` candidates.
    bound : float
        What no choice can exceed: one that comes so far is not bettered.

    Returns
    -------
    list of int
    """
    choices = [known] if prices.chosen is None else [prices.chosen, known]
    best = max(choices, key=instance.worth)
    if instance.value.nnz * k * 3 * len(_AS_THEY_ARE) > EXCHANGES:
        return best
    by_earning = np.argsort(-prices.earning, kind="stable").tolist()
    for part in _AS_THEY_ARE:
        if bound <= instance.worth(best) * (1 + GAP):
            break
        order = greedy(instance, k, start=by_earning[: int(part * k)])
        best = max([best, improved(instance, order.chosen)], key=instance.worth)
    return best
