"""A column of a list as it was read: values of all rows beside each other, and the few readings that must be told or asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.cells.cell_reading import NOTHING, CellReading

_CUT: Final = 2000
"""Rows between two calls of the progress callback."""
_REMEMBERED: Final = 50_000
"""Texts of a column whose reading is remembered: few are what many rows have, and names are each their own."""
Progress = Callable[[float], None]
Plain = Callable[[pd.Series], tuple[NDArray[np.bool_], NDArray[Any]]]
"""Of a column: where cells need no reader, for they say one thing only; and the values there."""


class ColumnReadings:
    """What the cells of a column say, row by row.

    Attributes
    ----------
    contents : ndarray of object
        None where a cell is empty or was not understood.
    details : ndarray of object
        Precision of a date, unit of a quantity; empty texts for none.
    planned : ndarray of bool
        The cell itself says that it is a plan.
    odd : dict of int to CellReading
        Position -> reading, of cells with something to tell or to ask.
    """

    __slots__ = ("contents", "details", "odd", "planned")

    def __init__(self, count: int) -> None:
        self.contents: NDArray[Any] = np.full(count, None, dtype=object)
        self.details: NDArray[Any] = np.full(count, "", dtype=object)
        self.planned: NDArray[np.bool_] = np.zeros(count, dtype=bool)
        self.odd: dict[int, CellReading] = {}

    def put(self, at: int, reading: CellReading) -> None:
        """Let a row say what ``reading`` says."""
        self.contents[at], self.details[at], self.planned[at] = reading.value, reading.detail, reading.planned
        self.odd.pop(at, None)
        if reading.level:
            self.odd[at] = reading

    def details_or_none(self) -> NDArray[Any]:
        """The details, None for none."""
        out = self.details.copy()
        out[out == ""] = None
        return out

    def floats(self) -> NDArray[np.float64]:
        """The values as numbers, NaN for none."""
        return np.array(self.contents, dtype="float64")  # None becomes NaN


def read_column(
    cells: pd.Series[Any],
    reader: Callable[[Any], CellReading],
    plain: Plain | None = None,
    detail: str = "",
    progress: Progress | None = None,
) -> ColumnReadings:
    """Every cell of a column by its reader; what many rows have is read once.

    Parameters
    ----------
    cells : Series
        Cells as found.
    reader : callable
        What a cell says.
    plain : callable, optional
        Finds the cells that need no reader: what it gives must be what the reader would.
    detail : str
        Detail of those.
    progress : callable, optional
        Called with the share done, 0 to 1.

    Returns
    -------
    ColumnReadings
    """
    out, raw = ColumnReadings(len(cells)), cells.to_numpy(object)
    todo = np.arange(len(cells))
    if plain is not None:
        sure, values = plain(cells)
        out.contents[sure] = values[sure]
        out.details[sure] = detail
        todo = np.flatnonzero(~sure)
    before: dict[str, CellReading] = {}
    for step, at in enumerate(todo.tolist()):
        if progress is not None and step % _CUT == 0:
            progress(step / len(todo))
        cell = raw[at]
        if cell is None or (type(cell) is float and cell != cell):  # noqa: PLR0124  (NaN alone differs from itself)
            continue
        one = before.get(cell) if type(cell) is str else None
        if one is None:
            one = reader(cell)
            if type(cell) is str and len(before) < _REMEMBERED:
                before[cell] = one
        if one is not NOTHING:
            out.put(at, one)
    return out
