"""Answers that follow single edits are those of a fresh start, to the last digit, whatever was edited before."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.demand import Demand
from geo.coverage.reach import MAX_REACH_M, Reach, measure_at, snapped_cells
from geo.coverage.served import Served
from geo.coverage.share_table import LEVELS
from geo.errors import ParameterError
from geo.kernels.arcs import bucket
from geo.kernels.area_updates import DiscArea
from geo.kernels.cell_reach import nearest_distance, reach_counts, served_weight
from geo.kernels.cell_updates import CellCounts, Nearest
from geo.kernels.disc_neighbours import Neighbours
from geo.kernels.discs import union_area
from geo.kernels.edited_streets import EditedStreets, Link, edge_at, edit_streets, link_of
from geo.kernels.lattice import Lattice
from geo.kernels.network import StreetNetwork, snap, walk_distance
from geo.kernels.quantiles import BINS, BLOCK, BLOCKS, Spread, put, weighted
from geo.kernels.zones import Zones
from geo.whatif.answer_state import State, StraightState, WalkState
from tests.depth import examples

METRIC_CRS = "EPSG:4549"

TOWN = [
    shapely.Polygon([(13, 27), (2990, -310), (2500, 1800), (700, 1490)]),
    shapely.Polygon([(2500, 1800), (700, 1490), (-450, 3333), (1900, 3900)]),
    shapely.Polygon(
        [(2990, -310), (2500, 1800), (4100, 2300), (4700, 100)],
        [[(3000, 800), (3700, 900), (3600, 1500), (3100, 1300)]],
    ),
]
PEOPLE = np.array([1234.0, 999.5, 7.0])
R = 420.0


@lru_cache(maxsize=4)
def demand(kind: str) -> Demand:
    zones = Zones.from_polygons(("a", "b", "c"), TOWN)
    even = Lattice.over(zones, size=60.0)
    weight = even.weight
    if kind in ("raster", "second"):
        weight = np.where(even.zone >= 0, np.random.default_rng(7).exponential(3.3, even.shape), 0.0)
    if kind == "second":
        return Demand("census", zones, PEOPLE, even, second=replace(even, weight=weight))
    return Demand(kind, zones, None if kind == "area" else PEOPLE, replace(even, weight=weight))


@lru_cache(maxsize=1)
def streets() -> StreetNetwork:
    """A grid with a missing piece, a dead end and an island."""
    at = np.arange(0, 4000, 190.0)
    rng = np.random.default_rng(3)
    lines = [
        [(a, b), (c, d)]
        for a in at
        for b in at
        for c, d in ((a + 190, b), (a, b + 190))
        if rng.random() < 0.8
    ]
    wobbly = [shapely.LineString(np.array(line) + 20 * np.sin(np.array(line)[:, ::-1])) for line in lines]
    return StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=wobbly, crs=METRIC_CRS), METRIC_CRS)


def quantiles(demand: Demand, far: np.ndarray) -> np.ndarray:
    """By sorting every cell."""
    weights, _scale = demand.lattice.whole
    rows = []
    for k in (0, 1, 2, None):
        here = demand.lattice.zone >= 0 if k is None else demand.lattice.zone == k
        order = np.argsort(far[here], kind="stable")
        rows.append(weighted(far[here][order], weights[here][order]))
    return np.array(rows)


Spot = tuple[int, float, float, float]
spots = st.tuples(
    st.integers(0, 5),
    st.one_of(st.just(math.nan), st.floats(-800, 5000), st.sampled_from([1000.0, 2500.0])),
    st.one_of(st.floats(-800, 4300), st.sampled_from([0.0, 1800.0])),
    st.sampled_from([0.0, 0.0, 50.0, 500.0]),
)


def radii(accuracy: float, there: bool) -> dict[str, float]:
    low = R - accuracy
    values = {"low": low if low >= 0 else math.nan, "central": R, "high": R + accuracy}
    return values if there else dict.fromkeys(LEVELS, math.nan)


def same(a: Served, b: Served) -> bool:
    pairs = ((a.residents, b.residents), (a.other, b.other))
    people = [(x is None and y is None) or np.array_equal(x, y) for x, y in pairs]
    return np.array_equal(a.land, b.land) and all(people)


def follow(state: State, demand: Demand, network: StreetNetwork | None, edits: list[Spot]) -> None:
    """After every edit: the state against what a fresh start says."""
    now: dict[int, tuple[float, float, float]] = {}
    reach = Reach.straight(R) if network is None else Reach.walk(network, metres=R)
    for n, (asked, x, y, accuracy) in enumerate(edits):
        slot = min(asked, 2 + len([k for k in now if k >= 2]))  # a new place is one more than before
        now[slot] = (x, y, accuracy)
        state.change(slot, x, y, radii(accuracy, not math.isnan(x)))
        if n % 3 == 2 or n == len(edits) - 1:
            against(state, demand, reach, now)


def against(state: State, demand: Demand, reach: Reach, now: dict[int, tuple[float, float, float]]) -> None:
    there = [now[k] for k in sorted(now) if not math.isnan(now[k][0])]
    x, y, accuracy = np.array(there).reshape(-1, 3).T
    served = measure_at(x, y, demand, reach)
    for level in LEVELS:
        fresh = served(np.array([radii(float(a), True)[level] for a in accuracy]))
        assert same(state.served()[level], fresh), level
    if reach.network is None:
        far = nearest_distance(demand.lattice, x, y)
    else:
        inside = demand.lattice.zone >= 0
        far = np.full(demand.lattice.shape, np.nan)
        cells = snapped_cells(demand.lattice, reach.network.ground)
        far[inside] = walk_distance(reach.network, snap(reach.network, x, y), cells, limit=MAX_REACH_M)
    assert np.array_equal(state.quantiles(), quantiles(demand, far), equal_nan=True)


def empty(n: int) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    return np.full(n, np.nan), np.full(n, np.nan), {level: np.full(n, np.nan) for level in LEVELS}


@pytest.mark.parametrize("kind", ["census", "raster", "second", "area"])
@examples(30)
@given(edits=st.lists(spots, min_size=1, max_size=14))
def test_straight_edits_equal_a_fresh_start(kind: str, edits: list[Spot]) -> None:
    follow(StraightState(demand(kind), *empty(2)), demand(kind), None, edits)


@pytest.mark.parametrize("kind", ["census", "raster", "second"])
@examples(30)
@given(edits=st.lists(spots, min_size=1, max_size=12))
def test_walking_edits_equal_a_fresh_start(kind: str, edits: list[Spot]) -> None:
    follow(WalkState(demand(kind), streets(), *empty(2)), demand(kind), streets(), edits)


def street_edits(seed: int) -> tuple[list[Link], list[int]]:
    rng = np.random.default_rng(seed)
    n, m = len(streets().nodes), len(streets().u)
    links = []
    for _ in range(rng.integers(0, 4)):
        a, b = sorted(rng.choice(n, 2, replace=False).tolist())
        links.append(Link(a, b, float(rng.uniform(1, 900))))
    return links, rng.choice(m, rng.integers(0, 5), replace=False).tolist()


@examples(15)
@given(seeds=st.lists(st.integers(0, 10_000), min_size=1, max_size=4), moves=st.lists(spots, max_size=3))
def test_links_and_closures_equal_a_fresh_start(seeds: list[int], moves: list[Spot]) -> None:
    """Streets and facilities edited in turns; the last step takes every street edit back."""
    own = demand("census")
    state = WalkState(own, streets(), *empty(2))
    now = {0: (1000.0, 900.0, 0.0), 1: (2700.0, 1500.0, 50.0)}
    for slot, (x, y, accuracy) in now.items():
        state.change(slot, x, y, radii(accuracy, True))
    for step in range(len(seeds) + 1):
        links, closed = street_edits(seeds[step]) if step < len(seeds) else ([], [])
        changed = edit_streets(streets(), links, closed)
        state.relink(changed.pairs if isinstance(changed, EditedStreets) else {})
        if step < len(moves):
            _slot, x, y, accuracy = moves[step]
            now[step % 2] = (x, y, accuracy)
            state.change(step % 2, x, y, radii(accuracy, not math.isnan(x)))
        against(state, own, Reach.walk(changed, metres=R), now)


@examples(25)
@given(seed=st.integers(0, 10_000), spot=st.tuples(st.floats(0, 4000), st.floats(0, 3500)))
def test_a_link_never_lengthens_a_walk_and_a_closure_never_shortens_one(
    seed: int, spot: tuple[float, float]
) -> None:
    links, closed = street_edits(seed)
    cells = snapped_cells(demand("census").lattice, streets())
    origin = snap(streets(), *([value] for value in spot))
    before = walk_distance(streets(), origin, cells)
    assert (walk_distance(edit_streets(streets(), links, []), origin, cells) <= before).all()
    assert (walk_distance(edit_streets(streets(), [], closed), origin, cells) >= before).all()


def test_a_footbridge_known_by_hand() -> None:
    """Two parallel streets 100 m apart, joined only far away; a bridge between them, then one street closed."""
    lines = [[(0, 0), (400, 0), (800, 0)], [(0, 100), (400, 100), (800, 100)], [(0, 0), (0, 100)]]
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(line) for line in lines], crs=METRIC_CRS)
    flat = StreetNetwork.from_lines(frame, METRIC_CRS)
    here, there = snap(flat, [800.0], [0.0]), snap(flat, [800.0], [100.0])
    assert walk_distance(flat, here, there).tolist() == [1700]
    bridge = link_of(flat, np.array([[795.0, 0.0], [795.0, 100.0]]))
    assert bridge.metres == pytest.approx(110)  # five metres at either end to the street's vertex
    assert walk_distance(edit_streets(flat, [bridge], []), here, there).tolist() == [bridge.metres]
    shut = edit_streets(flat, [], [edge_at(flat, 200.0, 10.0)])
    assert walk_distance(shut, here, there).tolist() == [math.inf]
    # whoever lives on the closed piece still gets out, at either end
    assert walk_distance(shut, here, snap(flat, [300.0], [0.0])).tolist() == [500]
    assert walk_distance(shut, snap(flat, [0.0], [0.0]), snap(flat, [300.0], [0.0])).tolist() == [300]


def test_a_link_beside_a_street_counts_where_it_is_shorter() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString([(1000, 0), (1100, 0)])], crs=METRIC_CRS)
    one = StreetNetwork.from_lines(frame, METRIC_CRS)
    ends = snap(one, [1000.0], [0.0]), snap(one, [1100.0], [0.0])
    assert edit_streets(one, [], []) is one
    # places of the same street walk along it; what passes through takes the shorter way
    assert edit_streets(one, [Link(0, 1, 150.0)], []).matrix.max() == 100
    assert edit_streets(one, [Link(0, 1, 60.0)], []).matrix.max() == 60
    assert walk_distance(edit_streets(one, [Link(0, 1, 60.0)], []), *ends).tolist() == [60]
    assert edit_streets(one, [Link(0, 1, 60.0)], [0]).matrix.max() == 60


def test_a_line_that_joins_nothing_is_refused() -> None:
    with pytest.raises(ParameterError, match="什么也接不上"):
        link_of(streets(), np.array([[0.0, 0.0], [90_000.0, 0.0]]))
    node = streets().nodes[5]
    with pytest.raises(ParameterError, match="同一点"):
        link_of(streets(), np.array([node, node + 1.0]))
    with pytest.raises(ParameterError, match="没有街道可以封闭"):
        edge_at(streets(), 90_000.0, 0.0)


def test_many_changes_do_not_drift() -> None:
    """A thousand edits and back: not one digit is another."""
    own = demand("raster")
    rng = np.random.default_rng(1)
    x, y, r = rng.uniform(0, 4000, 60), rng.uniform(0, 3500, 60), rng.uniform(50, 700, 60)
    area, cells = DiscArea(own.zones, x, y, r), CellCounts(own.lattice, x, y, r)
    first = area.areas(), cells.served()
    for k in rng.integers(0, 60, 500).tolist():
        for held in (area, cells):
            held.change(k, *rng.uniform(0, 3500, 2).tolist(), float(rng.uniform(0, 900)))
    for k in range(60):
        area.change(k, float(x[k]), float(y[k]), float(r[k]))
        cells.change(k, float(x[k]), float(y[k]), float(r[k]))
    assert np.array_equal(area.areas(), first[0])
    assert np.array_equal(cells.served(), first[1])
    assert np.array_equal(first[0], union_area(x, y, r, own.zones))
    assert np.array_equal(first[1], served_weight(own.lattice, reach_counts(own.lattice, x, y, r)))


def test_equal_discs_are_one_disc_whichever_goes() -> None:
    own = demand("area")
    x, y, r = np.array([1000.0, 1000.0, 1300.0]), np.array([900.0] * 3), np.full(3, 400.0)
    area = DiscArea(own.zones, x, y, r)
    both = area.areas()
    area.change(0, math.nan, math.nan, math.nan)
    assert np.array_equal(area.areas(), both)
    area.change(1, math.nan, math.nan, math.nan)
    assert np.array_equal(area.areas(), union_area(x[2:], y[2:], r[2:], own.zones))
    area.change(2, math.nan, math.nan, 0.0)
    assert area.areas().tolist() == [0, 0, 0]


def test_the_order_of_discs_and_buckets_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    x, y, r = rng.uniform(0, 4000, 200), rng.uniform(0, 3500, 200), rng.uniform(50, 700, 200)
    order = rng.permutation(200)
    zones = demand("area").zones
    assert np.array_equal(union_area(x, y, r, zones), union_area(x[order], y[order], r[order], zones))
    held = bucket(x, y, r)
    assert np.array_equal(held.x, x[held.order])


def test_the_nearest_is_found_again_after_the_last_one_left() -> None:
    own = demand("census").lattice
    nearest = Nearest(own, np.array([1000.0]), np.array([900.0]))
    nearest.change(0, math.nan, math.nan)
    assert np.isinf(nearest.far[own.zone >= 0]).all()
    assert np.isnan(nearest.spread.quantiles()).all()
    nearest.change(1, 40_000.0, 0.0)
    nearest.change(0, 1000.0, 900.0)
    inside = own.zone >= 0
    assert np.array_equal(
        nearest.far[inside], nearest_distance(own, [40_000.0, 1000.0], [0.0, 900.0])[inside]
    )


@examples(30)
@given(
    far=st.lists(st.one_of(st.just(math.inf), st.floats(0, 90_000)), min_size=1, max_size=40),
    seed=st.integers(0, 99),
)
def test_quantiles_are_those_of_sorting(far: list[float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    zone = rng.integers(-1, 2, (1, len(far))).astype("int16")
    weights = rng.integers(0, 5, (1, len(far)))
    values = np.array([far])
    spread = Spread(zone, weights, 2, values)
    values[0, ::2] = rng.uniform(0, 9000, values[0, ::2].shape)
    spread.changed(0, np.flatnonzero((np.arange(len(far)) % 2 == 0) & (zone[0] >= 0)))
    for k, row in enumerate(spread.quantiles()):
        here = (zone == k) if k < 2 else zone >= 0
        order = np.argsort(values[here], kind="stable")
        assert np.array_equal(row, weighted(values[here][order], weights[here][order]), equal_nan=True)


@given(st.integers(0, 10_000))
@examples(20)
def test_neighbours_are_those_that_a_look_at_all_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 60
    x, y = rng.uniform(-3_000, 3_000, (2, n))
    r = np.where(rng.random(n) < 0.3, 0.0, rng.uniform(1, 900, n))
    held = Neighbours(x, y, r, np.flatnonzero(r[: n - 5] > 0))
    r[n - 5 :] = rng.uniform(1, 2_000, 5)
    for place in range(n - 5, n):
        held.come(place, x[place], y[place], r[place])
    for place in np.flatnonzero(r > 0)[:4]:
        held.leave(int(place), x[place], y[place])
        r[place] = 0.0
    west, south = rng.uniform(-3_000, 3_000, 2)
    east, north = west + rng.uniform(0, 1_500), south + rng.uniform(0, 1_500)
    touch = (x + r >= west) & (x - r <= east) & (y + r >= south) & (y - r <= north) & (r > 0)
    near = held.near(west, south, east, north)
    assert set(np.flatnonzero(touch)) <= set(near) <= set(np.flatnonzero(r > 0))
    assert list(near) == sorted(near)


def test_blocks_of_bins_are_their_sums_with_and_without_a_compiler() -> None:
    rng = np.random.default_rng(2)
    far = rng.uniform(0, 70_000, (4, 50))
    zone, weights = rng.integers(-1, 2, far.shape).astype("int16"), rng.integers(0, 9, far.shape)
    for step in (put, getattr(put, "py_func", put)):
        spread = Spread(zone, weights, 2, far.copy())
        for row, column in np.argwhere(zone >= 0):
            step(spread._far, *spread.arrays, row, column, float(rng.uniform(0, 70_000)))
        bins, blocks = np.split(spread.arrays[3], [BINS], axis=1)
        whole = np.zeros((2, BLOCKS * BLOCK), np.int64)
        whole[:, :BINS] = bins
        assert np.array_equal(whole.reshape(2, BLOCKS, BLOCK).sum(axis=2), blocks)
        assert blocks.sum() == weights[zone >= 0].sum()
