"""Every state of a view is in its link, and comes back from it.

Streamlit's own ``bind="query-params"`` writes the *label* of an option into the address, which changes with the
language; a link must hold ids. So the words of a link are kept here: a widget is seeded from the link before it is
made (:func:`seed`), keeps its value in the view (:func:`keep`), and the view is written once at the end of a run
(:func:`publish`). Values that are not allowed fall back to the default. Going back in the browser, or editing the
address, seeds the widgets again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

Value = str | list[str]
MAX_LENGTH = 200
MAX_VALUES = 50
_REMEMBERED = 16


def read_address() -> None:
    """Read the address at the start of a run.

    Another page starts with the words of the one before; an address that this session did not write (a link, an
    edit, a step back) decides the view anew.
    """
    state = st.session_state
    page = urlsplit(st.context.url or "").path
    shown = {name: st.query_params.get_all(name) for name in st.query_params}
    moved = "_page" in state and state["_page"] != page
    foreign = shown != state.get("_written") and not (moved and not shown) and not _late(shown)
    if moved or foreign:
        for name in [*state.get("_view", {}), *state.get("_used", {}), *shown]:
            state.pop(name, None)
    if foreign:
        state["_view"] = {name: values[:MAX_VALUES] for name, values in shown.items()}
    state.setdefault("_view", {})
    state["_page"] = page
    state["_used"] = {}


def _late(shown: dict[str, list[str]]) -> bool:
    """Whether something was clicked before the browser had the address of the run before.

    Such a run comes with an address of a moment ago, and with a change; a step back comes with the address alone.
    """
    state = st.session_state
    clicked = any(state.get(name) != value for name, value in state.get("_values", {}).items())
    return (clicked or state.get("_view") != state.get("_then")) and shown in state.get("_past", [])


def seed(key: str, default: Value, options: Sequence[str] | None = None) -> None:
    """Give the widget ``key`` its value from the link, or ``default``; only values among ``options`` are taken."""
    st.session_state["_used"][key] = default
    if key in st.session_state:
        return
    asked = [value[:MAX_LENGTH] for value in st.session_state["_view"].get(key, [])]
    allowed = [value for value in asked if options is None or value in options]
    if isinstance(default, list):
        known = allowed or (asked == [""])
        st.session_state[key] = list(dict.fromkeys(allowed)) if known else default
    else:
        st.session_state[key] = allowed[-1] if allowed else default


def record(key: str) -> Any:
    """The value of the widget ``key``, noted for the link."""
    value = st.session_state[key]
    default = st.session_state["_used"][key]
    view = st.session_state["_view"]
    if value == default:
        view.pop(key, None)
    else:
        view[key] = (list(value) or [""]) if isinstance(default, list) else [str(value)]
    return value


def get(key: str, *, longest: int = MAX_LENGTH) -> str | None:
    """A word of the link that no widget holds, such as the selected work."""
    st.session_state["_used"].setdefault(key, "")
    values = st.session_state["_view"].get(key)
    return values[-1][:longest] if values and values[-1] else None


def put(key: str, value: str | None) -> None:
    """Set or remove a word of the link (from a callback, before the next run)."""
    view = st.session_state.setdefault("_view", {})
    if value is None:
        view.pop(key, None)
    else:
        view[key] = [value]


def put_list(key: str, values: list[str]) -> None:
    """Set a word of the link that has several values."""
    st.session_state.setdefault("_view", {})[key] = values or [""]


def parameters() -> dict[str, list[str]]:
    """Every word of the view, for a link to another page."""
    return dict(st.session_state["_view"])


def widget_value(key: str) -> str:
    """What a widget of this page shows, empty if the page has no such widget."""
    return str(st.session_state[key]) if key in st.session_state["_used"] and key in st.session_state else ""


def address() -> str:
    """The whole address of the view: the words that this page uses, in one order, and its day.

    The day stands in it even where it is today, which a plain link leaves out: tomorrow it shall show the same.
    """
    parts = urlsplit(st.context.url or "")
    used, view = st.session_state["_used"], st.session_state["_view"]
    words = {name: values for name, values in view.items() if name in used}
    if widget_value("as_of"):
        words["as_of"] = [widget_value("as_of")]
    query = urlencode(sorted(words.items()), doseq=True)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def write_address() -> None:
    """Write the words that this page used into the address, if they changed."""
    used, view = st.session_state["_used"], st.session_state["_view"]
    shown = {name: st.query_params.get_all(name) for name in st.query_params}
    words = {name: view[name] for name in view if name in used or name in shown}
    if words != shown:
        st.query_params.from_dict(words)
    state = st.session_state
    state["_written"] = words
    state["_past"] = [*state.get("_past", []), words][-_REMEMBERED:]
    state["_then"] = {name: list(values) for name, values in view.items()}
    state["_values"] = {name: state[name] for name in used if name in state}
