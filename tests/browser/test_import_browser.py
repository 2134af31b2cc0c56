"""A planner at their desk, tried as a new user: a list of 166 communities with 高德 coordinates becomes the atlas's data."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from tests.browser.until import until
from tests.ingest.make_list import communities, write_list

SOURCE = {"发布者": "市住房城乡建设局", "发布日期": "2021-12-31"}


@pytest.fixture
def desk(launch: Callable[..., Any], tmp_path: Path) -> Any:
    """A server with a store of its own, whose local visitor may edit."""
    return launch(env={"ATLAS_LOCAL_EDITOR": "1", "ATLAS_VAR": str(tmp_path / "var")})


def next_step(watch: Any, name: str) -> None:
    """Press a button once the page is at rest: while a run of it goes on, the button of the run before is there too."""
    button = watch.page.get_by_role("button", name=re.compile(name))
    button.first.wait_for()
    watch.settle()
    button.click()


def walk_to_check(watch: Any, path: Path) -> None:
    """Bring a file and go on to the report, saying what the file does not say."""
    page = watch.page
    page.locator("input[type=file]").set_input_files(path)
    next_step(watch, "下一步：对字段")
    item = page.get_by_role("combobox", name=re.compile("属于哪个计划条目"))
    item.click()
    item.fill("U01")
    page.keyboard.press("Enter")
    for label, text in SOURCE.items():
        field = page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Tab")
    next_step(watch, "下一步：认坐标")
    page.get_by_text(re.compile("像高德坐标（GCJ-02）|判断不了是哪种坐标")).wait_for()
    system = page.get_by_role("combobox", name=re.compile("按哪种坐标换算"))
    system.click()
    system.fill("高德")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("空心是不换算的位置")).wait_for()
    next_step(watch, "下一步：查问题")
    page.get_by_text("导入后会怎样").wait_for()


def counts(page: Any, name: str) -> list[str]:
    """The four numbers of an item in the table of changes: those after the arrow where there is one."""
    row = page.locator("tr", has=page.get_by_role("rowheader", name=re.compile(name))).first
    return [re.split(r"\s*→\s*", text)[-1].strip() for text in row.locator("td").all_inner_texts()]


def corrected(path: Path, target: Path, right: pd.DataFrame) -> Path:
    """The rejected rows, put right by hand: the cells that the report names get what they should have been."""
    sheet = pd.read_excel(path, dtype=object)
    assert len(sheet) == 3
    assert sheet["导入问题"].notna().all()
    cells = right.set_index("小区名称")
    for at, name in sheet["小区名称"].items():
        for column in ("经度", "纬度", "户数", "竣工日期"):
            sheet.loc[at, column] = cells.at[name, column]
    sheet.to_excel(target, index=False)
    return target


def test_a_planner_brings_166_communities(desk: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    files = load_atlas(DATA_DIR)
    watch = visit(f"{desk.url}/import")
    page = watch.page
    walk_to_check(watch, write_list(tmp_path / "老旧小区.xlsx", files))
    frame = watch.frame()
    until(frame, "document.body.dataset.draft && JSON.parse(document.body.dataset.draft).n > 150")
    watch.settle()
    assert counts(page, "老旧小区整治")[:3] == ["166", "163", "163"]
    with page.expect_download() as got:
        next_step(watch, "下载没进去的行")
    got.value.save_as(tmp_path / "rejected.xlsx")
    next_step(watch, "写入登记：163 行")
    page.get_by_text(re.compile("已写入")).wait_for()
    mended = corrected(
        tmp_path / "rejected.xlsx", tmp_path / "mended.xlsx", communities(files, corrected=True)
    )
    next_step(watch, "导入另一个文件")
    walk_to_check(watch, mended)
    next_step(watch, "写入登记：3 行")
    page.get_by_text(re.compile("已写入")).wait_for()
    watch.settle()
    assert counts(page, "老旧小区整治")[:3] == ["166", "166", "166"]
    page.get_by_role("link", name="地图", exact=True).click()
    page.get_by_role("heading", name=re.compile("进展地图")).wait_for()
    row = page.locator("table", has_text="计划条目").locator("tr", has_text="老旧小区整治")
    row.wait_for()
    watch.settle()
    assert row.locator("td").all_inner_texts()[2].split()[0] == "166"  # "+4?" beside it: perhaps of this item
    assert watch.errors == []
    assert watch.outside() == []
