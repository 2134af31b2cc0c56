"""The facilities and the gaps of a coverage question as the map fetches them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage.question import question_facilities
from geo.places.english_names import display_names
from geo.questions.coverage import SETS, ReachQuestion
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.values import json_value
from layers.map.payload import coordinates, feature_collection
from layers.map.spec import MapContext, Payload


def reach_columns(atlas: Atlas, question: ReachQuestion, lang: str, datum: str) -> Payload:
    """Placed facilities of a coverage question, with the sets each belongs to.

    Columns ``id, name, accuracy, x, y`` and ``sets``: the sum of 1 (before), 2 (on the day) and 4 (all promised).

    Parameters
    ----------
    atlas : Atlas
    question : ReachQuestion
    lang : str
        ``zh`` or ``en``.
    datum : str
        ``WGS84`` or ``GCJ02``: the system of the coordinates given back.

    Returns
    -------
    Payload
    """
    frames = [question_facilities(atlas, question, which).placed for which in SETS]
    every = pd.concat(frames)
    every = every[~every.index.duplicated()]
    bits = sum((every.index.isin(frame.index).astype(int) << bit for bit, frame in enumerate(frames)), 0)
    columns = _columns(every, lang, datum)
    return {"columns": columns | {"sets": [int(bit) for bit in np.atleast_1d(bits)]}}


def facility_columns(facilities: Facilities, context: MapContext) -> Payload:
    """Placed facilities of one set: columns ``id, name, accuracy, x, y``."""
    return {"columns": _columns(facilities.placed, context.lang, context.datum)}


def _columns(placed: pd.DataFrame, lang: str, datum: str) -> dict[str, list[Any]]:
    x, y = coordinates(placed, datum)
    return {
        "id": [str(key) for key in placed.index],
        "name": display_names(placed, lang),
        "accuracy": [json_value(value) for value in placed["accuracy_m"].fillna(0)],
        "x": x,
        "y": y,
    }


def gap_collection(frame: gpd.GeoDataFrame, datum: str) -> Payload:
    """Gaps (:func:`geo.coverage.gaps.gaps`) as GeoJSON with simpler outlines, to about 20 m."""
    properties = [
        {str(name): json_value(value) for name, value in row.items()}
        for row in frame.drop(columns="geometry").to_dict("records")
    ]
    simple = frame.geometry.simplify(0.0002)
    keep = simple.where(~simple.is_empty & simple.is_valid, frame.geometry)
    return feature_collection(keep, properties, datum=datum)
