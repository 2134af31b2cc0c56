"""Data and method: where every number comes from, how counts are made, what is not known."""

import streamlit as st

from pages.parts import about_view
from pages.parts.texts import t

st.title(t("数据与方法"))
about_view.show_method()
about_view.show_accuracy()
about_view.show_unplaced()
about_view.show_indicators()
about_view.show_sources()
about_view.show_licences()
