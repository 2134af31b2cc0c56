"""Page settings, language, navigation: what every page shares. The script that ``app.py`` serves."""

import streamlit as st

import pages
from layers.analysis import warm
from layers.api.lifespan import wait_until_read
from layers.map.approval import map_approval
from pages.parts.shell import (
    access,
    city,
    downloads,
    html,
    link,
    map_view,
    plan_choice,
    store_state,
    uploader,
    waiting,
    widget_texts,
)
from pages.parts.shell.loaders import atlas, program_name
from pages.parts.shell.navigation import page_list, show_menus, show_tools
from pages.parts.shell.texts import escaped, language_switch, t

_FIRST_MAP_S = 4.0  # a first map is there after so long: what is made ready for later questions begins then


def show() -> None:
    """The frame, and in it the page that the address asks for."""
    wait_until_read()
    st.set_page_config(page_icon="🗺️", layout="wide")
    city.begin()
    waiting.name_asker()
    access.take_from_address()
    link.read_address()
    downloads.begin()
    map_view.begin()
    html.show_style()
    language_switch()
    if not store_state.readable():
        st.stop()
    st.set_page_config(page_title=program_name())
    listed = page_list(pages)
    page = st.navigation(list(listed), position="hidden")
    menus = st.container(gap="xxsmall", key="menus")
    at_work = listed[page].for_work
    above = st.container(gap="xxsmall")
    uploader.enter_page(page.url_path)
    plan_choice.show_choice(by_plan=listed[page].by_plan)
    store_state.run(page.run)
    below = st.container(gap="xxsmall")
    with above if access.is_news(at_work=at_work) else below:
        access.show_account()
    with menus:
        city.show_choice()
        show_menus(listed, at_work=at_work)
    show_tools(page)
    show_foot()
    widget_texts.show_in_language()
    link.write_address()
    warm.start(_FIRST_MAP_S)


def show_foot() -> None:
    """What is said below every page: what the outlines are not, the map's approval where there is one, the data's version."""
    approval = map_approval()
    parts = [
        t("区县界为示意，不作权属依据"),
        *([t("审图号：{number}", number=escaped(approval))] if approval else []),
        f"{t('资料包版本')} {escaped(atlas().version)}",
    ]
    st.caption(" · ".join(parts))


if __name__ == "__main__":
    show()
