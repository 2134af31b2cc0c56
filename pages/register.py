"""The register, edited: add, correct, place, merge, record; every edit is an event, and undo is one too."""

import streamlit as st

from geo.text import mark as _
from pages.parts.register import view as register_view
from pages.parts.shell import access, edit_form
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(title=_("登记"), icon=":material/edit_note:", order=60)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("登记"))
    person = access.actor()
    register_view.show_notice(person)
    edit_form.show_told()
    register_view.show_tab(person, register_view.choose_tab(person))


if __name__ == "__main__":
    show()
