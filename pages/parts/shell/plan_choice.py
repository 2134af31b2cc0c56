"""Which plan a page speaks of: a choice where the register has several, and nothing where it has one."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.atlas import load_atlas
from geo.display.labels import plan_name
from geo.register.plans import ALL_PLANS, required_plan
from pages.parts.shell import link
from pages.parts.shell.loaders import PLAN
from pages.parts.shell.texts import escaped, language, t

_KEY: Final = "plan"


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
    link.seed(_KEY, first, list(names))
    st.selectbox(t("计划"), list(names), format_func=names.__getitem__, key=_KEY)
    chosen = str(link.record(_KEY))
    st.session_state[PLAN] = "" if chosen == first else chosen
