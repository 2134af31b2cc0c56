"""Maps saved from Python, opened from a file with the network cut: what is drawn is what Python counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
import pytest

import layers
from geo.register.city import Atlas
from geo.register.selection import Selection
from layers.map.element import LayerElement
from layers.map.registry import all_layers
from tests.browser.test_browser import expected
from tests.browser.until import until
from tests.site.hostile import NAMES, hostile_atlas

DAY = date(2021, 12, 31)
Open = Callable[[folium.Map], Any]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Saves a map and opens the file without network; an error of a script, or a dialog, fails the test."""
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 800})
    errors: list[str] = []

    def open_map(view: folium.Map) -> Any:
        file = tmp_path / "map.html"
        view.save(str(file))
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri(), wait_until="domcontentloaded")
        return page

    yield open_map
    context.close()
    assert errors == []


def drawn(page: Any, element: LayerElement) -> int:
    """How many features an element has drawn, once it has."""
    until(page, f"window.{element.get_name()}.shown !== null")
    return int(page.evaluate(f"window.{element.get_name()}.shown"))


def legend(page: Any) -> dict[str, list[int]]:
    """The works that the map counts, drawn or not."""
    counts = page.evaluate("JSON.parse(document.body.dataset.counts)")
    return {name: counts[name] for name in ("status", "certainty")}


def python_counts(atlas: Atlas, day: date, selection: Selection) -> dict[str, int]:
    """What each layer has to draw, from the register and without a payload."""
    state = atlas.register.state(day)
    passing = selection.apply(state)
    works = passing[passing["kind"].isin(("work", "section"))]
    facilities = atlas.register.facilities[atlas.register.facilities["lon"].notna()]
    facilities = facilities[facilities["opened"].map(lambda value: value is None or value <= day)]
    if selection.districts:
        facilities = facilities[facilities["district_code"].isin(selection.districts)]
    is_station = facilities["kind"].isin(("metro_station", "rail_station"))
    lines = atlas.pack.lines[atlas.pack.lines["role"] == "baseline"]
    counts = {
        "districts": len(atlas.districts),
        "works": int(works["certainty"].isin(("exact", "approximate")).sum()),
        "lines": int((works["certainty"] == "line").sum()),
        "stations": int((passing[passing["kind"] == "station"]["placed"]).sum()),
        "baseline_stations": int(is_station.sum()),
        "baseline_facilities": int((~is_station).sum()),
    }
    return counts if selection.districts else counts | {"baseline_lines": int((lines["opened"] <= day).sum())}


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"districts": ["320211", "320214"], "scope": "all"},
        {"statuses": ["completed", "implementation"], "categories": ["metro"], "scope": "probable"},
    ],
    ids=["plan", "districts", "statuses"],
)
def test_every_layer_on_folium_s_own_map_draws_what_python_counts(
    atlas: Atlas, opened: Open, chosen: dict[str, Any]
) -> None:
    """The layers' own links to Leaflet would fail here: it is inside the page."""
    view = folium.Map(location=[31.5, 120.3], zoom_start=10, tiles=None)
    elements = {
        spec.id: getattr(layers, spec.id)(atlas, as_of=DAY, **chosen).add_to(view) for spec in all_layers()
    }
    folium.LayerControl(collapsed=False).add_to(view)
    page = opened(view)
    counts = {name: drawn(page, element) for name, element in elements.items()}
    selection = Selection(**{name: tuple(v) if isinstance(v, list) else v for name, v in chosen.items()})
    wanted = python_counts(atlas, DAY, selection)
    assert {name: counts[name] for name in wanted} == wanted
    names = page.locator(".leaflet-control-layers-overlays label").all_inner_texts()
    assert [name.strip() for name in names] == [element.declaration["title"] for element in elements.values()]


def test_folium_s_layer_control_takes_a_layer_off_and_puts_it_back(atlas: Atlas, opened: Open) -> None:
    view = folium.Map(location=[31.5, 120.3], zoom_start=10, tiles=None)
    works = layers.works(atlas, as_of=DAY).add_to(view)
    hidden = layers.stations(atlas, as_of=DAY, show=False).add_to(view)
    folium.LayerControl(collapsed=False).add_to(view)
    page = opened(view)
    before = drawn(page, works)
    symbols = page.locator(".atlas-symbol, .atlas-badge").count()
    assert symbols > 0
    assert page.evaluate(f"{hidden.get_name()}.shown") is None
    page.get_by_label(works.layer_name).uncheck()
    assert page.locator(".atlas-symbol, .atlas-badge, .atlas-disc").count() == 0
    page.get_by_label(works.layer_name).check()
    assert drawn(page, works) == before
    assert page.locator(".atlas-symbol, .atlas-badge").count() == symbols
    page.get_by_label(hidden.layer_name).check()
    assert drawn(page, hidden) > 0


