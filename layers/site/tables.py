"""What the public pages know, as tables: layers, works on every day, the plan's four numbers on every day, search keys.

Numbers come from :mod:`geo.register.progress` and :class:`geo.register.register.Register` for every day on which they change; the browser only
looks up the last change that is not after its day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.display.labels import day_text, district_names, name_of
from geo.register.city import Atlas
from geo.register.progress import CHOSEN_SHARE, progress
from geo.register.progress_history import change_days, item_history
from geo.register.register import Register
from geo.register.slider_days import slider_days
from geo.values import is_unknown, json_value
from geo.vocabulary import CERTAINTIES, COUNTED, STATUSES
from layers.map.config import MAP_OPTIONS, map_config
from layers.map.element import declaration_of
from layers.map.payload import day_number
from layers.map.registry import all_layers
from layers.map.spec import MapContext
from layers.site.share import share_forms
from layers.site.texts import script_texts

ITEM_FIELDS: Final = ("named", "placed", "done", "probable", "promise")
DISTRICT_FIELDS: Final = ("named", "placed", "done", "unplaced", "shared", "reported_totals")


@dataclass(frozen=True, eq=False)
class Days:
    """The register on every day that changes it, from the slider's first day on; made once for both languages."""

    atlas: Atlas

    @cached_property
    def register(self) -> Register:
        """The register, which remembers the state of every day: the tables of items, districts and works ask for the same."""
        register = self.atlas.register
        return replace(register, days=len(change_days(register, self.atlas.city.days.first)) + 1)

    @cached_property
    def states(self) -> list[tuple[date, pd.DataFrame, list[str]]]:
        """Day, ``Register.state``, and the ids of the works whose row is not that of the day before in the list."""
        found: list[tuple[date, pd.DataFrame, list[str]]] = []
        for day in change_days(self.register, self.atlas.city.days.first):
            state = self.register.state(day)
            changed = _changed(found[-1][1], state) if found else [str(key) for key in state.index]
            if changed:
                found.append((day, state, changed))
        return found

    @cached_property
    def items(self) -> list[tuple[date, pd.DataFrame]]:
        """Day, and the rows of ``progress(by="item")`` made anew on it."""
        return list(item_history(self.register, self.atlas.city.days.first))

    @cached_property
    def districts(self) -> list[tuple[date, pd.DataFrame]]:
        """Day, and ``progress(by="district")``."""
        return [(day, progress(self.register, day, "district")) for day, _state, _ids in self.states]


