"""An editor at their own machine, in a real browser with the network cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.until import until

WORK = "U01-2021-001"
LOCAL = {"ATLAS_LOCAL_EDITOR": "1"}


@pytest.fixture
def desk(launch: Callable[..., Any], tmp_path: Any) -> Any:
    """A server with a store of its own, whose local visitor may edit."""
    return launch(env=LOCAL | {"ATLAS_VAR": str(tmp_path)})


def test_a_work_is_placed_by_a_click_on_the_map(desk: Any, visit: Callable[..., Any], tmp_path: Any) -> None:
    watch = visit(f"{desk.url}/register?work={WORK}&do=place")
    frame = watch.frame()
    frame.evaluate("window.kept = true")
    frame.evaluate("window.atlas.map.setView([31.569, 120.311], 14, {animate: false})")
    box = frame.frame_element().bounding_box()
    watch.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    field = watch.page.get_by_label("经度或东坐标")
    field.wait_for()
    until(watch.page, "document.querySelector('input[aria-label=\"经度或东坐标\"]').value !== ''")
    assert float(field.input_value()) == pytest.approx(120.311, abs=0.002)
    assert frame.evaluate("window.kept") is True
    watch.page.get_by_role("combobox", name="来源").click()
    watch.page.get_by_role("combobox", name="来源").fill("S-PLAN")
    watch.page.keyboard.press("Enter")
    watch.page.get_by_label("理由").fill("实地核对")
    watch.page.get_by_role("button", name="保存").click()
    watch.page.get_by_text(re.compile("已登记 1 条")).wait_for()
    assert watch.errors == []
    assert watch.outside() == []


def test_who_is_not_at_this_machine_sees_no_form(server: Any, visit: Callable[..., Any]) -> None:
    watch = visit(f"{server.url}/register?work={WORK}&do=place&tab=add")
    watch.page.get_by_text("这里公开可看").wait_for()
    watch.settle()
    assert watch.page.get_by_role("button", name="保存").count() == 0
    assert watch.errors == []
