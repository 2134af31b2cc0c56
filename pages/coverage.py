"""Coverage: who is served before the plan, today, and with all of it built; how sure that is; who is left out."""

import streamlit as st

from pages.parts import coverage_choice, coverage_more, coverage_view, whatif_edits, whatif_view
from pages.parts.texts import t

st.title(t("覆盖分析"))
chosen = coverage_choice.choose()
drawing = whatif_edits.drawing(chosen)
edited = drawing.question(chosen)
whatif_edits.show_fault()
map_column, panel = st.columns([6, 5], gap="medium")
with map_column:
    coverage_view.show_coverage_map(edited, drawing)
with panel:
    coverage_view.show_live(edited)
whatif_view.show(chosen, drawing)
coverage_more.show_more(edited)
coverage_more.offer_files(chosen)
