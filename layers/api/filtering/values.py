"""What the parts of a filter are worth on every row: texts, numbers, truths, moments, spans and shapes; None where unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.text import Message
from geo.text import mark as _

ALWAYS: Final = (np.datetime64("0001-01-01", "s"), np.datetime64("9999-12-31T23:59:59", "s"))
"""What an open end of a span is held to."""
_KINDS: Final = {
    "text": _("文本"),
    "number": _("数"),
    "truth": _("条件"),
    "moment": _("日期或时刻"),
    "span": _("时段"),
    "shape": _("图形"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """The values of one part of a filter, one a row.

    Attributes
    ----------
    kind : str
        ``text``, ``number``, ``truth``, ``moment``, ``span`` or ``shape``.
    cells : Series or ndarray
        Nullable text, number or truth; ``datetime64[s]`` with NaT; shapes with None.
    ends : ndarray or None
        The later ends of spans.
    constant : object
        The value itself, where it is written in the filter.
    """

    kind: str
    cells: Any
    ends: Any = None
    constant: Any = None


def cannot(reason: str, **params: object) -> ParameterError:
    """The refusal of a filter that can be read and not answered; ``reason``, a message id, says which part."""
    return ParameterError(_("无法回答 filter。"), hint=reason, **params)


def kind_name(value: Value) -> Message:
    """What a person calls the kind of a value."""
    return Message(_KINDS[value.kind])


def constant(value: Any, rows: int) -> Value:
    """A value of the filter's own text: a text, a number or a truth."""
    if isinstance(value, bool):
        return Value("truth", pd.Series(np.full(rows, value), dtype="boolean"), constant=value)
    if isinstance(value, int | float):
        if not np.isfinite(value):
            raise cannot(_("有一个数太大。"))
        return Value("number", pd.Series(np.full(rows, float(value)), dtype="Float64"), constant=value)
    return Value("text", pd.Series([value] * rows, dtype="string"), constant=value)


def moment(text: str) -> np.datetime64:
    """A date or time of RFC 3339 as a moment (UTC); ``ParameterError`` for what is none."""
    try:
        stamp = pd.Timestamp(text) if len(text) >= len("2021-01-01") else None
    except (ValueError, OverflowError) as error:
        raise cannot(_("“{value}”不是日期或时刻。"), value=text[:40]) from error
    if stamp is None or pd.isna(stamp) or not text[:4].isdigit():
        raise cannot(_("“{value}”不是日期或时刻。"), value=text[:40])
    plain = stamp.tz_convert(None) if stamp.tzinfo else stamp
    return np.datetime64(plain.isoformat()[:19], "s")


def moments(text: str, rows: int) -> Value:
    """The same moment on every row."""
    return Value("moment", np.full(rows, moment(text)), constant=text)


def column(frame: gpd.GeoDataFrame, name: str, *, date: bool) -> Value:
    """A column of the rows, of the kind that its cells have.

    Parameters
    ----------
    frame : GeoDataFrame
    name : str
    date : bool
        Whether it holds dates.

    Returns
    -------
    Value
    """
    if name == "geometry":
        return Value("shape", frame.geometry.to_numpy())
    cells = frame[name]
    if date:
        texts = [
            None if cell is None or cell is pd.NaT or pd.isna(cell) else str(cell)[:19] for cell in cells
        ]
        return Value("moment", np.array([text or "NaT" for text in texts], dtype="datetime64[s]"))
    kinds: dict[str, tuple[str, str]] = {
        "b": ("truth", "boolean"),
        "f": ("number", "Float64"),
        "i": ("number", "Int64"),
        "u": ("number", "Int64"),
    }
    kind, dtype = kinds.get(cells.dtype.kind, ("text", "string"))
    return Value(kind, cells.reset_index(drop=True).astype(dtype))


def as_moments(value: Value) -> Value:
    """A text of the filter as a moment, beside a column of dates."""
    if value.kind == "text" and isinstance(value.constant, str):
        return moments(value.constant, len(value.cells))
    return value


def alike(one: Value, other: Value) -> tuple[Value, Value]:
    """Two values that can be compared; ``ParameterError`` where their kinds differ."""
    if "moment" in (one.kind, other.kind):
        one, other = as_moments(one), as_moments(other)
    if one.kind != other.kind or one.kind in ("shape", "span"):
        raise cannot(_("{one}和{other}不能比较。"), one=kind_name(one), other=kind_name(other))
    return one, other


def truth(holds: NDArray[np.bool_], known: NDArray[np.bool_]) -> Value:
    """A condition: true, false, or unknown where it is not known."""
    return Value("truth", pd.Series(pd.arrays.BooleanArray(holds.astype(bool), ~known)))


def compared(one: Value, other: Value, compare: Callable[[Any, Any], Any]) -> Value:
    """A comparison on every row; unknown where one side is.

    Parameters
    ----------
    one : Value
    other : Value
    compare : callable
        Of two arrays.

    Returns
    -------
    Value

    Raises
    ------
    ParameterError
        Their kinds cannot be compared.
    """
    one, other = alike(one, other)
    if one.kind == "moment":
        return truth(compare(one.cells, other.cells), ~(np.isnat(one.cells) | np.isnat(other.cells)))
    return Value("truth", compare(one.cells, other.cells).astype("boolean"))
