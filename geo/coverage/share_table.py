"""The table of what is served, by zone: shares of land and of residents, each with low and high, and where they are not known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.served import Served

Floats = NDArray[np.float64]
LEVELS: Final = ("low", "central", "high")
_SUFFIX: Final = {"low": "_low", "central": "", "high": "_high"}


@dataclass(frozen=True, eq=False)
class ZoneTotals:
    """What zones hold: land in m², residents (None where only land is asked), and those that a raster itself has."""

    codes: tuple[str, ...]
    land_m2: Floats
    residents: Floats | None
    source_totals: Floats | None = None


def share_table(
    demand: Demand,
    served: dict[str, Served],
    counts: pd.DataFrame,
    *,
    names: Sequence[str],
    dark: Collection[str],
    whole: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """What is served of each zone of a demand; see :func:`totals_table`.

    Parameters
    ----------
    demand : Demand
        Zones, land (m²) and residents.
    served, counts, names, dark, whole
        As for :func:`totals_table`.

    Returns
    -------
    DataFrame
    """
    zones = demand.zones
    totals = ZoneTotals(zones.codes, zones.area_m2, demand.residents, demand.source_totals)
    return totals_table(totals, served, counts, names=names, dark=dark, whole=whole)


def totals_table(
    totals: ZoneTotals,
    served: dict[str, Served],
    counts: pd.DataFrame,
    *,
    names: Sequence[str],
    dark: Collection[str],
    whole: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """What is served of each zone.

    Parameters
    ----------
    totals : ZoneTotals
    served : dict
        Level (:data:`LEVELS`) -> what is served at it.
    counts : DataFrame
        ``facilities_known, facilities_placed`` by code, of all rows.
    names : sequence of str
        Of the zones, in their order.
    dark : collection of str
        Codes of zones whose facilities are not known.
    whole : (str, str) or None
        Code and name of a last row with all zones together.

    Returns
    -------
    DataFrame
        Columns as :class:`geo.coverage.answer.Coverage` describes them, without distances; indexed by code.
    """
    codes, titles = list(totals.codes), list(names)
    if whole is not None:
        codes, titles = [*codes, whole[0]], [*titles, whole[1]]
    table = _shares(totals, served, codes, titles, with_whole=whole is not None).join(counts)
    return _unknown_where_blind(table, dark)


def _unknown_where_blind(table: pd.DataFrame, dark: Collection[str]) -> pd.DataFrame:
    """Nothing served where facilities are known and none has a place is not a zero: it is not known.

    Nor is what neighbours serve of a ``dark`` district, of which the pack says that it does not know the facilities.
    """
    blind = (
        (table["facilities_known"] > 0) & (table["facilities_placed"] == 0) & (table["served_km2_high"] <= 0)
    ) | (table.index.isin(dark) & (table["facilities_placed"] == 0))
    if not blind.any():
        return table
    answered = [str(name) for name in table.columns if "share" in str(name) or "served" in str(name)]
    known = table.copy()
    known.loc[blind, answered] = np.nan
    return known


def _shares(
    totals: ZoneTotals, answers: dict[str, Served], codes: list[str], names: list[str], *, with_whole: bool
) -> pd.DataFrame:
    def rows(values: Floats) -> Floats:
        return np.append(values, values.sum()) if with_whole else values

    land = rows(totals.land_m2) / 1e6
    columns: dict[str, Any] = {"district_code": codes, "district": names, "land_km2": land}
    for level in LEVELS:
        columns[f"served_km2{_SUFFIX[level]}"] = rows(answers[level].land) / 1e6
    for level in LEVELS:
        columns[f"share_area{_SUFFIX[level]}"] = _ratio(columns[f"served_km2{_SUFFIX[level]}"], land)
    unknown = np.full(len(codes), np.nan)
    people = unknown if totals.residents is None else rows(totals.residents)
    columns["residents"] = people
    for level in LEVELS:
        reached = answers[level].residents
        columns[f"residents_served{_SUFFIX[level]}"] = unknown if reached is None else rows(reached)
    for level in LEVELS:
        columns[f"share_residents{_SUFFIX[level]}"] = _ratio(
            columns[f"residents_served{_SUFFIX[level]}"], people
        )
    seconds = {level: answers[level].other for level in LEVELS}
    columns |= _range_of_models(
        {k: None if v is None else rows(v) for k, v in seconds.items()}, columns, people
    )
    if totals.source_totals is not None:
        columns["residents_raster"] = rows(totals.source_totals)
    return pd.DataFrame(columns, index=codes)


def _range_of_models(
    seconds: dict[str, Floats | None], columns: dict[str, Any], people: Floats
) -> dict[str, Floats]:
    """The share by the second model, and the least and the most that both models and all errors of places allow."""
    own = [columns[f"share_residents{_SUFFIX[level]}"] for level in LEVELS]
    unknown = np.full(len(people), np.nan)
    other = [unknown if each is None else _ratio(each, people) for each in seconds.values()]
    return {
        "share_residents_other": other[1],
        "share_residents_least": np.fmin(own[0], other[0]),
        "share_residents_most": np.fmax(own[2], other[2]),
    }


def _ratio(part: Floats, whole: Floats) -> Floats:
    share: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return share
