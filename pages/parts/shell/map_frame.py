"""The map on a page: a frame around the folium page, which is sent its state and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any, Final

import streamlit as st

from geo.display.view import view_parameters
from layers.map.basemaps import declarations_version
from pages.parts.shell import map_view, report_downloads
from pages.parts.shell.filters import choose, show_day
from pages.parts.shell.html import assets_path, base_path
from pages.parts.shell.loaders import atlas, program_name
from pages.parts.shell.texts import language, t

# Streamlit sends this text with every run, so it only fetches the module (a line break tells it from a file name).
_JS = "export default c => {\nimport(`${location.origin}${c.data.assets}/components/map_frame.js`).then(m => m.default(c));\n};"

_component = st.components.v2.component(
    "atlas_map",
    html='<div class="atlas-root" id="atlas-map" tabindex="-1"></div>',
    js=_JS,
    isolate_styles=False,
)
BARE: Final = {
    "categories": ["-"],  # works are not what this map shows
    "layers": ["baseline_lines"],
    "basemap": "offline",
    "shade": None,
    "focus": None,
    "selected": None,
}
"""The state of a map that shows the land and a draft (see ``static/map/overlays/draft.js``) instead of the works."""


def show_map(
    state: dict[str, object],
    *,
    key: str,
    on_select: Callable[[str], None] | None = None,
    on_pick: Callable[[float, float], None] | None = None,
    on_edit: Callable[[dict[str, Any]], None] | None = None,
    short: bool = False,
    group: str = "",
) -> None:
    """Show the map in ``state``; a callback is called before the page runs again.

    ``on_select(work_id)`` after a click on a work, ``on_pick(lon, lat)`` (WGS84) after a click on the map of a page that chooses sites, or on the land of one whose
    ``state["draft"]["pick"]`` is true.
    A page with a time slider says so by ``state["pageHasDay"]``: playing then moves the slider, and the map with the page.
    ``on_edit`` with what was drawn while the state asks for edits (``reach.mode``); it is not checked yet.
    Maps of one ``group`` follow each other's view while they have a ``state["paired"]``; the one whose value is
    ``"follow"`` begins where the other (``"lead"``) is. What the map shows, unless it is a draft, is what the page shares and
    what its pictures are of.
    """
    prefix = base_path()
    _share(state)

    def event(name: str) -> dict[str, Any]:
        value = st.session_state[key].get(name)
        return value if isinstance(value, dict) else {}

    def selected() -> None:
        work_id = event("select").get("id")
        if on_select and isinstance(work_id, str):
            on_select(work_id)

    def picked() -> None:
        lon, lat = (event("pick").get(name) for name in ("lon", "lat"))
        if on_pick and isinstance(lon, int | float) and isinstance(lat, int | float):
            on_pick(float(lon), float(lat))

    def played() -> None:
        number = event("day").get("day")
        with suppress(ValueError):  # what a page says is checked: no such day, no other day
            if isinstance(number, int):
                show_day(date(number // 10_000, number // 100 % 100, number % 100))

    def drawn() -> None:
        if on_edit:
            on_edit(event("edit"))

    _component(
        key=key,
        data={
            "assets": assets_path(),
            "src": f"{prefix}/atlas/map?lang={language()}&v={declarations_version(atlas())}{_plan_query()}",
            "title": t("{program}：地图", program=program_name()),
            "short": short,
            "group": group,
            "state": state,
        },
        on_select_change=selected,
        on_day_change=played,
        on_choose_change=lambda: choose(event("choose")),
        on_edit_change=drawn,
        on_pick_change=picked,
    )


def _plan_query() -> str:
    """The plan, for an address: another plan has other works, so its map is another page."""
    plan = atlas().plan_parameter
    return f"&plan={plan}" if plan else ""


def _share(state: dict[str, object]) -> None:
    """What the page shares and has pictures of: its first map, unless that shows a draft."""
    if "draft" not in state and state.get("paired") != "follow":
        words = view_parameters(state)
        map_view.note_shown(words)
        report_downloads.offer_picture(words)
