"""The what-if part of the coverage page, without a browser: links, the form, undo, saved scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.whatif.saved_scenarios import save, scenario_at
from geo.whatif.scenario import Edit, Scenario
from pages.parts.shell.link import AGAIN
from tests.pages.maps import maps_of
from tools.serving import PATIENCE_S

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
ADDED = Scenario(name="一处", edits=(Edit(op="add", id="new-1", at=(120.1, 31.9)),))
METRO = {"ind": "custom", "kind": "metro_station", "set": "planned"}


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))


def open_page(**link: Any) -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S).switch_page("coverage.py")
    for name, value in (METRO | link).items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def reach_of(app: AppTest) -> dict[str, Any]:
    reach: dict[str, Any] = maps_of(app)[0]["reach"]
    return reach


def edits_in(app: AppTest) -> tuple[Edit, ...]:
    word = app.query_params.get("sc", None)
    return scenario_at(word if isinstance(word, str) else word[0]).edits if word else ()


def test_a_link_with_a_scenario_shows_before_and_after() -> None:
    app = open_page(sc=ADDED.to_link_code())
    reach = reach_of(app)
    assert [(edit["op"], edit["at"]["WGS84"]) for edit in reach["edits"]] == [("added", [120.1, 31.9])]
    assert reach["question"]["scenario"].startswith("z-")
    assert "121 → 122" in app.dataframe[0].value.iloc[-1].tolist()
    assert [metric.delta.startswith("+") for metric in app.metric[:2]] == [True, True]
    plain = reach_of(open_page())
    assert plain["edits"] == []
    assert plain["mode"] is None
    assert plain["question"] | {"scenario": reach["question"]["scenario"]} == reach["question"]


def test_the_form_adds_and_undo_takes_back() -> None:
    app = open_page(edit="add")
    assert reach_of(app)["mode"] == "add"
    for lon in (120.1, 120.2):
        app.number_input(key="whatif_lon").set_value(lon)
        app.number_input(key="whatif_lat").set_value(31.9)
        next(button for button in app.button if button.label == "增加").click().run()
    assert [edit.id for edit in edits_in(app)] == ["new-1", "new-2"]
    next(button for button in app.button if button.label == "撤销上一步").click().run()
    assert [edit.at for edit in edits_in(app)] == [(120.1, 31.9)]
    next(button for button in app.button if button.label == "全部清除").click().run()
    assert "sc" not in app.query_params


def test_a_place_outside_the_city_is_refused_in_words() -> None:
    app = open_page(edit="add", lang="en")
    app.number_input(key="whatif_lon").set_value(100.0)
    app.number_input(key="whatif_lat").set_value(31.9)
    next(button for button in app.button if button.label == "Add").click().run()
    assert "outside the city" in app.error[0].value
    assert edits_in(app) == ()


def test_broken_and_foreign_scenarios_are_said_not_drawn() -> None:
    assert "读不了" in open_page(sc="z-broken").error[0].value
    gone = Scenario(edits=(Edit(op="remove", id="nobody"),))
    app = open_page(sc=gone.to_link_code())
    assert "nobody" in app.error[0].value
    assert reach_of(app)["edits"] == []


def test_two_scenarios_are_compared_as_maps_and_by_district() -> None:
    key = save(ADDED.model_copy(update={"name": "江阴一处"}))
    app = open_page()
    assert [state.get("paired") for state in maps_of(app)] == [None]
    app.selectbox(key="vs").select(key).run()
    assert not app.exception
    mine, theirs = maps_of(app)
    assert (mine["paired"], theirs["paired"]) == ("lead", "follow")
    assert (mine["reach"]["edits"], len(theirs["reach"]["edits"])) == ([], 1)
    assert theirs["reach"]["question"] == mine["reach"]["question"] | {"scenario": key}
    assert "121 → 122" in app.dataframe[0].value.iloc[-1].tolist()
    assert any("**B** 江阴一处" in text.value for text in app.markdown)
    next(button for button in app.button if button.label == "改用方案 B").click().run()
    assert edits_in(app) == ADDED.edits


def test_the_register_itself_is_the_other_side_if_asked() -> None:
    app = open_page(sc=ADDED.to_link_code(), vs="register")
    mine, theirs = maps_of(app)
    assert (len(mine["reach"]["edits"]), theirs["reach"]["edits"]) == (1, [])
    assert "scenario" not in theirs["reach"]["question"]
    (table,) = [each.value for each in app.dataframe if "122 → 121" in each.value.iloc[-1].tolist()]
    assert len(table) == 8


def test_a_scenario_that_is_gone_is_compared_with_nothing_and_said() -> None:
    app = open_page(vs="s-0123456789abcdef")
    assert "没有编号为" in app.error[0].value
    assert len(maps_of(app)) == 1


def test_a_named_scenario_is_saved_from_the_page(tmp_path: Path) -> None:
    app = open_page(sc=ADDED.model_copy(update={"name": ""}).to_link_code())
    app.text_input(key="whatif_title").set_value("我的方案").run()
    next(button for button in app.button if button.label == "保存方案").click().run()
    (file,) = (tmp_path / "scenarios").glob("s-*.json")
    assert json.loads(file.read_text("utf-8"))["name"] == "我的方案"


def test_equity_has_plots_with_a_text_and_a_table() -> None:
    app = open_page(more="equity", kind="car_park")
    assert any("泊位" in metric.label or "基尼" in metric.label for metric in app.metric)
    plots = [*app.get("arrow_vega_lite_chart"), *app.get("vega_lite_chart")]
    assert len(plots) == 2
    assert all(plot.proto.alt_text if hasattr(plot.proto, "alt_text") else plot.proto.alt for plot in plots)
    table = next(frame.value for frame in app.dataframe if "每千人" in frame.value)
    assert len(table) == 8
    assert any("供给单位" in caption.value for caption in app.caption)


def test_what_a_person_did_stays_when_a_part_of_the_page_runs_with_the_address_of_before() -> None:
    """The waiting sign runs by itself, and may have begun before the browser had the new address."""
    app = open_page(edit="add")
    before = dict(app.query_params)
    app.number_input(key="whatif_lon").set_value(120.1)
    app.number_input(key="whatif_lat").set_value(31.9)
    next(button for button in app.button if button.label == "增加").click().run()
    assert len(edits_in(app)) == 1
    app.query_params.clear()
    for name, value in before.items():
        app.query_params[name] = value
    app.session_state[AGAIN] = True
    app.run()
    assert len(edits_in(app)) == 1


def test_a_click_that_comes_before_the_new_address_is_not_lost() -> None:
    """A quick hand clicks while the browser still shows the address of the run before."""
    app = open_page()
    before = dict(app.query_params)
    app.segmented_control(key="by").set_value("land").run()
    app.query_params.clear()
    for name, value in before.items():
        app.query_params[name] = value
    app.segmented_control(key="edit").set_value("add").run()
    assert reach_of(app)["mode"] == "add"
    assert app.session_state["by"] == "land"
    app.query_params.clear()  # a step back in the browser: the address alone
    for name, value in before.items():
        app.query_params[name] = value
    app.run()
    assert app.session_state["by"] == "residents"
    assert reach_of(app)["mode"] is None
