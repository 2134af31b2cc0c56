"""A colour of its own for each line on the map: this map's choice, not the operators' liveries, of which no source is held.

Each is as light as white letters on it (4.5 to 1, WCAG 2 AA) and dark ground beside it (3 to 1) allow, so one colour serves both themes.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

LINE_COLOURS: Final = (
    "#db2c1f",
    "#3e821c",
    "#2473cd",
    "#a846c9",
    "#b15c1f",
    "#0f7f89",
    "#cf2c8b",
    "#7e740e",
    "#7161d8",
)


def line_colours(lines: pd.DataFrame) -> pd.Series[str]:
    """The colour of each of ``Pack.lines``, by its id: one after the other within a category, so that lines of one network differ."""
    place = lines.groupby("category", sort=False).cumcount()
    return place.mod(len(LINE_COLOURS)).map(dict(enumerate(LINE_COLOURS)))
