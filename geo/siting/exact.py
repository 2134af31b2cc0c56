"""The exact choice of k sites: prices prove or narrow it, the solver settles the rest; and what floors can be held."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.siting.bounds import Prices, find_prices, ruled
from geo.siting.greedy import greedy, lifting_worst
from geo.siting.instance import Instance
from geo.siting.models import cover_model, fairest_model, nearest_model, nearest_start, start_values
from geo.siting.solver import GAP, Solution, solve
from geo.siting.starts import better_known
from geo.siting.task import Task
from geo.text import mark as _

Floats = NDArray[np.float64]
_PRICE_SHARE: Final = 0.2
_PRICE_S: Final = 3.0
_FAIREST_PAIRS: Final = (
    300_000  # above, the solver would not settle it in time, and the quick answer is given
)


def price_seconds(seconds: float) -> float:
    """The part of a time limit that prices get; never long, as prices of many groups settle slowly."""
    return min(_PRICE_SHARE * seconds, _PRICE_S)


@dataclass(frozen=True, eq=False)
class CandidateChoice:
    """A choice of an instance's own candidates, before it is put in build order; ``prices`` bound other numbers too."""

    chosen: list[int]
    bound: float
    status: str
    proof: str
    prices: Prices | None = None


def exact(
    small: Instance,
    task: Task,
    k: int,
    need: Floats | None,
    quick: list[int] | None,
    bound: float,
    names: Sequence[str],
) -> CandidateChoice:
    """Prices first: they may prove the quick answer, and rule out candidates before the solver sees them.

    Parameters
    ----------
    small : Instance
        Candidates and groups of demand, reduced.
    task : Task
        The goal, its numbers and the time limit.
    k : int
        Number of sites.
    need : ndarray of float64 or None
        Demand that each district must get from new sites.
    quick : list of int or None
        A quick choice, None if there is none.
    bound : float
        What no choice can exceed.
    names : sequence of str
        Names of the districts, for messages.

    Returns
    -------
    CandidateChoice

    Raises
    ------
    ParameterError
        No choice was found in time, or the floor cannot be held.
    """
    began = time.perf_counter()
    if quick is None and need is not None and _too_much(small, k, need):
        raise _unfair(small, task, k, names)
    value = small.worth(quick) if quick is not None else 0.0
    prices = find_prices(small, k, value, seconds=price_seconds(task.time_limit_s))
    bound = min(bound, float(prices.bounds(k)[k]))
    if quick is not None and need is None and small.conditions is None:
        quick = better_known(small, prices, k, quick, bound)
        value = small.worth(quick)
    if quick is not None and bound <= value * (1 + GAP):
        return CandidateChoice(quick, bound, "optimal", "bound", prices)
    gone = ruled(prices, k, value) if quick is not None else np.empty(0, "int64")
    left_over = np.setdiff1d(np.arange(small.candidates), gone)
    left = max(task.time_limit_s - (time.perf_counter() - began), 0.1)
    solution, chosen = solve_candidates(small, left_over, task.goal, k, (need, quick), left)
    if solution.status == "infeasible" and quick is None:
        raise _unfair(small, task, k, names)
    if chosen is None or value > small.worth(chosen):
        chosen = quick
    if chosen is None:
        raise ParameterError(
            _("{seconds} 秒内没有找到让各区县都不低于 {floor} 的 {k} 处。"),
            hint=_("请放宽时限或下限。"),
            seconds=task.time_limit_s,
            floor=percent(task.floor),
            k=k,
        )
    best = min(bound, max(solution.bound, small.worth(chosen)))
    proven = solution.status == "optimal" or best <= small.worth(chosen) * (1 + GAP)
    return CandidateChoice(
        chosen, best, "optimal" if proven else "time_limit", "solver" if proven else "", prices
    )


