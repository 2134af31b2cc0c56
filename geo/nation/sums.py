"""What a part of a nation gives: whole numbers by division, which add up to one answer in any order.

Cells are put to the city's own test (:func:`geo.coverage.reach.people_within`), with the city's three levels of a position error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coverage.reach import Reach, levels, people_within
from geo.coverage.served import Served
from geo.coverage.share_table import LEVELS, ZoneTotals
from geo.nation.part import Part, Points

Ints = NDArray[np.int64]
CELLS, RESIDENTS = 0, 1


@dataclass(frozen=True, slots=True)
class Query:
    """Facilities of some kinds that stand at some time, and how far they serve.

    Attributes
    ----------
    kinds : tuple of int
        Numbers of the kinds.
    metres : float
        Straight line.
    state : int
        The latest :attr:`geo.nation.part.Points.state` that counts.
    """

    kinds: tuple[int, ...]
    metres: float
    state: int

    def chosen(self, points: Points) -> Points:
        """The facilities that are meant."""
        return points.some(np.isin(points.kind, self.kinds) & (points.state <= self.state))


@dataclass(frozen=True, eq=False)
class Sums:
    """Whole numbers by division.

    Attributes
    ----------
    codes : tuple of str
        Of the divisions.
    whole : ndarray of int64 (divisions, 2)
        Cells and residents.
    served : ndarray of int64 (divisions, questions, levels, 2)
        Cells and residents within reach, by :data:`geo.coverage.share_table.LEVELS`.
    facilities : ndarray of int64 (divisions, questions)
        How many of the facilities that are meant stand in each division.
    """

    codes: tuple[str, ...]
    whole: Ints
    served: Ints
    facilities: Ints

    @classmethod
    def nothing(cls, codes: Sequence[str], questions: int) -> Sums:
        """Sums of no part at all."""
        n = len(codes)
        return cls(
            tuple(codes),
            np.zeros((n, 2), "int64"),
            np.zeros((n, questions, len(LEVELS), 2), "int64"),
            np.zeros((n, questions), "int64"),
        )

    def totals(self, cell_m: float) -> ZoneTotals:
        """What the divisions hold, as the city's table has it."""
        land = np.asarray(self.whole[:, CELLS] * (cell_m * cell_m), "float64")
        return ZoneTotals(self.codes, land, self.whole[:, RESIDENTS].astype("float64"))

    def answers(self, question: int, cell_m: float) -> dict[str, Served]:
        """What is served by level, as the city's table has it."""
        served = self.served[:, question]
        return {
            level: Served(
                np.asarray(served[:, k, CELLS] * (cell_m * cell_m), "float64"),
                served[:, k, RESIDENTS].astype("float64"),
            )
            for k, level in enumerate(LEVELS)
        }


def part_sums(part: Part, questions: Sequence[Query]) -> Sums:
    """The sums of one part.

    Parameters
    ----------
    part : Part
        Its cells weigh whole numbers of residents.
    questions : sequence of Query

    Returns
    -------
    Sums
    """
    lattice, n = part.lattice, len(part.lattice.codes)
    out = Sums.nothing(lattice.codes, len(questions))
    inside = lattice.zone >= 0
    out.whole[:, CELLS] = np.bincount(lattice.zone[inside], minlength=n)
    out.whole[:, RESIDENTS] = exact(lattice.totals)
    for nth, question in enumerate(questions):
        points = question.chosen(part.points)
        mine = points.zone[points.zone >= 0]
        out.facilities[:, nth] = np.bincount(mine, minlength=n)
        radii = levels(Reach.straight(question.metres), points.accuracy_m)
        for k, level in enumerate(LEVELS):
            counts, people = people_within(lattice, points.x, points.y, radii[level])
            near = inside & (counts > 0)
            out.served[:, nth, k, CELLS] = np.bincount(lattice.zone[near], minlength=n)
            out.served[:, nth, k, RESIDENTS] = exact(people)
    return out


def exact(sums: NDArray[np.float64]) -> Ints:
    """Floating numbers that are whole, as whole numbers; sums of whole residents are so up to 9e15."""
    whole = np.rint(sums).astype("int64")
    if not np.array_equal(whole.astype("float64"), sums):
        raise ArithmeticError("residents of cells are not whole numbers")
    return whole


def added(parts: Iterable[Sums], codes: Sequence[str], questions: int) -> Sums:
    """The sums of all parts together, in the order of ``codes``; the order of the parts changes nothing.

    Parameters
    ----------
    parts : iterable of Sums
    codes : sequence of str
        Of all divisions.
    questions : int
        How many each part answers.

    Returns
    -------
    Sums
    """
    total = Sums.nothing(codes, questions)
    place = {code: k for k, code in enumerate(total.codes)}
    for part in parts:
        rows = np.array([place[code] for code in part.codes], "int64")
        np.add.at(total.whole, rows, part.whole)
        np.add.at(total.served, rows, part.served)
        np.add.at(total.facilities, rows, part.facilities)
    return total


def halo_of(questions: Iterable[Query], accuracy_m: float) -> float:
    """The farthest that a facility may reach: the largest distance, and the largest position error.

    Parameters
    ----------
    questions : iterable of Query
    accuracy_m : float
        The largest of all facilities.

    Returns
    -------
    float
        Metres.
    """
    return max((question.metres for question in questions), default=0.0) + accuracy_m
