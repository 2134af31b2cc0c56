"""What the public pages know of every day: works, the plan's items and districts, each as it is first and what changes later.

Numbers come from :mod:`geo.register.progress` and :class:`geo.register.register.Register` for every day on which they change; the browser only
looks up the last change that is not after its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.display.labels import day_text, district_names, name_of
from geo.register.city import Atlas
from geo.register.progress import district_rows, item_rows
from geo.register.progress_history import change_days
from geo.register.register import Register
from geo.values import is_unknown, json_value
from geo.vocabulary import CERTAINTIES, COUNTED, STATUSES
from layers.map.payload import day_number

ITEM_FIELDS: Final = ("named", "placed", "done", "probable", "promise")
DISTRICT_FIELDS: Final = ("named", "placed", "done", "unplaced", "shared", "reported_totals")
History = dict[str, Any]
"""``first``: the values on the first day; ``changes``: pairs of a later day's number and what is new from it. JSON-serialisable, no NaN."""


@dataclass(frozen=True, eq=False)
class Days:
    """The register on every day that changes it, from the slider's first day on; made once for both languages."""

    atlas: Atlas

    @property
    def first(self) -> date:
        """The slider's first day."""
        return self.atlas.city.days.first

    @cached_property
    def register(self) -> Register:
        """The register, which remembers the state of every day: items, districts and works ask for the same."""
        register = self.atlas.register
        return replace(register, days=len(change_days(register, self.first)) + 1)

    @cached_property
    def states(self) -> list[tuple[date, pd.DataFrame, list[str]]]:
        """Day, ``Register.state``, and the ids of the works whose row is not that of the day before in the list."""
        found: list[tuple[date, pd.DataFrame, list[str]]] = []
        for day in change_days(self.register, self.first):
            state = self.register.state(day)
            changed = _changed(found[-1][1], state) if found else [str(key) for key in state.index]
            if changed or not found:
                found.append((day, state, changed))
        return found


def _changed(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    old, new = before.to_numpy(object), after.to_numpy(object)
    same = (old == new) | (pd.isna(old) & pd.isna(new))
    moved = np.flatnonzero(~np.asarray(same, bool).all(axis=1))
    return [str(key) for key in after.index[moved]]


def work_histories(days: Days, lang: str) -> dict[str, History]:
    """Work -> its fields (:func:`work_fields`) on the first day, and those that are new from later ones."""
    names = {str(code): str(name) for code, name in days.atlas.districts[f"name_{lang}"].items()}
    found: dict[str, History] = {}
    now: dict[str, dict[str, Any]] = {}
    for day, state, changed in days.states:
        for work_id, row in zip(changed, state.loc[changed].to_dict("records"), strict=True):
            fields = work_fields(row, names, lang)
            if work_id not in found:
                found[work_id] = {"first": fields, "changes": []}
            elif new := {name: value for name, value in fields.items() if value != now[work_id][name]}:
                found[work_id]["changes"].append([day_number(day), new])
            now[work_id] = fields
    return found


def work_fields(row: Any, names: dict[str, str], lang: str) -> dict[str, Any]:
    """One work as the list and the filters see it; codes are places in the lists of :mod:`geo.vocabulary`.

    Parameters
    ----------
    row : mapping
        Of ``Register.state``.
    names : dict
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    return {
        "id": str(row["work_id"]),
        "name": name_of(row, lang),
        "category": str(row["category"] or ""),
        "districts": str(row["district_code"] or ""),
        "district": district_names(row["district_code"], names, lang),
        "status": STATUSES.index(row["status"]),
        "since": day_text(row["status_date"], row["status_precision"], lang),
        "certainty": CERTAINTIES.index(row["certainty"]),
        "counted": COUNTED.index(row["counted"]),
        "placed": int(bool(row["placed"])),
        "done": int(bool(row["done"])),
        "row": _kind_of_row(row),
        "accuracy": json_value(row["accuracy_m"]),
        "year": "" if is_unknown(row["year"]) else str(json_value(row["year"])),
        "item": str(row["item_id"] or ""),
    }


def _kind_of_row(row: Any) -> int:
    """What :func:`geo.register.work_counts.work_counts` counts a row as: 0 a work, 1 a part of one, 2 a total without names."""
    if row["kind"] == "aggregate":
        return 2
    return int(row["kind"] != "work" or not is_unknown(row["parent_id"]))


def item_values(register: Register, day: date, items: list[str]) -> dict[str, list[Any]]:
    """Item -> :data:`ITEM_FIELDS` of ``progress(by="item")`` on a day.

    Parameters
    ----------
    register : Register
    day : date
    items : list of str
        Ids of items.

    Returns
    -------
    dict
    """
    return _values(item_rows(register, day, items), ITEM_FIELDS)


def district_values(register: Register, day: date, codes: list[str]) -> dict[str, list[Any]]:
    """District, empty for none -> :data:`DISTRICT_FIELDS` of ``progress(by="district")`` on a day.

    Parameters
    ----------
    register : Register
    day : date
    codes : list of str
        District codes, empty for none.

    Returns
    -------
    dict
    """
    return _values(district_rows(register, day, codes), DISTRICT_FIELDS)


def _values(frame: pd.DataFrame, fields: Sequence[str]) -> dict[str, list[Any]]:
    rows = zip(map(str, frame.index), frame.to_dict("records"), strict=True)
    return {key: [json_value(row[name]) for name in fields] for key, row in rows}


def history_of(values: Iterable[tuple[date, list[Any]]]) -> History:
    """Values on days, in order, as a history."""
    found: History = {}
    now: list[Any] = []
    for day, new in values:
        if not found:
            found = {"first": new, "changes": []}
        elif new != now:
            found["changes"].append([day_number(day), new])
        now = new
    return found
