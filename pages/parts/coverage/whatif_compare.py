"""A second scenario beside the one on the map: which one, its map, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.coverage.answer import Coverage
from geo.errors import AtlasError
from geo.whatif.saved_scenarios import load, saved
from geo.whatif.scenario import Scenario
from geo.whatif.what_if import differences
from pages.parts.coverage import whatif_edits
from pages.parts.coverage.map_and_table import show_other_map
from pages.parts.coverage.question import CoverageChoice
from pages.parts.coverage.whatif_edits import Drawing
from pages.parts.shell import link
from pages.parts.shell.texts import escaped, t

VS: Final = "vs"
REGISTER: Final = "register"
_MANY: Final = 50
_LONG: Final = 30
"""Letters of a name above its map."""


@dataclass(frozen=True)
class Other:
    """The scenario that is compared with, and what it makes of the question: ``before`` and after its edits."""

    name: str
    scenario: Scenario
    question: CoverageChoice
    before: Coverage
    answer: Coverage
    marks: list[dict[str, Any]]


def choose(chosen: CoverageChoice) -> Other | None:
    """The switch beside the tools of the map; None while nothing is compared."""
    named = {"": t("（不比较）"), REGISTER: t("登记原样，没有改动")} | _saved_scenarios()
    link.seed(VS, "", list(named))
    if st.session_state[VS] not in named:  # it was tidied away meanwhile
        st.session_state[VS] = ""
    st.selectbox(
        t("并排比较"), list(named), format_func=named.__getitem__, key=VS,
        help=t("多一张地图，画另一个方案；两张图的视野同步。方案在“推演”里保存。"),
    )  # fmt: skip
    key = str(link.record(VS))
    if not key:
        return None
    try:
        scenario = Scenario() if key == REGISTER else load(key)
        changed = whatif_edits.changed_or_wait("compare", chosen, scenario)
    except AtlasError as error:
        whatif_edits.note_error(error)
        return None
    if changed is None:
        return None
    return Other(
        scenario.name or named[key],
        scenario,
        whatif_edits.with_scenario(chosen, key if scenario.edits else ""),
        changed.before,
        changed.after,
        whatif_edits.map_marks(chosen, scenario, changed),
    )


def _saved_scenarios() -> dict[str, str]:
    """Saved scenarios, and the one of the link if it is older than those."""
    scenarios = dict(saved(_MANY))
    wanted = link.get(VS) or ""
    if wanted.startswith("s-") and wanted not in scenarios:
        try:
            scenarios[wanted] = load(wanted)
        except AtlasError as error:
            whatif_edits.note_error(error)
    return {
        key: t("{name}（{n} 处改动）", name=scenario.name or t("未命名的方案"), n=len(scenario.edits))
        for key, scenario in scenarios.items()
    }


def title(chosen: CoverageChoice, drawing: Drawing, other: Other | None) -> None:
    """Heading of the first map, shown only where there are two; its room is always reserved, so that the map never moves."""
    place = st.empty()
    if other is not None:
        name = drawing.scenario.name or (t("当前改动") if drawing.scenario.edits else t("登记原样，没有改动"))
        place.markdown(_heading("A", name, _mine(drawing, other), chosen))


def show_map(chosen: CoverageChoice, drawing: Drawing, other: Other) -> None:
    """The second map."""
    st.markdown(_heading("B", other.name, other.answer, chosen, beside=_mine(drawing, other)))
    show_other_map(other.question, other.marks)


def _mine(drawing: Drawing, other: Other) -> Coverage:
    if drawing.changed is not None:
        return drawing.changed.after
    return other.before


def _heading(
    letter: str, name: str, answer: Coverage, chosen: CoverageChoice, beside: Coverage | None = None
) -> str:
    """``**A** name`` above ``51.2 %`` and the difference to the other map: two lines each, so that the maps align."""
    column = "share_residents" if chosen.by == "residents" else "share_area"
    share = answer.table[column].iloc[-1]
    shown = name if len(name) <= _LONG else f"{name[: _LONG - 1]}…"
    text = f"**{letter}** {escaped(shown)}  \n"
    text += t("覆盖率 {share}", share="—" if pd.isna(share) else f"{100 * share:.2f}%")
    if beside is not None and not pd.isna(share):
        text += t("，比 A {points} 个百分点", points=f"{100 * (share - beside.table[column].iloc[-1]):+.2f}")
    return text


def table(drawing: Drawing, other: Other) -> pd.DataFrame:
    """A -> B by district."""
    return differences(_mine(drawing, other), other.answer)
