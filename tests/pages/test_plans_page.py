"""Two plans in one register, one of them invented: pages, API, files and reports ask which, and mean the first where nobody says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app as commands
from geo.paths import DATA_DIR
from geo.questions.works import PictureQuestion
from geo.report import ReportRequest, report
from geo.store import Store
from geo.store.model import Actor, Batch
from layers.api.server import routes
from layers.report.view import view_sheet
from tests.pages.conftest import EDITOR
from tests.plans.invented import PLAN, item

Page = Callable[..., AppTest]
TITLE = "虚构的2023年计划"


@pytest.fixture
def both(register: Store) -> Store:
    """The register with an invented plan of 2023, which promises S2 again and line 9 for the first time."""
    row = {"plan_id": PLAN, "city_code": "320200", "year": 2023, "name_zh": TITLE, "source_id": "S-PLAN"}
    items = (
        item(1, item_id=f"{PLAN}-Z01", name_zh="锡宜城际S2"),
        item(2, item_id=f"{PLAN}-Z02", name_zh="虚构的9号线"),
    )
    promise = {
        "promise_id": f"T04.{PLAN}-Z01", "work_id": "T04", "item_id": f"{PLAN}-Z01", "basis": "模拟",
        "decided_by": EDITOR.name, "decided_on": "2026-01-01",
    }  # fmt: skip
    register.apply(EDITOR, Batch(reason="模拟", plans=(row,), plan_items=items, promises=(promise,)))
    return register


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def captions(app: AppTest) -> str:
    return "\n".join(each.value for each in app.caption).replace("\\", "")


def test_with_one_plan_nobody_is_asked(page: Page) -> None:
    app = page("promise.py")
    assert not [each for each in app.selectbox if each.key == "plan"]
    assert "本页说的是" not in captions(page("plan.py"))


def test_a_page_asks_which_plan_and_means_the_first(both: Store, page: Page) -> None:
    app = page("promise.py")
    assert app.selectbox(key="plan").value == "2021"
    first = html_of(app)
    assert "虚构的9号线" not in first
    assert first.count('<li><a href="promise?item=') == 42
    app.selectbox(key="plan").set_value(PLAN).run()
    assert not app.exception
    other = html_of(app)
    assert "虚构的9号线" in other
    assert other.count('<li><a href="promise?item=') == 2
    assert app.query_params["plan"] == PLAN
    every = html_of(page("promise.py", plan="all"))
    assert every.count('<li><a href="promise?item=') == 44
    assert "2021" in captions(page("plan.py"))  # a page of the first plan alone says so
    for name in ("near", "district", "coverage", "matrix", "about"):
        shown = page(f"{name}.py", plan=PLAN)
        assert not shown.exception, name
        assert shown.selectbox(key="plan").value == PLAN, name


def test_a_promise_of_the_other_plan_has_its_page_and_its_works_their_card(both: Store, page: Page) -> None:
    app = page("promise.py", plan=PLAN, item=f"{PLAN}-Z01")
    assert "锡宜城际轨道S2线" in html_of(app)
    listed = page("works.py", plan=PLAN, work="T04")
    assert not listed.exception
    assert "虚构条目1" in html_of(listed)


def test_the_api_answers_for_each_plan(both: Store) -> None:
    with TestClient(Starlette(routes=routes()), base_url="http://atlas.test") as client:
        rows = {plan: client.get("/api/progress", params={"plan": plan}).json() for plan in ("", PLAN, "all")}
        assert [len(each["rows"]) for each in rows.values()] == [42, 2, 44]
        assert [each["plan"] for each in rows.values()] == ["2021", PLAN, "all"]
        promises = client.get("/api/promises", params={"plan": PLAN}).json()["rows"]
        assert [each["item_id"] for each in promises] == [f"{PLAN}-Z01", f"{PLAN}-Z02"]
        assert client.get("/api/progress", params={"plan": "1999"}).status_code == 400
        feed = client.get("/api/feed", params={"plan": PLAN, "item": f"{PLAN}-Z01"})
        assert feed.status_code == 200
        line = client.get("/atlas/layers/lines.json", params={"plan": PLAN}).text
        assert json.loads(line) != json.loads(client.get("/atlas/layers/lines.json").text)
        assert f"plan={PLAN}" in client.get("/atlas/map", params={"plan": PLAN}).text


def test_a_report_says_of_which_plan_it_is(both: Store) -> None:
    request = ReportRequest("", date(2026, 11, 23), date(2025, 11, 23))
    for plan, title in (("", "2021"), (PLAN, TITLE), ("all", "全部计划")):
        facts = dict(report(load_atlas(plan=plan), request).facts)
        assert title in facts["计划"]
    assert "计划" not in dict(report(load_atlas(DATA_DIR), request).facts)
    district = ReportRequest("320282", date(2026, 11, 23), date(2025, 11, 23))
    text = repr(report(load_atlas(plan="all"), district).blocks)
    assert "锡宜城际S2" in text


def test_the_page_of_a_plan_writes_it_when_each_proposal_is_decided(
    register: Store, page: Page, editor: Actor
) -> None:
    app = page("plan.py")
    app.text_area(key="plan_pasted").set_value("2023年计划（虚构）。开工建设锡宜城际轨道S2线。").run()
    app.button(key="plan_read").click().run()
    app.button(key="plan_accept").click().run()
    app.text_input(key="plan_title").set_value(TITLE).run()
    assert not app.error, [each.value for each in app.error]
    app.text_input(key="plan_new_reason").set_value("测试").run()
    app.button(key="plan_new_write").click().run()
    assert "没有决定" in "".join(each.value for each in app.error)
    assert list(register.pack().plans.index) == ["2021"]
    app.radio[0].set_value("same").run()
    app.button(key="plan_new_write").click().run()
    assert not app.exception
    assert list(register.pack().plans.index) == ["2021", "2023"]
    assert list(register.pack().promises["work_id"]) == ["T04"]


def test_a_picture_and_an_embedded_map_are_of_the_plan_that_is_chosen(both: Store) -> None:
    day = date(2021, 12, 31)
    first = view_sheet(PictureQuestion(as_of=day), (), "zh")
    other = view_sheet(PictureQuestion(as_of=day, plan=PLAN), (), "zh")
    assert set(other.rows.index) == set(
        load_atlas(plan=PLAN).register.state(day).query("counted == 'yes'").index
    )
    assert set(other.rows.index) != set(first.rows.index)
    assert TITLE in other.title
    assert TITLE not in first.title
    client = TestClient(Starlette(routes=routes()), base_url="http://atlas.test")
    page = client.get("/atlas/embed", params={"plan": PLAN}).text
    assert TITLE in page
    assert f"plan={PLAN}" in page


def test_a_link_without_a_plan_finds_its_promise_in_whichever_plan_has_it(both: Store, page: Page) -> None:
    wanted = f"{PLAN}-Z01"
    app = page("promise.py", item=wanted)
    assert app.selectbox(key="plan").value == PLAN
    assert "锡宜城际轨道S2线" in html_of(app)
    assert "没有写是哪份计划" in captions(app)
    app.selectbox(key="item").set_value("").run()
    assert app.query_params["plan"] == PLAN
    assert "没有写是哪份计划" not in captions(app)
    assert page("promise.py", item="T04").selectbox(key="plan").value == "2021"
    with TestClient(Starlette(routes=routes()), base_url="http://atlas.test") as client:
        feature = client.get(f"/api/collections/items/items/{wanted}").json()
        assert (feature["properties"]["plan"], feature["id"]) == (PLAN, wanted)
        refused = client.get(f"/api/collections/items/items/{wanted}", params={"plan": "2021"})
        assert refused.status_code == 404
        assert TITLE in client.get("/api/feed", params={"item": wanted}).text
        services = client.get("/api/services", params={"item": wanted, "kind": "metro_station"}).json()
        assert services["inputs"]["plan"] == PLAN
        assert client.get("/api/feed", params={"item": "1999-P01"}).status_code == 404
    typed = CliRunner().invoke(commands, ["works", "--item", wanted, "--format", "json"])
    assert "T04" in typed.stdout
    assert TITLE in typed.stderr
