"""Areas of unions of discs: closed formulas, shapely with a known deficit, a fine grid, and what must always hold."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.kernels.discs import union_area
from geo.kernels.zones import Zones

Floats = NDArray[np.float64]
QUAD_SEGS = 256
CORNERS = 4 * QUAD_SEGS
DEFICIT = 1 - CORNERS / (2 * math.pi) * math.sin(
    2 * math.pi / CORNERS
)  # of a disc drawn as an inscribed polygon


def lens(distance: float, r1: float, r2: float) -> float:
    """Area common to two discs."""
    if distance >= r1 + r2:
        return 0.0
    if distance <= abs(r1 - r2):
        return math.pi * min(r1, r2) ** 2
    a = math.acos((distance**2 + r1**2 - r2**2) / (2 * distance * r1))
    b = math.acos((distance**2 + r2**2 - r1**2) / (2 * distance * r2))
    return r1**2 * (a - math.sin(2 * a) / 2) + r2**2 * (b - math.sin(2 * b) / 2)


def segment(r: float, height: float) -> float:
    """Area of the part of a disc beyond a line ``height`` away from its centre (negative: beyond the centre)."""
    return r**2 * math.acos(height / r) - height * math.sqrt(r**2 - height**2)


def drawn(x: Any, y: Any, r: Any) -> Any:
    """The union of discs as shapely draws it: inscribed polygons."""
    return shapely.union_all(shapely.buffer(shapely.points(x, y), np.asarray(r), quad_segs=QUAD_SEGS))


def zones_of(*polygons: Any) -> Zones:
    return Zones.from_polygons(tuple(f"z{k}" for k in range(len(polygons))), np.array(polygons, dtype=object))


def check_against_drawing(x: Any, y: Any, r: Any, polygons: list[Any]) -> None:
    """Exact area is never below the drawn one, and above it by no more than what the drawing of each disc lacks."""
    got = union_area(x, y, r, zones_of(*polygons))
    union = drawn(x, y, r)
    lacking = DEFICIT * math.pi * float(np.sum(np.square(r)))
    for area, polygon in zip(got, polygons, strict=True):
        below = shapely.intersection(union, polygon).area
        noise = 1e-9 * (polygon.area + below)
        assert below - noise <= area <= below + lacking + noise


PLAIN = shapely.box(-5000, -5000, 5000, 5000)


def test_the_formulas_used_here_agree_with_known_numbers() -> None:
    assert lens(1, 1, 1) == pytest.approx(2 * math.pi / 3 - math.sqrt(3) / 2, rel=1e-14)
    assert lens(5, 3, 4) == pytest.approx(2 * (4.5 * math.acos(0.6) + 8 * math.acos(0.8) - 6), rel=1e-14)
    assert segment(2, 0) == pytest.approx(2 * math.pi, rel=1e-14)
    assert segment(2, 1) + segment(2, -1) == pytest.approx(4 * math.pi, rel=1e-14)
    assert pytest.approx(6.275e-6, rel=1e-3) == DEFICIT


@pytest.mark.parametrize(
    ("x", "y", "r"),
    [(0, 0, 500), (-3210.7, 1999.9, 0.37), (4000, -4000, 999), (125, 125, 1), (0, 0, 5000)],
)
def test_one_disc(x: float, y: float, r: float) -> None:
    assert union_area([x], [y], r, zones_of(PLAIN))[0] == pytest.approx(math.pi * r * r, rel=1e-12)


def test_one_disc_where_the_city_lies() -> None:
    """Eastings and northings as the metric system of the region writes them."""
    zones = zones_of(shapely.box(500_000, 3_480_000, 560_000, 3_530_000))
    area = union_area([523_456.78], [3_493_211.09], [500], zones)[0]
    assert area == pytest.approx(math.pi * 500**2, rel=1e-10)


@pytest.mark.parametrize("turn", [0, 1, 2.5, 4])
@pytest.mark.parametrize(
    ("r1", "r2", "distance"),
    [(500, 300, 600), (500, 300, 210), (1000, 15, 995), (800, 790, 20), (40, 1000, 1030), (300, 400, 500)],
)
def test_two_unequal_discs(r1: float, r2: float, distance: float, turn: float) -> None:
    x, y = [100, 100 + distance * math.cos(turn)], [-700, -700 + distance * math.sin(turn)]
    want = math.pi * (r1**2 + r2**2) - lens(distance, r1, r2)
    assert union_area(x, y, [r1, r2], zones_of(PLAIN))[0] == pytest.approx(want, rel=1e-9)
    assert union_area(x[::-1], y[::-1], [r2, r1], zones_of(PLAIN))[0] == pytest.approx(want, rel=1e-9)


def test_three_discs_by_inclusion_and_exclusion() -> None:
    """The middle disc meets both others, which are apart."""
    want = math.pi * (500**2 + 200**2 + 350**2) - lens(600, 500, 200) - lens(400, 200, 350)
    area = union_area([-600, 0, 400], [0, 0, 0], [500, 200, 350], zones_of(PLAIN))[0]
    assert area == pytest.approx(want, rel=1e-12)


def test_three_discs_through_one_point() -> None:
    """Equal circles through the origin, turned by a third: their triple overlap is that point, each pair a lens."""
    angles = 2 * math.pi * np.arange(3) / 3
    want = 3 * math.pi * 400**2 - 3 * lens(400 * math.sqrt(3), 400, 400)
    area = union_area(400 * np.cos(angles), 400 * np.sin(angles), 400, zones_of(PLAIN))[0]
    assert area == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize(
    ("x", "y", "r", "radius_of_same_area"),
    [
        ([0, 100], [0, 50], [500, 300], 500),  # nested
        ([100, 0, -30], [50, 0, 40], [300, 500, 20], 500),
        ([0, 0, 0], [0, 0, 0], [300, 500, 400], 500),  # concentric
        ([7, 7], [9, 9], [500, 500], 500),  # coincident
        ([7] * 5, [9] * 5, [500, 500, 20, 500, 500], 500),
        ([0, 120], [0, 160], [500, 300], 500),  # touching from within: 200 apart
        ([0, 300], [0, 400], [300, 200], math.sqrt(300**2 + 200**2)),  # touching from without: 500 apart
        ([0, 900], [0, 0], [300, 500], math.sqrt(300**2 + 500**2)),  # apart
    ],
)
def test_nested_coincident_tangent_and_separate_discs(
    x: list[float], y: list[float], r: list[float], radius_of_same_area: float
) -> None:
    want = math.pi * radius_of_same_area**2
    for order in (slice(None), slice(None, None, -1)):
        area = union_area(x[order], y[order], r[order], zones_of(PLAIN))[0]
        assert area == pytest.approx(want, rel=1e-12)


def test_discs_that_almost_touch() -> None:
    """Within rounding of tangency nothing is lost: a square millimetre in discs of up to two square kilometres."""
    rng = np.random.default_rng(3)
    zones = zones_of(PLAIN)
    for _ in range(300):
        r1, r2 = rng.uniform(50, 800, 2)
        meeting = r1 + r2 if rng.random() < 0.5 else abs(r1 - r2)
        distance = meeting * (1 + rng.choice([-1, 1]) * 10.0 ** rng.uniform(-16, -6))
        got = union_area([1000, 1000 + distance], [1000, 1000], [r1, r2], zones)[0]
        want = math.pi * (r1**2 + r2**2) - lens((1000 + distance) - 1000, r1, r2)
        assert got == pytest.approx(want, rel=1e-10, abs=1e-6)


@pytest.mark.parametrize("height", [-450, -125, 0, 1, 250, 499])
@pytest.mark.parametrize("r", [500, 733.25])
def test_a_disc_cut_by_a_straight_border(height: float, r: float) -> None:
    """A zone south of y = 0, the centre ``height`` north of it; turned to all four sides."""
    west, east, south, north = (
        shapely.box(-5000, -5000, 0, 5000),
        shapely.box(0, -5000, 5000, 5000),
        shapely.box(-5000, -5000, 5000, 0),
        shapely.box(-5000, 0, 5000, 5000),
    )
    want = segment(r, height)
    for zone, x, y in ((south, 77, height), (north, 77, -height), (west, height, 77), (east, -height, 77)):
        assert union_area([x], [y], [r], zones_of(zone))[0] == pytest.approx(want, rel=1e-9)


def test_a_disc_cut_by_an_oblique_border() -> None:
    """The line 3x + 4y = 0; the centre is (3a + 4b) / 5 away."""
    zone = shapely.Polygon([(4000, -3000), (-4000, 3000), (-7000, -1000), (1000, -7000)])
    for x, y in ((30, 40), (-60, 20), (200, 100), (0, 0)):
        want = segment(500, (3 * x + 4 * y) / 5)
        assert union_area([x], [y], [500], zones_of(zone))[0] == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("cell_m", [55.0, 250.0, 20000.0])
def test_a_disc_on_a_corner_and_on_a_border(cell_m: float) -> None:
    quarter = shapely.box(0, 0, 3000, 3000)
    zones = Zones.from_polygons(("a",), [quarter], cell_m=cell_m)
    disc = math.pi * 400**2
    assert union_area([0], [0], [400], zones)[0] == pytest.approx(disc / 4, rel=1e-9)
    assert union_area([3000], [3000], [400], zones)[0] == pytest.approx(disc / 4, rel=1e-9)
    assert union_area([0], [1500], [400], zones)[0] == pytest.approx(disc / 2, rel=1e-9)
    three = shapely.difference(shapely.box(-3000, -3000, 3000, 3000), quarter)
    assert union_area([0], [0], [400], zones_of(three))[0] == pytest.approx(disc * 3 / 4, rel=1e-9)


def test_a_lake_is_not_served() -> None:
    lake = [(-200, -100), (-200, 100), (200, 100), (200, -100)]
    zone = shapely.Polygon([(-3000, -3000), (3000, -3000), (3000, 3000), (-3000, 3000)], [lake])
    zones = zones_of(zone)
    disc = math.pi * 500**2
    assert union_area([0], [0], [500], zones)[0] == pytest.approx(disc - 400 * 200, rel=1e-12)  # lake within
    assert union_area([0], [0], [90], zones)[0] == pytest.approx(0, abs=1e-6)  # disc within the lake
    half = math.pi * 90**2 / 2
    assert union_area([0], [100], [90], zones)[0] == pytest.approx(half, rel=1e-9)  # on the shore
    beyond = 2 * segment(150, 100)  # wider than the lake, not longer: two segments on land
    assert union_area([0], [0], [150], zones)[0] == pytest.approx(beyond, rel=1e-9)
    assert union_area([0], [0], [1e4], zones)[0] == pytest.approx(6000**2 - 400 * 200, rel=1e-12)


def test_an_island_in_the_lake_is_served() -> None:
    lake = [(-400, -400), (-400, 400), (400, 400), (400, -400)]
    zone = shapely.MultiPolygon(
        [
            shapely.Polygon([(-3000, -3000), (3000, -3000), (3000, 3000), (-3000, 3000)], [lake]),
            shapely.box(-50, -50, 50, 50),
        ]
    )
    zones = zones_of(zone)
    assert union_area([0], [0], [300], zones)[0] == pytest.approx(100**2, rel=1e-12)
    assert union_area([0], [0], [700], zones)[0] == pytest.approx(
        math.pi * 700**2 - 800**2 + 100**2, rel=1e-12
    )


def test_a_district_is_no_border_for_service() -> None:
    """The centre is in the western zone, 200 m from the eastern one, which gets its segment all the same."""
    zones = zones_of(shapely.box(-3000, -3000, 0, 3000), shapely.box(0, -3000, 3000, 3000))
    west, east = union_area([-200], [0], [500], zones)
    assert east == pytest.approx(segment(500, 200), rel=1e-9)
    assert west == pytest.approx(segment(500, -200), rel=1e-9)
    assert west + east == pytest.approx(math.pi * 500**2, rel=1e-9)
    far = union_area([-3200], [0], [500], zones)  # a centre outside every zone serves too
    assert far == pytest.approx([segment(500, 200), 0], rel=1e-9)


def test_zones_that_overlap_are_each_measured_by_themselves() -> None:
    zones = zones_of(PLAIN, shapely.box(-100, -100, 100, 100), shapely.box(0, -5000, 5000, 5000))
    area = union_area([0], [0], [500], zones)
    assert area == pytest.approx([math.pi * 500**2, 200**2, math.pi * 500**2 / 2], rel=1e-9)


def test_discs_that_cover_a_whole_zone() -> None:
    zones = zones_of(shapely.box(0, 0, 300, 400), shapely.Polygon([(0, 0), (300, 0), (0, 400)]))
    for x, y, r in (
        ([150], [200], [251]),
        ([150, 9999], [200, 0], [1e6, 3]),
        ([0, 300, 0, 300], [0, 0, 400, 400], 260),
    ):
        assert union_area(x, y, r, zones) == pytest.approx([300 * 400, 300 * 400 / 2], rel=1e-9)


def test_a_circle_through_a_corner_of_a_zone() -> None:
    """A corner exactly as far from a centre as the radius, as near as rounding lets it be, edges leaving all ways."""
    rng = np.random.default_rng(17)
    for _ in range(300):
        x, y = rng.uniform(-1000, 1000, 2)
        r = float(rng.uniform(100, 800))
        at, first = rng.uniform(0, 2 * math.pi, 2)
        second = first + rng.uniform(0.3, 2.5)
        corner = np.array([x + r * math.cos(at), y + r * math.sin(at)])
        ends = [corner + 3000 * np.array([math.cos(a), math.sin(a)]) for a in (first, second)]
        check_against_drawing([x], [y], [r], [shapely.Polygon([corner, *ends])])


@pytest.mark.parametrize(
    ("x", "y", "corner", "ends"),
    [
        (967.22, 166.55, (667.22, 566.55), [(405, 1157), (1160, 24)]),
        (820.16, 762.59, (520.16, 362.59), [(1530, 1256), (231, 59)]),
        (555.73, 638.57, (855.73, 238.57), [(1803, 684), (1387, 1848)]),
        (1000, 1000, (1300, 1400), [(1530, 1256), (231, 59)]),
    ],
)
def test_a_corner_500_m_away_in_centimetres(
    x: float, y: float, corner: tuple[float, float], ends: list[tuple[float, float]]
) -> None:
    assert math.hypot(corner[0] - x, corner[1] - y) == pytest.approx(500, abs=1e-9)
    check_against_drawing([x], [y], [500], [shapely.Polygon([corner, *ends])])


def test_a_border_corner_in_the_middle_of_an_index_cell() -> None:
    """Four squares of 375 m with cells of 250 m meet on a cell's centre; the disc lies in the south-east alone."""
    squares = [shapely.box(i * 375, j * 375, i * 375 + 375, j * 375 + 375) for j in (0, 1) for i in (0, 1)]
    area = union_area([465], [265], [50], zones_of(*squares))
    assert area == pytest.approx([0, math.pi * 50**2, 0, 0], rel=1e-9, abs=1e-6)


