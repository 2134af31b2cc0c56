"""The sea lies to the right of coastlines: on coasts that are made up, cut or turned round, and on Helsinki's."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.detailed_map.coast import sea_areas
from geo.detailed_map.kinds import LAST_ZOOM
from tests.depth import examples
from tests.osm_map import tiles_of

BOX = (117.0, 29.0, 117.2, 29.2)
FRAME = shapely.box(*BOX)
MAINLAND = shapely.Polygon(
    [(116.8, 28.8), (117.04, 28.8), (117.06, 29.07), (117.03, 29.13), (117.07, 29.4), (116.8, 29.4)]
)

island = st.tuples(st.floats(116.99, 117.21), st.floats(28.99, 29.21), st.floats(0.003, 0.03))


def coasts(land: shapely.Geometry, pieces: int) -> list[shapely.LineString]:
    """The borders of land with the land on their left, each cut into pieces of so many steps."""
    rings = [
        ring
        for part in shapely.get_parts(shapely.orient_polygons(land))
        for ring in (part.exterior, *part.interiors)
    ]
    found = []
    for ring in rings:
        at = list(ring.coords)
        found += [shapely.LineString(at[k : k + pieces + 1]) for k in range(0, len(at) - 1, pieces)]
    return found[::-1]


@examples(40)
@given(st.lists(island, max_size=6), st.booleans(), st.integers(1, 50))
def test_the_sea_is_what_is_not_land(
    islands: list[tuple[float, float, float]], mainland: bool, pieces: int
) -> None:
    discs = [shapely.Point(x, y).buffer(r, quad_segs=4) for x, y, r in islands]
    land = shapely.union_all([*discs, *([MAINLAND] if mainland else [])])
    assume(not land.is_empty)
    sea = sea_areas(coasts(land, pieces), BOX)
    if not land.boundary.intersects(FRAME):
        assert len(sea) == 0
        return
    wrong = shapely.union_all(sea).symmetric_difference(FRAME.difference(land))
    assert wrong.area == pytest.approx(0, abs=1e-10)


def test_an_island_that_comes_as_an_area_is_land_inside() -> None:
    island = shapely.Point(117.1, 29.1).buffer(0.02)
    for drawn in (island, shapely.reverse(island)):
        sea = shapely.union_all(sea_areas([drawn], BOX))
        assert sea.area == pytest.approx(FRAME.area - island.area)
        assert not sea.contains(shapely.Point(117.1, 29.1))


def test_a_coast_that_ends_within_the_frame_or_is_half_turned_round_makes_no_sea() -> None:
    line = coasts(MAINLAND, 100)[0]
    cut = shapely.ops.substring(line, 0.25, 0.4, normalized=True)
    assert cut.intersects(FRAME)
    assert len(sea_areas([cut], BOX)) == 0
    first, second = (shapely.LineString([(117.1, y), (117.1, y + 0.2)]) for y in (28.9, 29.1))
    assert len(sea_areas([first, second], BOX)) == 1
    assert len(sea_areas([first, shapely.reverse(second)], BOX)) == 0


def test_no_coast_is_no_sea() -> None:
    assert len(sea_areas([], BOX)) == 0
    assert len(sea_areas([shapely.LineString([(0, 0), (1, 1)])], BOX)) == 0


def test_in_the_tiles_of_helsinki_the_harbour_is_sea_and_the_cathedral_is_not(helsinki_map: Path) -> None:
    kinds = {
        feature["properties"]["kind"]
        for zoom, layers in tiles_of(helsinki_map / "base_map" / "detailed.pmtiles")
        if zoom == LAST_ZOOM
        for feature in layers.get("water", {"features": []})["features"]
    }
    assert "ocean" in kinds
