"""What a siting question is answered with: sites, who gains, proof; and the same as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geo.coverage.answer import Coverage
from geo.coverage.answer_notes import note_texts
from geo.siting.existing import CapacityEffect
from geo.siting.owed import OwedEffect
from geo.siting.solver import solver_version
from geo.siting.task import Plan
from geo.table import records
from geo.text import mark as _
from geo.text import translate

Note = tuple[str, dict[str, Any]]


@dataclass(frozen=True, eq=False)
class SitesEffect:
    """Sites and what they change.

    Attributes
    ----------
    sites : DataFrame
        In build order: ``rank, candidate_id, name_zh, name_en, lon, lat, accuracy_m, district_code, place_zh,
        place_en, place_m, gained`` (demand that it adds to those before it: residents, or m² of land), ``assigned`` where
        sites have a capacity, and ``parcel, land_use, parcel_m2, cost`` where candidates are parcels.
    table : DataFrame
        By district and for the city: ``district_code, district, asked, demand, served_before, served_after, gained,
        gained_low, gained_high, share_before, share_after``; residents, or km² of land.
    after : Coverage
        The answer of :func:`geo.coverage.answer.coverage` for the existing facilities and these sites.
    """

    sites: pd.DataFrame
    table: pd.DataFrame
    after: Coverage

    @property
    def gained(self) -> float:
        """What is gained in the districts asked for, in the units of ``table``."""
        return float(self.table.loc[self.table["asked"], "gained"].sum())

    @property
    def share_after(self) -> float:
        """Share of the asked districts' demand that is served afterwards (of what is known to be served before)."""
        asked = self.table[self.table["asked"]]
        return float((asked["served_before"].fillna(0.0) + asked["gained"]).sum() / asked["demand"].sum())

    @property
    def share_before(self) -> float:
        """The same before."""
        asked = self.table[self.table["asked"]]
        return float(asked["served_before"].fillna(0.0).sum() / asked["demand"].sum())


@dataclass(frozen=True, eq=False)
class KindEffect:
    """What the sites of one kind change, where several are chosen at once.

    Attributes
    ----------
    kinds : tuple of str
    radius_m, weight : float
        How far it serves, and what a resident more counts.
    k : int or None
        Sites sought; None where the budget alone says.
    before : Coverage
    effect : SitesEffect
    capacity : CapacityEffect or None
    """

    kinds: tuple[str, ...]
    radius_m: float
    weight: float
    k: int | None
    before: Coverage
    effect: SitesEffect
    capacity: CapacityEffect | None = None

    @property
    def key(self) -> str:
        """Its kinds, joined by ``|``: what ``kind`` of a site says."""
        return "|".join(self.kinds)

    def as_json(self) -> dict[str, Any]:
        """Plain values, rounded once for page, command and API."""
        row = {
            "kind": self.key,
            "radius_m": self.radius_m,
            "weight": self.weight,
            "k": self.k,
            "sites": len(self.effect.sites),
            "gained": round(self.effect.gained, 1),
            "share_before": round(self.effect.share_before, 6),
            "share_after": round(self.effect.share_after, 6),
        }
        return row if self.capacity is None else row | self.capacity.as_json()


