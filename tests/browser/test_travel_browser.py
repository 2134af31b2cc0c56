"""By car in a real browser with the network cut: the table follows the minutes, and a press on the map draws isochrones."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.paths import DATA_DIR
from geo.transit.timetable import PACK_FILE
from tests.browser.conftest import Watch
from tests.browser.until import until
from tests.transit.invented import Town, write_feed
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


@pytest.fixture(scope="module")
def with_timetable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same of a pack with an invented timetable: a vehicle every five minutes from the west of the grid to its east."""
    pack = tmp_path_factory.mktemp("pack") / "data"
    shutil.copytree(DATA_DIR, pack)
    ends = [(WEST, SOUTH + 5 * STEP), (WEST + 10 * STEP, SOUTH + 5 * STEP)]
    starts = range(8 * 3600, 10 * 3600, 300)
    write_feed(
        pack / PACK_FILE, Town(ends, [[(0, at, at), (1, at + 300, at + 300)] for at in starts]).tables()
    )
    with streamlit(data=pack, env={"ATLAS_VAR": str(tmp_path_factory.mktemp("var"))}) as server:
        yield server


def bring(watch: Watch, roads: Path) -> None:
    """Upload the streets, and wait until the page offers what they allow."""
    page = watch.page
    page.get_by_text("带上自己的数据").click()
    page.locator('input[type="file"]').nth(2).set_input_files(str(roads))
    page.get_by_role("radio", name="驾车（假定速度）").wait_for()
    watch.settle()


def press(watch: Watch, lat: float, lon: float) -> None:
    """Put a place in the middle of the map, press there, and wait for three polygons."""
    page, frame = watch.page, watch.frame()
    frame.wait_for_selector('body[data-edits*=\'"mode":"isochrone"\']', state="attached")
    frame.evaluate(f"(() => {{ atlas.map.setView([{lat}, {lon}], 13, {{animate: false}}); }})()")
    place = page.locator("iframe.atlas-frame").first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    frame.wait_for_selector("body[data-isochrones='3']", state="attached")


def test_a_press_on_the_map_says_how_far_a_car_comes(
    own: Server, visit: Callable[..., Watch], roads: Path
) -> None:
    watch = visit(f"{own.url}/coverage?{ASKED}")
    page = watch.page
    watch.frame()
    page.wait_for_selector(".cov-table")
    watch.settle()
    bring(watch, roads)
    assert page.get_by_text("公共交通加步行").count() == 0
    on_foot = page.evaluate(SHARE)
    page.get_by_role("radio", name="驾车（假定速度）").click()
    until(page, f"before => {{ const now = ({SHARE})(); return now && now !== before; }}", on_foot)
    assert "分钟" in page.locator(".cov-head").inner_text()
    page.get_by_role("radio", name="等时圈", exact=True).click()
    press(watch, 31.58, 120.295)
    page.get_by_text("沿道路驾车（模型估算）").first.wait_for()
    assert "from=120.29" in page.evaluate("location.search").replace("%2C", ",")
    assert watch.errors == []
    assert watch.outside() == []


def test_a_press_on_the_map_says_how_far_public_transport_comes(
    with_timetable: Server, visit: Callable[..., Watch], roads: Path
) -> None:
    """A pack with a timetable offers it; what the page says is the API's answer, and a wrong time is refused in words."""
    watch = visit(f"{with_timetable.url}/coverage?{ASKED}")
    page = watch.page
    watch.frame()
    page.wait_for_selector(".cov-table")
    watch.settle()
    bring(watch, roads)
    page.get_by_role("radio", name="等时圈", exact=True).click()
    page.get_by_role("radio", name="公共交通加步行").click()
    page.get_by_role("textbox", name="出发时刻").fill("2021-12-01T08:00")
    page.get_by_role("textbox", name="出发时刻").press("Enter")
    page.get_by_text("看 15、30、45 分钟能到哪里").wait_for()
    press(watch, SOUTH + 5 * STEP, WEST + STEP / 2)
    page.get_by_text("虚构公交").first.wait_for()
    page.get_by_role("textbox", name="出发时刻").fill("八点")
    page.get_by_role("textbox", name="出发时刻").press("Enter")
    page.get_by_text("（参数 depart）的值“八点”不可用").first.wait_for()
    assert watch.outside() == []
