"""The roads and railways that a pack brings for drawing."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from geo.errors import DataError
from geo.places.base_map import FILE, load_ways, ways_credit
from geo.register.city import Atlas
from tests.second_city.reading import PACK


def test_ways_lie_in_and_around_the_city_and_say_whose_they_are(atlas: Atlas) -> None:
    ways = load_ways(atlas.pack.root)
    west, south, east, north = atlas.districts.total_bounds
    assert set(ways["kind"]) == {"road", "rail"}
    assert ways["from_zoom"].between(8, 13).all()
    assert ways.within(shapely.box(west - 0.1, south - 0.1, east + 0.1, north + 0.1)).all()
    assert set(ways["licence"]) == {"ODbL-1.0"}
    assert ways_credit(atlas.pack.root) == "© OpenStreetMap contributors"


def test_a_pack_without_ways_draws_none_and_names_nobody() -> None:
    assert load_ways(PACK).empty
    assert ways_credit(PACK) == ""


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{", "utf-8")
    with pytest.raises(DataError, match=FILE):
        load_ways(tmp_path)
