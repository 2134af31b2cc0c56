"""A name for readers of English: the one that a source gives; where none does, Hanyu Pinyin with the kind of place in English, marked."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

import pandas as pd

from geo.values import is_unknown

MARK: Final = " (pinyin)"
"""Stands behind a name that no source gives in English."""
_PARTS: Final = Path(__file__).with_name("name_parts.csv")
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_SPACES: Final = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s+(?=[)）,.、，。；:：])"), ""),
    (re.compile(r"(?<=[(（])\s+"), ""),
)
_ONE_WORD: Final = 4
"""Characters up to which a name is written as one word."""
_MOST_PARTS: Final = 2
"""How many words for kinds of places are taken off the end: 解放路停车场 has a road and a car park."""


_WRITTEN: Final[ContextVar[dict[str, str] | None]] = ContextVar("names that were written", default=None)


@contextmanager
def written_before(names: dict[str, str]) -> Iterator[None]:
    """Until the end names are taken from ``names``, and what is not there is added: the dictionary of pinyin takes half a second to read.

    ``names`` are those of an earlier run of the same program, for the same name may be written in another way by another.
    """
    token = _WRITTEN.set(names)
    try:
        yield
    finally:
        _WRITTEN.reset(token)


def english_name(chinese: str, english: str = "") -> str:
    """The name for readers of English.

    Parameters
    ----------
    chinese : str
    english : str
        What a source gives: it is taken as it is, unless it is the pinyin of ``chinese`` and no more. Chinese left in it is written in pinyin.

    Returns
    -------
    str
        With :data:`MARK` where pinyin stands in it; empty for no name at all.
    """
    names = _WRITTEN.get()
    if names is None:
        return _written(chinese, english)
    key = f"{chinese}\n{'' if is_unknown(english) else english}"
    if key not in names:
        names[key] = _written(chinese, english)
    return names[key]


@lru_cache(maxsize=16_384)
def _written(chinese: str, english: str) -> str:
    given = "" if is_unknown(english) else str(english).strip()
    spoken = _readings(chinese, given)
    if given and spoken is None:
        return _in_pinyin(given)
    return _in_pinyin(chinese, spoken or ())


def display_names(frame: pd.DataFrame, lang: str) -> list[str]:
    """The name of each row of ``name_zh, name_en`` in ``lang``; English ones as :func:`english_name` has them."""
    chinese = frame["name_zh"].fillna("").astype(str)
    if lang == "zh":
        return list(chinese)
    english = frame["name_en"].fillna("").astype(str)
    return [english_name(*names) for names in zip(chinese, english, strict=True)]


def _in_pinyin(text: str, readings: Sequence[str] = ()) -> str:
    """``text`` with each run of Chinese as words, and :data:`MARK`; unchanged where it has none."""
    if not _HAN.search(text):
        return text
    written = _HAN.sub(lambda run: f" {_words(run[0], readings)} ", text)
    for wrong, right in _SPACES:
        written = wrong.sub(right, written)
    return written.strip() + MARK


def _words(run: str, readings: Sequence[str]) -> str:
    """Chinese without a break: its name in pinyin, and what kinds of places it says in English."""
    kinds: list[str] = []
    rest = run
    while len(kinds) < _MOST_PARTS:
        part = next((part for part in _parts() if _ends_in(rest, part)), None)
        if part is None:
            break
        kinds.insert(0, part.english)
        rest = rest.removesuffix(part.chinese)
    return " ".join([_spoken(rest, readings[: len(rest)]), *kinds])


def _ends_in(name: str, part: _Part) -> bool:
    return name.endswith(part.chinese) and 0 < len(name) - len(part.chinese) <= part.most


def _spoken(name: str, readings: Sequence[str]) -> str:
    """The pinyin of a name: one word, or where it is long the words that pypinyin's own phrases know (GB/T 16159)."""
    from pypinyin import lazy_pinyin
    from pypinyin.seg.mmseg import seg

    if readings:  # a source has said where words end
        return " ".join(word.capitalize() for word in "".join(readings).split())
    syllables, words, at = lazy_pinyin(name), [], 0
    for phrase in [name] if len(name) <= _ONE_WORD else seg.cut(name):
        words.append("".join(syllables[at : at + len(phrase)]).capitalize())
        at += len(phrase)
    return " ".join(words)


def _readings(chinese: str, given: str) -> list[str] | None:
    """The syllables of ``chinese`` that ``given`` is made of, a space behind those that end a word; None where it is another text.

    The word for a station may be left out.
    """
    from pypinyin import Style, pinyin

    if not given or not _HAN.fullmatch(chinese):
        return None
    letters = re.sub(r"[\s'’-]", "", given).lower().replace("ü", "v")
    ways = [
        "|".join(sorted(set(each), key=len, reverse=True))
        for each in pinyin(chinese, style=Style.NORMAL, heteronym=True)
    ]
    pattern = (
        "".join(f"({way})" for way in ways[:-1]) + f"({ways[-1]})" + ("?" if chinese.endswith("站") else "")
    )
    match = re.fullmatch(pattern, letters)
    if match is None:
        return None
    ends = set(accumulate(len(re.sub(r"['’-]", "", word)) for word in given.split()))
    return [
        f"{syllable or ''} " if match.end(at) in ends else syllable or ""
        for at, syllable in enumerate(match.groups(), 1)
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    """A word for a kind of place at the end of names; ``most`` is how many characters may stand before it."""

    chinese: str
    english: str
    most: int


@lru_cache(maxsize=1)
def _parts() -> tuple[_Part, ...]:
    """The words of ``name_parts.csv``, the longest first."""
    with _PARTS.open(encoding="utf-8", newline="") as file:
        parts = [_Part(row["zh"], row["en"], int(row["most"] or 99)) for row in csv.DictReader(file)]
    return tuple(sorted(parts, key=lambda part: -len(part.chinese)))
