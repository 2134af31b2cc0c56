"""The form that records what happened to a work: a status, a quantity or a milestone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.display.fields import label_for_people
from geo.register.editing import Evidence, event_row
from geo.register.form_checks import Checks
from geo.store.model import Actor, Batch
from geo.text import mark as _
from geo.vocabulary import (
    EVENT_LABELS,
    PROGRESS_EVENTS,
    STATUS_LABELS,
)
from pages.parts.register.one_event import batch_of_one_event
from pages.parts.shell import edit_form, segments
from pages.parts.shell.edit_form import key
from pages.parts.shell.texts import language, t, translated

_CONFIRMED = {True: _("已证实"), False: _("计划或预计")}
_WHAT = {kind: EVENT_LABELS[kind] for kind in PROGRESS_EVENTS}


def progress_form(person: Actor, work_id: str) -> None:
    """Record a status, a quantity or a milestone with its day and source."""
    start = edit_form.form_start(work_id)
    kind = segments.of_form(key("what", work_id), t("记什么"), translated(_WHAT), "status")
    value, unit = _value_fields(str(kind), work_id, start.row)
    day, precision = edit_form.date_fields(work_id, "progress")
    confirmed = segments.of_form(
        key("confirmed", work_id),
        label_for_people("confirmed", language()),
        translated(_CONFIRMED),
        True,
        help_text=t("计划或预计的日期只进时间线，从不改变状态。"),
    )
    source = edit_form.source_fields(work_id, "progress")
    reason = edit_form.reason_field(work_id, "progress")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        evidence = Evidence(day, precision, source_id, bool(confirmed))
        row = event_row(checks, work_id, str(kind), value, evidence, unit=unit)
        return batch_of_one_event(checks, work_id, row, sources, reason)

    edit_form.save_button(person, work_id, "progress", build)


def _value_fields(kind: str, work_id: str, row: pd.Series[Any]) -> tuple[object, str]:
    if kind == "status":
        labels = translated(STATUS_LABELS)
        now = str(row["status"])
        return st.selectbox(
            t("状态"),
            list(labels),
            index=list(labels).index(now),
            format_func=labels.__getitem__,
            key=key("status", work_id),
        ), ""
    if kind == "quantity":
        left, right = st.columns([3, 2])
        value = left.text_input(t("数量"), placeholder=t("如 1200"), key=key("quantity-value", work_id))
        return value, right.text_input(
            label_for_people("unit", language()),
            value=str(row["unit"] or ""),
            key=key("quantity-unit", work_id),
        )
    return st.text_input(
        t("发生了什么"), placeholder=t("如：主体结构封顶"), max_chars=500, key=key("milestone", work_id)
    ), ""
