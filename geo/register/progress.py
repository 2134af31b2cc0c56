"""Progress of the plan: four numbers that are never mixed, and whether each promise was kept.

* **target**: what the plan promises;
* **named**: identified works that count towards it;
* **placed**: those of them with a place;
* **done**: a lower bound of what is confirmed as completed, from named works and from totals reported without names.

"Promise kept" is another question: S2 was to be *started*, metro line 4 was to be *opened*.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import ParameterError
from geo.places.districts import length_share
from geo.register.register import Register
from geo.text import mark as _
from geo.vocabulary import PROMISE_FULFILLED, STARTED, STATUSES_THAT_FULFIL

LineShares = dict[str, tuple[float, "pd.Series[float]"]]
"""Line -> its drawn kilometres, and its share of length by district."""

By = Literal["item", "category", "district"]


def progress(register: Register, as_of: date, by: str = "item") -> pd.DataFrame:
    """The four numbers on a day.

    Parameters
    ----------
    register : Register
    as_of : date
        The day of the state.
    by : {"item", "category", "district"}

    Returns
    -------
    DataFrame
        By item (indexed by ``item_id``): ``target, named, placed, done, done_named, done_reported, probable, unplaced``
        in the item's ``unit``, with ``verb, due_date, promise`` (kept, kept_late, overdue, pending, unknown) and
        ``promise_kept`` (True, False, None). By category: the same sums for each ``(category, unit)``. By district:
        numbers of works; the plan sets no targets there.

    Raises
    ------
    ParameterError
        ``by`` is none of the three.
    """
    if by == "item":
        return _by_item(register, as_of)
    if by == "category":
        return _by_category(_by_item(register, as_of))
    if by == "district":
        return _by_district(register, as_of)
    raise ParameterError(_("不能按 {by} 汇总。"), hint=_("可用：item、category、district。"), by=by)


def weights(rows: pd.DataFrame, measure: str) -> pd.Series[float]:
    """What each work adds: one, or its quantity in the item's unit."""
    if measure == "count":
        return pd.Series(1.0, index=rows.index)
    return rows["quantity"].fillna(0.0).astype("float64")


def _by_item(register: Register, as_of: date) -> pd.DataFrame:
    state, history = register.state(as_of), register.intervals()
    items = register.pack.plan_items
    rows = [item_row(register, item, state, history=history, as_of=as_of) for _id, item in items.iterrows()]
    return items.join(pd.DataFrame(rows, index=items.index))


def item_row(
    register: Register, item: pd.Series[Any], state: pd.DataFrame, *, history: pd.DataFrame, as_of: date
) -> dict[str, object]:
    """What :func:`progress` says of one item; ``state`` and ``history`` are the register's, of that day and whole.

    Parameters
    ----------
    register : Register
    item : Series
        Row of the plan's items.
    state : DataFrame
        ``Register.state`` of the day.
    history : DataFrame
        ``Register.intervals``.
    as_of : date
        The day of the state.

    Returns
    -------
    dict
    """
    item_works = state[state["item_id"] == item["item_id"]]
    works = item_works[(item_works["kind"] == "work") & item_works["parent_id"].isna()]
    totals = item_works[(item_works["kind"] == "aggregate") & (item_works["counted"] == "yes")]
    measure = str(item["measure"])
    named = works[works["counted"] == "yes"]
    added = weights(named, measure)
    probable = works[works["counted"] == "probable"]
    done_named = float(added[named["done"]].sum())
    done = done_lower_bound(named.assign(weight=added), totals)
    promise = promise_state(register, item, named, done, history=history, as_of=as_of)
    return {
        "named": float(added.sum()),
        "placed": float(added[named["placed"]].sum()),
        "done": done,
        "done_named": done_named,
        "done_reported": done - done_named,
        "probable": float(weights(probable, measure).sum()),
        "unplaced": float(added[~named["placed"]].sum()),
        "promise": promise,
        "promise_kept": PROMISE_FULFILLED.get(promise),
    }


