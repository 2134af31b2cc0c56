"""Text tables: any encoding, any delimiter, read by the standard library row by row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import IngestError
from geo.reading.choices_sheet import IN_COLUMN, choices_in_column
from geo.reading.encoding import find_encoding
from geo.reading.header import HEADER_SEARCH_ROWS, find_header, is_empty
from geo.reading.limits import Limits
from geo.reading.model import Layer, Note, joined_names
from geo.text import mark as _

if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS: Final = (",", "\t", ";", "|", "，", "；", "^", "~", "\x1f")
_NAMES: Final = {"\t": "Tab", "\x1f": "0x1F"}
_BATCH: Final = 20_000
Numbered = tuple[int, list[str]]


def read_delimited(path: Path, name: str, limits: Limits) -> Layer:
    """The table of a text file; every cell is text, or None.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    Layer

    Raises
    ------
    IngestError
        Not text, mixed encodings, a quote that does not close, beyond a limit; the line is named.
    """
    data = path.read_bytes()
    encoding, notes = find_encoding(data, name)
    del data
    with path.open(encoding=encoding, newline="") as handle:
        sample = handle.read(1 << 16)
        delimiter = _find_delimiter(sample)
        handle.seek(0)
        rows = _rows(handle, delimiter, name, limits)
        top = list(islice(rows, HEADER_SEARCH_ROWS))
        header = find_header([row for __, row in top])
        if not header.names:
            raise IngestError(_("{name} 里没有数据。"), hint=_("请核对文件。"), name=name)
        if delimiter != ",":
            notes.append(Note(_("各列以“{mark}”分隔。"), {"mark": _NAMES.get(delimiter, delimiter)}))
        table = _layer(header.names, chain(top[header.first :], rows), [*notes, *header.notes], name, limits)
        choices = choices_in_column(table.frame[IN_COLUMN]) if IN_COLUMN in table.frame else {}
        if choices:
            table = replace(table, frame=table.frame.drop(columns=IN_COLUMN), import_choices=choices)
        return replace(table, titles=header.titles)


def _find_delimiter(sample: str) -> str:
    """The mark that cuts most rows of the sample into the same number of cells, more than one."""
    declared = sample[:5]
    if declared.lower().startswith("sep=") and len(declared) == 5:
        return declared[4]
    lines = sample.splitlines()[:-1][:200] or sample.splitlines()
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        except csv.Error:
            continue
        (width, count), *__ = widths.most_common(1) or [(1, 0)]
        score = count / max(1, widths.total()) if width > 1 else 0.0
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def _rows(handle: Any, delimiter: str, name: str, limits: Limits) -> Iterator[Numbered]:
    """Rows with the line each begins on; blank lines are passed over."""
    reader = csv.reader(handle, delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise IngestError(
                _("{name} 第 {row} 行开始的引号没有配对，或一格过长：{detail}。"),
                hint=_("请改正这一行的英文双引号（格内的双引号要写成两个）。"),
                name=name,
                row=begins,
                detail=str(error),
            ) from error
        here, begins = begins, reader.line_num + 1
        if here == 1 and len(row) == 2 and row[0].lower() == "sep=":
            continue
        if len(row) > limits.columns:
            raise too_large(
                name, _("{name} 第 {row} 行有 {n} 列，超过上限 {limit}。"), len(row), limits.columns, here
            )
        if any(not is_empty(cell) for cell in row):
            yield here, row


def too_large(name: str, message: str, count: int, limit: int, row: int = 0) -> IngestError:
    """The refusal of a file beyond a limit, with both figures.

    Parameters
    ----------
    name : str
        What the person calls the file; for messages.
    message : str
        Message id.
    count, limit, row : int

    Returns
    -------
    IngestError
    """
    return IngestError(message, hint=_("请拆成几个文件。"), name=name, n=count, limit=limit, row=row)


def _layer(names: list[str], rows: Iterator[Numbered], notes: list[Note], name: str, limits: Limits) -> Layer:
    import pandas as pd
    import pyarrow as pa

    width, names = len(names), list(names)
    columns: list[list[pa.Array]] = [[] for __ in names]
    numbers: list[int] = []
    long, short = [], []
    while batch := list(islice(rows, _BATCH)):
        for at, row in batch:
            if len(row) > width and _widen(names, columns, row, width, len(numbers)):
                long.append(at)
            elif len(row) < width:
                short.append(at)
        numbers.extend(at for at, __ in batch)
        if len(numbers) > limits.rows:
            raise too_large(name, _("{name} 超过 {limit} 行。"), len(numbers), limits.rows)
        for position, chunks in enumerate(columns):
            cells = [row[position] if position < len(row) else None for __, row in batch]
            chunks.append(pa.array([None if is_empty(cell) else cell for cell in cells], pa.large_string()))
    notes = [*notes, *_ragged(long, short, width)]
    series = {
        title: pd.array(pa.chunked_array(chunks, pa.large_string()), dtype="str")
        for title, chunks in zip(names, columns, strict=True)
    }
    return Layer(
        Path(name).stem, pd.DataFrame(series, index=pd.Index(numbers), copy=False), notes=tuple(notes)
    )


def _widen(names: list[str], columns: list[list[Any]], row: list[str], width: int, before: int) -> bool:
    """Make room for cells beyond the header, so that nothing is lost; whether there were any."""
    import pyarrow as pa

    extra = [at for at, cell in enumerate(row) if at >= width and not is_empty(cell)]
    while extra and len(names) <= extra[-1]:
        names.append(f"列{len(names) + 1}")
        columns.append([pa.nulls(before, pa.large_string())])
    return bool(extra)


def _ragged(long: list[int], short: list[int], width: int) -> list[Note]:
    """Rows that do not have the header's number of cells, each named."""
    notes = []
    if long:
        notes.append(
            Note(
                _("{n} 行的格数多于表头，多出的放在另加的列里，请核对是否错位：第 {rows} 行。"),
                {"n": len(long), "rows": joined_names(long, 20)},
            )
        )
        notes += [Note(_("这一行的格数多于表头，各格可能错位。"), row=row) for row in long[:1000]]
    if short:
        notes.append(
            Note(
                _("{n} 行的格数少于表头（{width} 列），缺的留空：第 {rows} 行。"),
                {"n": len(short), "width": width, "rows": joined_names(short, 20)},
            )
        )
    return notes
