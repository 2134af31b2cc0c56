"""A planner's question, asked as a new user would: five car parks, one's own sites clicked on the map, compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Watch
from tools.serving import Server


def test_the_best_five_against_sites_clicked_on_the_map(server: Server, visit: Callable[..., Watch]) -> None:
    watch = visit(f"{server.url}/siting")
    frame = watch.frame()
    frame.wait_for_selector("body[data-siting*='\"best\":5']")
    watch.page.get_by_text("已证明最优").first.wait_for()
    watch.settle()
    box = watch.page.locator("iframe.atlas-frame").bounding_box()
    frame.evaluate("window.kept = true")
    watch.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    frame.wait_for_selector("body[data-siting*='\"own\":1']")
    watch.page.get_by_text("我的 1 处新增").wait_for()
    watch.page.wait_for_url("**own=**")
    assert frame.evaluate("window.kept") is True  # the map was never mounted again
    assert not watch.outside()
    assert not watch.errors


def test_the_page_fits_a_phone(server: Server, visit: Callable[..., Watch]) -> None:
    watch = visit(f"{server.url}/siting?lang=en&own=120.3,31.57", width=390, height=844)
    watch.frame().wait_for_selector("body[data-siting*='\"own\":1']")
    watch.page.get_by_text("Proven best").first.wait_for()
    wide: Any = watch.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
