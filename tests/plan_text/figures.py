"""How well a draft agrees with a table of what a text promises: found, false, and fields right among those found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from geo.plan_text.draft import Draft, DraftItem


@dataclass(frozen=True)
class Figures:
    """Counts; ``pairs`` are (row of the table, item of the draft), one to one by the largest overlap of their quotes."""

    wanted: int
    drafted: int
    pairs: list[tuple[pd.Series, DraftItem]]

    @property
    def found(self) -> int:
        return len(self.pairs)

    @property
    def false(self) -> int:
        return self.drafted - len(self.pairs)

    def right(self, column: str, field: str) -> int:
        return sum(same(row[column], getattr(item, field)) for row, item in self.pairs)


def same(written: object, read: object) -> bool:
    return float(str(written)) == read if isinstance(read, float) else str(written) == str(read)


def figures(draft: Draft, table: pd.DataFrame, quote: str) -> Figures:
    starts = [draft.text.index(each) for each in table[quote]]
    wanted = [(at, at + len(each)) for at, each in zip(starts, table[quote], strict=True)]
    shares = np.array([[overlap(one, (item.start, item.end)) for item in draft.items] for one in wanted])
    rows, items = linear_sum_assignment(shares, maximize=True)
    pairs = [
        (table.iloc[row], draft.items[item])
        for row, item in zip(rows, items, strict=True)
        if shares[row, item] > 0.2
    ]
    return Figures(len(table), len(draft.items), pairs)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (max(one[1], other[1]) - min(one[0], other[0]))
