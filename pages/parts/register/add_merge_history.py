"""Works that are added or merged, and the history: who, when, why, and undo."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo.display import event_labels, labels
from geo.display.event_labels import field_label
from geo.errors import AtlasError
from geo.places.crs import SYSTEMS
from geo.register.editing import Checks, Told, district_at, event, new_work_id, place_fields, work_fields
from geo.store.model import Actor, Batch
from geo.text import mark as _
from geo.vocabulary import (
    BASES_WITH_A_PLACE,
    EVENT_LABELS,
    LOCATION_BASIS_LABELS,
    STATUS_LABELS,
    STATUSES,
    UNKNOWN,
)
from pages.parts.register import history_table
from pages.parts.register.forms import field_widgets
from pages.parts.shell import access, edit_form, html
from pages.parts.shell.edit_form import NEW, key
from pages.parts.shell.loaders import atlas, store
from pages.parts.shell.selection import select
from pages.parts.shell.texts import language, named, system_name, t


def add_form(person: Actor) -> None:
    """Add a work to an item: its fields, its place if known, its state if known."""
    st.caption(t("同名、同区县、同一条目的项目只会登记一次；已有的请在“查改”里补充。"))
    blank = pd.Series(dict.fromkeys(atlas().pack.works.columns))
    blank["counted"], blank["year"] = "yes", str(date.today().year)
    typed = field_widgets(blank, NEW)
    place = _place_widgets()
    status = st.selectbox(
        t("目前状态"),
        STATUSES,
        index=STATUSES.index(UNKNOWN),
        format_func=named(STATUS_LABELS).__getitem__,
        key=key("status", NEW),
    )
    day, precision = edit_form.date_fields(NEW, "add")
    source = edit_form.source_fields(NEW, "add")
    reason = edit_form.reason_field(NEW, "add")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        row = _new_row(checks, typed, place, source_id)
        events: tuple[dict[str, Any], ...] = ()
        if status != "unknown":
            events = (event(checks, row["work_id"], "status", status, Told(day, precision, source_id)),)
        said = checks.text("reason", reason, required=True, limit=500)
        checks.done()
        return Batch(reason=said, sources=sources, works=(row,), events=events, key=f"add-{row['work_id']}")

    edit_form.save_button(person, NEW, "add", build)


def _place_widgets() -> dict[str, object]:
    with st.expander(t("位置（可以以后再定）")):
        system = st.selectbox(
            t("坐标系"),
            SYSTEMS,
            format_func=system_name,
            key=key("system", NEW),
        )
        left, right = st.columns(2)
        x = left.text_input(field_label("x", language()), placeholder="120.301234", key=key("x", NEW))
        y = right.text_input(field_label("y", language()), placeholder="31.574321", key=key("y", NEW))
        left, right = st.columns(2)
        accuracy = left.number_input(
            field_label("accuracy_m", language()), 0, 50_000, 50, step=10, key=key("accuracy", NEW)
        )
        basis = right.selectbox(
            field_label("location_basis", language()),
            list(BASES_WITH_A_PLACE),
            format_func=named(LOCATION_BASIS_LABELS).__getitem__,
            key=key("basis", NEW),
        )
    return {"system": system, "x": x, "y": y, "accuracy": accuracy, "basis": basis}


def _new_row(
    checks: Checks, typed: dict[str, object], place: dict[str, Any], source_id: str
) -> dict[str, Any]:
    """A row of ``works`` of what was typed."""
    row: dict[str, Any] = dict.fromkeys(atlas().pack.works.columns)
    row |= work_fields(checks, typed, atlas())
    if row["item_id"]:
        row["category"] = atlas().pack.plan_items.at[row["item_id"], "category"]
    row |= {"kind": "work", "reach": "unknown", "location_basis": "none", "source_id": source_id or None}
    if str(place["x"]).strip() or str(place["y"]).strip():
        row |= place_fields(
            checks,
            x=place["x"],
            y=place["y"],
            system=place["system"],
            accuracy=place["accuracy"],
            basis=place["basis"],
        )
        row |= {"reach": "specific", "place_source_id": source_id or None}
        if not row["district_code"] and row["lon"] is not None:
            row["district_code"] = district_at(row["lon"], row["lat"], atlas()) or None
    parts = [str(row[name] or "") for name in ("item_id", "year", "name_zh", "district_code")]
    row["work_id"] = new_work_id(*parts)
    return row


def merge_form(person: Actor, work_id: str) -> None:
    """Merge a work into another: it stops counting, its history stays."""
    works = atlas().pack.works
    others = works[(works["kind"] == "work") & (works.index != work_id)]
    names = {str(code): f"{labels.name_of(row, language())} · {code}" for code, row in others.iterrows()}
    st.info(t("合并后，本项目不再计入；它的历史保留，可以撤销。"), icon=":material/merge:")
    into = st.selectbox(
        t("并入"),
        list(names),
        index=None,
        placeholder=t("输入名称或编号查找"),
        format_func=names.__getitem__,
        key=key("into", work_id),
    )
    reason = edit_form.reason_field(work_id, "merge")
    if not st.button(t("合并"), type="primary", icon=":material/merge:", key=key("merge", work_id)):
        return
    try:
        checks = Checks()
        said = checks.text("reason", reason, required=True, limit=500)
        if not into:
            checks.fault("work_id", _("请选要并入的项目。"))
        checks.done()
        edit_form.told(store().merge(person, work_id, str(into), said))
    except AtlasError as error:
        edit_form.show_faults(error)
    else:
        edit_form.begin_anew(work_id)
        select(str(into))
        st.rerun()


def show_history(person: Actor, work_id: str) -> None:
    """Every event of a work, newest first, each with who, when and why; editors may undo each."""
    history = store().history(work_id)
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
    st.subheader(t("撤销一条记载"))
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
        said = checks.text("reason", reason, required=True, limit=500)
        if not chosen:
            checks.fault("value", _("请选一条记载。"))
        checks.done()
        edit_form.told(store().undo(person, str(chosen), said))
    except AtlasError as error:
        edit_form.show_faults(error)
    else:
        edit_form.begin_anew(work_id)
        st.rerun()


def _event_name(row: pd.Series[Any]) -> str:
    day = labels.day_text(row["date"], row["date_precision"], language())
    return f"{day} · {t(EVENT_LABELS.get(str(row['kind']), str(row['kind'])))} · {event_labels.event_text(row, language())[:60]}"
