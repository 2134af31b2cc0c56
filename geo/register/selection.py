"""Which works are meant: the same rule for the list, the files, the reports and the map.

The browser has the rule a second time (``layers/static/map/filter.js``); a test compares the two on every combination.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
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
            rows = rows[in_any_district(rows["district_code"], self.districts)]
        return rows


def in_any_district(codes: pd.Series[Any], chosen: Collection[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows are in one of the ``chosen`` districts, alone or with others; ``codes`` are joined by ``|``."""
    places, joined = pd.factorize(codes.to_numpy(object), use_na_sentinel=True)
    here = [not set(chosen).isdisjoint(str(each).split("|")) for each in joined]
    return np.array([*here, "" in chosen], bool)[places]  # unknown is -1, the last
