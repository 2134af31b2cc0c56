"""What a map shows of a scenario's edits: facilities put somewhere or removed, streets linked or closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.atlas import load_atlas
from geo.coverage.question import question_facilities
from geo.places.crs import convert
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown
from geo.whatif.edits import EditedSet, Place
from geo.whatif.scenario import Edit, Scenario
from layers.analysis.answers import WhatIfAnswer, what_if
from layers.analysis.questions import SCENARIO, Parameters, question_of, scenario_of
from layers.workers.run import Run

DATUMS: Final = ("WGS84", "GCJ02")
EDIT_LABELS: Final = {
    "added": _("增加的设施"),
    "moved": _("移动的设施"),
    "removed": _("移除的设施"),
    "link": _("连通的街道"),
    "closed": _("封闭的街道"),
}
"""The kinds of marks, and what a legend says of each."""

Mark = dict[str, Any]


def scenario_marks(parameters: Parameters, lang: str) -> list[Mark]:
    """The marks of the scenario among the parameters of a question; empty without one."""
    scenario = scenario_of(parameters)
    if scenario is None or not scenario.edits:
        return []
    plain = _plain(parameters)
    return edit_marks(plain, scenario, what_if(plain, scenario.to_json(), lang).result, lang)


def marks_ahead(parameters: Parameters, lang: str) -> list[Run[WhatIfAnswer]]:
    """What workers do for :func:`scenario_marks`, begun for who waits without a thread."""
    scenario = scenario_of(parameters) if parameters else None
    if scenario is None or not scenario.edits:
        return []
    return what_if.ahead(_plain(parameters), scenario.to_json(), lang)


def _plain(parameters: Parameters) -> Parameters:
    return tuple(pair for pair in parameters if pair[0] != SCENARIO)


def edit_marks(parameters: Parameters, scenario: Scenario, result: EditedSet, lang: str) -> list[Mark]:
    """What the map shows of the edits, in both systems that its base maps use.

    Parameters
    ----------
    parameters : Parameters
        The question, for the facilities as they were.
    scenario : Scenario
    result : EditedSet
        What its edits came to.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of dict
        ``op`` (a key of :data:`EDIT_LABELS`) with ``at`` or ``line``: datum -> longitude and latitude; ``id``, ``name``, ``accuracy``
        (metres) of facilities.
    """
    frame = question_facilities(load_atlas(), question_of(parameters)).frame
    marks = [_facility_mark(frame, key, place, lang) for key, place in result.placed.items()]
    marks += [_street_mark(edit, lang) for edit in scenario.edits]
    return [mark for mark in marks if mark is not None]


def _facility_mark(frame: pd.DataFrame, key: str, place: Place | None, lang: str) -> Mark | None:
    """A facility at its new place, or where it was (``place`` is None) if it is removed; None for one without a place."""
    known = key in frame.index
    name = str(frame.at[key, f"name_{lang}"] or "") if known else place.name if place else ""
    if place is not None:
        at = _both([(place.lon, place.lat)], one=True)
        op = "moved" if known else "added"
        return {"id": key, "op": op, "name": name, "accuracy": place.accuracy_m, "at": at}
    if not known or is_unknown(frame.at[key, "lon"]):
        return None
    at = _both([(frame.at[key, "lon"], frame.at[key, "lat"])], one=True)
    return {"id": key, "op": "removed", "name": name, "accuracy": 0, "at": at}


def _street_mark(edit: Edit, lang: str) -> Mark | None:
    if edit.op == "link":
        return {"op": "link", "line": _both(edit.line)}
    if edit.op == "close":
        return {"op": "closed", "name": translate(_("封闭"), lang), "at": _both([edit.at], one=True)}
    return None


def _both(places: Sequence[Any], *, one: bool = False) -> dict[str, Any]:
    made = {datum: [list(at) for at in converted(places, "WGS84", datum)] for datum in DATUMS}
    return {datum: each[0] if one else each for datum, each in made.items()}


def converted(places: Sequence[Any], source: str, target: str) -> list[tuple[float, float]]:
    """Longitudes and latitudes in another system, to a centimetre.

    Parameters
    ----------
    places : sequence of (float, float)
        Degrees of ``source``.
    source, target : str
        ``WGS84`` or ``GCJ02``.

    Returns
    -------
    list of (float, float)
        Degrees of ``target``.
    """
    if not places:
        return []
    x, y = convert([at[0] for at in places], [at[1] for at in places], source=source, target=target)
    return [(lon, lat) for lon, lat in np.column_stack([x, y]).round(7).tolist()]
