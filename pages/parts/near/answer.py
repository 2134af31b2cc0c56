"""The answer of the page: sentences first, then the works by distance."""

from __future__ import annotations

from datetime import date

import streamlit as st

from geo.display.near_table import NearRow, rings
from geo.display.near_text import position_name, sections
from geo.display.near_texts import NEAR_TEXTS
from geo.errors import AtlasError
from geo.register.near import near
from geo.register.positions import Position
from pages.parts.near.place import choose
from pages.parts.shell import html, link
from pages.parts.shell.loaders import atlas, district_names, example_place
from pages.parts.shell.texts import error_text, escaped, language, t

_ZOOM = 14


def show_examples() -> None:
    """How to begin, where no place was chosen."""
    lon, lat = example_place()
    at = f"{lon},{lat}"
    st.markdown(t("搜索一个地点，看它附近有哪些项目、离车站多远。每个距离都算上两边的位置误差。"))
    st.button(t("例：以城市中部 {at} 为中心", at=escaped(at)), on_click=choose, args=("at", at))


def show_answer(position: Position, as_of: date, scope: str) -> None:
    """What is near a place."""
    try:
        answer = near(atlas(), position, as_of=as_of, scope=scope)
    except AtlasError as error:
        st.warning(error_text(error))
        return
    names = district_names()
    html.show(
        "near.html",
        name=position_name(position, language()),
        sections=sections(answer, names, language()),
        rings=rings(answer, names, language()),
        map_address=_map_address(position.lon, position.lat),
        card_address=_card_address,
        texts=NEAR_TEXTS,
    )


def _map_address(lon: float, lat: float, **view: str) -> str:
    """The map at a place, on the day of this page."""
    day = {name: values[-1] for name, values in link.parameters().items() if name in ("as_of", "scope")}
    return f"{html.page_address('./', **day, **view)}#map={_ZOOM}/{lat:.6f}/{lon:.6f}"


def _card_address(row: NearRow) -> str:
    return _map_address(row.lon, row.lat, work=row.work_id)
