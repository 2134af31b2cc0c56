"""Remarks of readers that something is wrong: the queue for editors, and what was decided for everyone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.errors import AtlasError
from geo.register.form_checks import Checks
from geo.store.model import Actor
from geo.store.moments import local_time
from geo.vocabulary import DECISION_LABELS
from pages.parts.shell import edit_form, link
from pages.parts.shell.loaders import atlas, store, store_to_read
from pages.parts.shell.selection import select
from pages.parts.shell.texts import escaped, language, t


def waiting() -> int:
    """How many remarks wait for a decision."""
    return int((~_decided(store_to_read().remarks())).sum())


def _decided(remarks: pd.DataFrame) -> pd.Series[bool]:
    return remarks["decision"].notna()


def show_queue(person: Actor) -> None:
    """Remarks that wait, oldest first, each with what an editor can do; below, what was decided."""
    remarks = store_to_read().remarks()
    decided = _decided(remarks)
    if remarks[~decided].empty:
        st.success(t("没有等待处理的反映。"), icon=":material/done_all:")
    for _remark_id, row in remarks[~decided].iterrows():
        _open_remark(person, row)
    if decided.any():
        with st.expander(t("已处理：{n} 条", n=int(decided.sum()))):
            st.dataframe(
                decisions_frame(remarks[decided], with_names=True),
                hide_index=True,
                width="stretch",
                placeholder="",
            )


def _open_remark(person: Actor, row: pd.Series[Any]) -> None:
    remark_id, work_id = row["report_id"], str(row["work_id"] or "")
    works = atlas().pack.works
    name = labels.name_of(atlas().register.work(work_id), language()) if work_id in works.index else work_id
    with st.container(border=True):
        st.markdown(
            f"**{escaped(name)}** · {escaped(work_id)} · {t('{time} 北京时间', time=escaped(local_time(row['received_at'])))}"
        )
        if work_id in works.index:
            _work_links(work_id)
        st.text(row["text"])
        if row["contact"]:
            st.text(t("联系方式：{contact}", contact=row["contact"]))
        reason = st.text_input(
            t("处理理由"), key=f"why-{remark_id}", max_chars=500, placeholder=t("写明依据；公开时大家会看到")
        )
        public = st.checkbox(t("公开处理结果"), value=True, key=f"public-{remark_id}")
        st.caption(t("“采纳”只记下决定，不会自己改登记；采纳后请到“查改”更正。"))
        faults = st.container()  # above the buttons, which stay where they are
        pressed = None
        with st.container(horizontal=True):
            for decision, icon in (("accepted", ":material/check:"), ("declined", ":material/block:")):
                if st.button(t(DECISION_LABELS[decision]), key=f"{decision}-{remark_id}", icon=icon):
                    pressed = decision
        if pressed:
            with faults:
                _decide(person, row, pressed, reason, public=public)


def _work_links(work_id: str) -> None:
    """The work's card, and the form that corrects it."""
    parameters = {name: values for name, values in link.parameters().items() if name != "tab"}
    with st.container(horizontal=True):
        st.page_link(
            "works.py",
            label=t("看这个项目"),
            icon=":material/id_card:",
            query_params=parameters | {"work": work_id},
        )
        st.page_link(
            "register.py",
            label=t("到“查改”更正"),
            icon=":material/edit:",
            query_params=parameters | {"work": work_id, "do": "fields"},
        )


def _decide(person: Actor, row: pd.Series[Any], decision: str, reason: str, *, public: bool) -> None:
    try:
        checks = Checks()
        why = checks.text("reason", reason, required=True, limit=500)
        checks.done()
        store().decide(person, row["report_id"], decision, why, public=public)
    except AtlasError as error:
        edit_form.show_faults(error)
        return
    if decision == "accepted" and row["work_id"]:
        select(str(row["work_id"]))
        link.put("tab", None)
        st.session_state["_told"] = t("已采纳。请在下面改这个项目。")
    else:
        st.session_state["_told"] = t("已处理。")
    st.rerun()


def show_published() -> None:
    """Remarks and how they were decided, as far as editors published it."""
    st.header(t("读者反映与处理"))
    remarks = store_to_read().remarks()
    shown = remarks[_decided(remarks) & remarks["public"].eq(True)]
    if shown.empty:
        st.caption(t("还没有公开的处理结果。在任一项目的卡片上点“此处有误”就可以反映。"))
        return
    st.dataframe(
        decisions_frame(shown, with_names=False),
        hide_index=True,
        width="stretch",
        alt=t("读者反映与处理"),
        placeholder="",
    )


def decisions_frame(remarks: pd.DataFrame, *, with_names: bool) -> pd.DataFrame:
    """Decided remarks as a table; contacts are never shown here."""
    works = atlas().pack.works["name_zh"]
    frame = pd.DataFrame(
        {
            t("项目"): [str(works.get(code, code) or "") for code in remarks["work_id"]],
            t("反映"): remarks["text"].to_numpy(),
            t("处理"): [
                t(DECISION_LABELS.get(str(decision), str(decision))) for decision in remarks["decision"]
            ],
            t("理由"): remarks["reason"].to_numpy(),
            t("日期"): [local_time(value)[:10] for value in remarks["decided_at"]],
        }
    )
    return frame.assign(**{t("处理人"): remarks["decided_by"].to_numpy()}) if with_names else frame
