"""The choices made for a list, written beside its rejected rows: the corrected file comes back with the same choices.

It is a sheet that people can read (a word and its value in each row), in a workbook of :mod:`geo.ingest.plan.rejected`; a text
file has a column with the same words as JSON in every row, so that sorting and deleting rows loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

SHEET: Final = "说明"
IN_COLUMN: Final = "导入说明"
"""Header of the column of a text file; a list may well have a column 说明 of its own."""
HEAD: Final = (IN_COLUMN, "再导入这个文件时沿用；请不要改左边一列")
CHOICE_OF_LABEL: Final = {
    "计划条目": "item",
    "类别": "category",
    "当作": "into",
    "设施类型": "kind",
    "坐标系": "crs",
    "来源编号": "source",
    "标题": "src-title",
    "发布者": "src-publisher",
    "发布日期": "src-published",
    "可靠程度": "src-reliability",
}
"""Word of the sheet -> name of the choice."""
COLUMN: Final = "col:"
ANSWER: Final = "ans:"
_BEGINNINGS: Final = {"列：": COLUMN, "回答：": ANSWER}
"""How words of the sheet begin that name a column or a question -> how the name of the choice begins."""
_LONGEST: Final = 200
_MOST: Final = 1200


def sheet_rows(choices: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The rows of the sheet, its head first."""
    yield HEAD
    yield from ((word, choices[name]) for word, name in CHOICE_OF_LABEL.items() if name in choices)
    for word, beginning in _BEGINNINGS.items():
        yield from (
            (word + name.removeprefix(beginning), value)
            for name, value in choices.items()
            if name.startswith(beginning)
        )


def choices_text(choices: Mapping[str, str]) -> str:
    """The words of the sheet as a cell of the column :data:`IN_COLUMN`."""
    return json.dumps(dict(list(sheet_rows(choices))[1:]), ensure_ascii=False)


def choices_in_column(cells: Iterable[Any]) -> dict[str, str]:
    """The choices that the column holds, by its first cell that is whole; empty for a column that is not ours."""
    for cell in cells:
        try:
            words = json.loads(cell) if isinstance(cell, str) else None
        except ValueError:
            continue  # cut or changed by hand: the next row has the same
        if isinstance(words, dict):
            return choices_in([HEAD, *words.items()])
    return {}


def choices_in(rows: Iterable[Sequence[Any]]) -> dict[str, str]:
    """The choices that the sheet holds; empty for a sheet that is not ours, unknown words left out."""
    choices: dict[str, str] = {}
    for at, row in enumerate(rows):
        if len(row) < 2 or (at == 0 and str(row[0]).strip() != HEAD[0]) or at > _MOST:
            break
        name, value = _choice(str(row[0]).strip()), str(row[1]).strip()[:_LONGEST]
        if at and name and value:
            choices[name] = value
    return choices


def _choice(word: str) -> str:
    """The name of a choice by its word in the sheet, empty for another."""
    for beginning, name in _BEGINNINGS.items():
        if word.startswith(beginning):
            return name + word.removeprefix(beginning)[:_LONGEST]
    return CHOICE_OF_LABEL.get(word, "")


def is_choices_sheet(rows: Iterable[Sequence[Any]]) -> bool:
    """Whether a sheet is the one written by us."""
    first = next(iter(rows), ())
    return bool(len(first)) and str(first[0]).strip() == HEAD[0]
