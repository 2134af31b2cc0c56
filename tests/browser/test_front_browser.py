"""The charts of the front page and of the districts by keyboard: each part leads to its list, and what is behind them can be taken away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo.register.city import Atlas
from geo.report.front import front
from tests.browser.conftest import Visit
from tests.site.site_days import DAY

THEN = date(2021, 12, 31)


def taken(page: Any, opener: Any, name: str) -> bytes:
    """What a link behind a chart gives: opened, reached and pressed with keys alone."""
    link = page.get_by_role("link", name=name, exact=True).first
    if not link.is_visible():
        opener.focus()
        page.keyboard.press("Enter")
    link.focus()
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    return Path(waited.value.path()).read_bytes()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_message_of_the_app_is_used_with_keys_alone(
    server: Any, visit: Callable[..., Any], atlas: Atlas
) -> None:
    message = front(atlas, THEN, "zh")
    watch = visit(f"{server.url}/?as_of={THEN.isoformat()}")
    watch.rest()
    page = watch.page
    chart = page.locator("figure.outcomes")
    assert chart.get_attribute("aria-label") == message.outcomes.sentence
    parts = chart.locator(".outcome-list a")
    assert parts.count() == len(message.outcomes.shown)
    rows = rows_of(taken(page, chart.locator("summary"), "数据 CSV"))
    assert [row["item_id"] for row in rows] == [one.item_id for one in message.promises]
    assert taken(page, chart.locator("summary"), "图 PNG").startswith(b"\x89PNG")
    parts.first.focus()
    page.keyboard.press("Tab")
    second = message.outcomes.shown[1]
    assert page.evaluate("document.activeElement.textContent.trim()") == f"{second.count} {second.label}"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/promise?outcome={second.outcome}**")
    page.locator("ul.promises li").first.wait_for()
    assert page.locator("ul.promises li").count() == second.count
    assert watch.errors == []


def test_a_filter_does_not_send_the_message_again(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit("about:blank")
    messages: list[bytes] = []
    watch.page.on(
        "websocket",
        lambda channel: channel.on(
            "framereceived", lambda data: messages.append(data if isinstance(data, bytes) else data.encode())
        ),
    )
    watch.page.goto(f"{server.url}/?as_of={THEN.isoformat()}")
    watch.rest()
    watch.settle()
    assert sum(b"outcome-bar" in message for message in messages) == 1
    before = len(messages)
    watch.page.get_by_role("radio", name="全部 42 项").click()
    watch.page.wait_for_url("**items=all**")
    watch.settle()
    assert len(messages) > before
    assert not any(b"outcome-bar" in message for message in messages[before:])
    assert watch.page.locator("figure.outcomes").count() == 1


def test_districts_are_compared_with_keys_alone(server: Any, visit: Callable[..., Any], atlas: Atlas) -> None:
    watch = visit(f"{server.url}/district?as_of={THEN.isoformat()}")
    watch.rest()
    page = watch.page
    page.locator(".measures a[aria-current]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**measure=**")
    page.locator(".ranking-table tbody tr").first.wait_for()
    rows = rows_of(taken(page, page.locator(".ranking summary"), "数据 CSV"))
    shown = page.locator(".ranking-table tbody tr")
    assert [row["district_code"] for row in rows] == [
        each.get_attribute("data-district") for each in shown.all()
    ]
    shown.first.locator("a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/district?d={rows[0]['district_code']}**")
    page.locator(
        "p.verdict", has_text=str(atlas.districts.at[rows[0]["district_code"], "name_zh"])
    ).wait_for()
    assert watch.errors == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_public_site_does_the_same_without_a_server(
    base: str, go: Callable[..., Visit], hostile: Atlas, scripts: bool
) -> None:
    message = front(hostile, DAY, "zh")
    visit = go(f"{base}/index.html", scripts=scripts)
    page = visit.page
    first = message.outcomes.shown[0]
    link = page.locator(".outcome-list a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/promises/index.html#outcome-{first.outcome}")
    listed = page.locator(f"#outcome-{first.outcome} + ul.promises > li")
    assert listed.count() == first.count
    page.goto(f"{base}/districts/index.html")
    assert page.locator(".ranking-table tbody tr").count() == len(hostile.districts)
    page.locator(".ranking summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".ranking details table").is_visible()
    assert visit.complaints == []
