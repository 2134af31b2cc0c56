"""Import: a planner's own list or map, step by step, into the register."""

import streamlit as st

from pages.parts import access, import_view
from pages.parts.texts import t

st.title(t("导入"))
import_view.show_import(access.actor())
