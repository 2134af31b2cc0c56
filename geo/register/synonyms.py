"""Words that people search with, and what the names of the register have instead: the pack's table ``synonyms``."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from geo.errors import DataError
from geo.text import mark as _
from geo.text_tables import read_city_table

_NAME: Final = "synonyms.csv"
_PLAIN: Final = re.compile(r"[^\W_]+( [^\W_]+)*")
"""Letters, digits and single spaces: what needs no escape in a pattern, here or in a browser."""


@lru_cache(maxsize=4)
def synonyms(root: Path) -> dict[str, str]:
    """Words in lower case -> what stands for them in names, the longest words first; empty where the pack has no such table.

    Parameters
    ----------
    root : Path
        Folder of the city pack.

    Returns
    -------
    dict

    Raises
    ------
    DataError
        A row has words that are no letters, digits and single spaces.
    """
    if not (root / _NAME).exists():
        return {}
    table = read_city_table(root, _NAME, ("words", "stands_for"))
    pairs = {
        str(words).lower(): str(name) for words, name in zip(table["words"], table["stands_for"], strict=True)
    }
    for words in pairs:
        if not _PLAIN.fullmatch(words):
            raise DataError(
                _("城市资料包的 {name} 里，“{words}”不能用作同义词。"),
                hint=_("同义词只用文字、数字和单个空格。"),
                name=_NAME,
                words=words[:40],
            )
    return dict(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def spaced(text: str) -> str:
    """``text`` in lower case with single spaces, none at its ends."""
    return " ".join(text.lower().split())


def forms(text: str, meanings: dict[str, str]) -> list[str]:
    """What is searched for where ``text`` is typed: itself, and itself with every synonym replaced by what stands for it.

    Parameters
    ----------
    text : str
    meanings : dict
        Of :func:`synonyms`: a longer synonym goes before a shorter one in it, and none within a word of Latin letters counts.

    Returns
    -------
    list of str
    """
    plain = spaced(text)
    if not meanings:
        return [plain]
    each = (rf"(?<![a-z]){words}(?![a-z])" if words.isascii() else words for words in meanings)
    return list(dict.fromkeys([plain, re.sub("|".join(each), lambda match: meanings[match[0]], plain)]))