@dataclass(frozen=True, eq=False)
class Siting:
    """The whole answer.

    Attributes
    ----------
    plan : Plan
        Which candidates, and how good that is proven to be.
    best : SitesEffect
        The plan on the ground.
    own : SitesEffect or None
        The person's own sites, measured the same way.
    before : Coverage
    curve : DataFrame
        ``k, served, share, bound_share, proven``, by cells: served demand of the districts asked for.
    inputs : dict
        Everything needed to ask again.
    notes : list of (str, dict)
        Catalogue texts with their values.
    """

    plan: Plan
    best: SitesEffect
    own: SitesEffect | None
    before: Coverage
    curve: pd.DataFrame
    inputs: dict[str, Any]
    notes: list[Note] = field(default_factory=list)
    metres: dict[str, float] = field(default_factory=dict)
    """``nearest`` only: the mean way ``before``, with the ``best`` sites, and with one's ``own`` (cut, by blocks)."""
    owed: OwedEffect | None = None
    """What the plan still owes of these kinds, and what the sites add on top of it."""
    capacity: CapacityEffect | None = None
    """Where existing facilities serve at most their capacity: who takes how many residents."""
    kinds: list[KindEffect] = field(default_factory=list)
    """Where several kinds are chosen at once: each by itself. ``best`` has the sites of all, ``before`` is of the first."""

    def messages(self, lang: str = "zh") -> list[str]:
        """The notes in ``lang``."""
        return note_texts(self.notes, lang)

    def verdict(self, lang: str = "zh") -> str:
        """How good it is, in plain words."""
        plan = self.plan
        if plan.status == "optimal":
            text = _("已证明最优（在这些候选点和这样的格网上）")
        elif plan.status == "greedy":
            text = _("快速算法，未证明最优；离最优不超过 {gap}")
        else:
            text = _("时限内最好，离最优不超过 {gap}")
        if self.inputs["goal"] == "fewest" and plan.status != "optimal":
            fewest = _("找到 {n} 处；已证明至少要 {bound} 处")
            return translate(fewest, lang).format(n=len(plan.chosen), bound=int(plan.bound))
        return translate(text, lang).format(gap=f"{100 * plan.gap:.2g}%")

    def proof(self) -> dict[str, Any]:
        """How good it is: status, gap, bound, time, solver, sizes; plain values."""
        plan = self.plan
        return {
            "status": plan.status,
            "proof": plan.proof,
            "value": round(plan.value, 3),
            "bound": round(plan.bound, 3),
            "gap": round(plan.gap, 6),
            "seconds": round(plan.seconds, 3),
            "solver": solver_version(),
            "size": plan.size,
        }

    def summary(self) -> dict[str, Any]:
        """The answer in one row: number of sites, gain, shares, and the same of the person's own sites."""
        row: dict[str, Any] = {"sites": len(self.best.sites)}
        if self.kinds:
            row["weighed_gain"] = round(sum(part.weight * part.effect.gained for part in self.kinds), 1)
        else:
            row |= {
                "gained": round(self.best.gained, 1),
                "share_before": round(self.best.share_before, 6),
                "share_after": round(self.best.share_after, 6),
            }
        if self.capacity is not None:
            row |= self.capacity.as_json()
        if self.own is not None:
            row |= {
                "own_sites": len(self.own.sites),
                "own_gained": round(self.own.gained, 1),
                "own_share_after": round(self.own.share_after, 6),
                "difference": round(self.best.gained - self.own.gained, 1),
            }
        if "cost" in self.best.sites and self.best.sites["cost"].notna().any():
            row["cost"] = float(self.best.sites["cost"].sum())
        return row | {f"mean_m_{name}": round(value, 1) for name, value in self.metres.items()}

    def compared(self, lang: str = "zh") -> str:
        """How much better the sites are than the person's own, in one sentence; empty without own sites."""
        if self.own is None:
            return ""
        people = self.inputs["demand"] != "area"
        best, own = self.best.gained, self.own.gained
        more = f"{100 * (best - own) / own:.1f}%" if own > 0 else "—"
        values = {"a": best, "b": own, "c": best - own}
        text = (
            _("最优 {n} 处新增 {a} 人，自选 {m} 处新增 {b} 人：多 {c} 人（{more}）。居民为模型估算。")
            if people
            else _("最优 {n} 处新增 {a} 平方公里，自选 {m} 处新增 {b} 平方公里：多 {c}（{more}）。")
        )
        shown = {key: f"{value:,.0f}" if people else f"{value:,.2f}" for key, value in values.items()}
        counts = {"n": len(self.best.sites), "m": len(self.own.sites)}
        return translate(text, lang).format(**counts, **shown, more=more)

    def as_json(self, lang: str = "zh") -> dict[str, Any]:
        """The answer as page, command and API give it."""
        body: dict[str, Any] = {
            "inputs": self.inputs,
            "summary": self.summary(),
            "proof": self.proof() | {"verdict": self.verdict(lang)},
            "sites": site_rows(self.best),
            "districts": district_rows(self.best),
            "curve": records(self.curve.round(6)),
            "notes": self.messages(lang),
        }
        if self.kinds:
            body["kinds"] = [part.as_json() for part in self.kinds]
        if self.owed is not None:
            body["owed"] = self.owed.as_json() | {"text": self.owed.text(lang)}
        if self.own is not None:
            body |= {"own_sites": site_rows(self.own), "own_districts": district_rows(self.own)}
        return body


def site_rows(effect: SitesEffect) -> list[dict[str, Any]]:
    """Sites as plain values, rounded once for page, command and API."""
    digits = {"lon": 6, "lat": 6, "place_m": 0, "gained": 1, "assigned": 1, "parcel_m2": 0}
    return records(effect.sites.round({k: v for k, v in digits.items() if k in effect.sites}))


def district_rows(effect: SitesEffect) -> list[dict[str, Any]]:
    """Districts as plain values, rounded once."""
    digits = {name: 6 if "share" in name else 1 for name in effect.table.columns if name not in ("district",)}
    return records(effect.table.round({k: v for k, v in digits.items() if effect.table[k].dtype.kind == "f"}))
