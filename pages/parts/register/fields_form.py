"""The form that corrects the fields of a work."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.display.fields import label_for_people
from geo.register.editing import CORRECTABLE, Evidence, changed, event_row, first_day, work_fields
from geo.register.form_checks import Checks
from geo.store.model import Actor, Batch
from geo.text import mark as _
from geo.vocabulary import (
    COUNTED_LABELS,
)
from pages.parts.register.one_event import batch_of_one_event
from pages.parts.shell import edit_form, segments
from pages.parts.shell.edit_form import key
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.texts import language, t, translated

_SINCE = {"always": _("一直如此（原来记错）"), "day": _("从某天起变了")}


def fields_form(person: Actor, work_id: str) -> None:
    """Correct the fields of a work; only fields that differ from those the editor saw are written."""
    start = edit_form.form_start(work_id)
    typed = field_widgets(start.row, work_id)
    source = edit_form.source_fields(work_id, "fields")
    since = segments.of_form(key("since", work_id), t("从哪天起算"), translated(_SINCE), "always")
    day, precision = (
        edit_form.date_fields(work_id, "fields")
        if since == "day"
        else (first_day(atlas(), start.row), "circa")
    )
    reason = edit_form.reason_field(work_id, "fields")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        values = changed(start.row, work_fields(checks, typed, atlas()))
        if not values:
            checks.fault("value", _("没有改动。"), _("请先改一个字段。"))
        row = event_row(checks, work_id, "correction", values, Evidence(day, precision, source_id))
        return batch_of_one_event(checks, work_id, row, sources, reason)

    edit_form.save_button(person, work_id, "fields", build)


def field_widgets(row: pd.Series[Any], work_id: str) -> dict[str, object]:
    """One widget a field, filled from ``row``; field -> what is typed."""
    lang = language()
    categories = atlas().names("categories", lang)
    items = {"": t("（不属于计划条目）")} | {
        str(code): f"{code} · {labels.name_of(item, language())}"
        for code, item in atlas().pack.plan_items.iterrows()
    }
    districts = district_names()

    def text(field: str) -> str:
        value = row.get(field)
        return (
            ""
            if value is None or pd.isna(value)
            else f"{value:g}"
            if isinstance(value, float)
            else str(value)
        )

    def choose(field: str, names: dict[str, str]) -> str:
        options = list(names)
        at = options.index(text(field)) if text(field) in options else 0
        return str(
            st.selectbox(
                label_for_people(field, language()),
                options,
                index=at,
                format_func=names.__getitem__,
                key=key(f"f-{field}", work_id),
            )
        )

    def widget(field: str) -> object:
        if field == "category":
            return choose(field, categories)
        if field == "item_id":
            return choose(field, items)
        if field == "counted":
            return choose(field, translated(COUNTED_LABELS))
        if field == "district_code":
            chosen = st.multiselect(
                t("区县"),
                list(districts),
                default=[code for code in text(field).split("|") if code in districts],
                format_func=districts.__getitem__,
                placeholder=t("未知或全市"),
                key=key("f-district_code", work_id),
            )
            return "|".join(sorted(chosen))
        return st.text_input(
            label_for_people(field, language()), value=text(field), key=key(f"f-{field}", work_id)
        )

    typed: dict[str, object] = {}
    for at in range(0, len(CORRECTABLE), 2):
        for column, field in zip(st.columns(2), CORRECTABLE[at : at + 2], strict=False):
            with column:
                typed[field] = widget(field)
    return typed
