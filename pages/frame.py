"""Page settings, language, navigation: what every page shares. The script that ``app.py`` serves."""

import streamlit as st

import pages
from layers.analysis import warm
from pages.parts.shell import access, downloads, html, link, map_view, store_state, uploader, waiting
from pages.parts.shell.loaders import atlas
from pages.parts.shell.navigation import page_list, show_links, show_tools
from pages.parts.shell.texts import escaped, language_switch, t


def show() -> None:
    """The frame, and in it the page that the address asks for."""
    st.set_page_config(page_title="无锡城建一张图", page_icon="🗺️", layout="wide")
    waiting.name_asker()
    access.take_from_address()
    link.read_address()
    downloads.begin()
    map_view.begin()
    html.show_style()
    language_switch()
    if not store_state.readable():
        st.stop()
    listed = page_list(pages)
    page = st.navigation(listed, position="hidden")
    links = st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="pages")
    uploader.enter_page(page.url_path)
    store_state.run(page.run)
    access.show_account()
    with links:
        show_links(listed)
    show_tools(page)
    st.caption(
        t("区县界为示意。审图号：由部署单位填写。资料包版本 {version}。", version=escaped(atlas().version))
    )
    link.write_address()
    warm.start()


if __name__ == "__main__":
    show()
