"""The page of what is near: from a search to an answer that its link holds, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from geo.display.near_text import sentences
from geo.register.city import Atlas
from geo.register.near import near
from geo.register.positions import Position

DAY = "2021-12-31"


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_link_shows_what_the_core_answers(page: Callable[..., AppTest], atlas: Atlas, lang: str) -> None:
    app = page("near.py", at="120.30,31.57", as_of=DAY, lang=lang)
    told = near(atlas, Position(120.30, 31.57), as_of=date.fromisoformat(DAY))
    names = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    shown = html_of(app)
    for sentence in sentences(told, names, lang):
        assert escape(sentence, quote=False) in shown
    for work_id in told.works.index:
        assert re.search(rf"work={work_id}(&amp;lang=en)?#map=14/", shown)
    assert len(told.works) == shown.count("work=")


def test_a_search_leads_to_a_place_that_the_link_holds(page: Callable[..., AppTest]) -> None:
    app = page("near.py", as_of=DAY)
    app.text_input(key="q").set_value("太湖广场").run()
    app.button(key="find-ST-1-13").click().run()
    assert not app.exception
    assert app.query_params["near"] == "ST-1-13"
    assert "q" not in app.query_params
    assert "太湖广场站" in html_of(app)
    app.text_input(key="q").set_value("120.28,31.58").run()
    app.button(key="find-at").click().run()
    assert app.query_params["at"] == "120.28,31.58"
    assert "near" not in app.query_params
    assert "120.280000, 31.580000" in html_of(app)


def test_districts_lead_to_their_page_and_works_without_a_place_cannot_be_chosen(
    page: Callable[..., AppTest],
) -> None:
    app = page("near.py", q="滨湖区", as_of=DAY)
    assert any(
        link.proto.page == "district" and "d=320211" in link.proto.query_string
        for link in app.get("page_link")
    )
    assert app.button(key="find-U01-2023-A87").disabled


@pytest.mark.parametrize(
    "link",
    [
        {"at": "31.57,120.30"},
        {"at": "nan,1"},
        {"at": "<img src=x>"},
        {"at": "0,0"},
        {"near": "<img src=x>"},
        {"near": "U01-2023-A87"},
    ],
)
def test_what_cannot_be_used_is_refused_in_words(page: Callable[..., AppTest], link: dict[str, str]) -> None:
    app = page("near.py", as_of=DAY, **link)
    assert len(app.warning) == 1
    assert "<img" not in html_of(app)
    assert "verdict" not in html_of(app)
