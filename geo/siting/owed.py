"""What the plan still owes, beside new sites: what it brings by itself, and what the sites add on top of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.register.city import Atlas
from geo.register.facilities import Facilities, facility_set
from geo.siting.points import some
from geo.text import mark as _
from geo.text import translate


@dataclass(frozen=True, eq=False)
class OwedWorks:
    """Works of the kinds asked for that the plan promises and that are not built on the day.

    Attributes
    ----------
    placed, unplaced : DataFrame
        Indexed by work, columns as of :data:`geo.register.facilities.COLUMNS`; the second have no place.
    unnamed : int
        More that were reported as a number alone.
    """

    placed: pd.DataFrame
    unplaced: pd.DataFrame
    unnamed: int

    def __len__(self) -> int:
        return len(self.placed) + len(self.unplaced) + self.unnamed


@dataclass(frozen=True, eq=False)
class OwedEffect:
    """What those with a place bring in the districts asked for, in residents or km² of land.

    Attributes
    ----------
    works : OwedWorks
    gained : float
        By themselves, without new sites.
    together : float
        With the sites.
    sites : float
        The sites without them.
    people : bool
        Whether residents are counted, or land.
    """

    works: OwedWorks
    gained: float
    together: float
    sites: float
    people: bool

    @property
    def on_top(self) -> float:
        """What the sites add once the works are built."""
        return self.together - self.gained

    def text(self, lang: str = "zh") -> str:
        """The comparison in one paragraph."""
        works = self.works
        if not len(works):
            return translate(_("计划里没有尚未建成的这类设施。"), lang)
        number = _(
            "全市计划里这类设施还有 {n} 处没有建成：{placed} 处有位置，{unplaced} 处没有位置，{unnamed} 处只有数字。"
        )
        parts = [
            translate(number, lang).format(
                n=len(works), placed=len(works.placed), unplaced=len(works.unplaced), unnamed=works.unnamed
            )
        ]
        if len(works.placed):
            parts.append(self._gains(lang))
        if len(works.unplaced):
            rest = _("没有位置的（{names}）会带来多少不详，选址时也无法避开它们。")
            names = some([str(name) for name in works.unplaced["name_zh"]])
            parts.append(translate(rest, lang).format(names=names))
        return " ".join(parts)

    def _gains(self, lang: str) -> str:
        text = (
            _("有位置的自己带来 {gained} 人；它们建成以后，新址再添 {on_top} 人（不算它们时是 {sites} 人）。")
            if self.people
            else _(
                "有位置的自己带来 {gained} 平方公里；它们建成以后，新址再添 {on_top} 平方公里（不算它们时是 {sites}）。"
            )
        )
        digits = 0 if self.people else 2
        amounts = {"gained": self.gained, "on_top": self.on_top, "sites": self.sites}
        return translate(text, lang).format(
            **{name: f"{value:,.{digits}f}" for name, value in amounts.items()}
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values, rounded once for page, command and API."""
        return {
            "placed": list(map(str, self.works.placed.index)),
            "unplaced": list(map(str, self.works.unplaced.index)),
            "unnamed": self.works.unnamed,
            "gained": round(self.gained, 1),
            "sites_on_top": round(self.on_top, 1),
            "together": round(self.together, 1),
        }


def owed_works(atlas: Atlas, facilities: Facilities) -> OwedWorks:
    """What the plan promises beyond a set of facilities of the register, as of the day of the set."""
    kinds, day = facilities.inputs["kinds"], pd.Timestamp(facilities.inputs["as_of"]).date()
    planned = facility_set(atlas.register, kinds, "planned", day)
    owed = planned.frame[~planned.frame.index.isin(facilities.frame.index)]
    placed = owed["lon"].notna()
    more = int(planned.unnamed["number"].sum()) - int(facilities.unnamed["number"].sum())
    return OwedWorks(owed[placed], owed[~placed], max(more, 0))
