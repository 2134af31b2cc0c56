"""Which plan a page speaks of: a choice where the register has several, and nothing where it has one."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.atlas import load_atlas
from geo.display.labels import plan_name
from geo.register.city import Atlas
from geo.register.plans import ALL_PLANS, required_plan
from pages.parts.shell import link
from pages.parts.shell.loaders import PLAN
from pages.parts.shell.texts import escaped, language, t

_KEY: Final = "plan"
_FOUND: Final = "_plan_found"
_NAMED: Final = ("item", "work")
"""Parameters of a link that name what belongs to a plan."""


def show_choice(*, by_plan: bool) -> None:
    """Before a page: the choice, which is in the link as ``plan``; on a page of the first plan alone, that it is."""
    st.session_state[PLAN] = ""
    whole = load_atlas(plan=ALL_PLANS)
    if not whole.has_several_plans:
        return
    first = required_plan(whole.pack.plans, "")
    names = {str(plan): plan_name(whole, language(), str(plan)) for plan in whole.pack.plans.index}
    if not by_plan:
        st.caption(t("本页说的是：{plan}", plan=escaped(names[first])))
        return
    names[ALL_PLANS] = t("全部计划")
    owner = _plan_of_link(load_atlas())
    link.seed(_KEY, first, list(names))
    st.selectbox(t("计划"), list(names), format_func=names.__getitem__, key=_KEY)
    chosen = str(link.record(_KEY))
    st.session_state[PLAN] = "" if chosen == first else chosen
    if owner and owner == chosen:
        st.caption(t("链接没有写是哪份计划；它说的条目或项目在“{plan}”里。", plan=escaped(names[owner])))


def _plan_of_link(first: Atlas) -> str:
    """The plan of what a link without a plan names; empty where it names nothing of another plan, or a plan was chosen."""
    view, state = link.parameters(), st.session_state
    named = {name: [state[name]] if state.get(name) else view.get(name, [])[-1:] for name in _NAMED}
    if state.get("item") == "":  # nothing is chosen any more; the link of this run does not know it yet
        named["item"] = []
    if _KEY not in view and st.session_state.get(_KEY) is None:
        owner = first.for_question("", named["item"], named["work"])
        known = "" if owner is first else owner.pack.plan
        st.session_state[_FOUND] = (known, named)
        if known:
            link.put(_KEY, known)
    known, of_what = st.session_state.get(_FOUND, ("", {}))
    return str(known) if of_what == named else ""
