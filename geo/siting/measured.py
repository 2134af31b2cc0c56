"""What sites change, by the coverage engine's own numbers: before and after, by district, and one site after another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, measure
from geo.places.crs import convert
from geo.places.gazetteer import Gazetteer
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.siting.candidates import COLUMNS as CANDIDATE_COLUMNS
from geo.siting.owed import OwedEffect, OwedWorks
from geo.siting.result import SitesEffect

Floats = NDArray[np.float64]
_LEVELS: Final = ("_low", "", "_high")
_PLACED: Final = ("name_zh", "name_en", "lon", "lat", "accuracy_m", "district_code")
_OF_PARCELS: Final = ("parcel", "land_use", "parcel_m2", "cost")


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
class SiteMeasure:
    """What measures sites: everything about the question but the sites."""

    atlas: Atlas
    facilities: Facilities
    demand: Demand
    reach: Reach
    before: Coverage
    codes: list[str]
    gazetteer: Gazetteer | None
    lang: str

    @property
    def of(self) -> str:
        """Which columns of a coverage table are asked: residents, or land."""
        return "residents_served" if self.demand.residents is not None else "served_km2"

    def effect(
        self, sites: pd.DataFrame, assigned: list[float] | None, gains: list[float] | None
    ) -> SitesEffect:
        """Sites and what they change.

        Parameters
        ----------
        sites : DataFrame
            Rows of candidates, in build order.
        assigned : list of float or None
            Demand that each takes, where capacities are limited.
        gains : list of float or None
            The plan's, where coverage counts the same cells and would say the same (walks).

        Returns
        -------
        SitesEffect
        """
        together = with_sites(self.facilities, sites)
        after = coverage(self.atlas, together, self.demand, self.reach, lang=self.lang)
        table = self._table(after)
        gained = self._gains_in_order(together, len(sites), gains)
        frame = self._with_place_names(sites).assign(gained=gained)
        frame.insert(0, "rank", np.arange(1, len(sites) + 1))
        frame.insert(1, "candidate_id", sites.index.astype(str))
        if assigned is not None:
            frame["assigned"] = assigned
        return SitesEffect(frame.reset_index(drop=True), table, after)

    def with_owed(self, works: OwedWorks, sites: pd.DataFrame, gained: float) -> OwedEffect:
        """What owed works bring by themselves, and with the sites.

        Parameters
        ----------
        works : OwedWorks
        sites : DataFrame
            Rows of candidates.
        gained : float
            What the sites bring without the works, residents or km².

        Returns
        -------
        OwedEffect
        """
        owed = works.placed[list(_PLACED)].astype({"lon": "float64", "lat": "float64"})
        owed = owed.assign(accuracy_m=owed["accuracy_m"].astype("float64").fillna(0.0))
        # a site that is one of the works is not built twice
        new = sites[~sites.index.isin(works.placed.index)][list(_PLACED)]
        alone = self._gain_with(owed) if len(owed) else 0.0
        together = self._gain_with(pd.concat([owed, new])) if len(owed) else gained
        return OwedEffect(works, alone, together, gained, self.demand.residents is not None)

    def _gain_with(self, sites: pd.DataFrame) -> float:
        """What sites serve beyond what was there, in the districts asked for (residents, or km²)."""
        together = with_sites(self.facilities, sites)
        table = self._table(coverage(self.atlas, together, self.demand, self.reach, lang=self.lang))
        return float(table.loc[table["asked"], "gained"].sum())

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
        own = [name for name in _OF_PARCELS if name in sites]
        frame = sites[[*CANDIDATE_COLUMNS, *own]].copy()
        frame["place_zh"], frame["place_en"], frame["place_m"] = "", "", np.nan
        if self.gazetteer is None or sites.empty:
            return frame
        places = self.gazetteer.places
        at = np.column_stack(_metres(places, self.facilities.crs))
        far, which = cKDTree(at).query(np.column_stack(_metres(sites, self.facilities.crs)))
        frame["place_zh"] = places["name_zh"].to_numpy()[which]
        frame["place_en"] = places["name_en"].to_numpy()[which]
        frame["place_m"] = far
        return frame


def _metres(frame: pd.DataFrame, crs: str) -> tuple[Floats, Floats]:
    lon, lat = (frame[name].to_numpy("float64") for name in ("lon", "lat"))
    return convert(lon, lat, source="WGS84", target=crs)
