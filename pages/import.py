"""Import: a planner's own list or map, step by step, into the register."""

import streamlit as st

from pages.parts.importing import view as import_view
from pages.parts.shell import access
from pages.parts.shell.texts import t

st.title(t("导入"))
import_view.show_import(access.actor())
