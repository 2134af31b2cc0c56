"""Any change of any widget, in any order, is answered by every page: also what a browser would not send."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from geo.store import Store
from geo.store.model import Actor
from tests.pages.test_pages import PAGES, open_page

KINDS: Final = (
    "button_group",
    "selectbox",
    "select_slider",
    "multiselect",
    "text_input",
    "text_area",
    "checkbox",
    "date_input",
    "number_input",
)
TEXTS: Final = (
    "",
    "0",
    "-1",
    "1e999",
    "nan",
    "90%",
    "2021-02-30",
    "T06",
    "\x00",
    "9" * 300,
    "120.3,31.5",
    "x",
)
changes = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=4)


def widgets_of(app: AppTest) -> list[Any]:
    return [element for kind in KINDS for element in app.get(kind)]


def strings(widget: Any, nth: int) -> list[str]:
    """One of the values, none, or one that is not offered (any more)."""
    options = [*widget.options, ""] if hasattr(widget, "options") else list(TEXTS)
    return [] if options[nth % len(options)] == "" else [options[nth % len(options)]]


def changed(widget: Any, nth: int) -> WidgetState:
    """A new value as a browser sends it."""
    state = WidgetState(id=widget.id)
    match widget.type:
        case "selectbox":
            if chosen := strings(widget, nth):
                state.string_value = chosen[0]
        case "text_input" | "text_area":
            state.string_value = TEXTS[nth % len(TEXTS)]
        case "checkbox" | "toggle":
            state.bool_value = bool(nth % 2)
        case "number_input":
            state.double_value = float(nth - 50)
        case "date_input":
            state.string_array_value.data.extend(["2021/06/15", "2019/12/31"][nth % 2 :][:1])
        case "select_slider" | "slider":
            state.string_array_value.data.append(widget.proto.options[nth % len(widget.proto.options)])
        case _:
            state.string_array_value.data.extend(strings(widget, nth))
    return state


def change(app: AppTest, *states: WidgetState) -> None:
    """Run the page as if a browser had sent these changes."""
    new = {state.id for state in states}
    others = [one for one in app._tree.get_widget_states().widgets if one.id not in new]
    app._run(WidgetStates(widgets=[*others, *states]))  # values as they cross, which the elements cannot say
    assert not app.exception, (states, app.exception)


def apply_all(app: AppTest, steps: list[tuple[int, int]]) -> None:
    for which, nth in steps:
        if widgets := widgets_of(app):
            change(app, changed(widgets[which % len(widgets)], nth))


@pytest.mark.parametrize("page", PAGES)
def test_every_choice_may_come_back_empty(page: str) -> None:
    app = open_page(page)
    empty = [WidgetState(id=group.id) for group in app.get("button_group")]
    for state in empty:
        state.string_array_value.data.extend([])
    change(app, *empty)


@pytest.mark.parametrize("page", PAGES)
@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(steps=changes)
def test_any_changes_are_answered(page: str, steps: list[tuple[int, int]]) -> None:
    apply_all(open_page(page), steps)


@pytest.mark.parametrize("tab", ["add", "works", "changes", "reports"])
@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(steps=changes)
def test_any_changes_of_an_editor_are_answered(
    register: Store, editor: Actor, tab: str, steps: list[tuple[int, int]]
) -> None:
    apply_all(open_page("register.py", tab=tab, work="T06"), steps)


def test_a_value_of_one_page_is_none_of_another() -> None:
    """Both pages have a choice ``set``; here no address says which page is open, as with a client that sends none."""
    app = open_page("siting.py")
    for page in ("coverage.py", "siting.py", "coverage.py", ""):
        app.switch_page(page or "home.py").run()
        assert not app.exception, (page, app.exception)
