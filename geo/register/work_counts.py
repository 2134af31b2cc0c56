"""How many works a table of the register holds, and of how many it is known where they are: one rule for every surface.

A work is counted once, whatever it consists of: sections and stations are parts of works, and totals are numbers without names. Overview,
legend, list, card, report, picture, API and public site show these numbers and no others.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.register.amounts import is_whole, whole_works
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import CERTAINTIES, UNKNOWN


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """``works`` are ``placed`` (a place of their own, or of a part) and ``unplaced``; ``done`` are confirmed as completed, of ``silent``
    no record says how far they are. ``parts`` and ``totals`` are the other rows of the table.
    """

    works: int
    placed: int
    done: int
    silent: int
    parts: int
    totals: int

    @property
    def unplaced(self) -> int:
        """Works of which it is not known where they are."""
        return self.works - self.placed

    def sentence(self, lang: str) -> str:
        """The counts in a sentence (Markdown)."""
        return translate(COUNTS_SENTENCE, lang).format(
            works=self.works,
            placed=self.placed,
            unplaced=self.unplaced,
            done=self.done,
            parts=self.parts,
            totals=self.totals,
        )


COUNTS_SENTENCE = _(
    "**{works}** 个项目：知道在哪 **{placed}**，不知道在哪 **{unplaced}**；证实建成 **{done}**。表中另有它们的区段和站点 {parts} 条、只报总数的记载 {totals} 条。"
)


def work_counts(rows: pd.DataFrame) -> WorkCounts:
    """Counts of rows of ``Register.state``."""
    # columns alone: a frame of the works would copy dozens of them for four numbers
    whole, totals = is_whole(rows), int((rows["kind"].to_numpy(object) == "aggregate").sum())
    works = int(whole.sum())
    return WorkCounts(
        works=works,
        placed=int((rows["placed"].to_numpy(bool) & whole).sum()),
        done=int((rows["done"].to_numpy(bool) & whole).sum()),
        silent=int(((rows["status"].to_numpy(object) == UNKNOWN) & whole).sum()),
        parts=len(rows) - works - totals,
        totals=totals,
    )


def counted_certainty(state: pd.DataFrame) -> pd.Series[str]:
    """How exactly it is known where each whole work is: its own place, else the most exact one of its parts.

    Parameters
    ----------
    state : DataFrame
        Of ``Register.state``: with the parts of the works.

    Returns
    -------
    Series
        Words of ``CERTAINTIES`` by work id; parts and totals are not in it.
    """
    works = whole_works(state)
    order = list(CERTAINTIES)
    parts = state[state["parent_id"].isin(works.index) & (state["certainty"] != order[-1])]
    best = parts["certainty"].map(order.index).groupby(parts["parent_id"]).min()
    own = works["certainty"].map(order.index).astype("int64")
    by_parts = best.reindex(works.index).fillna(len(order) - 1).astype("int64")
    places = own.where(own < len(order) - 1, by_parts)
    return pd.Series([order[place] for place in places], index=works.index, dtype=object)
