"""The rules of the language by which a plan is read: rows of the tables beside this module, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from geo.text_tables import read_texts

_HERE: Final = Path(__file__).parent


def rows_of(name: str) -> list[dict[str, str]]:
    """Rows of one table of rules, every cell a text."""
    return [
        {str(column): str(cell) for column, cell in row.items()}
        for row in read_texts(_HERE / f"{name}.csv").to_dict("records")
    ]


def _longest_first(terms: Iterable[str]) -> list[str]:
    return sorted(set(terms), key=lambda term: (-len(term), term))


def any_of(terms: Iterable[str]) -> str:
    """A pattern that matches the longest of ``terms``; nothing if there are none."""
    return "|".join(map(re.escape, _longest_first(terms))) or r"(?!)"


def _terms_of(name: str) -> frozenset[str]:
    return frozenset(row["word"] for row in rows_of(name))


@dataclass(frozen=True, slots=True)
class Thing:
    """What can stand on a map: its category, how it is drawn, and how it is counted."""

    term: str
    category: str
    geometry: str
    measure: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All tables, ready for use.

    Attributes
    ----------
    things : mapping
        Term -> thing.
    verbs : mapping
        (term, position, whether an amount is named) -> word of the promise.
    lead_ins : mapping
        Term that stands before a verb -> ``strive`` or ``plain``.
    refusals : mapping
        (position, term) -> reason for which there is no item.
    tails : mapping
        Term after the thing -> category it makes of it, empty for none.
    builds : mapping
        Verb -> ``yes`` where it says by itself that something is built, ``works`` where it does so of what is called works or counted as places
        are, else ``no``.
    generic, common_ends, building_ends : frozenset of str
        Terms that name no single place; words that end as a name does; how the name of something built often ends.
    measures : mapping
        Unit -> how what it counts is measured.
    place_units : frozenset of str
        Units that count what stands on a map, whatever it is called.
    """

    things: Mapping[str, Thing]
    verbs: Mapping[tuple[str, str, bool], str]
    lead_ins: Mapping[str, str]
    refusals: Mapping[tuple[str, str], str]
    tails: Mapping[str, str]
    builds: Mapping[str, str]
    generic: frozenset[str]
    common_ends: frozenset[str]
    building_ends: frozenset[str]
    measures: Mapping[str, str]
    place_units: frozenset[str]

    def terms(self, position: str) -> list[str]:
        """Verbs that stand at ``lead`` or ``end``, the longest first."""
        return _longest_first(term for term, where, _amount in self.verbs if where == position)

    def refused(self, position: str) -> dict[str, str]:
        """Term -> reason, of the refusals at one position."""
        return {term: code for (where, term), code in self.refusals.items() if where == position}


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The tables of this program, read once."""
    verbs = {}
    verb_rows, unit_rows = rows_of("verbs"), rows_of("amounts")
    for row in verb_rows:
        for amount in (True, False):
            if row["amount"] in ("any", "yes" if amount else "no"):
                verbs[row["word"], row["position"], amount] = row["verb"]
    return Rules(
        things={
            row["word"]: Thing(row["word"], row["category"], row["geometry"], row["measure"])
            for row in rows_of("things")
        },
        verbs=verbs,
        lead_ins={row["word"]: row["sense"] for row in rows_of("lead_ins")},
        refusals={(row["position"], row["word"]): row["code"] for row in rows_of("no_promise")},
        tails={row["word"]: row["category"] for row in rows_of("tails")},
        builds={row["word"]: row["builds"] for row in verb_rows},
        generic=_terms_of("generic"),
        common_ends=_terms_of("common_ends"),
        building_ends=_terms_of("building_ends"),
        measures={row["word"]: row["measure"] for row in unit_rows},
        place_units=frozenset(row["word"] for row in unit_rows if row["of_places"] == "yes"),
    )
