"""Single values: the one place where "unknown" becomes null, a text becomes a number, and a text becomes a day."""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.errors import ParameterError
from geo.text import mark as _

_LONGEST_NUMBER: Final = 40


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


def read_number(value: Any) -> float:
    """A finite number of a text or a number; digits may be full-width, as Chinese keyboards write them.

    Raises
    ------
    ValueError
        No number, infinite, longer than 40 characters, or true and false, which Python counts as numbers.
    """
    if isinstance(value, bool) or (isinstance(value, str) and len(value) > _LONGEST_NUMBER):
        raise ValueError("no number")
    try:
        number = float(value)
    except (TypeError, OverflowError) as error:
        raise ValueError("no number") from error
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number + 0.0  # so that minus zero is zero


def is_number(value: Any) -> bool:
    """Whether :func:`read_number` can read a value."""
    try:
        read_number(value)
    except ValueError:
        return False
    return True
