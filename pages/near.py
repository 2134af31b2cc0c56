"""Near me: works, stations and stops around a place that one searches for, certain and possible."""

import streamlit as st

from geo.text import mark as _
from pages.parts.near import answer, here, place
from pages.parts.shell import filters
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("身边"), icon=":material/near_me:", order=17)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("身边有什么"))
    searched = st.container()
    left, right = st.columns([3, 1], gap="medium")
    with left:
        as_of = filters.date_slider()
    with right:
        scope = filters.choose_scope()
    with searched:
        place.search_places(as_of)
    position = place.chosen_place(as_of)
    if position is None:
        answer.show_examples()
        here.show_here(as_of, scope)
    else:
        answer.show_answer(position, as_of, scope)


if __name__ == "__main__":
    show()
