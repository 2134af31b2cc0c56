"""Progress of the plan: four numbers that are never mixed, and whether each promise was kept.

* **target**: what the plan promises;
* **named**: identified works that count towards it;
* **placed**: those of them with a place;
* **done**: a lower bound of what is confirmed as completed, from named works and from totals reported without names.

"Promise kept" is another question: S2 was to be *started*, metro line 4 was to be *opened*.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal
from weakref import WeakKeyDictionary

import pandas as pd

from geo.errors import ParameterError
from geo.questions.works import CHOSEN_SHADING
from geo.register.amounts import top_works
from geo.register.item_counts import COUNTED_FIELDS, CountedRows
from geo.register.plans import PLAN_ID
from geo.register.promises import decision
from geo.register.register import Register
from geo.register.selection import in_any_district
from geo.register.work_counts import work_counts
from geo.text import mark as _
from geo.vocabulary import PROMISE_FULFILLED

if TYPE_CHECKING:
    import geopandas as gpd

LineShares = dict[str, tuple[float, "pd.Series[float]"]]
"""Line -> its drawn kilometres, and its share of length by district."""

_LINE_FIELDS: Final = ["line_id", "name_zh", "name_en", "done", "status"]
_DAYS: Final = 64
"""Days whose numbers of items are remembered, of each register."""
_OfDays = OrderedDict[tuple[date, bool], pd.DataFrame]
_ITEMS_ON: Final[WeakKeyDictionary[Register, _OfDays]] = WeakKeyDictionary()
CHOSEN_SHARE: Final = 0.25
"""How dark a district is that is shaded because a filter names it: between none and the darkest."""
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
        ``promise_kept`` (True, False, None). By category: the same sums for each ``(category, unit)``, and for each plan where
        the register is of several. By district: numbers of works; the plan sets no targets there.

    Raises
    ------
    ParameterError
        ``by`` is none of the three.
    """
    if by == "item":
        return _by_item(register, as_of).copy()
    if by == "category":
        return _by_category(_by_item(register, as_of))
    if by == "district":
        return _by_district(register, as_of)
    raise ParameterError(_("不能按 {by} 汇总。"), hint=_("可用：item、category、district。"), by=by)


def counts_by_item(register: Register, as_of: date) -> pd.DataFrame:
    """:func:`progress` by item without what became of the promises: numbers alone, which take no history."""
    return _by_item(register, as_of, promises=False)


def _by_item(register: Register, as_of: date, *, promises: bool = True) -> pd.DataFrame:
    """Each item as its own plan counts it: a work that two plans promise counts for an item of each.

    Remembered, for a page asks for the same day several times; whoever changes a column changes a copy of it.
    """
    days = _ITEMS_ON.setdefault(register, OrderedDict())
    made = days.get((as_of, promises))
    if made is None:
        parts = [_items_of_a_plan(each, as_of, promises=promises) for each in register.by_plan.values()]
        made = days[as_of, promises] = pd.concat(parts)
        if len(days) > _DAYS:
            days.popitem(last=False)
    return made.copy(deep=False)


def _items_of_a_plan(register: Register, as_of: date, *, promises: bool) -> pd.DataFrame:
    return register.pack.plan_items.join(
        item_rows(register, as_of, list(map(str, register.pack.plan_items.index)), promises=promises)
    )


def item_rows(
    register: Register, as_of: date, items: Collection[str], *, promises: bool = True
) -> pd.DataFrame:
    """The numbers of some of the items on a day, each as its own plan counts it.

    Parameters
    ----------
    register : Register
    as_of : date
        The day of the state.
    items : collection of str
        Ids.
    promises : bool
        Whether to say what became of each promise, which reads its history.

    Returns
    -------
    DataFrame
        What :func:`item_row` gives of each, indexed by id, in the order of the plans.
    """
    made: dict[str, dict[str, object]] = {}
    for one in register.by_plan.values():
        chosen = one.pack.plan_items[one.pack.plan_items.index.isin(list(items))]
        counted = CountedRows(one.state(as_of))
        made |= {
            str(key): item_row(one, item, counted, as_of, promises=promises)
            for key, item in chosen.iterrows()
        }
    return pd.DataFrame(list(made.values()), index=pd.Index(list(made), dtype=object))


