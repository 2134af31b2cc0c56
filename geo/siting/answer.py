"""The answer to "where to build": sites with names, who gains by district, and the coverage before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, measure
from geo.kernels.lattice import Lattice
from geo.places.crs import convert
from geo.places.gazetteer import Gazetteer
from geo.questions.siting import LEAST_CUT_M
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.siting.candidates import Candidates
from geo.siting.cells import fine_lattice
from geo.siting.instance import Instance, reach_instance
from geo.siting.nearest import nearest_instance
from geo.siting.plan import make_plan
from geo.siting.result import Note, SitesEffect, Siting
from geo.siting.solver import solver_version
from geo.siting.task import Plan, Task
from geo.text import mark as _

Floats = NDArray[np.float64]
_LEVELS: Final = ("_low", "", "_high")


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
    """

    districts: Sequence[str] | None = None
    own: Candidates | None = None
    gazetteer: Gazetteer | None = None
    cut_m: float = LEAST_CUT_M
    lang: str = "zh"


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
        From :mod:`geo.siting.candidates`.
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
    pool = candidates if scene.own is None else candidates.beside(scene.own)
    lattice = fine_lattice(demand, reach, codes)
    instance = _instance(lattice, facilities, pool, reach, task, (codes, scene.cut_m))
    names = [str(name) for name in atlas.districts[f"name_{scene.lang}"].reindex(list(lattice.codes))]
    plan = make_plan(instance, task, names)
    before = coverage(atlas, facilities, demand, reach, lang=scene.lang)
    measuring = _SiteMeasure(atlas, facilities, demand, reach, before, codes, scene)
    by_cell = reach.network is not None and task.goal != "nearest" and task.capacity is None
    best = measuring.effect(pool.frame.iloc[plan.chosen], plan, plan.gain if by_cell else None)
    own = None if scene.own is None else measuring.effect(scene.own.frame, None, None)
    inputs = _inputs(before, pool, task, codes, instance)
    inputs |= {"own": None if scene.own is None else scene.own.digest, "cell_m": lattice.size}
    notes = _notes(candidates, before, demand, lattice, task, instance)
    metres = _mean_metres(instance, plan, pool, scene.own) if task.goal == "nearest" else {}
    return Siting(plan, best, own, before, _curve(plan, instance, task), inputs, notes, metres)


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


def _instance(
    lattice: Lattice,
    facilities: Facilities,
    pool: Candidates,
    reach: Reach,
    task: Task,
    scope_and_cut: tuple[list[str], float],
) -> Instance:
    codes, cut_m = scope_and_cut
    x, y = facilities.xy
    scope = np.isin(lattice.codes, codes)
    if task.goal == "nearest":
        return nearest_instance(lattice, (x, y), pool.xy, reach, cut_m=cut_m, scope=scope)
    radius = np.full(len(x), reach.metres)
    return reach_instance(lattice, (x, y, radius), pool.xy, reach, scope=scope)


def with_sites(facilities: Facilities, sites: pd.DataFrame) -> Facilities:
    """The facilities and new sites (``lon``, ``lat``, ``accuracy_m``, ``district_code``) as one set."""
    rows = pd.DataFrame(
        index=[f"site:{k}" for k in sites.index], columns=facilities.frame.columns, dtype=object
    )
    for name in ("name_zh", "name_en", "lon", "lat", "accuracy_m", "district_code"):
        rows[name] = sites[name].to_numpy()
    rows["origin"], rows["date_known"] = "site", True
    frames = [frame for frame in (facilities.frame, rows) if len(frame)]
    frame = pd.concat([part.astype(object) for part in frames]) if frames else facilities.frame
    for name in ("lon", "lat", "accuracy_m"):
        frame[name] = frame[name].astype("float64")
    return replace(facilities, frame=frame, inputs=facilities.inputs | {"sites": len(sites)})


