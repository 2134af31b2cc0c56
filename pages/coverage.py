"""Coverage: who is served before the plan, today, and with all of it built; how sure that is; who is left out."""

import streamlit as st

from pages.parts import coverage_choice, coverage_more, coverage_view
from pages.parts.texts import t

st.title(t("覆盖分析"))
chosen = coverage_choice.choose()
map_column, panel = st.columns([6, 5], gap="medium")
with map_column:
    coverage_view.show_coverage_map(chosen)
with panel:
    coverage_view.show_live(chosen)
coverage_more.show_more(chosen)
