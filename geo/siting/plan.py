"""Chooses sites: the quick answer first, its own bound, then the solver, and the curve of number against share."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.siting.capacity import with_capacity
from geo.siting.curve import curve_of, horizon
from geo.siting.exact import CandidateChoice, exact, floor_need, percent
from geo.siting.fewest import fewest_sites
from geo.siting.greedy import EXCHANGES, Order, greedy, improved, in_order, with_floors
from geo.siting.instance import Instance
from geo.siting.reduce import undominated_candidates
from geo.siting.solver import GAP
from geo.siting.task import Plan, Task
from geo.text import mark as _

Floats = NDArray[np.float64]


def make_plan(instance: Instance, task: Task, names: Sequence[str] = ()) -> Plan:
    """The plan that a task asks for.

    Parameters
    ----------
    instance : Instance
    task : Task
    names : sequence of str
        Names of the districts of ``instance.codes``, for messages.

    Returns
    -------
    Plan

    Raises
    ------
    ParameterError
        Nothing left to serve, more sites than candidates, or a share or floor that cannot be reached (the message
        says how far it can go).
    """
    task = task.checked()
    began = time.perf_counter()
    _check(instance, task)
    named = tuple(names) or instance.codes
    if task.capacity is not None or instance.capacity is not None or instance.standing is not None:
        return with_capacity(instance, task)
    # where sites must hold conditions together, one that serves fewer may be the one that fits
    keep = (
        np.flatnonzero(np.diff(instance.value.indptr) > 0)
        if task.goal == "nearest" or instance.conditions is not None
        else undominated_candidates(instance.value)
    )
    small = instance.with_candidates(keep)
    size = {"kept": len(keep), "groups": len(small.weight), "pairs": int(small.value.nnz)}
    if task.goal == "fewest":
        found, order = fewest_sites(small, task, named)
    else:
        found, order = _best(small, task, named)
    chosen, gain = in_order(small, found.chosen)
    value = float(len(chosen)) if task.goal == "fewest" else small.worth(chosen)
    spent = time.perf_counter() - began
    curve = (
        curve_of(small, order, replace(task, k=len(chosen)), found, spent) if chosen and task.curve else []
    )
    return Plan(
        [int(keep[k]) for k in chosen],
        gain,
        value,
        found.bound if task.goal == "fewest" else max(found.bound, value),
        found.status,
        found.proof,
        time.perf_counter() - began,
        curve,
        None,
        size,
    )


def _check(instance: Instance, task: Task) -> None:
    if not instance.total.sum() > 0:
        raise ParameterError(
            _("所选区县没有需求（居民或陆地为零），无法选址。"), hint=_("请换区县或换分母。")
        )
    if task.k is not None and task.goal != "fewest" and task.k > instance.candidates:
        raise ParameterError(
            _("要选 {k} 处，候选只有 {n} 处。"),
            hint=_("请减少 k，或增加候选（如把网格间距调小）。"),
            k=task.k,
            n=instance.candidates,
        )
    if instance.conditions is not None and not instance.conditions.most_sites():
        raise ParameterError(
            _("预算 {budget} 不够建任何一处：最便宜的候选要 {least}。"),
            hint=_("请提高预算，或核对费用列与预算的单位。"),
            budget=f"{instance.conditions.budget:,.10g}",
            least=f"{instance.conditions.least_cost:,.10g}",
        )
    if task.goal != "nearest" and not instance.size.get("cells", len(instance.weight)):
        raise ParameterError(
            _("所选区县的需求已全部在现有设施的服务范围内，不需要新址。"), hint=_("可缩小服务半径再试。")
        )
    if not instance.value.nnz:
        raise ParameterError(
            _("没有一个候选能改善尚未覆盖的需求。"), hint=_("请换候选、加大服务半径，或换区县。")
        )


def _best(small: Instance, task: Task, names: Sequence[str]) -> tuple[CandidateChoice, Order]:
    """``k`` sites for most, or for the shortest ways."""
    most = small.candidates if small.conditions is None else small.conditions.most_sites()
    k = min(task.k or most, most)
    order = greedy(small, min(horizon(k), small.candidates))
    need = floor_need(small, task, names)
    quick = _quick(small, order, k, need)
    bound = float(order.bound[k])
    if quick is not None:
        if bound <= small.worth(quick) * (1 + GAP):
            return CandidateChoice(quick, bound, "optimal", "bound"), order
        if task.method == "greedy":
            return CandidateChoice(quick, bound, "greedy", ""), order
    elif task.method == "greedy":
        raise ParameterError(
            _("快速算法没有找到让各区县都不低于 {floor} 的 {k} 处。"),
            hint=_("请改用精确算法，或放宽下限。"),
            floor=percent(task.floor),
            k=k,
        )
    return exact(small, task, k, need, quick, bound, names), order


def _quick(small: Instance, order: Order, k: int, need: Floats | None) -> list[int] | None:
    if need is not None:
        fair = with_floors(small, k, need)
        return None if fair is None else fair.chosen
    chosen = order.chosen[:k]
    if order.bound[k] > order.value(k) * (1 + GAP) and small.value.nnz * k * 3 <= EXCHANGES:
        return improved(small, chosen)
    return chosen
