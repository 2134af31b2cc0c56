"""By car in a real browser with the network cut: the table follows the minutes, and a press on the map draws isochrones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Watch
from tests.browser.until import until
from tools.serving import Server, streamlit

WEST, SOUTH, STEP, LINES = 120.27, 31.555, 0.005, 11
ASKED = "ind=custom&kind=metro_station&r=800&as_of=2021-12-31&set=as_of#map=13/31.5800/120.3000"
SHARE = "() => document.querySelector('.cov-table tr.cov-city')?.innerText || ''"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: what a person brings stays in its memory."""
    with streamlit(env={"ATLAS_VAR": str(tmp_path_factory.mktemp("var"))}) as server:
        yield server


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    """A grid of primary roads around the centre of the map."""
    steps = [n * STEP for n in range(LINES)]
    lines = [[[WEST + x, SOUTH + y] for x in steps] for y in steps]
    lines += [[[WEST + x, SOUTH + y] for y in steps] for x in steps]
    features = [
        {
            "type": "Feature",
            "properties": {"highway": "primary", "oneway": ""},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for line in lines
    ]
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_a_press_on_the_map_says_how_far_a_car_comes(
    own: Server, visit: Callable[..., Watch], roads: Path
) -> None:
    watch = visit(f"{own.url}/coverage?{ASKED}")
    page, frame = watch.page, watch.frame()
    page.wait_for_selector(".cov-table")
    watch.settle()
    page.get_by_text("带上自己的数据").click()
    page.locator('input[type="file"]').nth(2).set_input_files(str(roads))
    page.get_by_role("radio", name="驾车（假定速度）").wait_for()
    watch.settle()
    on_foot = page.evaluate(SHARE)
    page.get_by_role("radio", name="驾车（假定速度）").click()
    until(page, f"before => {{ const now = ({SHARE})(); return now && now !== before; }}", on_foot)
    assert "分钟" in page.locator(".cov-head").inner_text()
    page.get_by_role("radio", name="等时圈", exact=True).click()
    frame.wait_for_selector('body[data-edits*=\'"mode":"isochrone"\']', state="attached")
    frame.evaluate("(() => { atlas.map.setView([31.58, 120.295], 13, {animate: false}); })()")
    place = page.locator("iframe.atlas-frame").first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    frame.wait_for_selector("body[data-isochrones='3']", state="attached")
    page.get_by_text("沿道路驾车（模型估算）").first.wait_for()
    assert "from=120.29" in page.evaluate("location.search").replace("%2C", ",")
    assert watch.errors == []
    assert watch.outside() == []
