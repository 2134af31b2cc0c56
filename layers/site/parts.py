"""What the public pages know of each work, item and district, found again where an earlier build made it of the same families of works."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from geo.register.city import Atlas
from geo.register.register import Register
from layers.site.cards import cards
from layers.site.earlier import Earlier
from layers.site.families import NOWHERE, Families, part_of
from layers.site.histories import Days, History, district_values, history_of, item_values, work_histories


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
        due = {str(item): {day} for item, day in self.atlas.pack.plan_items["due_date"].items()}
        return self._by_day("items", {item: self.families.of_item(item) for item in due}, due, item_values)

    @cached_property
    def districts(self) -> list[History]:
        """The history of each district, last of what belongs to none."""
        codes = [*map(str, self.atlas.pack.districts.index), NOWHERE]
        of = {code: self.families.of_district(code) for code in codes}
        return self._by_day("districts", of, {}, district_values)

    def _by_day(
        self,
        kind: str,
        of: dict[str, frozenset[int]],
        more: dict[str, set[date]],
        values_on: Callable[[Register, date, list[str]], dict[str, list[Any]]],
    ) -> list[History]:
        """Histories of what follows from some families each: on days before a new record they are found again."""
        first = self.atlas.city.days.first
        days: dict[str, list[date]] = {}
        made_of: dict[str, str] = {}
        for key, families in of.items():
            later = self.families.days_of(families) | more.get(key, set())
            days[key] = [first, *sorted(day for day in later if day > first)]
            for day, known in self.families.known_by(families, days[key]).items():
                made_of[f"{key} {day.isoformat()}"] = known

        def make(names: list[str]) -> dict[str, Any]:
            wanted: dict[date, list[str]] = {}
            for name in names:
                key, _space, day = name.rpartition(" ")
                wanted.setdefault(date.fromisoformat(day), []).append(key)
            keys = {key for each in wanted.values() for key in each}
            register = self._days_of(family for key in keys for family in of[key]).register
            return {
                f"{key} {day.isoformat()}": values
                for day, each in wanted.items()
                for key, values in values_on(register, day, each).items()
            }

        found = self.earlier.pieces(f"{kind} {self.atlas.pack.plan}", made_of, make)
        return [history_of((day, found[f"{key} {day.isoformat()}"]) for day in days[key]) for key in of]

    def _by_work(self, kind: str, make: Callable[[Days], dict[str, Any]]) -> dict[str, Any]:
        works_of, family_of = self.families.works_of, self.families.family_of
        family = {works[0]: number for number, works in works_of.items()}
        made_of = {name: self.families.digest([number]) for name, number in family.items()}

        def missing(names: list[str]) -> dict[str, Any]:
            made: dict[str, dict[str, Any]] = {name: {} for name in names}
            for work, piece in make(self._days_of(family[name] for name in names)).items():
                made[works_of[family_of[work]][0]][work] = piece
            return made

        found = self.earlier.pieces(f"{kind} {self.atlas.pack.plan}", made_of, missing)
        every = {work: piece for each in found.values() for work, piece in each.items()}
        return {str(work): every[str(work)] for work in self.atlas.register.works.index}

    def _days_of(self, families: Iterable[int]) -> Days:
        """The days of some families alone; made once for both languages."""
        wanted = frozenset(families)
        if wanted not in self._days:
            whole = len(wanted) == len(self.families.works_of)
            works = self.families.works_in(wanted)
            self._days[wanted] = Days(self.atlas if whole else part_of(self.atlas, works))
        return self._days[wanted]
