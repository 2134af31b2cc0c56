"""A worksheet of xlsxwriter that takes whole columns: a step a cell is what makes the library slow.

It writes, byte for byte, what the library's own ``write`` would (``tests/files/test_columns.py`` compares them), with the library's
shared strings, formats and dates. It reaches into what is not the library's public side: that test goes before a newer version of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pandas as pd
from xlsxwriter.utility import _utf16_truncate, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from geo.columns import Array, by_type, each_once, json_cells, objects
from geo.errors import ParameterError
from geo.text import mark as _

_BLOCK: Final = 16  # rows that share the attribute "spans"
_ROWS_AT_ONCE: Final = 8192
_NUMBERS: Final = (float, int, Decimal, Fraction)
_TRUE_FALSE: Final = (' t="b"><v>1</v></c>', ' t="b"><v>0</v></c>')


class ColumnSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A worksheet whose first row is written cell by cell, and what is below it as columns."""

    def __init__(self) -> None:
        super().__init__()
        self._below: dict[int, list[tuple[Array, Array, Any]]] = {}

    def write_below(
        self, column: int, values: pd.Series[Any], *, day: Any, quoted: Any, risky: tuple[str, ...]
    ) -> None:
        """Write a column from the second row on; unknown values leave their cells empty.

        Parameters
        ----------
        column : int
            From 0.
        values : Series
            Texts, numbers, booleans and days.
        day : Format
            Of days.
        quoted : Format
            Of texts that begin with one of ``risky``.
        risky : tuple of str

        Raises
        ------
        ParameterError
            More rows than a sheet can have.
        TypeError
            A value that no cell can hold, or an infinite number.
        """
        if len(values) >= self.xls_rowmax:
            raise ParameterError(
                _("一张工作表最多 {most} 行，这里有 {rows} 行。"),
                hint=_("请先筛选，或改用 CSV、GeoPackage 或 GeoParquet。"),
                most=self.xls_rowmax - 1,
                rows=len(values),
            )
        cells = objects(values.tolist())
        parts = self._below.setdefault(column, [])
        known = np.flatnonzero(~pd.isna(cells))
        for kind, at in by_type(cells[known]):
            places = known[at]
            if issubclass(kind, str):
                texts, is_risky = self._strings(cells[places], risky)
                parts.append((places[~is_risky], texts[~is_risky], None))
                parts.append((places[is_risky], texts[is_risky], quoted))
            elif issubclass(kind, date):
                parts.append((places, self._days(cells[places], kind), day))
            else:
                parts.append((places, _plain(cells[places]), None))
        if len(known):
            self._check_dimensions(int(known[-1]) + 1, column)

    def _strings(self, texts: Array, risky: tuple[str, ...]) -> tuple[Array, Array]:
        """What the cells of texts hold, and which of them a spreadsheet would run."""
        codes, different = pd.factorize(texts)
        contents = objects([f' t="s"><v>{self._index_of(text)}</v></c>' for text in different])
        self.str_table.count += len(texts) - len(different)
        is_risky = np.fromiter(map(str.startswith, different, repeat(risky)), bool, len(different))
        return contents[codes], is_risky[codes]

    def _index_of(self, text: str) -> int:
        """The place of a text among the shared strings; Excel holds so many letters, and the library cuts there."""
        if len(text) > self.xls_strmax // 2:
            text = _utf16_truncate(text, self.xls_strmax)
        return int(self.str_table._get_shared_string_index(text))

    def _days(self, days: Array, kind: type) -> Array:
        plain = days if kind is date else objects([date(day.year, day.month, day.day) for day in days])

        def content(day: date) -> str:
            return f"><v>{self._convert_date_time(datetime.combine(day, datetime.min.time())):.16G}</v></c>"

        return each_once(content, plain)

    def _write_rows(self) -> None:
        """The library writes the first row, and this the rows below it that hold anything."""
        last, self.dim_rowmax = self.dim_rowmax, 0  # type: ignore[has-type]  # not typed by the library
        super()._write_rows()
        self.dim_rowmax = last
        firsts = [
            (places[0], column, style)
            for column, parts in self._below.items()
            for places, _texts, style in parts
            if style is not None and len(places)
        ]
        for _row, _column, style in sorted(firsts, key=itemgetter(0, 1)):
            style._get_xf_index()  # the library numbers formats as it meets them
        columns = [_Column.of(column, parts, last) for column, parts in self._below.items()]
        filled = np.array([column.filled for column in columns], bool).reshape(len(columns), last)
        spans = _spans(filled, np.array([column.number for column in columns]), self.dim_colmax)
        rows = np.flatnonzero(filled.any(axis=0))
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = rows[start : start + _ROWS_AT_ONCE]
            numbers = objects(list(map(str, (part + 2).tolist())))
            heads = '<row r="' + numbers + '"' + spans[(part + 1) // _BLOCK] + ">"
            cells = [column.cells(part, numbers) for column in columns]
            self.fh.write("".join(map("".join, zip(heads, *cells, repeat("</row>", len(part)), strict=True))))


@dataclass(frozen=True, slots=True)
class _Column:
    """A column below the first row: for each row what the cell holds (empty for no cell) and the attribute of its format."""

    number: int
    contents: Array
    styles: Array

    @classmethod
    def of(cls, number: int, parts: list[tuple[Array, Array, Any]], rows: int) -> _Column:
        contents, styles = np.full(rows, "", object), np.full(rows, "", object)
        for places, texts, style in parts:
            contents[places] = texts
            if style is not None and len(places):
                styles[places] = f' s="{style._get_xf_index()}"'
        return cls(number, contents, styles)

    @property
    def filled(self) -> Array:
        return self.contents.astype(bool)

    def cells(self, rows: Array, numbers: Array) -> Array:
        """``<c r="AB17" s="2" t="s"><v>5</v></c>`` for some rows, whose numbers are given; an empty text for no cell."""
        contents, out = self.contents[rows], np.full(len(rows), "", object)
        at = np.flatnonzero(contents.astype(bool))
        out[at] = (
            f'<c r="{xl_col_to_name(self.number)}' + numbers[at] + '"' + self.styles[rows[at]] + contents[at]
        )
        return out


def _plain(cells: Array) -> Array:
    """What the cells of numbers and booleans hold."""
    values = objects(json_cells(pd.Series(cells, dtype=object)))
    out = np.empty(len(values), object)
    for kind, places in by_type(values):
        mine = values[places]
        if kind is bool:
            out[places] = np.where(mine.astype(bool), *_TRUE_FALSE)
        elif issubclass(kind, _NUMBERS) and not any(map(math.isinf, mine)):
            numbers = map(float, mine) if kind is Fraction else mine
            out[places] = "><v>" + objects(list(map(format, numbers, repeat(".16G", len(mine))))) + "</v></c>"
        else:
            raise TypeError(f"no cell can hold a {kind.__name__} such as {mine[0]!r}")
    return out


def _spans(filled: Array, columns: Array, last: int) -> Array:
    """For each block of rows the attribute that says between which columns it holds anything; the first row holds all up to ``last``."""
    rows = filled.shape[1] + 1
    low, high = np.full(rows, 0), np.full(rows, last)
    low[1:] = np.where(filled, columns[:, None], len(columns)).min(axis=0, initial=len(columns))
    high[1:] = np.where(filled, columns[:, None], -1).max(axis=0, initial=-1)
    starts = np.arange(0, rows, _BLOCK)
    pairs = zip(np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts), strict=True)
    return objects([f' spans="{first + 1}:{end + 1}"' for first, end in pairs])
