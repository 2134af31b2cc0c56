"""How many rows of the register have a place of their own: one rule for lists and files."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.text import mark as _
from geo.text import translate


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """``total`` rows are ``placed`` (a point or a line of their own) and ``unplaced``; of the latter ``totals`` are
    numbers without names, which never have a place, and ``by_parts`` are works of which only sections have one.
    """

    total: int
    placed: int
    unplaced: int
    totals: int
    by_parts: int

    def sentence(self, lang: str) -> str:
        """The counts in a sentence (Markdown), each with what it is counted of."""
        text = _(
            "共 **{n}** 条（含区段和站点）：有位置 **{placed}**，未落位 **{unplaced}**（其中只报总数的记载 {totals}，只有区段落位的 {by_parts}）。"
        )
        return translate(text, lang).format(
            n=self.total,
            placed=self.placed,
            unplaced=self.unplaced,
            totals=self.totals,
            by_parts=self.by_parts,
        )


def place_counts(rows: pd.DataFrame) -> PlaceCounts:
    """Counts of rows of ``Register.state``."""
    own = rows["certainty"] != "none"
    return PlaceCounts(
        total=len(rows),
        placed=int(own.sum()),
        unplaced=int((~own).sum()),
        totals=int((~own & (rows["kind"] == "aggregate")).sum()),
        by_parts=int((~own & rows["placed"].astype(bool)).sum()),
    )
