"""Rows of a list that are no entries of it: totals, subtotals, "of which", averages, and the notes below the table.

People write them between the entries and under them. None of them is a work: they are left out, counted and named, and
a total that differs from the rows it stands for is pointed out. The words are rows of ``total_words.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.header_terms import header_key, is_blank, term_rows, tidy
from geo.ingest.cells.plain_cells import is_blank_column, rows_of_few_texts
from geo.text import mark as _
from geo.values import is_number, read_number

HEADING: Final = "heading"
KINDS: Final = ("total", "part", "mean", HEADING, "note")
_SPACES: Final = re.compile(r"\s+")
_BRACKETS: Final = re.compile(r"[(\[【〔].*?[)\]】〕]")
_PLAIN: Final = re.compile("[0-9a-z\u4e00-\u9fa5]+")
"""A text that is the same without spaces, brackets and marks."""
_NUMBERED: Final = re.compile("^[0-9一二三四五六七八九十百两共合总小计]")
"""How a number of entries begins."""
_ENDS: Final = " .。:：、,;-—=*#"
_COUNT: Final = re.compile(
    r"(?P<sum>共计?|合计|总计|总共|小计|计)?[::]?(?:(?P<digits>\d+)|(?P<words>[一二三四五六七八九十百两]+))"
    r"(?P<unit>个|处|所|条|座|项|户|栋|幢|宗|家)(?P<what>小区|老旧小区|项目|工程|停车场|车场|学校|点位|地块|村|道路|路段|公园|"
    r"泵站|公厕|站点|设施|社区|单位)?"
)
_NUMBERS: Final = frozenset(map(header_key, ("序号", "编号", "no", "id", "fid", "objectid")))
_HEADING: Final = re.compile(
    r"(?:第?[一二三四五六七八九十]+(?:[、.．,:：)）]|部分|类)|[(（][一二三四五六七八九十]+[)）])"
)
"""How a heading between the entries begins: ``一、某某区``, ``（二）某某镇``."""
_NUMERAL: Final = re.compile(r"[(]?[一二三四五六七八九十]+[)、.]?")
_SHARE: Final = 0.6
_NEAR: Final = 1e-6
_LISTED: Final = 20


@dataclass(frozen=True)
class SetAside:
    """Rows of a list that are no entries of it: row of the file -> one of :data:`KINDS`; and what to say of them."""

    rows: dict[int, str]
    findings: list[Finding]


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Word -> kind of row, the longest word first."""
    pairs = [(_squeezed(row["word"]), row["kind"]) for row in term_rows("total_words.csv")]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def _squeezed(value: Any) -> str:
    """A cell without any space inside it, for a total is often written wide: ``小  计``."""
    return _SPACES.sub("", tidy(value)).lower()


def kind_of_text(value: Any) -> str:
    """What a cell makes of its row: one of :data:`KINDS`, ``""`` for a name like any other.

    ``某某区合计（2个）`` is a total, ``其中：续建项目`` a part of one, ``3个小区`` the number of entries; ``合计新村`` is a name.
    """
    if not isinstance(value, str) or is_blank(value):
        return ""
    text = _squeezed(value)
    bare = _BRACKETS.sub("", text).strip(_ENDS) or text.strip(_ENDS + "()[]【】〔〕")
    head, colon, _rest = text.partition(":")
    for word, kind in _words().items():
        if bare == word or (colon and kind != "note" and head.strip(_ENDS).endswith(word)):
            return kind
        if kind == "part" and (text.startswith(word) and (not word.isascii() or colon)):
            return kind
        if kind == "note" and colon and head == word:
            return kind
        if kind in {"total", "mean"} and _ends_with(bare, word):
            return kind
    found = _COUNT.fullmatch(bare)
    return "total" if found and (found["sum"] or found["what"] or found["digits"]) else ""


def _kinds(cells: pd.Series[Any]) -> dict[int, str]:
    """Row -> what its cell makes of it, of those that are no entries by :func:`kind_of_text`."""
    begins, words = _screens()
    found = {}
    for row, value in _cells(cells):
        if type(value) is str and _PLAIN.fullmatch(value) and not begins.search(value):
            continue
        if (
            type(value) is str
            and _PLAIN.fullmatch(value)
            and not _NUMBERED.match(value)
            and not words.search(value)
        ):
            continue  # no word of total_words.csv is in it, and it counts nothing
        if kind := kind_of_text(value):
            found[row] = kind
    return found


