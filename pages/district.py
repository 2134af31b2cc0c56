"""All districts compared; or one: its sentence, its numbers, what is reported without names, its lines, its works, its map."""

import streamlit as st

from geo.text import mark as _
from pages.parts.district import compare, sections
from pages.parts.shell import filters
from pages.parts.shell.card import show_card
from pages.parts.shell.navigation import Page
from pages.parts.shell.selection import clear, selected
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("区县"), icon=":material/location_city:", order=30)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("区县"))
    code = sections.choose_district()
    as_of = filters.date_slider()
    if not code:
        compare.show_comparison(as_of)
        return
    sections.close_card_of_others(code, as_of)
    sections.show_sentence(code, as_of)
    sections.show_numbers(code, as_of)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        sections.show_district_map(code, as_of)
    with right:
        work_id = selected()
        if work_id:
            st.button(t("关闭卡片"), on_click=clear, icon=":material/close:")
            show_card(work_id, as_of)
        else:
            sections.show_items(code, as_of)
    sections.show_works(code, as_of)


if __name__ == "__main__":
    show()
