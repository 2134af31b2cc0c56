"""A colour of its own for each line on the map: this map's choice, not the operators' liveries, of which no source is held.

Each is as light as white letters on it (4.5 to 1, WCAG 2 AA) and dark ground beside it (3 to 1) allow, so one colour serves both themes.
"""

from __future__ import annotations

import pandas as pd

from geo.display.tokens import LINES


def line_colours(lines: pd.DataFrame) -> pd.Series[str]:
    """The colour of each of ``Pack.lines``, by its id: one after the other within a category, so that lines of one network differ."""
    place = lines.groupby("category", sort=False).cumcount()
    return place.mod(len(LINES)).map(dict(enumerate(LINES)))