def test_a_regular_polygon_around_a_disc() -> None:
    """A radius between the apothem and the corners: a segment is lost at each of the sides."""
    n, around = 60, 2000.0
    angles = 2 * math.pi * (np.arange(n) + 0.25) / n
    zone = shapely.Polygon(np.column_stack([around * np.cos(angles), around * np.sin(angles)]))
    apothem = around * math.cos(math.pi / n)
    r = (apothem + around) / 2
    want = math.pi * r * r - n * segment(r, apothem)
    assert union_area([0], [0], [r], zones_of(zone))[0] == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("strips", [51, 401])
def test_a_circle_through_hundreds_of_edges(strips: int) -> None:
    """Every second strip between x = -800 and 800: under a circle, the integral of 2 sqrt(r² - x²) over each.

    401 strips have more edges than one thread takes.
    """
    r = 500.0
    wide = 1600 / (2 * strips - 1)
    west = -800 + 2 * wide * np.arange(strips)
    zone = shapely.MultiPolygon([shapely.box(a, -900, a + wide, 900) for a in west])

    def below(x: Floats) -> Floats:
        x = np.clip(x, -r, r)
        return x * np.sqrt(r * r - x * x) + r * r * np.arcsin(x / r)

    want = float((below(west + wide) - below(west)).sum())
    assert union_area([0], [0], [r], zones_of(zone))[0] == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("n", [3, 100, 300])
