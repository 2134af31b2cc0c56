"""Data and method: where every number comes from, how counts are made, what is not known."""

from datetime import date

import streamlit as st

from geo.text import mark as _
from pages.parts.about import view as about_view
from pages.parts.register import remarks as reports_view
from pages.parts.shell import take_away
from pages.parts.shell.loaders import atlas, state_on
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(title=_("数据与方法"), icon=":material/menu_book:", order=80)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("数据与方法"))
    about_view.show_method()
    about_view.show_accuracy()
    about_view.show_unplaced()
    about_view.show_indicators()
    about_view.show_sources()
    reports_view.show_published()
    about_view.show_licences()
    today = date.today()
    take_away.offer_works(state_on(today, atlas().version), today)


if __name__ == "__main__":
    show()
