"""The places of the installed package that lie in a box, however the file of the world is written."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from geo.places.gazetteer import places_within

BOX = (-10.0, -5.0, 20.0, 30.0)
DEGREES = st.floats(-40, 40) | st.integers(-40, 40) | st.sampled_from([-10.0, -5.0, 20.0, 30.0, 1e-7])
ENTRY = st.fixed_dictionaries(
    {
        "geonameid": st.integers(1, 10**7),
        "name": st.text(max_size=6)
        | st.sampled_from(['{"longitude": 1}', "}", '"latitude": 1, "longitude": 2,']),
        "latitude": DEGREES,
        "longitude": DEGREES,
        "alternatenames": st.lists(st.text(max_size=4), max_size=3),
    }
)


@given(st.lists(ENTRY, max_size=6), st.booleans(), st.booleans())
def test_the_places_in_a_box_are_those_of_the_whole_file(
    entries: list[dict[str, Any]], ascii_only: bool, indented: bool
) -> None:
    whole = {str(number): entry for number, entry in enumerate(entries)}
    text = json.dumps(whole, ensure_ascii=ascii_only, indent=1 if indented else None)
    west, south, east, north = BOX
    wanted = [
        each for each in entries if west <= each["longitude"] <= east and south <= each["latitude"] <= north
    ]
    assert places_within(text.encode("utf-8", "surrogatepass"), BOX) == wanted