def test_many_small_discs_on_the_rim_of_a_large_one(n: int) -> None:
    """More exposed arcs than the first buffers hold; the small discs do not meet, so areas add up."""
    angles = 2 * math.pi * np.arange(n) / n + 0.1
    x = np.concatenate([[0], 500 * np.cos(angles)])
    y = np.concatenate([[0], 500 * np.sin(angles)])
    r = np.concatenate([[500], np.full(n, 3.0) + np.arange(n) % 3])
    assert 2 * 500 * math.sin(math.pi / n) > 10
    want = math.pi * 500**2 + sum(math.pi * s * s - lens(500, 500, s) for s in r[1:])
    assert union_area(x, y, r, zones_of(PLAIN))[0] == pytest.approx(want, rel=1e-9)
    flipped = slice(None, None, -1)
    assert union_area(x[flipped], y[flipped], r[flipped], zones_of(PLAIN))[0] == pytest.approx(want, rel=1e-9)


def test_many_small_discs_along_one_edge() -> None:
    """More uncovered parts of one edge than the first buffers hold: each disc counts half."""
    x = np.linspace(-4900, 4900, 300)
    r = 5 + np.arange(300) % 10
    zone = shapely.box(-5000, 0, 5000, 3000)
    assert union_area(x, 0.0, r, zones_of(zone))[0] == pytest.approx(math.pi * (r**2).sum() / 2, rel=1e-9)


