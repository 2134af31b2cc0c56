"""A plan's text in the one form that rules read, character by character, and cut into passages that leave nothing out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

_SENTENCE: Final = re.compile(r"[^。！？;\n]*(?:[。！？;\n]+|$)")
_SECTION: Final = re.compile(r"\s*(?:\(([一二三四五六七八九十]{1,3})\)|([一二三四五六七八九十]{1,3})、)")
_OPEN: Final = "(《“‘「『[【〈"
_CLOSE: Final = ")》”’」』]】〉"


@dataclass(frozen=True, slots=True)
class Clause:
    """Characters ``start`` up to ``end``: what stands between two commas or colons, with the second; ``first`` of its sentence."""

    start: int
    end: int
    section: str
    first: bool


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def _one(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def plain_form(text: str) -> str:
    """``text`` in simplified characters of one width: as many characters as it has, so that places in it hold for both.

    OpenCC takes whole words together; where that changed the number of characters of a line, each is taken by itself.
    """
    lines = text.split("\n")
    return "\n".join(_plain_line(line) for line in lines)


def _plain_line(line: str) -> str:
    converted = _to_simplified().convert(line)
    if len(converted) != len(line):
        each = ((char, _to_simplified().convert(char)) for char in line)
        converted = "".join(new if len(new) == 1 else old for old, new in each)
    return "".join(map(_one, converted))


def clauses(plain: str) -> Iterator[Clause]:
    """All of a text in order, without a gap: sentence by sentence, and those by their commas and colons.

    Parameters
    ----------
    plain : str
        As :func:`plain_form` gives it.

    Yields
    ------
    Clause
        ``section`` is the numeral of the last heading such as ``(五)``, empty before the first.
    """
    section = ""
    for found in _SENTENCE.finditer(plain):
        if found.start() == found.end():
            continue
        if numbered := _SECTION.match(plain, found.start(), found.end()):
            section = numbered[1] or numbered[2]
        start = found.start()
        for comma in _cuts(plain, found.start(), found.end(), ",:"):
            yield Clause(start, comma + 1, section, start == found.start())
            start = comma + 1
        if start < found.end():
            yield Clause(start, found.end(), section, start == found.start())


def _cuts(plain: str, start: int, end: int, marks: str) -> Iterator[int]:
    """Where one of ``marks`` stands outside brackets and quotes, and not inside a number."""
    depth = 0
    for at in range(start, end):
        char = plain[at]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in marks and not depth:
            inside = plain[at - 1 : at].isdigit() and re.match(r"\d{3}(?!\d)", plain[at + 1 : at + 5])
            if not (char == "," and inside):
                yield at


def members(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """The members of a list between ``start`` and ``end``: what stands between the signs 、 outside brackets.

    Parameters
    ----------
    plain : str
        As :func:`plain_form` gives it.
    start, end : int
        Characters of it.

    Returns
    -------
    list of (int, int)
    """
    parts, begin = [], start
    for cut in _cuts(plain, start, end, "、"):
        parts.append((begin, cut))
        begin = cut + 1
    parts.append((begin, end))
    return [part for part in parts if part[0] < part[1]]
