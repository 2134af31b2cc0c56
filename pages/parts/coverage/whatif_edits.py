"""The edits of the coverage page: a parameter of the link, changed by clicks, forms and undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st

from geo.errors import AtlasError
from geo.questions.coverage import MAX_SCENARIO
from geo.whatif.saved_scenarios import link_code, scenario_at
from geo.whatif.scenario import Edit, Scenario, scenario_of
from layers.analysis.answers import WhatIfAnswer, what_if
from layers.analysis.edit_marks import converted, edit_marks
from layers.analysis.questions import parameters_of
from pages.parts.coverage import isochrone
from pages.parts.coverage.question import CoverageChoice
from pages.parts.shell import link, uploader, waiting
from pages.parts.shell.texts import error_text, language, t

PARAMETER: Final = "sc"
LONGEST: Final = 1500  # of an address, so that it can be pasted anywhere; a longer scenario is saved
_ERROR: Final = "_whatif_fault"


@dataclass(frozen=True)
class Drawing:
    """What is drawn on the map and what a click does."""

    mode: str | None
    scenario: Scenario
    parameter: str
    changed: WhatIfAnswer | None
    marks: list[dict[str, Any]] = field(default_factory=list)
    on_edit: Callable[[dict[str, Any]], None] = lambda _edit: None

    def question(self, chosen: CoverageChoice) -> CoverageChoice:
        """``chosen`` with the scenario among its parameters, if the scenario fits that question."""
        return with_scenario(
            chosen, self.parameter if self.changed is not None and self.scenario.edits else ""
        )


def with_scenario(chosen: CoverageChoice, parameter: str) -> CoverageChoice:
    """The question with a scenario among its parameters; unchanged for an empty one."""
    return (
        replace(chosen, parameters=parameters_of(dict(chosen.parameters) | {"scenario": parameter}))
        if parameter
        else chosen
    )


def drawing(chosen: CoverageChoice) -> Drawing:
    """The mode switch of the page, and the scenario of its link."""
    mode = _mode(chosen)
    scenario, parameter = current()
    changed = None
    try:
        changed = changed_or_wait("what-if", chosen, scenario) if scenario.edits else None
    except AtlasError as error:
        note_error(error)
    return Drawing(
        mode,
        scenario,
        parameter,
        changed,
        map_marks(chosen, scenario, changed),
        lambda given: add(chosen, given),
    )


def changed_or_wait(place: str, chosen: CoverageChoice, scenario: Scenario) -> WhatIfAnswer | None:
    """What a scenario changes; None while workers work it out, and the page says so."""
    return waiting.heavy_or_wait(place, what_if, chosen.parameters, scenario.to_json(), language())


def _mode(chosen: CoverageChoice) -> str | None:
    names = {"look": t("浏览"), "add": t("增加设施"), "move": t("移动、移除")}
    if "streets" in dict(chosen.parameters):
        names |= {"link": t("连通街道"), "close": t("封闭街道"), isochrone.MODE: t("等时圈")}
    link.seed("edit", "look", list(names))
    if st.session_state.get("edit") not in names:
        st.session_state["edit"] = "look"
    st.segmented_control(
        t("推演：如果……"), list(names), format_func=names.__getitem__, key="edit", required=True,
        help=t("在地图上增加、移动、移除这类设施，立刻看到谁受益。推演不改登记。"),
    )  # fmt: skip
    chosen_mode = str(link.record("edit"))
    return None if chosen_mode == "look" else chosen_mode


def current() -> tuple[Scenario, str]:
    """The scenario of the link (an empty one without any), and the text that stands for it there."""
    parameter = link.get(PARAMETER, longest=MAX_SCENARIO) or ""
    if not parameter:
        return Scenario(), ""
    try:
        return scenario_at(parameter), parameter
    except AtlasError as error:
        note_error(error)
        return Scenario(), ""


def write_to_link(scenario: Scenario) -> None:
    """Write ``scenario`` to the link (in a callback)."""
    try:
        empty = not scenario.edits and not scenario.name
        link.put(PARAMETER, None if empty else link_code(scenario, longest=LONGEST, owner=uploader.session()))
    except AtlasError as error:
        note_error(error)


def note_error(error: AtlasError) -> None:
    """Keep ``error`` for :func:`show_error`, which shows it above the map."""
    st.session_state[_ERROR] = error


def show_error() -> None:
    """Show the last error, once."""
    error = st.session_state.pop(_ERROR, None)
    if error is not None:
        st.error(error_text(error))


def add(chosen: CoverageChoice, given: dict[str, Any]) -> None:
    """Add an edit that was drawn on the map or typed in the form, if it is valid (in a callback)."""
    scenario, _word = current()
    try:
        edit = _edit(given, scenario)
        wanted = scenario.with_edits([*scenario.edits, edit]).model_copy(
            update={"words": question_parameters(chosen)}
        )
        what_if(chosen.parameters, wanted.to_json(), language())
    except AtlasError as error:
        note_error(error)
        return
    write_to_link(wanted)


def question_parameters(chosen: CoverageChoice) -> dict[str, str]:
    """The parameters that are saved with a scenario, without data that only this server has."""
    own_data = ("raster-", "residential-")
    return {
        name: value
        for name, value in chosen.parameters
        if name not in ("streets", "scenario") and not value.startswith(own_data)
    }


def _edit(given: dict[str, Any], scenario: Scenario) -> Edit:
    """A drawn edit, checked; places drawn on a GCJ-02 base map are converted to WGS84."""
    taken = ("op", "id", "at", "line", "name", "supply")
    wanted = {name: given[name] for name in taken if given.get(name) is not None}
    if wanted.get("op") == "add":
        used = {edit.id for edit in scenario.edits}
        wanted["id"] = next(f"new-{n}" for n in range(1, len(used) + 2) if f"new-{n}" not in used)
    edit = scenario_of({"edits": [wanted]}).edits[0]
    if given.get("datum") != "GCJ02":
        return edit
    places = [edit.at] if edit.at else list(edit.line)
    moved = converted(places, "GCJ02", "WGS84")
    return edit.model_copy(update={"at": moved[0]} if edit.at else {"line": tuple(moved)})


def undo() -> None:
    """Take the last edit back."""
    scenario, _word = current()
    write_to_link(scenario.with_edits(scenario.edits[:-1]))


def clear() -> None:
    """Take every edit back."""
    scenario, _word = current()
    write_to_link(scenario.with_edits([]))


def map_marks(
    chosen: CoverageChoice, scenario: Scenario, changed: WhatIfAnswer | None
) -> list[dict[str, Any]]:
    """What the map shows of the edits, in both systems that its base maps use."""
    return edit_marks(chosen.parameters, scenario, changed.result, language()) if changed else []