@lru_cache(maxsize=1)
def _screens() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a character that a word of ``total_words.csv`` or a number begins with, and what finds such a word."""
    first = {re.escape(word[0]) for word in _words()}
    return (
        re.compile(f"[{''.join(sorted(first))}]|{_NUMBERED.pattern}"),
        re.compile("|".join(map(re.escape, _words()))),
    )


def _ends_with(text: str, word: str) -> bool:
    """Whether a text is a total of something: ``某某区小计``, ``District total``, ``合计5个``."""
    if word.isascii():
        return len(word) > 3 and text.endswith(word)
    return text.endswith(word) or bool(re.fullmatch(rf"{word}[\d.,]+\D{{0,3}}", text))


def set_aside(
    frame: pd.DataFrame,
    name: str,
    entries: Collection[int] = (),
    *,
    headings: Collection[int] | None = None,
    alone: Mapping[int, str] | None = None,
) -> SetAside:
    """Which rows of a table are no entries of it.

    Parameters
    ----------
    frame : DataFrame
        Cells as found, indexed by row of the file.
    name : str
        The column of names, empty if there is none.
    entries : collection of int
        Rows that a person said are entries, whatever they look like.
    headings : collection of int, optional
        Rows that are headings by what they name; None where no row may be one, for each has a shape.
    alone : mapping, optional
        The :func:`only_texts` of the table, where they are known.

    Returns
    -------
    SetAside
    """
    texts = [
        str(column) for column in frame.columns if frame[column].dtype == object or _is_text(frame[column])
    ]
    empty = pd.Series(is_blank_column(frame[name]) if name else True, index=frame.index)
    rows: dict[int, str] = _kinds(frame[name]) if name else {}
    for column in texts:
        if column == name:
            continue
        counter = header_key(column) in _NUMBERS
        at = frame.index if counter else frame.index[empty]
        for row, kind in _kinds(frame.loc[at, column]).items():
            if row not in rows and (kind != "note" or bool(empty[row])):
                rows[row] = kind
    if headings is not None:
        alone = only_texts(frame) if alone is None else alone
        rows |= {row: HEADING for row in (*_headings(frame, alone), *headings) if row not in rows}
    rows = {row: kind for row, kind in sorted(rows.items()) if row not in set(entries)}
    if len(rows) == len(frame):  # a table of nothing but totals: its rows are what it lists
        return SetAside({}, [])
    return SetAside(rows, [*_counted(rows), *_differences(frame, rows)])


def heading_text(cells: pd.Series[Any]) -> str:
    """The text of a row that is a heading, without its number and what stands in brackets."""
    texts = [_squeezed(cell) for cell in cells.to_numpy(object) if not is_blank(cell)]
    text = next((one for one in texts if not _NUMERAL.fullmatch(one)), "")
    return without_brackets(_HEADING.sub("", text, count=1))


def without_brackets(text: str) -> str:
    """A text without what stands in brackets, and without marks at its ends."""
    return _BRACKETS.sub("", text).strip(_ENDS)


def only_texts(frame: pd.DataFrame) -> dict[int, str]:
    """Row -> its text, of rows of a table that hold one text and nothing more."""
    out: dict[int, str] = {}
    if len(frame.columns) < 2:
        return out
    for row, cells in _looked_at(frame, 1):
        texts = {_squeezed(cell) for cell in cells if not is_blank(cell)}
        if len(texts) == 1:
            out[row] = next(iter(texts))
    return out


def _looked_at(frame: pd.DataFrame, most: int) -> Iterator[tuple[int, Any]]:
    """Row of the file and its cells, of rows that may hold so few different texts."""
    few = frame.iloc[rows_of_few_texts(frame, most)]
    return zip((int(row) for row in few.index), few.to_numpy(object), strict=True)


def _headings(frame: pd.DataFrame, alone: Mapping[int, str]) -> Iterator[int]:
    """Rows with one text alone that is numbered as the parts of a document are, in the text or in the column of numbers.

    A list that counts its entries so has no other numbers.
    """
    counters = [str(name) for name in frame.columns if header_key(str(name)) in _NUMBERS]
    counted = any(is_number(cell) for name in counters for cell in frame[name])
    yield from (row for row, text in alone.items() if _HEADING.match(text))
    if not counted:
        return
    for row, cells in _looked_at(frame, 2):
        texts = list(dict.fromkeys(_squeezed(cell) for cell in cells if not is_blank(cell)))
        if len(texts) == 2 and _NUMERAL.fullmatch(texts[0]):
            yield row


def _cells(cells: pd.Series[Any]) -> Iterator[tuple[int, Any]]:
    """Row of the file and cell."""
    return zip((int(row) for row in cells.index.to_numpy()), cells.to_numpy(object), strict=True)


def _is_text(cells: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_string_dtype(cells))


_MESSAGES: Final = {
    "total": _("{n} 行是合计、小计或总数，不是项目，没有导入：第 {rows} 行。"),
    "part": _("{n} 行是“其中”，不是项目，没有导入：第 {rows} 行。"),
    HEADING: _("{n} 行是分组的标题，不是项目，没有导入：第 {rows} 行。"),
    "mean": _("{n} 行是平均数，不是项目，没有导入：第 {rows} 行。"),
    "note": _("{n} 行是表下的注或签名，不是项目，没有导入：第 {rows} 行。"),
}


def _counted(rows: dict[int, str]) -> Iterator[Finding]:
    for kind in KINDS:
        found = [row for row, own in rows.items() if own == kind]
        if found:
            yield Finding(
                None,
                "name_zh",
                "warning",
                _MESSAGES[kind],
                _("若其中有真的项目，请在“导入决定”一列写“保留”。"),
                {"n": len(found), "rows": rows_text(found)},
            )


def rows_text(rows: Collection[int]) -> str:
    """Numbers of rows for a message, cut after twenty."""
    numbers = [str(row) for row in rows]
    return "、".join(numbers[:_LISTED]) + ("…" if len(numbers) > _LISTED else "")


def _differences(frame: pd.DataFrame, rows: dict[int, str]) -> Iterator[Finding]:
    """Totals that no group of rows adds up to."""
    totals = [row for row, kind in rows.items() if kind == "total"]
    if not totals:
        return
    entries = [int(row) for row in frame.index if int(row) not in rows]
    for column in map(str, frame.columns):
        if header_key(column) in _NUMBERS:
            continue
        numbers = {row: _number(value) for row, value in _cells(frame[column])}
        known = [row for row in entries if np.isfinite(numbers[row])]
        if not known or len(known) < _SHARE * len(entries):
            continue
        for row in totals:
            stated = numbers[row]
            sums = _sums(row, numbers, entries, totals) if np.isfinite(stated) else []
            if sums and not any(abs(stated - one) <= _NEAR * max(1.0, abs(one)) for one in sums):
                yield Finding(
                    row,
                    "quantity",
                    "warning",
                    _("合计写的是 {stated:g}，所列各行之和是 {sum:g}。"),
                    _("请核对是漏了行还是写错了合计；导入的是各行的数。"),
                    {"stated": stated, "sum": sums[0]},
                    value=f"{stated:g}",
                    column=column,
                )


def _number(value: Any) -> float:
    return float(read_number(value)) if is_number(value) else np.nan


def _sums(row: int, numbers: dict[int, float], entries: list[int], totals: list[int]) -> list[float]:
    """What a total may stand for: the rows since the last total, those up to the next, all above, all, all totals above."""
    before = [other for other in totals if other < row]
    after = [other for other in totals if other > row]
    groups = [
        [one for one in entries if (before[-1] if before else -1) < one < row],
        [one for one in entries if one < row],
        entries,
        [one for one in entries if row < one < (after[0] if after else 1 << 62)],
    ]
    groups += [[one for one in entries if first < one < row] for first in before]
    sums = [float(np.nansum([numbers[one] for one in group])) for group in groups if group]
    return list(dict.fromkeys(round(one, 9) for one in sums))
