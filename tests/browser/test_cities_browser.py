"""Two cities in one process, in a real browser: from one to the other and back, and nothing of one is seen in the other."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.paths import DATA_DIR
from tests.second_city.reading import PACK, rows_of

ITEMS = {row["name_zh"] for row in rows_of("plan_items")}


def districts_on_the_map(watch: Any) -> str:
    return str(watch.frame().inner_text("body"))


def go_to(watch: Any, name: str) -> None:
    watch.page.click(".wx-cities summary")
    watch.page.click(f".wx-cities a:has-text('{name}')")
    watch.page.wait_for_selector(f".wx-cities summary:has-text('{name}')")
    watch.rest()


def test_from_one_city_to_another_and_back(
    launch: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    listed = os.pathsep.join(map(str, (DATA_DIR, PACK)))
    server = launch(
        env={"ATLAS_CITIES": listed, "ATLAS_VAR": str(tmp_path / "var"), "ATLAS_LOCAL_EDITOR": "1"}
    )
    watch = visit(f"{server.url}/c/jingdezhen/?lang=zh")
    watch.rest()
    assert "浮梁县" in districts_on_the_map(watch)
    assert "梁溪区" not in watch.page.inner_text("body")

    go_to(watch, "无锡市")
    assert watch.page.url.startswith(f"{server.url}/c/wuxi/")
    assert "梁溪区" in districts_on_the_map(watch)
    assert not [name for name in ITEMS if name in watch.page.inner_text("body")]

    watch.page.click("[data-testid='stPageLink-NavLink']:has-text('清单')")
    watch.page.wait_for_url("**/c/wuxi/works**")
    watch.rest()
    go_to(watch, "景德镇市")
    assert watch.page.url.startswith(f"{server.url}/c/jingdezhen/works"), "the same page of the other city"
    asked = [url for url in watch.requests if "/atlas/layers/" in url or "/_stcore/stream" in url]
    assert all("/c/jingdezhen/" in url or "/c/wuxi/" in url for url in asked), asked

    first = visit(server.url)
    first.rest()
    assert "梁溪区" in districts_on_the_map(first), (
        "an address from before there were two is the first city's"
    )
    for each in (watch, first):
        assert not each.outside()
        assert not each.errors


def test_a_file_goes_to_the_city_of_its_page(
    launch: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    listed = os.pathsep.join(map(str, (DATA_DIR, PACK)))
    var = tmp_path / "var"
    server = launch(env={"ATLAS_CITIES": listed, "ATLAS_VAR": str(var), "ATLAS_LOCAL_EDITOR": "1"})
    watch = visit(f"{server.url}/c/jingdezhen/import")
    watch.rest()
    rows = "名称,区县,经度,纬度\n新模拟公园甲,乐平市,117.150,28.990\n"
    watch.page.set_input_files(
        "input[type=file]", {"name": "公园.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    watch.page.wait_for_selector("text=新模拟公园甲", state="attached")  # the table is a canvas
    assert any("/c/jingdezhen/_stcore/upload_file/" in url for url in watch.requests)
    assert not watch.errors
