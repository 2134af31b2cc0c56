"""Zones: which one holds a point, answered as shapely does; borders, holes, and what must be refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.kernels.zones import MAX_ZONES, Zones
from tests.depth import examples

Floats = NDArray[np.float64]
NEAR = 1e-6  # metres: nearer to a border than this, 64-bit numbers may round either way


def star(radii: list[float], turns: list[float], centre: tuple[float, float] = (0.0, 0.0)) -> Floats:
    """Ring of a star-shaped polygon: one corner per radius, each turned by a share (0 to 0.5) of its sector."""
    angles = 2 * math.pi * (np.arange(len(radii)) + np.array(turns)) / len(radii)
    return np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(radii)[:, None] + centre


@st.composite
def stars(draw: st.DrawFn) -> shapely.Polygon:
    """Star-shaped polygons of 0.3 to 3 km, often with a star-shaped hole.

    Corners are at most 1.5 sectors (of five or more) apart and half a radius out, so all within
    0.5 cos(54°) = 0.29 radii is inside and a hole of 0.25 radii cannot touch the shell.
    """
    size = draw(st.floats(300, 3000))
    centre = (draw(st.floats(-2000, 2000)), draw(st.floats(-2000, 2000)))

    def ring(low: float, high: float) -> Floats:
        n = draw(st.integers(5, 14))
        radii = draw(st.lists(st.floats(low * size, high * size), min_size=n, max_size=n))
        turns = draw(st.lists(st.floats(0, 0.5), min_size=n, max_size=n))
        return star(radii, turns, centre)

    holes = [ring(0.05, 0.25)] if draw(st.booleans()) else []
    return shapely.Polygon(ring(0.5, 1.0), holes)


@st.composite
def fans(draw: st.DrawFn) -> list[shapely.Polygon]:
    """A star cut into triangles around its centre: a partition whose borders are the same numbers on both sides."""
    n = draw(st.integers(5, 12))
    radii = draw(st.lists(st.floats(200, 2000), min_size=n, max_size=n))
    turns = draw(st.lists(st.floats(0, 0.5), min_size=n, max_size=n))
    centre = (draw(st.floats(-500, 500)), draw(st.floats(-500, 500)))
    rim = star(radii, turns, centre)
    return [shapely.Polygon([centre, rim[k], rim[(k + 1) % n]]) for k in range(n)]


def scatter(shapes: Any, n: int, seed: int) -> Floats:
    """Random points over the bounding box of ``shapes`` and a tenth more on each side."""
    west, south, east, north = shapely.total_bounds(shapes)
    margin = 0.1 * max(east - west, north - south)
    return np.random.default_rng(seed).uniform(
        (west - margin, south - margin), (east + margin, north + margin), (n, 2)
    )


def clear_of_borders(shapes: Any, points: Floats) -> Floats:
    borders = shapely.union_all(shapely.boundary(np.asarray(shapes, dtype=object)))
    return points[shapely.distance(borders, shapely.points(points)) > NEAR]


def hits(shapes: Any, points: Floats, cell_m: float = 250.0) -> NDArray[np.int64]:
    """In how many of ``shapes`` each point lies when each is a zone by itself."""
    alone = [Zones.from_polygons(("z",), [shape], cell_m=cell_m) for shape in shapes]
    return np.sum([zones.locate(points[:, 0], points[:, 1]) == 0 for zones in alone], axis=0)


@examples(50)
@given(stars(), st.sampled_from([60.0, 250.0, 5000.0]), st.integers(0, 2**32 - 1))
def test_locate_says_what_shapely_says(polygon: shapely.Polygon, cell_m: float, seed: int) -> None:
    zones = Zones.from_polygons(("a",), [polygon], cell_m=cell_m)
    points = clear_of_borders([polygon], scatter([polygon], 400, seed))
    assert ((zones.locate(points[:, 0], points[:, 1]) == 0) == shapely.contains_xy(polygon, points)).all()
    assert zones.area_m2[0] == pytest.approx(polygon.area, rel=1e-12)


@examples(25)
@given(fans(), st.integers(0, 2**32 - 1))
def test_every_inner_point_of_a_partition_has_exactly_one_zone(
    parts: list[shapely.Polygon], seed: int
) -> None:
    points = clear_of_borders(parts, scatter(parts, 300, seed))
    inside = np.array([shapely.contains_xy(part, points) for part in parts])
    zones = Zones.from_polygons(tuple(map(str, range(len(parts)))), parts)
    found = zones.locate(points[:, 0], points[:, 1])
    assert (inside.sum(axis=0) <= 1).all()
    assert (found == np.where(inside.any(axis=0), inside.argmax(axis=0), -1)).all()
    assert (hits(parts, points) == inside.any(axis=0)).all()


@examples(25)
@given(fans(), st.integers(0, 2**32 - 1))
def test_a_point_on_a_shared_border_is_given_to_no_third_zone(
    parts: list[shapely.Polygon], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    corners = np.array([np.asarray(part.exterior.coords)[:3] for part in parts])
    side = rng.integers(0, 3, (len(parts), 40))
    which = np.arange(len(parts))[:, None]
    a, b = corners[which, side], corners[which, (side + 1) % 3]
    points = (a + rng.uniform(0, 1, (*side.shape, 1)) * (b - a)).reshape(-1, 2)
    points = np.vstack([points, corners.reshape(-1, 2)])
    zones = Zones.from_polygons(tuple(map(str, range(len(parts)))), parts)
    found = zones.locate(points[:, 0], points[:, 1])
    given_to = zones.polygons[np.maximum(found, 0)]
    away = shapely.distance(given_to, shapely.points(points))
    assert (away[found >= 0] < NEAR).all()


def test_a_point_of_a_shared_border_has_at_most_one_zone() -> None:
    """Whole-metre borders (straight and oblique), where 64-bit numbers are exact: never two zones at once."""
    corners = {
        "sw": [(0, 0), (400, 0), (400, 300), (0, 500)],
        "se": [(400, 0), (1000, 0), (1000, 700), (400, 300)],
        "ne": [(400, 300), (1000, 700), (1000, 1000), (300, 1000)],
        "nw": [(0, 500), (400, 300), (300, 1000), (0, 1000)],
    }
    parts = [shapely.Polygon(ring) for ring in corners.values()]
    assert sum(part.area for part in parts) == 1_000_000
    shared = np.array(
        [(400, y) for y in range(1, 300)]
        + [(4 * k, 500 - 2 * k) for k in range(1, 100)]
        + [(400 + 6 * k, 300 + 4 * k) for k in range(1, 100)]
        + [(400 - k, 300 + 7 * k) for k in range(1, 100)],
        dtype="float64",
    )
    touching = np.sum([shapely.intersects_xy(part, shared) for part in parts], axis=0)
    assert (touching == 2).all()
    for cell_m in (37.0, 210.0, 4000.0):
        assert (hits(parts, shared, cell_m) <= 1).all()
    for dx, dy in ((0.25, 0.5), (-0.25, 0.5), (0.25, -0.5), (-0.25, -0.5)):  # a step aside: exactly one
        beside = shared + np.array([dx, dy])
        beside = beside[
            shapely.distance(shapely.union_all([p.boundary for p in parts]), shapely.points(beside)) > NEAR
        ]
        assert len(beside) > 400
        assert (hits(parts, beside, 210.0) == 1).all()


@pytest.mark.parametrize("cell_m", [250.0, 2.0])
def test_a_corner_in_the_middle_of_a_cell(cell_m: float) -> None:
    """Cells are laid from the western and southern bounds: corners 1.5 cells away lie on a cell's centre."""
    side = 1.5 * cell_m
    parts = [
        shapely.box(i * side, j * side, (i + 1) * side, (j + 1) * side) for j in range(2) for i in range(2)
    ]
    zones = Zones.from_polygons(("sw", "se", "nw", "ne"), parts, cell_m=cell_m)
    points = np.random.default_rng(1).uniform(0, 2 * side, (4000, 2))
    points = points[(np.abs(points - side) > NEAR).all(axis=1)]
    want = (points[:, 0] > side) + 2 * (points[:, 1] > side)
    assert (zones.locate(points[:, 0], points[:, 1]) == want).all()

    square = Zones.from_polygons(("a",), parts[:1], cell_m=cell_m)
    points *= 1.2
    points = points[(np.abs(points - side) > NEAR).all(axis=1)]
    assert ((square.locate(points[:, 0], points[:, 1]) == 0) == (points < side).all(axis=1)).all()


