"""From the siting page to the coverage page's what-if and back, in one click each way."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.errors import AtlasError
from geo.siting.handover import added_sites, as_scenario
from geo.siting.result import Siting
from geo.text import mark as _
from geo.whatif.saved_scenarios import load, save, saved
from geo.whatif.scenario import Scenario
from pages.parts.coverage import whatif_edits
from pages.parts.coverage.open_siting import MOST_OWN
from pages.parts.shell import link, uploader
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.texts import error_text, escaped, language, t
from pages.parts.siting.question import SitingChoice

_FROM: Final = "own_from"
_MESSAGE: Final = "_own_told"
_MANY: Final = 50
_NAMES: Final = {
    "best": _("选址最优 {n} 处 · {kind} · {where} · {radius} 米"),
    "own": _("我的 {n} 处 · {kind} · {where} · {radius} 米"),
}


def offer_scenarios(chosen: SitingChoice, answer: Siting) -> None:
    """Buttons that save the sites as scenarios and open them on the coverage page."""
    with st.container(horizontal=True):
        both = answer.own is not None and st.button(
            t("最优与我的：两张地图并排"), icon=":material/compare:", type="primary", key="to_pair",
            help=t("两套地点各存为一个推演方案，在覆盖页上并排打开，可继续改。"),
        )  # fmt: skip
        alone = st.button(
            t("把最优 {n} 处放进推演", n=len(answer.best.sites)), icon=":material/edit_location_alt:", key="to_best",
            help=t("存为推演方案（加在现有设施之上），并在覆盖页打开：可移动、增减、比较、导出。登记不变。"),
        )  # fmt: skip
    if both or alone:
        _open(chosen, answer, pair=bool(both))


def _open(chosen: SitingChoice, answer: Siting, *, pair: bool) -> None:
    try:
        keys = [
            save(_scenario(chosen, answer, which), uploader.session())
            for which in (("best", "own") if pair else ("best",))
        ]
    except AtlasError as error:
        st.error(error_text(error))
        return
    _ask_coverage(chosen)
    link.put(whatif_edits.PARAMETER, keys[0])
    link.put("vs", keys[1] if pair else None)
    st.switch_page("coverage.py", query_params=link.parameters())


def _scenario(chosen: SitingChoice, answer: Siting, which: str) -> Scenario:
    outcome = answer.own if which == "own" and answer.own is not None else answer.best
    parameters = dict(chosen.parameters)
    kinds = atlas().names("kinds", language())
    districts = district_names()
    codes = [code for code in parameters.get("district", "").split("|") if code]
    name = t(
        _NAMES[which],
        n=len(outcome.sites),
        kind="、".join(kinds.get(kind, kind) for kind in parameters["kind"].split("|"))[:30],
        where="、".join(districts[code] for code in codes)[:20] or t("全市"),
        radius=chosen.radius,
    )
    return as_scenario(outcome, parameters, name, lang=language())


def _ask_coverage(chosen: SitingChoice) -> None:
    """Write the same question to the link, with the parameters of the coverage page."""
    form, _sep, key = str(st.session_state["what"]).partition(":")
    link.put("ind", key if form == "ind" else "custom")
    if form == "kind":
        link.put("kind", key)
    link.put("r", str(chosen.radius))
    link.put("set", chosen.which)
    link.put("by", "land" if dict(chosen.parameters).get("demand") == "area" else "residents")


def choose_scenario() -> None:
    """A choice of saved scenarios whose additions become one's own sites."""
    scenarios = {key: scenario for key, scenario in saved(_MANY) if added_sites(scenario)[0]}
    if not scenarios:
        return
    names = {"": t("（不取用）")} | {
        key: t("{name}（增加 {n} 处）", name=scenario.name, n=len(added_sites(scenario)[0]))
        for key, scenario in scenarios.items()
    }
    st.selectbox(
        t("或取用一个推演方案里增加的设施"), list(names), format_func=names.__getitem__, key=_FROM, on_change=_use_scenario,
        help=t("在覆盖页画好并保存的方案；取用后可在上面的框里再改。"),
    )  # fmt: skip
    message = st.session_state.pop(_MESSAGE, "")
    if message:
        st.caption(escaped(message))


def _use_scenario() -> None:
    key = st.session_state.pop(_FROM, "")
    if not key:
        return
    try:
        lines, others = added_sites(load(key))
    except AtlasError as error:
        st.session_state[_MESSAGE] = error.public_text(language())
        return
    st.session_state["own"] = lines[:MOST_OWN]
    if others:
        st.session_state[_MESSAGE] = t(
            "方案里另有 {n} 处移动、移除或街道改动，不是新点，没有取用。", n=others
        )
