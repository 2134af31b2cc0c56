"""The matrix: every indicator in every zone at once, before the plan, now, and with all of it built; or every place of a list."""

import streamlit as st

from geo.text import mark as _
from pages.parts.matrix import place_services, question, table
from pages.parts.shell import segments
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("矩阵"), icon=":material/grid_on:", order=45, for_work=True)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("指标矩阵"))
    views = {"zones": t("分区：各指标达标吗"), "places": t("地点：身边有什么")}
    if segments.linked("view", t("问什么"), views, "zones") == "zones":
        table.show_matrix(question.choose())
    else:
        place_services.show()


if __name__ == "__main__":
    show()
