"""What each place of a list has around it, on the page: the table is the core's answer, the link holds the chosen place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from geo.coverage.place_services import place_services
from geo.coverage.service_places import work_places
from geo.questions.services import ServicesQuestion
from geo.register.city import Atlas

DAY = "2026-11-29"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_the_core_s_answer(page: Callable[..., AppTest], atlas: Atlas, lang: str) -> None:
    question = ServicesQuestion.read(
        {"as_of": date.fromisoformat(DAY).isoformat(), "item": "U01", "scope": "all"}
    )
    table = place_services(atlas, work_places(atlas, question, lang), question, lang=lang).rounded()
    placed = table.loc[table["distance_m"].notna(), "place_id"].iloc[0]
    app = page("matrix.py", view="places", as_of=DAY, place=placed, lang=lang)
    shown = app.dataframe[0].value
    assert list(shown.iloc[:, 0]) == list(table.drop_duplicates("place_id")["place"])
    assert list(shown.columns[1:]) == list(table["kind_name"].unique())
    card = "\n".join(element.proto.body for element in app.get("html"))
    assert f'href="./?work={placed}' in card
    here = table[table["place_id"] == placed]
    for row in here.to_dict("records"):
        assert escape(row["kind_name"], quote=False) in card
        assert escape(row["facility"], quote=False) in card
        assert escape(row["why"], quote=False) in card
    first, *__ = here.to_dict("records")
    cell = shown.loc[list(table["place_id"].unique()).index(placed), first["kind_name"]]
    assert f"{first['distance_m']:,.0f}" in cell
    assert ("✓" in cell) == (first["within_15"] == "yes")


def test_another_item_is_another_list_and_an_unknown_place_shows_no_card(
    page: Callable[..., AppTest],
) -> None:
    app = page("matrix.py", view="places", as_of=DAY, item="U04", place="<b>nobody</b>")
    assert "U04" in app.selectbox(key="item").value
    assert not any("<table" in element.proto.body for element in app.get("html"))


def test_indicators_of_one_s_own_are_in_the_link_and_in_the_table(page: Callable[..., AppTest]) -> None:
    app = page("matrix.py", as_of=DAY, own="身边的站~metro_station~straight~500~80")
    card = "\n".join(element.proto.body for element in app.get("html"))
    assert "身边的站" in card
    assert "未核对标准" in card
    assert app.query_params["own"] == "身边的站~metro_station~straight~500~80"
    wrong = page("matrix.py", as_of=DAY, own="<b>~castle~straight~500")
    assert any("castle" in box.value for box in wrong.error)


def test_a_cell_of_a_composite_indicator_leads_to_a_part(page: Callable[..., AppTest]) -> None:
    app = page("matrix.py", as_of=DAY, own="都近~bus_500+metro_800~all~~80")
    assert not app.exception
    (grid,) = [element.proto.body for element in app.get("html") if "都近" in element.proto.body]
    assert "2 项都满足" in grid
    assert "ind=bus_500" in grid