def solve_candidates(
    small: Instance,
    candidates: NDArray[np.int64],
    goal: str,
    k: int,
    need_and_start: tuple[Floats | None, list[int] | None],
    seconds: float,
) -> tuple[Solution, list[int] | None]:
    """The solver's outcome over the candidates to keep, and its sites as candidates of ``small``.

    Parameters
    ----------
    small : Instance
        Candidates and groups of demand, reduced.
    candidates : ndarray of int64
        Candidates by number.
    goal : str
    k : int
        Number of sites.
    need_and_start : (ndarray of float64 or None, list of int or None)
        Demand that each district needs; a choice to begin from.
    seconds : float
        Time limit, seconds.

    Returns
    -------
    (Solution, list of int or None)
    """
    need, quick = need_and_start
    part = small.with_candidates(candidates)
    if goal != "nearest":
        part = part.regrouped()
    place = {int(candidate): at for at, candidate in enumerate(candidates)}
    start = None if quick is None else [place[candidate] for candidate in quick]
    if goal == "nearest":
        model = nearest_model(part, k)
        values = None if start is None else nearest_start(part, start)
    else:
        model = cover_model(part, k, need)
        values = None if start is None else start_values(part, start)
    solution = solve(model, time_limit=seconds, start=values)
    chosen = sites_of(part, solution)
    return solution, None if chosen is None else [int(candidates[at]) for at in chosen]


def sites_of(small: Instance, solution: Solution) -> list[int] | None:
    """Candidates that a solution opens; None without a solution."""
    if solution.x is None:
        return None
    return [int(k) for k in np.flatnonzero(solution.x[: small.candidates] > 0.5)]


def floor_need(small: Instance, task: Task, names: Sequence[str]) -> Floats | None:
    """Demand that each district must get from new sites, or None; an error where even all candidates fall short.

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
    ndarray of float64 or None
    """
    if not task.floor:
        return None
    need = np.maximum(task.floor * small.total - small.already, 0.0)
    check_reachable(small, need, task.floor, names)
    return need if need.any() else None


def check_reachable(small: Instance, need: Floats, share: float, names: Sequence[str]) -> None:
    """``ParameterError`` that says how far each district can go, where all candidates together miss a need.

    Parameters
    ----------
    small : Instance
        Candidates and groups of demand, reduced.
    need : ndarray of float64
        Demand that each district must get from new sites.
    share : float
        Share of the demand to be reached.
    names : sequence of str
        Names of the districts, for messages.

    Raises
    ------
    ParameterError
        All candidates together miss a need.
    """
    most = small.by_zone(list(range(small.candidates)))
    short = np.flatnonzero(most < need * (1 - 1e-9))
    if len(short):
        with np.errstate(invalid="ignore"):
            share_of_zone = (small.already + most) / small.total
        shares = "、".join(
            f"{names[zone]} {percent(share_of_zone[zone], down=True)}" for zone in short.tolist()
        )
        raise ParameterError(
            _("全部候选都建也达不到 {share}：{far}。"),
            hint=_("请降低目标、增加候选，或加大服务半径。"),
            share=percent(share),
            far=shares,
        )


def _too_much(small: Instance, k: int, need: Floats) -> bool:
    """Whether ``k`` sites for one district alone would already miss what it needs."""
    for zone in np.flatnonzero(need > 0).tolist():
        alone = replace(small, weight=np.where(small.zone == zone, small.weight, 0.0))
        if greedy(alone, k).bound[k] < need[zone] * (1 - 1e-9):
            return True
    return False


def _unfair(small: Instance, task: Task, k: int, names: Sequence[str]) -> ParameterError:
    """The error of a floor that ``k`` sites cannot hold, with the highest floor that was found."""
    zones = np.flatnonzero(small.total > 0)
    choices = [lifting_worst(small, k)]
    if small.value.nnz <= _FAIREST_PAIRS:
        solution = solve(fairest_model(small, k), time_limit=max(task.time_limit_s / 2, 1.0))
        choices.append(sites_of(small, solution) or [])
    shares = [(small.already + small.by_zone(chosen))[zones] / small.total[zones] for chosen in choices]
    best = max(shares, key=lambda each: float(each.min()))
    worst = int(np.argmin(best))
    return ParameterError(
        _("{k} 处无法让各区县都不低于 {floor}：已知最公平的选法里，最低的 {name} 到 {far}。"),
        hint=_("请降低下限，或增加 k。"),
        k=k,
        floor=percent(task.floor),
        name=names[int(zones[worst])],
        far=percent(float(best[worst]), down=True),
    )


def percent(share: float, *, down: bool = False) -> str:
    """A share for a message; rounded down where it says how far one can go."""
    return f"{np.floor(share * 10_000) / 100 if down else 100 * share:.2f}".rstrip("0").rstrip(".") + "%"
