"""The map on a page: a frame around the folium page, told its state and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.parts.html import base_path
from pages.parts.loaders import atlas
from pages.parts.texts import language, t

# Streamlit sends this text with every run, so it only fetches the module (a line break tells it from a file name).
_JS = "export default c => {\nimport(`${location.origin}${c.data.base}/atlas/assets/bridge.js`).then(m => m.default(c));\n};"

_component = st.components.v2.component(
    "atlas_map",
    html='<div class="atlas-root"></div>',
    js=_JS,
    isolate_styles=False,
)


def show_map(state: dict[str, object], *, key: str, on_select: Callable[[str], None]) -> None:
    """Show the map in ``state``; ``on_select(work_id)`` is called before the page runs again after a click."""
    prefix = base_path()

    def selected() -> None:
        event = st.session_state[key].get("select")
        if isinstance(event, dict) and isinstance(event.get("id"), str):
            on_select(event["id"])

    _component(
        key=key,
        data={
            "base": prefix,
            "src": f"{prefix}/atlas/map?lang={language()}&v={atlas().version}",
            "title": t("无锡城建一张图：地图"),
            "state": state,
        },
        on_select_change=selected,
    )
