"""The facilities of a coverage question as the map fetches them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.coverage.question import Question
from geo.register.city import Atlas
from geo.register.facilities import SETS
from geo.values import json_value
from layers.map.payload import coordinates, display_names
from layers.map.spec import Payload


def reach_columns(atlas: Atlas, question: Question, lang: str, datum: str) -> Payload:
    """Placed facilities of a coverage question, with the sets each belongs to.

    Columns ``id, name, acc, x, y`` and ``sets``: the sum of 1 (before), 2 (on the day) and 4 (all promised).
    """
    frames = [question.facilities(atlas, which).placed for which in SETS]
    every = pd.concat(frames)
    every = every[~every.index.duplicated()]
    bits = sum((every.index.isin(frame.index).astype(int) << bit for bit, frame in enumerate(frames)), 0)
    x, y = coordinates(every, datum)
    return {
        "columns": {
            "id": [str(key) for key in every.index],
            "name": display_names(every, lang),
            "accuracy": [json_value(value) for value in every["accuracy_m"].fillna(0)],
            "sets": [int(bit) for bit in np.atleast_1d(bits)],
            "x": x,
            "y": y,
        }
    }