def item_row(
    register: Register, item: pd.Series[Any], rows: CountedRows, as_of: date, *, promises: bool = True
) -> dict[str, Any]:
    """What :func:`progress` says of one item; ``rows`` are those of the register's state on that day.

    Parameters
    ----------
    register : Register
    item : Series
        Row of the plan's items.
    rows : CountedRows
        Of ``Register.state`` of the day.
    as_of : date
        The day of the state.
    promises : bool
        Whether it says of the promise, too, whether it was kept.

    Returns
    -------
    dict
    """
    key, measure = str(item["item_id"]), str(item["measure"])
    named = rows.named(key)
    done = rows.done_at_least(key, measure)
    done_named = rows.amount(named[rows.done[named]], measure)
    counts = {
        "named": rows.amount(named, measure),
        "placed": rows.amount(named[rows.placed[named]], measure),
        "done": done,
        "done_named": done_named,
        "done_reported": done - done_named,
        "probable": rows.amount(rows.probable(key), measure),
        "unplaced": rows.amount(named[~rows.placed[named]], measure),
    }
    if not promises:
        return counts
    known = dict(zip(map(str, rows.works[named]), rows.status_dates[named], strict=True))
    promise = decision(register, item, known, done, as_of=as_of).state
    return counts | {"promise": promise, "promise_kept": PROMISE_FULFILLED.get(promise)}


def _by_category(items: pd.DataFrame) -> pd.DataFrame:
    countable = items[items["measure"] != "share"]
    # never over plans: a work that two of them promise would be counted twice
    plan = [PLAN_ID] if len(items[PLAN_ID].unique()) > 1 else []
    grouped = countable.groupby([*plan, "category", "unit"], sort=False)
    sums = grouped[
        ["target", "named", "placed", "done", "done_named", "done_reported", "probable", "unplaced"]
    ].sum()
    return sums.assign(items=grouped.size()).reset_index()


def _by_district(register: Register, as_of: date) -> pd.DataFrame:
    return district_rows(register, as_of, [*map(str, register.pack.districts.index), ""])


def district_rows(register: Register, as_of: date, codes: Sequence[str]) -> pd.DataFrame:
    """Some of the rows of :func:`progress` by district.

    Parameters
    ----------
    register : Register
    as_of : date
        The day of the state.
    codes : sequence of str
        District codes, in the order of the rows; empty for what belongs to none.

    Returns
    -------
    DataFrame
        Indexed by code.
    """
    state = register.state(as_of)[[*COUNTED_FIELDS, "status"]]
    counted = state[(state["counted"] == "yes").to_numpy()]
    works = top_works(counted)
    totals = counted[(counted["kind"] == "aggregate")]
    return pd.DataFrame(
        [_district_row(register, works, totals, code) for code in codes],
        index=pd.Index(list(codes), dtype=object),
    )


def _district_row(register: Register, works: pd.DataFrame, totals: pd.DataFrame, code: str) -> dict[str, Any]:
    if code:
        names = register.pack.districts.loc[code, ["name_zh", "name_en"]].to_dict()
        here, reported = works[in_district(works, code)], totals["district_code"] == code
    else:
        names = {"name_zh": "全市或未知", "name_en": "Citywide or unknown"}
        here, reported = works[works["district_code"].isna()], totals["district_code"].isna()
    return {"district_code": code, **names, **_count(here), "reported_totals": int(reported.sum())}


def in_district(works: pd.DataFrame, code: str) -> pd.Series[bool]:
    """Which works are in a district, alone or with others."""
    return pd.Series(in_any_district(works["district_code"], [code]), works.index, dtype=bool)


def _count(works: pd.DataFrame) -> dict[str, object]:
    """Numbers of works; one in several districts counts in each, and ``shared`` says how many do."""
    counts = work_counts(works)
    return {
        "target": None,
        "named": counts.works,
        "placed": counts.placed,
        "done": counts.done,
        "unplaced": counts.unplaced,
        "shared": int(works["district_code"].fillna("").str.contains("|", regex=False).sum()),
    }


def line_shares(register: Register, districts: gpd.GeoDataFrame) -> LineShares:
    """Drawn kilometres of each line, and its share of length in each district: the same on every day.

    ``districts`` are polygons by code, WGS84.
    """
    from geo.places.districts import length_share

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
    lines = state.loc[state["line_id"].notna() & (state["kind"] != "station"), _LINE_FIELDS]
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


def district_shares(
    register: Register, as_of: date, figure: str, chosen: Sequence[str] = ()
) -> dict[str, float]:
    """How dark each division is on a map.

    Parameters
    ----------
    register : Register
    as_of : date
    figure : str
        A column of :func:`progress` by district, ``none``, or ``chosen`` for the same light shade of those in ``chosen``.
    chosen : sequence of str
        Codes of the districts that a filter names.

    Returns
    -------
    dict
        Code -> share of the largest division's figure, 0 to 1; empty for ``none``.
    """
    if figure == "none":
        return {}
    if figure == CHOSEN_SHADING:
        return dict.fromkeys(chosen, CHOSEN_SHARE)
    table = progress(register, as_of, "district")
    figures = table.loc[[code for code in table.index if code], figure].astype("float64")
    return {str(code): round(float(value / max(figures.max(), 1)), 3) for code, value in figures.items()}
