"""Which works are meant: the same rule for the list, the files, the reports and the map.

The browser has the rule a second time (``layers/static/map/filter.js``); a test compares the two on every combination.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from geo.errors import ParameterError
from geo.questions.works import SCOPES
from geo.text import mark as _
from geo.vocabulary import COUNTED

COUNTED_IN_SCOPE: Final[dict[str, tuple[str, ...]]] = {
    "plan": COUNTED[:1],
    "probable": COUNTED[:2],
    "all": COUNTED,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What a person asked to see. Empty tuples mean "everything"; ``scope`` is one of :data:`SCOPES`."""

    categories: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    certainties: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    scope: str = SCOPES[0]

    def __post_init__(self) -> None:
        if self.scope not in SCOPES:
            raise ParameterError(
                _("没有范围 {scope}。"),
                hint=_("可用：{known}。"),
                scope=self.scope,
                known="、".join(SCOPES),
            )

    def apply(self, state: pd.DataFrame) -> pd.DataFrame:
        """Rows of ``Register.state`` that pass. A work in several districts passes for each of them."""
        rows = state[state["counted"].isin(COUNTED_IN_SCOPE[self.scope])]
        for column, chosen in (
            ("category", self.categories),
            ("status", self.statuses),
            ("certainty", self.certainties),
            ("item_id", self.items),
        ):
            if chosen:
                rows = rows[rows[column].isin(chosen)]
        if self.districts:
            chosen_districts = set(self.districts)
            codes = rows["district_code"].fillna("").astype(str).str.split("|")
            rows = rows[codes.map(lambda here: not chosen_districts.isdisjoint(here)).astype(bool)]
        return rows
