"""The matrix: every indicator in every zone at once, before the plan, now, and with all of it built."""

import streamlit as st

from geo.text import mark as _
from pages.parts.matrix import question, table
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(title=_("矩阵"), icon=":material/grid_on:", order=45)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("指标矩阵"))
    table.show_matrix(question.choose())


if __name__ == "__main__":
    show()