@examples(50)
@given(
    st.floats(-700, 700).filter(lambda v: abs(v) > 1),
    st.floats(-700, 700).filter(lambda v: abs(v) > 1),
    st.floats(0.3, 1),
)
@example(-599.5896368915063, -542.9847146593092, 0.5744)
def test_an_oblique_border_through_the_middle_of_a_cell(dx: float, dy: float, share: float) -> None:
    """The centre of a cell is rounded onto a border: the cell's other points are still told apart."""
    centre = np.array([1375.0, 1625.0])
    arm = np.array([dx, dy])
    a, b = centre + arm, centre - share * arm
    polygon = shapely.Polygon([(0, 0), a, b])
    assume(polygon.area > 1000)  # else the border points at the origin: no triangle
    zones = Zones.from_polygons(("a",), [polygon])
    points = np.random.default_rng(5).uniform(centre - 124, centre + 124, (300, 2))
    points = clear_of_borders([polygon], points)
    assert ((zones.locate(points[:, 0], points[:, 1]) == 0) == shapely.contains_xy(polygon, points)).all()


def test_integer_corners_in_small_cells() -> None:
    """Convex hulls with whole-number corners, cells of two metres: centres fall on corners and borders all the time."""
    rng = np.random.default_rng(7)
    wrong = []
    for _ in range(60):
        hull = shapely.convex_hull(shapely.MultiPoint(rng.integers(0, 20, (8, 2))))
        zones = Zones.from_polygons(("a",), [hull], cell_m=2.0)
        points = clear_of_borders([hull], rng.uniform(-1, 20, (300, 2)))
        if ((zones.locate(points[:, 0], points[:, 1]) == 0) != shapely.contains_xy(hull, points)).any():
            wrong.append(hull.wkt)
    assert wrong == []


