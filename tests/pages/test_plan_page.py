"""The page of a plan's text: from the text to accepted items, with nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.plan_text import review
from geo.plan_text.draft import Draft
from geo.plan_text.names import index_of
from geo.plan_text.read_plan import read_plan
from pages.parts.plan.plan_text import pieces
from tests.pages.importing import messages

TEXT = "某市2030年计划（虚构）\n一、建设\n新建公园12个、绿道5公里。力争东环高架开工建设。推进产业融合发展。建成地铁9号线。\n"


@pytest.fixture
def begun(page: Callable[..., AppTest]) -> AppTest:
    app = page("plan.py")
    app.text_area(key="plan_pasted").set_value(TEXT).run()
    return press(app, "read")


def press(app: AppTest, name: str) -> AppTest:
    app.button(key=f"plan_{name}").click().run()
    assert not app.exception, app.exception
    return app


def draft_of(app: AppTest) -> Draft:
    draft: Draft = app.session_state["_plan_review"].draft
    return draft


def states(app: AppTest) -> list[str]:
    return [item.state for item in draft_of(app).items]


def field(app: AppTest, kind: str, name: str) -> Any:
    return next(each for each in getattr(app, kind) if str(each.key).startswith(f"plan-{name}-"))


def shown(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown).replace("\\", "")


def test_each_item_is_decided_and_each_step_taken_back(begun: AppTest) -> None:
    app = begun
    assert [draft_of(app).quote(item) for item in draft_of(app).items] == [
        "新建公园12个",
        "绿道5公里",
        "力争东环高架开工建设",
        "建成地铁9号线",
    ]
    assert "新建公园12个" in shown(app)
    press(app, "accept")
    assert "绿道5公里" in shown(app)
    press(app, "reject")
    assert states(app) == ["accepted", "rejected", "drafted", "drafted"]
    press(app, "undo")
    assert states(app) == ["accepted", "drafted", "drafted", "drafted"]
    press(app, "previous")
    press(app, "merge")
    assert next(item.name for item in draft_of(app).items) == "公园、绿道"
    press(app, "split")
    assert [draft_of(app).quote(item) for item in draft_of(app).items][:2] == ["新建公园12个", "绿道5公里"]


def test_a_field_is_corrected_and_a_passage_taken_in(begun: AppTest) -> None:
    app = begun
    press(app, "next")
    press(app, "next")
    assert "请核对" in field(app, "selectbox", "verb").label
    field(app, "selectbox", "verb").set_value("prepare").run()
    field(app, "number_input", "target").set_value(2.0).run()
    item = draft_of(app).items[2]
    assert (item.verb, item.target, item.unsure()) == ("prepare", 2.0, ())
    field(app, "text_input", "unit").set_value("").run()
    assert "单位" in messages(app) or "unit" in messages(app)
    assert draft_of(app).items[2].unit == "项"
    passage = next(each for each in draft_of(app).left_out if "产业融合" in draft_of(app).quote(each))
    app.selectbox(key="plan_passage").set_value(passage.start).run()
    press(app, "take")
    assert "推进产业融合发展" in shown(app)
    assert len(draft_of(app).items) == 5


def test_a_saved_draft_goes_on_where_it_was(begun: AppTest, page: Callable[..., AppTest]) -> None:
    press(begun, "accept")
    saved = draft_of(begun)
    app = page("plan.py")
    app.file_uploader[0].set_value([("draft.json", review.to_json(saved), "application/json")]).run()
    app.session_state["_reading-plan"].job.wait(60)
    app.run()
    assert draft_of(app) == saved
    assert "第 2 / 4 条" in shown(app)


def test_what_cannot_be_read_is_said(page: Callable[..., AppTest]) -> None:
    app = press(page("plan.py"), "read")
    assert "没有文字" in messages(app)
    app.file_uploader[0].set_value([("plan.pdf", b"PK\x03\x04", "application/pdf")]).run()
    app.session_state["_reading-plan"].job.wait(60)
    app.run()
    assert "plan.pdf 的内容与扩展名不符" in messages(app)


def test_english_and_hostile_words(page: Callable[..., AppTest]) -> None:
    app = page("plan.py", lang="en")
    app.text_area(key="plan_pasted").set_value("新建[坏](http://x.test)<img src=x>公园3个。").run()
    press(app, "read")
    assert "](http" not in "".join(each.value for each in app.markdown).replace("\\]\\(", "")
    assert "1 items to review" in shown(app)


def test_the_marked_text_is_the_text(begun: AppTest) -> None:
    draft = read_plan(TEXT, index_of([], []))
    for at in (0, *(item.key for item in draft.items)):
        made = pieces(draft, at)
        assert "".join(piece["text"] for piece in made) == TEXT
        marked = {piece["key"]: piece["text"] for piece in made if "key" in piece}
        assert marked == {item.key: draft.quote(item) for item in draft.items}
        assert [piece["key"] for piece in made if piece.get("in_hand")] == ([at] if at else [])
