"""Names that are written almost as a query is: what a search falls back on where nothing is written so.

The number of letters that must be added, dropped or replaced (Levenshtein) is rapidfuzz's; the public site's pages take theirs from
MiniSearch, so both find the same. A query of several words may have one wrong word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from geo.places.gazetteer import Gazetteer
from geo.places.pinyin import bare, pinyin_keys
from geo.register.register import Register
from geo.register.synonyms import forms, spaced, synonyms
from geo.text_tables import read_city_table

_SHORTEST: Final = 3
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
LATIN_EDITS: Final = ((6, 2), (4, 1))
"""Letters that a word must have, and how many of them may be wrong."""
HAN_EDITS: Final = ((3, 1),)
"""The same where a Chinese character is in it: each says more than a letter."""


def _edits(word: str) -> int:
    bounds = HAN_EDITS if _HAN.search(word) else LATIN_EDITS
    return next((edits for least, edits in bounds if len(word) >= least), 0)


def similar_queries(text: str, terms: Sequence[str], meanings: dict[str, str]) -> Iterator[list[str]]:
    """What ``text`` may have meant, in steps: first with one wrong letter, then with two.

    Parameters
    ----------
    text : str
        What was typed.
    terms : sequence of str
        Of :func:`register_terms` and :func:`place_terms`.
    meanings : dict
        Of :func:`geo.register.synonyms.synonyms`.

    Yields
    ------
    list of str
        Forms to search for; empty where no term is so near.
    """
    plain = spaced(text)
    whole, words = plain.replace(" ", ""), plain.split(" ")
    for edits in (1, 2):
        found = _within(whole, terms, edits)
        if len(words) > 1:
            found += [
                " ".join([*words[:place], term, *words[place + 1 :]])
                for place, word in enumerate(words)
                for term in _within(word, terms, edits)
            ]
        yield list(dict.fromkeys(form for query in found for form in forms(query, meanings)))


def _within(word: str, terms: Sequence[str], edits: int) -> list[str]:
    """The terms at most ``edits`` letters from ``word``; none where it is too short for so many."""
    if edits > _edits(word):
        return []
    near = process.extract(
        word, terms, scorer=Levenshtein.distance, processor=None, score_cutoff=edits, limit=None
    )
    return [str(term) for term, _distance, _place in near]


@lru_cache(maxsize=4)
def register_terms(register: Register) -> tuple[str, ...]:
    """What names of works, streets and facilities, their kinds and the pack's synonyms are written with, sorted."""
    root = register.pack.root
    labels = [
        read_city_table(root, f"{name}.csv", ("name_zh", "name_en")) for name in ("kinds", "categories")
    ]
    works, standing = register.works, register.facilities
    chinese = [works["name_zh"], works["street"], standing["name_zh"], *(each["name_zh"] for each in labels)]
    english = [works["name_en"], standing["name_en"], *(each["name_en"] for each in labels)]
    return _terms(pd.concat(chinese), [*pd.concat(english).fillna(""), *synonyms(root)])


@lru_cache(maxsize=4)
def place_terms(gazetteer: Gazetteer) -> tuple[str, ...]:
    """What names of places are written with, sorted."""
    return _terms(gazetteer.places["name_zh"], gazetteer.places["name_en"].fillna(""))


def _terms(chinese: pd.Series[str], others: Iterable[str]) -> tuple[str, ...]:
    names = sorted({each for name in chinese.dropna().astype(str) for each in (name, bare(name)) if each})
    full = {
        part for text in others for part in (spaced(str(text)).replace(" ", ""), *spaced(str(text)).split())
    }
    texts = {spaced(name).replace(" ", "") for name in names} | set(pinyin_keys(names)["full"]) | full
    return tuple(sorted(text for text in texts if len(text) >= _SHORTEST))