def test_thousands_of_separate_discs() -> None:
    """Enough for several threads; one per hectare, so none meet."""
    i, j = np.divmod(np.arange(3600), 60)
    x, y = 100.0 * i - 3000 + 50, 100.0 * j - 3000 + 50
    r = np.random.default_rng(4).uniform(1, 49.9, 3600)
    west, east = shapely.box(-3000, -3000, 0, 3000), shapely.box(0, -3000, 3000, 3000)
    want = [math.pi * (r[side] ** 2).sum() for side in (x < 0, x > 0)]
    assert union_area(x, y, r, zones_of(west, east)) == pytest.approx(want, rel=1e-9)


def test_nothing_covers_nothing() -> None:
    zones = zones_of(PLAIN, shapely.box(0, 0, 1, 1))
    assert union_area([], [], [], zones).tolist() == [0, 0]
    assert union_area([], [], 500, zones).tolist() == [0, 0]
    assert union_area([0, 50], [0, 50], 0, zones).tolist() == [0, 0]
    assert union_area([0, 50], [0, 50], [0, 20], zones) == pytest.approx([math.pi * 400, 0], rel=1e-12)


def test_a_zone_without_area_has_none_covered() -> None:
    area = union_area([0], [0], [100], zones_of(shapely.Polygon(), PLAIN))
    assert area == pytest.approx([0, math.pi * 100**2], rel=1e-12)
    assert union_area([0], [0], [100], zones_of(shapely.Polygon(), shapely.MultiPolygon())).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("x", "y"),
    [(9000, 0), (-9000, 0), (0, 9000), (0, -9000), (9000, 9000), (-9000, -9000), (1e8, -1e8), (5501, 0)],
)
def test_discs_far_away_cover_nothing(x: float, y: float) -> None:
    assert union_area([x, x + 10], [y, y + 10], [500, 300], zones_of(PLAIN)) == pytest.approx([0], abs=1e-6)
    near = union_area([0, x], [0, y], [500, 300], zones_of(PLAIN))
    assert near == pytest.approx([math.pi * 500**2], rel=1e-9)


