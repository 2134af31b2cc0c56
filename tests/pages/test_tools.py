"""Download and share: on every page, two clicks, and nothing sent before they are opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tools.serving import PATIENCE_S

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
PAGES = ("home.py", "works.py", "district.py", "coverage.py", "about.py")


def open_tool(page: str, *tools: str, **link: Any) -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    app.switch_page(page)
    for name, value in link.items():
        app.query_params[name] = value
    for tool in tools:
        app.session_state[tool] = True
    app.run()
    assert not app.exception, app.exception
    return app


def file_names(app: AppTest) -> list[str]:
    return [element.proto.label for element in app.get("download_button")]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_hands_out_its_view_and_a_way_to_cite_it(page: str) -> None:
    app = open_tool(page, "take_away", "share")
    assert file_names(app)
    codes = [code.value for code in app.code]
    assert any("@misc" in code for code in codes)
    assert any("[EB/OL]" in code for code in codes)


def test_what_is_closed_is_not_sent() -> None:
    closed = open_tool("works.py")
    assert not file_names(closed)
    assert not closed.code


def test_the_district_list_is_two_clicks_away() -> None:
    app = open_tool("district.py", "take_away", d="320213", as_of="2021-12-31")
    assert file_names(app)[0] == "下载 XLSX"
    text = " ".join(element.value for element in app.markdown)
    assert "2021-12-31" in text


def test_a_format_that_knows_degrees_alone_offers_no_metres() -> None:
    app = open_tool("works.py", "take_away", lang="en")
    control = next(each for each in app.button_group if each.label == "Format")
    control.set_value("kml").run()
    assert file_names(app)[0] == "Download KML"
    systems = next(each for each in app.button_group if each.label == "Coordinate system")
    assert len(systems.options) == 2


def test_the_shared_link_keeps_its_day() -> None:
    app = open_tool("works.py", "share", category="metro")
    address = app.code[0].value
    assert "as_of=" in address
    assert "category=metro" in address
