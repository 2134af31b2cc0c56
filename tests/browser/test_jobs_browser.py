"""Four public jobs from the front page: how many presses and screens each takes, and that what is then in view answers. Filters open on demand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from benchmarks.trial_of_jobs import (
    ITEM,
    JOBS,
    LANGUAGES,
    SIZES,
    a_quote,
    app_door,
    do,
    near_a_place,
    site_door,
    was_it_kept,
    who_is_behind,
)
from geo.register.city import Atlas
from geo.report.front import front
from geo.text import translate
from geo.vocabulary import promise_label
from tests.browser.conftest import Visit
from tests.browser.menus import FILTERS, close_menu, open_menu
from tests.browser.until import until
from tests.site.site_days import DAY

MOST = {
    "app": {near_a_place: (1, 0), was_it_kept: (0, 2), who_is_behind: (0, 0), a_quote: (1, 2)},
    "site": {near_a_place: (2, 1), was_it_kept: (0, 2), who_is_behind: (0, 0), a_quote: (1, 2)},
}
"""Presses of each job at most, and screens to scroll on a phone; on a desktop nothing is scrolled."""
TOP_OF_MAP = 180  # pixels of the map that a phone's first screen has at least
FIRST_SCREEN = """(map) => {
  const boxOf = (selector) => document.querySelector(selector)?.getBoundingClientRect() || { height: 0 };
  const { top, height } = boxOf(map);
  const message = boxOf(".front-more li");
  return height > 0 && message.height > 0 && message.bottom < top && [window.innerHeight - top, document.querySelectorAll(".front-more li").length];
}"""


def expected(job: Any, atlas: Atlas, day: date, lang: str) -> list[str]:
    """What the answer of a job has in it, as the core says."""
    message, item = front(atlas, day, lang), atlas.pack.plan_items.loc[ITEM]
    promise = next(one for one in message.promises if one.item_id == ITEM)
    source = atlas.pack.sources.loc[item["source_id"]]
    verdict = translate(promise_label(promise.verdict.state, item["verb"]), lang)
    return {
        near_a_place: ["500"],
        was_it_kept: ["166", verdict],
        who_is_behind: [message.stories[0].sentence],
        a_quote: [str(item["quote_zh"]), str(source["published"])[:10]],
    }[job]


def check(job: Any, page: Any, door: Any, atlas: Atlas, day: date, lang: str, size: str) -> None:
    hands, text = do(job, page, door, lang)
    presses, screens = MOST["site" if door.while_typing else "app"][job]
    assert hands.presses <= presses
    assert hands.screens <= (screens if size == "phone" else 0)
    for part in expected(job, atlas, day, lang):
        assert " ".join(part.split()) in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_jobs_in_the_app(server: Any, visit: Callable[..., Any], atlas: Atlas, size: str, lang: str) -> None:
    width, height = SIZES[size]
    page = visit("about:blank", width=width, height=height).page
    for job in JOBS:
        check(job, page, app_door(server.url), atlas, date.today(), lang, size)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_jobs_on_the_public_site(
    base: str, go: Callable[..., Visit], hostile: Atlas, size: str, lang: str
) -> None:
    width, height = SIZES[size]
    visit = go("about:blank", width=width, height=height)
    for job in JOBS:
        check(job, visit.page, site_door(base), hostile, DAY, lang, size)
    assert visit.complaints == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phones_first_screen_has_the_message_and_the_top_of_the_map(
    server: Any, visit: Callable[..., Any], lang: str
) -> None:
    watch = visit(f"{server.url}/?lang={lang}", width=390, height=844)
    watch.rest()
    shown, facts = until(watch.page, FIRST_SCREEN, ".atlas-root iframe.atlas-frame")
    assert shown >= TOP_OF_MAP
    assert facts == 6


@pytest.mark.parametrize("lang", LANGUAGES)
def test_so_has_the_public_sites(served: str, go: Callable[..., Visit], lang: str) -> None:
    page = go(f"{served}/{'' if lang == 'zh' else 'en/'}index.html", width=390, height=844).ready().page
    shown, facts = until(page, FIRST_SCREEN, "#map")
    assert shown >= TOP_OF_MAP
    assert facts == 6


def test_filters_open_on_demand_say_what_is_on_and_are_cleared_without_a_new_map(
    server: Any, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31&category=metro&scope=all")
    frame = watch.frame()
    watch.settle()
    page = watch.page
    fields = page.get_by_role("combobox")
    assert (fields.count(), page.locator('[data-testid="stSidebar"]:visible').count()) == (0, 0)
    line = page.locator(".st-key-filters_on")
    assert "城市轨道" in line.inner_text()
    assert "含其他年份与背景" in line.inner_text()
    frame.evaluate("window.kept = true")
    before = [url for url in watch.requests if "/layers/" in url]
    panel = open_menu(page, FILTERS)
    panel.get_by_text("城市轨道").wait_for()
    close_menu(page)
    assert watch.page.url.count("category=metro") == 1
    page.get_by_role("button", name="清除筛选").click()
    page.wait_for_url(lambda url: "category=" not in url and "scope=" not in url)
    watch.settle()
    assert frame.evaluate("window.kept") is True
    assert [url for url in watch.requests if "/layers/" in url] == before
    assert line.count() == 0


def test_the_public_sites_filters_do_the_same(served: str, go: Callable[..., Visit]) -> None:
    page = go(f"{served}/index.html?category=metro").ready().page
    assert not page.locator("#filters select").first.is_visible()
    line = page.locator("#filters-on")
    assert "城市轨道" in line.inner_text()
    page.evaluate("window.kept = document.querySelector('.leaflet-pane')")
    line.get_by_role("button").click()
    page.wait_for_url(lambda url: "category=" not in url)
    assert line.is_hidden()
    assert page.evaluate("window.kept.isConnected")
