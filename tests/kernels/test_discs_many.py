"""Areas of unions of many discs: shapely with a known deficit, a fine grid, and what must always hold."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ParameterError
from geo.kernels.discs import union_area
from tests.depth import examples
from tests.kernels.disc_measures import PLAIN, Floats, check_against_drawing, drawn, lens, zones_of


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


@examples(40)
@given(scenes())
def test_one_more_disc_never_lowers_any_zone(scene: Scene) -> None:
    before = np.zeros(len(scene.parts))
    for n in range(1, len(scene.x) + 1):
        after = scene.areas(keep=slice(n))
        assert (after >= before - noise(scene)).all()
        before = after


@examples(40)
@given(scenes(), st.data())
def test_a_larger_radius_never_lowers_any_zone(scene: Scene, data: st.DataObject) -> None:
    n = len(scene.r)
    more = data.draw(st.lists(st.integers(0, 300), min_size=n, max_size=n))
    larger = [radius + extra for radius, extra in zip(scene.r, more, strict=True)]
    wider = Scene(scene.x, scene.y, larger, scene.parts)
    assert (wider.areas() >= scene.areas() - noise(wider)).all()


@examples(40)
@given(scenes(), st.randoms(use_true_random=False))
def test_order_does_not_matter(scene: Scene, random: Any) -> None:
    order = list(range(len(scene.x)))
    random.shuffle(order)
    shuffled = Scene(*([values[k] for k in order] for values in scene[:3]), scene.parts)
    assert np.allclose(shuffled.areas(), scene.areas(), rtol=1e-9, atol=1e-6)
    twice = Scene(scene.x * 2, scene.y * 2, scene.r * 2, scene.parts)
    assert np.allclose(twice.areas(), scene.areas(), rtol=1e-9, atol=1e-6)


@examples(50)
@given(scenes())
def test_the_zones_of_a_partition_add_up(scene: Scene) -> None:
    rim = [part.exterior.coords[1] for part in scene.parts]
    whole = shapely.Polygon(rim)
    together = union_area(scene.x, scene.y, scene.r, zones_of(whole))[0]
    assert scene.areas().sum() == pytest.approx(together, rel=1e-9, abs=noise(scene).sum())


@examples(50)
@given(scenes())
def test_areas_agree_with_a_drawing_and_stay_within_the_zone(scene: Scene) -> None:
    check_against_drawing(scene.x, scene.y, scene.r, scene.parts)
    areas = scene.areas()
    assert (areas >= 0).all()
    assert (areas <= shapely.area(scene.parts)).all()
    assert areas.sum() <= math.pi * sum(radius * radius for radius in scene.r) + noise(scene).sum()
