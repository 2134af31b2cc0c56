"""Browser modules in the headless Chromium, as they stand in ``layers/``: no server, no build, no npm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

LAYERS = Path(__file__).resolve().parents[2] / "layers"
ORIGIN = "http://atlas.test"
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """An empty page whose server has the files of ``layers/``; an error in a script fails the test that caused it."""
    context = browser.new_context(locale="zh-CN")
    tab = context.new_page()

    def answer(route: Any) -> None:
        path = unquote(urlsplit(route.request.url).path)
        if path == "/":
            route.fulfill(body="<!DOCTYPE html><title>modules</title>", content_type="text/html")
        elif (LAYERS / path[1:]).is_file():
            route.fulfill(path=LAYERS / path[1:], content_type="text/javascript")
        else:
            route.fulfill(status=404)

    tab.route(f"{ORIGIN}/**", answer)
    tab.goto(f"{ORIGIN}/")
    yield tab
    context.close()


@pytest.fixture(scope="module")
def call(page: Any) -> Call:
    """``call("static/shared/days.js", "({ dayText }) => dayText(20211231)")``: what a function of a module's exports gives.

    ``call(path, function, value)`` passes a JSON value as the function's second argument.
    """

    def caller(path: str, function: str, value: Any = None) -> Any:
        return page.evaluate(f"async (value) => ({function})(await import('/{path}'), value)", value)

    return caller
