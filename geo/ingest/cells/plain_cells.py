"""Cells that say one thing only, told for a whole column at once: what the readers of single cells would say of them.

Everything else (signs for "none", units, other widths, formulas that failed) is left to the readers.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.cells.header_terms import is_blank

_HAN: Final = "\u4e00-\u65df\u65e1-\u6681\u6683-\u7a79\u7a7b-\u9fa5"
"""Characters of names without 无, 暂 and 空, of which signs for "none" are made."""
_TEXT: Final = re.compile(rf"[0-9A-Za-z{_HAN}]*[{_HAN}][0-9A-Za-z\u4e00-\u9fa5（）()·\-]*")
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,12})?")
LONGEST_PLAIN: Final = 200
"""Longer texts are left to the readers, and so are fields that hold less."""


def plain_texts(cells: pd.Series[Any]) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    """Where cells are texts that are taken as they stand, and the cells."""
    raw = cells.to_numpy(object)
    match = _TEXT.fullmatch
    sure = np.fromiter(
        (type(cell) is str and len(cell) <= LONGEST_PLAIN and match(cell) is not None for cell in raw),
        bool,
        len(raw),
    )
    return sure, raw


def plain_numbers(
    cells: pd.Series[Any], factor: float | None = None
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Where cells are decimal numbers and nothing more, and those numbers; numbers of a file that knows numbers, too.

    With a ``factor`` they are multiplied by it and rounded to ten digits, as :func:`geo.ingest.cells.values.read_number` does where a
    unit is known.
    """
    sure, numbers = _decimal_numbers(cells)
    if factor is not None:
        numbers = numbers.copy()
        numbers[sure] = [float(f"{number * factor:.10g}") for number in numbers[sure].tolist()]
    return sure, numbers


def _decimal_numbers(cells: pd.Series[Any]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    if cells.dtype in ("float64", "int64"):
        numbers = cells.to_numpy("float64")
        return np.isfinite(numbers), numbers
    raw, match = cells.to_numpy(object), _NUMBER.fullmatch
    sure = np.fromiter((type(cell) is str and match(cell) is not None for cell in raw), bool, len(raw))
    numbers = np.full(len(raw), np.nan)
    numbers[sure] = raw[sure].astype("float64")
    return sure, numbers


def is_blank_column(cells: pd.Series[Any]) -> NDArray[np.bool_]:
    """Where cells say nothing (:func:`geo.ingest.cells.header_terms.is_blank`), each text looked at once."""
    if cells.dtype in ("float64", "int64"):
        return np.asarray(np.isnan(cells.to_numpy("float64")), bool)
    raw, match = cells.to_numpy(object), _PLAINLY_FILLED.search
    seen: dict[Any, bool] = {}
    out = np.zeros(len(raw), bool)
    for at, cell in enumerate(raw):
        if type(cell) is str:
            if match(cell) is not None:
                continue
            known = seen.get(cell)
            if known is None:
                known = seen[cell] = is_blank(cell)
            out[at] = known
        else:
            out[at] = is_blank(cell)
    return out


_PLAINLY_FILLED: Final = re.compile(rf"[0-9{_HAN}]")
"""No sign for "none" has a digit or such a character, and none vanishes where a cell is tidied."""


def blank_rows(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows of which every cell says nothing."""
    left = np.arange(len(frame))
    for at in range(frame.shape[1]):
        if not len(left):
            break
        left = left[is_blank_column(frame.iloc[left, at])]
    out = np.zeros(len(frame), bool)
    out[left] = True
    return out


_INERT: Final = re.compile("[0-9a-z.\\-\u4e00-\u9fa5]+")
"""Texts that stay as they are when they are tidied, put in lower case and squeezed."""


def rows_of_few_texts(frame: pd.DataFrame, most: int) -> NDArray[np.int64]:
    """Positions of all rows that hold at most so many different texts, and of some that hold more: each is to be looked at.

    Parameters
    ----------
    frame : DataFrame
        Cells as found.
    most : int

    Returns
    -------
    ndarray of int
    """
    filled = [~is_blank_column(frame.iloc[:, at]) for at in range(frame.shape[1])]
    fullest = sorted(range(len(filled)), key=lambda at: -int(filled[at].sum()))[: most + 1]
    if len(fullest) <= most:
        return np.arange(len(frame))
    columns = [frame.iloc[:, at].to_numpy(object) for at in fullest]
    many = np.ones(len(frame), bool)
    for cells in columns:
        many &= np.fromiter(
            (type(cell) is str and _INERT.fullmatch(cell) is not None for cell in cells), bool, len(cells)
        )
    for at in fullest:
        many &= filled[at]
    for at, cells in enumerate(columns):
        for other in columns[:at]:
            many &= (cells != other).astype(bool)
    return np.flatnonzero(~many)
