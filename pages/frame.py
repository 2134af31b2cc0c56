"""Page settings, language, navigation: what every page shares."""

import streamlit as st

from pages.parts import link
from pages.parts.navigation import page_list
from pages.parts.texts import language_switch, t

st.set_page_config(page_title="无锡城建一张图", page_icon="🗺️", layout="wide")
st.html("<style>.stMainBlockContainer { padding: 3.6rem 1.6rem 2rem; }</style>")  # a map wants the room
navigation = page_list()
page = st.navigation(navigation, position="hidden")
link.begin(page.url_path)
language_switch()
st.navigation(page_list(), position="top")
page.run()
link.publish()
st.caption(t("区县界为示意，不作权属依据。审图号：由部署单位填写。数据截至资料包版本，详见“数据与方法”。"))
