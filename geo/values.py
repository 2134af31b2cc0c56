"""Values as JSON has them: the one place where "unknown" becomes null, and where a word becomes a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from geo.errors import ParameterError
from geo.text import mark as _


def is_unknown(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, NaT or pandas' NA."""
    return value is None or (not isinstance(value, (str, list, dict)) and bool(pd.isna(value)))


def json_value(value: Any) -> Any:
    """A cell as JSON has it: unknown as None, dates as ISO text, numpy numbers as Python's, whole floats as integers."""
    if is_unknown(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def read_day(text: str) -> date:
    """``2021-12-31`` as a date, today for an empty word; ``ParameterError`` for anything else."""
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ParameterError(
            _("“{value}”不是日期。"), hint=_("请写成 2021-12-31 这样。"), value=text
        ) from error
