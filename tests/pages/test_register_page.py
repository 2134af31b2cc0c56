"""The page of the register: who may what, each edit as an event, two editors at once, undo, reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.errors import AccessError
from geo.store import Store
from geo.store.model import Actor, Batch, Role
from geo.store.roles import VISITOR

WORK = "U01-2021-001"
Page = Callable[..., AppTest]


def widget(app: AppTest, kind: str, name: str) -> Any:
    """The widget whose key begins with ``name-``."""
    return next(each for each in getattr(app, kind) if str(each.key).startswith(f"{name}-"))


def fill(app: AppTest, form: str, *, source: str = "S-PLAN", reason: str = "核对台账") -> None:
    widget(app, "selectbox", f"{form}-source").set_value(source)
    widget(app, "text_input", f"{form}-reason").set_value(reason)


def save(app: AppTest, form: str) -> AppTest:
    widget(app, "button", f"{form}-save").click().run()
    assert not app.exception, app.exception
    return app


def messages(app: AppTest) -> str:
    kinds = (app.error, app.warning, app.success, app.info)
    return "\n".join(each.value for kind in kinds for each in kind).replace("\\", "")


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("link", [{}, {"work": WORK}, {"tab": "changes"}, {"tab": "add"}, {"work": "nope"}])
def test_a_visitor_sees_no_form(register: Store, page: Page, link: dict[str, str], lang: str) -> None:
    app = page("register.py", lang=lang, **link)
    assert app.info
    assert not [
        each for each in app.button if str(each.key).split("-")[-1] == "save" or "save" in str(each.key)
    ]
    label = {"zh": "做什么", "en": "What to do"}[lang]
    choice = next(group for group in app.get("button_group") if group.label == label)
    assert choice.value == ("changes" if link.get("tab") == "changes" else "works")
    assert len(choice.options) == 3, "adding and deciding are for editors"


@pytest.mark.parametrize("person", [VISITOR, Actor("li@example.gov.cn", Role.viewer), Actor(" ", Role.admin)])
def test_what_a_page_should_not_have_sent_is_refused_where_it_is_written(
    register: Store, person: Actor
) -> None:
    before = register.revision()
    event = {
        "work_id": WORK,
        "date": date(2021, 9, 1),
        "date_precision": "day",
        "kind": "status",
        "value": "completed",
    }
    batch = Batch(reason="x", events=(event | {"confirmed": True, "source_id": "S-PLAN"},))
    for call in (
        lambda: register.apply(person, batch),
        lambda: register.merge(person, WORK, "U01-2021-002", "x"),
        lambda: register.undo(person, "EV0001", "x"),
    ):
        with pytest.raises(AccessError):
            call()
    assert register.revision() == before


def test_a_status_is_recorded_with_source_and_reason(register: Store, editor: Actor, page: Page) -> None:
    app = page("register.py", work=WORK)
    widget(app, "selectbox", "status").set_value("completed")
    widget(app, "date_input", "progress-day").set_value(date(2021, 9, 30))
    fill(app, "progress")
    save(app, "progress")
    assert "已登记 1 条" in messages(app)
    last = register.history(WORK).iloc[-1]
    assert (last["kind"], last["value"], last["recorded_by"]) == ("status", "completed", editor.name)
    assert "核对台账" in str(last["reason_zh"])
    assert "建成" in html_of(app)


def test_every_missing_field_is_named_and_nothing_is_written(
    register: Store, editor: Actor, page: Page
) -> None:
    before = register.revision()
    app = page("register.py", work=WORK)
    save(app, "progress")
    for words in ("来源", "理由"):
        assert words in messages(app)
    assert register.revision() == before


def test_a_correction_writes_the_changed_field_alone(register: Store, editor: Actor, page: Page) -> None:
    app = page("register.py", work=WORK, do="fields")
    widget(app, "text_input", "f-street").set_value("南禅寺街道")
    fill(app, "fields")
    save(app, "fields")
    last = register.history(WORK).iloc[-1]
    assert last["kind"] == "correction"
    assert json.loads(last["value"]) == {"street": "南禅寺街道"}


def test_no_change_is_said_to_be_none(register: Store, editor: Actor, page: Page) -> None:
    app = page("register.py", work=WORK, do="fields")
    fill(app, "fields")
    save(app, "fields")
    assert "没有改动" in messages(app)


@pytest.mark.parametrize(
    ("system", "x", "y"), [("WGS84", "120.311", "31.569"), ("GCJ02", "120.3156", "31.5669")]
)
def test_a_work_is_placed_from_typed_coordinates(
    register: Store, editor: Actor, page: Page, system: str, x: str, y: str
) -> None:
    app = page("register.py", work=WORK, do="place")
    widget(app, "selectbox", "system").set_value(system)
    widget(app, "text_input", "x").set_value(x)
    widget(app, "text_input", "y").set_value(y).run()
    fill(app, "place")
    for box in app.checkbox:
        box.check()
    save(app, "place")
    last = register.history(WORK).iloc[-1]
    value = json.loads(last["value"])
    assert last["kind"] == "location"
    assert (value["x_original"], value["y_original"], value["crs_original"]) == (x, y, system)
    assert value["lon"] == pytest.approx(120.311, abs=0.001)
    assert value["accuracy_m"] == 50


def test_a_place_in_another_district_has_to_be_confirmed(register: Store, editor: Actor, page: Page) -> None:
    app = page("register.py", work=WORK, do="place")
    widget(app, "text_input", "x").set_value("119.82")
    widget(app, "text_input", "y").set_value("31.36").run()
    assert "宜兴" in messages(app)
    fill(app, "place")
    save(app, "place")
    assert "区县" in messages(app)
    app.checkbox[0].check()
    save(app, "place")
    assert register.history(WORK).iloc[-1]["kind"] == "location"


def test_the_second_editor_is_told_and_keeps_what_was_typed(
    register: Store, editor: Actor, page: Page
) -> None:
    first, second = page("register.py", work=WORK, do="fields"), page("register.py", work=WORK, do="fields")
    widget(second, "text_input", "f-note_zh").set_value("我写的说明")
    fill(second, "fields", reason="第二人")
    second.run()
    widget(first, "text_input", "f-street").set_value("南禅寺街道")
    fill(first, "fields", reason="第一人")
    save(first, "fields")
    save(second, "fields")
    assert "别人改过" in messages(second)
    assert "南禅寺街道" in messages(second)
    assert widget(second, "text_input", "f-note_zh").value == "我写的说明"
    widget(second, "button", "again").click().run()
    assert not second.exception
    row = register.pack().works
    from geo.register.register import Register

    now = Register.from_pack(register.pack()).state(date.today()).loc[WORK]
    assert (now["street"], now["note_zh"]) == ("南禅寺街道", "我写的说明")
    assert WORK in row.index


def test_a_work_is_added_and_the_same_again_changes_nothing(
    register: Store, editor: Actor, page: Page
) -> None:
    for turn in range(2):
        app = page("register.py", tab="add")
        widget(app, "text_input", "f-name_zh").set_value("测试新村")
        widget(app, "selectbox", "f-item_id").set_value("U01")
        widget(app, "text_input", "f-year").set_value("2021")
        fill(app, "add")
        save(app, "add")
        assert ("没有变化" in messages(app)) == bool(turn)
    works = register.pack().works
    assert (works["name_zh"] == "测试新村").sum() == 1


def test_undo_is_an_event_and_can_be_undone(register: Store, editor: Actor, page: Page) -> None:
    app = page("register.py", work=WORK)
    widget(app, "selectbox", "status").set_value("cancelled")
    fill(app, "progress")
    save(app, "progress")
    written = register.history(WORK).iloc[-1]["event_id"]
    for expected in ("undo", "undo"):
        app = page("register.py", work=WORK, do="history")
        newest = register.history(WORK).iloc[-1]["event_id"]
        widget(app, "selectbox", "undo").set_value(newest)
        widget(app, "text_input", "undo-reason").set_value("记错了")
        widget(app, "button", "undo-go").click().run()
        assert not app.exception
        assert register.history(WORK).iloc[-1]["kind"] == expected
    from geo.register.register import Register

    assert Register.from_pack(register.pack()).state(date.today()).loc[WORK, "status"] == "cancelled"
    assert written in set(register.history(WORK)["event_id"])


def test_whether_facilities_are_complete_is_said_with_a_source_and_taken_back(
    register: Store, editor: Actor, page: Page
) -> None:
    from geo.register.completeness import is_complete
    from geo.register.register import Register

    app = page("register.py", tab="facilities")
    widget(app, "selectbox", "kind").set_value("bus_stop").run()
    widget(app, "selectbox", "district").set_value("320282").run()
    widget(app, "text_input", "as-of").set_value("2026-11")
    save(app, "completeness")
    assert "来源" in messages(app)
    fill(app, "completeness")
    save(app, "completeness")
    assert is_complete(Register.from_pack(register.pack()), ["bus_stop"], "320282")
    app = page("register.py", tab="facilities")
    widget(app, "selectbox", "kind").set_value("bus_stop").run()
    widget(app, "selectbox", "district").set_value("320282").run()
    assert "齐全与否：是" in html_of(app)
    written = register.history("bus_stop|320282").iloc[-1]["event_id"]
    widget(app, "selectbox", "undo").set_value(written)
    widget(app, "text_input", "undo-reason").set_value("记错了")
    widget(app, "button", "undo-go").click().run()
    assert not is_complete(Register.from_pack(register.pack()), ["bus_stop"], "320282")


def test_two_works_are_merged(register: Store, editor: Actor, page: Page) -> None:
    app = page("register.py", work=WORK, do="merge")
    widget(app, "selectbox", "into").set_value("U01-2021-002")
    widget(app, "text_input", "merge-reason").set_value("同一小区")
    widget(app, "button", "merge").click().run()
    assert not app.exception
    assert "merge" in set(register.history(WORK)["kind"])
    assert "已登记" in messages(app)


def test_a_report_waits_until_an_editor_decides_and_the_reason_is_published(
    register: Store, as_person: Callable[[Actor], None], page: Page
) -> None:
    app = page("works.py", work=WORK)
    widget(app, "text_area", "report-text").set_value("<b>小区名</b>写错了")
    widget(app, "text_input", "report-contact").set_value("13800000000")
    widget(app, "button", "report-send").click().run()
    assert "收到了" in messages(app)
    as_person(Actor("li@example.gov.cn", Role.editor))
    queue = page("register.py", tab="reports")
    assert any("写错了" in each.value for each in queue.text)
    assert any("北京时间" in each.value for each in queue.markdown)
    assert {"看这个项目", "到“查改”更正"} <= {each.proto.label for each in queue.get("page_link")}
    widget(queue, "button", "declined").click().run()
    assert "理由" in messages(queue)
    widget(queue, "text_input", "why").set_value("与公布名单一致")
    widget(queue, "button", "declined").click().run()
    assert not queue.exception
    assert "没有等待处理" in messages(queue)
    as_person(VISITOR)
    about = page("about.py")
    shown = "\n".join(frame.value.to_csv() for frame in about.dataframe)
    assert "与公布名单一致" in shown
    assert "13800000000" not in shown


def test_an_empty_report_is_refused(register: Store, page: Page) -> None:
    app = page("works.py", work=WORK)
    widget(app, "button", "report-send").click().run()
    assert app.error
    assert register.remarks().empty


def test_reports_are_limited(register: Store, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.parts.shell.access.peer", lambda: "203.0.113.7")
    app = page("works.py", work=WORK)
    for turn in range(9):
        widget(app, "text_area", "report-text").set_value(f"第 {turn} 次")
        widget(app, "button", "report-send").click().run()
        if app.error:
            break
    assert app.error
    assert 1 <= len(register.remarks()) < 9


def test_forged_headers_are_no_new_senders(
    register: Store, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the web server resolves them where nobody named a proxy: whatever a program of this machine wrote."""
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    app = page("works.py", work=WORK)
    for turn in range(9):
        address = f"203.0.113.{turn}"
        monkeypatch.setattr("pages.parts.shell.access.peer", lambda address=address: address)
        monkeypatch.setattr(
            "pages.parts.shell.access.headers", lambda address=address: {"X-Forwarded-For": address}
        )
        widget(app, "text_area", "report-text").set_value(f"第 {turn} 次")
        widget(app, "button", "report-send").click().run()
        if app.error:
            break
    assert app.error
    assert len(register.remarks()) == 5


def test_the_changes_between_two_days_and_since_a_version(register: Store, editor: Actor, page: Page) -> None:
    app = page("register.py", **{"tab": "changes", "from": "2021-06-30", "to": "2021-12-31"})
    assert len(app.dataframe[0].value) > 10
    app = page("register.py", tab="changes", how="since")
    assert not app.exception
