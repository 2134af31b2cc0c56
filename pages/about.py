"""Data and method: where every number comes from, how counts are made, what is not known."""

from datetime import date

import streamlit as st

from geo.text import mark as _
from pages.parts.about import evidence, sections
from pages.parts.register import remarks
from pages.parts.shell import downloads
from pages.parts.shell.loaders import atlas, state_on
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("数据与方法"), icon=":material/menu_book:", order=80)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("数据与方法"))
    sections.show_method()
    sections.show_accuracy()
    evidence.show_calibration()
    sections.show_unplaced()
    sections.show_indicators()
    evidence.show_disagreements()
    sections.show_sources()
    evidence.show_unlinked()
    remarks.show_published()
    sections.show_licences()
    today = date.today()
    downloads.offer_works(state_on(today, atlas().version), today)


if __name__ == "__main__":
    show()
