"""The siting page: it asks, waits without freezing, compares with one's own sites, and says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from layers.analysis.siting import site_words, start

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
LINK = {"as_of": "2021-12-31", "what": "kind:metro_station", "sr": "800", "k": "3", "sp": "500", "limit": "5"}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """The first answer of a process waits for compilation; pages under test should not."""
    words = {"kind": "metro_station", "radius": "800", "as_of": "2021-12-31", "k": "1", "spacing": "2000"}
    start(site_words(words), "zh").result(timeout=120)


def open_page(**link: Any) -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=90)
    app.switch_page("siting.py")
    for name, value in (LINK | link).items():
        app.query_params[name] = value
    for _again in range(
        20
    ):  # an answer may take longer than the page waits; a person's browser asks again too
        app.run()
        assert not app.exception, app.exception
        if not any("正在求解" in box.value for box in app.info):
            return app
    raise AssertionError("no answer")


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
    assert "不是不小于零的数" in open_page(k="none").warning[0].value
    assert "在市域以外" in open_page(own=["125.0,31.5"]).warning[0].value
    assert "都没有位置" in open_page(what="kind:school_primary", cand="works").warning[0].value


@pytest.mark.parametrize(
    "link",
    [
        {"goal": "fewest", "target": "60%", "lang": "en"},
        {"goal": "nearest", "sp": "1000", "own": ["120.30,31.59"]},
        {"cand": "works", "at": ["320213", "320211", "320214"]},
        {"den": "area", "method": "greedy"},
        {"floor": "55%"},
        {"cap": "20000", "sp": "1000"},
    ],
    ids="-".join,
)
def test_every_kind_of_question_is_answered(link: dict[str, Any]) -> None:
    app = open_page(**link)
    assert not app.warning, app.warning[0].value
    assert app.metric