def test_the_size_of_cells_changes_nothing() -> None:
    rng = np.random.default_rng(11)
    ring = star(list(rng.uniform(400, 1500, 30)), list(rng.uniform(0, 0.5, 30)), (120_000.0, 3_500_000.0))
    polygon = shapely.Polygon(ring)
    points = clear_of_borders([polygon], scatter([polygon], 3000, 3))
    want = np.where(shapely.contains_xy(polygon, points), 0, -1)
    assert 500 < (want == 0).sum() < 2500
    for cell_m in (17.0, 100.0, 250.0, 1e5):
        zones = Zones.from_polygons(("a",), [polygon], cell_m=cell_m)
        assert (zones.locate(points[:, 0], points[:, 1]) == want).all()


def test_the_direction_of_rings_changes_nothing() -> None:
    shell, hole = (
        [(0, 0), (900, 0), (900, 700), (0, 700)],
        [(200, 200), (200, 500), (500, 500), (500, 200)],
    )
    points = clear_of_borders([shapely.Polygon(shell, [hole])], scatter([shapely.Polygon(shell)], 500, 2))
    x, y = points.T
    want = (x > 0) & (x < 900) & (y > 0) & (y < 700) & ~((x > 200) & (x < 500) & (y > 200) & (y < 500))
    for outer in (shell, shell[::-1]):
        for inner in (hole, hole[::-1]):
            zones = Zones.from_polygons(("a",), [shapely.Polygon(outer, [inner])])
            assert ((zones.locate(x, y) == 0) == want).all()
            assert zones.area_m2.tolist() == [900 * 700 - 300 * 300]


