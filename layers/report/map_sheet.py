"""What one printed map shows, and how large it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pandas as pd

from geo.register.city import Atlas
from layers.report.reach_sheet import ReachSheet

USUAL_LAYERS: Final = frozenset({"baseline_lines", "stations"})
"""What a report's map draws besides the works."""


@dataclass(frozen=True, eq=False)
class MapSheet:
    """What is drawn, and on which sheet.

    Attributes
    ----------
    atlas : Atlas
    rows : DataFrame
        Rows of ``Register.state``; those without a place are not drawn, and aggregates never are.
    as_of : date
    lang : str
    focus : str
        District code that the map looks at; empty for the city.
    bounds : (float, float, float, float) or None
        West, south, east, north in WGS84 degrees; the focus if None.
    numbers : mapping
        Work id -> number beside its sign; empty for none.
    title : str
        Above the map, if any.
    size : (float, float)
        Millimetres of the whole sheet.
    layers : frozenset of str
        Ids of the layers that a person may switch and that are drawn.
    shading : mapping
        District code -> 0 (light) to 1 (dark); empty for none.
    selected : str
        Id of the work with a ring around it; empty for none.
    reach : ReachSheet or None
        Who is served, where the map shows that.
    """

    atlas: Atlas
    rows: pd.DataFrame
    as_of: date
    lang: str = "zh"
    focus: str = ""
    bounds: tuple[float, float, float, float] | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    title: str = ""
    size: tuple[float, float] = (174.0, 150.0)
    layers: frozenset[str] = USUAL_LAYERS
    shading: Mapping[str, float] = field(default_factory=dict)
    selected: str = ""
    reach: ReachSheet | None = None
