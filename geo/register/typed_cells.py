"""Cells of a pack's tables as values: a column of texts at a time, each different text once.

Plain lists and numpy alone, for every start of the program reads a dozen small tables, and a frame of pandas a step takes longer than the
reading. Nothing is reported here: what cannot be read is NaN or None where the cell is not empty.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.values import is_number, read_number

Values = NDArray[Any]
_DECIMAL: Final = re.compile(r"[1-9][0-9]{0,8}(?:\.[0-9]{1,9})?")
"""A number that is written as any program writes it."""
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
"""A day as the packs write it. The digits may be full-width, as in numbers."""
_NUMBERS: Final = {"number", "integer", "year"}
_TRUTH: Final = {"true": True, "false": False}


def typed_cells(cells: list[str], kind: str) -> Values:
    """A column as a type of Table Schema has it.

    Parameters
    ----------
    cells : list of str
        Texts, the empty one for unknown.
    kind : str
        ``number``, ``integer`` and ``year`` give float64; ``date``, ``boolean`` and all else objects.

    Returns
    -------
    ndarray of shape (cells,)
    """
    if kind in _NUMBERS:
        return np.fromiter(_each_once(cells, _number), np.float64, len(cells))
    if kind == "date":
        return _objects(_each_once(cells, _day))
    if kind == "boolean":
        return _objects([_TRUTH.get(cell, math.nan) for cell in cells])
    return _objects([cell or None for cell in cells])


def is_checked(kind: str) -> bool:
    """Whether there are texts that are none of a type: any is a string."""
    return kind in _NUMBERS or kind in {"date", "boolean"}


def unread(cells: list[str], values: Values) -> list[int]:
    """Places of cells that say something which :func:`typed_cells` could not read."""
    missing = np.isnan(values) if values.dtype.kind == "f" else (values == None) | (values != values)  # noqa: E711, PLR0124
    return [place for place in np.flatnonzero(missing).tolist() if cells[place]]


def _each_once(cells: list[str], read: Callable[[str], Any]) -> list[Any]:
    """The cells as ``read`` reads them, each text once: few days and numbers are what many rows have."""
    known = {text: read(text) for text in set(cells)}
    return [known[cell] for cell in cells]


def _objects(values: list[Any]) -> Values:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def _number(cell: str) -> float:
    if _DECIMAL.fullmatch(cell):
        return float(cell)
    return read_number(cell) if is_number(cell) else math.nan


def _day(cell: str) -> date | None:
    found = _DAY.fullmatch(cell)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
