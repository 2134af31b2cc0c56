"""Every page of the app in every hand: both themes, a phone, a tablet, a desktop, and a desktop at 200 % (720 px wide)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import pages
from pages.parts.shell.navigation import wanted_pages
from tests.browser.axe import COLOURS, findings
from tests.browser.conftest import Watch
from tests.browser.test_policy_browser import ADDRESSES
from tests.browser.until import until
from tools.serving import PATIENCE_S

MENU = sum(not page.for_work for page in wanted_pages(pages).values()) + 4
"""What the head of every page has at least: pages of the public's menu, the way to those of work, the two languages, sharing."""
STATES = [
    "district?work=C07&d=320213",
    "district?measure=km_open",
    "promise?outcome=kept",
    "promise?item=U01",
    "near?at=120.3,31.57",
]
"""Pages with something opened in them."""
PHONE, DESKTOP = 390, 1440
BETWEEN = (700, 820, 960, 1100, 1180)

# by how many pixels the page is wider than its window, and what stands in its head but cannot be pressed there
HEAD = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  const wide = [document.documentElement, main].map((node) => node.scrollWidth - node.clientWidth);
  const inHead = '.st-key-menus a, .st-key-page_tools button, .st-key-language button';
  const isCovered = (node) => {
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { left, top, width, height } = node.getBoundingClientRect();
    return !node.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  };
  const covered = [...document.querySelectorAll(inHead)].filter(isCovered).map((node) => node.textContent);
  main.scrollTop = 0;
  return [Math.max(...wide), covered, document.querySelectorAll(inHead).length];
}"""
# what a finger cannot hit: smaller than 44 px; links within a sentence are excepted, as WCAG 2.5.8 has it
SMALL = """() => {
  const pressed = ':is(.stApp, main, header) :is(a[href], button, summary, [role="tab"], input:not([type="range"], [type="file"]))';
  const isShown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !node.closest("details:not([open]) > :not(summary)");
  const isInSentence = (node) => node.closest(".refs") || node.matches(":is(p, li, blockquote, small, figcaption) a") && !node.closest("td, th") && !node.parentElement.matches(".promises > li");
  // a field is pressed where its box is, and so is the arrow in it
  const boxOf = (node) => (node.closest('.react-aria-ComboBox [role="group"], label') || node).getBoundingClientRect();
  const isSmall = ({ width, height }) => width > 1 && height > 1 && Math.min(width, height) < 43.5;
  const nodes = [...document.querySelectorAll(pressed)].filter((node) => isShown(node) && !isInSentence(node) && isSmall(boxOf(node)));
  return nodes.map((node) => `${node.tagName} ${node.getAttribute("aria-label") || node.textContent}`);
}"""
# a word that is broken into single letters: a cell with text that is narrower than three of its letters
BROKEN = """() => [...document.querySelectorAll(".stApp .wx :is(th, td), .cov-table :is(th, td)")]
  .filter((cell) => cell.textContent.trim().length > 3 && cell.checkVisibility() && cell.clientWidth < 3 * parseFloat(getComputedStyle(cell).fontSize))
  .map((cell) => cell.textContent.trim())"""


@pytest.fixture
def opened(server: Any, browser: Any) -> Iterator[Callable[[str], Watch]]:
    """Opens a page of the shared server, whose policy does not keep axe out; in the end nothing may have failed in the console."""
    context = browser.new_context(viewport={"width": DESKTOP, "height": 900}, locale="zh-CN", bypass_csp=True)
    context.set_default_timeout(PATIENCE_S * 1000)
    failed: list[str] = []
    context.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    context.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)

    def opener(address: str) -> Watch:
        watch = Watch(context.new_page())
        watch.page.goto(f"{server.url}/{address}{'&' if '?' in address else '?'}as_of=2021-12-31")
        watch.rest()
        return watch

    yield opener
    context.close()
    assert failed == []


@pytest.mark.parametrize("address", ADDRESSES + STATES)
def test_every_page_is_for_every_hand(opened: Callable[[str], Watch], address: str) -> None:
    watch = opened(address)
    page = watch.page
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        watch.rest()
        assert findings(page) == []
        page.emulate_media(color_scheme="dark")
        watch.rest()
        assert findings(page, COLOURS) == []
    assert page.evaluate(SMALL) == []
    for width in (PHONE, *BETWEEN, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        watch.rest()
        until(
            page, f"({HEAD})()[0] === 0"
        )  # a table of Streamlit's is drawn anew a moment after the window has another width
        _wide, covered, number = page.evaluate(HEAD)
        assert (width, covered) == (width, [])
        assert number >= MENU
        assert page.evaluate(BROKEN) == []
