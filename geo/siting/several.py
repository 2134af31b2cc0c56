"""Several kinds of facilities chosen at once: one weighed objective, one budget, one proof; each kind measured by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geo.coverage.answer import coverage
from geo.coverage.demand import Demand
from geo.coverage.reach import Reach
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.siting.answer import CURVE_COLUMNS, Setting, task_inputs
from geo.siting.candidates import Candidates
from geo.siting.ground import away_from_existing
from geo.siting.joined import joined
from geo.siting.measured import SiteMeasure
from geo.siting.plan import make_plan
from geo.siting.prepared import Prepared, prepare
from geo.siting.result import KindEffect, Note, SitesEffect, Siting
from geo.siting.solver import solver_version
from geo.siting.task import Plan, Task
from geo.text import mark as _


@dataclass(frozen=True, eq=False)
class KindTask:
    """What is sought of one kind.

    Attributes
    ----------
    kinds : tuple of str
        Ids of ``kinds.csv`` that count as this kind.
    facilities : Facilities
        What exists.
    reach : Reach
    candidates : Candidates
    task : Task
        Number of sites, spacing, capacities; ``budget``, ``per_parcel``, method and time limit are those of the first kind.
    weight : float
        What a resident more that this kind serves counts.
    """

    kinds: tuple[str, ...]
    facilities: Facilities
    reach: Reach
    candidates: Candidates
    task: Task
    weight: float = 1.0


def choose_together(
    atlas: Atlas, demand: Demand, sought: Sequence[KindTask], setting: Setting | None = None
) -> Siting:
    """Where to build several kinds, so that the weighed sum of the residents they newly serve is largest.

    Parameters
    ----------
    atlas : Atlas
    demand : Demand
        Residents, or land: the same for every kind.
    sought : sequence of KindTask
        At least two.
    setting : Setting or None
        Districts, names, language.

    Returns
    -------
    Siting
        ``best`` has the sites of all kinds in build order; ``kinds`` what each kind gains by itself.

    Raises
    ------
    ParameterError
        See :func:`geo.siting.plan.make_plan`.
    """
    scene = setting or Setting()
    codes = list(scene.districts or demand.zones.codes)
    sought = [
        replace(each, candidates=away_from_existing(each.candidates, each.facilities, each.task.gap_m))
        for each in sought
    ]
    ready = [
        prepare(each.facilities, demand, each.reach, each.candidates, each.task, (codes, scene.cut_m))
        for each in sought
    ]
    tasks = [each.task for each in sought]
    instance = joined(ready, tasks, [each.weight for each in sought])
    plan = make_plan(instance, _together(tasks))
    shares = _shares(plan, sought, ready)
    parts = [
        _measured(atlas, demand, each, part, share, (codes, scene))
        for each, part, share in zip(sought, ready, shares, strict=True)
    ]
    best = _combined(parts, [at for share in shares for at in share.order])
    notes = _notes(atlas, sought, ready, parts)
    inputs = _inputs(parts[0], sought, ready, codes)
    return Siting(
        plan,
        best,
        None,
        parts[0].before,
        pd.DataFrame(columns=list(CURVE_COLUMNS)),
        inputs,
        notes,
        kinds=parts,
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """What a joint plan holds of one kind, in its own units.

    Attributes
    ----------
    order : list of int
        Where its sites stand in the build order of all.
    sites : list of int
        Candidates of its own pool.
    assigned, standing
        As of :class:`geo.siting.task.Plan`.
    """

    order: list[int]
    sites: list[int]
    assigned: list[float] | None
    standing: list[float]


def _shares(plan: Plan, sought: Sequence[KindTask], ready: Sequence[Prepared]) -> list[_Share]:
    """The plan kind by kind, demand no longer weighed."""
    shares = []
    first, stood = 0, 0
    for each, part in zip(sought, ready, strict=True):
        last = first + len(part.pool)
        order = [at for at, chosen in enumerate(plan.chosen) if first <= chosen < last]
        sites = [plan.chosen[at] - first for at in order]
        assigned = None if plan.assigned is None else [plan.assigned[at] / each.weight for at in order]
        number = 0 if part.instance.standing is None else len(part.instance.standing.capacity)
        standing = [taken / each.weight for taken in (plan.standing or [])[stood : stood + number]]
        shares.append(_Share(order, sites, assigned, standing))
        first, stood = last, stood + number
    return shares


def _together(tasks: Sequence[Task]) -> Task:
    """The task of all kinds: how many sites of each is among the conditions, so that only their sum is left."""
    first, numbers = tasks[0], [task.k for task in tasks]
    k = None if None in numbers else sum(number or 0 for number in numbers)
    return Task(
        k=k,
        budget=first.budget,
        per_parcel=first.per_parcel,
        method=first.method,
        time_limit_s=first.time_limit_s,
        curve=False,
    )


def _measured(
    atlas: Atlas,
    demand: Demand,
    each: KindTask,
    part: Prepared,
    share: _Share,
    scope: tuple[list[str], Setting],
) -> KindEffect:
    """What the sites of one kind change, by the coverage engine."""
    codes, scene = scope
    sites = part.pool.frame.iloc[share.sites]
    before = coverage(atlas, each.facilities, demand, each.reach, lang=scene.lang)
    measuring = SiteMeasure(
        atlas, each.facilities, demand, each.reach, before, codes, scene.gazetteer, scene.lang
    )
    effect = measuring.effect(sites, share.assigned, None)
    taken = None
    if part.existing is not None:
        already, total = (float(value.sum()) for value in (part.instance.already, part.instance.total))
        taken = part.existing.effect(share.standing, share.assigned or [], already, total)
    return KindEffect(each.kinds, each.reach.metres, each.weight, each.task.k, before, effect, taken)


def _combined(parts: Sequence[KindEffect], order: list[int]) -> SitesEffect:
    """The sites of all kinds in build order, and the districts kind by kind."""
    names = ["|".join(part.kinds) for part in parts]
    sites = pd.concat(
        [
            part.effect.sites.assign(kind=name).astype({"lon": "float64", "lat": "float64"})
            for part, name in zip(parts, names, strict=True)
        ],
        ignore_index=True,
    )
    sites = sites.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    sites["rank"] = np.arange(1, len(sites) + 1)
    table = pd.concat(
        [part.effect.table.assign(kind=name) for part, name in zip(parts, names, strict=True)],
        ignore_index=True,
    )
    return SitesEffect(sites, table, parts[0].effect.after)


def _inputs(
    first: KindEffect, sought: Sequence[KindTask], ready: Sequence[Prepared], codes: list[str]
) -> dict[str, Any]:
    inputs = first.before.inputs | ready[0].pool.inputs | task_inputs(sought[0].task)
    rows = [
        {name: getattr(each.task, name) for name in ("k", "capacity", "people_per_unit", "unit")}
        | part.pool.inputs
        | each.reach.inputs()
        | {"kinds": list(each.kinds), "weight": each.weight, "candidates_n": len(part.pool)}
        | {"candidates_digest": part.pool.digest, "instance": part.instance.size}
        for each, part in zip(sought, ready, strict=True)
    ]
    return inputs | {
        "districts": codes,
        "own": None,
        "cell_m": ready[0].lattice.size,
        "candidates_n": sum(len(part.pool) for part in ready),
        "together": rows,
        "solver": solver_version(),
    }


def _notes(
    atlas: Atlas, sought: Sequence[KindTask], ready: Sequence[Prepared], parts: Sequence[KindEffect]
) -> list[Note]:
    weights = "、".join(
        f"{name} {part.weight:g}" for name, part in zip(_names(atlas, parts), parts, strict=True)
    )
    notes: list[Note] = [
        (
            _(
                "几类一起选：目标是各类新服务的居民乘权重之和（{weights}），证明也只对这个和成立；权重是提问的人定的。一块地只建一类，除非地块写明可混合。"
            ),
            {"weights": weights},
        )
    ]
    for name, each, part, effect in zip(_names(atlas, parts), sought, ready, parts, strict=True):
        notes.append((_("{kind}："), {"kind": name}))
        notes += [note for note in (*effect.before.notes, *each.candidates.notes) if note not in notes]
        if part.existing is not None:
            notes.append(part.existing.note(each.task))
        if each.task.k is not None and len(effect.effect.sites) < each.task.k:
            text = _("要 {k} 处，选出 {n} 处：再多就放不下（间隔、地块、预算），或不再增加。")
            notes.append((text, {"k": each.task.k, "n": len(effect.effect.sites)}))
    return notes


def _names(atlas: Atlas, parts: Sequence[KindEffect]) -> list[str]:
    """Names of the kinds in both languages: a note is read in either."""
    zh, en = atlas.names("kinds", "zh"), atlas.names("kinds", "en")
    return ["、".join(f"{zh[kind]}（{en[kind]}）" for kind in part.kinds) for part in parts]
