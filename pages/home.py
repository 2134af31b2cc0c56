"""Home: what has become of the plan's promises; then its works on the map, their progress on any day, and the story of each."""

import streamlit as st

from geo.text import mark as _
from pages.parts.home import items_table, map_options, message
from pages.parts.shell import downloads, filters, report_downloads, search_box
from pages.parts.shell.card import show_card
from pages.parts.shell.loaders import atlas, program_name, state_on
from pages.parts.shell.map_frame import show_map
from pages.parts.shell.navigation import Page
from pages.parts.shell.selection import clear, select, selected, selected_on_map
from pages.parts.shell.texts import escaped, t

PAGE = Page(by_plan=True, title=_("地图"), icon=":material/map:", order=10, address="map")


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("{program} · 进展地图", program=escaped(program_name())))
    message_place = st.container(key="home_message")
    as_of = filters.date_slider()
    with message_place:
        message.show_message(as_of)
    with st.container(
        key="home"
    ):  # as layers/static/pages.css lays it out: the panel beside the map where there is room
        with st.container(key="home_search"):
            with st.container(horizontal=True, vertical_alignment="bottom", key="finder"):
                query = search_box.search_field(t("搜索"), t("项目、街道、拼音或首字母，如 yicheng、312"))
                chosen = filters.filter_menu(as_of)
                options = map_options.layer_menu(chosen)
            filters.show_chosen()
            focus = search_box.show_results(query, as_of)
        map_place = st.container(key="home_map")
        with st.container(key="home_panel"):
            work_id = selected()
            if work_id:
                st.button(t("关闭卡片，回到总览"), on_click=clear, icon=":material/close:")
                show_card(work_id, as_of)
            else:
                items_table.show_items(as_of)
    rows = chosen.apply(state_on(as_of, atlas().version))
    downloads.offer_works(rows, as_of, chosen.districts)
    report_downloads.offer_report("", as_of)
    with map_place:
        show_map(
            chosen.for_map() | options | {"selected": selected_on_map(), "focus": focus},
            key="atlas",
            on_select=select,
        )


if __name__ == "__main__":
    show()