def test_parts_islands_and_repeated_corners() -> None:
    """A district with an exclave, and an island in its lake; a corner written twice is one corner."""
    land = shapely.Polygon(
        [(0, 0), (0, 0), (900, 0), (900, 900), (900, 900), (0, 900)],
        [[(300, 300), (600, 300), (600, 600), (300, 600)]],
    )
    both = shapely.MultiPolygon([land, shapely.box(400, 400, 500, 500), shapely.box(2000, 0, 2100, 50)])
    zones = Zones.from_polygons(("a",), [both])
    x = [100, 450, 350, 2050, 1500, 2050]
    y = [100, 450, 350, 25, 25, 75]
    assert zones.locate(x, y).tolist() == [0, 0, -1, 0, -1, -1]
    assert zones.area_m2.tolist() == [900**2 - 300**2 + 100**2 + 100 * 50]


def test_overlapping_zones_answer_with_the_first() -> None:
    big, small = shapely.box(0, 0, 1000, 1000), shapely.box(400, 400, 600, 600)
    assert Zones.from_polygons(("big", "small"), [big, small]).locate([500, 100], [500, 100]).tolist() == [
        0,
        0,
    ]
    assert Zones.from_polygons(("small", "big"), [small, big]).locate([500, 100], [500, 100]).tolist() == [
        0,
        1,
    ]


def test_answers_have_the_shape_of_the_question() -> None:
    zones = Zones.from_polygons(("a", "b"), [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 30, 10)])
    one = zones.locate(5, 5)
    assert one.shape == ()
    assert one == 0
    grid = zones.locate(np.array([[5.0, 15.0, 25.0]]), np.array([[-5.0], [5.0]]))
    assert grid.tolist() == [[-1, -1, -1], [0, 1, 1]]
    assert zones.locate([], []).shape == (0,)
    far = zones.locate([-1e6, 1e6, 5, 5, 1e7], [5, 5, -1e6, 1e6, 1e7])
    assert far.tolist() == [-1] * 5


def test_an_empty_polygon_is_a_zone_without_area() -> None:
    shapes = [shapely.Polygon(), shapely.box(0, 0, 100, 100), shapely.MultiPolygon()]
    zones = Zones.from_polygons(("none", "some", "nothing"), shapes)
    assert zones.area_m2.tolist() == [0, 10_000, 0]
    assert zones.locate([50, 500], [50, 500]).tolist() == [1, -1]
    empty = Zones.from_polygons(("none",), [shapely.Polygon()])
    assert empty.area_m2.tolist() == [0]
    assert empty.locate([0, 50], [0, 50]).tolist() == [-1, -1]


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]),  # a bow tie
        shapely.Polygon(
            [(0, 0), (100, 0), (100, 100), (0, 100)], [[(50, 50), (150, 50), (150, 80), (50, 80)]]
        ),
        shapely.MultiPolygon([shapely.box(0, 0, 100, 100), shapely.box(50, 50, 150, 150)]),
        shapely.Point(0, 0),
        shapely.LineString([(0, 0), (100, 0), (100, 100), (0, 0)]),
        shapely.GeometryCollection([shapely.box(0, 0, 100, 100)]),
        None,
    ],
)
def test_what_is_no_valid_polygon_is_refused_by_name(shape: Any) -> None:
    with pytest.raises(ParameterError, match="滨湖") as caught:
        Zones.from_polygons(("梁溪", "滨湖"), np.array([shapely.box(0, 0, 1, 1), shape], dtype=object))
    assert "make_valid" in str(caught.value)


def test_as_many_zones_as_bits_and_not_one_more() -> None:
    boxes = [shapely.box(100 * k, 0, 100 * k + 100, 100) for k in range(MAX_ZONES + 1)]
    codes = tuple(f"z{k}" for k in range(MAX_ZONES + 1))
    zones = Zones.from_polygons(codes[:-1], boxes[:-1])
    x = 100.0 * np.arange(MAX_ZONES + 1) + 50
    assert zones.locate(x, 50.0).tolist() == [*range(MAX_ZONES), -1]
    with pytest.raises(ParameterError, match=str(MAX_ZONES + 1)) as caught:
        Zones.from_polygons(codes, boxes)
    assert str(MAX_ZONES) in str(caught.value)
    assert MAX_ZONES == 62
