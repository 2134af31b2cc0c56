"""The answer to "where to build": sites with names, who gains by district, and the coverage before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand
from geo.coverage.reach import Reach
from geo.kernels.lattice import Lattice
from geo.places.gazetteer import Gazetteer
from geo.questions.siting import LEAST_CUT_M
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.siting.candidates import Candidates
from geo.siting.ground import away_from_existing, too_near
from geo.siting.instance import Instance
from geo.siting.measured import SiteMeasure
from geo.siting.owed import OwedWorks
from geo.siting.plan import make_plan
from geo.siting.prepared import prepare
from geo.siting.result import Note, Siting
from geo.siting.solver import solver_version
from geo.siting.task import Plan, Task
from geo.text import mark as _

Floats = NDArray[np.float64]
CURVE_COLUMNS: Final = ("k", "served", "share", "bound_share", "proven")


@dataclass(frozen=True, eq=False)
class Setting:
    """What a choice of sites is made within.

    Attributes
    ----------
    districts : sequence of str or None
        Whose demand counts; all districts by default. Borders do not stop service: others may gain too, and the table
        says so.
    own : Candidates or None
        A person's own sites, to be compared. They are among the candidates too, so the best is never below them.
    gazetteer : Gazetteer or None
        Gives each site the name of the nearest place.
    cut_m : float
        ``nearest`` only: longer ways count as this long, metres.
    lang : str
        Language of district names and messages.
    owed : OwedWorks or None
        What the plan still owes, to be compared with the sites.
    """

    districts: Sequence[str] | None = None
    own: Candidates | None = None
    gazetteer: Gazetteer | None = None
    cut_m: float = LEAST_CUT_M
    lang: str = "zh"
    owed: OwedWorks | None = None


def choose_sites(
    atlas: Atlas,
    facilities: Facilities,
    demand: Demand,
    reach: Reach,
    candidates: Candidates,
    task: Task,
    setting: Setting | None = None,
) -> Siting:
    """Where to build, who gains, and how good that is proven to be.

    Parameters
    ----------
    atlas : Atlas
        Names the districts.
    facilities : Facilities
        What exists: what it serves is not gained again. Its places count as stated (R); the table has low and high.
    demand : Demand
        Residents (census or raster), or land.
    reach : Reach
        Straight, or along streets.
    candidates : Candidates
        From :mod:`geo.siting.candidates` or :mod:`geo.siting.parcels`. Those nearer to what exists than the task's
        ``gap_m`` are left out.
    task : Task
    setting : Setting or None
        Districts, own sites, names; all districts and nothing else by default.

    Returns
    -------
    Siting
        Sites are chosen on the demand's lattice; ``best`` and ``own`` are measured by :func:`geo.coverage.answer.coverage`.

    Raises
    ------
    ParameterError
        See :func:`geo.siting.plan.make_plan`.
    """
    scene = setting or Setting()
    codes = list(scene.districts or demand.zones.codes)
    candidates = away_from_existing(candidates, facilities, task.gap_m)
    scene = _with_own_checked(scene, facilities, task)
    pool = candidates if scene.own is None else candidates.beside(scene.own)
    ready = prepare(facilities, demand, reach, pool, task, (codes, scene.cut_m))
    lattice, instance, existing = ready.lattice, ready.instance, ready.existing
    names = [str(name) for name in atlas.districts[f"name_{scene.lang}"].reindex(list(lattice.codes))]
    plan = make_plan(instance, task, names)
    before = coverage(atlas, facilities, demand, reach, lang=scene.lang)
    measuring = SiteMeasure(atlas, facilities, demand, reach, before, codes, scene.gazetteer, scene.lang)
    by_cell = reach.network is not None and task.goal != "nearest" and plan.assigned is None
    chosen = pool.frame.iloc[plan.chosen]
    best = measuring.effect(chosen, plan.assigned, plan.gain if by_cell else None)
    own = None if scene.own is None else measuring.effect(scene.own.frame, None, None)
    inputs = _inputs(before, pool, task, codes, instance)
    inputs |= {"own": None if scene.own is None else scene.own.digest, "cell_m": lattice.size}
    notes = _notes(candidates, before, demand, lattice, task, instance)
    notes += _notes_on_conditions(plan, task, scene.own)
    taken = None
    if existing is not None:
        notes.append(existing.note(task))
        taken = existing.effect(
            plan.standing or [],
            plan.assigned or [],
            float(instance.already.sum()),
            float(instance.total.sum()),
        )
    metres = _mean_metres(instance, plan, pool, scene.own) if task.goal == "nearest" else {}
    owed = None if scene.owed is None else measuring.with_owed(scene.owed, chosen, best.gained)
    return Siting(plan, best, own, before, _curve(plan, instance, task), inputs, notes, metres, owed, taken)


def _with_own_checked(scene: Setting, facilities: Facilities, task: Task) -> Setting:
    """The setting with those of a person's own sites marked that may not be built: they are measured, never chosen."""
    if scene.own is None:
        return scene
    frame = scene.own.frame
    barred = too_near(scene.own, facilities, task.gap_m)
    if "barred" in frame:
        barred = barred | frame["barred"].to_numpy("bool")
    return replace(scene, own=replace(scene.own, frame=frame.assign(barred=barred)))


