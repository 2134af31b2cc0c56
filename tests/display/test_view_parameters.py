"""What a map shows, in the words of an address: read back they say the same."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.display.view import VIEW_PARTS, frame_code, read_sites, view_parameters
from geo.errors import ParameterError
from geo.questions.works import PictureQuestion

IDS = st.text("abcdefghij_0123456789", min_size=1, max_size=8)
LISTS = {part.state for part in VIEW_PARTS if part.kind == "list"}


@st.composite
def states(draw: st.DrawFn) -> dict[str, Any]:
    day = draw(st.dates(date(2019, 12, 31), date(2030, 12, 31)))
    state: dict[str, Any] = {
        "day": int(day.strftime("%Y%m%d")),
        "scope": draw(st.sampled_from(["plan", "all"])),
    }
    state |= {name: draw(st.none() | st.lists(IDS, unique=True, max_size=4)) for name in LISTS}
    state |= {
        "selected": draw(st.none() | IDS),
        "basemap": "offline",
        "shading": draw(st.sampled_from(["none", "done"])),
    }
    if draw(st.booleans()):
        radius = draw(st.integers(100, 5000))
        question = {"kind": draw(IDS), "radius": str(radius), "set": "planned", "as_of": day.isoformat()}
        state["reach"] = {"question": question, "radius": radius, "gapsShown": draw(st.integers(0, 10))}
    return state


@given(states())
def test_the_words_of_a_map_ask_for_a_picture_of_the_same(state: dict[str, Any]) -> None:
    words = view_parameters(state)
    asked = PictureQuestion.read({name: value for name, value in words.items() if name != "base"})
    assert int(asked.as_of.strftime("%Y%m%d")) == state["day"]
    for field in ("categories", "districts", "statuses", "certainties"):
        assert list(getattr(asked, field)) == (state[field] or [])
    assert list(asked.layers) == (["none"] if state["layers"] == [] else state["layers"] or [])
    assert (asked.scope, asked.shade, asked.work) == (
        state["scope"],
        state["shading"],
        state["selected"] or "",
    )
    reach = state.get("reach")
    assert asked.kinds == ((reach["question"]["kind"],) if reach else ())
    assert asked.radius_m == (reach["radius"] if reach else None)
    assert asked.gap_count == (reach["gapsShown"] if reach else 0)


class Frames(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


PLACES = st.lists(st.tuples(st.floats(-180, 180), st.floats(-85, 85)), max_size=20)


@given(PLACES, PLACES)
def test_sites_of_a_map_come_back_to_six_decimals(best: list[Any], own: list[Any]) -> None:
    siting = {
        "best": [[*place, "name"] for place in best],
        "own": [list(place) for place in own],
        "radius": 300,
    }
    written = view_parameters({"day": 20211231, "siting": siting})
    for name, places in (("best", best), ("own", own)):
        assert read_sites(written.get(name, "")) == [(round(lon, 6), round(lat, 6)) for lon, lat in places]


@pytest.mark.parametrize("text", ["1", "a,b", "1,2,3", "nan,31", "120,inf", "200,31", "120;31"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ParameterError):
        read_sites(text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_code_of_a_frame_is_one_frame_whatever_stands_in_it(address: str, title: str) -> None:
    clean = str.maketrans("", "", "\x00\r")  # which HTML has no way to write
    reader = Frames()
    reader.feed(frame_code(address.translate(clean), title.translate(clean)))
    ((tag, attributes),) = reader.tags
    assert (tag, attributes["src"], attributes["title"]) == (
        "iframe",
        address.translate(clean),
        title.translate(clean),
    )
