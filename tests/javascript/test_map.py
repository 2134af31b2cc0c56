"""The map's pure parts: rows, state, counts, time, pictures, and what its overlays compute."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.display.view import VIEW_PARTS
from geo.register.city import Atlas
from geo.register.slider_days import slider_days
from layers.map.payload import day_number

Call = Callable[..., Any]
VOCABULARY = {"certainties": [{"id": "exact"}, {"id": "approximate"}], "counted": ["yes", "probable", "no"]}
VIEW = [
    {"link": word.link, "state": word.state, "kind": word.kind, "isPrinted": word.printed}
    for word in VIEW_PARTS
]
SCOPES = ["plan", "probable", "all"]


def test_status_on_a_day_is_the_last_of_its_history(call: Call) -> None:
    """Random histories, asked on each of their days, on the day before and the day after."""
    draw = random.Random(20211231)
    days = [day_number(date(2020, 1, 1) + timedelta(days=i)) for i in range(300)]
    questions = []
    for _case in range(200):
        known = sorted(draw.sample(days, draw.randint(0, 6)))
        pairs = [(day, draw.randrange(7)) for day in known]
        questions += [([part for pair in pairs for part in pair], day) for day in days[::17] + known]
    found = call(
        "static/map/rows.js", "(rows, qs) => qs.map(([h, day]) => rows.statusOn(h, day, 9))", questions
    )
    for (history, day), status in zip(questions, found, strict=True):
        past = [s for at, s in zip(history[::2], history[1::2], strict=True) if at <= day]
        assert status == (past[-1] if past else 9)


def test_rows_have_plain_names_and_say_what_is_missing(call: Call) -> None:
    columns = {
        "id": ["a", "b"], "name": ["甲", "乙"], "category": ["road", ""], "districts": ["1|2", ""], "accuracy": [40, None],
        "certainty": [0, -1], "counted": [1, -1], "history": [[20200101, 2], []], "x": [120.1, None], "y": [31.5, None],
    }  # fmt: skip
    run = "({ rowsFromColumns }, [columns, vocabulary]) => rowsFromColumns(columns, vocabulary)"
    first, second = call("static/map/rows.js", run, [columns, VOCABULARY])
    assert first == {
        "id": "a", "name": "甲", "category": "road", "districts": ["1", "2"], "accuracy": 40, "certainty": "exact",
        "counted": "probable", "counts": -1, "history": [20200101, 2], "opened": 0, "closed": 0, "quantities": [], "x": 120.1, "y": 31.5,
    }  # fmt: skip
    assert (second["category"], second["districts"], second["accuracy"]) == (None, [], None)
    assert (second["certainty"], second["counted"], second["history"]) == (None, None, [])


def test_a_row_without_history_is_no_work(call: Call) -> None:
    run = "({ plainRow }, vocabulary) => plainRow({ id: 's1', name: '站', opened: 20140701 }, vocabulary)"
    row = call("static/map/rows.js", run, VOCABULARY)
    assert (row["history"], row["opened"]) == (None, 20140701)


def state(call: Call, link: str) -> dict[str, Any]:
    run = """({ stateFromLink }, [link, config]) =>
      stateFromLink(new URLSearchParams(link), new Date(2026, 10, 23), config)"""
    return call("static/map/state.js", run, [link, {"view": VIEW, "scopes": {key: [] for key in SCOPES}}])


def test_a_link_is_a_state(call: Call) -> None:
    found = state(
        call, "as_of=2021-12-31&category=road,metro&category=park&district=320213&scope=all&work=H01"
    )
    assert found["day"] == 20211231
    assert found["categories"] == ["road", "metro", "park"]
    assert found["districts"] == ["320213"]
    assert (found["statuses"], found["certainties"], found["layers"]) == (None, None, None)
    assert (found["scope"], found["selected"], found["basemap"]) == ("all", "H01", "offline")


@pytest.mark.parametrize(
    "link", ["", "as_of=&scope=&work=", "as_of=soon&scope=constructor", "as_of=21-12-31&scope=PLAN"]
)
def test_a_link_that_says_nothing_is_today_and_the_plan(call: Call, link: str) -> None:
    found = state(call, link)
    assert (found["day"], found["scope"], found["selected"]) == (20261123, "plan", None)


def test_only_optional_layers_can_be_switched(call: Call) -> None:
    run = """({ isShown }) => [true, false].flatMap((optional) => [true, false].flatMap((shown) =>
      [null, [], ["a"]].map((layers) => isShown({ id: "a", optional, shown }, layers))))"""
    always = [True] * 3
    assert call("static/map/state.js", run) == [True, False, True, False, False, True, *always, *always]


def test_counts_stand_in_the_order_of_the_declarations(call: Call) -> None:
    run = """({ Counts }, config) => {
      const counts = new Counts(config);
      counts.addWork({ counts: 1 }, { place: 2 });
      counts.addWork({ counts: 0 }, { place: 2 });
      counts.addWork({ counts: -1 }, { place: 2 });
      counts.layers.works = 2;
      return JSON.stringify(counts);
    }"""
    config = {"statuses": [{}, {}, {}], "certainties": VOCABULARY["certainties"]}
    assert (
        call("static/map/counts.js", run, config)
        == '{"status":[0,0,2],"certainty":[1,1],"layers":{"works":2}}'
    )


def test_playing_shows_the_end_of_every_month_of_the_slider_once(call: Call, atlas: Atlas) -> None:
    span = atlas.city.days
    run = "({ monthEnds }, [first, last]) => monthEnds(first, last)"
    found = call("static/map/time_player.js", run, [span.first.isoformat(), span.last.isoformat()])
    assert found == [day_number(day) for day in slider_days(span, span.last)]
    early = call("static/map/time_player.js", run, ["2024-01-15", "2024-03-10"])
    assert early == [20240131, 20240229, 20240310]


def test_playing_waits_for_the_page_pauses_and_stays_where_it_is(call: Call, page: Any) -> None:
    page.clock.install()
    try:
        run = """({ TimePlayer }) => {
          window.shown = []; window.states = []; window.isSlow = true;
          const answer = () => new Promise((done) => { window.answer = done; });
          window.player = new TimePlayer(["2021-11-30", "2022-02-28"], { onChange: (state) => window.states.push(state),
            showDay: (day) => { window.shown.push(day); return window.isSlow ? answer() : Promise.resolve(); } });
          window.player.toggle();
        }"""
        call("static/map/time_player.js", run)
        page.clock.run_for(5000)
        assert page.evaluate("window.shown") == [20211130]  # the page has not answered yet
        page.evaluate("window.isSlow = false; window.answer()")
        page.clock.run_for(100)
        assert page.evaluate("window.shown") == [20211130, 20211231]
        page.evaluate("window.player.toggle()")
        page.clock.run_for(5000)
        assert page.evaluate("window.shown") == [20211130, 20211231]
        page.evaluate("window.player.toggle()")
        page.clock.run_for(5000)
        assert page.evaluate("window.shown") == [20211130, 20211231, 20220131, 20220228]
        page.evaluate("window.player.toggle()")
        page.clock.run_for(100)
        page.evaluate("window.player.stop()")
        page.clock.run_for(5000)
        assert page.evaluate("window.shown.slice(4)") == [20211130]
        assert page.evaluate("window.states") == [
            "playing", "paused", "playing", "stopped", "playing", "stopped",
        ]  # fmt: skip
    finally:
        page.clock.resume()


def test_a_picture_is_asked_for_in_every_word_of_the_view(call: Call) -> None:
    run = """({ pictureAddress }, [state, parts]) => pictureAddress(state,
      { bounds: "120,31,121,32", datum: "GCJ02", language: "en", parts, question: { kind: "metro_station|bus_stop", radius: "800", gaps: "10" } })"""
    state = {
        "day": 20211231,
        "scope": "plan",
        "categories": ["road", "metro"],
        "districts": [],
        "statuses": None,
        "certainties": None,
        "layers": ["stations"],
        "shading": "done",
        "selected": "H01",
        "basemap": "amap",
    }
    address = urlsplit(call("static/map/picture.js", run, [state, VIEW]))
    assert address.path == "../api/picture"
    assert parse_qs(address.query) == {
        "format": ["png"], "lang": ["en"], "as_of": ["2021-12-31"], "scope": ["plan"], "bbox": ["120,31,121,32"],
        "datum": ["GCJ02"], "category": ["road,metro"], "layers": ["stations"], "shade": ["done"], "work": ["H01"],
        "kind": ["metro_station|bus_stop"], "radius": ["800"], "gaps": ["10"],
    }  # fmt: skip
    bare = urlsplit(call("static/map/picture.js", run, [state | {"layers": []}, VIEW]))
    assert parse_qs(bare.query)["layers"] == ["none"]


def test_a_state_and_its_words_are_the_same_view(call: Call) -> None:
    run = """({ stateFromLink, parametersOf }, [link, config]) => {
      const state = stateFromLink(new URLSearchParams(link), new Date(2026, 10, 23), config);
      return new URLSearchParams(parametersOf(state, config.view)).toString();
    }"""
    link = "as_of=2021-12-31&category=road%2Cmetro&scope=all&layers=stations&shade=done&base=amap&work=H01"
    config = {"view": VIEW, "scopes": {key: [] for key in SCOPES}}
    assert call("static/map/state.js", run, [link, config]) == link


@pytest.mark.parametrize(
    ("quantities", "day", "expected"),
    [
        ([[20211231, 106, 1]], 20211231, {"value": 106, "isDone": True}),
        ([[20211231, 106, 1]], 20211230, None),
        ([[20210104, 80, 0], [20210630, 20, 1], [20211231, 60, 1]], 20210701, {"value": 20, "isDone": True}),
        ([[20210104, 80, 0], [20210630, 20, 1]], 20210301, {"value": 80, "isDone": False}),
        ([[20210104, 80, 0], [20210301, 90, 0]], 20210401, {"value": 90, "isDone": False}),
        ([[20210104, 80, 0], [20210301, 90, 0]], 20200101, None),
    ],
)
def test_a_total_is_what_was_done_by_the_day_else_what_was_planned_by_then(
    call: Call, quantities: list[Any], day: int, expected: dict[str, Any]
) -> None:
    run = "({ totalOn }, [quantities, day]) => totalOn(quantities, day)"
    assert call("static/map/drawings/bubbles.js", run, [quantities, day]) == expected


@pytest.mark.parametrize(
    ("metres", "latitude", "zoom"), [(300, 31.5, 12), (0, 31.5, 12), (150, 0, 15), (9999, 60, 18)]
)
def test_a_halo_is_as_wide_as_the_error(call: Call, metres: float, latitude: float, zoom: int) -> None:
    run = "({ haloPixels }, [metres, view]) => haloPixels(metres, view)"
    found = call("static/map/drawings/lines.js", run, [metres, {"latitude": latitude, "zoom": zoom}])
    tile = 256 * 2**zoom / (2 * math.pi * 6378137 * math.cos(math.radians(latitude)))
    assert found == pytest.approx(min(2 * metres * tile, 600), rel=1e-6)


def test_a_scenarios_facilities_replace_those_that_it_touched(call: Call) -> None:
    rows = [{"id": "a", "sets": 7}, {"id": "b", "sets": 4}, {"id": "c", "sets": 6}, {"id": "d", "sets": 7}]
    edits = [
        {"op": "moved", "id": "a", "name": "甲", "accuracy": 10, "at": [31.5, 120.1]},
        {"op": "removed", "id": "d"},
        {"op": "added", "id": "new-1", "accuracy": 0, "at": [31.6, 120.2]},
        {"op": "linked", "line": []},
    ]
    run = "({ facilitiesOf }, [rows, spec]) => facilitiesOf(rows, spec, (at) => at)"
    found = {
        name: call("static/map/overlays/reach.js", run, [rows, {"set": name, "edits": edits}])
        for name in ("before", "as_of", "planned")
    }
    added = [
        {"id": "a", "name": "甲", "accuracy": 10, "x": 120.1, "y": 31.5, "isEdited": True},
        {"id": "new-1", "name": "new-1", "accuracy": 0, "x": 120.2, "y": 31.6, "isEdited": True},
    ]
    assert found["before"] == added
    assert found["as_of"] == [rows[2], *added]
    assert found["planned"] == [rows[1], rows[2], *added]
    assert call("static/map/overlays/reach.js", run, [rows, {"set": "before"}]) == [rows[0], rows[3]]


def test_a_persons_own_sites_have_letters_of_their_own(call: Call) -> None:
    names = call(
        "static/map/overlays/siting.js",
        "({ siteLetter }) => Array.from({ length: 60 }, (_, i) => siteLetter(i))",
    )
    assert names[:2] + names[25:28] == ["A", "B", "Z", "A1", "A2"]
    assert len(set(names)) == 60


def test_a_drawing_that_nobody_registered_is_named(call: Call) -> None:
    run = """({ makeDrawing, registerDrawing }) => {
      registerDrawing("dots", class { constructor(atlas, layer) { this.id = layer.id; } });
      try { makeDrawing(null, { draw: "lins" }, null); } catch (error) {
        return [makeDrawing(null, { id: "x", draw: "dots" }, null).id, error.message];
      }
    }"""
    assert call("static/map/drawing_registry.js", run) == ["x", 'no drawing "lins"']
