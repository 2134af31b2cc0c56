"""What a person can read at first sight, and where they are when they come nearer, with the network cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.until import until

MOST_COVERED = 5
# symbols whose middle another thing lies on, of all that stand in the frame
COVERED = """() => {
  const frame = document.querySelector(".leaflet-container").getBoundingClientRect();
  const symbols = [...document.querySelectorAll(".leaflet-marker-icon.leaflet-interactive")].map((icon) => {
    const box = icon.firstElementChild.getBoundingClientRect();
    return { icon, x: box.left + box.width / 2, y: box.top + box.height / 2 };
  }).filter(({ x, y }) => x > frame.left && y > frame.top && x < frame.right && y < frame.bottom);
  const isCovered = ({ icon, x, y }) => !icon.contains(document.elementFromPoint(x, y));
  return [symbols.length, symbols.filter(isCovered).map(({ icon }) => icon.getAttribute("aria-label"))];
}"""
# names of the base map that touch each other
TOUCHING = """() => {
  const boxes = [...document.querySelectorAll(".atlas-name, .atlas-place")].map((node) => [node.textContent, node.getBoundingClientRect()]);
  const touch = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) => touch(a, b)).map(([other]) => [one, other]));
}"""


def map_page(visit: Callable[..., Any], url: str, **size: int) -> Any:
    page = visit(f"{url}/atlas/map?as_of=2021-12-31", **size).page
    page.wait_for_selector('body[data-ready="1"]')
    return page


@pytest.mark.parametrize("size", [{"width": 690, "height": 640}, {"width": 358, "height": 520}])
def test_few_symbols_cover_each_other_at_first_sight(
    server: Any, visit: Callable[..., Any], size: dict[str, int]
) -> None:
    number, covered = map_page(visit, server.url, **size).evaluate(COVERED)
    assert number >= 15
    assert len(covered) <= MOST_COVERED, covered


def test_clusters_split_where_one_comes_nearer(server: Any, visit: Callable[..., Any]) -> None:
    page = map_page(visit, server.url, width=690, height=640)
    cluster = page.locator(".atlas-cluster").first
    before = page.evaluate("window.atlas.map.getZoom()")
    cluster.click()
    until(page, "(zoom) => window.atlas.map.getZoom() > zoom", before)
    until(page, "!document.querySelector('.leaflet-zoom-anim')")
    page.evaluate("window.atlas.map.setZoom(13, { animate: false })")
    page.locator(".atlas-cluster, .atlas-cluster-dot").first.wait_for(state="detached")


@pytest.mark.parametrize("zoom", [9, 12, 15, 17])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_person_knows_where_they_are_and_no_name_touches_another(
    server: Any, visit: Callable[..., Any], zoom: int, lang: str
) -> None:
    watch = visit(f"{server.url}/atlas/map?lang={lang}#map={zoom}/31.57400/120.29500", width=900, height=700)
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    assert page.locator(".atlas-name, .atlas-place").count() >= 1
    assert page.evaluate(TOUCHING) == []
    assert page.evaluate("window.atlas.layers.find((layer) => layer.declaration.id === 'ways').shown") >= (
        2 if zoom == 9 else 6
    )
    assert watch.outside() == []


def test_tiles_that_do_not_come_give_way_to_the_offline_map(server: Any, visit: Callable[..., Any]) -> None:
    page = map_page(visit, server.url, width=690, height=640)
    names = page.locator(".atlas-name").count()
    page.evaluate("window.atlas.update({ basemap: 'amap' })")
    page.locator(".atlas-notice", has_text="离线底图").wait_for()
    until(page, "!window.atlas.hasTiles && window.atlas.basemap.datum === 'WGS84'")
    until(page, "!document.body.classList.contains('atlas-tiled')")
    assert names > 0
    until(page, f"document.querySelectorAll('.atlas-name').length === {names}")
    assert "OpenStreetMap" in page.locator(".atlas-credit").inner_text()


# rows of choices that do not show all of them, and how much room they want and have
CUT_CHOICES = """() => [...document.querySelectorAll('[data-testid="stButtonGroup"] *')]
  .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible")
  .map((node) => [node.innerText, node.scrollWidth, node.clientWidth])"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_choice_of_a_row_is_seen(server: Any, visit: Callable[..., Any], lang: str) -> None:
    """Above the map of coverage, on the narrowest screen of an office."""
    watch = visit(f"{server.url}/coverage?lang={lang}", width=1280, height=800)
    watch.page.locator('[data-testid="stButtonGroup"]').nth(3).wait_for()
    watch.rest()
    assert watch.page.evaluate(CUT_CHOICES) == []
