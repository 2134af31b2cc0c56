"""What is needed to say what is near any place of the city on one day, for a browser that asks no server (static/near/answer.js).

The answer is that of :mod:`geo.register.near`: the same errors, sets and sentences, so that a position never has to leave the browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import pandas as pd
import shapely
from pyproj import CRS

from geo.display.labels import district_names
from geo.display.near_texts import NEAR_TEXTS
from geo.display.symbology import STATUS_STYLES
from geo.places.english_names import display_names
from geo.questions.coverage import SETS, SetName
from geo.questions.near import STATION_M
from geo.register.city import Atlas
from geo.register.completeness import is_complete, stated_as_of
from geo.register.facilities import before_day
from geo.register.near import BOUNDS_M, MARGIN_DEGREES, unplaced_counts
from geo.register.near_facilities import BUS_STOPS, STATIONS, known_set, unplaced_numbers
from geo.register.register import Register
from geo.register.selection import Selection
from geo.text import translate
from geo.values import json_value
from geo.vocabulary import NAMED_WORK_KINDS

_DECIMALS: Final = 6
"""Of degrees in outlines: a tenth of a metre."""
KINDS: Final = (*STATIONS, *BUS_STOPS)
"""Kinds of facilities that are asked for near a place."""
_PROJECTION: Final = {
    "lat_0": "Latitude of natural origin",
    "lon_0": "Longitude of natural origin",
    "k": "Scale factor at natural origin",
    "x_0": "False easting",
    "y_0": "False northing",
}


def facility_tables(register: Register, as_of: date, lang: str) -> dict[str, Any]:
    """The stations and stops of :func:`near_table`: they follow from the facilities, and from the works that bring such (:data:`KINDS`).

    Parameters
    ----------
    register : Register
    as_of : date
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
        ``stations`` by set, ``stops``.
    """
    return {
        "stations": {which: _stations(register, which, as_of, lang) for which in SETS},
        "stops": _stops(register, as_of, lang),
    }


def near_table(
    atlas: Atlas, as_of: date, lang: str, *, scope: str = "plan", facilities: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Places with their errors, and the words of the answer (JSON-serialisable, no NaN).

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.
    scope : {"plan", "probable", "all"}
        Which works.
    facilities : dict or None
        :func:`facility_tables`, where they are known already.

    Returns
    -------
    dict
        Points and outlines in WGS84 degrees, errors in metres; ``projection`` is the system that distances are measured in, as
        PROJ writes it.
    """
    register, names = (
        atlas.register,
        {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()},
    )
    state = register.state(as_of)
    rows = Selection(scope=scope).apply(state)
    named = rows[rows["kind"].isin(NAMED_WORK_KINDS)]
    codes = tuple(names)
    listed = facilities or facility_tables(register, as_of, lang)
    return {
        "lang": lang,
        "as_of": as_of.isoformat(),
        "projection": projection(atlas.city.projected_crs),
        "box": [float(edge) for edge in atlas.districts.total_bounds],
        "margin": MARGIN_DEGREES,
        "bounds": list(BOUNDS_M),
        "station_m": STATION_M,
        "before_day": before_day(register).isoformat(),
        "districts": [
            {"code": code, "name": names[code], "rings": _rings(atlas.districts.geometry[code])}
            for code in codes
        ],
        "lines": {
            str(line_id): [_points(part.coords) for part in shapely.get_parts(line)]
            for line_id, line in register.pack.lines.geometry.items()
        },
        "works": _works(named[named["lon"].notna() | named["line_id"].notna()], names, lang),
        "statuses": {
            style.id: {"id": style.id, "mark": style.mark, "label": translate(style.label, lang)}
            for style in STATUS_STYLES
        },
        "unplaced": {
            str(code): [int(counts["works"]), int(counts["totals"])]
            for code, counts in unplaced_counts(rows, codes).iterrows()
        },
        "stations": listed["stations"],
        "stops": listed["stops"],
        "complete": {
            name: [code for code in codes if is_complete(register, kinds, code)]
            for name, kinds in (("stations", STATIONS), ("stops", BUS_STOPS))
        },
        "stated": {code: stated_as_of(register, BUS_STOPS, [code]) for code in ("", *codes)},
        "places": _places(state),
        "texts": {name: translate(text, lang) for name, text in NEAR_TEXTS.items()},
    } | atlas.pack.plan_inputs


