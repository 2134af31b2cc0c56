"""Walking along streets: distances known by hand, and brute force on split edges."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.kernels.network import Snapped, StreetNetwork, walk_distance
from tests.depth import examples
from tests.kernels.street_cases import CROSS, E0, LADDER, N0, Line, at, network, walk

Floats = NDArray[np.float64]


def test_a_place_joins_the_nearest_street_and_says_how_far() -> None:
    streets = network([(0, 0), (100, 0)], [(0, 80), (100, 80)])
    joined = at(streets, (30, 10), (30, 75), (-30, -40), (100, 0))
    assert joined.off.tolist() == [10, 5, 50, 0]
    assert joined.along.tolist() == [30, 30, 0, 100]
    assert joined.edge[0] == joined.edge[2] == joined.edge[3] != joined.edge[1]


def test_equally_near_edges_give_the_first() -> None:
    assert at(network(*CROSS), (0, 0), (30, 30), (-30, 30)).edge.tolist() == [0, 2, 0]


def test_beyond_the_farthest_a_place_is_not_connected() -> None:
    streets = network([(0, 0), (100, 0)])
    joined = at(streets, (50, 30), (50, -30.001), max_m=30.0)
    assert joined.edge.tolist() == [0, -1]
    assert joined.off.tolist() == [30, np.inf]
    assert walk_distance(streets, joined, joined).tolist() == [60, np.inf]


def test_no_places_are_no_answers() -> None:
    streets = network(*CROSS)
    nobody, somebody = at(streets), at(streets, (0, 0))
    assert walk_distance(streets, somebody, nobody).shape == (0,)
    assert walk_distance(streets, nobody, somebody).tolist() == [np.inf]


@examples(25)
@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), min_size=1, max_size=20))
def test_no_edge_is_nearer_than_the_one_joined(places: list[tuple[float, float]]) -> None:
    streets = network(*CROSS, *LADDER)
    joined = at(streets, *places)
    edges = shapely.linestrings(streets.nodes[np.column_stack([streets.u, streets.v])])
    points = shapely.points(np.add(places, (E0, N0)))
    assert np.allclose(joined.off, shapely.distance(points[:, None], edges).min(axis=1), atol=1e-6)
    foot = shapely.line_interpolate_point(edges[joined.edge], joined.along)
    assert np.allclose(shapely.distance(points, foot), joined.off, atol=1e-6)


def test_around_the_corner_of_a_cross() -> None:
    assert walk(network(*CROSS), [(-100, 0)], (0, 100), (100, 0), (50, 10), (-100, 0)) == [200, 200, 160, 0]


def test_the_shorter_way_around_a_ladder() -> None:
    streets = network(*LADDER)
    assert walk(streets, [(100, 0)], (100, 50), (200, 50), (300, 50)) == [250, 350, 250]
    assert walk(streets, [(100, 0), (200, 50)], (100, 50), (0, 25), (300, 25)) == [100, 125, 125]


def test_off_the_street_counts_at_both_ends() -> None:
    assert walk(network(*LADDER), [(50, -7)], (150, 63)) == [7 + 50 + 50 + 150 + 13]


def test_on_one_edge_the_way_is_straight_along_it() -> None:
    streets = network([(0, 0), (1000, 0)])
    assert walk(streets, [(400, 5)], (450, 0), (100, -2), (400, 5)) == [55, 307, 10]
    assert walk(streets, [(900, 0), (100, 0), (500, 0)], (560, 0), (240, 0), (1000, 0)) == [60, 140, 100]


def test_on_one_edge_the_way_around_may_still_be_shorter_for_another_origin() -> None:
    streets = network([(0, 0), (100, 0)], [(0, 0), (0, 10)])
    origins, targets = at(streets, (90, 0), (0, 10)), at(streets, (10, 0))
    assert walk_distance(streets, origins, targets).tolist() == [20]
    assert walk_distance(streets, origins, targets, extra=[0, 70]).tolist() == [80]


def test_an_origin_that_stands_on_a_node_is_reached_at_no_cost() -> None:
    """A way of zero metres is an edge of the graph like any other."""
    streets = network(*CROSS)
    assert walk(streets, [(0, 0)], (0, 0), (0, 100), (100, 0), (-100, 0)) == [0, 100, 100, 100]


def test_extra_is_walked_beyond_the_origin() -> None:
    streets = network(*CROSS)
    origins, targets = at(streets, (-100, 0), (100, 0)), at(streets, (-50, 0), (60, 0), (0, 0))
    assert walk_distance(streets, origins, targets, extra=25.0).tolist() == [75, 65, 125]
    assert walk_distance(streets, origins, targets, extra=[200, 0]).tolist() == [150, 40, 100]


def test_exactly_at_the_limit_is_reached_and_beyond_is_not() -> None:
    streets = network(*CROSS)
    origin, targets = at(streets, (-100, 0)), at(streets, (50, 0), (50.01, 0), (0, 40), (0, 50))
    found = walk_distance(streets, origin, targets, limit=150)
    assert found.tolist() == [150, np.inf, 140, 150]
    assert walk_distance(streets, origin, at(streets, (-100, 0), (0, 0)), limit=0).tolist() == [0, np.inf]


@pytest.mark.parametrize("steps", [3, 7, 30])
def test_a_limit_made_of_uneven_lengths_is_reached_from_both_ends(steps: int) -> None:
    """0.1 + 0.2 is not 0.3, and a sum depends on its order; the limit must not."""
    x = np.arange(steps + 1) * 100.1
    streets = network([(float(east), 0.0) for east in x])
    first, last = at(streets, (x[0], 0)), at(streets, (x[-1], 0))
    limit = steps * 100.1
    assert walk_distance(streets, first, last, limit=limit)[0] == pytest.approx(limit, abs=1e-6)
    assert walk_distance(streets, last, first, limit=limit)[0] <= limit


def test_islands_are_out_of_reach_and_counted() -> None:
    streets = network(*CROSS, [(1000, 0), (1100, 0)])
    assert streets.report["components"] == 2
    assert streets.report["share_of_length_in_largest"] == pytest.approx(0.8)
    assert walk(streets, [(0, 0)], (1000, 0), (0, 10)) == [np.inf, 10]
    assert walk(streets, [(1100, 0)], (1000, 0), (0, 10)) == [100, np.inf]


NODE = st.tuples(st.integers(0, 3), st.integers(0, 3))


EDGE = st.tuples(NODE, NODE).filter(lambda ends: ends[0] != ends[1])


PLACE = st.tuples(st.floats(-50, 350), st.floats(-50, 350))


STREETS = st.lists(EDGE, min_size=1, max_size=9)


PLACES = st.lists(PLACE, min_size=1, max_size=5)


def hundred(edges: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[Line]:
    return [[(100.0 * x, 100.0 * y) for x, y in ends] for ends in edges]


def brute_force(streets: StreetNetwork, origins: Snapped, targets: Snapped, extra: Floats) -> Floats:
    """Floyd and Warshall over a graph whose edges are split at every place that joins them."""
    n, k, t = len(streets.nodes), len(origins.edge), len(targets.edge)
    edge, along = np.concatenate([origins.edge, targets.edge]), np.concatenate([origins.along, targets.along])
    way = np.full((n + k + t, n + k + t), np.inf)
    np.fill_diagonal(way, 0.0)
    for e, length in enumerate(streets.length):
        on = np.flatnonzero(edge == e)
        on = on[np.argsort(along[on], kind="stable")]
        stops = [int(streets.u[e]), *(n + on).tolist(), int(streets.v[e])]
        marks = [0.0, *along[on].tolist(), float(length)]
        for a, b, step in zip(stops[:-1], stops[1:], np.diff(marks), strict=True):
            way[a, b] = way[b, a] = min(way[a, b], step)
    for middle in range(len(way)):
        way = np.minimum(way, way[:, [middle]] + way[[middle]])
    walked: Floats = way[n : n + k, n + k :] + (origins.off + extra)[:, None] + targets.off
    return walked.min(axis=0)


@examples(25)
@given(STREETS, PLACES, PLACES, st.floats(0, 500), st.lists(st.floats(0, 90), min_size=5, max_size=5))
def test_equals_brute_force(
    edges: list[tuple[tuple[int, int], tuple[int, int]]],
    origins: list[tuple[float, float]],
    targets: list[tuple[float, float]],
    limit: float,
    extras: list[float],
) -> None:
    streets = network(*hundred(edges))
    start, goal, extra = at(streets, *origins, max_m=120), at(streets, *targets, max_m=120), np.array(extras)
    expected = brute_force(streets, start, goal, extra[: len(origins)])
    assert np.allclose(walk_distance(streets, start, goal, extra=extra[: len(origins)]), expected, atol=1e-6)
    limited = walk_distance(streets, start, goal, limit=limit, extra=extra[: len(origins)])
    clear = np.abs(expected - limit) > 1e-3
    assert np.allclose(limited[clear], np.where(expected <= limit, expected, np.inf)[clear], atol=1e-6)


def same_places(old: StreetNetwork, new: StreetNetwork, places: Snapped) -> Snapped:
    """``places`` of one network at the same spots of the same edges of a larger one."""
    ends = {(*map(tuple, new.nodes[[u, v]]),): e for e, (u, v) in enumerate(zip(new.u, new.v, strict=True))}
    edge = [ends[(*map(tuple, old.nodes[[old.u[e], old.v[e]]]),)] for e in places.edge]
    return Snapped(np.array(edge), places.along, places.off)


@examples(25)
@given(STREETS, EDGE, PLACES, PLACES)
def test_one_more_street_never_makes_a_walk_longer(
    edges: list[tuple[tuple[int, int], tuple[int, int]]],
    more: tuple[tuple[int, int], tuple[int, int]],
    origins: list[tuple[float, float]],
    targets: list[tuple[float, float]],
) -> None:
    old, new = network(*hundred(edges)), network(*hundred([*edges, more]))
    start, goal = at(old, *origins, max_m=1000), at(old, *targets, max_m=1000)
    before = walk_distance(old, start, goal)
    after = walk_distance(new, same_places(old, new, start), same_places(old, new, goal))
    assert (after <= before + 1e-9).all()


@examples(25)
@given(STREETS, PLACES, PLACES, st.randoms(use_true_random=False))
def test_the_order_of_origins_does_not_matter(
    edges: list[tuple[tuple[int, int], tuple[int, int]]],
    origins: list[tuple[float, float]],
    targets: list[tuple[float, float]],
    random: object,
) -> None:
    streets = network(*hundred(edges))
    shuffled = list(origins)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    goal = at(streets, *targets)
    a = walk_distance(streets, at(streets, *origins), goal, limit=300)
    b = walk_distance(streets, at(streets, *shuffled), goal, limit=300)
    assert a.tolist() == b.tolist()
