"""The map of a plain address is there before its page, and becomes the page's: the frame that a person sees first is never loaded anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Watch
from tests.browser.until import until

EARLY = ".atlas-early iframe.atlas-frame"
STREAMLIT = "**/static/js/index.*.js"
VIEW = "() => ({ zoom: atlas.map.getZoom(), center: atlas.map.getCenter(), size: atlas.map.getSize(), state: atlas.state })"


def maps_asked(watch: Watch) -> list[str]:
    return [url for url in watch.requests if "/atlas/map?" in url]


def opened(server: Any, visit: Callable[..., Watch], *, width: int) -> tuple[Watch, Callable[[], None]]:
    """A visit whose page waits until it is let go on, and its map, which does not."""
    watch, held = visit("about:blank", width=width), []

    def hold(route: Any) -> None:
        held.append(route)

    watch.page.route(STREAMLIT, hold)
    watch.page.goto(server.url, wait_until="commit")

    def go_on() -> None:
        for route in held:
            route.continue_()

    return watch, go_on


@pytest.fixture(scope="module")
def remembering(server: Any, browser: Any) -> Any:
    """The server once its map was seen: from then on it is remembered."""
    page = browser.new_page()
    page.goto(server.url)
    page.wait_for_selector(".atlas-root iframe.atlas-frame").content_frame().wait_for_selector(
        'body[data-ready="1"]'
    )
    page.close()
    return server


@pytest.mark.parametrize("width", [1440, 900, 390])
def test_it_becomes_the_map_of_the_page(remembering: Any, visit: Callable[..., Watch], width: int) -> None:
    alone = visit(f"{remembering.url}/?scope=plan", width=width)
    alone.rest()
    usual = alone.frame().evaluate(VIEW)
    watch, go_on = opened(remembering, visit, width=width)
    early = watch.page.wait_for_selector(EARLY)
    frame = early.content_frame()
    frame.wait_for_selector('body[data-ready="1"]')
    assert frame.evaluate("parent.document.querySelector('.atlas-early iframe').title") == frame.title()
    frame.evaluate("() => { window.isTheFirst = true; }")
    go_on()
    watch.rest()
    placed = watch.frame()
    assert placed.evaluate("window.isTheFirst") is True
    assert placed.evaluate(VIEW) == usual
    assert watch.page.locator(".atlas-early").count() == 0
    assert len(maps_asked(watch)) == 1
    assert "#" not in watch.page.url
    assert watch.errors == []


def test_what_was_done_on_it_counts_on_the_page(remembering: Any, visit: Callable[..., Watch]) -> None:
    watch, go_on = opened(remembering, visit, width=1440)
    frame = watch.page.wait_for_selector(EARLY).content_frame()
    frame.wait_for_selector('body[data-ready="1"]')
    frame.evaluate("() => atlas.map.setView([31.5, 120.3], 14, { animate: false })")
    frame.evaluate("() => atlas.messages.send('select', { id: 'H01' })")
    go_on()
    until(watch.page, "new URLSearchParams(location.search).get('work') === 'H01'")
    watch.rest()
    assert "#map=14/" in watch.page.url, "the work is shown at the zoom that was chosen"
    assert watch.errors == []


@pytest.mark.parametrize("address", ["/?scope=all", "/?lang=zh&work=H01"])
def test_a_link_that_asks_for_more_waits_for_its_page(
    remembering: Any, visit: Callable[..., Watch], address: str
) -> None:
    watch = visit(f"{remembering.url}{address}")
    watch.frame()
    assert not any("newest-map" in url for url in watch.requests)
    assert len(maps_asked(watch)) == 1
