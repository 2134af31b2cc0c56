"""The year of dates that are written without one (``9月中旬``): the row's own, the one that the list states, else asked once a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from geo.ingest.cells.cell_reading import CellReading, Rules
from geo.ingest.cells.column_readings import ColumnReadings
from geo.ingest.cells.dates import DATE_YEAR, read_date
from geo.ingest.cells.findings import Finding, finding_of
from geo.ingest.cells.total_rows import rows_text
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap
    from geo.reading.model import Layer

Readings = Mapping[str, ColumnReadings]
_MOST: Final = 3
_IN_HEADER: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_BY_ROW: Final = _("{n} 个日期没有写年份（第 {rows} 行），按这一行或表头写着的年份读。")
_BY_LIST: Final = _("{n} 个日期没有写年份（第 {rows} 行），按这张表写明的 {year} 年读。")


def dates_with_years(
    layer: Layer,
    mapping: ColumnMap,
    readings: dict[str, ColumnReadings],
    rules: Rules,
    stated: Collection[int],
    due: Collection[int],
) -> list[Finding]:
    """Read again, in place, the cells whose year was missing, each with its year; what to say and ask of them.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
        Which column holds which field.
    readings : dict
        Field -> readings of its column; those of dates are replaced.
    rules : Rules
        Answers that hold for the whole file.
    stated : collection of int
        Years that the list itself states, in a title or by the person's word: one is taken, unless the other dates of the
        file are all of other years.
    due : collection of int
        Years of the plan, among those offered.

    Returns
    -------
    list of Finding
    """
    waiting = [
        (name, at)
        for name, each in readings.items()
        for at, one in sorted(each.odd.items())
        if one.rule == DATE_YEAR and name in mapping.columns
    ]
    if not waiting:
        return []
    others = _years(readings)
    answer = rules.get(DATE_YEAR, "")
    single = set(stated) if len(set(stated)) == 1 and (not others or set(stated) & set(others)) else set()
    of_file = int(answer) if _is_year(answer) else next(iter(single), None)
    offered = list(dict.fromkeys([*(year for year, _n in others.most_common(_MOST)), *stated, *sorted(due)]))
    findings, by_row, by_list = [], [], []
    for name, at in waiting:
        column, row = mapping.columns[name], int(layer.frame.index[at])
        cell = layer.frame[column].iloc[at]
        own = _own_year(readings, at) or _year_of_header(column)
        one = _read_again(cell, rules, own if own is not None else of_file, offered)
        readings[name].put(at, one)
        if one.level:
            findings.append(finding_of(one, row, name, column=column, value=cell))
        elif own is not None:
            by_row.append(row)
        elif not answer:
            by_list.append(row)
    return [*findings, *_remarks(by_row, by_list, of_file)]


def _read_again(cell: Any, rules: Rules, year: int | None, offered: Iterable[int]) -> CellReading:
    if year is not None:
        return read_date(cell, rules, year=year)
    choices = tuple(
        (str(each), day.isoformat())
        for each in offered
        if isinstance(day := read_date(cell, rules, year=each).value, date)
    )
    return replace(read_date(cell, rules), choices=choices)


def _remarks(by_row: list[int], by_list: list[int], year: int | None) -> Iterator[Finding]:
    for message, rows in ((_BY_ROW, by_row), (_BY_LIST, by_list)):
        if rows:
            params = {"n": len(rows), "rows": rows_text(sorted(set(rows))), "year": year}
            yield Finding(None, "end_date", "warning", message, "", params)


def _years(readings: Readings) -> Counter[int]:
    """Years of the dates that are written whole."""
    return Counter(
        value.year for each in readings.values() for value in each.contents if isinstance(value, date)
    )


def _own_year(readings: Readings, at: int) -> int | None:
    """The year of a row, where its own column says one and not several."""
    of = readings.get("year")
    text = str(of.contents[at]) if of is not None else ""
    return int(text) if _is_year(text) else None


def _year_of_header(column: str) -> int | None:
    """The one year that a header names: ``2020年完成情况/竣工时间``."""
    years = set(_IN_HEADER.findall(column))
    return int(years.pop()) if len(years) == 1 else None


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdecimal()
