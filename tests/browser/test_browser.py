"""What a person sees, in a real browser with the network cut."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.simulate import simulated_pack
from geo.register.city import Atlas
from geo.vocabulary import CERTAINTIES, STATUSES
from tests.browser.any_steps import best_places
from tests.browser.menus import FILTERS, open_menu
from tests.browser.until import until

DISTRICT = "district?d=320282"
"""One district has a map; the page that compares them draws another one, as a picture."""
PAGES = {
    "": "进展地图",
    "promise": "计划答应了什么，做到了没有",
    "near": "身边有什么",
    "works": "项目清单",
    "district": "区县",
    DISTRICT: "区县",
    "coverage": "覆盖分析",
    "matrix": "指标矩阵",
    "about": "数据与方法",
}
FILTER_BYTES = 10_000
"""Every element of the page comes again with a filter, those of eleven pages' links and two tools among them; no layer does."""
TILE = '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"/>'
HOSTILE = (
    "<img src=x onerror=window.parent.__xss=1>",
    "</script><script>window.__xss=1</script>",
    "${window.__xss=1}{{7*7}}{% x %}",
    "\"'`><svg/onload=alert(1)>",
    "[link](javascript:alert(1)) **bold** $x$ :red[no]",
)


def counts(frame: Any) -> dict[str, Any]:
    return json.loads(frame.evaluate("document.body.dataset.counts"))


def expected(atlas: Atlas, day: date, **only: str) -> dict[str, list[int]]:
    """The legend's numbers as the core has them."""
    rows = atlas.register.state(day)
    best = best_places(rows)
    rows = rows[(rows["kind"] == "work") & rows["parent_id"].isna() & (rows["counted"] == "yes")]
    for column, value in only.items():
        rows = rows[[value in str(cell).split("|") for cell in rows[column]]]
    return {
        "status": [int((rows["status"] == word).sum()) for word in STATUSES],
        "certainty": [sum(best[key] == word for key in rows.index) for word in CERTAINTIES],
    }


def choose(watch: Any, label: str, option: str) -> None:
    """Pick an option of a multi-select by typing, as a person would."""
    field = open_menu(watch.page, FILTERS).get_by_role("combobox", name=label, exact=True)
    field.click()
    field.fill(option)
    watch.page.keyboard.press("Enter")
    watch.page.keyboard.press("Escape")


# each with a server of its own: one in every run, all in a deep one; tests/browser/test_policy_browser.py opens all of a shared server
FIRST = [pytest.param(page, marks=[] if page == "coverage" else [pytest.mark.deep]) for page in PAGES]


@pytest.mark.parametrize("page", FIRST)
def test_every_page_as_first_request_of_a_server_asks_nobody_else(
    launch: Callable[..., Any], visit: Callable[..., Any], page: str
) -> None:
    server = launch()
    watch = visit(f"{server.url}/{page}")
    watch.page.get_by_role("heading", name=PAGES[page]).first.wait_for()
    if page in {"", DISTRICT, "coverage"}:
        watch.frame()
    watch.settle()
    assert watch.outside() == []
    assert watch.errors == []
    watch.page.get_by_role("link", name="数据与方法").first.wait_for()
    assert watch.page.title() == "无锡城建一张图"


@pytest.mark.parametrize("day", [date(2020, 6, 30), date(2021, 12, 31), date(2026, 10, 31)])
def test_the_legend_counts_what_the_register_says(
    server: Any, visit: Callable[..., Any], atlas: Atlas, day: date
) -> None:
    shown = counts(visit(f"{server.url}/?as_of={day.isoformat()}").frame())
    assert {name: shown[name] for name in ("status", "certainty")} == expected(atlas, day)


def test_a_filter_keeps_the_map_and_sends_little(
    server: Any, visit: Callable[..., Any], atlas: Atlas
) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31")
    frame = watch.frame()
    watch.settle()
    first_load = sum(watch.received)
    frame.evaluate("window.kept = true")
    layers_before = [url for url in watch.requests if "/layers/" in url]
    watch.received.clear()
    choose(watch, "区县", "宜兴")
    watch.settle()
    assert frame.evaluate("window.kept") is True
    assert [url for url in watch.requests if "/layers/" in url] == layers_before
    assert "district=320282" in watch.page.url
    shown = counts(frame)
    wanted = expected(atlas, date(2021, 12, 31), district_code="320282")
    assert {name: shown[name] for name in ("status", "certainty")} == wanted
    assert sum(watch.received) < FILTER_BYTES, sum(watch.received)
    assert first_load < 150_000


