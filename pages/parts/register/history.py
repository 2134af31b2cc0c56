"""The history of a work: who, when and why; and undo."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.display import event_labels, labels
from geo.errors import AtlasError
from geo.register.form_checks import Checks
from geo.store.model import Actor
from geo.text import mark as _
from geo.vocabulary import (
    EVENT_LABELS,
)
from pages.parts.register import history_table
from pages.parts.shell import access, edit_form, html
from pages.parts.shell.edit_form import key
from pages.parts.shell.loaders import code_names, store, store_to_read
from pages.parts.shell.texts import language, t


def show_history(person: Actor, work_id: str) -> None:
    """Every event of a work, newest first, each with who, when and why; editors may undo each."""
    history = store_to_read().history(work_id)
    if history.empty:
        st.info(t("还没有任何记载。"))
        return
    newest = history.iloc[::-1]
    editor = access.may_edit(person)
    html.show("history.html", rows=history_table.history_rows(newest, with_names=editor))
    if editor:
        _undo_form(person, work_id, newest)


def _undo_form(person: Actor, work_id: str, history: pd.DataFrame) -> None:
    names = {str(row["event_id"]): _event_name(row) for _, row in history.iterrows()}
    st.header(t("撤销一条记载"))
    chosen = st.selectbox(
        t("撤销哪一条"),
        list(names),
        index=None,
        placeholder=t("选一条；撤销也是一条记载，可以再撤销"),
        format_func=names.__getitem__,
        key=key("undo", work_id),
    )
    reason = edit_form.reason_field(work_id, "undo")
    if not st.button(t("撤销"), icon=":material/undo:", key=key("undo-go", work_id)):
        return
    try:
        checks = Checks()
        why = checks.text("reason", reason, required=True, limit=500)
        if not chosen:
            checks.fault("value", _("请选一条记载。"))
        checks.done()
        edit_form.announce(store().undo(person, str(chosen), why))
    except AtlasError as error:
        edit_form.show_faults(error)
    else:
        edit_form.begin_anew(work_id)
        st.rerun()


def _event_name(row: pd.Series[Any]) -> str:
    day = labels.day_text(row["date"], row["date_precision"], language())
    return f"{day} · {t(EVENT_LABELS.get(str(row['kind']), str(row['kind'])))} · {event_labels.event_text(row, language(), code_names())[:60]}"
