"""Values as JSON has them: the one place where "unknown" becomes null."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd


def is_unknown(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, NaT or pandas' NA."""
    return value is None or (not isinstance(value, (str, list, dict)) and bool(pd.isna(value)))


def plain(value: Any) -> Any:
    """A cell as JSON has it: unknown as None, dates as ISO text, numpy numbers as Python's, whole floats as integers."""
    if is_unknown(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value