@pytest.mark.parametrize(
    ("x", "y", "r"),
    [
        ([0, math.nan], [0, 0], 500),
        ([0, 0], [math.nan, 0], 500),
        ([math.inf], [0], 500),
        ([0], [-math.inf], 500),
        ([0], [0], math.nan),
        ([0], [0], math.inf),
        ([0], [0], 1e21),
        ([1e20], [0], 500),
        ([0, 1], [0, 1], [500, -1e-9]),
        ([0], [0], -500),
    ],
)
def test_what_is_no_disc_is_refused(x: list[float], y: list[float], r: Any) -> None:
    with pytest.raises(ParameterError):
        union_area(x, y, r, zones_of(PLAIN))


def test_the_message_counts_facilities_without_a_place() -> None:
    with pytest.raises(ParameterError, match="有 2 个设施"):
        union_area([0, math.nan, 5], [0, 0, math.inf], 500, zones_of(PLAIN))
    with pytest.raises(ParameterError, match="服务半径"):
        union_area([0], [0], -1, zones_of(PLAIN))


def star(rng: np.random.Generator, low: float, high: float) -> Floats:
    n = int(rng.integers(5, 25))
    angles = 2 * math.pi * (np.arange(n) + rng.uniform(0, 0.5, n)) / n
    return np.column_stack([np.cos(angles), np.sin(angles)]) * rng.uniform(low, high, n)[:, None]


