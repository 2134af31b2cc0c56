"""The word tables of reading: headers, units, status words and parts of a year. Rows of data, beside this module."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from geo.display.fields import label_for_people
from geo.text_tables import read_texts

_HERE: Final = Path(__file__).parent
_EMPTY: Final = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "n/a",
        "na",
        "nan",
        "null",
        "none",
        "无",
        "暂无",
        "空",
    }
)
_FORMULA_ERROR: Final = re.compile(
    r"#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA|BUSY!)|ERR:\d{3}"
)
_GIVEN: Final = {"lon": "given_x", "lat": "given_y"}
_MARKS: Final = re.compile(r"[\s_·.。:：*#＊]+")


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """One row of ``fields.csv``: a field, how it is read, and the header words that mean it."""

    field: str
    type: str
    unit: str
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a year by name: ``年底``, ``上半年``, ``三季度``; its last day and how exact that is."""

    name: str
    month: int
    day: int
    precision: str


def tidy(value: Any) -> str:
    """A cell as text of one width, without spaces around it."""
    return unicodedata.normalize("NFKC", str(value)).strip()


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing: None, NaN, white space, or a sign for "none" such as ``—`` or ``N/A``."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  (NaN alone differs from itself)
        return True
    return isinstance(value, str) and tidy(value).lower() in _EMPTY


def is_formula_error(value: Any) -> bool:
    """Whether a cell holds what a spreadsheet writes where a formula failed: ``#REF!``, ``#N/A``, ``#DIV/0!``."""
    return isinstance(value, str) and _FORMULA_ERROR.fullmatch(tidy(value).upper()) is not None


def header_key(text: str) -> str:
    """A header as it is compared: one width, lower case, without spaces and marks."""
    return _MARKS.sub("", tidy(text).lower())


def term_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the word tables beside this module."""
    rows = read_texts(_HERE / name).to_dict("records")
    return [{str(column): str(cell) for column, cell in row.items()} for row in rows]


@lru_cache(maxsize=1)
def field_terms() -> tuple[FieldTerms, ...]:
    """The rows of ``fields.csv``; a field that has several kinds of quantity has several rows."""
    return tuple(
        FieldTerms(
            row["field"],
            row["type"],
            row["unit"],
            tuple(header_key(word) for word in row["words"].split("|")),
        )
        for row in term_rows("fields.csv")
    )


@lru_cache(maxsize=1)
def field_types() -> dict[str, str]:
    """Field -> how its cells are read, in the order that fields are offered."""
    return {row.field: row.type for row in field_terms()}


def field_labels(lang: str) -> dict[str, str]:
    """Field -> its label in ``lang``, in the order that fields are offered; coordinates are in the system of the list."""
    return {name: label_for_people(_GIVEN.get(name, name), lang) for name in field_types()}


@lru_cache(maxsize=1)
def units() -> dict[str, tuple[str, float]]:
    """Unit word -> the register's unit, and by what to multiply."""
    return {tidy(row["word"]).lower(): (row["unit"], float(row["factor"])) for row in term_rows("units.csv")}


@lru_cache(maxsize=1)
def status_terms() -> dict[str, str]:
    """Status word, Chinese or English, in lower case -> word of the register."""
    return {row["word"]: row["status"] for row in term_rows("status_words.csv")}


@lru_cache(maxsize=1)
def parts_of_year() -> tuple[Part, ...]:
    """Parts of a year, the longest word first."""
    parts = [
        Part(row["pattern"], int(row["month"]), int(row["day"]), row["precision"])
        for row in term_rows("date_words.csv")
    ]
    return tuple(sorted(parts, key=lambda part: -len(part.name)))
