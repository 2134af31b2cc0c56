"""Sites that can take only so much: demand is assigned to them, not merely within their reach."""

from __future__ import annotations

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.siting.instance import Instance
from geo.siting.models import capacity_model
from geo.siting.solver import GAP, solve
from geo.siting.task import Plan, Task
from geo.text import mark as _

Floats = NDArray[np.float64]
MOST_ASSIGNMENTS: Final = 400_000


def with_capacity(instance: Instance, task: Task) -> Plan:
    """The plan of a task whose sites have a capacity; existing facilities are taken to be large enough."""
    began = time.perf_counter()
    useful = np.flatnonzero(np.diff(instance.value.indptr) > 0)
    small = instance.with_candidates(useful)
    if small.value.nnz > MOST_ASSIGNMENTS:
        raise ParameterError(
            _("容量问题有 {pairs} 对候选与需求，超过上限 {most}。"),
            hint=_("请加大候选间距、缩小范围，或不限容量。"),
            pairs=f"{small.value.nnz:,}",
            most=f"{MOST_ASSIGNMENTS:,}",
        )
    limit = np.full(len(useful), float(task.capacity or 0.0)) if small.capacity is None else small.capacity
    share = float(task.share or 0.0)
    fewest = task.goal == "fewest"
    need = np.maximum(
        (share if fewest and task.each_district else task.floor) * small.total - small.already, 0.0
    )
    together = 0.0
    if fewest and not task.each_district:
        together = max(share * float(small.total.sum()) - float(small.already.sum()), 0.0)
    order, gain, flow = _greedy(small, limit, small.candidates if fewest else task.k or small.candidates)
    size = {"kept": len(useful), "groups": len(small.weight), "pairs": int(small.value.nnz)}
    if task.method == "greedy":
        return _quick(small, task, (order, gain), ((need, together), limit), useful, size, began)
    start = None if fewest or need.any() else np.concatenate([_open(small, order), flow])
    model = capacity_model(
        small,
        limit,
        k=None if fewest else task.k or small.candidates,
        need=need if need.any() else None,
        together=together,
    )
    outcome = solve(model, time_limit=task.time_limit_s, start=start)
    if outcome.x is None:
        raise _unreached(small, outcome.status, task, limit)
    assigned_to = np.bincount(small.rows.indices, outcome.x[small.candidates :], small.candidates).astype(
        "float64"
    )
    chosen = np.flatnonzero(outcome.x[: small.candidates] > 0.5)
    chosen = chosen[np.argsort(-assigned_to[chosen], kind="stable")]
    assigned = [float(assigned_to[k]) for k in chosen]
    value = float(len(chosen)) if fewest else float(sum(assigned))
    bound = float(np.ceil(-outcome.bound - 1e-6)) if fewest else outcome.bound
    proven = outcome.status == "optimal" or abs(bound - value) <= GAP * max(value, 1.0)
    return Plan(
        [int(useful[k]) for k in chosen],
        assigned,
        value,
        value if proven else bound,
        "optimal" if proven else "time_limit",
        "solver" if proven else "",
        time.perf_counter() - began,
        _curve(order, gain, small, limit),
        assigned,
        size,
    )


def _greedy(small: Instance, limit: Floats, k: int) -> tuple[list[int], list[float], Floats]:
    """Sites one by one, each taking what it can of the demand that is left; and what each pair carries."""
    left = small.weight.copy()
    rows = small.value.indices
    order: list[int] = []
    gain: list[float] = []
    carried: dict[int, Floats] = {}
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
        carried[pick] = flow
        order.append(pick)
        gain.append(float(take[pick]))
    data = np.zeros(small.value.nnz)
    for pick, flow in carried.items():
        data[small.value.indptr[pick] : small.value.indptr[pick + 1]] = flow
    by_group = np.lexsort(
        (small.column_of, rows)
    )  # the model counts pairs by group, the columns by candidate
    return order, gain, data[by_group]


def _open(small: Instance, chosen: list[int]) -> Floats:
    sites = np.zeros(small.candidates)
    sites[chosen] = 1.0
    return sites


def _quick(
    small: Instance,
    task: Task,
    order: tuple[list[int], list[float]],
    target: tuple[tuple[Floats, float], Floats],
    useful: NDArray[np.int64],
    size: dict[str, int],
    began: float,
) -> Plan:
    chosen, gain = order
    (need, together), limit = target
    if need.any():
        raise ParameterError(_("容量加区县下限没有快速算法。"), hint=_("请改用精确算法。"))
    if task.goal == "fewest":
        enough = int(np.searchsorted(np.cumsum(gain), together * (1 - 1e-9))) + 1 if together > 0 else 0
        if enough > len(chosen):
            raise _unreached(small, "infeasible", task, limit)
        chosen, gain = chosen[:enough], gain[:enough]
    value = float(len(chosen)) if task.goal == "fewest" else float(sum(gain))
    most = _most(small, limit)
    bound = (
        float(most[min(task.k or len(limit), len(limit))])
        if task.goal != "fewest"
        else float(np.searchsorted(most, together * (1 - 1e-9)))
    )
    return Plan(
        [int(useful[k]) for k in chosen],
        gain,
        value,
        bound,
        "greedy",
        "",
        time.perf_counter() - began,
        _curve(chosen, gain, small, limit),
        gain,
        size,
    )


def _curve(
    order: list[int], gain: list[float], small: Instance, limit: Floats
) -> list[dict[str, float | int | bool]]:
    """The quick answer by number of sites; no more than their capacities and all that is within reach."""
    most, total = _most(small, limit), np.cumsum(gain)
    return [
        {
            "k": k + 1,
            "gain": float(total[k]),
            "bound": float(most[k + 1]),
            "proven": bool(total[k] >= most[k + 1] * (1 - GAP)),
        }
        for k in range(len(order))
    ]


def _most(small: Instance, limit: Floats) -> Floats:
    """What no ``k`` sites can exceed, for ``k`` from 0: the largest capacities, and all that is within reach."""
    largest = np.concatenate([[0.0], np.cumsum(np.sort(limit)[::-1])])
    return np.asarray(np.minimum(largest, float(small.weight.sum())), "float64")


def _unreached(small: Instance, status: str, task: Task, limit: Floats) -> ParameterError:
    if status != "infeasible":
        return ParameterError(
            _("{seconds} 秒内没有找到达标的选法。"), hint=_("请放宽时限或目标。"), seconds=task.time_limit_s
        )
    most = float(_most(small, limit)[-1])
    far = (float(small.already.sum()) + most) / float(small.total.sum())
    return ParameterError(
        _("在每处容量 {capacity} 下达不到目标：全部候选合计最多到 {far}。"),
        hint=_("请降低目标、增加候选，或放宽容量。"),
        capacity=f"{float(limit.max(initial=0.0)):,.0f}",
        far=f"{np.floor(far * 10_000) / 100:.2f}%",
    )
