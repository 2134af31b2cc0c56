"""What is near, on the public site and in the app: the same answer as the core's, and one's own position leaves the browser on neither."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from geo.atlas import load_gazetteer
from geo.display.near_text import sentences
from geo.register.city import Atlas
from geo.register.near import near
from geo.register.positions import Position, position_of
from tests.browser.conftest import Visit
from tests.browser.until import until
from tests.site.site_days import DAY
from tools.serving import PATIENCE_S

HERE = Position(120.301234, 31.571234, 35.0)
PARTS = [f"{HERE.lon:.4f}", f"{HERE.lat:.4f}"]
BINARY = [struct.pack(form, value) for value in (HERE.lon, HERE.lat) for form in ("<d", ">d", "<f", ">f")]


def names_of(atlas: Atlas, lang: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}


def shown(page: Any, box: str) -> list[str]:
    return [text.strip() for text in page.locator(f"{box} > ul > li").all_text_contents()]


def test_a_place_that_is_searched_for_is_answered_as_the_core_does(
    base: str, go: Callable[..., Visit], hostile: Atlas
) -> None:
    visit = go(f"{base}/near.html").ready()
    page = visit.page
    page.get_by_label("地点").fill("太湖广场站")
    page.locator("#found button").first.click()
    page.wait_for_url("**near.html#near=ST-1-13")
    place = position_of(hostile, load_gazetteer(), "ST-1-13", DAY)
    assert place is not None
    told = near(hostile, place, as_of=DAY)
    assert shown(page, "#answer") == sentences(told, names_of(hostile, "zh"), "zh")
    assert page.locator("#answer tbody tr td:first-child a").count() == len(told.works)
    again = go(page.url.replace("near.html", "en/near.html")).ready()
    assert shown(again.page, "#answer") == sentences(told, names_of(hostile, "en"), "en")
    page.get_by_label("地点").fill("31.57")
    page.get_by_label("地点").fill("120.28,31.58")
    page.locator("#found button").first.click()
    assert page.url.endswith("#at=120.28,31.58")
    until(page, "document.querySelector('#answer h2').textContent === '120.280000, 31.580000'")
    assert visit.complaints == again.complaints == []


def test_a_table_that_comes_late_takes_no_offer_away(served: str, go: Callable[..., Visit]) -> None:
    """The list is of what stands in the field now, whoever fills it and whenever."""
    visit = go(f"{served}/near.html").ready()
    page = visit.page
    late: list[Any] = []

    def hold(route: Any) -> None:
        late.append(route)

    page.route("**/terms*", hold)
    page.get_by_label("地点").fill("31.57")
    while not late:
        page.wait_for_timeout(20)
    page.get_by_label("地点").fill("120.28,31.58")
    for route in late:
        route.continue_()
    page.evaluate(
        "window.atlasSite.loadTerms()"
    )  # whoever waited for the table before has had it when this ends
    assert page.locator("#found button").count() == 1
    assert visit.complaints == []


def test_what_is_written_almost_so_is_found_and_said(served: str, go: Callable[..., Visit]) -> None:
    visit = go(f"{served}/near.html").ready()
    visit.page.get_by_label("地点").fill("Taihu Sqaure")
    first = visit.page.locator("#found button").first
    first.wait_for()
    assert "太湖广场" in first.text_content()
    assert "Taihu Sqaure" in visit.page.locator("#found li.quiet").text_content()
    visit.page.get_by_label("地点").fill("qqqqwwww")
    visit.page.locator("#found li.quiet", has_text="没有找到").wait_for()
    visit.page.goto(f"{served}/near.html#at=0,0")
    visit.page.locator("#near-status", has_text="没有可说的").wait_for()
    assert visit.complaints == []


@contextmanager
def watched(browser: Any) -> Iterator[tuple[Any, list[str | bytes]]]:
    """A page that may know its position, and all that it sends: addresses, bodies, messages."""
    context = browser.new_context(
        locale="zh-CN",
        permissions=["geolocation"],
        geolocation={"longitude": HERE.lon, "latitude": HERE.lat, "accuracy": HERE.accuracy_m},
    )
    context.set_default_timeout(PATIENCE_S * 1000)
    page, sent = context.new_page(), []
    page.on("request", lambda request: sent.extend([request.url, request.post_data_buffer or b""]))
    page.on("websocket", lambda channel: channel.on("framesent", lambda data: sent.extend([data])))
    yield page, sent
    context.close()


def assert_stays(page: Any, sent: list[str | bytes]) -> None:
    assert sent
    for message in sent:
        raw = message.encode() if isinstance(message, str) else message
        assert not [part for part in PARTS if part.encode() in raw], message
        assert not [part for part in BINARY if part in raw], message
    assert not [part for part in PARTS if part in page.url]


def test_one_s_own_position_is_answered_on_the_site_and_stays_in_the_browser(
    served: str, browser: Any, hostile: Atlas
) -> None:
    with watched(browser) as (page, sent):
        page.goto(f"{served}/near.html")
        page.wait_for_selector('body[data-ready="1"]')
        page.locator("#locate").click()
        page.locator("#answer h2", has_text="我的位置").wait_for()
        told = near(hostile, Position(HERE.lon, HERE.lat, HERE.accuracy_m, name_zh="我的位置"), as_of=DAY)
        assert shown(page, "#answer") == sentences(told, names_of(hostile, "zh"), "zh")
        assert_stays(page, sent)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_s_own_position_is_answered_in_the_app_and_never_reaches_its_server(
    server: Any, browser: Any, atlas: Atlas, lang: str
) -> None:
    with watched(browser) as (page, sent):
        page.goto(f"{server.url}/near?as_of={DAY.isoformat()}&lang={lang}")
        page.locator(".near-button").click()
        page.locator(".near-here h2").wait_for()
        name = page.locator(".near-here h2").text_content()
        told = near(
            atlas, Position(HERE.lon, HERE.lat, HERE.accuracy_m, name_zh=name, name_en=name), as_of=DAY
        )
        assert shown(page, ".near-here > div") == sentences(told, names_of(atlas, lang), lang)
        assert_stays(page, sent)
