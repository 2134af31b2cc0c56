"""The coverage page in a real browser with the network cut: the slider answers while it moves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from geo.coverage.demand import modelled_demand
from geo.coverage.question import answer_coverage, read_question
from geo.register.city import Atlas

RERUN_BYTES = 500  # what asks for a run carries the state of the page; a sign of life does not


def table(watch: Any) -> dict[str, list[str]]:
    """District -> the cells of its row in the live table."""
    rows = watch.page.locator(".cov-table tbody tr")
    found = {}
    for row in rows.all():
        cells = row.locator("th, td").all_inner_texts()
        found[cells[0]] = cells[2:]
    return found


def ready(watch: Any, radius: int) -> Any:
    frame = watch.frame()
    watch.page.wait_for_selector(f'.cov-root[data-radius="{radius}"]')
    frame.wait_for_selector("body[data-reach]", state="attached")
    return frame


def reach(frame: Any) -> dict[str, Any]:
    return json.loads(frame.evaluate("document.body.dataset.reach"))


def test_the_table_says_what_the_core_says(server: Any, visit: Callable[..., Any], atlas: Atlas) -> None:
    watch = visit(f"{server.url}/coverage?as_of=2021-12-31&set=planned")
    ready(watch, 800)
    words = {"kind": "metro_station", "radius": "800", "set": "planned", "as_of": "2021-12-31"}
    answer = answer_coverage(atlas, read_question(atlas, words), modelled_demand(atlas))
    row = answer.table.loc["320214"]
    shown = table(watch)["新吴区"]
    assert shown[0] == f"{100 * row['share_residents']:.1f}%"
    assert shown[2].replace(",", "") == f"{row['residents_served']:.0f}"
    assert shown[3] == f"{row['facilities_placed']:.0f}/{row['facilities_known']:.0f}"
    assert watch.outside() == []
    assert watch.errors == []


def test_the_slider_answers_while_it_moves(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/coverage?as_of=2021-12-31")
    frame = ready(watch, 800)
    watch.settle()
    frame.evaluate("window.kept = true")
    before = table(watch)["无锡市"][0]
    watch.sent.clear()
    slider = watch.page.locator(".cov-label input")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    watch.page.mouse.move(box["x"] + box["width"] * 0.15, middle)
    watch.page.mouse.down()
    watch.page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=8)
    radius = int(slider.input_value())
    assert 2000 < radius < 3200
    watch.page.wait_for_selector(f'.cov-root[data-radius="{radius}"]')
    assert table(watch)["无锡市"][0] != before
    assert reach(frame)["radius"] == radius
    assert watch.sent == []  # the button is still down: Streamlit has not been asked
    watch.page.mouse.up()
    watch.page.wait_for_url(f"**r={radius}**")
    watch.settle()
    assert frame.evaluate("window.kept") is True
    assert table(watch)["无锡市"][0] != before


def test_choosing_another_set_keeps_the_map(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/coverage?as_of=2021-12-31")
    frame = ready(watch, 800)
    watch.settle()
    frame.evaluate("window.kept = true")
    assert reach(frame)["n"] == 69 + 18
    watch.received.clear()
    watch.page.get_by_role("radio", name="计划前").click()
    watch.page.wait_for_url("**set=before**")
    watch.settle()
    assert frame.evaluate("window.kept") is True
    assert reach(frame) == {"n": 69, "radius": 800, "set": "before"}
    # a slow answer makes the page run once more when it is there; neither run may send the map
    runs = sum(size > RERUN_BYTES for size in watch.sent)
    assert runs >= 1
    assert sum(watch.received) < 30_000 * runs
    assert max(watch.received) < 10_000


def test_the_ten_largest_gaps_are_numbered_on_the_map(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/coverage?as_of=2021-12-31")
    frame = ready(watch, 800)
    frame.wait_for_selector("body[data-gaps]", state="attached")
    marks = frame.locator(".leaflet-marker-icon .atlas-gap").all_inner_texts()
    assert sorted(int(text) for text in marks) == list(range(1, 11))


def test_on_a_phone_nothing_is_cut_off(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/coverage?lang=en", width=390, height=844)
    ready(watch, 800)
    assert watch.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watch.page.locator(".cov-table").bounding_box()["width"] > 200
    assert date.today().isoformat()[:4] in watch.page.locator("body").inner_text()


def test_the_district_that_is_picked_is_in_the_link(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/coverage?d=320214")
    frame = ready(watch, 800)
    assert "新吴区" in watch.page.locator(".cov-detail caption").inner_text()
    frame.evaluate("window.kept = true")
    watch.page.locator(".cov-table tbody tr", has_text="宜兴市").click()
    watch.page.wait_for_url("**d=320282**")
    assert "宜兴市" in watch.page.locator(".cov-detail caption").inner_text()
    assert frame.evaluate("window.kept") is True
