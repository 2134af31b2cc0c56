"""A pack of 12,000 facilities on the app's map: it travels as tiles, every filter counts what pandas counts, and a click opens the card."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from tests.browser.until import until
from tools.serving import Server, streamlit

MANY = 12_000
LAYER = "window.atlas.layers.find(({ declaration }) => declaration.id === 'baseline_facilities')"
SETTLED = f"Boolean({LAYER}.drawing?.grid) && !{LAYER}.drawing.grid.layer.isLoading()"


def invented(seed: int = 62) -> pd.DataFrame:
    """Primary schools at random places, a third of them since a day; one stands in a lake by itself."""
    rng = np.random.default_rng(seed)
    districts = load_atlas(DATA_DIR).districts.geometry
    codes, lon, lat = [], [], []
    for code, shape in districts.items():
        west, south, east, north = shape.bounds
        x, y = rng.uniform(west, east, 20_000), rng.uniform(south, north, 20_000)
        inside = np.flatnonzero(shapely.contains_xy(shape, x, y))[: MANY // len(districts)]
        codes += [str(code)] * len(inside)
        lon += x[inside].round(6).tolist()
        lat += y[inside].round(6).tolist()
    opened = rng.choice(["", "", "", "2015-09-01", "2022-03-01"], len(codes))
    return pd.DataFrame(
        {
            "facility_id": [f"MANY-{at}" for at in range(len(codes))],
            "kind": "school_primary",
            "name_zh": [f"某小学{at}" for at in range(len(codes))],
            "district_code": codes,
            "opened": opened,
            "opened_precision": np.where(opened == "", "", "day"),
            "lon": lon,
            "lat": lat,
            "accuracy_m": 30,
            "location_basis": "published",
            "crs_original": "WGS84",
            "x_original": lon,
            "y_original": lat,
            "source_id": "S-SCHOOLDIR",
            "place_source_id": "S-SCHOOLDIR",
        }
    )


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("pack") / "data"
    shutil.copytree(DATA_DIR, copy)
    own = pd.read_csv(copy / "facilities.csv", dtype=str, keep_default_na=False)
    pd.concat([own, invented().astype(str)]).fillna("").to_csv(copy / "facilities.csv", index=False)
    return copy


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, pack: Path) -> Iterator[Server]:
    with streamlit(data=pack, env={"ATLAS_VAR": str(tmp_path_factory.mktemp("var"))}) as server:
        yield server


@pytest.fixture(scope="module")
def many(pack: Path) -> pd.DataFrame:
    """What the layer is of: the register's facilities that are no stations and have a place."""
    table = load_atlas(pack).register.facilities
    return table[table["lon"].notna() & ~table["kind"].isin(("metro_station", "rail_station"))]


def counted(table: pd.DataFrame, districts: set[str], day: date) -> int:
    """By pandas, without a payload."""
    standing = table["opened"].map(lambda since: pd.isna(since) or since <= day)
    standing &= table["closed"].map(lambda end: pd.isna(end) or end > day)
    here = table["district_code"].map(lambda codes: not districts or bool(districts & {*codes.split("|")}))
    return int((standing & here).sum())


def legend(page: Any) -> int:
    return int(page.locator('[data-of="layer:baseline_facilities"] b').inner_text())


def test_many_facilities_are_filtered_counted_and_opened(
    crowded: Server, many: pd.DataFrame, visit: Callable[..., Any]
) -> None:
    watch = visit(f"{crowded.url}/atlas/map?layers=baseline_facilities&as_of=2026-06-30")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    until(page, SETTLED)
    assert any("/tiles/baseline_facilities/" in url for url in watch.requests)
    assert legend(page) == counted(many, set(), date(2026, 6, 30)) > MANY
    for districts, day in (
        ({"320205"}, date(2026, 6, 30)),
        ({"320213", "320282"}, date(2020, 6, 30)),
        (set(), date(2014, 1, 31)),
    ):
        page.evaluate(
            "(news) => window.atlas.update(news)",
            {"districts": sorted(districts), "day": int(f"{day:%Y%m%d}")},
        )
        until(page, SETTLED)
        wanted = counted(many, districts, day)
        assert legend(page) == wanted
        seen = page.evaluate(f"{LAYER}.drawing.seen()")
        assert seen["features"] == wanted  # the whole city is on the screen
        assert seen["marks"] < wanted
        assert str(seen["marks"]) in page.locator(".atlas-legend-note").inner_text()
    one = many[many.index.str.startswith("MANY") & many["opened"].isna()].iloc[4321]
    at = [one["lat"], one["lon"]]
    page.evaluate("(at) => window.atlas.map.setView(at, 17, { animate: false })", at)
    until(page, SETTLED)
    until(page, f"(id) => Boolean({LAYER}.drawing.placeOf(id))", str(one.name))
    spot = page.evaluate("(at) => window.atlas.map.latLngToContainerPoint(at)", at)
    page.mouse.move(spot["x"] + 2, spot["y"])
    page.mouse.move(spot["x"], spot["y"])
    until(page, "(name) => document.querySelector('.leaflet-tooltip')?.textContent === name", one["name_zh"])
    page.mouse.click(spot["x"], spot["y"])
    card = page.locator(".leaflet-popup")
    card.wait_for()
    assert one["name_zh"] in card.inner_text()
    assert "小学" in card.inner_text()
    assert watch.errors == []
    assert watch.outside() == []


def test_a_press_on_a_cell_comes_nearer(crowded: Server, visit: Callable[..., Any]) -> None:
    watch = visit(f"{crowded.url}/atlas/map?layers=baseline_facilities&as_of=2026-06-30")
    page = watch.page
    page.wait_for_selector('body[data-ready="1"]')
    until(page, SETTLED)
    found = page.evaluate(f"""() => {{
      const {{ grid }} = {LAYER}.drawing;
      const size = window.atlas.map.getSize();
      for (const tile of grid.shownTiles()) {{
        for (const mark of tile.marks.filter(({{ props }}) => props.m)) {{
          const place = window.atlas.map.latLngToContainerPoint(grid.placeOf(tile, mark));
          const node = document.elementFromPoint(place.x, place.y);
          if (place.x > 100 && place.x < size.x - 100 && node && !node.closest(".leaflet-interactive")) return place;
        }}
      }}
      return null;
    }}""")
    before = page.evaluate("window.atlas.map.getZoom()")
    page.mouse.click(found["x"], found["y"])
    until(page, "(before) => window.atlas.map.getZoom() > before + 1", before)
    assert watch.errors == []
