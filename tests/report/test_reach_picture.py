"""The picture of who is served: the land that the facilities reach is tinted, no other, and what a scenario changed is in it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread

from geo.atlas import load_atlas
from geo.places.crs import convert
from geo.questions.works import PictureQuestion
from geo.whatif.saved_scenarios import link_code
from geo.whatif.scenario import scenario_of
from layers.analysis.answers import facilities_of
from layers.analysis.edit_marks import EDIT_LABELS, scenario_marks
from layers.report.map import map_png, map_svg, sheet_places
from layers.report.view import coverage_parameters, view_sheet
from tests.depth import examples

ASKED = {
    "as_of": "2021-12-31",
    "category": "-",
    "layers": "none",
    "bbox": "120.1,31.45,120.5,31.65",
    "kind": "metro_station",
    "radius": "800",
    "set": "as_of",
}
ADDED = {"op": "add", "id": "new-1", "at": [120.25, 31.62], "name": "推演车站"}
NEAR_M = 60.0  # of the border of a disc: there a pixel may be either


def sheet(**words: str) -> Any:
    given_words = ASKED | words
    parameters = coverage_parameters(given_words)
    return view_sheet(PictureQuestion.read(given_words), parameters, "zh")


def pixels(one: Any) -> Any:
    return imread(io.BytesIO(map_png(one, dpi=72)))[..., :3]


@pytest.fixture(scope="module")
def pictures() -> tuple[Any, Any, Any]:
    """With reach, without it, and where the map's places stand on the picture."""
    bare = {name: value for name, value in ASKED.items() if name not in ("kind", "radius", "set")}
    without = view_sheet(PictureQuestion.read(bare), (), "zh")
    drawn = sheet()
    return pixels(drawn), pixels(without), sheet_places(drawn)


@examples(60)
@given(lon=st.floats(120.11, 120.49), lat=st.floats(31.47, 31.62))
def test_land_is_tinted_where_a_facility_may_reach_it_and_nowhere_else(
    pictures: tuple[Any, Any, Any], lon: float, lat: float
) -> None:
    with_reach, without, (west, south, east, north, left, low, right, top) = pictures
    facilities = facilities_of(coverage_parameters(ASKED))
    (x,), (y,) = convert([lon], [lat], source="WGS84", target=facilities.crs)
    px, py = facilities.xy
    beyond = np.hypot(px - x, py - y) - 800 - facilities.accuracy_m
    if abs(beyond.min()) < NEAR_M:
        return
    height, width = without.shape[:2]
    column = int(width * (left + (right - left) * (x - west) / (east - west)))
    row = int(height * (1 - low - (top - low) * (y - south) / (north - south)))
    is_tinted = bool(np.abs(with_reach[row, column] - without[row, column]).max() > 0.02)
    assert is_tinted == bool(beyond.min() < 0)


def test_the_picture_names_the_question_its_levels_and_its_gaps() -> None:
    text = map_svg(sheet(gaps="3")).decode()
    for words in ("轨道交通站点", "800 米", "肯定覆盖", "可能覆盖", "缺口"):
        assert words in text, words
    assert len(sheet(gaps="3").reach.gaps) == 3
    assert sheet().reach.gaps.empty


def test_what_a_scenario_changed_is_in_the_picture_as_on_the_map() -> None:
    frame = facilities_of(coverage_parameters(ASKED)).placed
    moved, removed = map(str, frame.index[:2])
    edits = [ADDED, {"op": "move", "id": moved, "at": [120.3, 31.6]}, {"op": "remove", "id": removed}]
    code = link_code(scenario_of({"name": "试一试", "edits": edits}), longest=1500)
    drawn = sheet(scenario=code)
    assert [mark["op"] for mark in drawn.reach.marks] == ["added", "moved", "removed"]
    assert drawn.reach.marks == scenario_marks(coverage_parameters(ASKED | {"scenario": code}), "zh")
    assert len(drawn.reach.x) == len(frame)  # one more, one less
    text = map_svg(drawn).decode()
    for words in (
        "推演车站",
        "试一试",
        "3 处改动",
        *(EDIT_LABELS[op] for op in ("added", "moved", "removed")),
    ):
        assert words in text, words


def test_a_shared_frame_is_the_pictures_own() -> None:
    west, south, east, north, *_place = sheet_places(sheet())
    x, y = convert([120.1, 120.5], [31.55, 31.55], source="WGS84", target=load_atlas().city.projected_crs)
    assert west == pytest.approx(x[0], abs=200)
    assert east == pytest.approx(x[1], abs=200)
    assert (south, north) == pytest.approx(((south + north) / 2 - (north - south) / 2, north))
    assert y[0] == pytest.approx((south + north) / 2, abs=200)


def test_chosen_sites_and_a_persons_own_are_in_the_picture() -> None:
    drawn = sheet(best="120.3,31.58;120.33,31.55", own="120.25,31.6")
    assert (len(drawn.reach.best), len(drawn.reach.own), drawn.reach.site_radius) == (2, 1, 800)
    text = map_svg(drawn).decode()
    for name in ("选出的点 2", "自己的点 1"):
        assert name in text, name
