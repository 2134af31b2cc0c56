"""Which facilities are all known: the statements with their sources, a form to make one, and each one's history."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.display.fields import label_for_people
from geo.register.completeness import completeness, statement_event, statement_id
from geo.register.form_checks import Checks
from geo.store.model import Actor, Batch
from geo.text import mark as _
from pages.parts.register.history import show_history
from pages.parts.shell import access, edit_form
from pages.parts.shell.edit_form import key
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.texts import escaped_table, language, t

_FORM = "completeness"
_WORDS = {True: _("齐全"), False: _("不齐全")}


def show_completeness(person: Actor) -> None:
    """What is said of each kind and district; editors may say something else."""
    st.subheader(t("哪些设施已收齐"))
    st.caption(t("没有说法的一律按不齐全：覆盖率是下限；说了不齐全的区县，覆盖率不详。"))
    rows = completeness(atlas().register)
    if len(rows):
        st.table(escaped_table(_known(rows)))
    kinds, districts = atlas().names("kinds", language()), _districts()
    left, right = st.columns(2)
    kind = left.selectbox(
        label_for_people("facility_kind", language()),
        list(kinds),
        format_func=kinds.__getitem__,
        key=key("kind", _FORM),
    )
    district = right.selectbox(
        label_for_people("district_code", language()),
        list(districts),
        format_func=districts.__getitem__,
        key=key("district", _FORM),
    )
    if access.may_edit(person):
        _form(person, str(kind), str(district))
    show_history(person, statement_id(str(kind), str(district)))


def _districts() -> dict[str, str]:
    return {"": t("全市")} | district_names()


def _known(rows: pd.DataFrame) -> pd.DataFrame:
    kinds, districts, sources = atlas().names("kinds", language()), _districts(), atlas().pack.sources
    return pd.DataFrame(
        {
            label_for_people("facility_kind", language()): [kinds.get(kind, kind) for kind in rows["kind"]],
            label_for_people("district_code", language()): [
                districts.get(code, code) for code in rows["district_code"]
            ],
            t("齐全与否"): [t(_WORDS[bool(yes)]) for yes in rows["complete"] == "true"],
            t("截至"): rows["as_of"].tolist(),
            label_for_people("source_title", language()): [
                labels.source_title(pd.Series(sources.loc[source])) for source in rows["source_id"]
            ],
        }
    ).set_index(label_for_people("facility_kind", language()))


def _form(person: Actor, kind: str, district: str) -> None:
    left, right = st.columns(2)
    complete = left.radio(
        t("齐全与否"),
        list(_WORDS),
        format_func=lambda said: t(_WORDS[said]),
        horizontal=True,
        key=key("complete", _FORM),
    )
    as_of = right.text_input(
        t("截至"), placeholder=t("如 2026-11；只知年份也可"), max_chars=10, key=key("as-of", _FORM)
    )
    source = edit_form.source_fields(_FORM, _FORM)
    reason = edit_form.reason_field(_FORM, _FORM)

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        why = checks.text("reason", reason, required=True, limit=500)
        if not source_id:
            checks.fault("source_id", _("请选一个来源，或填写新来源。"), _("没有来源的说法不能进登记。"))
        checks.done()
        event = statement_event(
            kind, district, complete=bool(complete), as_of=as_of.strip(), source_id=source_id
        )
        return Batch(reason=why, sources=sources, completeness_events=(event,))

    edit_form.save_button(person, _FORM, _FORM, build)