@pytest.mark.parametrize("seed", range(25))
def test_random_unequal_discs_against_shapely(seed: int) -> None:
    """An inscribed polygon of n corners lacks 1 - (n / 2 pi) sin(2 pi / n) of its disc: with 1024 corners 6.3e-6."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 150))
    x, y = rng.uniform(-3000, 3000, (2, n))
    r = rng.choice([30.0, 300.0, 500.0, 1000.0], n) * rng.uniform(0.5, 1, n)
    town = shapely.Polygon(star(rng, 1200, 3000), [star(rng, 100, 300)])
    halves = [
        shapely.intersection(town, shapely.box(-4000, -4000, 137, 4000)),
        shapely.intersection(town, shapely.box(137, -4000, 4000, 4000)),
    ]
    check_against_drawing(x, y, r, [town, *halves])
    exact = union_area(x, y, r, zones_of(town))[0]
    assert exact == pytest.approx(shapely.intersection(drawn(x, y, r), town).area, rel=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_random_unequal_discs_against_a_fine_grid(seed: int) -> None:
    """Only cells that the outline meets can be counted wrongly, by half each: outline times a cell's diagonal is ample."""
    rng = np.random.default_rng(100 + seed)
    n = 25
    x, y = rng.uniform(-1000, 1000, (2, n))
    r = rng.uniform(20, 500, n)
    zone = shapely.Polygon(star(rng, 500, 1200), [star(rng, 60, 200)])
    side = 2.0
    centres = np.arange(-1200 + side / 2, 1200, side)
    east, north = (axis.ravel() for axis in np.meshgrid(centres, centres))
    shapely.prepare(zone)
    inside = shapely.contains_xy(zone, east, north)
    east, north = east[inside], north[inside]
    covered = np.zeros(east.size, bool)
    for cx, cy, radius in zip(x, y, r, strict=True):
        covered |= (east - cx) ** 2 + (north - cy) ** 2 <= radius * radius
    outline = shapely.intersection(drawn(x, y, r), zone).length * 1.001
    allowed = outline * side * math.sqrt(2)
    got = union_area(x, y, r, zones_of(zone))[0]
    assert got == pytest.approx(covered.sum() * side * side, abs=allowed)
    assert allowed < 0.05 * got