def projection(projected: str) -> str:
    """The transverse Mercator system ``EPSG:n`` as PROJ writes it; its datum counts as WGS84 (:mod:`geo.places.crs`)."""
    operation = CRS(projected).coordinate_operation
    values = {each.name: each.value for each in operation.params} if operation else {}
    parameters = " ".join(f"+{short}={values[name]:.12g}" for short, name in _PROJECTION.items())
    return f"+proj=tmerc {parameters} +ellps=GRS80 +units=m +no_defs"


def _points(coordinates: Iterable[Any]) -> list[list[float]]:
    return [[float(x), float(y)] for x, y, *_height in coordinates]


def _rings(outline: Any) -> list[list[list[float]]]:
    rings = [ring for part in shapely.get_parts(outline) for ring in (part.exterior, *part.interiors)]
    return [[[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y in _points(ring.coords)] for ring in rings]


def _works(rows: pd.DataFrame, names: dict[str, str], lang: str) -> dict[str, list[Any]]:
    return {
        "id": [str(key) for key in rows.index],
        "name": display_names(rows, lang),
        "district": [district_names(code, names, lang) for code in rows["district_code"]],
        "status": [str(status) for status in rows["status"]],
        "line": [json_value(value) for value in rows["line_id"]],
        **_where(rows),
    }


def _where(rows: pd.DataFrame) -> dict[str, list[Any]]:
    """Degrees, null without a point of its own; error in metres."""
    return {
        "lon": [json_value(value) for value in rows["lon"]],
        "lat": [json_value(value) for value in rows["lat"]],
        "accuracy": [json_value(value) for value in rows["accuracy_m"].fillna(0.0)],
    }


def _stations(register: Register, which: SetName, as_of: date, lang: str) -> dict[str, Any] | None:
    """A set of stations; null where the register knows none on any day. ``without`` has those without a place: how many, and the line
    of the work that brings them with its error, null where there is none."""
    stations = known_set(register, STATIONS, which, as_of)
    if stations is None:
        return None
    state = register.state(as_of)
    without = [
        [float(number), *_line(state, str(work_id))] for work_id, number in unplaced_numbers(stations).items()
    ]
    day = before_day(register) if which == "before" else as_of
    members = [] if which == "before" else [str(key) for key in stations.frame.index]
    return {"day": day.isoformat(), "members": members, "without": without, **_named(stations.placed, lang)}


def _named(rows: pd.DataFrame, lang: str) -> dict[str, list[Any]]:
    names = display_names(rows, lang)
    return {"id": [str(key) for key in rows.index], "name": names, **_where(rows)}


def _line(state: pd.DataFrame, work_id: str) -> tuple[str | None, float | None]:
    if work_id not in state.index:
        return None, None
    return json_value(state.at[work_id, "line_id"]), json_value(state.at[work_id, "accuracy_m"])


def _stops(register: Register, as_of: date, lang: str) -> dict[str, list[Any]] | None:
    stops = known_set(register, BUS_STOPS, "as_of", as_of)
    return None if stops is None else _named(stops.placed, lang)


def _places(state: pd.DataFrame) -> dict[str, list[float]]:
    """Works that are at one place: degrees, error in metres."""
    rows = state[state["lon"].notna()]
    where = _where(rows)
    return {
        str(key): [lon, lat, accuracy]
        for key, lon, lat, accuracy in zip(
            rows.index, where["lon"], where["lat"], where["accuracy"], strict=True
        )
    }
