"""Many lines and totals on the map: tiles with the colours, names, counts and cards of small layers, and a keyboard that reaches them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from geo.atlas import load_atlas
from geo.register.city import Atlas
from geo.register.selection import Selection
from tests.browser.large_maps import UPDATE, is_settled, layer_of, news_of, rows_on, served, spot_of
from tests.browser.until import until
from tests.crowded_pack import MANY, crowded_pack
from tools.serving import Server

LINES, TOTALS = (f"{layer_of(layer)}.drawing" for layer in ("lines", "aggregates"))
STOPS = ".leaflet-marker-icon.atlas-stop"


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return load_atlas(crowded_pack(tmp_path_factory.mktemp("pack") / "data"))


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, atlas: Atlas) -> Iterator[Server]:
    with served(atlas, tmp_path_factory) as server:
        yield server


def lines_on(atlas: Atlas, day: date, selection: Selection) -> int:
    """How many lines the map is to draw, from the register."""
    rows = rows_on(atlas, day)
    return len(selection.apply(rows[rows["certainty"] == "line"]))


def test_many_lines_are_drawn_counted_and_opened(
    crowded: Server, atlas: Atlas, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{crowded.url}/atlas/map?as_of=2021-12-31&scope=all&layers=")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    until(page, is_settled("lines"))
    assert not any("/layers/lines.json" in url and "FeatureCollection" in url for url in watch.requests)
    assert any("/tiles/lines/" in url for url in watch.requests)
    for day, selection in (
        (date(2021, 12, 31), Selection(scope="all")),
        (date(2019, 4, 1), Selection(scope="plan", districts=("320282",))),
        (date(2024, 1, 1), Selection(scope="probable", statuses=("completed",))),
    ):
        page.evaluate(UPDATE, news_of(day, selection))
        until(page, is_settled("lines"))
        wanted = lines_on(atlas, day, selection)
        assert page.evaluate("JSON.parse(document.body.dataset.counts).layers.lines") == wanted
        assert page.evaluate(f"{LINES}.seen().features") == wanted  # the whole city is on the screen
    page.evaluate(UPDATE, {"day": 20211231, "scope": "all", "districts": None, "statuses": None})
    page.evaluate(UPDATE, {"selected": "CL-123"})
    bounds = atlas.pack.lines.geometry["CL-123"].bounds
    until(page, "() => window.atlas.map.getZoom() >= 12")
    until(page, is_settled("lines"))
    there = page.evaluate(
        "([west, south, east, north]) => window.atlas.map.getBounds().contains([[south, west], [north, east]])",
        list(bounds),
    )
    assert there  # whole, though tiles hold pieces of it
    assert page.evaluate("window.atlas.selection.ring === null")
    middle = atlas.pack.lines.geometry["CL-123"].interpolate(0.1, normalized=True)
    page.evaluate("(at) => window.atlas.map.setView(at, 17, { animate: false })", [middle.y, middle.x])
    until(page, is_settled("lines"))
    until(
        page,
        f"() => {LINES}.grid.shownTiles().some(({{ marks }}) => marks.some(({{ props }}) => props.id === 'CL-123'))",
    )
    spot = spot_of(page, middle.y, middle.x)
    page.mouse.move(spot["x"] + 1, spot["y"])
    page.mouse.move(spot["x"], spot["y"])
    until(page, "() => (document.querySelector('.leaflet-tooltip')?.textContent ?? '').startsWith('虚构路')")
    page.mouse.click(spot["x"], spot["y"])
    card = page.locator(".leaflet-popup")
    card.wait_for()
    assert "虚构路123" in card.inner_text()
    assert watch.errors == []
    assert watch.outside() == []


def test_a_line_is_painted_over_the_edges_of_tiles(crowded: Server, visit: Callable[..., Any]) -> None:
    """Along a line that is shown by several tiles, its own pixels are there all the way: no gap at an edge."""
    watch = visit(f"{crowded.url}/atlas/map?as_of=2021-12-31&scope=all&layers=&work=CL-7")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    page.evaluate("window.atlas.map.setZoom(15, { animate: false })")
    until(page, is_settled("lines"))
    painted = f"""() => {{
      const {{ grid, painter }} = {LINES};
      const found = [];
      for (const tile of grid.shownTiles()) {{
        const pen = tile.canvas.getContext("2d");
        const mark = tile.marks.find(({{ props }}) => props.id === "CL-7");
        for (const path of mark?.paths ?? []) for (let i = 1; i < path.length; i += 1) {{
          const [one, other] = [path[i - 1], path[i]];
          const steps = Math.ceil(Math.hypot(other.x - one.x, other.y - one.y) / 4);
          for (let step = 0; step <= steps; step += 1) {{
            const x = one.x + (other.x - one.x) * step / steps, y = one.y + (other.y - one.y) * step / steps;
            if (x < 1 || y < 1 || x > painter.size - 1 || y > painter.size - 1) continue;
            found.push(pen.getImageData((x + 16) * tile.scale, (y + 16) * tile.scale, 1, 1).data[3]);
          }}
        }}
      }}
      return found;
    }}"""
    until(page, f"() => ({painted})().length > 20")
    assert min(page.evaluate(painted)) > 200
    assert watch.errors == []


def test_many_totals_stand_as_numbers_that_the_keyboard_opens(
    crowded: Server, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{crowded.url}/atlas/map?as_of=2024-06-30&scope=all&layers=aggregates")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    until(page, is_settled("aggregates"))
    shown = page.evaluate("JSON.parse(document.body.dataset.counts).layers.aggregates")
    assert MANY // 2 < shown == page.evaluate(f"{TOTALS}.seen().features")
    badges = page.locator(f"{STOPS} .atlas-badge")
    until(page, f"document.querySelectorAll('{STOPS} .atlas-badge').length > 5")
    assert sum(int(text) for text in badges.all_inner_texts()) <= shown
    before = page.evaluate("window.atlas.map.getZoom()")
    page.locator(f"{STOPS}:has(.atlas-badge)").first.focus()
    assert "合计" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    until(page, "(before) => window.atlas.map.getZoom() > before", before)
    until(page, is_settled("aggregates"))
    until(page, f"document.activeElement.matches('{STOPS}')")  # and goes on among those
    assert watch.errors == []
