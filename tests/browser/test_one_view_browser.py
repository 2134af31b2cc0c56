"""One view: the link, the way back, the picture and a friend's screen all hold what one person saw."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from matplotlib.image import imread
from scipy.ndimage import minimum_filter

from geo.display.view import Frame
from tests.browser.until import until

VIEW = "as_of=2021-12-31&category=metro&shade=done&layers=stations&work=H01"
FRAME = "map=11.5/31.487654/120.312345"
PIXEL = 360 / (256 * 2**11.5)  # degrees: Leaflet sets the middle of a map on whole pixels
SMOOTHED = 1e-4
"""Share of single pixels whose shade may differ."""
PLACE = "[window.atlas.map.getZoom(), window.atlas.map.getPixelBounds().min.x, window.atlas.map.getPixelBounds().min.y]"


def drawn(watch: Any) -> Any:
    frame = watch.frame()
    until(frame, "window.atlas.isLoaded && window.atlas.selection.ring")
    watch.settle()
    return frame


def shared_link(watch: Any) -> str:
    watch.page.get_by_role("button", name="分享/引用").click()
    link = watch.page.locator('[data-testid="stCode"]').first
    link.locator("text=#map=").wait_for()
    return str(link.inner_text()).strip()


def test_a_friend_sees_the_same_map_to_the_pixel(server: Any, visit: Callable[..., Any]) -> None:
    mine = visit(f"{server.url}/?{VIEW}#{FRAME}")
    frame = drawn(mine)
    frame.evaluate("window.atlas.map.panBy([37, -53], { animate: false })")
    mine.settle()
    link = shared_link(mine)
    assert Frame.read(urlsplit(link).fragment)
    words = parse_qs(urlsplit(link).query)
    assert words == {name: [value] for name, value in parse_qs_one(VIEW).items()}
    friend = visit(link)
    other = drawn(friend)
    assert other.evaluate(PLACE) == frame.evaluate(PLACE)
    mine.page.keyboard.press("Escape")
    mine.settle()
    here, there = (
        imread(io.BytesIO(each.locator(".leaflet-container").screenshot(animations="disabled")))
        for each in (frame, other)
    )
    # the same symbols on the same pixels; where an edge is smoothed, Chromium may give single pixels another shade
    assert here.shape == there.shape
    differs = np.abs(here - there).max(axis=2) > 8 / 255
    assert not minimum_filter(differs, size=2).any(), "something is drawn at one of them alone, or elsewhere"
    assert differs.mean() < SMOOTHED


def parse_qs_one(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def test_map_and_list_and_map_keep_the_frame(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31#{FRAME}")
    before = watch.frame().evaluate(PLACE)
    watch.settle()
    watch.frame().evaluate("window.atlas.map.panBy([80, 40], { animate: false })")
    watch.settle()
    moved = watch.frame().evaluate(PLACE)
    assert moved != before
    watch.page.get_by_role("link", name="清单").first.click()
    watch.page.get_by_role("heading", name="项目清单").wait_for()
    watch.settle()
    watch.page.get_by_role("link", name="地图").first.click()
    watch.page.get_by_role("heading", name="进展地图").wait_for()
    assert watch.frame().evaluate(PLACE) == moved
    watch.settle()
    assert "#map=" in watch.page.url


def test_the_ways_back_bring_the_view_before(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31#{FRAME}")
    seen = watch.frame().evaluate(PLACE)
    watch.settle()
    watch.page.get_by_role("link", name="清单").first.click()
    watch.page.get_by_role("heading", name="项目清单").wait_for()
    watch.settle()
    watch.page.go_back()
    watch.page.get_by_role("heading", name="进展地图").wait_for()
    watch.settle()
    assert watch.frame().evaluate(PLACE) == seen


@pytest.mark.parametrize("page", ["works", "district?d=320211", "coverage", "about"])
def test_a_deep_link_has_no_error_in_the_console(server: Any, visit: Callable[..., Any], page: str) -> None:
    watch = visit("about:blank")
    failed = []
    watch.page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    watch.page.on("console", lambda line: failed.append(line.text) if line.type == "error" else None)
    watch.page.goto(f"{server.url}/{page}")
    watch.page.get_by_role("heading").first.wait_for()
    watch.settle()
    assert failed == []


def test_the_picture_shows_the_frame_and_every_word_of_the_view(
    server: Any, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{server.url}/?{VIEW}#{FRAME}")
    frame = drawn(watch)
    frame.evaluate("window.open = (address) => { window.opened = address; }")
    frame.get_by_role("button", name="此画面的图片").click()
    words = parse_qs_one(urlsplit(frame.evaluate("window.opened")).query)
    box = [float(side) for side in words.pop("bbox").split(",")]
    size = frame.evaluate("[window.atlas.map.getSize().x, window.atlas.map.getSize().y]")
    assert box == pytest.approx(Frame.read(FRAME).box(*size), abs=PIXEL / 2)
    assert words == parse_qs_one(VIEW) | {"format": "png", "lang": "zh", "datum": "WGS84", "scope": "plan"}
    answer = watch.page.request.get(
        re.sub(r"/atlas/.*", "/api/picture?", frame.url) + urlsplit(frame.evaluate("window.opened")).query
    )
    assert answer.status == 200
    assert answer.body().startswith(b"\x89PNG")
