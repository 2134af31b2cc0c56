"""A register of 5,000 works on the map: they travel as tiles of a day, and filters, days, cards and links are as with few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from benchmarks.made_up_register import made_up_pack
from geo.atlas import load_atlas
from geo.register.city import Atlas
from geo.register.selection import Selection
from geo.vocabulary import STATUSES
from tests.browser.large_maps import UPDATE, is_settled, layer_of, news_of, rows_on, served, spot_of
from tests.browser.until import until
from tools.serving import Server

WORKS, EVENTS = 5_000, 20_000
LAYER, SETTLED = layer_of("works"), is_settled("works")


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return load_atlas(made_up_pack(tmp_path_factory.mktemp("pack") / "data", WORKS, EVENTS))


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, atlas: Atlas) -> Iterator[Server]:
    with served(atlas, tmp_path_factory) as server:
        yield server


def counts(page: Any) -> dict[str, int]:
    """The legend's numbers by status."""
    found = page.evaluate("JSON.parse(document.body.dataset.counts).status")
    return {status: n for status, n in zip(STATUSES, found, strict=True) if n}


def test_many_works_are_filtered_counted_and_opened(
    crowded: Server, atlas: Atlas, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{crowded.url}/atlas/map?as_of=2024-06-30&scope=all")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    until(page, SETTLED)
    assert any("/tiles/works/" in url for url in watch.requests)
    for day, selection in (
        (date(2024, 6, 30), Selection(scope="all")),
        (date(2019, 2, 15), Selection(scope="all", districts=("320205",))),
        (date(2026, 6, 30), Selection(scope="plan", statuses=("completed", "implementation"))),
        (date(2014, 1, 1), Selection(scope="probable", certainties=("exact", "none"))),
    ):
        page.evaluate(UPDATE, news_of(day, selection))
        until(page, SETTLED)
        rows = selection.apply(rows_on(atlas, day))
        whole = rows[(rows["kind"] == "work") & rows["parent_id"].isna()]
        assert counts(page) == whole["status"].value_counts().to_dict()
        placed = rows["lon"].notna() & (rows["certainty"] != "line")
        seen = page.evaluate(f"{LAYER}.drawing.seen().features")
        assert seen == page.evaluate(f"{LAYER}.shown") == placed.sum()  # the whole city is on the screen
    page.evaluate(UPDATE, {"day": 20240630, "scope": "all", "statuses": None, "certainties": None})
    rows = rows_on(atlas, date(2024, 6, 30))
    one = rows[rows.index.str.startswith("MU") & (rows["certainty"] == "exact")].iloc[123]
    place = (one["lat"], one["lon"])
    page.evaluate("(at) => window.atlas.map.setView(at, 18, { animate: false })", list(place))
    until(page, SETTLED)
    until(page, "(id) => Boolean(window.atlas.selection.placeOf(id))", str(one.name))
    spot = spot_of(page, *place)
    page.mouse.move(spot["x"] + 2, spot["y"])
    page.mouse.move(spot["x"], spot["y"])
    until(page, "(name) => document.querySelector('.leaflet-tooltip')?.textContent === name", one["name_zh"])
    page.mouse.click(spot["x"], spot["y"])
    card = page.locator(".leaflet-popup")
    card.wait_for()
    if card.locator("button").count():  # what else lies here is in a list
        card.get_by_role("button", name=one["name_zh"]).click()
    until(page, "(id) => window.atlas.state.selected === id", str(one.name))
    assert one["name_zh"] in card.inner_text()
    label = page.evaluate(
        "(id) => window.atlas.config.statuses.find((each) => each.id === id).label", one["status"]
    )
    assert label in card.inner_text()
    assert watch.errors == []
    assert watch.outside() == []


def test_a_link_to_one_of_many_works_goes_there(
    crowded: Server, atlas: Atlas, visit: Callable[..., Any]
) -> None:
    rows = rows_on(atlas, date(2024, 6, 30))
    rows = rows[rows.index.str.startswith("MU")]
    one, other = rows[rows["certainty"] == "exact"].iloc[7], rows[rows["certainty"] == "approximate"].iloc[9]
    nowhere = rows[rows["certainty"] == "none"].iloc[5]
    watch = visit(f"{crowded.url}/atlas/map?as_of=2024-06-30&scope=all&work={one.name}")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    is_there = """([lat, lon]) => {
      const { map, selection } = window.atlas;
      return map.getZoom() >= 13 && map.distance(map.getCenter(), [lat, lon]) < 30 && Boolean(selection.ring);
    }"""
    until(page, is_there, [one["lat"], one["lon"]])
    page.evaluate(UPDATE, {"selected": str(other.name)})
    until(page, is_there, [other["lat"], other["lon"]])
    page.evaluate(
        UPDATE, {"selected": str(nowhere.name)}
    )  # a work without a place: no ring, and the map stays
    until(page, "() => !window.atlas.selection.ring")
    assert watch.errors == []


def test_playing_shows_every_month_whole(crowded: Server, atlas: Atlas, visit: Callable[..., Any]) -> None:
    """What is drawn is of the day that the map names, however the days come."""
    watch = visit(f"{crowded.url}/atlas/map?as_of=2016-01-31&scope=all")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    page.evaluate("""async () => {
      window.drawn = [];
      const { controls, legend } = window.atlas;
      const [showDay, update] = [controls.showDay, legend.update];
      controls.showDay = function (day) { window.named = day; return showDay.call(this, day); };
      legend.update = function (counts) { if (window.named) window.drawn.push([window.named, [...counts.status]]); return update.call(this, counts); };
      for (const day of [20170131, 20180228, 20190331]) window.atlas.update({ day });
      await window.atlas.update({ day: 20200430 });
      await window.atlas.askForDay(20210531);
    }""")
    drawn = page.evaluate("window.drawn")
    assert [day for day, _counts in drawn][-1] == 20210531
    for number, found in drawn:
        day = date(number // 10_000, number // 100 % 100, number % 100)
        rows = rows_on(atlas, day)
        wanted = rows[(rows["kind"] == "work") & rows["parent_id"].isna()]["status"].value_counts().to_dict()
        assert {status: n for status, n in zip(STATUSES, found, strict=True) if n} == wanted
    assert watch.errors == []


def test_few_works_in_sight_have_their_signs_and_the_keyboard_reaches_the_nearest(
    crowded: Server, atlas: Atlas, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{crowded.url}/atlas/map?as_of=2024-06-30&scope=all")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    until(page, SETTLED)
    until(page, "document.querySelectorAll('.atlas-stop').length >= 50")
    assert page.locator(".atlas-stop .atlas-symbol").count() == 0  # thousands in sight: dots
    seen, stops = page.evaluate(f"[{LAYER}.drawing.seen().marks, {LAYER}.drawing.stops.held.size]")
    note = page.locator('[data-of="note:works"]').inner_text()
    assert str(stops) in note
    assert seen > stops == 50
    described = page.evaluate(
        "document.getElementById(document.querySelector('.atlas-stop').getAttribute('aria-describedby')).textContent"
    )
    assert described
    assert described in note
    rows = rows_on(atlas, date(2024, 6, 30))
    one = rows[rows.index.str.startswith("MU") & (rows["certainty"] == "exact")].iloc[55]
    page.evaluate("(at) => window.atlas.map.setView(at, 15, { animate: false })", [one["lat"], one["lon"]])
    until(page, SETTLED)
    sign = page.locator(f'.atlas-stop .atlas-symbol[data-rows="{one.name}"]')
    sign.wait_for()
    glyph = page.evaluate("(category) => window.atlas.config.categories[category].glyph", one["category"])
    assert glyph in sign.inner_text()
    assert sign.evaluate(
        "(node) => node.classList.contains('atlas-is-' + window.atlas.statusOf({ history: [] }).id)"
    ) == (one["status"] == "unknown")
    page.locator(f'.atlas-stop:has(.atlas-symbol[data-rows="{one.name}"])').focus()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == one["name_zh"]
    page.keyboard.press("Enter")
    until(page, "(id) => window.atlas.state.selected === id", str(one.name))
    page.locator(".leaflet-popup").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == one["name_zh"]
    assert watch.errors == []
