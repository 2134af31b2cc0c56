"""The curve of number against share: what is possible with fewer and with more sites than were asked for."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.siting.bounds import find_prices, ruled
from geo.siting.exact import CandidateChoice, price_seconds, solve_candidates
from geo.siting.greedy import Order
from geo.siting.instance import Instance
from geo.siting.solver import GAP
from geo.siting.starts import better_known
from geo.siting.task import Task

Floats = NDArray[np.float64]
_LEAST_S: Final = 0.05  # in less, the solver would not begin


def horizon(k: int) -> int:
    """How far the curve looks beyond what is asked: half as many again, at least five more."""
    return max(k + 5, k + k // 2)


def curve_of(
    small: Instance, order: Order, task: Task, choice: CandidateChoice, spent: float
) -> list[dict[str, Any]]:
    """Number of sites against what they bring: one greedy run and one set of prices bound every number; the solver
    proves more while time is left. Without floors: the curve says what is possible at all.

    Parameters
    ----------
    small : Instance
        Candidates and groups of demand, reduced.
    order : Order
    task : Task
        The goal, its numbers and the time limit.
    choice : CandidateChoice
    spent : float
        Seconds used already.

    Returns
    -------
    list of dict
    """
    last = min(len(order.bound) - 1, horizon(int(task.k or 1)), small.candidates)
    sets = {k: order.chosen[:k] for k in range(1, last + 1)}
    bound = order.bound[: last + 1].copy()
    if choice.prices is not None:
        np.minimum(bound, choice.prices.bounds(last), out=bound)
    here = len(choice.chosen)
    if here in sets and small.worth(choice.chosen) > small.worth(sets[here]):
        sets[here] = choice.chosen
    if task.goal != "fewest" and not task.floor:
        bound[here] = min(
            bound[here], choice.bound if choice.status != "optimal" else small.worth(choice.chosen)
        )
    if task.method == "exact":
        _prove(small, sets, bound, replace(task, time_limit_s=max(task.time_limit_s - spent, 0.0)))
    value = np.maximum.accumulate([0.0, *(small.worth(sets[k]) for k in range(1, last + 1))])
    bound = np.minimum.accumulate(bound[::-1])[::-1]
    return [
        {
            "k": k,
            "gain": float(value[k]),
            "bound": float(max(bound[k], value[k])),
            "proven": bool(bound[k] <= value[k] * (1 + GAP)),
        }
        for k in range(1, last + 1)
    ]


def _prove(small: Instance, sets: dict[int, list[int]], bound: Floats, task: Task) -> None:
    """Solve the numbers that are still open, small ones first, while time is left."""
    end = time.perf_counter() + task.time_limit_s
    open_numbers = [k for k in sets if bound[k] > small.worth(sets[k]) * (1 + GAP)]
    for nth, k in enumerate(open_numbers):
        left = (end - time.perf_counter()) / (len(open_numbers) - nth)
        if left < _LEAST_S:
            return
        began, value = time.perf_counter(), small.worth(sets[k])
        prices = find_prices(small, k, value, seconds=price_seconds(left))
        bound[k] = min(bound[k], float(prices.bounds(k)[k]))
        if small.conditions is None:
            sets[k] = better_known(small, prices, k, sets[k], float(bound[k]))
            value = small.worth(sets[k])
        if bound[k] <= value * (1 + GAP):
            continue
        candidates = np.setdiff1d(np.arange(small.candidates), ruled(prices, k, value))
        seconds = max(left - (time.perf_counter() - began), 0.01)
        solution, chosen = solve_candidates(small, candidates, task.goal, k, (None, sets[k]), seconds)
        if chosen is not None and small.worth(chosen) > value:
            sets[k] = chosen
        ceiling = (
            small.worth(sets[k])
            if solution.status == "optimal"
            else max(solution.bound, small.worth(sets[k]))
        )
        bound[k] = min(bound[k], ceiling)
