"""The headless Chromium that all browser tests share; its network ends at this machine.

Without a Chromium these tests are left out, loudly; with ``ATLAS_BROWSER_REQUIRED`` set that is an error.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mine = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in mine:
        item.add_marker(pytest.mark.browser)
    if CHROMIUM or not mine:
        return
    if os.environ.get("ATLAS_BROWSER_REQUIRED"):
        raise pytest.UsageError("ATLAS_BROWSER_REQUIRED is set, but no Chromium was found")
    line = "!" * 100
    print(
        f"\n{line}\n!! NO CHROMIUM FOUND: {len(mine)} BROWSER TESTS ARE LEFT OUT (apt-get install chromium)\n{line}"
    )
    for item in mine:
        item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The one Chromium of the session; a test opens a context of its own in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()