@dataclass(frozen=True, eq=False)
class _SiteMeasure:
    """What measures sites: everything about the question but the sites."""

    atlas: Atlas
    facilities: Facilities
    demand: Demand
    reach: Reach
    before: Coverage
    codes: list[str]
    scene: Setting

    @property
    def of(self) -> str:
        """Which columns of a coverage table are asked: residents, or land."""
        return "residents_served" if self.demand.residents is not None else "served_km2"

    def effect(self, sites: pd.DataFrame, plan: Plan | None, gains: list[float] | None) -> SitesEffect:
        """Sites (rows of candidates, in build order) and what they change.

        ``gains`` are the plan's, where coverage counts the same cells and would say the same (walks).
        """
        together = with_sites(self.facilities, sites)
        after = coverage(self.atlas, together, self.demand, self.reach, lang=self.scene.lang)
        table = self._table(after)
        gained = self._gains_in_order(together, len(sites), gains)
        frame = self._with_place_names(sites).assign(gained=gained)
        frame.insert(0, "rank", np.arange(1, len(sites) + 1))
        frame.insert(1, "candidate_id", sites.index.astype(str))
        if plan is not None and plan.assigned is not None:
            frame["assigned"] = plan.assigned
        return SitesEffect(frame.reset_index(drop=True), table, after)

    def _table(self, after: Coverage) -> pd.DataFrame:
        one, two = self.before.table, after.table
        people = self.demand.residents is not None
        gains = np.column_stack(
            [
                (two[self.of + level].fillna(0.0) - one[self.of + level].fillna(0.0)).to_numpy()
                for level in _LEVELS
            ]
        )
        demand = one["residents"] if people else one["land_km2"]
        share = "share_residents" if people else "share_area"
        return pd.DataFrame(
            {
                "district_code": one["district_code"],
                "district": one["district"],
                "asked": one["district_code"].isin(self.codes),
                "demand": demand,
                "served_before": one[self.of],
                "served_after": two[self.of],
                "gained": gains[:, 1],
                "gained_low": gains.min(axis=1),
                "gained_high": gains.max(axis=1),
                "share_before": one[share],
                "share_after": two[share],
            }
        )

    def _gains_in_order(self, together: Facilities, number: int, gains: list[float] | None) -> list[float]:
        """What each site adds to those before it, in the districts asked for."""
        if gains is not None:
            return list(np.asarray(gains) / (1.0 if self.demand.residents is not None else 1e6))
        asked = np.isin(self.demand.zones.codes, self.codes)
        served = measure(together, self.demand, self.reach)
        placed = len(together.placed)
        values = []
        for k in range(number + 1):
            radii = np.full(placed, self.reach.metres)
            radii[placed - number + k :] = np.nan
            answer = served(radii)
            values.append(
                float((answer.land / 1e6 if answer.residents is None else answer.residents)[asked].sum())
            )
        return list(np.maximum(np.diff(values), 0.0))

    def _with_place_names(self, sites: pd.DataFrame) -> pd.DataFrame:
        frame = sites[["name_zh", "name_en", "lon", "lat", "accuracy_m", "district_code", "origin"]].copy()
        frame["place_zh"], frame["place_en"], frame["place_m"] = "", "", np.nan
        if self.scene.gazetteer is None or sites.empty:
            return frame
        places = self.scene.gazetteer.places
        at = np.column_stack(_metres(places, self.facilities.crs))
        far, which = cKDTree(at).query(np.column_stack(_metres(sites, self.facilities.crs)))
        frame["place_zh"] = places["name_zh"].to_numpy()[which]
        frame["place_en"] = places["name_en"].to_numpy()[which]
        frame["place_m"] = far
        return frame


def _metres(frame: pd.DataFrame, crs: str) -> tuple[Floats, Floats]:
    lon, lat = (frame[name].to_numpy("float64") for name in ("lon", "lat"))
    return convert(lon, lat, source="WGS84", target=crs)


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


def _inputs(
    before: Coverage, pool: Candidates, task: Task, codes: list[str], instance: Instance
) -> dict[str, Any]:
    return (
        before.inputs
        | pool.inputs
        | {
            "districts": codes,
            "goal": task.goal,
            "k": task.k,
            "share": task.share,
            "each_district": task.each_district,
            "floor": task.floor,
            "capacity": task.capacity,
            "method": task.method,
            "time_limit_s": task.time_limit_s,
            "candidates_n": len(pool),
            "candidates_digest": pool.digest,
            "instance": instance.size,
            "solver": solver_version(),
        }
    )


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
    if task.capacity is not None:
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
