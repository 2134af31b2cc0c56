"""The map for every hand: a finger, a keyboard, a screen reader, in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from geo.register.city import Atlas
from tests.browser.menus import FILTERS, close_menu, open_menu
from tests.browser.test_legible_browser import map_page
from tests.browser.until import until
from tools.serving import PATIENCE_S

STOPS = "() => [...document.querySelectorAll('.leaflet-map-pane *')].filter((n) => n.tabIndex >= 0).length"
LANGUAGE = "() => document.documentElement.lang"
FOCUSED = "() => document.activeElement.getAttribute('aria-label')"


def test_symbols_are_one_stop_with_arrow_keys_and_escape_gives_the_focus_back(
    server: Any, visit: Callable[..., Any]
) -> None:
    page = map_page(visit, server.url, width=690, height=640)
    until(page, f"({STOPS})() === 1")
    page.locator(".leaflet-marker-icon.leaflet-interactive[tabindex='0']").focus()
    first = page.evaluate(FOCUSED)
    seen = {first}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        seen.add(page.evaluate(FOCUSED))
    assert len(seen) > 1
    assert page.evaluate(STOPS) == 1
    bubble = page.locator(".leaflet-marker-icon:has(.atlas-bubble)").first
    bubble.focus()
    name = page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup").wait_for()
    page.keyboard.press("Escape")
    page.locator(".leaflet-popup").wait_for(state="detached")
    assert page.evaluate(FOCUSED) == name


def test_the_tabulator_begins_with_links_to_search_and_map_and_shows_where_it_is(
    server: Any, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31")
    watch.frame()
    watch.settle()
    page = watch.page
    page.locator(".skips").wait_for(state="attached")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到搜索"
    box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
    assert box["left"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "搜索"
    page.locator(".skips button", has_text="跳到地图").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    shows = """(node) => { for (let each = node; each && each !== document.body; each = each.parentElement) {
      const { outlineStyle, boxShadow } = getComputedStyle(each);
      if (outlineStyle !== "none" || boxShadow !== "none") return true;
    } return false; }"""
    for place in (
        ".st-key-menus a",
        ".st-key-q input",
        ".st-key-page_tools button",
        ".st-key-filters button",
        '[data-testid="stPopoverBody"] input',
    ):
        if "stPopoverBody" in place:
            open_menu(page, FILTERS)
        node = page.locator(place).first
        node.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert node.evaluate(shows), place
    close_menu(page)
    page.get_by_role("link", name="数据与方法").first.click()
    page.get_by_role("heading", name="四个数怎么来").wait_for()
    assert page.locator(".skips").count() == 0


def test_lines_have_names_answer_enter_and_the_chosen_one_is_edged(
    server: Any, visit: Callable[..., Any], atlas: Atlas
) -> None:
    page = map_page(visit, server.url, width=1000, height=900)
    plates = page.evaluate(
        "[...document.querySelectorAll('.atlas-line-name')].map((n) => [n.textContent, getComputedStyle(n).backgroundColor])"
    )
    assert len(plates) >= 3
    shapes = page.evaluate(
        "[...document.querySelectorAll('path.leaflet-interactive[data-rows]')].map((n) => n.getAttribute('aria-label'))"
    )
    lines = atlas.pack.lines[atlas.pack.lines["role"] == "baseline"]
    in_service = set(lines["name_zh"][lines["opened"] <= date(2021, 12, 31)])
    assert in_service < set(shapes)
    assert page.locator(".atlas-line-chosen").count() == 0
    line = page.locator("path.leaflet-interactive[data-rows='L2']")
    line.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup", has_text="地铁2号线").wait_for()
    assert page.locator(".atlas-line-chosen").count() == 1
    page.keyboard.press("Escape")
    page.locator(".atlas-line-chosen").wait_for(state="detached")
    page.evaluate("window.atlas.update({ selected: 'T06' })")
    page.locator(".atlas-line-chosen").wait_for(state="attached")
    assert page.evaluate("window.atlas.selection.ring") is None
    page.evaluate("window.atlas.update({ selected: null })")
    page.locator(".atlas-line-chosen").wait_for(state="detached")


def test_the_legend_covers_nothing_and_filters_where_it_is_pressed(
    server: Any, visit: Callable[..., Any], atlas: Atlas
) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31")
    frame = watch.frame()
    watch.settle()
    boxes = frame.evaluate(
        "() => ['.leaflet-container', '.atlas-legend'].map((name) => document.querySelector(name).getBoundingClientRect().toJSON())"
    )
    assert boxes[0]["bottom"] <= boxes[1]["top"] + 0.5
    row = frame.locator("button[data-of='status:completed']")
    number = int(row.locator("b").inner_text())
    row.click()
    watch.page.wait_for_url("**status=completed**")
    watch.settle()
    pressed = frame.locator("button[data-of='status:completed']")
    assert pressed.get_attribute("aria-pressed") == "true"
    assert int(pressed.locator("b").inner_text()) == number
    assert frame.locator("button[data-of^='status:']").count() == 1
    pressed.click()
    watch.page.wait_for_url(lambda url: "status=" not in url)


def test_one_finger_scrolls_the_page_and_two_move_the_map(server: Any, browser: Any) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, bypass_csp=True
    )
    context.set_default_timeout(PATIENCE_S * 1000)
    page = context.new_page()
    page.goto(f"{server.url}/atlas/map?as_of=2021-12-31")
    page.wait_for_selector('body[data-ready="1"]')
    assert page.evaluate("[window.atlas.map.dragging.enabled(), window.atlas.map.touchZoom.enabled()]") == [
        False,
        True,
    ]
    touch = page.evaluate("getComputedStyle(document.querySelector('.leaflet-container')).touchAction")
    assert touch == "pan-x pan-y"
    sizes = page.evaluate(
        "[...document.querySelectorAll('.leaflet-bar a, .atlas-button:not([hidden]), .atlas-legend summary')]"
        ".map((n) => n.getBoundingClientRect()).map((box) => Math.min(box.width, box.height))"
    )
    assert len(sizes) > 4
    assert min(sizes) >= 44
    context.close()


def test_the_document_says_in_which_language_the_page_is(server: Any, visit: Callable[..., Any]) -> None:
    """For screen readers and hyphenation: from the address, after the switch, on another page, and in the map's frame."""
    watch = visit(f"{server.url}/works")
    page = watch.page
    watch.settle()
    assert page.evaluate(LANGUAGE) == "zh-CN"
    page.locator(".st-key-language button", has_text="English").click()
    until(page, f"({LANGUAGE})() === 'en'")
    watch.settle()
    page.locator(".st-key-pages a").first.click()
    frame = watch.frame()
    watch.settle()
    assert [page.evaluate(LANGUAGE), frame.evaluate(LANGUAGE)] == ["en", "en"]
    page.go_back()
    watch.settle()
    assert page.evaluate(LANGUAGE) == "en"
    assert visit(f"{server.url}/near?lang=en").page.evaluate(LANGUAGE) == "en"
