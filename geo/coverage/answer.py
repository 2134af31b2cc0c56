"""Coverage: who is served, by district and in the city, and how sure that is.

``coverage`` answers for one set of facilities, ``impact`` says what the plan changes, ``gaps`` says who is left out.
Low, central and high come from the facilities' ``accuracy_m`` (R - a, R, R + a); a facility without a place serves
nobody in any of the three, so where some are unplaced the answer is a lower bound and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.answer_notes import answer_notes, note_texts
from geo.coverage.demand import Demand
from geo.coverage.gaps import gaps
from geo.coverage.impact import impact
from geo.coverage.reach import Reach, distances, engine, levels, measure
from geo.coverage.served import Served
from geo.coverage.share_table import LEVELS, share_table
from geo.coverage.walk_report import walk_report
from geo.kernels.quantiles import weighted
from geo.register.city import Atlas
from geo.register.completeness import districts_not_covered
from geo.register.facilities import Facilities
from geo.table import records

__all__ = ["Coverage", "coverage", "gaps", "impact"]

Floats = NDArray[np.float64]
_DIGITS: Final = {"share": 6, "residents": 1, "km2": 4, "distance": 1}


@dataclass(frozen=True, eq=False)
class Coverage:
    """An answer: a table, the inputs that made it, and what a reader must know.

    Attributes
    ----------
    table : DataFrame
        Indexed by district code, the city last: ``district_code, district, land_km2, served_km2, share_area,
        share_area_low, share_area_high, residents, residents_served, share_residents`` (each with ``_low`` and
        ``_high``), ``share_residents_other`` (by the second model, :attr:`Demand.second_kind`), ``share_residents_least,
        share_residents_most`` (of both models, low to high), ``facilities_known, facilities_placed, distance_p50_m, distance_p90_m``. NaN is "not known".
    inputs : dict
        Facility set, day, kinds, demand, reach, speed, engine, version: enough to ask again.
    notes : list of (str, dict)
        Catalogue texts with their values.
    """

    table: pd.DataFrame
    inputs: dict[str, Any]
    notes: list[tuple[str, dict[str, Any]]]

    def rows(self, district: str = "all") -> list[dict[str, Any]]:
        """The rows as plain values, rounded once for page, command and API, each with the inputs that made it."""
        table = self.table if district == "all" else self.table.loc[[district]]
        rounded = table.copy()
        for name in rounded.columns:
            digits = next((_DIGITS[part] for part in _DIGITS if part in name), None)
            if digits is not None:
                rounded[name] = rounded[name].round(digits)
        return [row | self._inputs_columns() for row in records(rounded)]

    def _inputs_columns(self) -> dict[str, Any]:
        keys = ("set", "as_of", "reach", "radius_m", "minutes", "speed_m_min", "demand", "version")
        asked = {"kind": "|".join(self.inputs.get("kinds", []))} | {key: self.inputs.get(key) for key in keys}
        asked |= {"plan": self.inputs["plan"]} if "plan" in self.inputs else {}
        edited = self.inputs.get("scenario")
        return asked | {"scenario": " ".join((edited["id"], edited["name"])).strip()} if edited else asked

    def messages(self, lang: str = "zh") -> list[str]:
        """The notes in ``lang``."""
        return note_texts(self.notes, lang)


def coverage(
    atlas: Atlas, facilities: Facilities, demand: Demand, reach: Reach, *, lang: str = "zh"
) -> Coverage:
    """Which share of land and of residents lies within ``reach`` of ``facilities``.

    Parameters
    ----------
    atlas : Atlas
        Names the districts.
    facilities : Facilities
        From :func:`geo.register.facilities.facility_set`, or :meth:`Facilities.from_frame` for points of your own.
    demand : Demand
        From :mod:`geo.coverage.demand`.
    reach : Reach
    lang : str
        Language of ``district``.

    Returns
    -------
    Coverage
        One row a district and one for the city. Areas are measured in the city's projected system: along straight lines exactly (true
        circles against polygons), along streets by 100 m cells. No facility at all is an honest zero; facilities
        of which none has a place give unknown shares, by district and for the city.
    """
    served = measure(facilities, demand, reach)
    radii = levels(reach, facilities.accuracy_m)
    answers = {level: served(radii[level]) for level in LEVELS}
    measured = CoverageMeasured(
        answers, facility_counts(atlas, facilities), _quantiles(facilities, demand, reach)
    )
    return assemble(atlas, facilities, demand, reach, measured, lang=lang)


@dataclass(frozen=True, slots=True)
class CoverageMeasured:
    """What was measured, before it is a table: served by level, facilities by district, quantiles of the distance."""

    served: dict[str, Served]
    counts: pd.DataFrame
    quantiles: Floats


def assemble(
    atlas: Atlas,
    facilities: Facilities,
    demand: Demand,
    reach: Reach,
    measured: CoverageMeasured,
    *,
    lang: str = "zh",
) -> Coverage:
    """The answer made of values that have been measured.

    Parameters
    ----------
    atlas, facilities, demand, reach, lang
        As for :func:`coverage`.
    measured : CoverageMeasured

    Returns
    -------
    Coverage
    """
    dark = districts_not_covered(atlas.register, facilities.inputs.get("kinds", []))
    city = (atlas.city.code, atlas.city.name(lang))
    names = tuple(atlas.districts[f"name_{lang}"])
    table = share_table(demand, measured.served, measured.counts, names=names, dark=dark, whole=city)
    distances_m = pd.DataFrame(measured.quantiles, table.index, ["distance_p50_m", "distance_p90_m"])
    distances_m[table.index.isin(dark) & (table["facilities_placed"] == 0)] = np.nan
    return Coverage(
        table.join(distances_m),
        _inputs(atlas, facilities, demand, reach),
        answer_notes(atlas, facilities, demand, reach, table),
    )


@lru_cache(maxsize=128)
def facility_counts(atlas: Atlas, facilities: Facilities) -> pd.DataFrame:
    """Known and placed, by the district the register names; what names none counts for the city alone."""
    homes = facilities.frame["district_code"].fillna("").astype(str).str.split("|").explode()
    placed = homes[facilities.frame["lon"].notna().reindex(homes.index).to_numpy(bool)]
    codes = list(atlas.districts.index)
    known = homes.value_counts().reindex(codes).fillna(0).astype(int).tolist()
    seen = placed.value_counts().reindex(codes).fillna(0).astype(int).tolist()
    return pd.DataFrame(
        {
            "facilities_known": [*known, facilities.known_count],
            "facilities_placed": [*seen, len(facilities.placed)],
        },
        index=[*codes, atlas.city.code],
    )


def _quantiles(facilities: Facilities, demand: Demand, reach: Reach) -> Floats:
    if facilities.placed.empty or reach.is_by_vehicle:
        return np.full((len(demand.zones.codes) + 1, 2), np.nan)
    key = _DistanceKey(facilities.digest, demand, reach.network, lambda: distances(facilities, demand, reach))
    return _distance_quantiles(key)


@dataclass(frozen=True)
class _DistanceKey:
    """A question about distances that is the same for every radius; compared by what it asks, not by how."""

    places: str
    demand: Demand
    network: Any
    answer: Callable[[], Floats]

    def __hash__(self) -> int:
        return hash((self.places, id(self.demand), id(self.network)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _DistanceKey)
            and self.places == other.places
            and self.demand is other.demand
            and self.network is other.network
        )


@lru_cache(maxsize=32)
def _distance_quantiles(key: _DistanceKey) -> Floats:
    """Median and ninth decile of the distance, weighted by demand, by district and for the city."""
    lattice = key.demand.lattice
    weights, _scale = lattice.whole
    inside = lattice.zone >= 0
    distance, zone, weight = key.answer()[inside], lattice.zone[inside], weights[inside]
    order = np.argsort(distance, kind="stable")
    distance, zone, weight = distance[order], zone[order], weight[order]
    rows = [weighted(distance[zone == k], weight[zone == k]) for k in range(len(lattice.codes))]
    return np.array([*rows, weighted(distance, weight)])


def _inputs(atlas: Atlas, facilities: Facilities, demand: Demand, reach: Reach) -> dict[str, Any]:
    return (
        facilities.inputs
        | {"demand": demand.kind}
        | demand.inputs
        | reach.inputs()
        | _walked(facilities, demand, reach)
        | {"engine": engine(reach, demand), "places": facilities.digest, "version": atlas.version}
    )


def _walked(facilities: Facilities, demand: Demand, reach: Reach) -> dict[str, Any]:
    if reach.network is None:
        return {}
    names = ("components", "share_of_length_in_largest", "length_km", "credit")
    streets = {name: value for name, value in reach.network.report.items() if name in names}
    return {"snap": walk_report(facilities, demand, reach.network), "network": streets}
