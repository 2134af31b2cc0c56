"""Where a table's header stands, and what its columns are called: lists made by people have titles above them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from geo.reading.model import Note, joined_names
from geo.text import mark as _
from geo.values import is_number, read_number

Row = Sequence[Any]
HEADER_SEARCH_ROWS: Final = 40
"""Rows searched from the top: a header below them is not found."""
_QUALIFIES: Final = re.compile(
    r"[(（\[【〔]|计划|规划|预计|预期|拟|目标|实际|单位|[万亿]|公顷|亩|坐标|经纬|高德|百度|腾讯|(?:19|20)\d\d"
    r"|plan|actual|expect|target|wgs|gcj|bd-?09|cgcs",
    re.IGNORECASE,
)
"""What stands above several columns and changes what each of them means: a plan or a fact, a unit, a system, a year."""


@dataclass(frozen=True, slots=True)
class Header:
    """``first`` is the position of the first row of data; ``names`` are the columns, None for one to leave out;
    ``titles`` are the lines above the header."""

    first: int
    names: list[str]
    notes: list[Note]
    titles: tuple[str, ...] = ()


def is_empty(cell: Any) -> bool:
    """Whether a cell holds nothing but white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _filled(row: Row) -> int:
    return sum(not is_empty(cell) for cell in row)


def find_header(rows: Sequence[Row], *, spans: Sequence[tuple[int, int, int, int]] = ()) -> Header:
    """The header among the first rows of a table.

    Parameters
    ----------
    rows : sequence of rows
        The first rows of the table, all of them where there are fewer than :data:`HEADER_SEARCH_ROWS`.
    spans : sequence of (row, column, last row, last column)
        Merged cells, from 0. A name merged over several columns makes the row below part of the header.

    Returns
    -------
    Header
        A title above the header is left out and told in a note. Where the first row holds numbers there is no header
        and the columns are called 列1, 列2, ...
    """
    counts = [_filled(row) for row in rows]
    width = max(counts, default=0)
    wide = [at for at, count in enumerate(counts) if count >= max(1, (width + 1) // 2)]
    stated = [at for at in wide if counts[at] < width and _is_statement(rows[at])]
    start = next((at for at in wide if at not in stated), wide[0] if wide else len(rows))
    if _is_title_of_two(rows, counts, start):
        start += 1
    if start == len(rows):
        return Header(len(rows), [], [])
    notes, titles = [], []
    if any(counts[:start]):
        titles = [str(cell) for row in rows[:start] for cell in row if not is_empty(cell)]
        notes.append(
            Note(_("表头前的 {n} 行当作标题：{text}。"), {"n": start, "text": joined_names(titles, 3)})
        )
    if _is_data(rows[start]):
        notes.append(Note(_("第一行就是数据，没有表头，各列按次序编号。")))
        return Header(start, _named([None] * max(map(len, rows))), notes, tuple(titles))
    names, depth = _merged_names(rows, start, spans)
    if depth > 1:
        notes.append(Note(_("表头有 {n} 行，列名取自合并后的各行。"), {"n": depth}))
    return Header(start + depth, _named(names), notes, tuple(titles))


def _is_statement(row: Row) -> bool:
    """Whether each cell says what it is of, or is said of the cell before it: ``单位：`` ``万平方米``, ``填报日期：2021-12``."""
    texts = {at: str(cell).strip() for at, cell in enumerate(row) if not is_empty(cell)}
    colons = (":", "：")
    return bool(texts) and all(
        any(colon in text for colon in colons) or texts.get(at - 1, "").endswith(colons)
        for at, text in texts.items()
    )


def _is_title_of_two(rows: Sequence[Row], counts: Sequence[int], at: int) -> bool:
    """Whether one cell above a table of two columns is its title: the row below it names both, and holds no number."""
    below = at + 1
    return (
        below < len(rows)
        and max(counts) == 2
        and counts[at : below + 1] == [1, 2]
        and not _is_data(rows[below])
    )


def _is_data(row: Row) -> bool:
    return any(_is_number(cell) for cell in row)


def _is_number(cell: Any) -> bool:
    """Whether a cell is a number that is no year: years do stand in headers."""
    if not is_number(cell):
        return False
    number = read_number(cell)
    return not (number.is_integer() and 1949 <= number <= 2100)


def _merged_names(
    rows: Sequence[Row], start: int, spans: Sequence[tuple[int, int, int, int]]
) -> tuple[list[Any], int]:
    """Names of the columns and how many rows the header takes."""
    wide = [span for span in spans if span[0] == start and span[3] > span[1]]
    tall = max((span[2] - span[0] + 1 for span in spans if span[0] == start), default=1)
    depth = max(tall, 2 if wide else 1)
    if depth == 1 or start + depth > len(rows) or any(_is_data(row) for row in rows[start : start + depth]):
        return list(rows[start]), 1
    levels = [list(row) for row in rows[start : start + depth]]
    for top, left, __, right in spans:
        if start <= top < start + depth:
            for column in range(left, min(right, len(levels[top - start]) - 1) + 1):
                levels[top - start][column] = levels[top - start][left]
    columns = [
        [str(level[at]).strip() for level in levels if at < len(level) and not is_empty(level[at])]
        for at in range(max(map(len, levels)))
    ]
    lowest = Counter(parts[-1] for parts in columns if parts)
    return [_joined(parts, lowest) for parts in columns], depth


def _joined(parts: list[str], lowest: Counter[str]) -> str | None:
    """The lowest name alone where it is the only one of its kind and nothing above qualifies it, else the whole way to it."""
    if not parts:
        return None
    alone = lowest[parts[-1]] == 1 and not any(map(_QUALIFIES.search, parts[:-1]))
    return parts[-1] if alone else "/".join(dict.fromkeys(parts))


def unique_names(cells: Sequence[Any]) -> list[str]:
    """Names of columns, every one named and named once."""
    return _named(cells)


def _named(cells: Sequence[Any]) -> list[str]:
    """Every column named, and named once."""
    taken: Counter[str] = Counter()
    names = []
    for number, cell in enumerate(cells, start=1):
        name = f"列{number}" if is_empty(cell) else " ".join(str(cell).split())
        taken[name] += 1
        while taken[name] > 1 and f"{name}_{taken[name]}" in taken:
            taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name}_{taken[name]}")
    return names
