"""The text of a plan: its promises are drafted, a person reviews them, and they become a city pack."""

import streamlit as st

from geo.text import mark as _
from pages.parts.plan import begin, finish, items, plan_text, review
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(title=_("计划"), icon=":material/edit_note:", order=72, for_work=True)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("从计划原文到登记"))
    current = review.current()
    if current is None:
        begin.show_begin()
        return
    items.show_tally(current)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        plan_text.show_text(current)
        items.show_left_out(current)
    with right:
        items.show_item(current)
    finish.show_finish(current)


if __name__ == "__main__":
    show()
