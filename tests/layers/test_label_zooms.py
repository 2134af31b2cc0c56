"""Names of the base map never touch one another, at any zoom at which the map stands still."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.register.city import Atlas
from layers.map.label_zooms import ZOOMS, Labels, first_zooms, text_width
from layers.map.registry import get_layer
from layers.map.spec import MapContext

WEB = Transformer.from_crs(4326, 3857, always_xy=True)
PLACES = st.tuples(
    st.floats(119.5, 120.7),
    st.floats(31.1, 32.0),
    st.floats(8, 90),
    st.floats(8, 24),
    st.sampled_from((0.0, 30.0)),
    st.sampled_from((0.0, 9.0, 12.5, 15.0)),
)


def boxes(labels: Labels, zoom: float) -> np.ndarray:
    """The names on a screen at a zoom: pixels by pyproj's Web Mercator, not by the code under test."""
    x, y = WEB.transform(labels.lon, labels.lat)
    metres = 2 * np.pi * 6378137.0 / (256 * 2**zoom)
    left, low = x / metres + labels.shift - labels.width / 2, y / metres - labels.height / 2
    return shapely.box(left, low, left + labels.width, low + labels.height)


@given(st.lists(PLACES, min_size=1, max_size=25))
def test_names_that_stand_do_not_touch(places: list[tuple[float, ...]]) -> None:
    labels = Labels(*(np.array(column, "float64") for column in zip(*places, strict=True)))
    first = first_zooms(labels)
    assert first[0] == max(labels.least[0], ZOOMS[0])
    assert (np.nan_to_num(first, nan=99) >= labels.least).all()
    for zoom in ZOOMS:
        standing = boxes(labels, zoom)[first <= zoom]
        pairs = shapely.STRtree(standing).query(standing, predicate="intersects").T
        assert all(a == b for a, b in pairs)


def test_a_name_that_was_left_out_has_a_neighbour_of_more_weight() -> None:
    at = np.array([120.0, 120.0, 120.6])
    labels = Labels(at, np.full(3, 31.5), np.full(3, 50.0), np.full(3, 12.0), np.zeros(3), np.zeros(3))
    first = first_zooms(labels)
    assert np.isnan(first[1])
    assert first[0] == first[2] == ZOOMS[0]


def test_chinese_signs_are_square_and_latin_ones_narrower() -> None:
    assert text_width("无锡", 12) == 24
    assert text_width("Wuxi", 12) < 30


def test_the_city_s_names_are_those_of_its_lakes_towns_and_stations_and_repeat_no_district(
    atlas: Atlas,
) -> None:
    columns = get_layer("place_names").payload(MapContext(atlas))["columns"]
    names = set(zip(columns["name"], columns["kind"], strict=True))
    assert {("太湖", "water"), ("丁蜀", "town"), ("三阳广场站", "stop")} <= names
    assert not {("宜兴市", "town"), ("江阴市", "town")} & names
    assert len({len(values) for values in columns.values()}) == 1
