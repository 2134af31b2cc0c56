"""A page that waits for workers: it shows the place in the queue, lets go on cancel, and begins again when asked."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.errors import BusyError
from layers.workers.run import Run
from pages.parts.siting import answer_and_map
from tests.pages.test_siting import open_page


class Begun:
    """Stands for workers that are never done."""

    def __init__(self) -> None:
        self.runs: list[Run[Any]] = []

    def __call__(self, *_asked: object) -> Run[Any]:
        self.runs.append(Run("session", 20.0))
        return self.runs[-1]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Begun:
    made = Begun()
    monkeypatch.setattr(answer_and_map, "start", made)
    return made


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def test_a_page_waits_cancels_and_begins_again(begun: Begun) -> None:
    app = open_page()
    assert "取消" in [button.label for button in app.button]
    assert len(begun.runs) == 1
    app.run()
    assert len(begun.runs) == 1, "another run of the page asks nothing anew"
    press(app, "取消")
    assert "已取消。" in [box.value for box in app.info]
    app.run()
    assert len(begun.runs) == 1, "what was called off is not begun again by itself"
    press(app, "再算一次")
    assert len(begun.runs) == 2


def test_another_question_leaves_the_one_before(begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page()
    left: list[str] = []
    monkeypatch.setattr(begun.runs[0], "leave", left.append)
    app.query_params["k"] = "4"
    app.run()
    assert len(left) == 1
    assert len(begun.runs) == 2


def test_an_error_of_the_work_is_shown_once_and_not_begun_again(begun: Begun) -> None:
    app = open_page()
    begun.runs[0].future.set_exception(BusyError("排不下了。"))
    app.run()
    app.run()
    assert "排不下了。" in [box.value for box in app.warning]
    assert len(begun.runs) == 1
