"""The page of imports, step by step: what is read, asked, refused, written, and taken back."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geo.atlas import load_atlas
from geo.coverage.saved_data import saved_datasets
from geo.register.register import Register
from geo.store import Store
from geo.store.model import Actor
from geo.store.roles import VISITOR
from pages.parts.importing import check as import_check
from pages.parts.importing import flow as import_flow
from pages.parts.importing import preview as import_preview

Page = Callable[..., AppTest]
LIST = """小区名称,所属区,经度,纬度,竣工日期,状态
试验甲村,梁溪区,120.3136,31.5501,2021年11月,已完工
试验乙村,宜兴市,119.8241,31.3603,2021年12月,已完工
试验丙村,宜兴市,31.3603,119.8241,2021年12月,已完工
试验丁村,宜兴市,119.8250,31.3610,2021-11-31,已完工
"""


@pytest.fixture(autouse=True)
def _no_temporary_files_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Uploads are written under names of our own and removed."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def widget(app: AppTest, kind: str, name: str) -> Any:
    return next(each for each in getattr(app, kind) if str(each.key).endswith(f"-{name}"))


def settled(app: AppTest) -> AppTest:
    """The page once its work beside the page has ended (a browser would ask by itself)."""
    while (job := app.session_state["_import"].job) is not None:
        job.wait(60)
        app.run()
    assert not app.exception, app.exception
    return app


def press(app: AppTest, name: str) -> AppTest:
    widget(app, "button", name).click().run()
    return settled(app)


def messages(app: AppTest) -> str:
    kinds = (app.error, app.warning, app.success, app.info)
    return "\n".join(each.value for kind in kinds for each in kind).replace("\\", "")


def bring(app: AppTest, content: bytes | str, name: str = "名单.csv", *more: tuple[str, bytes]) -> AppTest:
    raw = content.encode("gb18030") if isinstance(content, str) else content
    uploader = app.file_uploader[0]
    uploader.set_value([(name, raw, "application/octet-stream"), *((n, c, "") for n, c in more)]).run()
    return settled(app)


def to_check(app: AppTest, content: bytes | str = LIST, *, crs: str = "GCJ02") -> AppTest:
    bring(app, content)
    press(app, "to2")
    widget(app, "selectbox", "item").set_value("U01")
    widget(app, "text_input", "src-publisher").set_value("住建局")
    widget(app, "text_input", "src-published").set_value("2021-12")
    press(app, "to3")
    widget(app, "selectbox", "crs").set_value(crs).run()
    return press(app, "to4")


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
    assert "导入后会怎样" in "".join(each.value for each in app.subheader)


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
    assert set(added["note_zh"]) == {"泊位数 120个"}
    assert not register.pack().works["name_zh"].str.startswith("试验").any()
    assert any("停车场的覆盖" in str(element.proto.label) for element in app.get("page_link"))


def test_long_work_shows_how_far_it_is_and_can_be_called_off(
    register: Store, editor: Actor, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading that takes its time: a bar with words, a button; called off, nothing stays and the page goes on."""
    begun, seen = threading.Event(), threading.Event()

    def slow(*_words: Any, cancelled: Callable[[], bool], **_more: Any) -> Any:
        begun.set()
        while not cancelled():
            time.sleep(0.01)
        seen.set()
        raise AssertionError("what was called off is never shown")

    monkeypatch.setattr(import_flow, "QUICK_S", 0.05)
    quick = import_flow.read_file
    monkeypatch.setattr(import_flow, "read_file", slow)
    app = page("import.py")
    app.file_uploader[0].set_value([("名单.csv", LIST.encode(), "text/csv")]).run()
    assert begun.wait(10)
    (bar,) = app.get("progress")
    assert 0 < bar.proto.value < 100
    assert "读取文件" in bar.proto.text
    next(button for button in app.button if button.key == "job-off").click().run()
    assert seen.wait(10)
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
    told: list[float] = []

    def slow(*_words: Any, progress: Callable[[float], bool], **_more: Any) -> Any:
        for step in range(1000):
            told.append(step / 1000)
            progress(step / 1000)
            time.sleep(0.01)
        raise AssertionError("it was not called off")

    monkeypatch.setattr(import_flow, "QUICK_S", 0.05)
    monkeypatch.setattr(import_check, "make_plan", slow)
    widget(app, "button", "to4").click().run()
    assert app.get("progress")
    next(button for button in app.button if button.key == "job-off").click().run()
    assert not app.exception
    assert not app.get("progress")
    assert app.session_state["_import"].step == 3
    reached = len(told)
    time.sleep(0.1)
    assert len(told) <= reached + 1
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
