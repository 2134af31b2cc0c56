"""Who has it good and who does not: shares by district, spread of distances, supply per head, floating catchments.

Distances are those of cells, weighted by residents (modelled; by land where only land is asked). Supply is what the
register says a facility offers (``quantity`` in a ``unit``); most facilities say nothing, and that is counted and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.answer import Coverage, coverage
from geo.coverage.answer_notes import note_texts
from geo.coverage.catchment import catchments, steps, two_step
from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, distances
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.text import mark as _

Floats = NDArray[np.float64]
FEW: Final = 1000
"""Residents below which a rate per thousand says little."""
AREAL: Final = ("m2", "公顷", "亩")
"""Beginnings of units that measure ground or floors, not what people are offered."""
POINTS: Final = 101


@dataclass(frozen=True, eq=False)
class Equity:
    """How evenly a set of facilities serves.

    Attributes
    ----------
    summary : dict
        Of the city: ``share, share_best, share_worst, best, worst, gap, variance`` (of the districts' shares, weighted
        by their demand; share points squared), ``gini`` and ``mean_m`` of the distance, ``beyond`` (demand farther
        than twice the reach), ``unreached`` (demand that cannot get there at all), ``supply_unit``.
    table : DataFrame
        Indexed by district code, the city last: ``district, demand, share, mean_m, gini, beyond``; where supply is
        known ``supply, per_1000, facilities_with_supply, facilities_without, access_2sfca, access_e2sfca`` (per 1,000).
    lorenz : DataFrame
        ``demand`` and ``distance``, both cumulated from the nearest on, from 0 to 1.
    notes : list of (str, dict)
    inputs : dict
    """

    summary: dict[str, Any]
    table: pd.DataFrame
    lorenz: pd.DataFrame
    notes: list[tuple[str, dict[str, Any]]]
    inputs: dict[str, Any] = field(default_factory=dict)

    def messages(self, lang: str = "zh") -> list[str]:
        """The notes in ``lang``."""
        return note_texts(self.notes, lang)


def gini(values: Floats, weights: Floats) -> float:
    """Gini coefficient of ``values`` (not negative) that ``weights`` people each have; NaN where there are none.

    Twice the area between the Lorenz curve and the diagonal: 0 all alike, near 1 one has it all.
    """
    order = np.argsort(values, kind="stable")
    each, people = values[order], weights[order]
    total, held = float(people.sum()), float((each * people).sum())
    if total <= 0:
        return float("nan")
    if held <= 0:
        return 0.0
    curve = np.concatenate([[0.0], np.cumsum(each * people)]) / held
    return float(1 - (people / total * (curve[1:] + curve[:-1])).sum())


def lorenz(values: Floats, weights: Floats, points: int = POINTS) -> pd.DataFrame:
    """The Lorenz curve at even steps of the people: share of people, and of the values they have.

    Parameters
    ----------
    values, weights : ndarray of float64
    points : int

    Returns
    -------
    DataFrame
    """
    order = np.argsort(values, kind="stable")
    each, people = values[order], weights[order]
    steps = np.linspace(0, 1, points)
    if not (people.sum() > 0 and (each * people).sum() > 0):
        return pd.DataFrame({"demand": steps, "distance": steps})
    x = np.concatenate([[0.0], np.cumsum(people)]) / people.sum()
    y = np.concatenate([[0.0], np.cumsum(each * people)]) / (each * people).sum()
    return pd.DataFrame({"demand": steps, "distance": np.interp(steps, x, y)})


def supply_of(facilities: Facilities, unit: str = "") -> tuple[pd.Series, str]:
    """What each facility offers, by id (NaN: not known), and its unit.

    Without ``unit``, the one that most facilities are counted in; square metres never, they are no berths or places.

    Parameters
    ----------
    facilities : Facilities
        The facilities that serve.
    unit : str
        Unit of the supply, such as beds; empty for the usual one.

    Returns
    -------
    (Series, str)
    """
    number = facilities.frame["capacity"].astype("float64")
    named = facilities.frame["capacity_unit"].where(number.notna())
    usable = named[~named.fillna("m2").str.startswith(AREAL)]
    chosen = unit or (str(usable.value_counts().index[0]) if len(usable) else "")
    return number.where(named == chosen), chosen


def equity(
    atlas: Atlas,
    facilities: Facilities,
    demand: Demand,
    reach: Reach,
    *,
    unit: str = "",
    supply: Mapping[str, float] | None = None,
    lang: str = "zh",
) -> Equity:
    """How evenly ``facilities`` serve ``demand``.

    Parameters
    ----------
    atlas, facilities, demand, reach
        As for :func:`geo.coverage.answer.coverage`; the central answer is used.
    unit : str
        Of the supply (berths, school places, beds), as the register writes it; the usual one if empty.
    supply : mapping or None
        Supply by facility id of facilities that the register does not hold (a scenario adds them) or that you know
        better, in the same unit; for every other facility the register's.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Equity

    Raises
    ------
    ParameterError
        A reach by a vehicle.
    """
    answer = coverage(atlas, facilities, demand, reach.on_foot(), lang=lang)
    inside = demand.lattice.zone >= 0
    far = distances(facilities, demand, reach)[inside]
    cells = _Cells(far, demand.lattice.zone[inside], demand.lattice.weight[inside])
    table, share = _by_district(answer, demand, cells, reach.metres)
    summary = _summary(table, share, cells, reach.metres)
    quantity, chosen = supply_of(facilities, unit)
    if supply:
        quantity = facilities.frame.index.to_series().map(dict(supply)).astype("float64").fillna(quantity)
    notes = _notes(answer, summary, demand)
    if demand.residents is not None:
        table = table.join(_supply(facilities, demand, quantity, table["demand"]))
        table = table.join(_access(facilities, demand, reach, quantity).set_axis(table.index))
        notes += _supply_notes(facilities, quantity, chosen, table)
    summary["supply_unit"] = chosen
    reached = np.isfinite(cells.far)
    curve = lorenz(cells.far[reached], cells.weight[reached])
    return Equity(summary, table, curve, notes, answer.inputs | {"supply_unit": chosen})


@dataclass(frozen=True, slots=True)
class _Cells:
    """Distance, zone and demand of every cell."""

    far: Floats
    zone: NDArray[np.int16]
    weight: Floats


def _by_district(answer: Coverage, demand: Demand, cells: _Cells, metres: float) -> tuple[pd.DataFrame, str]:
    share = "share_area" if demand.residents is None else "share_residents"
    whole = "land_km2" if demand.residents is None else "residents"
    rows = []
    for k in [*range(len(demand.zones.codes)), None]:
        here = cells.zone == k if k is not None else np.ones(len(cells.zone), bool)
        far, weight = cells.far[here], cells.weight[here]
        met = np.isfinite(far)
        total = float(weight[met].sum())
        rows.append(
            {
                "mean_m": float((far[met] * weight[met]).sum() / total) if total > 0 else np.nan,
                "gini": gini(far[met], weight[met]),
                "beyond": float(weight[~(far <= 2 * metres)].sum()),
            }
        )
    table = answer.table[["district", whole, share]].rename(columns={whole: "demand", share: "share"})
    measured = pd.DataFrame(rows, index=table.index)
    if demand.residents is None:
        measured["beyond"] /= 1e6  # square metres of land, given in square kilometres like the demand
    return table.join(measured), share


def _summary(table: pd.DataFrame, share: str, cells: _Cells, metres: float) -> dict[str, Any]:
    """Of the whole city; ``variance`` weighs each district by its demand."""
    parts, city = table.iloc[:-1], table.iloc[-1]
    measured = parts[parts["share"].notna() & (parts["demand"] > 0)]
    values: dict[str, Any] = {
        "measure": share,
        "radius_m": metres,
        "share": city["share"],
        "gini": city["gini"],
        "mean_m": city["mean_m"],
        "beyond": city["beyond"],
        "unreached": float(cells.weight[~np.isfinite(cells.far)].sum()),
    }
    if measured.empty:
        return values | dict.fromkeys(("best", "worst", "share_best", "share_worst", "gap", "variance"), None)
    shares, weights = measured["share"].to_numpy("float64"), measured["demand"].to_numpy("float64")
    mean = np.average(shares, weights=weights)
    best, worst = measured.iloc[int(shares.argmax())], measured.iloc[int(shares.argmin())]
    return values | {
        "best": best["district"],
        "worst": worst["district"],
        "share_best": best["share"],
        "share_worst": worst["share"],
        "gap": float(shares.max() - shares.min()),
        "variance": float(np.average((shares - mean) ** 2, weights=weights)),
    }


def _supply(facilities: Facilities, demand: Demand, quantity: pd.Series, people: pd.Series) -> pd.DataFrame:
    """Supply and its rate by the district that the register names for a facility; a shared one is split evenly."""
    homes = facilities.frame["district_code"].fillna("").astype(str).str.split("|")
    pieces = pd.DataFrame(
        {"home": homes, "supply": quantity / homes.map(len), "has": quantity.notna()}
    ).explode("home")
    codes = list(demand.zones.codes)
    grouped = pieces.groupby("home")
    supply = grouped["supply"].sum().reindex(codes).fillna(0.0)
    having = grouped["has"].sum().reindex(codes).fillna(0).astype(int)
    number = grouped["has"].size().reindex(codes).fillna(0).astype(int)
    total = [float(quantity.sum()), int(quantity.notna().sum()), facilities.known_count]
    columns = {
        "supply": [*supply, total[0]],
        "facilities_with_supply": [*having, total[1]],
        "facilities_without": [*(number - having), total[2] - total[1]],
    }
    table = pd.DataFrame(columns, index=people.index)
    rate = 1000 * table["supply"] / people.where(people > 0)
    return table.assign(per_1000=rate.where(table["facilities_with_supply"] > 0))


def _access(facilities: Facilities, demand: Demand, reach: Reach, quantity: pd.Series) -> pd.DataFrame:
    """Mean access of residents, per 1,000, by district: two-step floating catchments, plain and in three steps."""
    use = (quantity.notna() & facilities.frame["lon"].notna()).to_numpy(bool)
    columns = ["access_2sfca", "access_e2sfca"]
    lattice = demand.lattice
    inside = lattice.zone >= 0
    zone, people = lattice.zone[inside], lattice.weight[inside]
    if not use.any():
        return pd.DataFrame(np.nan, index=range(len(lattice.codes) + 1), columns=columns)
    placed = facilities.with_ids(facilities.frame.index[use])
    cell, site, far = catchments(placed, demand, reach)
    offered = quantity.to_numpy("float64")[use]
    access = {
        name: two_step(cell, site, weight, people, offered)
        for name, weight in zip(columns, (np.ones(len(far)), steps(far, reach.metres)), strict=True)
    }
    return pd.DataFrame(
        {name: _means(each, zone, people, len(lattice.codes)) for name, each in access.items()}
    )


def _means(access: Floats, zone: NDArray[np.int16], people: Floats, zones: int) -> list[float]:
    sums = [*np.bincount(zone, access * people, zones), float((access * people).sum())]
    totals = [*np.bincount(zone, people, zones), float(people.sum())]
    return [1000 * a / b if b > 0 else np.nan for a, b in zip(sums, totals, strict=True)]


def _notes(answer: Coverage, summary: dict[str, Any], demand: Demand) -> list[tuple[str, dict[str, Any]]]:
    notes = list(answer.notes)
    if summary["unreached"] > 0:
        share = summary["unreached"] / float(demand.lattice.weight.sum())
        notes.append(
            (
                _("{share} 的需求到不了任何设施，不在距离的基尼系数与洛伦兹曲线里，另行计数。"),
                {"share": f"{share:.1%}"},
            )
        )
    return notes


def _supply_notes(
    facilities: Facilities, quantity: pd.Series, unit: str, table: pd.DataFrame
) -> list[tuple[str, dict[str, Any]]]:
    having = int(quantity.notna().sum())
    if not having:
        return [(_("登记里没有这类设施的供给数量（泊位、学位、床位），不计算千人指标与可达性。"), {})]
    notes: list[tuple[str, dict[str, Any]]] = [
        (
            _(
                "供给单位：{unit}。{known} 处设施中只有 {having} 处登记了数量，其余按不详处理，千人指标是下限。"
            ),
            {"unit": unit or "—", "known": facilities.known_count, "having": having},
        )
    ]
    unplaced = int((quantity.notna() & facilities.frame["lon"].isna()).sum())
    if unplaced:
        notes.append((_("{n} 处有数量而没有位置，计入千人指标，不计入可达性。"), {"n": unplaced}))
    small = table.iloc[:-1]
    small = small[small["demand"] < FEW]
    if len(small):
        notes.append(
            (
                _("{names} 居民不足 {few} 人，千人指标没有意义。"),
                {"names": "、".join(small["district"]), "few": FEW},
            )
        )
    return notes
