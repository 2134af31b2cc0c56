"""The page of imports, step by step: what is read, asked, refused, written, and taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.atlas import load_atlas
from geo.register.register import Register
from geo.store import Store
from geo.store.model import Actor
from geo.store.roles import VISITOR
from pages.parts.importing import preview as import_preview
from tests.pages.importing import LIST, Page, bring, messages, press, to_check, widget

pytestmark = pytest.mark.usefixtures("no_temporary_files_stay")


def test_a_list_goes_in_and_the_same_again_changes_nothing(
    register: Store, editor: Actor, page: Page
) -> None:
    app = to_check(page("import.py"))
    assert [metric.value for metric in app.metric] == ["2", "0", "0", "0", "2", "0"]
    report = app.dataframe[0].value
    assert set(report[report["程度"] == "错误"]["行"]) == {4, 5}
    press(app, "take")
    assert "新增 **2** 个项目" in messages(app)
    assert any("在地图上看这些项目" in each.proto.label for each in app.get("page_link"))
    state = Register.from_pack(register.pack()).state(date(2021, 12, 31))
    row = state[state["name_zh"] == "试验甲村"].iloc[0]
    assert (row["status"], row["item_id"], row["crs_original"], row["x_original"]) == (
        "completed",
        "U01",
        "GCJ02",
        "120.3136",
    )
    assert row["lon"] == pytest.approx(120.3092, abs=0.001)
    revision = register.revision()
    app = to_check(page("import.py"))
    assert [metric.value for metric in app.metric][2] == "2"
    assert widget(app, "button", "take").disabled
    assert register.revision() == revision


def test_rejected_rows_come_back_corrected(register: Store, editor: Actor, page: Page) -> None:
    from pages.parts.importing.flow import Flow

    app = to_check(page("import.py"))
    current: Flow = app.session_state["_import"]
    plan = current.plan
    press(app, "take")
    content = plan.rejected_file()
    sheet = pd.read_excel(io.BytesIO(content), dtype=object)
    assert sheet["导入问题"].notna().all()
    assert sheet["原表行号"].tolist() == [4, 5]
    sheet.loc[0, ["经度", "纬度"]] = [119.8241, 31.3603]
    sheet.loc[1, "竣工日期"] = "2021-11-30"
    buffer = io.BytesIO()
    sheet.to_excel(buffer, index=False)
    press(app, "anew")
    bring(app, buffer.getvalue(), "rejected.xlsx")
    press(app, "to2")
    assert "沿用上一个文件的选择" in messages(app)
    assert said_of_the_list(app) == ("U01", "住建局", "2021-12", "名单.csv")
    press(app, "to3")
    assert widget(app, "selectbox", "crs").value == "GCJ02"
    press(app, "to4")
    assert next(metric.value for metric in app.metric) == "2"
    press(app, "take")
    names = register.pack().works["name_zh"]
    assert names[names.str.startswith("试验")].sort_values().tolist() == sorted(
        ["试验甲村", "试验乙村", "试验丙村", "试验丁村"]
    )


def said_of_the_list(app: AppTest) -> tuple[str, ...]:
    fields = [widget(app, "text_input", f"src-{name}").value for name in ("publisher", "published", "title")]
    return (widget(app, "selectbox", "item").value, *fields)


def test_the_rejected_file_tells_another_session_what_was_said(
    register: Store, editor: Actor, page: Page
) -> None:
    app = to_check(page("import.py"))
    content = app.session_state["_import"].plan.rejected_file()
    other = bring(page("import.py"), content, "退回-名单-2026-01-01.xlsx")
    press(other, "to2")
    assert "沿用退回文件里写的选择" in messages(other)
    assert said_of_the_list(other) == ("U01", "住建局", "2021-12", "名单.csv")
    columns = other.session_state["_import"].columns.columns
    assert columns["decision"] == "导入决定"
    assert "原表行号" not in columns.values()
    press(other, "to3")
    assert widget(other, "selectbox", "crs").value == "GCJ02"


def test_another_list_takes_item_and_publisher_but_no_system(
    register: Store, editor: Actor, page: Page
) -> None:
    app = to_check(page("import.py"))
    for name in ("back3", "back2", "back1"):
        press(app, name)
    bring(app, LIST.replace("小区名称", "名称"), "又一份.csv")
    press(app, "to2")
    assert said_of_the_list(app) == ("U01", "住建局", "2021-12", "又一份.csv")
    assert not app.session_state["_import"].choices.get("crs")


def test_no_item_and_no_publisher_are_warned_of(register: Store, editor: Actor, page: Page) -> None:
    app = press(bring(page("import.py"), LIST), "to2")
    assert "没有选计划条目" in messages(app)
    assert "没有写发布者" in messages(app)
    widget(app, "selectbox", "item").set_value("U01")
    widget(app, "text_input", "src-publisher").set_value("住建局").run()
    assert not app.warning


def test_far_rows_leave_the_frame_and_the_words_add_up(register: Store, editor: Actor, page: Page) -> None:
    app = to_check(page("import.py"), LIST + "试验戊村,梁溪区,116.4136,39.9101,2021年11月,已完工\n")
    shown = [metric.value for metric in app.metric]
    assert f"{shown[4]} 行退回，{shown[3]} 行待回答" in messages(app)
    assert any("不在图框里" in caption.value for caption in app.caption)
    plan = app.session_state["_import"].plan
    rows = plan.rows[plan.rows["lon"].notna()]
    near = import_preview._framed(rows)
    (south, west), (north, east) = import_preview.draft_of(rows, near)["bounds"]
    assert north - south < 2
    assert east - west < 2
    assert "导入后会怎样" in "".join(each.value for each in app.header)


def test_a_whole_batch_is_taken_back(register: Store, editor: Actor, page: Page) -> None:
    before = Register.from_pack(register.pack()).state(date(2026, 1, 1))
    app = press(to_check(page("import.py")), "take")
    widget(app, "toggle", "undo").set_value(True).run()
    press(app, "undo-go")
    assert "理由" in messages(app)
    widget(app, "text_input", "undo-reason").set_value("导错了")
    press(app, "undo-go")
    after = Register.from_pack(register.pack()).state(date(2026, 1, 1))
    assert after[before.columns].index.tolist() == before.index.tolist()
    assert after["status"].tolist() == before["status"].tolist()


def test_headers_are_known_the_second_time(register: Store, editor: Actor, page: Page) -> None:
    press(to_check(page("import.py")), "take")
    app = bring(page("import.py"), LIST.replace("试验", "又"))
    assert any("认得这种表头" in caption.value for caption in app.caption)
    press(app, "to2")
    assert widget(app, "selectbox", "item").value == "U01"
    press(app, "to3")
    assert widget(app, "selectbox", "crs").value == "GCJ02"


def test_a_guess_is_corrected_and_two_columns_of_one_field_are_named(
    register: Store, editor: Actor, page: Page
) -> None:
    app = press(bring(page("import.py"), LIST.replace("小区名称", "甲").replace("所属区", "乙")), "to2")
    widget(app, "selectbox", "col-0").set_value("name_zh")
    widget(app, "selectbox", "col-1").set_value("name_zh")
    press(app, "to3")
    assert "甲" in messages(app)
    assert "乙" in messages(app)
    widget(app, "selectbox", "col-1").set_value("district_code")
    press(app, "to3")
    assert not app.error


def test_no_name_no_next_step(register: Store, editor: Actor, page: Page) -> None:
    app = press(bring(page("import.py"), LIST), "to2")
    widget(app, "selectbox", "col-0").set_value("")
    widget(app, "text_input", "src-published").set_value("昨天")
    press(app, "to3")
    assert "名称" in messages(app)
    assert "发布日期" in messages(app)


def test_a_visitor_may_try_but_finds_no_button_that_writes(
    register: Store, as_person: Callable[[Actor], None], page: Page
) -> None:
    as_person(VISITOR)
    app = to_check(page("import.py"))
    assert app.metric
    assert not [button for button in app.button if str(button.key).endswith("-take")]
    assert "登录" in messages(app)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.csv", "空"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "picture.csv", "picture.csv"),
        (b"PK\x03\x04 broken", "../../etc/x.xlsx", "x.xlsx"),
        (b"http://127.0.0.1/x.csv", "address.csv", "address.csv"),
    ],
)
def test_a_file_that_is_none_is_refused_and_the_page_lives_on(
    register: Store, editor: Actor, page: Page, content: bytes, name: str, words: str
) -> None:
    app = bring(page("import.py"), content, name)
    assert words in messages(app)
    bring(app, LIST)
    assert not app.error
    assert "**4** 行" in messages(app)


def test_hostile_names_are_shown_as_text(register: Store, editor: Actor, page: Page) -> None:
    evil = "<img src=x onerror=alert(1)>**x**[a](javascript:1)"
    app = to_check(page("import.py"), LIST.replace("试验甲村", evil))
    press(app, "take")
    shown = "\n".join(element.proto.body for element in app.get("html"))
    assert "<img" not in shown
    assert evil in set(register.pack().works["name_zh"])


def test_several_files_that_are_no_shapefile_are_refused(register: Store, editor: Actor, page: Page) -> None:
    app = bring(page("import.py"), LIST, "a.csv", ("b.csv", LIST.encode()))
    assert "一次只能导入一个文件" in messages(app)


def test_the_same_list_twice_at_once_is_one_list(register: Store, editor: Actor, page: Page) -> None:
    first, second = to_check(page("import.py")), to_check(page("import.py"))
    press(first, "take")
    revision = register.revision()
    press(second, "take")
    assert "以前已经导入过" in messages(second)
    assert register.revision() == revision
    assert load_atlas().register.state(date.today())["name_zh"].eq("试验甲村").sum() == 1


def test_every_step_in_english(register: Store, editor: Actor, page: Page) -> None:
    app = to_check(page("import.py", lang="en"))
    press(app, "take")
    assert app.success


def test_what_many_rows_get_is_one_line_that_opens_to_each(
    register: Store, editor: Actor, page: Page
) -> None:
    rows = "".join(f"试验{name}村,梁溪区,北大街街道,已竣工\n" for name in "甲乙丙丁戊己庚")
    app = bring(page("import.py"), f"项目名称,区县,街道,状态\n{rows}")
    press(app, "to2")
    widget(app, "selectbox", "item").set_value("U01")
    widget(app, "text_input", "src-publisher").set_value("住建局")
    press(app, "to3")
    press(app, "to4")
    report = app.dataframe[0].value
    placed = report[report["问题与办法"].str.contains("按街道或镇放置")]
    assert placed["行"].tolist() == [2]
    assert "共 7 行：第 2、3、4、5、6、7、8 行" in placed["问题与办法"].iloc[0]
    widget(app, "toggle", "each-row").set_value(True).run()
    report = app.dataframe[0].value
    assert report["问题与办法"].str.contains("按街道或镇放置").sum() == 7
