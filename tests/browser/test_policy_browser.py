"""Every page works under the Content-Security-Policy that this server sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import pages
from pages.parts.shell.navigation import wanted_pages

ADDRESSES = [
    "" if at == 0 else page.address or file.rsplit("/", 1)[1].removesuffix(".py")
    for at, (file, page) in enumerate(wanted_pages(pages).items())
]
CHARTS = ["coverage?more=equity", "siting?own=120.3,31.57", "works?work=U01-2021-001&lang=en"]


@pytest.mark.parametrize("address", [*ADDRESSES, *CHARTS])
def test_no_page_breaks_the_policy(server: Any, visit: Callable[..., Any], address: str) -> None:
    watch = visit("about:blank")
    said: list[str] = []
    watch.page.on("console", lambda message: said.append(message.text))
    watch.page.goto(f"{server.url}/{address}")
    watch.settle()
    if address == "siting?own=120.3,31.57":
        watch.page.locator("canvas, svg.marks").first.wait_for()
    assert [line for line in said if "Content Security Policy" in line or "Permissions-Policy" in line] == []
    assert watch.errors == []
    assert watch.outside() == ["about:blank"][: len(watch.outside())]
