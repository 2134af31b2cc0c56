"""Import: a planner's own list or map, step by step, into the register."""

import streamlit as st

from geo.text import mark as _
from pages.parts.importing import stepper
from pages.parts.shell import access
from pages.parts.shell.navigation import Page
from pages.parts.shell.texts import t

PAGE = Page(by_plan=True, title=_("导入"), icon=":material/upload_file:", order=70, for_work=True)


def show() -> None:
    """The page, from top to bottom."""
    st.title(t("导入"))
    stepper.show_import(access.actor())


if __name__ == "__main__":
    show()
