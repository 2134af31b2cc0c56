"""The headless Chromium that all browser tests share; its network ends at this machine.

Without a Chromium these tests are left out, loudly (tests/skips.py); in continuous integration that is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tools.serving import CHROMIUM, SWITCHES


def mark(items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser; skip them where there is none."""
    mine = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in mine:
        item.add_marker(pytest.mark.browser)
    if CHROMIUM or not mine:
        return
    for item in mine:
        item.add_marker(
            pytest.mark.skip(reason="no Chromium on this machine (apt-get install chromium-headless-shell)")
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The one Chromium of the session; a test opens a context of its own in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()
