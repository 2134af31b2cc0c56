"""The outline of a work that a list brought is drawn on the app's map, in the colour of its status; a filter hides it with its work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.register.city import Atlas
from tests.browser.until import until
from tests.site.hostile import draw_outline

SHAPES = "document.querySelectorAll('path.atlas-outline').length"


def test_an_outline_is_drawn_with_its_work(
    launch: Callable[..., Any],
    visit: Callable[..., Any],
    atlas: Atlas,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    work_id = draw_outline(atlas)
    category = atlas.pack.works.at[work_id, "category"]
    server = launch(env={"ATLAS_VAR": str(tmp_path)})
    watch = visit(f"{server.url}/?work={work_id}&scope=all")
    frame = watch.frame()
    until(frame, f"{SHAPES} === 1")
    box = frame.locator("path.atlas-outline").bounding_box()
    assert min(box["width"], box["height"]) > 10
    assert watch.page.get_by_text("外廓面积").count() == 1
    watch.page.screenshot(path=str(tmp_path / "outline.png"))
    other = next(one for one in atlas.vocabulary("categories").index if one != category)
    watch = visit(f"{server.url}/?category={other}&scope=all")
    until(watch.frame(), f"{SHAPES} === 0")
    assert watch.errors == []
