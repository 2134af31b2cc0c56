"""Where to build: the best sites for a facility, with proof, who gains, and how one's own sites compare."""

import streamlit as st

from geo.text import mark as _
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t
from pages.parts.siting import (
    choice as siting_choice,
)
from pages.parts.siting import (
    handover as siting_handover,
)
from pages.parts.siting import (
    result as siting_result,
)
from pages.parts.siting import (
    view as siting_view,
)

PAGE = Page(title=_("选址"), icon=":material/add_location_alt:", order=50)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("选址"))
    chosen = siting_choice.choose()
    map_column, panel = st.columns([6, 5], gap="medium")
    found = siting_view.answer_of(chosen)
    with map_column:
        siting_view.show_siting_map(chosen, found)
        siting_choice.own_sites()
        siting_handover.take_own()
    with panel:
        siting_result.show_result(chosen, found)
    siting_result.show_tables(chosen, found)


if __name__ == "__main__":
    show()
