"""Turns register frames into what the browser fetches: columns for points, GeoJSON for lines and areas.

Coordinates leave here in the datum of the base map. Names are data: the browser writes them with
``textContent`` only, and JSON is their only encoding.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from geopandas import GeoSeries

from geo.places.crs import convert, convert_geometry
from geo.places.english_names import display_names
from geo.register.work_counts import counted_certainty
from geo.values import json_value
from geo.vocabulary import CERTAINTIES, COUNTED, EXACT_LIMIT_M, STATUSES
from layers.map.spec import MapContext, Outlined, Payload

_FAR: Final = date(9999, 12, 31)
_DIGITS: Final = 6


def day_number(day: date) -> int:
    """``date(2021, 12, 31)`` -> ``20211231``: compares like a date and needs no parsing in the browser."""
    return day.year * 10_000 + day.month * 100 + day.day


def _index(values: pd.Series[Any], labels: tuple[str, ...]) -> list[int]:
    return [int(code) for code in pd.Categorical(values, categories=list(labels)).codes]


def coordinates(frame: pd.DataFrame, datum: str) -> tuple[list[Any], list[Any]]:
    """``lon`` and ``lat`` of a frame (WGS84) as rounded lists in ``datum``, None where there is no place."""
    x, y = convert(
        frame["lon"].to_numpy("float64"), frame["lat"].to_numpy("float64"), source="WGS84", target=datum
    )
    return _rounded(x), _rounded(y)


def _rounded(values: np.ndarray[Any, Any]) -> list[float | None]:
    return [None if math.isnan(value) else round(value, _DIGITS) for value in values.tolist()]


def _histories(context: MapContext) -> dict[str, list[int]]:
    """Work id -> ``[day, status, day, status, ...]``: the whole fold, so a date is answered in the browser."""
    intervals = context.atlas.register.intervals()
    codes = _index(intervals["status"], STATUSES)
    out: dict[str, list[int]] = {}
    for work_id, day, code in zip(intervals["work_id"], intervals["date"], codes, strict=True):
        out.setdefault(str(work_id), []).extend((day_number(day), code))
    return out


def work_fields(context: MapContext, kinds: tuple[str, ...]) -> tuple[pd.DataFrame, dict[str, list[Any]]]:
    """The works of ``kinds`` and their columns without coordinates.

    Returns
    -------
    (DataFrame, dict)
        Rows of ``Register.state`` at the end of time, and equal-length lists: ``id, name, category, districts``
        (codes joined by ``|``), ``certainty, counted`` (positions in the lists of :mod:`geo.vocabulary`), ``counts`` (the certainty
        that the legend counts it with, -1 for a part of a work), ``accuracy`` (metres), ``history`` (day, status, day, status, ...; statuses as positions).
    """
    state = context.atlas.register.state(_FAR)
    rows = state[state["kind"].isin(kinds)]
    histories = _histories(context)
    counted_as = counted_certainty(state).map(CERTAINTIES.index).reindex(rows.index).fillna(-1)
    return rows, {
        "id": [str(work_id) for work_id in rows.index],
        "name": display_names(rows, context.lang),
        "category": [str(value) for value in rows["category"].fillna("")],
        "districts": [str(value) for value in rows["district_code"].fillna("")],
        "accuracy": [json_value(value) for value in rows["accuracy_m"]],
        "certainty": _index(rows["certainty"], CERTAINTIES),
        "counted": _index(rows["counted"], COUNTED),
        "counts": [int(place) for place in counted_as],
        "history": [histories.get(str(work_id), []) for work_id in rows.index],
    }


def work_columns(context: MapContext, kinds: tuple[str, ...]) -> Payload:
    """Columns of the works of ``kinds`` that are not lines; ``x``/``y`` are null where there is no place."""
    rows, fields = work_fields(context, kinds)
    fields["x"], fields["y"] = coordinates(rows, context.datum)
    keep = (rows["certainty"] != "line").tolist()
    return {
        "columns": {
            name: [v for v, k in zip(values, keep, strict=True) if k] for name, values in fields.items()
        }
    }


def facility_columns(context: MapContext, frame: pd.DataFrame, kind_names: dict[str, str]) -> Payload:
    """Columns of baseline facilities that have a place; ``opened`` and ``closed`` are day numbers, 0 if unknown.

    Parameters
    ----------
    context : MapContext
    frame : DataFrame
    kind_names : dict

    Returns
    -------
    Payload
    """
    rows = frame[frame["lon"].notna()]
    sources = context.atlas.pack.sources
    x, y = coordinates(rows, context.datum)
    certain = np.where(rows["accuracy_m"].to_numpy("float64") <= EXACT_LIMIT_M, "exact", "approximate")
    return {
        "columns": {
            "id": [str(facility_id) for facility_id in rows.index],
            "name": display_names(rows, context.lang),
            "source": [str(title) for title in sources["title"].reindex(rows["source_id"]).fillna("")],
            "label": [kind_names.get(str(kind), str(kind)) for kind in rows["kind"]],
            "category": [""] * len(rows),
            "districts": [str(value) for value in rows["district_code"].fillna("")],
            "accuracy": [json_value(value) for value in rows["accuracy_m"]],
            "certainty": _index(pd.Series(certain), CERTAINTIES),
            "opened": [0 if pd.isna(day) else day_number(day) for day in rows["opened"]],
            "closed": [0 if pd.isna(day) else day_number(day) for day in rows["closed"]],
            "x": x,
            "y": y,
        }
    }


def payload_of(shapes: Callable[[MapContext], Outlined]) -> Callable[[MapContext], Payload]:
    """What a layer of shapes sends while it is small: GeoJSON of the same outlines."""

    def payload(context: MapContext) -> Payload:
        geometry, properties = shapes(context)
        return feature_collection(geometry, properties, datum=context.datum)

    return payload


def feature_collection(geometry: GeoSeries, properties: list[dict[str, Any]], *, datum: str) -> Payload:
    """GeoJSON of WGS84 ``geometry`` sent in ``datum``, coordinates to 6 decimals (0.1 m).

    Parameters
    ----------
    geometry : GeoSeries
    properties : list of dict
    datum : str
        ``WGS84`` or ``GCJ02``: the system of the coordinates given back.

    Returns
    -------
    Payload
    """
    import shapely

    shifted = convert_geometry(geometry.to_numpy(), source="WGS84", target=datum)
    rounded = shapely.transform(shifted, lambda xy: np.round(xy, _DIGITS))
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": shapely.geometry.mapping(geom), "properties": props}
            for geom, props in zip(rounded, properties, strict=True)
        ],
    }
