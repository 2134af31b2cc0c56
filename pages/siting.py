"""Where to build: the best sites for a facility, with proof, who gains, and how one's own sites compare."""

import streamlit as st

from geo.text import mark as _
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t
from pages.parts.siting import answer_and_map, question, result, scenarios, tables

PAGE = Page(by_plan=True, title=_("选址"), icon=":material/add_location_alt:", order=50, for_work=True)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("选址"))
    chosen = question.choose()
    map_column, panel = st.columns([6, 5], gap="medium")
    answer = answer_and_map.answer_of(chosen)
    with map_column:
        answer_and_map.show_siting_map(chosen, answer)
        question.own_sites()
        scenarios.choose_scenario()
    with panel:
        result.show_result(chosen, answer)
    tables.show_tables(chosen, answer)


if __name__ == "__main__":
    show()
