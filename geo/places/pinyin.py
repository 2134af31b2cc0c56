"""Pinyin keys and one ranking for every search over names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

SUFFIXES: Final = ("街道", "新村", "社区", "镇", "乡", "村", "站", "区", "市")

_NAMES: Final = 250_000
"""Names whose pinyin is remembered, for a new version of the register has nearly the same: about 50 MB when all are there."""
_remembered: dict[str, tuple[str, str]] = {}


def pinyin_keys(names: Sequence[str]) -> pd.DataFrame:
    """Full pinyin and initials of names, lower case without spaces or tones.

    Returns
    -------
    DataFrame
        ``full`` and ``initials``, one row a name, in order: ``"清名一村"`` -> ``"qingmingyicun", "qmyc"``.
    """
    different = list(dict.fromkeys(names))
    keys = {name: pair for name in different if (pair := _remembered.get(name))}
    new = [name for name in different if name not in keys]
    keys.update(zip(new, _spelled(new), strict=True))
    if len(_remembered) + len(new) > _NAMES:
        _remembered.clear()
    _remembered.update((name, keys[name]) for name in new[:_NAMES])
    return pd.DataFrame([keys[name] for name in names], columns=["full", "initials"], dtype=object)


def _spelled(names: Sequence[str]) -> list[tuple[str, str]]:
    """Full pinyin and initials of names, cut into the library's phrases all at once: no phrase goes across what stands between them."""
    if not names:
        return []
    from pypinyin.seg.simpleseg import seg

    letters = set("".join(names))
    between = next(mark for mark in map(chr, range(10, 0x3000)) if mark not in letters)
    phrases = seg(between.join(names))
    spelled = {phrase: _spelled_phrase(phrase) for phrase in set(phrases)}
    styles = zip(*map(spelled.__getitem__, phrases), strict=True)
    full, initials = ("".join(style).split(between) for style in styles)
    return list(zip(map(str.lower, full), map(str.lower, initials), strict=True))


def _spelled_phrase(phrase: str) -> tuple[str, str]:
    """A phrase's pinyin and initials; what is no Chinese stays as it is."""
    from pypinyin.constants import RE_HANS

    return _spelled_han(phrase) if RE_HANS.match(phrase) else (phrase, phrase)


@lru_cache(maxsize=_NAMES)
def _spelled_han(phrase: str) -> tuple[str, str]:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin([phrase])), "".join(lazy_pinyin([phrase], style=Style.FIRST_LETTER))


def bare(name: str) -> str:
    """``name`` without the suffix of its kind (街道, 镇, 新村 ...), unless nothing would be left of it."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name[: -len(suffix)]
    return name


def folded(keys: pd.DataFrame) -> pd.DataFrame:
    """Columns of texts in lower case without spaces, as :func:`rank` compares them; empty texts for missing ones."""
    texts = {name: keys[name].fillna("").astype(str).str.lower().str.replace(" ", "") for name in keys}
    return pd.DataFrame(texts, index=keys.index)


def rank(query: str, keys: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How well each row of ``keys`` answers ``query``: 0 not at all, 1 exactly.

    Parameters
    ----------
    query : str
        Chinese, English, pinyin, initials or an id, in any case; spaces are ignored.
    keys : DataFrame
        Text columns in falling order of weight, of :func:`folded`; each is compared as equal, prefix, then substring.
    """
    wanted = query.lower().replace(" ", "")
    score = np.zeros(len(keys))
    if not wanted:
        return score
    shorter = bare(wanted)
    for position, column in enumerate(keys.columns):
        texts, weight = keys[column], 1.0 - 0.08 * position
        for word, factor in ((wanted, 1.0), (shorter, 0.9)):
            has = texts.str.contains(word, regex=False).to_numpy(bool)
            if not has.any():
                continue
            starts = texts.str.startswith(word).to_numpy(bool)
            equal = (texts == word).to_numpy(bool)
            found = np.select([equal, starts, has], [1.0, 0.85, 0.6], 0.0) * weight * factor
            score = np.maximum(score, found)
    return score


def rank_forms(queries: Sequence[str], keys: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How well each row of ``keys`` answers the one of ``queries`` that it answers best, as :func:`rank` has it."""
    score = np.zeros(len(keys))
    for query in queries:
        score = np.maximum(score, rank(query, keys))
    return score
