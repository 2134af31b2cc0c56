"""Writes a frame as a table for people, JSON for programs, or CSV for spreadsheets."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from itertools import repeat
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.columns import by_type, dictionaries, json_cells, objects

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet runs. Those of East Asia take the characters of full width for the others."""
_NUMBERS: Final = {int, float, bool, type(None)}
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")


def neutralise(frame: pd.DataFrame, *, but_numbers: bool = False) -> pd.DataFrame:
    """``frame`` with an apostrophe before every text (cell or header) that a spreadsheet would take for a formula.

    With ``but_numbers`` a text that is nothing but a number stays: ``-120.5`` of a table that is all text.
    """
    columns = {at: _neutralised(frame.iloc[:, at], but_numbers) for at in range(frame.shape[1])}
    shown = pd.DataFrame(columns, index=frame.index)
    shown.columns = pd.Index([_harmless(name, but_numbers) for name in frame.columns])
    return shown


def _harmless(cell: Any, but_numbers: bool) -> Any:
    if not isinstance(cell, str) or not cell.startswith(FORMULA):
        return cell
    return cell if but_numbers and _NUMBER.fullmatch(cell) else f"'{cell}"


def _neutralised(values: pd.Series[Any], but_numbers: bool) -> pd.Series[Any]:
    """A column with its texts harmless; one of plain numbers as numbers."""
    if values.dtype.kind in "iufb":
        return values
    cells = objects(values.tolist())
    types = dict(by_type(cells))
    texts = [places for kind, places in types.items() if issubclass(kind, str)]
    for places in texts:
        risky = places[np.fromiter(map(str.startswith, cells[places], repeat(FORMULA)), bool, len(places))]
        cells[risky] = objects([_harmless(cell, but_numbers) for cell in cells[risky]])
    column = pd.Series(cells, values.index, dtype=object)
    return column.infer_objects() if types.keys() <= _NUMBERS else column


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """``frame`` as a file that a spreadsheet opens as it is: CSV in UTF-8 with a BOM, no text of which it would run."""
    return ("\ufeff" + neutralise(frame).to_csv(index=False, lineterminator="\r\n")).encode("utf-8")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain values."""
    return dictionaries({str(name): json_cells(frame[name]) for name in frame.columns})


def table_text(frame: pd.DataFrame) -> str:
    """All of a table, its rows in their order and its columns by name, as one text that is another where any cell is."""
    columns = sorted(map(str, frame.columns))
    cells = frame[columns].itertuples(index=False, name=None)
    return repr([columns, list(map(str, frame.index)), list(cells)])


def render(frame: pd.DataFrame, form: str, *, columns: list[str] | None = None) -> str:
    """``frame`` as ``json`` (all columns), ``csv`` (all columns) or ``table`` (``columns`` only).

    Parameters
    ----------
    frame : DataFrame
    form : str
        ``json``, ``csv`` or ``table``.
    columns : list of str or None
        Columns of a ``table``; all by default.

    Returns
    -------
    str
    """
    if form == "json":
        return json.dumps(records(frame), ensure_ascii=False, indent=1)
    if form == "csv":
        plain_frame = pd.DataFrame(records(frame), columns=frame.columns)
        return neutralise(plain_frame.astype(object)).to_csv(index=False, lineterminator="\n").rstrip("\n")
    return _table(frame[columns] if columns else frame)


def _table(frame: pd.DataFrame) -> str:
    """For a person's eyes: at a terminal as wide as a page, with its cells wrapped; else a line a row, which programs can read."""
    return _wrapped(frame) if sys.stdout.isatty() else _lines(frame)


def _lines(frame: pd.DataFrame) -> str:
    cells = [[str(name) for name in frame.columns]]
    cells += [
        ["" if value is None else _one_line(str(value)) for value in row.values()] for row in records(frame)
    ]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    rows = (
        " ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    )
    return "\n".join(rows)


def _one_line(text: str) -> str:
    return "".join(" " if unicodedata.category(each) == "Cc" else each for each in text)


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: Chinese characters take two, marks over others none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _wrapped(frame: pd.DataFrame) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in frame.columns:
        table.add_column(Text(str(name)))
    for row in records(frame):
        table.add_row(*[Text("" if value is None else str(value)) for value in row.values()])
    console = Console(width=220, highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip("\n")
