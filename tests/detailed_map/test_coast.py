"""The sea lies to the right of coastlines: on coasts that are made up, cut or turned round, and on Helsinki's."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.detailed_map.coast import sea_areas
from geo.detailed_map.kinds import FIRST_ZOOM, map_layers, objects_wanted
from geo.reading.objects import read_objects
from tests.depth import examples
from tests.osm_map import HELSINKI

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
    if land.boundary.intersection(FRAME).length < 1e-6:  # at most a corner touches: no coast is in the frame
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
    half = shapely.LineString([(117.1, 28.9), (117.1, 29.1)])
    assert len(sea_areas([half], BOX)) == 0
    first, second = (
        shapely.LineString([(117.1, low), (117.1, top)]) for low, top in ((28.9, 29.1), (29.1, 29.3))
    )
    assert len(sea_areas([first, second], BOX)) == 1
    assert len(sea_areas([first, shapely.reverse(second)], BOX)) == 0


def test_no_coast_is_no_sea() -> None:
    assert len(sea_areas([], BOX)) == 0
    assert len(sea_areas([shapely.LineString([(0, 0), (1, 1)])], BOX)) == 0


def test_between_the_shores_of_a_bay_of_helsinki_is_sea_and_beside_them_land() -> None:
    """Kaisaniemenlahti, whose two shores the extract has; of the harbour it has pieces alone, so that is drawn as land."""
    bay = (24.942, 60.170, 24.952, 60.1785)
    layers = map_layers(read_objects(HELSINKI, objects_wanted(bay)).frames, bay)
    water = layers["water"]
    sea = shapely.union_all(water.geometry[water["kind"] == "ocean"].to_numpy())
    places = {
        (24.9480, 60.1766): True,
        (24.9460, 60.1750): False,
        (24.9490, 60.1777): False,
        (24.9440, 60.1710): False,
    }
    assert {at: sea.contains(shapely.Point(at)) for at in places} == places
    assert set(water.loc[water["kind"] == "ocean", "min_zoom"]) == {FIRST_ZOOM}
