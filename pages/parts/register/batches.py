"""Batches: what was written together by an import or an edit, listed, and taken back as a whole at any later time."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from geo.errors import AtlasError
from geo.register.form_checks import Checks
from geo.store.model import Actor
from geo.store.moments import local_time
from geo.vocabulary import EVENT_LABELS, UNDO
from pages.parts.shell import access, edit_form
from pages.parts.shell.loaders import store, store_to_read
from pages.parts.shell.texts import escaped, t

_LISTED: Final = 200
_PACK: Final = "pack"
_NEVER_UNDONE: Final = (_PACK, UNDO)
"""Kinds of batches that are not taken back as a whole: the city pack itself, and what takes back."""


def show_batches(person: Actor) -> None:
    """The last batches, newest first; editors may take each back."""
    batches = store_to_read().batches(_LISTED)
    if batches.empty:
        st.info(t("还没有写入过任何批次。"))
        return
    st.dataframe(
        _frame(batches, with_names=access.may_edit(person)),
        hide_index=True,
        width="stretch",
        alt=t("写入过的批次"),
        placeholder="",
    )
    if access.may_edit(person):
        _undo_form(person, batches[(batches["counted"] > 0) & ~batches["kind"].isin(list(_NEVER_UNDONE))])


def _frame(batches: pd.DataFrame, *, with_names: bool) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            t("批次"): batches["batch_id"],
            t("登记于"): [local_time(moment) for moment in batches["recorded_at"]],
            t("类型"): [_kind_label(str(kind)) for kind in batches["kind"]],
            t("理由"): batches["reason"],
            t("记载"): batches["events"],
            t("仍然算数"): batches["counted"],
        }
    )
    if with_names:
        frame[t("登记人")] = batches["actor"]
    return frame


def _kind_label(kind: str) -> str:
    """What wrote a batch, in words."""
    if kind == _PACK:
        return t("资料包")
    return t(EVENT_LABELS[kind]) if kind in EVENT_LABELS else t("导入或编辑")


def _undo_form(person: Actor, batches: pd.DataFrame) -> None:
    st.header(t("撤销一批"))
    if batches.empty:
        st.caption(t("没有可以撤销的批次。"))
        return
    names = {
        int(batch): escaped(f"{batch} · {local_time(moment)} · {reason}"[:120])
        for batch, moment, reason in zip(
            batches["batch_id"], batches["recorded_at"], batches["reason"], strict=True
        )
    }
    counts = dict(zip(names, batches["counted"], strict=True))
    batch = st.selectbox(
        t("撤销哪一批"),
        list(names),
        index=None,
        placeholder=t("选一批；撤销也是一批，历史都还在"),
        format_func=names.__getitem__,
        key=edit_form.key("undo-batch", "batches"),
    )
    if batch is None:
        return
    reason = edit_form.reason_field("batches", "undo-batch")
    sure = st.checkbox(
        escaped(t("确认撤销第 {batch} 批的 {n} 条记载", batch=batch, n=int(counts[batch]))),
        key=edit_form.key(f"undo-sure-{batch}", "batches"),
    )
    if not st.button(
        t("撤销整批"),
        icon=":material/undo:",
        disabled=not sure,
        key=edit_form.key("undo-batch-go", "batches"),
    ):
        return
    try:
        checks = Checks()
        why = checks.text("reason", reason, required=True, limit=500)
        checks.done()
        undone = store().undo_batch(person, int(batch), why)
    except AtlasError as error:
        edit_form.show_faults(error)
        return
    edit_form.begin_anew("batches")
    st.session_state["_told"] = t("整批已撤销：{n} 条撤销事件。历史都还在。", n=undone.events)
    st.rerun()
