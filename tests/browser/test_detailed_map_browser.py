"""The detailed base map as a person sees it, on the second city, with the network cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.menus import LAYERS, open_menu
from tests.browser.until import until
from tests.second_city.reading import PACK
from tools.serving import Server, streamlit

# every text that a canvas of the map writes, and the colours of the lines that it draws
WATCH_CANVAS = """
window.texts = new Set(); window.inks = {};
const { fillText, stroke } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { window.texts.add(text); fillText.call(this, text, ...rest); };
CanvasRenderingContext2D.prototype.stroke = function (...rest) { window.inks[this.strokeStyle] = (window.inks[this.strokeStyle] || 0) + 1; stroke.apply(this, rest); };
"""
DRAWN = "window.atlas.basemap.tiles && !window.atlas.basemap.tiles.isLoading()"
# how many different colours stand on the tiles themselves
COLOURS = """() => new Set([...document.querySelectorAll("canvas.leaflet-tile")].flatMap((tile) => {
  const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
  const found = [];
  for (let at = 0; at < data.length; at += 4) if (data[at + 3]) found.push(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
  return [...new Set(found)];
})).size"""
MAIN, MINOR, DARK_MAIN = "#fff6d8", "#ffffff", "#5c5646"  # layers/static/map/detailed_style.js


@pytest.fixture(scope="module")
def second_city(helsinki_map: Path) -> Iterator[Server]:
    with streamlit(data=PACK, env={"ATLAS_VAR": str(helsinki_map)}) as running:
        yield running


def map_at(browser_page: Any, url: str, zoom: int, lang: str = "en") -> Any:
    browser_page.add_init_script(WATCH_CANVAS)
    browser_page.goto(f"{url}/atlas/map?lang={lang}&base=detailed#map={zoom}/60.1710/24.9440")
    browser_page.wait_for_selector('body[data-ready="1"]')
    until(browser_page, DRAWN)
    return browser_page


@pytest.mark.parametrize(
    ("zoom", "lang", "names"),
    [
        (12, "zh", {"赫尔辛基"}),
        (15, "en", {"Helsinki", "Esplanadinpuisto", "Kluuvi"}),
        (17, "en", {"Mikonkatu", "Yliopistonkatu", "Kluuvi"}),
    ],
)
def test_roads_and_names_are_drawn_with_the_network_cut(
    second_city: Server, visit: Callable[..., Any], zoom: int, lang: str, names: set[str]
) -> None:
    watch = visit("about:blank", width=1000, height=700)
    page = map_at(watch.page, second_city.url, zoom, lang)
    assert names <= set(page.evaluate("[...window.texts]"))
    inks = page.evaluate("window.inks")
    assert inks.get(MAIN, 0) >= 1
    assert zoom == 12 or inks[MINOR] > 10
    assert page.evaluate(COLOURS) > (10 if zoom == 12 else 50)
    assert "OpenStreetMap" in page.locator(".atlas-credit").inner_text()
    assert watch.outside() == []
    assert watch.errors == []
    archive = [url for url in watch.requests if url.endswith(".pmtiles")]
    assert 2 <= len(archive) <= 12, "ranges of one file, not a request for each tile"


def test_it_follows_the_colours_of_the_system(second_city: Server, visit: Callable[..., Any]) -> None:
    page = map_at(visit("about:blank", width=800, height=600).page, second_city.url, 16)
    assert DARK_MAIN not in page.evaluate("window.inks")
    page.emulate_media(color_scheme="dark")
    until(page, f"window.inks['{DARK_MAIN}'] > 0")


def test_a_person_chooses_it_and_leaves_it(second_city: Server, visit: Callable[..., Any]) -> None:
    watch = visit(f"{second_city.url}/?lang=en")
    frame = watch.frame()
    assert not frame.evaluate("Boolean(window.atlas.basemap.tiles)")
    field = open_menu(watch.page, LAYERS).get_by_role("combobox", name="Base map")
    for title, shown in (("Detailed base map", True), ("Offline base map", False)):
        watch.settle()  # a run of the page closes an open list
        field.click()
        field.fill(title)
        watch.page.keyboard.press("Enter")
        until(frame, DRAWN if shown else "!window.atlas.basemap.tiles")
    until(frame, "!document.body.classList.contains('atlas-tiled')")
    assert watch.outside() == []


def test_a_map_that_is_gone_gives_way_to_the_offline_one(
    second_city: Server, visit: Callable[..., Any], helsinki_map: Path
) -> None:
    """Somebody made another one, or took it away, while the page was open."""
    page = visit(f"{second_city.url}/atlas/map?lang=zh").page
    page.wait_for_selector('body[data-ready="1"]')
    archive = helsinki_map / "base_map" / "detailed.pmtiles"
    aside = archive.rename(archive.with_name("aside"))
    try:
        page.evaluate("window.atlas.update({ basemap: 'detailed' })")
        page.locator(".atlas-notice", has_text="离线底图").wait_for()
        until(page, "!window.atlas.hasTiles")
        page.reload()
        page.wait_for_selector('body[data-ready="1"]')
        assert "detailed" not in page.evaluate("Object.keys(window.atlas.config.basemaps)")
    finally:
        aside.rename(archive)
    page.reload()
    page.wait_for_selector('body[data-ready="1"]')
    assert "detailed" in page.evaluate("Object.keys(window.atlas.config.basemaps)")