def test_a_map_of_one_line_draws_counts_and_plays_without_a_network(atlas: Atlas, opened: Open) -> None:
    view = layers.explore(atlas, as_of=DAY, lang="en")
    (stations,) = [one for one in view.layers if one.declaration["id"] == "stations"]
    page = opened(view)
    page.wait_for_selector('body[data-ready="1"]')
    assert legend(page) == expected(atlas, DAY)
    assert page.locator(".atlas-legend").is_visible()
    assert page.locator(".leaflet-control-attribution").inner_text().count("GeoNames") == 1
    page.evaluate("window.atlas.askForDay(20191231)")
    assert legend(page) == expected(atlas, date(2019, 12, 31))
    page.hover(".leaflet-control-layers")
    page.get_by_label(stations.layer_name).uncheck()
    assert drawn(page, stations) == 0
    page.get_by_label(stations.layer_name).check()
    assert drawn(page, stations) > 0


def test_names_that_try_to_run_stay_names(tmp_path: Path, opened: Open) -> None:
    hostile = hostile_atlas(tmp_path)
    view = layers.explore(hostile, as_of=DAY)
    layers.works(hostile, as_of=DAY, name=NAMES[1]).add_to(view)
    view._repr_html_()  # a notebook renders first, then the map is saved
    page = opened(view)
    page.wait_for_selector('body[data-ready="1"]')
    page.evaluate("atlas.loadLayers(atlas.layers.filter((layer) => !layer.drawing))")  # those not shown, too
    found = page.evaluate(
        "atlas.layers.flatMap((layer) => (layer.drawing.rows || []).map((row) => row.name))"
    )
    placed = {name.strip() for name in NAMES}
    assert placed <= {name.strip() for name in found}
    assert page.evaluate("window.__xss") is None
    page.evaluate(
        "atlas.layers.find((l) => l.declaration.id === 'works').drawing.rows.filter((r) => r.x !== null)"
        ".forEach((row) => atlas.selection.select(row, L.latLng(row.y, row.x)))"
    )
    assert page.evaluate("window.__xss") is None
    assert page.locator("img[onerror]").count() == 0


def test_coverage_and_gaps_on_any_map(atlas: Atlas, opened: Open) -> None:
    question: dict[str, Any] = {"kind": "metro_station", "radius": 800, "as_of": "2021-12-31"}
    view = layers.explore(atlas, as_of=DAY)
    served = layers.coverage(atlas, **question).add_to(view)
    missing = layers.gaps(atlas, count=5, **question).add_to(view)
    page = opened(view)
    assert drawn(page, served) == len(served.source.payload["columns"]["id"])
    assert drawn(page, missing) == page.locator(".atlas-gap").count() == 5
    radii = page.evaluate(
        f"{served.get_name()}.drawing.discs.circles[0].discs.map((disc) => disc.getRadius())"
    )
    accuracy = served.source.payload["columns"]["accuracy"][0]
    assert radii == [800 + accuracy, 800, max(0, 800 - accuracy)]


def test_works_of_one_s_own_are_drawn_softly_where_their_place_is_not_sure(opened: Open) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["sure", "unsure", "nowhere"], "accuracy_m": [20, 900, None], "status": "completed"},
        geometry=gpd.points_from_xy([120.3, 120.4, None], [31.5, 31.6, None]),
        crs=4326,
    )
    page = opened(layers.explore(pd.concat([frame, frame.assign(name="again")])))
    page.wait_for_selector('body[data-ready="1"]')
    counts = page.evaluate("JSON.parse(document.body.dataset.counts)")
    assert counts["layers"]["works"] == 4
    assert sum(counts["status"]) == 6
    assert page.locator(".atlas-cluster").inner_text().startswith("2")
    assert page.locator(".atlas-disc").count() == 1
    assert page.locator(".atlas-badge:not(.atlas-cluster)").inner_text().startswith("2")
