"""Rows whose longitude and latitude stand in each other's column: pointed out, and put right on the person's word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geo.ingest.cells.findings import Finding
from geo.ingest.plan.row_findings import row_finding
from geo.text import mark as _

RULE: Final = "lonlat_swapped"
SWAP: Final = "swap"
CHOICES: Final = ((SWAP, _("对调")),)
CHINA: Final = (73.0, 3.0, 136.0, 54.0)
"""West, south, east and north of the country, degrees."""


def is_swapped(x: Any, y: Any) -> Any:
    """Whether two numbers are a place in the country only the other way round; of arrays, each pair."""
    west, south, east, north = CHINA
    return (y >= west) & (y <= east) & (x >= south) & (x <= north)


def put_right(rows: pd.DataFrame, rules: Mapping[str, str]) -> tuple[pd.DataFrame, list[Finding]]:
    """Rows with their coordinates the right way round where the person says so, and a remark on each that was changed.

    Parameters
    ----------
    rows : DataFrame
        Typed rows with ``x`` and ``y`` in the list's own system, NaN for none.
    rules : mapping
        Answers that hold for the whole file.

    Returns
    -------
    DataFrame, list of Finding
    """
    if rules.get(RULE) != SWAP:
        return rows, []
    wrong = is_swapped(rows["x"], rows["y"])
    out = rows.assign(x=rows["x"].where(~wrong, rows["y"]), y=rows["y"].where(~wrong, rows["x"]))
    remarks = [
        row_finding(row, "lon", "warning", _("经度和纬度写反了，已对调。"), "") for row in rows.index[wrong]
    ]
    return out, remarks
