"""What the map of the page shows, and where it looks.

The page knows what is shown, the browser alone where: a page runs again for nothing that moves, until somebody shares it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from geo.display.view import Frame
from pages.parts.shell.html import assets_path

_JS: Final = "export default c => {\nimport(`${location.origin}${c.data.assets}/components/map_view.js`).then(m => m.default(c));\n};"
_component = st.components.v2.component("atlas_map_view", html="", js=_JS, isolate_styles=False)
_LARGEST: Final = 10_000  # pixels
_SHOWN: Final = "_map_shown"


def begin() -> None:
    """Forget what the map of the last run showed."""
    st.session_state.pop(_SHOWN, None)


def note_shown(parameters: dict[str, str]) -> None:
    """Say what the map of the page shows (:func:`geo.display.view.view_parameters`)."""
    st.session_state[_SHOWN] = parameters


def shown_parameters() -> dict[str, str] | None:
    """What the map of the page shows; None where the page has no map of works or of who is served."""
    parameters: dict[str, str] | None = st.session_state.get(_SHOWN)
    return parameters


@dataclass(frozen=True, slots=True)
class MapView:
    """The map's frame as an address has it (``map=zoom/lat/lon``), and its size in pixels; empty and zeros where there is none."""

    frame: str = ""
    width: int = 0
    height: int = 0

    @property
    def box(self) -> str:
        """West, south, east, north, joined by commas; empty where the frame or the size is not known."""
        place = Frame.read(self.frame)
        if place is None or not self.width or not self.height:
            return ""
        return ",".join(f"{side:.6f}" for side in place.box(self.width, self.height))


def map_view(key: str) -> MapView:
    """Ask the browser (``key`` tells askers apart); its answer runs the fragment again, and again while the map is moved beside an open popover."""
    known = st.session_state.get(key)
    view = known.get("view") if known is not None else None
    _component(key=key, data={"assets": assets_path(), "known": view}, on_view_change=lambda: None)
    if not isinstance(view, dict):
        return MapView()
    frame, width, height = (view.get(name) for name in ("frame", "width", "height"))
    if not isinstance(frame, str) or Frame.read(frame) is None:
        return MapView()
    return MapView(frame, _pixels(width), _pixels(height))


def _pixels(value: object) -> int:
    return int(value) if isinstance(value, int | float) and 0 < value <= _LARGEST else 0
