"""Coverage: who is served before the plan, today, and with all of it built; how sure that is; who is left out."""

import streamlit as st

from geo.text import mark as _
from pages.parts.coverage import (
    details,
    isochrone,
    map_and_table,
    open_data_panel,
    question,
    whatif_compare,
    whatif_edits,
    whatif_panel,
)
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("覆盖"), icon=":material/radar:", order=40, for_work=True)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("覆盖分析"))
    chosen = question.choose()
    tools, beside = st.columns([7, 4], gap="medium", vertical_alignment="bottom")
    with tools:
        drawing = whatif_edits.drawing(chosen)
        if drawing.mode == isochrone.MODE:
            isochrone.transit_control(chosen)
    with beside:
        other = whatif_compare.choose(chosen)
    edited = drawing.question(chosen)
    whatif_edits.show_error()
    map_column, panel = st.columns([1, 1] if other else [6, 5], gap="medium")
    below = st.container()
    with map_column:
        whatif_compare.title(chosen, drawing, other)
        map_and_table.show_coverage_map(edited, drawing, paired=other is not None)
    if other:
        with panel:
            whatif_compare.show_map(chosen, drawing, other)
    with below if other else panel:
        map_and_table.show_live(edited)
    if drawing.mode == isochrone.MODE:
        isochrone.show(chosen)
    whatif_panel.show(chosen, drawing, other)
    details.show_details(edited)
    details.offer_files(edited)
    open_data_panel.show_open_data()


if __name__ == "__main__":
    show()
