"""Step 3: which coordinates these are, in words and on the map."""

from __future__ import annotations

import streamlit as st

from pages.parts.import_flow import flow, go


def show_step() -> None:
    """The verdict of the CRS guard and the person's word."""
    current = flow()
    st.write("placeholder")
    current.said["crs"] = st.selectbox("crs", ["", "GCJ02", "WGS84"], key=current.keep("crs", "GCJ02"))
    st.button("go4", on_click=go, args=(4,), key=current.key("to4"))
