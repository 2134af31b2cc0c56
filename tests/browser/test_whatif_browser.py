"""What-if in a real browser with the network cut: every edit by hand, the same map all the way, and a street closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import Watch
from tests.browser.until import until
from tests.eventually import eventually
from tools.serving import Server, streamlit

LIST_MS = 5_000  # a list that a run of the page has closed never shows its options: it is opened again
ASKED = "ind=custom&kind=car_park&r=800&as_of=2021-12-31&set=planned"
PLACE = "#map=13/31.5800/120.3000"
MODES = {"增加设施": "add", "移动、移除": "move", "封闭街道": "close", "连通街道": "link"}
WEST, SOUTH, STEP, LINES = 120.27, 31.555, 0.005, 11


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def own(kept: Path) -> Iterator[Server]:
    """A server that keeps scenarios in a folder of its own."""
    with streamlit(env={"ATLAS_VAR": str(kept)}) as server:
        yield server


@pytest.fixture
def streets(tmp_path: Path) -> Path:
    """A grid of streets around the centre of the map."""
    far = STEP * (LINES - 1)
    lines = [[[WEST, SOUTH + STEP * n], [WEST + far, SOUTH + STEP * n]] for n in range(LINES)]
    lines += [[[WEST + STEP * n, SOUTH], [WEST + STEP * n, SOUTH + far]] for n in range(LINES)]
    cut = [_cut(line) for line in lines]
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}}
        for line in cut
    ]
    path = tmp_path / "streets.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def _cut(line: list[list[float]]) -> list[list[float]]:
    """A vertex at every crossing."""
    (x0, y0), (x1, y1) = line
    steps = [n / (LINES - 1) for n in range(LINES)]
    return [[x0 + (x1 - x0) * s, y0 + (y1 - y0) * s] for s in steps]


# share and residents in the row of the city, once they differ from those given
CITY_ROW = """before => {
  const cells = [...document.querySelectorAll(".cov-table tr.cov-city td")].map(cell => cell.innerText);
  const shown = cells.length > 3 ? [cells[1], cells[3]] : null;
  return shown && JSON.stringify(shown) !== JSON.stringify(before) ? shown : null;
}"""


class Page:
    """The coverage page, its first map, and what a person does there."""

    def __init__(self, watch: Watch) -> None:
        self.watch, self.page = watch, watch.page
        self.frame = watch.frame()
        self.frame.wait_for_selector("body[data-reach]", state="attached")
        self.page.wait_for_selector(".cov-table")
        self.watch.settle()
        self.frame.evaluate("window.kept = true")
        self.link = self.page.evaluate("location.search")

    def mode(self, name: str) -> None:
        self.page.get_by_role("radio", name=name, exact=True).click()
        self.frame.wait_for_selector(f'body[data-edits*=\'"mode":"{MODES[name]}"\']', state="attached")
        assert self.frame.locator(".atlas-hint").is_visible()
        until(self.page, "s => location.search !== s", self.link)
        self.link = self.page.evaluate("location.search")

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place is on the screen."""
        self.page.locator("iframe.atlas-frame").first.scroll_into_view_if_needed()
        box = self.page.locator("iframe.atlas-frame").first.bounding_box()
        x, y = self.frame.evaluate(
            f"(() => {{ const p = atlas.map.latLngToContainerPoint([{lat}, {lon}]); return [p.x, p.y]; }})()"
        )
        return box["x"] + x, box["y"] + y

    def click(self, lon: float, lat: float) -> None:
        self.page.mouse.click(*self.at(lon, lat))

    def edits(self, number: int) -> None:
        """Wait until the link holds another scenario, and the map shows so many edits."""
        before = self.link
        until(self.page, "s => location.search !== s", before)
        state = f"body[data-edits*='\"n\":{number}']"
        self.frame.wait_for_selector(state, state="attached")
        self.link = self.page.evaluate("location.search")

    def city(self, before: list[str] | None = None) -> list[str]:
        """Share and residents of the city in the live table, once they are no longer those of ``before``."""
        return [str(text) for text in until(self.page, CITY_ROW, before)]

    def scenario(self) -> dict[str, Any]:
        """The scenario as the page exports it."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name="导出 GeoJSON").click()
        return json.loads(Path(download.value.path()).read_text("utf-8"))

    def ops(self) -> list[str]:
        return [feature["properties"]["op"] for feature in self.scenario()["features"]]


def test_edits_by_hand_and_two_maps(own: Server, visit: Callable[..., Watch], kept: Path) -> None:
    watch = visit(f"{own.url}/coverage?{ASKED}{PLACE}")
    page = Page(watch)
    page.frame.evaluate("atlas.map.setView([31.58, 120.30], 13, {animate: false})")
    plain = page.city()
    page.mode("增加设施")
    page.click(120.300, 31.585)
    page.edits(1)
    page.city(plain)
    page.mode("移动、移除")
    middle = page.at(120.300, 31.585)
    watch.page.mouse.move(*middle)
    watch.page.mouse.down()
    watch.page.mouse.move(middle[0] + 60, middle[1] + 40, steps=6)
    watch.page.mouse.up()
    page.edits(1)
    assert page.ops() == ["add", "move"]
    known = page.frame.evaluate(
        "(() => { const r = atlas.reach.discs.circles.map((c) => c.row).find((r) => !r.isEdited); "
        "atlas.map.setView([r.y, r.x], 13, {animate: false}); return [r.x, r.y]; })()"
    )
    page.click(*known)
    page.frame.get_by_role("button", name="移除这处设施").click()
    page.edits(2)
    exported = page.scenario()
    assert [each["properties"]["op"] for each in exported["features"]] == ["add", "move", "remove"]
    assert not exported["features"][2]["properties"]["id"].startswith("new-")
    assert exported["inputs"]["scenario"]["edits"] == 3
    watch.page.get_by_label("方案名称").fill("手画的")
    watch.page.get_by_label("方案名称").press("Enter")
    watch.settle()
    watch.page.get_by_role("button", name="保存方案").click()
    watch.settle()
    (file,) = (kept / "scenarios").glob("s-*.json")
    assert json.loads(file.read_text("utf-8"))["name"] == "手画的"
    compare(watch, page)
    assert page.frame.evaluate("window.kept") is True
    assert watch.outside() == []
    assert watch.errors == []


def beside(watch: Watch, name: str) -> None:
    """Choose what the second map shows; a list that a run of the page has closed is opened again."""
    option = watch.page.get_by_role("option", name=name)

    def is_chosen() -> bool:
        watch.settle()
        watch.page.get_by_role("combobox", name="并排比较").click()
        with suppress(PlaywrightTimeout):
            option.click(timeout=LIST_MS)
            return True
        return False

    eventually(is_chosen)


def compare(watch: Watch, page: Page) -> None:
    """The second map comes, shows the same place, and follows."""
    beside(watch, "登记原样，没有改动")
    until(watch.page, "document.querySelectorAll('iframe.atlas-frame').length === 2")
    other = watch.page.query_selector_all("iframe.atlas-frame")[1].content_frame()
    other.wait_for_selector("body[data-edits*='\"n\":0']", state="attached")
    other.evaluate("window.kept = true")
    watch.settle()
    where = "(() => { const c = atlas.map.getCenter(); return [c.lat, c.lng, atlas.map.getZoom()]; })()"
    other.evaluate("atlas.map.setView([31.55, 120.25], 12, {animate: false})")
    until(
        page.frame,
        f"there => {where}.every((part, k) => Math.abs(part - there[k]) < 0.002)",
        other.evaluate(where),
    )
    beside(watch, "手画的")
    other.wait_for_selector("body[data-edits*='\"n\":2']", state="attached")
    assert other.evaluate("window.kept") is True  # another scenario, the same map


def test_streets_are_closed_and_joined_on_the_map(
    own: Server, visit: Callable[..., Watch], streets: Path
) -> None:
    watch = visit(f"{own.url}/coverage?{ASKED}{PLACE}")
    page = Page(watch)
    watch.page.locator('input[type="file"]').nth(2).set_input_files(str(streets))
    watch.page.get_by_role("radio", name="封闭街道").wait_for()
    watch.settle()
    nobody = page.city()
    page.frame.evaluate("atlas.map.setView([31.58, 120.295], 14, {animate: false})")
    page.mode("增加设施")
    page.click(WEST + 5 * STEP, SOUTH + 5 * STEP)
    page.edits(1)
    alone = page.city(nobody)
    page.mode("封闭街道")
    page.click(WEST + 5.5 * STEP, SOUTH + 5 * STEP)
    page.edits(2)
    closed = page.city(alone)
    assert float(closed[1].replace(",", "")) < float(alone[1].replace(",", ""))
    page.mode("连通街道")
    page.click(WEST + 5 * STEP, SOUTH + 5 * STEP)
    page.click(WEST + 6 * STEP, SOUTH + 5 * STEP)
    page.edits(3)
    joined = page.city(closed)  # a way beside the closed one
    assert float(joined[1].replace(",", "")) > float(closed[1].replace(",", ""))
    assert page.ops() == ["add", "close", "link"]
    assert page.frame.evaluate("window.kept") is True
    assert watch.errors == []
    assert watch.outside() == []