def test_the_date_slider_replays_without_remount(
    server: Any, visit: Callable[..., Any], atlas: Atlas
) -> None:
    watch = visit(f"{server.url}/?as_of=2021-11-30")
    frame = watch.frame()
    watch.settle()
    frame.evaluate("window.kept = true")
    before = len([url for url in watch.requests if "/layers/" in url])
    watch.page.get_by_role("slider").first.focus()
    watch.page.keyboard.press("ArrowRight")
    watch.page.wait_for_url("**as_of=2021-12-31**")
    watch.settle()
    assert frame.evaluate("window.kept") is True
    assert len([url for url in watch.requests if "/layers/" in url]) == before
    assert counts(frame)["status"] == expected(atlas, date(2021, 12, 31))["status"]


def test_pan_and_zoom_cause_no_rerun_and_come_back_from_the_link(
    server: Any, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31")
    frame = watch.frame()
    watch.settle()
    watch.sent.clear()
    frame.get_by_role("button", name="Zoom in").click()
    watch.page.wait_for_url("**#map=**")
    watch.settle()
    frame.evaluate("window.atlas.map.setView([31.57, 120.3], 13, {animate: false})")
    watch.page.wait_for_url("**#map=13/31.570000/120.300000")
    watch.settle()
    assert watch.sent == []
    watch.page.reload()
    view = watch.frame().evaluate("[window.atlas.map.getZoom(), window.atlas.map.getCenter().lat]")
    assert view[0] == 13
    assert view[1] == pytest.approx(31.57, abs=0.001)


def test_a_click_opens_the_card_and_keeps_the_map(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31#map=12/31.3116/119.9048")
    frame = watch.frame()
    frame.evaluate("window.kept = true")
    marker = frame.get_by_role("button", name="丁蜀通用机场")
    marker.focus()
    watch.page.keyboard.press("Enter")
    watch.page.get_by_role("heading", name="丁蜀通用机场").wait_for()
    watch.page.wait_for_url("**work=T02**")
    assert frame.evaluate("window.kept") is True
    text = watch.page.inner_text("body")
    for words in ("建成投用丁蜀通用机场", "位置误差约 300 米", "航站区完成 85%"):
        assert words in text


def test_a_work_named_by_a_link_is_brought_near_and_ringed(server: Any, visit: Callable[..., Any]) -> None:
    frame = visit(f"{server.url}/?as_of=2021-12-31&work=H01").frame()
    until(frame, "window.atlas.selection.ring && window.atlas.map.getZoom() >= 13")
    levels = frame.evaluate(
        """() => [window.atlas.selection.ring.getPane(), ...window.atlas.layers.map(l => window.atlas.map.getPane(l.declaration.id))]
        .filter(pane => pane)  // a layer that is not shown yet has none
        .map(pane => Number(getComputedStyle(pane).zIndex))"""
    )
    assert len(levels) > 3
    assert levels[0] > max(levels[1:])


def test_works_sharing_one_place_are_one_symbol_with_a_list(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31#map=12/31.3606/119.8202")
    frame = watch.frame()
    frame.get_by_role("button", name="13 处项目共用这个约略位置").click()
    names = frame.locator(".atlas-list button")
    assert names.count() == 13
    names.first.click()
    watch.page.wait_for_url("**work=U01-2021-**")


def test_approximate_places_are_discs_of_their_radius(server: Any, visit: Callable[..., Any]) -> None:
    frame = visit(f"{server.url}/?as_of=2021-12-31").frame()
    radii = frame.evaluate(
        """() => window.atlas.layers.find(l => l.declaration.id === "works").drawing.sharedPlaces.filter(c => c.disc && c.visibleRows.length)
        .map(c => [c.disc.getRadius(), Math.max(...c.rows.map(r => r.accuracy)), c.disc.options.fillColor])"""
    )
    assert len(radii) > 10
    assert all(radius == accuracy > 150 for radius, accuracy, _ in radii)
    assert all(fill.startswith("url(#soft-") for _, _, fill in radii)


def test_playing_moves_slider_map_card_and_table_together_and_stays(
    server: Any, visit: Callable[..., Any], atlas: Atlas
) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31&work=T02")
    frame = watch.frame()
    watch.settle()
    frame.get_by_role("button", name="按月播放").click()
    watch.page.wait_for_url("**as_of=2020-0*")
    frame.get_by_role("button", name="暂停").click()
    watch.settle()
    day = date.fromisoformat(re.search(r"as_of=([\d-]+)", watch.page.url)[1])
    slider = watch.page.get_by_role("slider").first
    assert slider.get_attribute("aria-valuetext") == f"{day:%Y-%m}"
    assert frame.locator(".atlas-clock").inner_text() == f"{day:%Y-%m}"
    assert counts(frame)["status"] == expected(atlas, day)["status"]
    events = watch.page.locator(".wx li", has_text="截至日期之后")
    timeline = atlas.register.timeline("T02")
    assert events.count() == int((timeline["date"] > day).sum())
    frame.get_by_role("button", name="停止播放").click()
    watch.settle()
    assert f"as_of={day}" in watch.page.url
    assert frame.locator(".atlas-clock").inner_text() == f"{day:%Y-%m}"


def test_a_base_map_in_gcj02_gets_layers_in_gcj02(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit("about:blank")
    watch.page.route(
        lambda url: "127.0.0.1" not in url,
        lambda route: route.fulfill(body=TILE, content_type="image/svg+xml"),
    )
    watch.page.goto(f"{server.url}/?base=amap")
    frame = watch.frame()
    watch.settle()  # a map that is drawn may fetch its layers anew for the base map that the link asks for
    assert frame.evaluate("window.atlas.hasTiles")
    assert any("/layers/works.json" in url and "datum=GCJ02" in url for url in watch.requests)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_scrolls_sideways(server: Any, visit: Callable[..., Any], page: str, width: int) -> None:
    watch = visit(f"{server.url}/{page}", width=width, height=844)
    watch.page.get_by_role("heading", name=PAGES[page]).first.wait_for()
    watch.settle()
    overflow = watch.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0


def test_back_brings_the_earlier_view(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/?as_of=2021-12-31")
    watch.frame()
    watch.settle()
    watch.page.get_by_role("link", name="清单").first.click()
    watch.page.get_by_role("heading", name="项目清单").wait_for()
    watch.page.wait_for_url("**as_of=2021-12-31**")
    watch.page.go_back()
    watch.page.get_by_role("heading", name="进展地图").wait_for()
    watch.settle()
    watch.page.wait_for_url("**as_of=2021-12-31**")


def test_hostile_text_stays_text(
    launch: Callable[..., Any], visit: Callable[..., Any], pack_copy: Path
) -> None:
    """Every free text of the pack is replaced by markup; nothing runs, and it is shown as it is."""

    for table, columns in (
        ("works", ("name_zh", "name_en", "street", "note_zh", "note_en", "count_note_zh", "unit")),
        ("sources", ("title", "publisher", "licence", "citation")),
        ("events", ("reason_zh", "reason_en", "unit")),
        ("plan_items", ("quote_zh", "name_zh", "unit")),
        ("facilities", ("name_zh", "note_zh", "address_zh")),
        ("districts", ("name_zh", "name_en")),
        ("categories", ("name_zh", "glyph_zh")),
    ):
        path = pack_copy / f"{table}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in columns:
            frame[column] = [HOSTILE[i % len(HOSTILE)] for i in range(len(frame))]
        frame.to_csv(path, index=False, lineterminator="\n")
    lines = pack_copy / "lines.geojson"
    lines.write_text(
        lines.read_text("utf-8").replace('"name_zh": "', '"name_zh": "<img src=x onerror=alert(1)>'), "utf-8"
    )
    sources = pack_copy / "sources.csv"
    sources.write_text(
        sources.read_text("utf-8").replace("https://www.geonames.org/", "javascript:alert(1)"), "utf-8"
    )
    server = launch(pack_copy)
    for link in (
        "?work=T06&scope=all&items=all",
        "?work=U01-2021-003",
        "works?scope=all&work=T02",
        "district?d=320213",
        "district",
        "about",
    ):
        watch = visit(f"{server.url}/{link}")
        watch.page.get_by_role("heading").first.wait_for()
        if not (link == "district" or link.startswith(("works", "about"))):
            frame = watch.frame()
            frame.evaluate(
                "window.atlas.selection.showSharedPlace(window.atlas.layers.find(l => l.declaration.id === 'works').drawing.rows.slice(0, 20), [31.5, 120.3], 900)"
            )
            frame.wait_for_selector(".atlas-list")
            assert frame.evaluate("document.querySelectorAll('img[src=x], svg[onload]').length") == 0
            assert frame.evaluate("window.__xss === undefined")
        watch.settle()
        assert watch.errors == []
        assert watch.page.evaluate("window.__xss === undefined")
        assert (
            watch.page.evaluate(
                "document.querySelectorAll('img[src=x], svg[onload], a[href^=javascript]').length"
            )
            == 0
        )
        if "work=T06" in link:
            assert "<img src=x" in watch.page.inner_text("body")


def test_twenty_thousand_places_do_not_burden_the_websocket(
    launch: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    server = launch(simulated_pack(tmp_path / "pack"))
    watch = visit(f"{server.url}/?as_of=2021-12-31")
    frame = watch.frame()
    watch.settle()
    shown = counts(frame)
    assert sum(shown["status"]) > 20_000
    assert sum(watch.received) < 150_000
    frame.evaluate("window.kept = true")
    watch.received.clear()
    choose(watch, "区县", "宜兴")
    watch.settle()
    assert sum(watch.received) < FILTER_BYTES, sum(watch.received)
    assert frame.evaluate("window.kept") is True
    assert sum(counts(frame)["status"]) < sum(shown["status"])
