"""The only list of pages."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.parts.shell import link, share, take_away
from pages.parts.shell.texts import t


def page_list() -> list[StreamlitPage]:
    """Every page with its title in the page's language; the first is home."""
    return [
        st.Page("home.py", title=t("地图"), icon=":material/map:", url_path="map", default=True),
        st.Page("works.py", title=t("清单"), icon=":material/list:", url_path="works"),
        st.Page("district.py", title=t("区县"), icon=":material/location_city:", url_path="district"),
        st.Page("coverage.py", title=t("覆盖"), icon=":material/radar:", url_path="coverage"),
        st.Page("siting.py", title=t("选址"), icon=":material/add_location_alt:", url_path="siting"),
        st.Page("register.py", title=t("登记"), icon=":material/edit_note:", url_path="register"),
        st.Page("import.py", title=t("导入"), icon=":material/upload_file:", url_path="import"),
        st.Page("about.py", title=t("数据与方法"), icon=":material/menu_book:", url_path="about"),
    ]


def show_links(pages: list[StreamlitPage]) -> None:
    """Links to the pages that carry the view along, so that the address never has to be written twice."""
    for page in pages:
        st.page_link(page, query_params=link.words())


@st.fragment
def show_tools(page: StreamlitPage) -> None:
    """Download and share, on every page in one place; opening them does not run the page again."""
    with st.container(horizontal=True, width="content"):
        take_away.show_downloads()
        share.show_share(page.title)
