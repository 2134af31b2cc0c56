"""A nation's problem: which divisions and kinds, the answer of all blocks together, and what a reader must know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import pandas as pd

from geo.errors import ParameterError
from geo.nation.blocks import Block, Nation, Shares, bare_blocks, extent, full_blocks
from geo.nation.divisions import Divisions, divisions_by_strip
from geo.nation.make import count_tiles, part_of
from geo.nation.run import Run
from geo.nation.simulated import ACCURACIES_M
from geo.nation.sums import Query, Sums, added, halo_of, part_sums
from geo.places.division_outlines import division_table
from geo.questions.coverage import SETS
from geo.text import mark as _

WHOLE: Final = "000000"
SIMULATED: Final = _("模拟：居民和设施都按规则生成（种子 {seed}），不是任何地方的事实；区县界为示意。")
BY_CELL: Final = _("土地和居民都按 {cell} 米格的中点计，距离为各带 3 度高斯投影平面上的直线。")


@dataclass(frozen=True, eq=False)
class Problem:
    """A nation whose blocks can be answered.

    Attributes
    ----------
    nation : Nation
    within : str
        Only divisions whose code begins so; empty for all.
    """

    nation: Nation
    within: str = ""

    @cached_property
    def table(self) -> pd.DataFrame:
        """Names of the divisions, indexed by code, ascending."""
        frame = division_table().set_index("district_adcode").sort_index()
        chosen = frame[frame.index.str.startswith(self.within)]
        if chosen.empty:
            raise ParameterError(
                _("没有代码以 {value} 开头的区县。"),
                hint=_("请给出行政区划代码的开头，如省的两位。"),
                value=self.within[:20],
            )
        return chosen

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the divisions, ascending."""
        return tuple(map(str, self.table.index))

    @cached_property
    def names(self) -> list[str]:
        """City and division."""
        city, name = self.table["city_name"], self.table["district_name"]
        return [one if one == two else f"{one}{two}" for one, two in zip(city, name, strict=True)]

    @cached_property
    def strips(self) -> dict[int, Divisions]:
        """The divisions by the strip that they are measured in."""
        return divisions_by_strip(self.codes)

    def shares(self, run: Run) -> Shares:
        """How residents are spread over tiles: every block is counted once."""
        extents = {meridian: extent(each, self.nation.tile_m) for meridian, each in self.strips.items()}
        return Shares.of(extents, run(count_tiles, bare_blocks(self.nation, self.strips)))

    def sums(self, questions: Sequence[Query], run: Run) -> Sums:
        """The answers to questions in whole numbers, of all blocks together.

        Parameters
        ----------
        questions : sequence of Query
        run : callable
            As :func:`geo.nation.run.opened` gives it.

        Returns
        -------
        Sums
        """
        halo = halo_of(questions, max(ACCURACIES_M))
        blocks = full_blocks(self.nation, self.strips, self.shares(run), halo)
        query = tuple(questions)
        return added(run(partial(block_sums, query), blocks), self.codes, len(query))

    def inputs(self) -> dict[str, Any]:
        """What made an answer: enough to ask again."""
        return {
            "simulated": True,
            "seed": self.nation.seed,
            "cell_m": self.nation.cell_m,
            "facilities": self.nation.facilities,
            "within": self.within or "all",
        }

    def notes(self) -> list[tuple[str, dict[str, Any]]]:
        """What a reader must know."""
        return [
            (SIMULATED, {"seed": self.nation.seed}),
            (BY_CELL, {"cell": self.nation.cell_m}),
        ]


def block_sums(questions: tuple[Query, ...], block: Block) -> Sums:
    """The sums of one block: what a worker does."""
    return part_sums(part_of(block), questions)


def state_of(which: str) -> int:
    """The number of a set of facilities: each holds those before it."""
    return SETS.index(which)
