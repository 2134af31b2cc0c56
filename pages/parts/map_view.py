"""The map on a page: a frame around the folium page, told its state and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.parts.loaders import atlas
from pages.parts.texts import language, t

_CSS = """
.atlas-root { width: 100%; height: clamp(430px, calc(100vh - 260px), 900px); }
.atlas-frame { width: 100%; height: 100%; border: 1px solid #c9ced3; border-radius: 8px; background: #eef1f2; }
@media (max-width: 640px) { .atlas-root { height: 62vh; } }
"""

# Streamlit sends this text with every run, so it only fetches the module (a line break tells it from a file name).
_JS = "export default c => {\nimport(`${location.origin}${c.data.base}/atlas/assets/bridge.js`).then(m => m.default(c));\n};"

_component = st.components.v2.component(
    "atlas_map",
    html='<div class="atlas-root"></div>',
    css=_CSS,
    js=_JS,
)


def show_map(state: dict[str, object], *, key: str, on_select: Callable[[str], None]) -> None:
    """Show the map in ``state``; ``on_select(work_id)`` is called before the page runs again after a click."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    prefix = f"/{base}" if base else ""

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
