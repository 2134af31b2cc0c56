"""The language can be changed to and fro on every page: choices stay, the address follows, and nobody sees a fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import pages
from geo.text import LANGUAGE_TAGS
from pages.parts.shell.navigation import wanted_pages
from pages.parts.shell.texts import LANGUAGE_NAMES
from tests.browser.until import until

STATE = "() => [document.documentElement.lang, document.querySelectorAll('[data-testid=stException]').length]"
FILES = wanted_pages(pages)
ADDRESSES = [
    ("" if at == 0 else page.address or Path(file).stem) for at, (file, page) in enumerate(FILES.items())
]


@pytest.mark.parametrize("address", [*ADDRESSES, "works?scope=all&c=road", "district?d=320211"])
def test_to_and_fro(server: Any, visit: Callable[..., Any], address: str) -> None:
    watch = visit(f"{server.url}/{address}")
    page = watch.page
    watch.settle()
    given = parse_qs(urlsplit(page.url).query)
    first = page.locator("h1").first.inner_text()
    for lang in ("en", "zh", "en", "zh"):
        page.locator(".st-key-language button", has_text=LANGUAGE_NAMES[lang]).click()
        until(page, f"JSON.stringify(({STATE})()) === '[\"{LANGUAGE_TAGS[lang]}\",0]'")
        watch.settle()
        assert page.evaluate(STATE)[1] == 0
        assert (page.locator("h1").first.inner_text() == first) == (lang == "zh")
        shown = parse_qs(urlsplit(page.url).query)
        assert shown.pop("lang", ["zh"]) == [lang]
        assert shown == given
