"""Relations of spans of time, as CQL2 defines them. A moment is a span whose ends are the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.text import mark as _
from layers.api.filtering.values import ALWAYS, Value, as_moments, cannot, kind_name, moment, truth

Relation = Callable[[Any, Any, Any, Any], Any]
RELATIONS: Final[dict[str, Relation]] = {
    "t_after": lambda a, _b, _c, d: a > d,
    "t_before": lambda _a, b, c, _d: b < c,
    "t_contains": lambda a, b, c, d: (a < c) & (b > d),
    "t_disjoint": lambda a, b, c, d: (a > d) | (b < c),
    "t_during": lambda a, b, c, d: (a > c) & (b < d),
    "t_equals": lambda a, b, c, d: (a == c) & (b == d),
    "t_finishedby": lambda a, b, c, d: (a < c) & (b == d),
    "t_finishes": lambda a, b, c, d: (a > c) & (b == d),
    "t_intersects": lambda a, b, c, d: (a <= d) & (b >= c),
    "t_meets": lambda _a, b, c, _d: b == c,
    "t_metby": lambda a, _b, _c, d: a == d,
    "t_overlappedby": lambda a, b, c, d: (a > c) & (a < d) & (b > d),
    "t_overlaps": lambda a, b, c, d: (a < c) & (b > c) & (b < d),
    "t_startedby": lambda a, b, c, d: (a == c) & (b > d),
    "t_starts": lambda a, b, c, d: (a == c) & (b < d),
}
"""By the function's name: ``[a, b]`` to ``[c, d]``."""


def span(ends: list[Value | str], rows: int) -> Value:
    """``INTERVAL(first, last)``: each end a column, a date or time, or ``..`` for open."""
    if len(ends) != len(ALWAYS):
        raise cannot(_("时段要有两端。"))
    first, last = (_end(end, rows, limit) for end, limit in zip(ends, ALWAYS, strict=True))
    return Value("span", first, ends=last)


def _end(end: Value | str, rows: int, limit: np.datetime64) -> NDArray[np.datetime64]:
    if isinstance(end, str):
        return np.full(rows, limit if end in ("..", "") else moment(end))
    if end.kind != "moment":
        raise cannot(_("时段的一端要是日期，不是{kind}。"), kind=kind_name(end))
    cells: NDArray[np.datetime64] = end.cells
    return cells


def related(name: str, one: Value, other: Value) -> Value:
    """A relation of two spans on every row; unknown where an end is.

    Parameters
    ----------
    name : str
        A key of :data:`RELATIONS`.
    one : Value
    other : Value

    Returns
    -------
    Value
    """
    (a, b), (c, d) = _ends(one), _ends(other)
    known = ~(np.isnat(a) | np.isnat(b) | np.isnat(c) | np.isnat(d))
    return truth(RELATIONS[name](a, b, c, d), known)


def _ends(value: Value) -> tuple[Any, Any]:
    value = as_moments(value)
    if value.kind == "span":
        return value.cells, value.ends
    if value.kind != "moment":
        raise cannot(_("要日期、时刻或时段，不是{kind}。"), kind=kind_name(value))
    return value.cells, value.cells
