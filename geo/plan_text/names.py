"""Names in a plan: districts and places of the city, lines, roads; and whether a phrase names one place at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from geo.plan_text.draft import NamedPlace, NameKind
from geo.plan_text.rules import rules

if TYPE_CHECKING:
    from jieba import Tokenizer

_LINE: Final = re.compile(
    r"(?:地铁|轻轨|轨道交通)?(?:[A-Z]?\d{1,2}|[一二三四五六七八九十]{1,3})号线|[A-Z]\d{1,2}线|[GSX]?\d{3}(?:国道|省道|县道)|[GS]\d{1,4}(?!\d)"
)
_ONE_OF_THE_CITY: Final = re.compile(r"^[省市区县](?=\S)")
"""省, 市, 区 or 县 before an institution: there is one of it."""


@dataclass(frozen=True, eq=False)
class NameIndex:
    """The names of a city: of its districts (with and without 区, 市, 县) and of its places."""

    districts: frozenset[str]
    places: frozenset[str]

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """jieba's dictionary with these names."""
        return _tokenizer(self.districts | self.places)

    def parts(self, phrase: str) -> list[str]:
        """A phrase in its words."""
        return list(self.tokenizer.cut(phrase, HMM=False))

    def names_one(self, phrase: str) -> bool:
        """Whether a phrase, less the thing at its end, says which one: it has a word that is not general."""
        if _ONE_OF_THE_CITY.match(phrase) and not phrase.startswith("市区"):
            return True
        general = rules().generic | rules().things.keys() | rules().tails.keys()
        return any(part.strip("“”()级、") and part not in general for part in self.parts(phrase))

    def token_ends(self, phrase: str) -> frozenset[int]:
        """Where the words of a phrase end, counted from its beginning: what ends elsewhere is no amount (``五台|山``)."""
        return frozenset(accumulate(map(len, self.parts(phrase))))

    def reads_as_name(self, phrase: str) -> bool:
        """Whether a phrase without a known thing could be the name of one: short, and of no word that promises."""
        acts = any(term in phrase for term, _position, _amount in rules().verbs)
        return 2 <= len(phrase) <= 16 and not acts and self.names_one(phrase)

    def after_district(self, plain: str, start: int, end: int) -> int:
        """Where the name of a district ends that a phrase begins with; its start if it begins with none.

        Parameters
        ----------
        plain : str
            As :func:`geo.plan_text.passages.plain_form` gives it.
        start, end : int
            Characters of it.

        Returns
        -------
        int
        """
        lengths = [len(name) for name in self.districts if plain.startswith(name, start, end)]
        return start + max(lengths, default=0)

    def named(self, plain: str, start: int, end: int) -> Iterator[NamedPlace]:
        """Names between two characters of a text, the longest where they overlap.

        Parameters
        ----------
        plain : str
            As :func:`geo.plan_text.passages.plain_form` gives it.
        start, end : int
            Characters of it.

        Yields
        ------
        NamedPlace
        """
        taken = start
        for found in sorted(self._all(plain[start:end]), key=lambda one: (one[0], -one[1])):
            first, last, kind = found[0] + start, found[1] + start, found[2]
            if first >= taken:
                yield NamedPlace(start=first, end=last, text=plain[first:last], kind=kind)
                taken = last

    def _all(self, phrase: str) -> Iterator[tuple[int, int, NameKind]]:
        for match in _LINE.finditer(phrase):
            yield match.start(), match.end(), "line"
        of_kinds: tuple[tuple[NameKind, frozenset[str]], ...] = (
            ("district", self.districts),
            ("place", self.places),
        )
        for kind, names in of_kinds:
            for name in names:
                at = phrase.find(name)
                if at >= 0:
                    yield at, at + len(name), kind


def line_names(text: str) -> set[str]:
    """Lines and numbered roads in a text, each in one form: 地铁5号线 is 5号线, 312国道 is G312."""
    found = set()
    for match in _LINE.finditer(text):
        name = re.sub(r"^(?:地铁|轻轨|轨道交通)", "", match.group())
        road = re.fullmatch(r"([GSX]?)(\d{3})(国道|省道|县道)", name)
        letters = {"国道": "G", "省道": "S", "县道": "X"}
        found.add(f"{road[1] or letters[road[3]]}{road[2]}" if road else name)
    return found


def index_of(districts: Iterable[str], places: Iterable[str]) -> NameIndex:
    """The names of a city.

    Parameters
    ----------
    districts : iterable of str
        Full names, such as ``滨河区``.
    places : iterable of str
        Names of towns and streets.
    """
    full = [name for name in districts if len(name) > 2]
    return NameIndex(
        frozenset([*full, *(name[:-1] for name in full if name[-1] in "区市县" and len(name) > 2)]),
        frozenset(name for name in places if len(name) > 1),
    )


@lru_cache(maxsize=4)
def _tokenizer(names: frozenset[str]) -> Tokenizer:
    """A dictionary of our own: jieba's, filled without its cache file in a folder that anyone may write to."""
    import jieba

    own = jieba.Tokenizer()
    own.FREQ, own.total = own.gen_pfdict(own.get_dict_file())
    own.initialized = True
    for name in (*sorted(names), *rules().things, *rules().generic):
        own.add_word(name)
    return own
