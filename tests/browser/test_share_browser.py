"""The share box of the app: the code of a frame shows the same view on another site, and the picture asks for all that the map shows."""

from __future__ import annotations

import functools
import html
import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.whatif.saved_scenarios import link_code
from geo.whatif.scenario import scenario_of
from tests.browser.until import until

SCENARIO = link_code(
    scenario_of({"edits": [{"op": "add", "id": "new-1", "at": [120.3, 31.5], "name": "新站"}]}), longest=1500
)
WORKS = "as_of=2021-12-31&category=metro&shade=done&work=H01"
REACH = f"as_of=2021-12-31&ind=custom&kind=metro_station&r=800&sc={SCENARIO}"
FRAME = "map=11.5/31.520000/120.300000"
PLACE = "[window.atlas.map.getZoom(), window.atlas.map.getCenter().lat.toFixed(2), window.atlas.map.getCenter().lng.toFixed(2)]"
SHADES = "JSON.stringify(window.atlas.state.shade)"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Another site: its address, and the folder of its pages."""
    folder = tmp_path_factory.mktemp("elsewhere")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


def frame_code_of(watch: Any) -> str:
    watch.page.get_by_role("button", name="分享/引用").click()
    code = watch.page.locator("code").filter(has_text="<iframe").filter(has_text="#map=")
    code.wait_for()
    return str(code.inner_text()).strip()


def framed(code: str, visit: Callable[..., Any], elsewhere: tuple[str, Path]) -> tuple[Any, Any]:
    """The page of the other site, and the frame in it."""
    address, folder = elsewhere
    (folder / "page.html").write_text(f'<meta charset="utf-8"><h2>x</h2>{code}', "utf-8")
    watch = visit("about:blank")
    watch.page.goto(f"{address}/page.html")
    frame = watch.page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector('body[data-ready="1"]')
    return watch, frame


def test_the_map_of_works_is_the_same_on_another_site(
    server: Any, visit: Callable[..., Any], elsewhere: tuple[str, Path]
) -> None:
    mine = visit(f"{server.url}/?{WORKS}#{FRAME}")
    here = mine.frame()
    mine.settle()
    watch, there = framed(frame_code_of(mine), visit, elsewhere)
    counts = "(({ status, certainty }) => ({ status, certainty }))(JSON.parse(document.body.dataset.counts))"
    for seen in (PLACE, SHADES, counts):
        assert there.evaluate(seen) == here.evaluate(seen), seen
    assert "2021-12-31" in there.locator(".atlas-embed-head h1").inner_text()
    assert "CC BY" in there.locator(".atlas-embed-foot").inner_text()
    assert "不作权属依据" in there.locator(".atlas-credit").inner_text()
    until(there, "window.atlas.selection.ring")
    with watch.page.expect_popup() as opened:
        there.locator(".atlas-embed-head a").click()
    whole = opened.value
    whole.wait_for_url(re.compile(r"#map="))
    words = parse_qs(urlsplit(whole.url).query)
    assert (words["category"], words["work"], words["shade"]) == (["metro"], ["H01"], ["done"])
    assert urlsplit(whole.url).fragment.startswith("map=11.5/31.52")
    assert watch.errors == []
    assert watch.outside() == []


def test_who_is_served_and_a_scenario_are_the_same_on_another_site(
    server: Any, visit: Callable[..., Any], elsewhere: tuple[str, Path]
) -> None:
    mine = visit(f"{server.url}/coverage?{REACH}#{FRAME}")
    here = mine.frame()
    until(here, "document.body.dataset.gaps === '10' && document.body.dataset.reach")
    mine.settle()
    code = frame_code_of(mine)
    watch, there = framed(code, visit, elsewhere)
    until(there, "document.body.dataset.gaps === '10' && document.body.dataset.reach")
    for name in ("reach", "gaps", "edits"):
        assert json.loads(there.evaluate(f"document.body.dataset.{name}")) == json.loads(
            here.evaluate(f"document.body.dataset.{name}")
        ), name
    assert there.evaluate(PLACE) == here.evaluate(PLACE)
    link = there.locator(".atlas-embed-head a").get_attribute("href")
    assert link.startswith("../coverage?")
    assert parse_qs(urlsplit(link).query)["sc"] == [SCENARIO]
    source = html.unescape(re.search('src="([^"]*)"', code)[1])
    assert parse_qs(urlsplit(source).query)["scenario"] == [SCENARIO]
    assert watch.errors == []


def test_the_picture_of_the_coverage_page_asks_for_all_that_the_map_shows(
    server: Any, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{server.url}/coverage?{REACH}#{FRAME}")
    frame = watch.frame()
    until(frame, "document.body.dataset.gaps === '10' && document.body.dataset.reach")
    frame.evaluate("window.open = (address) => { window.opened = address; }; window.atlas.reach.grow(650)")
    frame.get_by_role("button", name="此画面的图片").click()
    asked = urlsplit(frame.evaluate("window.opened")).query
    words = {name: values[0] for name, values in parse_qs(asked).items()}
    shown = {name: words[name] for name in ("kind", "radius", "set", "as_of", "scenario", "gaps")}
    assert shown == {
        "kind": "metro_station", "radius": "650", "set": "as_of", "as_of": "2021-12-31", "scenario": SCENARIO, "gaps": "10",
    }  # fmt: skip
    answer = watch.page.request.get(f"{server.url}/api/picture?{asked}".replace("format=png", "format=svg"))
    assert answer.status == 200
    assert "新站" in answer.text()
    assert "650 米" in answer.text()
