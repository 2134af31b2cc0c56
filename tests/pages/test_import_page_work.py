"""The page of imports: outlines and facilities, and work that takes its time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo.coverage.saved_data import saved_datasets
from geo.store import Store
from geo.store.model import Actor
from layers.workers.run import Run
from pages.parts.importing import check as import_check
from pages.parts.importing import flow as import_flow
from tests.pages.importing import LIST, Page, bring, messages, press, widget
from tools.serving import PATIENCE_S

pytestmark = pytest.mark.usefixtures("no_temporary_files_stay")


def test_outlines_of_polygons_stay_beside_the_register(register: Store, editor: Actor, page: Page) -> None:
    ring = [[120.30, 31.55], [120.302, 31.55], [120.302, 31.552], [120.30, 31.552], [120.30, 31.55]]
    feature = {
        "type": "Feature",
        "properties": {"名称": "试验地块", "所属区": "梁溪区", "状态": "在建"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    app = press(bring(page("import.py"), content, "地块.geojson"), "to2")
    widget(app, "selectbox", "item").set_value("U01")
    widget(app, "text_input", "src-publisher").set_value("住建局")
    press(app, "to3")
    widget(app, "selectbox", "crs").set_value("WGS84").run()
    press(app, "to4")
    press(app, "take")
    (saved,) = saved_datasets("outlines")
    assert any(saved.token in caption.value for caption in app.caption)
    outline = gpd.read_file(saved.path).iloc[0]
    assert outline["work_id"] in register.pack().works.index
    assert outline.geometry.equals(shapely.Polygon(ring))


def test_a_list_of_what_stands_becomes_facilities(register: Store, editor: Actor, page: Page) -> None:
    cells = LIST.splitlines()[:3]
    content = "\n".join(
        [
            "停车场名称,所属区,经度,纬度,竣工日期,泊位数",
            *(f"{row[: row.rindex(',')]},120" for row in cells[1:]),
        ]
    )
    app = press(bring(page("import.py"), content), "to2")
    widget(app, "button_group", "into").set_value("facilities").run()
    press(app, "to3")
    assert "没有说是哪类设施" in messages(app)
    widget(app, "selectbox", "kind").set_value("car_park")
    widget(app, "text_input", "src-publisher").set_value("城管局")
    press(app, "to3")
    widget(app, "selectbox", "crs").set_value("GCJ02").run()
    press(app, "to4")
    assert [metric.value for metric in app.metric][:2] == ["2", "0"]
    press(app, "take")
    assert "**2** 处现有设施" in messages(app)
    facilities = register.pack().facilities
    added = facilities[facilities["name_zh"].isin(["试验甲村", "试验乙村"])]
    assert set(added["kind"]) == {"car_park"}
    assert set(zip(added["capacity"], added["capacity_unit"], strict=True)) == {(120.0, "个")}
    assert not register.pack().works["name_zh"].str.startswith("试验").any()
    assert any("停车场的覆盖" in str(element.proto.label) for element in app.get("page_link"))


def test_long_work_shows_how_far_it_is_and_can_be_called_off(
    register: Store, editor: Actor, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading that takes its time: a bar with words, a button; called off, nothing stays and the page goes on."""
    begun, seen = threading.Event(), threading.Event()

    def slow(*_words: Any, cancelled: Callable[[], bool], **_more: Any) -> Any:
        begun.set()
        tick = threading.Event()
        while not cancelled():
            tick.wait(0.01)
        seen.set()
        raise AssertionError("what was called off is never shown")

    monkeypatch.setattr(import_flow, "QUICK_S", 0.05)
    quick = import_flow.read_file
    monkeypatch.setattr(import_flow, "read_file", slow)
    app = page("import.py")
    app.file_uploader[0].set_value([("名单.csv", LIST.encode(), "text/csv")]).run()
    assert begun.wait(PATIENCE_S)
    (bar,) = app.get("progress")
    assert 0 < bar.proto.value < 100
    assert "读取文件" in bar.proto.text
    next(button for button in app.button if button.key == "job-off").click().run()
    assert seen.wait(PATIENCE_S)
    assert app.session_state["_import"].job is None
    assert not app.exception
    assert not app.get("progress")
    assert not messages(app)
    monkeypatch.setattr(import_flow, "read_file", quick)
    assert "**4** 行" in messages(bring(app, LIST, "再来.csv"))


def test_checking_can_be_called_off_and_writes_nothing(
    register: Store, editor: Actor, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = register.revision()
    app = bring(page("import.py"), LIST)
    press(app, "to2")
    widget(app, "selectbox", "item").set_value("U01")
    press(app, "to3")
    widget(app, "selectbox", "crs").set_value("GCJ02").run()
    begun: list[Run[Any]] = []
    left = threading.Event()

    class NeverDone:
        """Stands for workers that are never done."""

        def begin(self, _parcel: Any) -> Run[Any]:
            run: Run[Any] = Run("session", 20.0)
            run.leave = lambda _asker: left.set()  # type: ignore[method-assign]  # to see it
            begun.append(run)
            return run

    monkeypatch.setattr(import_flow, "QUICK_S", 0.05)
    monkeypatch.setattr(import_check, "planned", NeverDone())
    widget(app, "button", "to4").click().run()
    assert app.get("progress")
    next(button for button in app.button if button.key == "job-off").click().run()
    assert not app.exception
    assert not app.get("progress")
    assert app.session_state["_import"].step == 3
    assert left.wait(PATIENCE_S), "nobody waits for the plan any more"
    assert len(begun) == 1
    assert register.revision() == revision


def test_a_file_that_is_read_slowly_is_shown_and_stays_when_one_goes_back(
    register: Store, editor: Actor, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_flow, "QUICK_S", 0.0)
    app = bring(page("import.py"), LIST)
    assert "**4** 行" in messages(app)
    press(app, "to2")
    press(app, "back1")
    assert "**4** 行" in messages(app)
    press(app, "to2")
    assert widget(app, "selectbox", "item").value == ""
