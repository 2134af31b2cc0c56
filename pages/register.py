"""The register, edited: add, correct, place, merge, record; every edit is an event, and undo is one too."""

import streamlit as st

from pages.parts.register import view as register_view
from pages.parts.shell import access, edit_form
from pages.parts.shell.texts import t

st.title(t("登记"))
person = access.actor()
register_view.show_notice(person)
edit_form.show_told()
register_view.show_tab(person, register_view.choose_tab(person))
