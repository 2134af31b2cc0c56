"""Page settings, language, navigation: what every page shares."""

import streamlit as st

from pages.parts import html, link
from pages.parts.navigation import page_list
from pages.parts.texts import language_switch, t

st.set_page_config(page_title="无锡城建一张图", page_icon="🗺️", layout="wide")
link.begin()
html.show_style()
language_switch()
page = st.navigation(page_list(), position="top")
page.run()
st.caption(t("区县界为示意，不作权属依据。审图号：由部署单位填写。数据截至资料包版本，详见“数据与方法”。"))
link.publish()
