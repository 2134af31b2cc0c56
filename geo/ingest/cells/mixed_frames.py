"""Frames of mixed cells: one cell, and rows as tuples, typed as what they are: anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd


def cell(frame: pd.DataFrame, row: Any, name: str) -> Any:
    """One cell.

    Parameters
    ----------
    frame : DataFrame
    row : any
        Label of the row.
    name : str
        Column.

    Returns
    -------
    any
    """
    return frame.at[row, name]


def iterate_rows(frame: pd.DataFrame, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row of the file and the cells of some columns, row by row."""
    columns = (frame[name].to_numpy(object) for name in names)
    return zip((int(row) for row in frame.index), zip(*columns, strict=True), strict=True)


def records(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Row of the file and its cells by name, row by row."""
    for row, cells in zip(frame.index, frame.to_dict("records"), strict=True):
        yield int(row), {str(name): value for name, value in cells.items()}


def objects(values: Any, index: pd.Index[Any]) -> pd.Series[Any]:
    """A column of any values; pandas would make one of texts and None into one of texts and NaN."""
    cells: Any = np.empty(len(index), dtype=object)
    cells[:] = values
    return pd.Series(cells, index=index, dtype=object)
