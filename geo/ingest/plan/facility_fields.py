"""What a row of a list says of a facility, in the register's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.ingest.plan.to_batch import LOCATION, value_or_none

AREA_UNIT: Final = "m2"


def closing_day(cells: Mapping[str, Any]) -> date | None:
    """The day on which a row says that a facility closed; None where it says none, or only plans it."""
    day: date | None = cells["closed"]
    return None if cells["closed_planned"] else day


def size_fields(cells: Mapping[str, Any]) -> dict[str, Any]:
    """How large a row says a facility is; a number of square metres is its area, any other its capacity."""
    number, unit = cells["quantity"], cells["unit"]
    is_area = unit == AREA_UNIT
    area = cells["area_m2"]
    if is_area and not np.isfinite(area):
        area = number
    return {
        "capacity": None if is_area else number,
        "capacity_unit": unit if not is_area and np.isfinite(number) else None,
        "level": cells["level"],
        "area_m2": area,
        "service_population": cells["service_population"],
    }


def closing_days(rows: pd.DataFrame) -> pd.Series[Any]:
    """:func:`closing_day` of each row."""
    return rows["closed"].where(~rows["closed_planned"].astype(bool), None)


def size_columns(rows: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """:func:`size_fields` of all rows, by field."""
    number, unit, area = rows["quantity"], rows["unit"], rows["area_m2"]
    is_area = unit == AREA_UNIT
    return {
        "capacity": number.where(~is_area, np.nan),
        "capacity_unit": unit.where(~is_area & np.isfinite(number), None),
        "level": rows["level"],
        "area_m2": area.where(~(is_area & ~np.isfinite(area)), number),
        "service_population": rows["service_population"],
    }


def known_fields(cells: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of a facility that the register has: its size, its address, its end, and its place if the row gives one."""
    brought = {**size_fields(cells), "address_zh": cells["address"], "closed": closing_day(cells)}
    if cells["how"] == "given":
        brought |= {name: cells[name] for name in LOCATION}
    return {name: value_or_none(value) for name, value in brought.items()}
