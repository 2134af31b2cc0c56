"""Events in words: what each says and why, in a language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.columns import objects
from geo.display.code_labels import CodeNames, label_of_value
from geo.display.fields import label_for_people, labels
from geo.display.labels import basis_label, status_style, unit_label
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown
from geo.vocabulary import OBJECT_EVENTS

_SHOWN: Final = (
    "work_id",
    "name_zh",
    "name_en",
    "item_id",
    "category",
    "kind",
    "year",
    "counted",
    "district_code",
    "street",
    "quantity",
    "unit",
    "status",
    "address_zh",
    "opened",
    "closed",
    "capacity",
    "capacity_unit",
    "level",
    "area_m2",
    "service_population",
    "complete",
    "as_of",
    "lon",
    "lat",
    "accuracy_m",
    "location_basis",
    "note_zh",
    "note_en",
    "attributes",
    "source_id",
    "title",
    "publisher",
    "published",
    "url",
    "reliability",
)
"""Fields of a work, place or source that a history shows; the others are the register's own bookkeeping."""


def event_texts(events: pd.DataFrame, lang: str) -> list[str]:
    """:func:`event_text` of each event, worked out once for all that say the same.

    Parameters
    ----------
    events : DataFrame
        With ``kind, value, unit``.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of str
    """
    columns = {name: events[name].to_numpy(object) for name in ("kind", "value", "unit")}
    keys = np.zeros(len(events), np.int64)
    for values in columns.values():
        codes, different = pd.factorize(values)
        keys = keys * (len(different) + 1) + codes + 1
    _keys, first, place = np.unique(keys, return_index=True, return_inverse=True)
    texts = [event_text({name: values[at] for name, values in columns.items()}, lang) for at in first]
    return list(objects(texts)[place])


def event_text(row: Mapping[str, Any] | pd.Series[Any], lang: str, names: CodeNames | None = None) -> str:
    """What an event says, in words.

    Parameters
    ----------
    row : mapping or Series
        An event.
    lang : str
        ``zh`` or ``en``.
    names : mapping, optional
        Names of the pack's codes.

    Returns
    -------
    str
    """
    kind, value = str(row["kind"]), str(row["value"])
    if kind == "status":
        return translate(status_style(value).label, lang)
    if kind == "quantity":
        return f"{value} {unit_label(row['unit'], lang)}".strip()
    if kind == "location":
        return location_text(value, lang, names)
    if kind in OBJECT_EVENTS:
        return fields_text(value, lang, names)
    return value


def location_text(value: str, lang: str, names: CodeNames | None = None) -> str:
    """Where an event puts a work: ``约 50 米；实测（原坐标 GCJ02 120.31361, 31.550113）``.

    Parameters
    ----------
    value : str
        JSON object of field -> value.
    lang : str
        ``zh`` or ``en``.
    names : mapping, optional
        Names of the pack's codes.

    Returns
    -------
    str
    """
    place = json.loads(value)
    if is_unknown(place.get("lon")):
        return fields_text(value, lang, names)
    text = translate(
        _("{lon:.5f}, {lat:.5f}，误差 {metres:.0f} 米，{basis}（原坐标 {system} {x}, {y}）"), lang
    )
    return text.format(
        lon=place["lon"],
        lat=place["lat"],
        metres=place.get("accuracy_m") or 0,
        basis=basis_label(place.get("location_basis"), lang),
        system=place.get("crs_original") or "WGS84",
        x=place.get("x_original") or place["lon"],
        y=place.get("y_original") or place["lat"],
    )


def fields_text(value: str, lang: str, names: CodeNames | None = None) -> str:
    """The fields of a correction, a place or a new work: ``名称：… ；街道/镇：…``.

    Parameters
    ----------
    value : str
        JSON object of field -> value.
    lang : str
        ``zh`` or ``en``.
    names : mapping, optional
        Names of the pack's codes.

    Returns
    -------
    str
    """
    fields = json.loads(value)
    shown = [(name, fields[name]) for name in fields if name in _SHOWN and not is_unknown(fields[name])]
    degrees = labels(("lon", "lat"), lang, system="WGS84")
    return "；".join(
        f"{degrees.get(name) or label_for_people(name, lang)}：{label_of_value(name, new, lang, names or {})}"
        for name, new in shown
    )


def reason_of(row: pd.Series[Any], lang: str) -> str:
    """Why, in a language; the Chinese reason where there is no English."""
    english = row.get("reason_en")
    return str((english if lang == "en" and english else row.get("reason_zh")) or "")
