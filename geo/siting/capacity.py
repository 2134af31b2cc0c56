"""Sites and existing facilities that can take only so much: demand is assigned to them, not merely within their reach.

What stands serves first, as much as it can; a new site takes what is then left, or what stands would have had to turn away.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.siting.capacity_model import Places, assignment_model, fullest, places_of
from geo.siting.instance import Instance
from geo.siting.solver import GAP, solve
from geo.siting.task import Plan, Task
from geo.text import mark as _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_ASSIGNMENTS: Final = 400_000
_FLOW_S: Final = 120.0
"""For the linear programme of what given places take: it always ends, long before this."""
_NOTHING: Final = 1e-6


@dataclass(frozen=True, eq=False)
class _Problem:
    """A task over places with capacities.

    Attributes
    ----------
    useful : ndarray of int64
        Candidates of the original instance that ``small`` has.
    alone : ndarray (pairs,)
        What each pair (by group) carries when only what stands serves.
    """

    small: Instance
    places: Places
    task: Task
    useful: Ints
    alone: Floats
    began: float

    @cached_property
    def limit(self) -> Floats:
        """What each new site can take."""
        return self.places.limit[: self.places.new]

    @cached_property
    def before(self) -> float:
        """What existing facilities of a limited capacity serve without any new site."""
        return float(self.alone.sum())

    @cached_property
    def need(self) -> Floats:
        """Demand by zone that floors ask for, beyond what large existing facilities serve."""
        task = self.task
        share = float(task.share or 0.0) if task.goal == "fewest" and task.each_district else task.floor
        return np.maximum(share * self.small.total - self.small.already, 0.0)

    @cached_property
    def together(self) -> float:
        """Demand that the share asks for in all zones together, beyond the same."""
        if self.task.goal != "fewest" or self.task.each_district:
            return 0.0
        wanted = float(self.task.share or 0.0) * float(self.small.total.sum())
        return max(wanted - float(self.small.already.sum()), 0.0)

    @cached_property
    def most(self) -> Floats:
        """What no ``k`` new sites can exceed, for ``k`` from 0: the largest capacities, and all that is left within reach."""
        largest = np.concatenate([[0.0], np.cumsum(np.sort(self.limit)[::-1])])
        reached = np.diff(self.small.rows.indptr) > 0
        left = min(
            float(self.small.weight[reached].sum()), max(float(self.small.weight.sum()) - self.before, 0.0)
        )
        return np.asarray(np.minimum(largest, left), "float64")

    @property
    def size(self) -> dict[str, int]:
        return {
            "kept": len(self.useful),
            "groups": len(self.small.weight),
            "pairs": self.places.pairs,
            "standing": len(self.places.limit) - self.places.new,
        }

    def plan(
        self,
        chosen: list[int],
        assigned: list[float],
        value_bound: tuple[float, float],
        how: str,
        curve: list[dict[str, float | int | bool]],
    ) -> Plan:
        """The answer; ``how`` is its status."""
        value, bound = value_bound
        standing = self.places.taken(self.alone)[self.places.new :]
        return Plan(
            [int(self.useful[k]) for k in chosen],
            assigned,
            value,
            bound,
            how,
            "solver" if how == "optimal" else "",
            time.perf_counter() - self.began,
            curve,
            assigned,
            self.size,
            None if self.small.standing is None else [float(each) for each in standing],
        )


def with_capacity(instance: Instance, task: Task) -> Plan:
    """The plan of a task in which new sites or existing facilities have a capacity.

    Parameters
    ----------
    instance : Instance
    task : Task

    Returns
    -------
    Plan
        ``value`` is what the new sites add to what existing facilities serve.

    Raises
    ------
    ParameterError
        Too many pairs, or a share or floor that cannot be reached.
    """
    problem = _problem(instance, task)
    order, gain, flow = _greedy(
        problem, problem.small.candidates if task.goal == "fewest" else _number(problem)
    )
    curve = _curve(problem, order, gain)
    if task.method == "greedy":
        return _quick(problem, order, gain, curve)
    fewest, small, places = task.goal == "fewest", problem.small, problem.places
    start = None
    if not fewest and not problem.need.any():
        is_open = np.zeros(places.whole.candidates)
        is_open[order], is_open[places.new :] = 1.0, 1.0
        start = np.concatenate([is_open, flow])
    model = assignment_model(
        places,
        k=None if fewest else _number(problem),
        need=problem.need if problem.need.any() else None,
        together=problem.together,
        offset=0.0 if fewest else -problem.before,
    )
    outcome = solve(model, time_limit=task.time_limit_s, start=start)
    if outcome.x is None:
        raise _unreached(problem, outcome.status)
    chosen = np.flatnonzero(outcome.x[: places.new] > 0.5)
    carried = outcome.x[places.whole.candidates :]
    if small.standing is not None:
        carried = _filled(places, chosen.tolist())
    taken = places.taken(carried)
    if not fewest:
        chosen = chosen[taken[chosen] > _NOTHING]
    chosen = chosen[np.argsort(-taken[chosen], kind="stable")]
    assigned = [float(taken[k]) for k in chosen]
    value = float(len(chosen)) if fewest else float(sum(assigned))
    bound = float(np.ceil(-outcome.bound - 1e-6)) if fewest else outcome.bound
    proven = outcome.status == "optimal" or abs(bound - value) <= GAP * max(value, 1.0)
    pair = (value, value) if proven else (value, bound)
    return problem.plan(chosen.tolist(), assigned, pair, "optimal" if proven else "time_limit", curve)


def _problem(instance: Instance, task: Task) -> _Problem:
    began = time.perf_counter()
    useful = np.flatnonzero(np.diff(instance.value.indptr) > 0)
    small = instance.with_candidates(useful)
    pairs = small.value.nnz + (0 if small.standing is None else small.standing.value.nnz)
    if pairs > MOST_ASSIGNMENTS:
        raise ParameterError(
            _("容量问题有 {pairs} 对候选与需求，超过上限 {most}。"),
            hint=_("请加大候选间距、缩小范围，或不限容量。"),
            pairs=f"{pairs:,}",
            most=f"{MOST_ASSIGNMENTS:,}",
        )
    limit = small.capacity
    if limit is None:
        everyone = float(small.weight.sum())
        limit = np.full(len(useful), everyone if task.capacity is None else float(task.capacity))
    places = places_of(small, limit)
    alone = np.zeros(places.pairs) if small.standing is None else _filled(places, [])
    return _Problem(small, places, task, useful, alone, began)


def _number(problem: _Problem) -> int:
    return problem.task.k or problem.small.candidates


def _filled(places: Places, chosen: list[int]) -> Floats:
    """What each pair carries when what stands and the chosen sites serve all they can, what stands first."""
    outcome = solve(fullest(places, chosen), time_limit=_FLOW_S)
    if outcome.x is None or outcome.status != "optimal":
        raise ParameterError(
            _("{seconds} 秒内没有算完现有设施的余量。"),
            hint=_("请只选部分区县，或加大候选间距。"),
            seconds=f"{_FLOW_S:g}",
        )
    return outcome.x


def _greedy(problem: _Problem, k: int) -> tuple[list[int], list[float], Floats]:
    """Sites one by one, each taking what it can of the demand that is left; and what each pair (by group) carries."""
    small, limit = problem.small, problem.limit
    whole = problem.places.whole
    group = np.repeat(np.arange(len(small.weight)), np.diff(whole.rows.indptr))
    left = small.weight - np.bincount(group, problem.alone, len(small.weight))
    left = np.maximum(left, 0.0)
    rows = small.value.indices
    order: list[int] = []
    gain: list[float] = []
    carried = np.zeros(whole.value.nnz)
    for _step in range(k):
        within = np.bincount(small.column_of, left[rows], small.candidates)
        take = np.where(small.fitting(order), np.minimum(within, limit), 0.0)
        take[order] = 0.0
        pick = int(np.argmax(take))
        if take[pick] <= 1e-9:
            break
        at = slice(small.value.indptr[pick], small.value.indptr[pick + 1])
        flow = left[rows[at]] * (take[pick] / within[pick])
        left[rows[at]] -= flow
        carried[at] = flow  # the columns of the candidates come first in the whole matrix, too
        order.append(pick)
        gain.append(float(take[pick]))
    # the model counts pairs by group, the columns by candidate
    by_group = np.lexsort((whole.column_of, whole.value.indices))
    return order, gain, carried[by_group] + problem.alone


def _quick(
    problem: _Problem, chosen: list[int], gain: list[float], curve: list[dict[str, float | int | bool]]
) -> Plan:
    task, most = problem.task, problem.most
    if problem.need.any():
        raise ParameterError(_("容量加区县下限没有快速算法。"), hint=_("请改用精确算法。"))
    if task.goal != "fewest":
        bound = float(most[min(_number(problem), len(most) - 1)])
        return problem.plan(chosen, gain, (float(sum(gain)), bound), "greedy", curve)
    wanted = problem.together - problem.before
    enough = int(np.searchsorted(np.cumsum(gain), wanted * (1 - 1e-9))) + 1 if wanted > 0 else 0
    if enough > len(chosen):
        raise _unreached(problem, "infeasible")
    bound = float(np.searchsorted(most, max(wanted, 0.0) * (1 - 1e-9)))
    return problem.plan(chosen[:enough], gain[:enough], (float(enough), bound), "greedy", curve[:enough])


def _curve(problem: _Problem, order: list[int], gain: list[float]) -> list[dict[str, float | int | bool]]:
    """The quick answer by number of sites; no more than their capacities and all that is within reach."""
    most, total = problem.most, np.cumsum(gain)
    return [
        {
            "k": k + 1,
            "gain": problem.before + float(total[k]),
            "bound": problem.before + float(most[k + 1]),
            "proven": bool(total[k] >= most[k + 1] * (1 - GAP)),
        }
        for k in range(len(order))
    ]


def _unreached(problem: _Problem, status: str) -> ParameterError:
    task, small = problem.task, problem.small
    if status != "infeasible":
        return ParameterError(
            _("{seconds} 秒内没有找到达标的选法。"), hint=_("请放宽时限或目标。"), seconds=task.time_limit_s
        )
    far = (float(small.already.sum()) + problem.before + float(problem.most[-1])) / float(small.total.sum())
    return ParameterError(
        _("在每处容量 {capacity} 下达不到目标：全部候选合计最多到 {far}。"),
        hint=_("请降低目标、增加候选，或放宽容量。"),
        capacity=f"{float(problem.limit.max(initial=0.0)):,.0f}",
        far=f"{np.floor(far * 10_000) / 100:.2f}%",
    )
