"""A whole that is cut in blocks gives the whole's answer to the last digit; the reference counts cell by cell in whole numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.kernels.cell_reach import within_reach
from geo.kernels.lattice import Lattice
from geo.nation.part import Part, Points, cut
from geo.nation.sums import CELLS, RESIDENTS, Query, Sums, added, halo_of, part_sums
from tests.depth import examples

CODES = ("110101", "320213", "650102")
CELL = 10
ERRORS = (0, 0, 5)
QUERIES = st.builds(
    Query,
    kinds=st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True).map(tuple),
    metres=st.sampled_from([0.0, 5.0, 10.0, 13.0, 25.0]),
    state=st.integers(0, 2),
)


@st.composite
def wholes(draw: Callable[..., object]) -> Part:
    """Cells in any divisions with any residents, and facilities among and around them, where a distance is often met exactly."""
    ny, nx = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    zone = rng.integers(-1, len(CODES), (ny, nx)).astype("int16")
    weight = np.where(zone >= 0, rng.integers(0, 40, (ny, nx)), 0).astype("float64")
    x0, y0 = CELL * rng.integers(-5, 5, 2)
    lattice = Lattice(float(x0), float(y0), float(CELL), zone, weight, CODES)
    n = draw(st.integers(0, 8))
    x = x0 + 5.0 * rng.integers(-6, 2 * nx + 6, n)
    y = y0 + 5.0 * rng.integers(-6, 2 * ny + 6, n)
    column, row = ((x - x0) // CELL).astype(int), ((y - y0) // CELL).astype(int)
    inside = (column >= 0) & (column < nx) & (row >= 0) & (row < ny)
    home = np.where(inside, zone[row.clip(0, ny - 1), column.clip(0, nx - 1)], -1).astype("int64")
    error = np.array(ERRORS, "float64")[rng.integers(0, 3, n)]
    return Part(lattice, Points(x, y, rng.integers(0, 3, n), rng.integers(0, 3, n), error, home))


def cell_by_cell(whole: Part, questions: list[Query]) -> dict[str, list[int]]:
    """Twice all metres are whole numbers: no rounding anywhere."""
    lattice, points = whole.lattice, whole.points
    out: dict[str, list[int]] = {code: [] for code in CODES}
    for question, level in itertools.product(questions, (-1, 0, 1)):
        count = {code: [0, 0] for code in CODES}
        for row, column in zip(*np.nonzero(lattice.zone >= 0), strict=True):
            east = 2 * int(lattice.x0) + (2 * int(column) + 1) * CELL
            north = 2 * int(lattice.y0) + (2 * int(row) + 1) * CELL
            for k in range(len(points)):
                radius = 2 * (int(question.metres) + level * int(points.accuracy_m[k]))
                dx, dy = 2 * int(points.x[k]) - east, 2 * int(points.y[k]) - north
                meant = points.kind[k] in question.kinds and points.state[k] <= question.state
                if meant and radius >= 0 and dx * dx + dy * dy <= radius * radius:
                    code = CODES[lattice.zone[row, column]]
                    count[code][0] += 1
                    count[code][1] += int(lattice.weight[row, column])
                    break
        for code in CODES:
            out[code] += count[code]
    return out


def as_lists(sums: Sums) -> dict[str, list[int]]:
    return {code: sums.served[k].ravel().tolist() for k, code in enumerate(sums.codes)}


@examples(150)
@given(wholes(), st.lists(QUERIES, min_size=1, max_size=3), st.integers(1, 10), st.randoms())
def test_blocks_add_up_to_the_whole(whole: Part, questions: list[Query], side: int, luck: object) -> None:
    parts = list(cut(whole, side, halo_of(questions, max(ERRORS))))
    luck.shuffle(parts)  # type: ignore[attr-defined]
    together = added((part_sums(part, questions) for part in parts), CODES, len(questions))
    at_once = added([part_sums(whole, questions)], CODES, len(questions))
    assert as_lists(together) == as_lists(at_once) == cell_by_cell(whole, questions)
    for one, two in ((together.whole, at_once.whole), (together.facilities, at_once.facilities)):
        assert np.array_equal(one, two)
    assert int(together.whole[:, CELLS].sum()) == int((whole.lattice.zone >= 0).sum())
    assert int(together.whole[:, RESIDENTS].sum()) == int(whole.lattice.weight.sum())


@examples(50)
@given(wholes(), QUERIES, st.integers(1, 10))
def test_they_are_what_the_kernel_of_the_city_says(whole: Part, question: Query, side: int) -> None:
    parts = cut(whole, side, halo_of([question], max(ERRORS)))
    together = added((part_sums(part, [question]) for part in parts), CODES, 1)
    points = question.chosen(whole.points)
    served = within_reach(whole.lattice, points.x, points.y, np.full(len(points), question.metres))[1]
    assert together.served[:, 0, 1, RESIDENTS].tolist() == served.tolist()


def on_the_edge(metres: int, side: int, rows: int) -> Part:
    """One facility exactly ``metres`` from the middle of the last cell of the first block, and beyond that block."""
    columns = side + metres // CELL + 2
    zone, weight = np.zeros((rows, columns), "int16"), np.full((rows, columns), 7.0)
    place = np.array([(side - 0.5) * CELL + metres]), np.array([(rows - 0.5) * CELL])
    whole = np.zeros(1, "int64")
    points = Points(*place, whole, whole, np.zeros(1), whole)
    return Part(Lattice(0.0, 0.0, float(CELL), zone, weight, CODES), points)


@examples(50)
@given(st.integers(CELL // 2, 60), st.integers(1, 5), st.integers(1, 3))
def test_a_halo_too_small_by_one_metre_is_noticed(metres: int, side: int, rows: int) -> None:
    whole, question = on_the_edge(metres, side, rows), Query((0,), float(metres), 0)
    answer = as_lists(part_sums(whole, [question]))

    def with_halo(halo: float) -> dict[str, list[int]]:
        return as_lists(added((part_sums(each, [question]) for each in cut(whole, side, halo)), CODES, 1))

    assert with_halo(halo_of([question], 0.0)) == answer
    assert with_halo(metres - 1) != answer


def test_residents_that_are_no_whole_numbers_are_refused() -> None:
    whole = on_the_edge(10, 2, 1)
    whole.lattice.weight[0, 0] = 0.5
    with pytest.raises(ArithmeticError):
        part_sums(whole, [])
