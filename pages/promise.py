"""One promise of the plan: was it kept, why we think so, when, where, and what nobody knows."""

import streamlit as st

from geo.text import mark as _
from pages.parts.promise import sections
from pages.parts.shell import filters
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("承诺"), icon=":material/fact_check:", order=15)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("计划答应了什么，做到了没有"))
    as_of = filters.date_slider()
    item_id = sections.choose_promise()
    if item_id:
        sections.show_promise(item_id, as_of)
    else:
        sections.show_all(as_of)


if __name__ == "__main__":
    show()
