"""The list of works, the same rows as the map and those without a place: to filter, sort, search and download."""

import streamlit as st

from geo.text import mark as _
from pages.parts.shell import downloads, filters, search_box, works_table
from pages.parts.shell.card import show_card
from pages.parts.shell.loaders import atlas, state_on
from pages.parts.shell.navigation import Page
from pages.parts.shell.selection import clear, selected
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("清单"), icon=":material/list:", order=20)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("项目清单"))
    as_of = filters.date_slider()
    with st.container(horizontal=True, vertical_alignment="bottom", key="finder"):
        query = search_box.search_field(t("在清单中搜索"), t("名称、街道、拼音或编号"))
        chosen = filters.filter_menu(as_of)
    filters.show_chosen()
    rows = works_table.search_rows(query, chosen.apply(state_on(as_of, atlas().version)))
    works_table.show_counts(rows)
    downloads.offer_works(rows, as_of, chosen.districts)
    works_table.show_table(rows)
    works_table.show_attribute_sums(rows)
    work_id = selected()
    if work_id:
        st.button(t("关闭卡片"), on_click=clear, icon=":material/close:")
        show_card(work_id, as_of)


if __name__ == "__main__":
    show()
