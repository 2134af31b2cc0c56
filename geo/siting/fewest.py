"""The fewest sites that serve a share of all demand, or of every district's."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.siting.bounds import Prices, find_prices
from geo.siting.exact import CandidateChoice, check_reachable, percent, price_seconds
from geo.siting.greedy import Order, greedy, with_floors
from geo.siting.instance import Instance
from geo.siting.models import fewest_model, start_values
from geo.siting.solver import Solution, solve
from geo.siting.task import Task
from geo.text import mark as _

Floats = NDArray[np.float64]
_LEAST_S: Final = 0.1
"""The solver gets at least this, so that it can show what it was given."""


def fewest_sites(small: Instance, task: Task, names: Sequence[str]) -> tuple[CandidateChoice, Order]:
    """The fewest sites that serve a share of all demand, or of every district's.

    Parameters
    ----------
    small : Instance
        Candidates and groups of demand, reduced.
    task : Task
        The goal, its numbers and the time limit.
    names : sequence of str
        Names of the districts, for messages.

    Returns
    -------
    (CandidateChoice, Order)

    Raises
    ------
    ParameterError
        All candidates miss the target, or no choice was found in time.
    """
    began = time.perf_counter()
    share = float(task.share or 0.0)
    need = np.zeros(len(small.total))
    together = max(share * float(small.total.sum()) - float(small.already.sum()), 0.0)
    if task.each_district:
        need, together = np.maximum(share * small.total - small.already, 0.0), 0.0
        check_reachable(small, need, share, names)
    most = small.worth(list(range(small.candidates)))
    if together > most * (1 + 1e-9):
        raise ParameterError(
            _("全部候选都建，覆盖率也只到 {far}，达不到 {share}。"),
            hint=_("请降低目标、增加候选，或加大服务半径。"),
            far=percent((float(small.already.sum()) + most) / float(small.total.sum()), down=True),
            share=percent(share),
        )
    order = greedy(small, small.candidates)
    if not (together > 0 or need.any()):
        return CandidateChoice([], 0.0, "optimal", "bound"), order
    quick = _until(small, order, need, together)
    fewest, prices = _least(small, task, need, together, quick)
    if quick is not None and fewest >= len(quick):
        return CandidateChoice(quick, float(len(quick)), "optimal", "bound", prices), order
    if task.method == "greedy" and quick is not None:
        return CandidateChoice(quick, fewest, "greedy", ""), order
    start = None if quick is None else start_values(small, quick)
    left = max(task.time_limit_s - (time.perf_counter() - began), _LEAST_S)
    solution = solve(fewest_model(small, need, together), time_limit=left, start=start)
    return replace(_choice_of(small, solution, quick, fewest, task), prices=prices), order


def _least(
    small: Instance, task: Task, need: Floats, together: float, quick: list[int] | None
) -> tuple[float, Prices | None]:
    """No fewer sites can do: where the bound of what they bring, to all or to one district, first meets the need."""
    every: list[tuple[Instance, float]] = [(small, max(together, float(need.sum())))]
    for zone in np.flatnonzero(need > 0).tolist():
        alone = replace(small, weight=np.where(small.zone == zone, small.weight, 0.0))
        every.append((alone, float(need[zone])))
    least, prices = 1.0, None
    last = small.candidates if quick is None else len(quick)
    seconds = price_seconds(task.time_limit_s) / len(every)
    for part, target in every:
        bound = greedy(part, last).bound
        if task.method == "exact" and last > 1:
            part_prices = find_prices(part, last - 1, target, seconds=seconds)
            prices = (
                part_prices if prices is None else prices
            )  # those of all districts together bound the curve
            bound = np.minimum(bound, part_prices.bounds(last))
        enough = np.flatnonzero(bound >= target * (1 - 1e-9))
        least = max(least, float(enough[0]) if len(enough) else float(last))
    return least, prices


def _choice_of(
    small: Instance, solution: Solution, quick: list[int] | None, fewest: float, task: Task
) -> CandidateChoice:
    chosen = (
        [] if solution.x is None else [int(k) for k in np.flatnonzero(solution.x[: small.candidates] > 0.5)]
    )
    if quick is not None and (solution.x is None or len(quick) < len(chosen)):
        chosen = quick
    if solution.status == "infeasible" and not chosen:
        raise ParameterError(
            _("间隔、地块与预算的条件下，没有一种选法达到 {share}。"),
            hint=_("请降低目标、缩小间隔、提高预算，或增加候选。"),
            share=percent(float(task.share or 0.0)),
        )
    if not chosen:
        raise ParameterError(
            _("{seconds} 秒内没有找到达标的选法。"), hint=_("请放宽时限或目标。"), seconds=task.time_limit_s
        )
    least = -solution.bound if np.isfinite(solution.bound) else fewest
    bound = max(fewest, float(np.ceil(least - 1e-6)))
    proven = solution.status == "optimal" or bound >= len(chosen)
    return CandidateChoice(
        chosen,
        float(len(chosen)) if proven else bound,
        "optimal" if proven else "time_limit",
        "solver" if proven else "",
    )


def _until(small: Instance, order: Order, need: Floats, together: float) -> list[int] | None:
    """The start of a greedy order that reaches the target, unneeded sites dropped; None where it does not."""
    if need.any():
        low, high = 1, len(order.chosen)
        floored = with_floors(small, high, need)
        if floored is None:
            return None
        sites = floored.chosen
        while low < high:  # the shortest start that serves every district
            middle = (low + high) // 2
            short = (small.by_zone(sites[:middle]) < need * (1 - 1e-9)).any()
            low, high = (middle + 1, high) if short else (low, middle)
        sites = sites[:low]
    else:
        gained = np.cumsum(order.gain)
        if not len(gained) or gained[-1] < together * (1 - 1e-9):
            return None  # what must hold together leaves no room for more
        sites = order.chosen[: int(np.searchsorted(gained, together * (1 - 1e-9))) + 1]
    for site in list(sites):
        without = [other for other in sites if other != site]
        enough = small.worth(without) >= together * (1 - 1e-9)
        if enough and not (small.by_zone(without) < need * (1 - 1e-9)).any():
            sites = without
    return sites
