"""Whole columns at once: what :mod:`geo.values` and a spreadsheet say of one cell, without a step a cell.

A column is cut by the types of its cells; each type is answered as an array, or by a call for each value that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.values import json_value

Array = np.ndarray[Any, np.dtype[Any]]
_AS_THEY_ARE: Final = frozenset({str, bool, int, type(None)})
_WHOLE_IN_64_BITS: Final = 2.0**63


def objects(cells: Sequence[Any]) -> Array:
    """Cells as an array of Python's own objects; a list in a cell stays one cell."""
    return np.fromiter(cells, object, len(cells))


def by_type(cells: Sequence[Any] | Array) -> Iterator[tuple[type, Array]]:
    """Each type of the cells with the places where it stands."""
    codes, types = pd.factorize(objects(list(map(type, cells))))
    for code, kind in enumerate(types):
        yield kind, np.flatnonzero(codes == code)


def json_cells(values: pd.Series[Any]) -> list[Any]:
    """:func:`geo.values.json_value` of each cell."""
    cells = values.tolist()
    if set(map(type, cells)) <= _AS_THEY_ARE:
        return cells
    out = objects(cells)
    for kind, places in by_type(cells):
        if kind is float:
            out[places] = _plain_numbers(out[places].astype("float64"))
        elif kind is date:
            out[places] = each_once(date.isoformat, out[places])
        elif kind not in _AS_THEY_ARE:
            out[places] = objects(list(map(json_value, out[places])))
    return list(out)


def each_once(answer: Callable[[Any], Any], values: Array) -> Array:
    """``answer`` of each value, called once for those that are equal; unknown ones (None, NaN) stay as they are.

    Parameters
    ----------
    answer : callable
    values : array of object
        Of one type, so that what is equal is the same.

    Returns
    -------
    array of object
    """
    codes, different = pd.factorize(values)
    answers = objects([*map(answer, different), None])[codes]
    unknown = codes < 0
    answers[unknown] = values[unknown]
    return answers


def labels_of(codes: pd.Series[Any], label: Callable[[str], str | None]) -> list[str | None]:
    """The ``label`` of each code, called once for those that are equal; None for an unknown code."""
    numbers, different = pd.factorize(codes.to_numpy(object))
    labels = objects([*(label(str(code)) for code in different), None])
    return list(labels[numbers])


def dictionaries(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows as dictionaries, of columns of one length."""
    names = tuple(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain_numbers(numbers: Array) -> Array:
    """Floats as JSON has them: NaN as None, whole ones as integers of any length."""
    out = numbers.astype(object)
    with np.errstate(invalid="ignore"):
        is_whole = np.isfinite(numbers) & (numbers == np.trunc(numbers))
    is_short = is_whole & (np.abs(numbers) < _WHOLE_IN_64_BITS)
    out[is_short] = numbers[is_short].astype("int64").astype(object)
    out[is_whole & ~is_short] = objects(list(map(int, numbers[is_whole & ~is_short])))
    out[np.isnan(numbers)] = None
    return out
