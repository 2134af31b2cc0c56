"""What changed: between two days, or since a version of the register."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from geo.display.code_labels import label_of_value
from geo.display.fields import label_for_people
from geo.errors import AtlasError
from geo.store.model import Actor
from geo.text import mark as _
from pages.parts.register import batches, history_table
from pages.parts.shell import access, link, segments
from pages.parts.shell.loaders import atlas, code_names, store_to_read
from pages.parts.shell.texts import error_text, language, t

_HOW = {"days": _("比较两天"), "since": _("某一版以来"), "batches": _("批次")}
_RECENT = 50


def show_changes(person: Actor) -> None:
    """The comparison of two days, the events recorded since a version, or the batches that can be taken back."""
    names = {name: t(text) for name, text in _HOW.items()}
    how = segments.linked("how", t("怎么比"), names, "days", titled=False)
    try:
        if how == "days":
            _two_days()
        elif how == "batches":
            batches.show_batches(person)
        else:
            _since(person)
    except AtlasError as error:
        st.error(error_text(error))


def _day(key: str, label: str, default: date) -> date:
    link.seed(key, default.isoformat())
    try:
        day_of_link = date.fromisoformat(st.session_state[key])
    except (TypeError, ValueError):
        day_of_link = default
    day = st.date_input(
        label, value=day_of_link, min_value=date(1949, 10, 1), max_value=date(2100, 12, 31), key=f"{key}-day"
    )
    if isinstance(day, date):
        st.session_state[key] = day.isoformat()
    return date.fromisoformat(link.record(key))


def _two_days() -> None:
    today = date.today()
    left, right = st.columns(2)
    with left:
        first = _day("from", t("从"), date(today.year - 1, today.month, 1))
    with right:
        last = _day("to", t("到"), today)
    changes = store_to_read().diff(first, last)
    if changes.empty:
        st.info(t("这两天之间没有变化。"))
        return
    st.markdown(
        t("**{n}** 处变化，涉及 **{works}** 个项目。", n=len(changes), works=changes["work_id"].nunique())
    )
    st.dataframe(
        _in_words(changes), hide_index=True, width="stretch", alt=t("两天之间的变化"), placeholder=""
    )


def _in_words(changes: pd.DataFrame) -> pd.DataFrame:
    """What differs, without a code: the fields by their labels, their values in words."""
    lang, names = language(), code_names()
    before, after = (
        [
            label_of_value(field, value, lang, names)
            for field, value in zip(changes["field"], changes[side], strict=True)
        ]
        for side in ("before", "after")
    )
    return pd.DataFrame(
        {
            t("项目"): changes["name_zh"],
            t("字段"): [label_for_people(field, lang) for field in changes["field"]],
            t("原来"): before,
            t("现在"): after,
            t("编号"): changes["work_id"],
        }
    )


def _since(person: Actor) -> None:
    newest = int(store_to_read().revision())
    revision = st.number_input(
        t("从第几版以来（现在是第 {n} 版）", n=newest),
        0,
        newest,
        max(newest - _RECENT, 0),
        key="since-revision",
    )
    events = store_to_read().changes_since(int(revision))
    if events.empty:
        st.info(t("这一版以来没有变化。"))
        return
    names = pd.concat([atlas().pack.works["name_zh"], atlas().pack.facilities["name_zh"]])
    frame = history_table.history_frame(events, with_names=access.may_edit(person))
    frame.insert(0, t("项目"), [str(names.get(code, code)) for code in events["row_id"]])
    st.dataframe(frame, hide_index=True, width="stretch", alt=t("这一版以来的变化"), placeholder="")
