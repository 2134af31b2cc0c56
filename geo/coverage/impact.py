"""What the plan changes: the difference of two answers, and which works bring it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, levels, measure
from geo.coverage.served import Served
from geo.register.city import Atlas
from geo.register.facilities import Facilities

Floats = NDArray[np.float64]
_BOUNDS: Final = {"low": ("low", "high"), "central": ("central", "central"), "high": ("high", "low")}
"""For each bound of the gain: at which radius the new facilities count, and at which the old ones."""
_SUFFIX: Final = {"central": "", "low": "_low", "high": "_high"}
_WORK_COLUMNS: Final = (
    "work_id",
    "facilities",
    "placed",
    "alone_km2",
    "alone_residents",
    "alone_residents_low",
    "alone_residents_high",
    "last_km2",
    "last_residents",
)


@dataclass(frozen=True, eq=False)
class Impact:
    """What one facility set has over another.

    Attributes
    ----------
    table : DataFrame
        Indexed by district code, the city last: ``district, share_area_before, share_area_after, gained_km2,
        gained_km2_low, gained_km2_high, share_residents_before, share_residents_after, gained_residents,
        gained_residents_low, gained_residents_high``.
    works : DataFrame
        Indexed by work id, most gain first: ``facilities, placed, alone_km2, alone_residents`` (gained if it were the
        only one added, with ``alone_residents_low`` and ``_high``) and ``last_km2, last_residents`` (lost if it alone
        were left out). Works that overlap gain less together than one by one.
    inputs : dict
    """

    table: pd.DataFrame
    works: pd.DataFrame
    inputs: dict[str, Any]


def impact(
    atlas: Atlas, before: Facilities, after: Facilities, demand: Demand, reach: Reach, *, lang: str = "zh"
) -> Impact:
    """Land and residents that ``after`` serves and ``before`` does not, by district and by work.

    Parameters
    ----------
    atlas : Atlas
    before, after : Facilities
        Two sets; what stands only in ``before`` (closed since) is a loss and can make a gain negative.
    demand, reach
        As for :func:`geo.coverage.answer.coverage`.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Impact
        The bounds of a gain: at least what the new ones certainly reach and the old ones possibly do not; at most
        what the new ones possibly reach and the old ones not certainly.
    """
    pair = _Pair(before, after, demand, reach)
    inputs = {
        "before": before.inputs,
        "after": after.inputs,
        "demand": demand.kind,
        "version": atlas.version,
    } | reach.inputs()
    return Impact(_table(atlas, demand, pair, lang=lang), _works(pair), inputs)


class _Pair:
    """Two sets measured together: every placed facility once, and which of the two it stands in."""

    def __init__(self, before: Facilities, after: Facilities, demand: Demand, reach: Reach) -> None:
        frame = pd.concat([before.frame, after.frame])
        both = replace(after, frame=frame[~frame.index.duplicated()])
        self.added = after.frame[~after.frame.index.isin(before.frame.index)]
        self.old = both.placed.index.isin(before.placed.index)
        self.new = both.placed.index.isin(after.placed.index)
        self.home = both.placed["work_id"].to_numpy(object)
        self._served = measure(both, demand, reach)
        self._radii = levels(reach, both.accuracy_m)
        self.before = {bound: self.answer(self.old, bound) for bound in _BOUNDS}
        self.after = {bound: self.answer(self.new, bound) for bound in _BOUNDS}

    def answer(self, counted: NDArray[np.bool_], bound: str) -> Served:
        """What the facilities of ``keep`` serve, at the radii that bound a gain from ``bound``."""
        fresh, stale = _BOUNDS[bound]
        mixed = np.where(self.old, self._radii[stale], self._radii[fresh])
        return self._served(np.where(counted, mixed, np.nan))


def _city(values: Floats) -> Floats:
    return np.append(values, values.sum())


def _table(atlas: Atlas, demand: Demand, pair: _Pair, *, lang: str) -> pd.DataFrame:
    land = _city(demand.zones.area_m2)
    columns: dict[str, Any] = {
        "district_code": [*demand.zones.codes, atlas.city.code],
        "district": [*atlas.districts[f"name_{lang}"], atlas.city.name(lang)],
        "share_area_before": _city(pair.before["central"].land) / land,
        "share_area_after": _city(pair.after["central"].land) / land,
    }
    for bound, suffix in _SUFFIX.items():
        columns[f"gained_km2{suffix}"] = _city(pair.after[bound].land - pair.before[bound].land) / 1e6
    if demand.residents is not None:
        people = _city(demand.residents)
        columns["share_residents_before"] = _city(_people(pair.before["central"])) / people
        columns["share_residents_after"] = _city(_people(pair.after["central"])) / people
        for bound, suffix in _SUFFIX.items():
            gained = _people(pair.after[bound]) - _people(pair.before[bound])
            columns[f"gained_residents{suffix}"] = _city(gained)
    return pd.DataFrame(columns, index=columns["district_code"])


def _people(served: Served) -> Floats:
    return served.residents if served.residents is not None else np.full(served.land.shape, np.nan)


def _works(pair: _Pair) -> pd.DataFrame:
    """Marginal contribution of every work that only the second set has, placed or not."""
    rows = []
    for work_id, parts in pair.added.groupby("work_id", sort=False):
        mine = (pair.home == work_id) & pair.new & ~pair.old
        alone = {bound: _gain(pair.answer(pair.old | mine, bound), pair.before[bound]) for bound in _BOUNDS}
        last = _gain(pair.after["central"], pair.answer(pair.new & ~mine, "central"))
        rows.append(
            {
                "work_id": work_id,
                "facilities": len(parts),
                "placed": int(mine.sum()),
                "alone_km2": alone["central"][0],
                "alone_residents": alone["central"][1],
                "alone_residents_low": alone["low"][1],
                "alone_residents_high": alone["high"][1],
                "last_km2": last[0],
                "last_residents": last[1],
            }
        )
    frame = pd.DataFrame(rows, columns=_WORK_COLUMNS).set_index("work_id", drop=False)
    return frame.sort_values(["alone_residents", "alone_km2"], ascending=False, kind="stable").rename_axis(
        None
    )


def _gain(more: Served, less: Served) -> tuple[float, float]:
    return float((more.land - less.land).sum() / 1e6), float((_people(more) - _people(less)).sum())
