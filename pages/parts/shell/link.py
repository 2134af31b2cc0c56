"""Every state of a view is in its link, and comes back from it.

Streamlit's own ``bind="query-params"`` writes the *label* of an option into the address, which changes with the
language; a link must hold ids. So the parameters of the link are handled here: a widget gets its value from the link before it
is made (:func:`seed`), its value is recorded for the link (:func:`record`), and the address is written once at the end
of a run (:func:`write_address`). Values that are not allowed fall back to the default. Going back in the browser, or editing the
address, seeds the widgets again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import streamlit as st

from geo.display.view import view_address

Value = str | list[str]
MAX_LENGTH = 200
MAX_VALUES = 50
_REMEMBERED = 16
AGAIN: Final = "_again"
"""In the session's state while the next run is one that the server asks for, not the browser."""


def read_address() -> None:
    """Read the address at the start of a run.

    Another page starts with the parameters of the one before; an address that this session did not write (a link, an
    edit, a step back) decides the view anew.
    """
    state = st.session_state
    own = state.pop(AGAIN, False)
    page = urlsplit(st.context.url or "").path
    shown = {name: st.query_params.get_all(name) for name in st.query_params}
    moved = "_page" in state and state["_page"] != page
    late = own or _late(shown)
    foreign = shown != state.get("_written") and not (moved and not shown) and not late
    if moved or foreign:
        for name in [*state.get("_view", {}), *state.get("_used", {}), *shown]:
            state.pop(name, None)
    if foreign:
        state["_view"] = {name: values[:MAX_VALUES] for name, values in shown.items()}
    state.setdefault("_view", {})
    state["_page"] = page
    state["_used"] = {}


def run_again() -> NoReturn:
    """Run the page again from a part that runs by itself.

    The browser may have begun that part before it had the address of the run before: such an address is no step back.
    """
    st.session_state[AGAIN] = True
    st.rerun(scope="app")


def renew_values() -> None:
    """Give every widget its value anew where the language has changed, before the widgets are made.

    The browser keeps the label of what was chosen and sends that; in the next language no choice is called so any more.
    """
    state = st.session_state
    for key in [str(each) for each in state if not str(each).startswith("_") and each != "lang"]:
        value = state[key]
        parts = value if isinstance(value, list) else [value]
        if parts and all(
            isinstance(part, str | int | float | date) and not isinstance(part, bool) for part in parts
        ):
            state[key] = value


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
    if st.session_state.get(key) is None:
        st.session_state[key] = _wanted(key, default, options)


def start(key: str, default: Value, options: Sequence[str] | None = None) -> Any:
    """As :func:`seed`, for a widget that is given a value to begin with: returns that value, which stays as it is for the session.

    A value that is set beside the widget is sent with the whole widget, and the widget without it once more in the next run: with the
    first filter every widget of the page came again.

    Parameters
    ----------
    key : str
    default : str or list of str
    options : sequence of str or None
        The values that are allowed; any where there is none.

    Returns
    -------
    str or list of str
        One of ``options``, or some of them where ``default`` is a list.
    """
    begun = st.session_state.setdefault("_begun", {})
    if key in begun or st.session_state.get(key) is not None:
        seed(key, default, options)
        begun.setdefault(key, default)
    else:
        st.session_state["_used"][key] = default
        begun[key] = _wanted(key, default, options)
    value = begun[key]
    if options is None:
        return value
    if isinstance(value, list):
        return [each for each in value if each in options]
    return value if value in options else default


def _wanted(key: str, default: Value, options: Sequence[str] | None) -> Value:
    """The value of a widget that the link names, as far as it is allowed; else the default."""
    wanted = [value[:MAX_LENGTH] for value in st.session_state["_view"].get(key, [])]
    allowed = [value for value in wanted if options is None or value in options]
    if isinstance(default, list):
        known = allowed or (wanted == [""])
        return list(dict.fromkeys(allowed)) if known else default
    return allowed[-1] if allowed else default


def record(key: str) -> Any:
    """The value of the widget ``key``, its default where nothing is chosen; it is recorded for the link.

    A segment that was chosen can be let go of, and Streamlit forgets a value when the widget becomes another one.
    """
    default = st.session_state["_used"][key]
    value = default if st.session_state.get(key) is None else st.session_state[key]
    view = st.session_state["_view"]
    if value == default:
        view.pop(key, None)
    else:
        view[key] = (list(value) or [""]) if isinstance(default, list) else [str(value)]
    return value


def get(key: str, *, longest: int = MAX_LENGTH) -> str | None:
    """A parameter of the link that belongs to no widget, such as the selected work; None where it is absent."""
    st.session_state["_used"].setdefault(key, "")
    values = st.session_state["_view"].get(key)
    return values[-1][:longest] if values and values[-1] else None


def put(key: str, value: str | None) -> None:
    """Set or remove a parameter of the link (from a callback, before the next run)."""
    view = st.session_state.setdefault("_view", {})
    if value is None:
        view.pop(key, None)
    else:
        view[key] = [value]


def put_list(key: str, values: list[str]) -> None:
    """Set a parameter of the link that has several values."""
    st.session_state.setdefault("_view", {})[key] = values or [""]


def parameters() -> dict[str, list[str]]:
    """Every parameter of the view, for a link to another page."""
    return dict(st.session_state["_view"])


def widget_value(key: str) -> str:
    """The value of a widget of this page; empty if the page has no such widget."""
    value = st.session_state.get(key) if key in st.session_state["_used"] else None
    return "" if value is None else str(value)


def address(frame: str = "") -> str:
    """The whole address of the view: the parameters that this page uses, its day, and where its map looks (``frame``).

    The day is part of it even where it is today (a plain link leaves it out): tomorrow it must show the same.
    """
    used, view = st.session_state["_used"], st.session_state["_view"]
    parameters_here = {name: values for name, values in view.items() if name in used}
    if widget_value("as_of"):
        parameters_here["as_of"] = [widget_value("as_of")]
    return view_address(st.context.url or "", parameters_here, frame)


def write_address() -> None:
    """Write the parameters that this page used into the address, if they changed."""
    used, view = st.session_state["_used"], st.session_state["_view"]
    shown = {name: st.query_params.get_all(name) for name in st.query_params}
    parameters_here = {name: view[name] for name in view if name in used or name in shown}
    if parameters_here != shown:
        st.query_params.from_dict(parameters_here)
    state = st.session_state
    state["_written"] = parameters_here
    state["_past"] = [*state.get("_past", []), parameters_here][-_REMEMBERED:]
    state["_then"] = {name: list(values) for name, values in view.items()}
    state["_values"] = {name: state[name] for name in used if name in state}