class Scene(NamedTuple):
    """Discs and a partition of a star into triangles, all in whole metres: crossings and tangencies stay exact."""

    x: list[int]
    y: list[int]
    r: list[int]
    parts: list[shapely.Polygon]

    def areas(self, *, keep: slice = slice(None), radius: list[int] | None = None) -> Floats:
        r = self.r if radius is None else radius
        return union_area(self.x[keep], self.y[keep], r[keep], zones_of(*self.parts))


METRES = st.integers(-1500, 1500)
RADII = st.one_of(st.integers(0, 900), st.sampled_from([1, 5, 25, 300, 500, 800]))


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Corners are at most 1.5 of five or more sectors apart, so all triangles turn the same way."""
    sides = draw(st.integers(5, 9))
    radii = draw(st.lists(st.integers(300, 1500), min_size=sides, max_size=sides))
    turns = draw(st.lists(st.floats(0, 0.5), min_size=sides, max_size=sides))
    angles = 2 * math.pi * (np.arange(sides) + np.array(turns)) / sides
    rim = np.round(np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(radii)[:, None])
    parts = [shapely.Polygon([(0, 0), rim[k], rim[(k + 1) % sides]]) for k in range(sides)]
    discs = draw(st.lists(st.tuples(METRES, METRES, RADII), min_size=1, max_size=12))
    x, y, r = (list(values) for values in zip(*discs, strict=True))
    return Scene(x, y, r, parts)


def noise(scene: Scene) -> Floats:
    """What rounding may do: 1e-9 of the area of each zone (and of the discs, which are summed before they cancel)."""
    return 1e-9 * (shapely.area(scene.parts) + sum(radius * radius for radius in scene.r) + 1)


@settings(max_examples=40, deadline=None)
@given(scenes())
def test_one_more_disc_never_lowers_any_zone(scene: Scene) -> None:
    before = np.zeros(len(scene.parts))
    for n in range(1, len(scene.x) + 1):
        after = scene.areas(keep=slice(n))
        assert (after >= before - noise(scene)).all()
        before = after


@settings(max_examples=40, deadline=None)
@given(scenes(), st.data())
def test_a_larger_radius_never_lowers_any_zone(scene: Scene, data: st.DataObject) -> None:
    n = len(scene.r)
    more = data.draw(st.lists(st.integers(0, 300), min_size=n, max_size=n))
    larger = [radius + extra for radius, extra in zip(scene.r, more, strict=True)]
    wider = Scene(scene.x, scene.y, larger, scene.parts)
    assert (wider.areas() >= scene.areas() - noise(wider)).all()


@settings(max_examples=40, deadline=None)
@given(scenes(), st.randoms(use_true_random=False))
def test_order_does_not_matter(scene: Scene, random: Any) -> None:
    order = list(range(len(scene.x)))
    random.shuffle(order)
    shuffled = Scene(*([values[k] for k in order] for values in scene[:3]), scene.parts)
    assert np.allclose(shuffled.areas(), scene.areas(), rtol=1e-9, atol=1e-6)
    twice = Scene(scene.x * 2, scene.y * 2, scene.r * 2, scene.parts)
    assert np.allclose(twice.areas(), scene.areas(), rtol=1e-9, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(scenes())
def test_the_zones_of_a_partition_add_up(scene: Scene) -> None:
    rim = [part.exterior.coords[1] for part in scene.parts]
    whole = shapely.Polygon(rim)
    together = union_area(scene.x, scene.y, scene.r, zones_of(whole))[0]
    assert scene.areas().sum() == pytest.approx(together, rel=1e-9, abs=noise(scene).sum())


@settings(max_examples=50, deadline=None)
@given(scenes())
def test_areas_agree_with_a_drawing_and_stay_within_the_zone(scene: Scene) -> None:
    check_against_drawing(scene.x, scene.y, scene.r, scene.parts)
    areas = scene.areas()
    assert (areas >= 0).all()
    assert (areas <= shapely.area(scene.parts)).all()
    assert areas.sum() <= math.pi * sum(radius * radius for radius in scene.r) + noise(scene).sum()
