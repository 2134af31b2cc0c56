"""Rows whose longitude and latitude stand in each other's column: pointed out, and put right on the person's word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from numpy.typing import ArrayLike

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.total_rows import rows_text
from geo.ingest.datum.reference_frames import inside
from geo.ingest.plan.row_findings import row_finding
from geo.places.crs import DEGREE_SYSTEMS
from geo.places.named_systems import lonlat
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


def east_first(
    rows: pd.DataFrame, systems: pd.Series[Any], bounds: ArrayLike
) -> tuple[pd.DataFrame, list[Finding]]:
    """Rows in metres whose northing stands first, as surveyors write X, with the easting first; one remark on all of them.

    Only one order can lie in the city, so nothing is asked.

    Parameters
    ----------
    rows : DataFrame
        Typed rows with ``x`` and ``y`` in the list's own system, NaN for none.
    systems : Series
        System of each row, empty where it is not known.
    bounds : array_like
        West, south, east, north of the city, WGS84 degrees.

    Returns
    -------
    DataFrame, list of Finding
    """
    turned: list[int] = []
    metric = systems.map(lambda name: str(name) not in DEGREE_SYSTEMS and bool(name)).astype(bool)
    given = rows["x"].notna() & rows["y"].notna() & metric
    for system, group in rows[given].groupby(systems[given]):
        x, y = group["x"].to_numpy("float64"), group["y"].to_numpy("float64")
        there = inside(*lonlat(x, y, str(system)), bounds)
        turned += group.index[~there & inside(*lonlat(y, x, str(system)), bounds)].tolist()
    if not turned:
        return rows, []
    wrong = rows.index.isin(turned)
    out = rows.assign(x=rows["x"].where(~wrong, rows["y"]), y=rows["y"].where(~wrong, rows["x"]))
    message = _("{n} 行先写北坐标（测量的 X），已按东坐标在前读：第 {rows} 行。")
    fields = {"n": len(turned), "rows": rows_text(turned)}
    return out, [Finding(None, "lon", "warning", message, "", fields)]
