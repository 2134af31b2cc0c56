"""The siting page: it asks, waits without freezing, compares with one's own sites, and says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geo.coverage.saved_data import save_dataset
from geo.whatif.saved_scenarios import load, save
from geo.whatif.scenario import Edit, Scenario
from layers.analysis.siting import site_parameters, start
from tests.pages.maps import maps_of
from tools.serving import PATIENCE_S

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
LINK = {
    "as_of": "2021-12-31",
    "what": "kind:metro_station",
    "sr": "800",
    "k": "3",
    "step": "500",
    "limit": "5",
}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """The first answer of a process waits for compilation; pages under test should not."""
    words = {"kind": "metro_station", "radius": "800", "as_of": "2021-12-31", "k": "1", "spacing": "2000"}
    start(site_parameters(words), "zh").result(timeout=PATIENCE_S)


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))


def open_page(**link: Any) -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    app.switch_page("siting.py")
    for name, value in (LINK | link).items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def word(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value if isinstance(value, str) else str(value[-1])


def test_the_best_sites_are_shown_with_their_proof() -> None:
    app = open_page()
    assert "已证明最优" in app.success[0].value
    assert app.metric[0].label == "最优 3 处新增"
    assert [tab.label for tab in app.tabs] == ["选出的地点", "谁受益", "曲线的数字", "说明与下载"]
    assert len(app.dataframe[0].value) == 3


def test_one_s_own_sites_are_compared() -> None:
    app = open_page(own=["120.30,31.59", "120.28,31.57"])
    best, own, more = (float(metric.value.replace(",", "")) for metric in app.metric)
    assert best > own > 0
    assert more == pytest.approx(best - own, abs=20)


def test_faults_are_said_in_place_of_an_answer() -> None:
    assert "参数 k）的值“none”不可用" in open_page(k="none").warning[0].value
    assert "在市域以外" in open_page(own=["125.0,31.5"]).warning[0].value
    assert "都没有位置" in open_page(what="kind:school_primary", cand="works").warning[0].value


@pytest.mark.parametrize(
    "link",
    [
        {"goal": "fewest", "target": "60%", "lang": "en"},
        {"goal": "nearest", "step": "1000", "own": ["120.30,31.59"]},
        {"cand": "works", "at": ["320213", "320211", "320214"]},
        {"den": "area", "method": "greedy"},
        {"floor": "55%"},
        {"cap": "20000", "step": "1000"},
    ],
    ids="-".join,
)
def test_every_kind_of_question_is_answered(link: dict[str, Any]) -> None:
    app = open_page(**link)
    assert not app.warning, app.warning[0].value
    assert app.metric


def test_sites_go_into_a_what_if_in_one_click() -> None:
    app = open_page(own=["120.30,31.59", "120.28,31.57"])
    app.button(key="to_pair").click().run()
    assert not app.exception
    assert app.title[0].value == "覆盖分析"
    best, mine = (load(word(app, name)) for name in ("sc", "vs"))
    assert (len(best.edits), len(mine.edits)) == (3, 2)
    assert "选址最优 3 处 · 轨道交通站点" in best.name
    maps = [each["reach"] for each in maps_of(app)]
    assert [len(each["edits"]) for each in maps] == [3, 2]
    assert {each["radius"] for each in maps} == {800}
    assert all(each["question"]["kind"] == "metro_station" for each in maps)


def test_what_a_scenario_adds_becomes_one_s_own_sites() -> None:
    edits = (Edit(op="add", id="a", at=(120.30, 31.59), name="东门"), Edit(op="remove", id="b"))
    key = save(Scenario(name="手画", edits=edits))
    save(Scenario(name="只移除", edits=edits[1:]))
    app = open_page()
    box = app.selectbox(key="own_from")
    assert box.options == ["（不取用）", "手画（增加 1 处）"]
    box.select(key).run()
    assert word(app, "own") == "120.3000000,31.5900000,东门"
    assert any("另有 1 处" in each.value for each in app.caption)


def test_places_drawn_on_the_coverage_page_are_asked_about() -> None:
    drawn = Scenario(edits=(Edit(op="add", id="new-1", at=(120.30, 31.59)),))
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S).switch_page("coverage.py")
    for name, value in {"ind": "custom", "kind": "car_park", "r": "300", "sc": drawn.to_link_code()}.items():
        app.query_params[name] = value
    app.run()
    next(button for button in app.button if button.label.startswith("同样建 1 处")).click().run()
    assert not app.exception
    assert app.title[0].value == "选址"
    assert app.text_input(key="k").value == "1"
    assert app.multiselect(key="at").value == ["320213"]
    assert app.session_state["own"] == ["120.3000000,31.5900000"]


def saved_land() -> dict[str, str]:
    """Invented parcels and a red line, saved by name; the link that asks among them."""
    codes, costs = ["A33", "R2", "G1"] * 3, [500.0 + 100 * k for k in range(9)]
    squares = [
        shapely.box(x, y, x + 0.004, y + 0.004)
        for x in (120.28, 120.29, 120.30)
        for y in (31.58, 31.59, 31.60)
    ]
    parcels = gpd.GeoDataFrame(
        {"name": list("甲乙丙丁戊己庚辛壬"), "用地代码": codes, "cost": costs}, geometry=squares, crs=4326
    )
    red = gpd.GeoDataFrame(geometry=squares[:1], crs=4326)
    tokens = [
        save_dataset(kind, frame, name=kind).token
        for kind, frame in (("parcels", parcels), ("exclusions", red))
    ]
    return {"cand": "parcels", "step": "100", "saved-parcels": tokens[0], "saved-exclusions": tokens[1]}


def test_sites_stand_in_the_parcels_that_were_chosen() -> None:
    app = open_page(**saved_land(), use=["A33"], gap="400", k="2", exist="no")
    assert not app.warning, app.warning[0].value
    # of nine parcels six are of another land use and one is behind the red line
    assert "另有 7 块地块不能用" in app.success[0].value
    sites = app.dataframe[0].value
    assert set(sites["名称"]) == {"丁", "庚"}
    assert set(sites["用地代码"]) == {"A33"}
    land = maps_of(app)[-1]["siting"]["land"]
    assert [each["kind"] for each in land] == ["parcel", "parcel", "excluded"]


def test_another_kind_is_sought_where_the_first_is_not() -> None:
    app = open_page(**saved_land(), use=["A33"], k="1", exist="no")
    first = app.dataframe[0].value["名称"].iloc[0]
    app.button(key="take").click().run()
    assert not app.exception
    assert app.dataframe[0].value["名称"].iloc[0] != first
    assert word(app, "taken").startswith("120.")


def test_a_budget_says_how_many_sites() -> None:
    app = open_page(**saved_land(), use=["A33", "R2"], budget="1300", k="")
    assert not app.warning, app.warning[0].value
    assert 0 < app.dataframe[0].value["费用（照文件的单位）"].sum() <= 1300


def test_another_kind_is_chosen_at_once() -> None:
    app = open_page(**saved_land(), use=["A33"], k="1", exist="no")
    app.selectbox(key="other-kind").select("bus_stop").run()
    app.text_input(key="other-radius").input("300").run()
    app.button(key="other-add").click().run()
    assert "请在 also 里给每一类写 k" in app.warning[0].value
    app.button(key="other-remove-0").click().run()
    app.selectbox(key="other-kind").select("bus_stop").run()
    for name, value in {"radius": "300", "k": "2", "weight": "3"}.items():
        app.text_input(key=f"other-{name}").input(value).run()
    app.button(key="other-add").click().run()
    assert not app.exception
    assert word(app, "also") == "kind=bus_stop,radius=300,k=2,weight=3"
    assert "已证明最优" in app.success[0].value
    assert app.metric[0].label == "各类新增乘权重之和"
    kinds = next(each.value for each in app.dataframe if "权重" in each.value)
    assert dict(zip(kinds["类型"], kinds["处数"], strict=True)) == {"轨道交通站点": 1, "公交站点": 2}
    sites = next(each.value for each in app.dataframe if "序" in each.value)
    assert sites["类型"].tolist().count("公交站点") == 2
    assert {site[3] for site in maps_of(app)[-1]["siting"]["best"]} == {300, 800}


def test_existing_capacity_is_asked_for_and_what_is_unknown_is_counted() -> None:
    app = open_page(ppu="14", cap="5000", step="1000")
    assert any("有位子的居民" in metric.label for metric in app.metric)
    assert any("不知道容量" in caption.value for caption in app.caption)
