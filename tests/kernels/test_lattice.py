"""The lattice against brute force, cell by cell."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from geo.errors import ParameterError
from geo.kernels.cell_reach import nearest_distance, reach_counts, served_weight, within_reach
from geo.kernels.discs import union_area
from geo.kernels.lattice import Lattice
from geo.kernels.nearest import TILE
from geo.kernels.zones import Zones
from tests.depth import examples
from tests.kernels.lattice_cases import Floats, brute_counts, brute_nearest, lattice


def brute_sums(cells: Lattice, values: Floats) -> list[float]:
    return [math.fsum(values[cells.zone == zone].tolist()) for zone in range(len(cells.codes))]


def test_centres_and_sums_by_hand() -> None:
    zone = np.array([[0, 1, -1], [1, 1, 0]], dtype="int16")
    weight = np.array([[1.0, 2.0, 0.0], [3.0, 4.0, 5.0]])
    cells = Lattice(100.0, -50.0, 20.0, zone, weight, ("a", "b", "empty"))
    assert cells.shape == (2, 3)
    east, north = cells.centres()
    assert east.tolist() == [110, 130, 150]
    assert north.tolist() == [-40, -20]
    assert cells.totals.tolist() == [6, 9, 0]
    assert cells.sums(np.array([[10.0, 20.0, 9999.0], [30.0, 40.0, 50.0]])).tolist() == [60, 90, 0]
    nowhere = Lattice(0.0, 0.0, 1.0, np.full((2, 2), -1, "int16"), np.zeros((2, 2)), ("a",))
    assert nowhere.totals.tolist() == [0]


@pytest.mark.parametrize(
    ("radius", "points"),
    [(0, 1), (1, 5), (2, 13), (3, 29), (4, 49), (5, 81), (6, 113), (7, 149), (8, 197), (9, 253), (10, 317)],
)
def test_a_facility_on_a_centre_reaches_as_many_cells_as_gauss_counted(radius: int, points: int) -> None:
    """Whole-number points within a circle (OEIS A000328); those on the circle count."""
    cells = lattice(31, 31, 1.0)
    counts = reach_counts(cells, [15.5], [15.5], float(radius))
    assert counts.dtype == np.int32
    assert counts.shape == (31, 31)
    assert counts.sum() == points
    assert counts.max() == 1


def test_cells_exactly_on_the_circle_are_reached() -> None:
    """Cells of 2 m with odd centres, a facility on an odd easting and an even northing: 3-4-5 lands on the circle."""
    cells = lattice(20, 20, 2.0)
    counts = reach_counts(cells, [19], [20], [5])
    on = [(19 + dx, 20 + dy) for dx in (-4, 4) for dy in (-3, 3)] + [(19, 15), (19, 25)]
    for east, north in on:
        assert counts[(north - 1) // 2, (east - 1) // 2] == 1
    beyond = [(19 + dx, 20 + dy) for dx in (-4, 4) for dy in (-5, 5)] + [(13, 21), (25, 19)]
    for east, north in beyond:
        assert counts[(north - 1) // 2, (east - 1) // 2] == 0
    assert reach_counts(cells, [19], [20], [np.nextafter(5, 0)]).sum() == counts.sum() - len(on)


WHOLE = st.tuples(
    st.integers(-40, 100),
    st.integers(-40, 100),
    st.one_of(st.integers(0, 90), st.sampled_from([5, 13, 25, 65, 85])),
)


REAL = st.tuples(st.floats(-40, 100), st.floats(-40, 100), st.floats(0, 90))


@examples(50)
@given(st.lists(WHOLE, min_size=1, max_size=15), st.sampled_from([1.0, 2.0, 5.0]))
def test_counts_equal_brute_force_in_whole_metres(discs: list[tuple[int, int, int]], size: float) -> None:
    """Centres inside and outside, many of them exactly at the radius."""
    x, y, r = zip(*discs, strict=True)
    cells = lattice(26, 33, size, (-6.0, 4.0))
    assert (reach_counts(cells, x, y, r) == brute_counts(cells, x, y, r)).all()


@examples(50)
@given(st.lists(REAL, min_size=1, max_size=15), st.floats(0.7, 9), st.floats(-20, 20), st.floats(-20, 20))
def test_counts_equal_brute_force_anywhere(
    discs: list[tuple[float, float, float]], size: float, x0: float, y0: float
) -> None:
    x, y, r = zip(*discs, strict=True)
    cells = lattice(17, 23, size, (x0, y0))
    assert (reach_counts(cells, x, y, r) == brute_counts(cells, x, y, r)).all()


def on_the_edge_of_rounding(size: float) -> tuple[Lattice, Floats, Floats, Floats]:
    """Centres at multiples of the cell that 64-bit numbers do not hold, many cells at the radius but for rounding."""
    rng = np.random.default_rng(5)
    cells = lattice(40, 50, size, (120_000.0, 3_500_000.0))
    x = 120_000.0 + size * rng.integers(-20, 140, 60) / 2
    y = 3_500_000.0 + size * rng.integers(-20, 120, 60) / 2
    return cells, x, y, size * rng.choice([0.5, 2.5, 5, 6.5, 13], 60)


@pytest.mark.parametrize("size", [0.1, 0.3, 1 / 3, 100.0])
def test_counts_where_rounding_decides(size: float) -> None:
    cells, x, y, r = on_the_edge_of_rounding(size)
    want = brute_counts(cells, x, y, r)
    assert (reach_counts(cells, x, y, r) == want).all()
    assert want.max() > 1


def test_a_tall_lattice_with_many_facilities() -> None:
    """Enough rows for several threads."""
    rng = np.random.default_rng(8)
    cells = lattice(1300, 7, 10.0, (300.0, -2000.0), seed=1)
    x, y = rng.uniform(0, 600, 200), rng.uniform(-3000, 12_000, 200)
    r = rng.uniform(0, 800, 200)
    want = brute_counts(cells, x, y, r)
    counts = reach_counts(cells, x, y, r)
    assert (counts == want).all()
    assert served_weight(cells, counts) == pytest.approx(
        brute_sums(cells, np.where(want > 0, cells.weight, 0)), rel=1e-12
    )
    assert np.allclose(
        nearest_distance(cells, x, y), brute_nearest(cells, x, y), rtol=1e-12, atol=0, equal_nan=True
    )


def test_one_radius_for_all_and_coincident_facilities() -> None:
    cells = lattice(20, 20, 2.0)
    once = reach_counts(cells, [13], [17], 9)
    assert (reach_counts(cells, [13] * 40, [17] * 40, 9) == 40 * once).all()
    assert once.sum() == brute_counts(cells, [13], [17], 9).sum() > 0


def test_a_radius_over_everything_and_facilities_far_outside() -> None:
    cells = lattice(20, 30, 2.0)
    assert (reach_counts(cells, [1e4, -1e4, 30], [1e4, 20, -1e4], [15_000, 10_100, 10_100]) == 3).all()
    far = reach_counts(cells, [1e6, -1e6, 30, 30], [20, 20, 1e6, -1e6], 500)
    assert not far.any()
    edge = reach_counts(
        cells, [-4, 64, 31, 31], [19, 21, -4, 44], [5, 5, 5, 5]
    )  # one cell in from every side
    assert (edge == brute_counts(cells, [-4, 64, 31, 31], [19, 21, -4, 44], 5)).all()
    assert edge[9, 0] == edge[10, 29] == edge[0, 15] == edge[19, 15] == 1


def test_no_facility_reaches_nothing() -> None:
    cells = lattice(6, 5, 2.0)
    counts = reach_counts(cells, [], [], [])
    assert counts.shape == (6, 5)
    assert not counts.any()
    assert served_weight(cells, counts).tolist() == [0, 0, 0]


@examples(25)
@given(st.lists(WHOLE, max_size=12), st.integers(0, 2**32 - 1))
def test_served_weight_equals_brute_force(discs: list[tuple[int, int, int]], seed: int) -> None:
    cells = lattice(26, 33, 2.0, seed=seed)
    x, y, r = np.array(discs, dtype="float64").reshape(-1, 3).T
    counts, served = within_reach(cells, x, y, r)
    want = brute_sums(cells, np.where(brute_counts(cells, x, y, r) > 0, cells.weight, 0.0))
    assert served == pytest.approx(want, rel=1e-12)
    assert served_weight(cells, counts) == pytest.approx(want, rel=1e-12)
    assert (served <= cells.totals * (1 + 1e-12)).all()


def test_stretches_of_one_zone_in_a_row_by_hand() -> None:
    zone = np.array(
        [[0, 0, 1, -1, 1], [-1, -1, -1, -1, -1], [1, 1, 1, 1, 1], [-1, 0, 0, -1, -1]], dtype="int16"
    )
    cells = Lattice(0.0, 0.0, 1.0, zone, np.zeros(zone.shape), ("a", "b"))
    assert cells.runs.tolist() == [[0, 0, 2, 0], [0, 2, 3, 1], [0, 4, 5, 1], [2, 0, 5, 1], [3, 1, 3, 0]]


def test_demand_outside_zones_is_nobodys() -> None:
    zone = np.array([[0, -1], [-1, 1]], dtype="int16")
    cells = Lattice(0.0, 0.0, 1.0, zone, np.array([[1.0, 100.0], [100.0, 3.0]]), ("a", "b"))
    assert within_reach(cells, [0.0], [0.0], 9.0)[1].tolist() == [1, 3]
    assert served_weight(cells, np.ones((2, 2), np.int32)).tolist() == [1, 3]
    assert served_weight(cells, np.array([[0, 1], [1, 7]], np.int32)).tolist() == [0, 3]
    assert cells.totals.tolist() == [1, 3]


@examples(50)
@given(st.lists(st.one_of(WHOLE, REAL), min_size=1, max_size=40), st.floats(0.7, 9))
def test_nearest_equals_brute_force(places: list[tuple[float, float, float]], size: float) -> None:
    x, y, _ = zip(*places, strict=True)
    cells = lattice(17, 23, size, (-6.0, 4.0))
    got = nearest_distance(cells, x, y)
    assert np.allclose(got, brute_nearest(cells, x, y), rtol=1e-12, atol=1e-9, equal_nan=True)


NEST = np.random.default_rng(12).uniform(400, 401, (2, 50))


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([31.0], [17.0]),  # one
        ([-300.0], [900.0]),  # one, outside
        ([1e6], [-2e6]),  # one, far outside
        ([31.0] * 50, [17.0] * 50),  # all in one place
        ([-500.0] * 50, [17.0] * 50),
        ([31.0] * 50 + [45.0], [17.0] * 50 + [33.0]),
        (NEST[0], NEST[1]),  # a nest outside
        ([*NEST[0], -9000.0], [*NEST[1], -70.0]),  # and one on the other side
        (np.linspace(-500, 500, 60), np.full(60, 21.0)),  # along a line
        (np.full(60, 1e5) + np.arange(60), np.full(60, 1e5) - np.arange(60)),
        ([-5e4, 5e4, -5e4, 5e4], [-5e4, -5e4, 5e4, 5e4]),  # four corners of the country
    ],
)
def test_nearest_of_crowds_and_loners(x: Any, y: Any) -> None:
    cells = lattice(24, 30, 2.0)
    got = nearest_distance(cells, x, y)
    assert np.allclose(got, brute_nearest(cells, x, y), rtol=1e-12, atol=1e-9, equal_nan=True)
    assert (np.isnan(got) == (cells.zone < 0)).all()


def test_nearest_of_many_facilities() -> None:
    """Crowded in the middle, sparse around: some squares have many facilities in question, others one."""
    rng = np.random.default_rng(21)
    x = np.concatenate([rng.normal(500, 15, 900), rng.uniform(-2000, 3000, 100)])
    y = np.concatenate([rng.normal(700, 15, 900), rng.uniform(-2000, 3000, 100)])
    cells = lattice(150, 60, 20.0, (-100.0, -800.0))
    got = nearest_distance(cells, x, y)
    assert np.allclose(got, brute_nearest(cells, x, y), rtol=1e-12, atol=1e-9, equal_nan=True)


def test_nearest_over_several_tiles() -> None:
    """More cells than one square of the search holds, with and without zones, facilities on both sides of the seams."""
    rng = np.random.default_rng(22)
    cells = lattice(TILE + 50, 2 * TILE + 9, 10.0, (-500.0, -100.0), seed=3)
    x, y = rng.uniform(-800, 6000, 700), rng.uniform(-300, 3500, 700)
    row, column = np.nonzero(cells.zone >= 0)
    east, north = cells.centres()
    want = cKDTree(np.column_stack([x, y])).query(np.column_stack([east[column], north[row]]))[0]
    got = nearest_distance(cells, x, y)
    assert got[row, column] == pytest.approx(want, rel=1e-12, abs=1e-9)
    assert np.isnan(got).sum() == got.size - row.size


def test_nearest_by_hand() -> None:
    cells = Lattice(0.0, 0.0, 2.0, np.zeros((2, 3), "int16"), np.ones((2, 3)), ("a",))
    assert nearest_distance(cells, [1, 5], [1, 7]).tolist() == [[0, 2, 4], [2, math.sqrt(8), 4]]
    assert nearest_distance(cells, [4], [5])[0, 0] == 5


def test_without_facilities_the_nearest_is_infinitely_far() -> None:
    cells = lattice(6, 5, 2.0)
    got = nearest_distance(cells, [], [])
    assert np.isposinf(got[cells.zone >= 0]).all()
    assert np.isnan(got[cells.zone < 0]).all()
    assert 0 < (cells.zone < 0).sum() < 30


def test_arrays_that_may_not_be_written_are_read() -> None:
    cells = lattice(12, 15, 2.0)
    x, y, r = (np.array(values, "float64") for values in ([3, 9, 22], [5, 20, 8], [4, 7, 5]))
    zones = Zones.from_polygons(("a",), [shapely.box(-50, -50, 50, 50)])
    counts = reach_counts(cells, x, y, r)
    near = nearest_distance(cells, x, y)
    area = union_area(x, y, r, zones)
    for values in (x, y, r, cells.zone, cells.weight, counts):
        values.flags.writeable = False
    assert (reach_counts(cells, x, y, r) == counts).all()
    assert np.array_equal(nearest_distance(cells, x, y), near, equal_nan=True)
    assert served_weight(cells, counts).sum() == pytest.approx(cells.weight[counts > 0].sum(), rel=1e-12)
    assert union_area(x, y, r, zones) == pytest.approx(area, rel=1e-12)
    assert zones.locate(x, y).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("x", "y", "r"),
    [
        ([0, math.nan], [0, 0], 5),
        ([0], [math.inf], 5),
        ([0], [0], -1),
        ([0], [0], math.nan),
        ([0], [0], math.inf),
        ([0], [0], 1e21),
        ([1e20], [0], 500),
    ],
)
def test_what_is_no_facility_is_refused(x: list[float], y: list[float], r: float) -> None:
    cells = lattice(4, 4, 2.0)
    with pytest.raises(ParameterError):
        reach_counts(cells, x, y, r)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        with pytest.raises(ParameterError, match="有 1 个设施"):
            nearest_distance(cells, x, y)
