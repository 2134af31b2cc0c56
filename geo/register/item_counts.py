"""A state as plain columns, from which the numbers of any of its items follow: what counts, and how much is done at the least.

A plan has dozens of items and most have few works: a frame an item, grouped and joined, takes longer than reading the whole pack.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from math import fsum
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.values import is_unknown

Places = NDArray[np.int64]
COUNTED_FIELDS: Final = [
    "item_id",
    "kind",
    "parent_id",
    "counted",
    "quantity",
    "district_code",
    "street",
    "done",
    "placed",
    "status_date",
    "quantity_done",
]
"""What of a state the numbers of an item follow from."""


class CountedRows:
    """The rows of a state by the items that they count for.

    Parameters
    ----------
    state : DataFrame
        ``Register.state`` of a day; of its columns :data:`COUNTED_FIELDS` are read.
    """

    def __init__(self, state: pd.DataFrame) -> None:
        self.works = state.index.to_numpy(object)
        columns = {name: state[name].to_numpy() for name in COUNTED_FIELDS}
        whole = (columns["kind"] == "work") & pd.isna(columns["parent_id"])
        sure = columns["counted"] == "yes"
        self._named = np.asarray(whole & sure, bool)
        self._probable = np.asarray(whole & (columns["counted"] == "probable"), bool)
        self._total = np.asarray((columns["kind"] == "aggregate") & sure, bool)
        self._items = columns["item_id"]
        self.done, self.placed = columns["done"].astype(bool), columns["placed"].astype(bool)
        self.status_dates = columns["status_date"]
        self._quantities = np.nan_to_num(columns["quantity"].astype("float64"))
        self._reported = columns["quantity_done"].astype("float64")
        self._districts, self._streets = columns["district_code"], columns["street"]

    @cached_property
    def _places(self) -> dict[str, Places]:
        codes, names = pd.factorize(self._items)
        order = np.argsort(codes, kind="stable")
        ends = np.searchsorted(codes[order], np.arange(len(names) + 1))
        return {str(name): order[ends[code] : ends[code + 1]] for code, name in enumerate(names)}

    def _of(self, item_id: str, which: NDArray[np.bool_]) -> Places:
        """Where the rows of an item stand that are ``which``."""
        at = self._places.get(item_id, np.zeros(0, np.int64))
        return np.compress(which[at], at)

    def named(self, item_id: str) -> Places:
        """Where the works themselves stand that count for an item."""
        return self._of(item_id, self._named)

    def probable(self, item_id: str) -> Places:
        """Where the works themselves stand that may count for an item."""
        return self._of(item_id, self._probable)

    def totals(self, item_id: str) -> Places:
        """Where the numbers without names stand that count for an item."""
        return self._of(item_id, self._total)

    def amount(self, at: Places, measure: str) -> float:
        """What works add: one each, or their quantities in the item's unit."""
        return float(len(at)) if measure == "count" else fsum(self._quantities[at])

    def done_at_least(self, item_id: str, measure: str, district: str = "") -> float:
        """:func:`geo.register.amounts.done_lower_bound` of an item, or of rows that all lie in one district.

        Parameters
        ----------
        item_id, measure : str
        district : str
            The code of that district: works count there though they may lie in another, too, and totals of others do not.

        Returns
        -------
        float
        """
        totals, named = self.totals(item_id), self.named(item_id)
        done = named[self.done[named]]
        places = self._districts[done]
        if district:
            totals, places = totals[self._districts[totals] == district], np.full(len(done), district, object)
        added = np.ones(len(done)) if measure == "count" else self._quantities[done]
        return least_done(
            zip(places, added.tolist(), strict=True),
            zip(self._districts[totals], self._streets[totals], self._reported[totals].tolist(), strict=True),
        )


def least_done(named: Iterable[tuple[Any, float]], reported: Iterable[tuple[Any, Any, float]]) -> float:
    """How much is done at the least; see :func:`geo.register.amounts.done_lower_bound`.

    Parameters
    ----------
    named : iterable of (district, amount)
        Works that are done.
    reported : iterable of (district, street, amount)
        Totals; NaN for one that tells no number.

    Returns
    -------
    float
    """
    works: dict[str, list[float]] = {}
    for district, amount in named:
        works.setdefault("" if is_unknown(district) else district, []).append(amount)
    largest = {district: fsum(amounts) for district, amounts in works.items()}
    streets: dict[str, list[float]] = {}
    citywide = 0.0
    for district, street, amount in reported:
        if np.isnan(amount):
            continue
        if is_unknown(district) or not district:
            citywide = max(citywide, amount)
        elif is_unknown(street):
            largest[district] = max(largest.get(district, amount), amount)
        else:
            streets.setdefault(district, []).append(amount)
    for district, amounts in streets.items():
        largest[district] = max(largest.get(district, -np.inf), fsum(amounts))
    return max(fsum(largest.values()), citywide)
