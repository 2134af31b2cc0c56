"""Search by name, street, pinyin or id; works open their card, places move the map."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from geo.atlas import load_gazetteer
from geo.display import labels
from geo.display.near_text import works_sentence
from geo.questions.works import SCOPES
from geo.register.search import search
from pages.parts.shell import link
from pages.parts.shell.loaders import atlas, district_names, near_on
from pages.parts.shell.selection import select
from pages.parts.shell.texts import escaped, language, t

_LIMIT = 8
_MAX_QUERY = 60
_ZOOMS = {"facility": 16, "place": 13}


def search_field(label: str, placeholder: str) -> str:
    """A search field whose text is in the link as ``q``."""
    st.text_input(label, link.start("q", ""), key="q", placeholder=placeholder, max_chars=_MAX_QUERY)
    return str(link.record("q")).strip()[:_MAX_QUERY]


def show_results(query: str, as_of: date) -> dict[str, object] | None:
    """What the search field finds; returns where the map should go, if a place was chosen."""
    if not query:
        return None
    results = search(
        atlas().register, load_gazetteer(), query, as_of=as_of, limit=_LIMIT, districts=atlas().districts
    )
    if results.empty:
        st.info(t("没有找到“{query}”。可试街道名、拼音首字母，或到“清单”页查看全部。", query=escaped(query)))
        return None
    note_similar(results, query)
    names = district_names()
    for _, row in results.iterrows():
        _result(row, as_of, labels.district_names(row["district_code"], names, language()))
    place = st.session_state.get("_focus")
    return place if isinstance(place, dict) and place.get("query") == query else None


def note_similar(results: pd.DataFrame, query: str) -> None:
    """Say so where nothing is written as ``query`` is, and the results are names written almost so."""
    if results.attrs.get("similar"):
        st.caption(t("没有写作“{query}”的名称，以下是写法相近的：", query=escaped(query)))


def district_link(row: pd.Series) -> None:
    """A district is an area: it leads to its own page."""
    st.page_link(
        "district.py",
        label=escaped(labels.name_of(row, language())),
        icon=":material/location_city:",
        query_params={**link.parameters(), "d": str(row["district_code"])},
    )


def _result(row: pd.Series, as_of: date, district: str) -> None:
    if row["kind"] == "district":
        district_link(row)
        return
    label = escaped(" · ".join(filter(None, (labels.name_of(row, language()), _kind(row), district))))
    if row["kind"] == "work":
        st.button(
            label,
            key=f"find-{row['id']}",
            icon=":material/construction:",
            on_click=select,
            args=(row["id"],),
            width="stretch",
        )
        return
    nowhere = bool(pd.isna(row["lon"]))
    target = {
        "lon": float(row["lon"]),
        "lat": float(row["lat"]),
        "zoom": _ZOOMS[row["kind"]],
        "query": st.session_state["q"].strip(),
    }
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"found-{row['id']}"):
        st.button(
            f"{label} · {t('没有已知的位置')}" if nowhere else label,
            key=f"find-{row['id']}",
            icon=":material/place:",
            on_click=_go,
            args=(target,),
            disabled=nowhere,
            width="stretch",
        )
        if not nowhere:
            _nearby_link(str(row["id"]))
    found = None if nowhere else near_on(str(row["id"]), as_of, SCOPES[0], atlas().version)
    if found:  # the answer without a further press, for each place of the name (decision 0037)
        st.caption(escaped(works_sentence(found, language())))


def _nearby_link(place_id: str) -> None:
    """What is near a place has a page of its own."""
    view = {name: values for name, values in link.parameters().items() if name not in {"q", "at"}}
    st.page_link(
        "near.py",
        label=t("附近"),
        icon=":material/near_me:",
        query_params={**view, "near": place_id},
        width="content",
    )


def _kind(row: pd.Series) -> str:
    """What kind of facility a result is; empty for what is none."""
    if row["kind"] != "facility":
        return ""
    kind = str(atlas().register.facilities.at[row["id"], "kind"])
    return atlas().names("kinds", language()).get(kind, kind)


def _go(target: dict[str, object]) -> None:
    st.session_state["_focus"] = target
