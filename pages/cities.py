"""The cities of this server, and the same indicator over the whole of each; there where there is more than one city."""

import streamlit as st

from geo.cities import has_several
from geo.text import mark as _
from pages.parts.cities import comparison
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(title=_("城市"), icon=":material/travel_explore:", order=35, is_wanted=has_several)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("城市"))
    comparison.show_list()
    comparison.show_comparison()


if __name__ == "__main__":
    show()
