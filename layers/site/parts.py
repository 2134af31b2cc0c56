"""What the public pages know of each work, item and district, found again where an earlier build made it of the same families of works."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from geo.register.city import Atlas
from layers.site.cards import cards
from layers.site.earlier import Earlier
from layers.site.families import NOWHERE, Families, part_of
from layers.site.histories import Days, History, district_histories, item_histories, work_histories


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a plan's tables.

    Attributes
    ----------
    atlas : Atlas
        The city by the plan.
    earlier : Earlier
        Parts of earlier builds.
    """

    atlas: Atlas
    earlier: Earlier = field(default_factory=Earlier)
    _days: dict[frozenset[int], Days] = field(default_factory=dict)

    @cached_property
    def families(self) -> Families:
        """The families of the city's works."""
        return Families(self.atlas)

    def works(self, lang: str) -> list[History]:
        """The history of each work that counts, in the order of the register."""
        return list(self._by_work(f"works {lang}", lambda days: work_histories(days, lang)).values())

    def cards(self, lang: str) -> dict[str, Any]:
        """The card of each work that counts, in the order of the register."""
        return self._by_work(f"cards {lang}", lambda days: cards(days, lang))

    @cached_property
    def items(self) -> list[History]:
        """The history of each of the plan's items, in its order."""
        of = {str(item): self.families.of_item(str(item)) for item in self.atlas.pack.plan_items.index}
        found = self._made("items", of, item_histories)
        return [found[item] for item in of]

    @cached_property
    def districts(self) -> list[History]:
        """The history of each district, last of what belongs to none."""
        codes = [*map(str, self.atlas.pack.districts.index), NOWHERE]
        of = {code: self.families.of_district(code) for code in codes}
        found = self._made("districts", of, district_histories)
        return [found[code] for code in of]

    def _by_work(self, kind: str, make: Callable[[Days], dict[str, Any]]) -> dict[str, Any]:
        works_of, family_of = self.families.works_of, self.families.family_of
        families = {works[0]: frozenset({family}) for family, works in works_of.items()}

        def pieces(days: Days, names: list[str]) -> dict[str, Any]:
            made: dict[str, dict[str, Any]] = {name: {} for name in names}
            for work, piece in make(days).items():
                made[works_of[family_of[work]][0]][work] = piece
            return made

        found = self._made(kind, families, pieces)
        every = {work: piece for each in found.values() for work, piece in each.items()}
        return {str(work): every[str(work)] for work in self.atlas.register.works.index}

    def _made(
        self,
        kind: str,
        of: dict[str, frozenset[int]],
        make: Callable[[Days, list[str]], dict[str, Any]],
    ) -> dict[str, Any]:
        made_of = {name: self.families.digest(families) for name, families in of.items()}

        def missing(names: list[str]) -> dict[str, Any]:
            return make(self._days_of(family for name in names for family in of[name]), names)

        return self.earlier.pieces(f"{kind} {self.atlas.pack.plan}", made_of, missing)

    def _days_of(self, families: Iterable[int]) -> Days:
        """The days of some families alone; made once for both languages."""
        wanted = frozenset(families)
        if wanted not in self._days:
            whole = len(wanted) == len(self.families.works_of)
            works = self.families.works_in(wanted)
            self._days[wanted] = Days(self.atlas if whole else part_of(self.atlas, works))
        return self._days[wanted]
