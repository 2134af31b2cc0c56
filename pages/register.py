"""The register, edited: add, correct, place, merge, record; every edit is an event, and undo is one too."""

import streamlit as st

from geo.text import mark as _
from pages.parts.register import tabs
from pages.parts.shell import access, edit_form
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("登记"), icon=":material/edit_note:", order=60, for_work=True)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("登记"))
    person = access.actor()
    tabs.show_notice(person)
    edit_form.show_announcement()
    tabs.show_tab(person, tabs.choose_tab(person))


if __name__ == "__main__":
    show()