def done_lower_bound(named: pd.DataFrame, totals: pd.DataFrame) -> float:
    """How much is done at the least, without counting anything twice.

    A reported total of a district may cover works that are also named there, so a district has the larger of the two;
    totals of streets of one district add up before that; a citywide total competes with the sum over the city.

    Parameters
    ----------
    named : DataFrame
        Counted works: ``district_code, done, weight``.
    totals : DataFrame
        Counted aggregates: ``district_code, street, quantity_done``.
    """
    done = named[named["done"]]
    if done.empty and totals.empty:
        return 0.0
    by_district = done.groupby(done["district_code"].fillna(""))["weight"].sum()
    reported = totals[totals["quantity_done"].notna()]
    place = reported["district_code"].fillna("")
    local = reported[place != ""]
    street = local["street"].notna()
    whole = local[~street].groupby("district_code")["quantity_done"].max()
    parts = local[street].groupby("district_code")["quantity_done"].sum()
    largest = pd.concat([by_district, whole, parts], axis=1).max(axis=1)
    citywide = reported.loc[place == "", "quantity_done"].max()
    return float(np.nanmax([largest.sum(), citywide if pd.notna(citywide) else 0.0]))


def promise_state(
    register: Register,
    item: pd.Series[Any],
    named: pd.DataFrame,
    done: float,
    *,
    history: pd.DataFrame,
    as_of: date,
) -> str:
    """Was the promise kept, by its verb, as far as is known on a day?

    To start: something counted was under way by the due day. To finish: completed. To prepare: preparation had begun.
    To advance: a confirmed event in the year of the promise, for work begun earlier and not touched is not advanced.
    To add or carry out a number: that number is confirmed as done.

    Parameters
    ----------
    register : Register
    item : Series
        Row of the plan's items.
    named : DataFrame
        Counted works of the item, rows of ``Register.state``.
    done : float
        Lower bound of what is done, in the item's unit.
    history : DataFrame
        ``Register.intervals``.
    as_of : date
        The day of the state.

    Returns
    -------
    str
        ``kept``: met by the due day; ``kept_late``: met after it; ``pending``: not met, and not due yet; ``overdue``:
        due, and a later confirmed event proves that it had not been met; ``unknown``: due, and nothing tells.
        Silence is not failure.
    """
    verb, due = str(item["verb"]), item["due_date"]
    if verb == "advance":
        moved = _moved_in_year(register, named, due, as_of)
        return "kept" if moved else "pending" if as_of < due else "unknown"
    if verb in STATUSES_THAT_FULFIL and item["target"] == 1:
        met = _first_met(history, list(named.index), STATUSES_THAT_FULFIL[verb], as_of)
        if met is not None:
            return "kept" if met <= due else "kept_late"
        if as_of < due:
            return "pending"
        return "overdue" if _proven_unmet(named, due) else "unknown"
    return _quantity_promise(register, item, done, as_of)


def _quantity_promise(register: Register, item: pd.Series[Any], done: float, as_of: date) -> str:
    due = item["due_date"]
    if item["measure"] == "share" or done < item["target"]:
        return "pending" if as_of < due else "unknown"
    return "kept" if _done_on(register, item, min(due, as_of)) >= item["target"] else "kept_late"


def _done_on(register: Register, item: pd.Series[Any], day: date) -> float:
    state = register.state(day)
    mine = state[(state["item_id"] == item["item_id"]) & (state["counted"] == "yes")]
    works = mine[(mine["kind"] == "work") & mine["parent_id"].isna()]
    weighted = works.assign(weight=weights(works, str(item["measure"])))
    return done_lower_bound(weighted, mine[mine["kind"] == "aggregate"])


def _first_met(
    history: pd.DataFrame, work_ids: list[str], needed: tuple[str, ...], as_of: date
) -> date | None:
    """First day on which any of the works had a needed status."""
    hits = history[history["work_id"].isin(work_ids) & history["status"].isin(needed)]
    days = [day for day in hits["date"] if day <= as_of]
    return min(days) if days else None


def _moved_in_year(register: Register, named: pd.DataFrame, due: date, as_of: date) -> bool:
    """Did a confirmed event of the works or their sections fall in the year of the promise, by a day?"""
    works, events = register.works, register.events
    parts = works.index[works["parent_id"].isin(named.index) & (works["kind"] == "section")]
    mine = events[events["work_id"].isin([*named.index, *parts]) & events["confirmed"].astype(bool)]
    mine = mine[(mine["kind"] == "milestone") | mine["value"].isin(STARTED)]
    return any(day.year == due.year and day <= as_of for day in mine["date"])


