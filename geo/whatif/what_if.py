"""What if: add, move or remove facilities, link or close streets, and see what changes, at once.

An answer is kept in a form in which one facility can be changed (:mod:`geo.whatif.answer_state`). The changed answer equals
:func:`geo.coverage.answer.coverage` of the changed facilities, to the last digit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.answer import Coverage, CoverageMeasured, assemble, facility_counts
from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, levels
from geo.coverage.share_table import LEVELS
from geo.errors import ParameterError
from geo.kernels.edited_streets import EditedStreets
from geo.kernels.network import StreetNetwork
from geo.places.crs import convert
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.text import mark as _
from geo.whatif.answer_state import State, StraightState, WalkState
from geo.whatif.edits import EditedSet, Place, apply_edits, edited_facilities
from geo.whatif.scenario import Edit

Floats = NDArray[np.float64]
CHANGES: Final = {
    "share_area": 6,
    "share_residents": 6,
    "served_km2": 4,
    "residents_served": 1,
    "distance_p50_m": 1,
    "distance_p90_m": 1,
    "facilities_placed": 0,
}
"""Columns that a comparison shows, and their digits."""


def edited_reach(reach: Reach, result: EditedSet) -> Reach:
    """``reach`` along the edited streets."""
    if reach.network is None or not result.pairs:
        return reach
    base = reach.network.ground
    streets = EditedStreets(base.nodes, base.u, base.v, base.length, base.report, base, result.pairs)
    return Reach(reach.metres, reach.way, streets, reach.minutes, reach.speed_m_min)


def kind_of(facilities: Facilities) -> str:
    """The kind of a facility that is added: the first that was asked for."""
    kinds = facilities.inputs.get("kinds") or [""]
    return str(kinds[0])


class WhatIf:
    """A question whose facilities and streets may be edited.

    Parameters
    ----------
    atlas, facilities, demand, reach
        As for :func:`geo.coverage.answer.coverage`.

    Raises
    ------
    ParameterError
        Nobody lives and no land lies where the demand is: there is nothing to serve; or a reach by a vehicle.
    """

    def __init__(self, atlas: Atlas, facilities: Facilities, demand: Demand, reach: Reach) -> None:
        if not demand.lattice.weight.sum() > 0:
            raise ParameterError(
                _("这份需求里没有居民也没有陆地，推演没有意义。"), hint=_("请换一份需求数据。")
            )
        self._atlas, self._facilities, self._demand, self._reach = atlas, facilities, demand, reach.on_foot()
        frame = facilities.frame
        self._slot = {str(key): n for n, key in enumerate(frame.index)}
        x, y = convert(
            frame["lon"].to_numpy("float64"),
            frame["lat"].to_numpy("float64"),
            source="WGS84",
            target=facilities.crs,
        )
        accuracy = frame["accuracy_m"].fillna(0.0).to_numpy("float64")
        self._original = {n: (float(x[n]), float(y[n]), float(accuracy[n])) for n in range(len(x))}
        radii = {level: np.where(np.isnan(x), np.nan, r) for level, r in levels(reach, accuracy).items()}
        self._state: State = _state(demand, reach.network, x, y, radii)
        self._at: dict[int, tuple[float, float, float]] = {}
        self._result = EditedSet()
        self._counts = facility_counts(atlas, facilities)

    @property
    def result(self) -> EditedSet:
        """What the edits that are shown come to."""
        return self._result

    @property
    def facilities(self) -> Facilities:
        """The facilities as the edits leave them."""
        return edited_facilities(self._facilities, self._result, kind_of(self._facilities))

    def show(self, edits: Sequence[Edit]) -> None:
        """Make the answer that of ``edits``: only what differs from the edits shown before is computed.

        Raises
        ------
        ParameterError, UnknownIdError
            As :func:`geo.whatif.edits.apply_edits`; the answer stays as it was.
        """
        result = apply_edits(self._atlas, self._facilities, edits, self._reach.network)
        wanted = self._wanted(result)
        for slot in sorted({*wanted, *self._at}):
            target = wanted.get(slot) or self._original.get(slot, _NOWHERE)
            if target != (self._at.get(slot) or self._original.get(slot, _NOWHERE)):
                self._put(slot, target)
        self._state.relink(result.pairs)
        self._at, self._result = wanted, result

    def _wanted(self, result: EditedSet) -> dict[int, tuple[float, float, float]]:
        """Place (metres) and error by slot, for every facility that the edits touch."""
        wanted = {}
        for key, place in result.placed.items():
            slot = self._slot.setdefault(key, len(self._slot))
            wanted[slot] = (
                _NOWHERE if place is None else (*_metres(place, self._facilities.crs), place.accuracy_m)
            )
        return wanted

    def _put(self, slot: int, target: tuple[float, float, float]) -> None:
        x, y, accuracy = target
        radii = levels(self._reach, np.array([accuracy]))
        there = not math.isnan(x)
        self._state.change(slot, x, y, {k: float(r[0]) if there else math.nan for k, r in radii.items()})

    def measured(self) -> CoverageMeasured:
        """Served land and residents by level, facilities by district, and quantiles of the distance."""
        return CoverageMeasured(self._state.served(), self._counted(), self._state.quantiles())

    def answer(self, *, lang: str = "zh") -> Coverage:
        """The answer with the edits that are shown."""
        reach = edited_reach(self._reach, self._result)
        return assemble(self._atlas, self.facilities, self._demand, reach, self.measured(), lang=lang)

    def _counted(self) -> pd.DataFrame:
        """Known and placed by district: only the rows that edits touch are counted again."""
        touched = [key for key in self._result.placed if key in self._facilities.frame.index]
        if not self._result.placed:
            return self._counts
        part = self._facilities.with_ids(touched)
        small = edited_facilities(part, self._result, kind_of(self._facilities))
        return self._counts - facility_counts(self._atlas, part) + facility_counts(self._atlas, small)


_NOWHERE: Final = (math.nan, math.nan, 0.0)


def _metres(place: Place, crs: str) -> tuple[float, float]:
    x, y = convert([place.lon], [place.lat], source="WGS84", target=crs)
    return float(x[0]), float(y[0])


def _state(
    demand: Demand, network: StreetNetwork | None, x: Floats, y: Floats, radii: dict[str, Floats]
) -> State:
    ordered = {level: radii[level] for level in LEVELS}
    if network is None:
        return StraightState(demand, x, y, ordered)
    return WalkState(demand, network.ground, x, y, ordered)


def differences(before: Coverage, after: Coverage) -> pd.DataFrame:
    """Two answers side by side: ``district``, and for each of :data:`CHANGES` ``_before``, ``_after`` and ``_change``.

    Rounded once, so that page, command and API show the same; the change is that of the unrounded numbers.
    """
    columns: dict[str, Any] = {
        "district_code": before.table["district_code"],
        "district": before.table["district"],
    }
    for name, digits in CHANGES.items():
        old, new = before.table[name].astype("float64"), after.table[name].astype("float64")
        columns |= {
            f"{name}_before": old.round(digits),
            f"{name}_after": new.round(digits),
            f"{name}_change": (new - old).round(digits) + 0.0,
        }
    return pd.DataFrame(columns)