def _changed(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    old, new = before.to_numpy(object), after.to_numpy(object)
    same = (old == new) | (pd.isna(old) & pd.isna(new))
    moved = np.flatnonzero(~np.asarray(same, bool).all(axis=1))
    return [str(key) for key in after.index[moved]]


def core(days: Days, as_of: date, lang: str) -> dict[str, Any]:
    """Everything the first view needs, for one language (JSON-serialisable, no NaN).

    Parameters
    ----------
    days : Days
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    atlas, span = days.atlas, days.atlas.city.days
    return {
        "config": _config(atlas, lang),
        "map": MAP_OPTIONS | {"center": [*reversed(atlas.middle)], "zoom": 10},
        "layers": {spec.id: spec.payload(MapContext(atlas=atlas, lang=lang)) for spec in all_layers()},
        "day": day_number(as_of),
        "days": [day_number(day) for day in slider_days(span, as_of)],
        "span": [day_number(span.first), day_number(span.last)],
        "works": works(days, lang),
        "items": items(days, lang),
        "districts": districts(days, lang),
        "text": script_texts(lang),
        "chosen_share": CHOSEN_SHARE,
        "share": share_forms(atlas, lang),
        "lang": lang,
    }


def _config(atlas: Atlas, lang: str) -> dict[str, Any]:
    """The app's own declarations with those of the layers, and the one base map that needs no network."""
    config = map_config(atlas, lang)
    config["layers"] = [declaration_of(spec, lang) for spec in all_layers()]
    config["basemaps"] = {"offline": config["basemaps"]["offline"]}
    return config


def works(days: Days, lang: str) -> dict[str, Any]:
    """Rows of all works on the first day (``first``, one list a work, in the order of ``fields``) and what changes later
    (``changes``: day, place of the work, field -> value).
    """
    atlas = days.atlas
    names = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    place = {str(key): number for number, key in enumerate(days.states[0][1].index)}
    first: list[dict[str, Any]] = []
    now: list[dict[str, Any]] = []
    changes: list[list[Any]] = []
    for day, state, changed in days.states:
        for work_id, row in state.loc[changed].iterrows():
            fields = work_fields(row, names, lang)
            number = place[str(work_id)]
            if number == len(now):
                first.append(fields)
                now.append(fields)
                continue
            new = {name: value for name, value in fields.items() if value != now[number][name]}
            now[number] = fields
            if new:
                changes.append([day_number(day), number, new])
    return {"fields": list(first[0]), "first": [list(row.values()) for row in first], "changes": changes}


def work_fields(row: pd.Series[Any], names: dict[str, str], lang: str) -> dict[str, Any]:
    """One work as the list and the filters see it; codes are places in the lists of :mod:`geo.vocabulary`.

    Parameters
    ----------
    row : Series
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


def _kind_of_row(row: pd.Series[Any]) -> int:
    """What :func:`geo.register.work_counts.work_counts` counts a row as: 0 a work, 1 a part of one, 2 a total without names."""
    if row["kind"] == "aggregate":
        return 2
    return int(row["kind"] != "work" or not is_unknown(row["parent_id"]))


def items(days: Days, lang: str) -> dict[str, Any]:
    """The plan's items: what never changes (``rows``), and :data:`ITEM_FIELDS` on every day (``first``, ``changes``)."""
    plan = days.atlas.pack.plan_items
    rows = [
        {
            "id": str(item_id),
            "name": name_of(item, lang),
            "unit": str(item["unit"] or ""),
            "target": json_value(item["target"]),
            "headline": int(bool(item["headline"])),
            "verb": str(item["verb"]),
        }
        for item_id, item in plan.iterrows()
    ]
    return {"rows": rows} | history(days.items, [str(key) for key in plan.index], ITEM_FIELDS)


def districts(days: Days, lang: str) -> dict[str, Any]:
    """The districts' names and :data:`DISTRICT_FIELDS` on every day; the last row is what belongs to none."""
    table = days.districts[0][1]
    rows = [{"id": str(code), "name": str(row[f"name_{lang}"])} for code, row in table.iterrows()]
    return {"rows": rows} | history(days.districts, [str(code) for code in table.index], DISTRICT_FIELDS)


def history(
    frames: Sequence[tuple[date, pd.DataFrame]], ids: Sequence[str], fields: Sequence[str]
) -> dict[str, Any]:
    """Frames indexed by id, each of a day, as ``first`` (one list an id) and ``changes`` (day, place, the new list).

    Parameters
    ----------
    frames : sequence of (date, DataFrame)
    ids, fields : sequence of str

    Returns
    -------
    dict
    """
    now: dict[str, list[Any]] = {}
    first: list[list[Any]] = []
    changes: list[list[Any]] = []
    for day, frame in frames:
        for key, values in _values(frame, fields):
            if now.get(key) == values:
                continue
            if key in now:
                changes.append([day_number(day), ids.index(key), values])
            else:
                first.append(values)
            now[key] = values
    return {"first": first, "changes": changes}


def _values(frame: pd.DataFrame, fields: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    for key, row in frame.iterrows():
        yield str(key), [json_value(row[name]) for name in fields]


def as_script(name: str, table: Any) -> bytes:
    """A table as a script that hands it to ``atlasTable`` (static/tables.js): scripts load where ``fetch`` may not, from a
    folder. The JSON stands in a string, so no name in it is ever code, and no ``<`` stands in the file.
    """
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for plain_text, escaped in (
        ("\\", "\\\\"),
        ("'", "\\'"),
        ("<", "\\x3c"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(plain_text, escaped)
    return f"atlasTable('{name}','{text}');\n".encode()