def _proven_unmet(named: pd.DataFrame, due: date) -> bool:
    """Does a confirmed state dated after the due day show that the needed one had not come?"""
    later = [day > due for day in named["status_date"] if day is not None and not pd.isna(day)]
    return bool(later) and all(later)


def _by_category(items: pd.DataFrame) -> pd.DataFrame:
    countable = items[items["measure"] != "share"]
    grouped = countable.groupby(["category", "unit"], sort=False)
    sums = grouped[
        ["target", "named", "placed", "done", "done_named", "done_reported", "probable", "unplaced"]
    ].sum()
    return sums.assign(items=grouped.size()).reset_index()


def _by_district(register: Register, as_of: date) -> pd.DataFrame:
    state = register.state(as_of)
    counted = state[state["counted"] == "yes"]
    works = counted[(counted["kind"] == "work") & counted["parent_id"].isna()]
    totals = counted[(counted["kind"] == "aggregate")]
    rows = []
    for code, row in register.pack.districts.iterrows():
        here = works[_in_district(works, str(code))]
        rows.append(
            {"district_code": code, "name_zh": row["name_zh"], "name_en": row["name_en"]} | _count(here)
        )
        rows[-1]["reported_totals"] = int((totals["district_code"] == code).sum())
    nowhere = works[works["district_code"].isna()]
    rows.append(
        {"district_code": "", "name_zh": "全市或未知", "name_en": "Citywide or unknown"} | _count(nowhere)
    )
    rows[-1]["reported_totals"] = int(totals["district_code"].isna().sum())
    return pd.DataFrame(rows).set_index("district_code", drop=False).rename_axis(None)


def _in_district(works: pd.DataFrame, code: str) -> pd.Series[bool]:
    return works["district_code"].fillna("").str.split("|").map(lambda codes: code in codes).astype(bool)


def _count(works: pd.DataFrame) -> dict[str, object]:
    """Numbers of works; one in several districts counts in each, and ``shared`` says how many do."""
    return {
        "target": None,
        "named": len(works),
        "placed": int(works["placed"].sum()),
        "done": int(works["done"].sum()),
        "unplaced": int((~works["placed"]).sum()),
        "shared": int(works["district_code"].fillna("").str.contains("|", regex=False).sum()),
    }


def line_shares(register: Register, districts: gpd.GeoDataFrame) -> LineShares:
    """Drawn kilometres of each line, and its share of length in each district: the same on every day.

    ``districts`` are polygons by code, WGS84.
    """
    lines, projected = register.pack.lines, register.pack.city.projected_crs
    drawn = lines.geometry.to_crs(projected).length / 1000
    return {
        str(line_id): (float(drawn.loc[line_id]), length_share(shape, districts, projected))
        for line_id, shape in lines.geometry.items()
    }


def line_progress(register: Register, shares: LineShares, as_of: date) -> pd.DataFrame:
    """Kilometres planned and open of every work that is a line, by district.

    A line belongs to each district by its share of drawn length; the kilometres are that share of the official length
    (``basis`` official) or, where none is known, of the drawn one (``basis`` drawn).

    Parameters
    ----------
    register : Register
    shares : dict
        Of :func:`line_shares`.
    as_of : date
        The day of the state.

    Returns
    -------
    DataFrame
        ``work_id, name_zh, name_en, district_code, share, km_planned, km_open, basis, status``. A section and its
        parent are separate rows: never add both. ``district_code`` is empty outside all districts.
    """
    state = register.state(as_of)
    lines = state[state["line_id"].notna() & (state["kind"] != "station")]
    rows = []
    for work_id, work in lines.iterrows():
        drawn, by_district = shares[work["line_id"]]
        official = register.pack.lines.at[work["line_id"], "length_km"]
        known = pd.notna(official)
        for code, share in by_district.items():
            km = float(official if known else drawn) * float(share)
            rows.append(
                {
                    "work_id": work_id,
                    "name_zh": work["name_zh"],
                    "name_en": work["name_en"],
                    "district_code": code,
                    "share": float(share),
                    "km_planned": km,
                    "km_open": km if work["done"] else 0.0,
                    "basis": "official" if known else "drawn",
                    "status": work["status"],
                }
            )
    return pd.DataFrame(rows)
