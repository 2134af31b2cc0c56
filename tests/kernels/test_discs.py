"""Areas of unions of discs: closed formulas for one, two and three discs, and for discs cut by borders."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from geo.kernels.discs import union_area
from geo.kernels.zones import Zones
from tests.kernels.disc_measures import DEFICIT, PLAIN, Floats, check_against_drawing, lens, zones_of


def segment(r: float, height: float) -> float:
    """Area of the part of a disc beyond a line ``height`` away from its centre (negative: beyond the centre)."""
    return r**2 * math.acos(height / r) - height * math.sqrt(r**2 - height**2)


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
