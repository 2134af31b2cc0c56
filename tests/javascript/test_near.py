"""What the browser answers on what is near a place is what the core answers, sentence by sentence, for any place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.display.near_text import sections
from geo.errors import ParameterError
from geo.places.crs import convert
from geo.register.city import Atlas
from geo.register.near import Near, near
from geo.register.positions import Position
from geo.values import json_value
from layers import browser_packages
from layers.analysis.near_table import near_table, projection
from tests.depth import examples

Call = Callable[..., Any]
DAY = date(2026, 11, 23)
IN_TOWN = (120.20, 120.42, 31.45, 31.66)
ANYWHERE = (119.3, 120.9, 30.9, 32.2)
ANSWER = """({ Surroundings }, [lang, places]) => import("/static/near/sentences.js").then(({ Sentences }) => {
  const table = window.nearTables[lang];
  window.surroundings ??= {};
  const here = window.surroundings[lang] ??= new Surroundings(table, window.proj4);
  const sentences = new Sentences(table);
  return places.map((place) => {
    const near = here.near(place);
    return near && {
      sections: sentences.sections(near),
      works: near.works.map((work) => [work.id, work.possible, work.certain, sentences.span(work)]),
      rings: near.rings.map((ring) => [ring.certain, ring.possible]),
      stations: near.stations.map((each) => [each.within, each.reason, each.station?.id ?? null, each.unplaced]),
    };
  });
})"""


@pytest.fixture(scope="module")
def answers(page: Any, call: Call, atlas: Atlas) -> Callable[[str, list[Position]], list[Any]]:
    """What the browser answers in a language on each of many places; the tables are handed over once."""
    page.add_script_tag(content=browser_packages.script("proj4_js").decode())
    tables = {lang: near_table(atlas, DAY, lang) for lang in ("zh", "en")}
    page.evaluate("text => { window.nearTables = JSON.parse(text); }", json.dumps(tables, allow_nan=False))

    def answered(lang: str, places: list[Position]) -> list[Any]:
        values = [{"lon": each.lon, "lat": each.lat, "accuracy": each.accuracy_m} for each in places]
        return list(call("static/near/answer.js", ANSWER, [lang, values]))

    return answered


@st.composite
def positions(draw: st.DrawFn) -> Position:
    west, east, south, north = draw(st.sampled_from([IN_TOWN, IN_TOWN, ANYWHERE]))
    accuracy = draw(st.sampled_from([0.0, 12.5, 50.0, 300.0, 2500.0]))
    return Position(draw(st.floats(west, east)), draw(st.floats(south, north)), accuracy)


def core_answer(atlas: Atlas, position: Position) -> Near | None:
    try:
        return near(atlas, position, as_of=DAY)
    except ParameterError:
        return None


@given(st.lists(positions(), min_size=10, max_size=25), st.sampled_from(["zh", "en"]))
@examples(6, deep=150)
def test_the_browser_answers_as_the_core_does(
    answers: Callable[[str, list[Position]], list[Any]], atlas: Atlas, places: list[Position], lang: str
) -> None:
    names = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    for position, told in zip(places, answers(lang, places), strict=True):
        wanted = core_answer(atlas, position)
        assert (told is None) == (wanted is None), position
        if wanted is None:
            continue
        assert told["sections"] == [[heading, each] for heading, each in sections(wanted, names, lang)]
        assert [row[0] for row in told["works"]] == list(wanted.works.index)
        assert [row[1] for row in told["works"]] == list(wanted.works["possible_m"])
        assert [row[2] for row in told["works"]] == [json_value(value) for value in wanted.works["certain_m"]]
        assert told["rings"] == wanted.rings[["certain", "possible"]].to_numpy().tolist()
        assert told["stations"] == [
            [each.within, each.reason, each.station and each.station.facility_id, each.unplaced]
            for each in wanted.stations
        ]


@given(st.lists(st.tuples(st.floats(119.3, 120.9), st.floats(30.9, 32.2)), min_size=1, max_size=50))
@examples(10)
def test_the_browser_projects_as_the_core_does(
    answers: Any, page: Any, atlas: Atlas, places: list[tuple[float, float]]
) -> None:
    run = "([to, places]) => places.map(proj4('+proj=longlat +ellps=GRS80 +no_defs', to).forward)"
    told = page.evaluate(run, [projection(atlas.city.projected_crs), places])
    for (lon, lat), (x, y) in zip(places, told, strict=True):
        easting, northing = convert(lon, lat, source="WGS84", target=atlas.city.projected_crs)
        assert abs(x - float(easting)) < 1e-4
        assert abs(y - float(northing)) < 1e-4
