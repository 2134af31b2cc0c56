"""The form that merges a work into another."""

from __future__ import annotations

import streamlit as st

from geo.errors import AtlasError
from geo.register.form_checks import Checks
from geo.register.plans import ALL_PLANS
from geo.store.model import Actor
from geo.text import mark as _
from pages.parts.shell import edit_form
from pages.parts.shell.edit_form import key
from pages.parts.shell.loaders import atlas, store
from pages.parts.shell.selection import select
from pages.parts.shell.texts import t


def merge_form(person: Actor, work_id: str) -> None:
    """Merge a work into another: it stops counting, its history stays."""
    works = atlas().of_plan(ALL_PLANS).pack.works  # a work of another plan may be the same
    others = works[(works["kind"] == "work") & (works.index != work_id)]
    st.info(
        t("合并后，本项目不再计入；它的历史保留，承诺随留下的项目走，可以撤销。"), icon=":material/merge:"
    )
    into = edit_form.merge_target(others, key("into", work_id), str(works.at[work_id, "name_zh"]))
    reason = edit_form.reason_field(work_id, "merge")
    if not st.button(t("合并"), type="primary", icon=":material/merge:", key=key("merge", work_id)):
        return
    try:
        checks = Checks()
        why = checks.text("reason", reason, required=True, limit=500)
        if not into:
            checks.fault("work_id", _("请选要并入的项目。"))
        checks.done()
        edit_form.announce(store().merge(person, work_id, str(into), why))
    except AtlasError as error:
        edit_form.show_faults(error)
    else:
        edit_form.begin_anew(work_id)
        select(str(into))
        st.rerun()