def _mean_metres(
    instance: Instance, plan: Plan, pool: Candidates, own: Candidates | None
) -> dict[str, float]:
    """The mean way to the nearest facility without sites, with the best, and with a person's own."""
    total, before = float(instance.total.sum()), float(instance.size["metres_before"])
    means = {"before": before / total, "best": (before - plan.value) / total}
    if own is not None:
        mine = pool.frame.index.get_indexer(own.frame.index)
        # an own site that stands on a candidate is that candidate
        same = [int(k) if k >= 0 else _same_place(pool, own, n) for n, k in enumerate(mine)]
        means["own"] = (before - instance.worth(same)) / total
    return means


def _same_place(pool: Candidates, own: Candidates, nth: int) -> int:
    lon, lat = own.frame[["lon", "lat"]].iloc[nth]
    far = (pool.frame["lon"] - lon).abs() + (pool.frame["lat"] - lat).abs()
    return int(np.argmin(far.to_numpy("float64")))


def _curve(plan: Plan, instance: Instance, task: Task) -> pd.DataFrame:
    """The plan's curve as demand served (or metres per head) and shares of what is asked."""
    frame = pd.DataFrame(plan.curve, columns=["k", "gain", "bound", "proven"])
    total = float(instance.total.sum())
    if task.goal == "nearest":
        before = instance.size["metres_before"]
        mean, least = (before - frame["gain"]) / total, (before - frame["bound"]) / total
        return pd.DataFrame({"k": frame["k"], "mean_m": mean, "bound_m": least, "proven": frame["proven"]})
    already = float(instance.already.sum())
    return pd.DataFrame(
        {
            "k": frame["k"],
            "served": already + frame["gain"],
            "share": (already + frame["gain"]) / total,
            "bound_share": np.minimum((already + frame["bound"]) / total, 1.0),
            "proven": frame["proven"],
        }
    )


def task_inputs(task: Task) -> dict[str, Any]:
    """A task as it is kept with an answer."""
    names = ("goal", "k", "share", "each_district", "floor", "capacity", "people_per_unit", "unit")
    more = ("unknown_capacity", "gap_m", "budget", "per_parcel", "method", "time_limit_s")
    return {name: getattr(task, name) for name in (*names, *more)}


def _inputs(
    before: Coverage, pool: Candidates, task: Task, codes: list[str], instance: Instance
) -> dict[str, Any]:
    own = {
        "districts": codes,
        "candidates_n": len(pool),
        "candidates_digest": pool.digest,
        "instance": instance.size,
        "solver": solver_version(),
    }
    return before.inputs | pool.inputs | task_inputs(task) | own


def _notes(
    candidates: Candidates,
    before: Coverage,
    demand: Demand,
    lattice: Lattice,
    task: Task,
    instance: Instance,
) -> list[Note]:
    notes: list[Note] = list(before.notes) + list(candidates.notes)
    if before.inputs["reach"] == "straight" and not demand.by_cell:
        notes.append(
            (
                _(
                    "选址在 {cell} 米格网上求最优；前后数值由覆盖分析的同一引擎按真圆求得，两者可差百分之一二。"
                ),
                {"cell": f"{lattice.size:g}"},
            )
        )
    if demand.kind == "census":
        notes.append((_("居民按均匀分布建模，往往有许多同样好的选法，这里只是其中之一。"), {}))
    if instance.capacity is not None and task.people_per_unit is None:
        notes.append((_("容量只限新址；现有设施视为够用。指派给新址的需求见名单。"), {}))
    if task.goal == "nearest":
        notes.append(
            (
                _("“走得最近”把需求并成 {block} 米的块，超过 {cut} 米的路程按 {cut} 米计。"),
                {"block": f"{instance.size['block_m']:g}", "cut": f"{instance.size['cut_m']:g}"},
            )
        )
    if task.floor:
        notes.append((_("曲线不含区县下限：它说明若不设下限最多能到多少。"), {}))
    return notes


def _notes_on_conditions(plan: Plan, task: Task, own: Candidates | None) -> list[Note]:
    notes: list[Note] = []
    if task.k is not None and task.goal != "fewest" and len(plan.chosen) < task.k:
        text = _("要 {k} 处，选出 {n} 处：再多就放不下（间隔、地块、预算），或不再增加。")
        notes.append((text, {"k": task.k, "n": len(plan.chosen)}))
    if task.gap_m:
        text = _("新址之间、新址与有位置的现有设施之间都至少相距 {gap} 米（直线）。")
        notes.append((text, {"gap": f"{task.gap_m:g}"}))
    barred = 0 if own is None else int(own.frame["barred"].sum())
    if barred:
        text = _(
            "我的点中有 {n} 处不满足用地、排除范围或间隔的条件：只作比较，不作候选，所以可能比最优还多。"
        )
        notes.append((text, {"n": barred}))
    return notes
