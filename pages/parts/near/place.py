"""Which place the page is about: searched for, or in the link as ``near=id`` or ``at=longitude,latitude``."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from geo.atlas import load_gazetteer
from geo.display import labels
from geo.errors import AtlasError
from geo.questions.near import NearQuestion
from geo.register.positions import Position, choices, position_of
from geo.values import is_number
from pages.parts.shell import link
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.search_box import district_link, note_similar, search_field
from pages.parts.shell.texts import error_text, escaped, language, t

_ICONS = {
    "work": ":material/construction:",
    "facility": ":material/location_on:",
    "place": ":material/place:",
}


def search_places(as_of: date) -> None:
    """The search field, and what it finds: a click chooses a place; a district leads to its page."""
    query = search_field(t("地点"), t("站名、公交站、学校、医院、项目、街道，或经度,纬度"))
    if not query:
        return
    if all(is_number(part.strip()) for part in query.split(",")) and query.count(",") == 1:
        label = t("以坐标 {at} 为中心", at=escaped(query))
        st.button(label, key="find-at", icon=":material/my_location:", on_click=choose, args=("at", query))
        return
    rows = choices(atlas(), load_gazetteer(), query, as_of=as_of)
    if rows.empty:
        st.info(t("没有找到“{query}”。可试站名、街道名、拼音首字母，或“经度,纬度”。", query=escaped(query)))
    note_similar(rows, query)
    for _at, row in rows.iterrows():
        _show_choice(row)


def _show_choice(row: pd.Series) -> None:
    name, code = labels.name_of(row, language()), str(row["district_code"] or "")
    district = labels.district_names(code, district_names(), language())
    kind = _kind_name(row)
    label = escaped(" · ".join(part for part in (name, kind, district) if part))
    if row["kind"] == "district":
        district_link(row)
        return
    has_place = pd.notna(row["lon"])
    st.button(
        label if has_place else f"{label} · {t('没有单一的位置')}",
        key=f"find-{row['id']}",
        icon=_ICONS[row["kind"]],
        on_click=choose,
        args=("near", str(row["id"])),
        disabled=not has_place,
        width="stretch",
    )


def _kind_name(row: pd.Series) -> str:
    """What a hit is: the kind of a facility, the category of a work."""
    register = atlas().register
    if row["kind"] == "facility":
        kind = str(register.facilities.at[row["id"], "kind"])
        return atlas().names("kinds", language()).get(kind, kind)
    if row["kind"] == "work":
        category = str(register.works.at[row["id"], "category"])
        return atlas().names("categories", language()).get(category, category)
    return ""


def choose(name: str, value: str) -> None:
    """Make ``value`` the place of the page and empty the search field (from a callback)."""
    for each in ("near", "at"):
        link.put(each, value if each == name else None)
    link.put("q", None)
    st.session_state["q"] = ""


def chosen_place(as_of: date) -> Position | None:
    """The place that the link holds; None, with a word of why, where it holds none or one that cannot be used."""
    place_id, at = link.get("near"), link.get("at")
    if place_id:
        position = position_of(atlas(), load_gazetteer(), place_id, as_of)
        if position is None:
            st.warning(t("“{place}”没有已知的位置，或没有这个编号。请重新搜索。", place=escaped(place_id)))
        return position
    if not at:
        return None
    lon, _comma, lat = at.partition(",")
    try:
        question = NearQuestion.read({"lon": lon, "lat": lat})
    except AtlasError as error:
        st.warning(error_text(error))
        return None
    if question.lon is None or question.lat is None:
        return None
    return Position(question.lon, question.lat)
