"""The facilities of the register, edited: place, correct, close, merge and remove; every edit is an event of the facility."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.display.fields import label_for_people
from geo.register.editing import changed
from geo.register.facility_editing import facility_fields
from geo.register.form_checks import Checks
from geo.register.search import rank_facilities
from geo.store.model import Actor, Batch
from geo.text import mark as _
from pages.parts.register.completeness_form import show_completeness
from pages.parts.register.history import show_history
from pages.parts.register.one_event import batch_of_facility_event
from pages.parts.register.place_form import place_form
from pages.parts.shell import access, edit_form, link, segments
from pages.parts.shell.edit_form import key
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.search_box import search_field
from pages.parts.shell.texts import escaped, escaped_table, language, t

MOST_RESULTS = 8
_ACTIONS = {
    "fields": _("改字段"),
    "place": _("定位置"),
    "merge": _("合并"),
    "remove": _("删除"),
    "history": _("历史与撤销"),
}
_TEXTS = ("name_zh", "name_en", "address_zh", "capacity_unit", "level", "note_zh", "note_en")
_NUMBERS = ("capacity", "area_m2", "service_population")
_DAYS = ("opened", "closed")


def show_facilities(person: Actor) -> None:
    """Find a facility, see what is known of it, and edit it."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _search()
        facility_id = _selected()
        if facility_id:
            _known(facility_id)
    with right:
        if facility_id:
            _actions(person, facility_id)
        else:
            st.info(t("先查找一处设施。"), icon=":material/search:")
            show_completeness(person)


def _selected() -> str | None:
    """Id of the facility in the link, where the register has it."""
    facility_id = link.get("facility")
    return facility_id if facility_id in atlas().register.facilities.index else None


def _search() -> None:
    query = search_field(t("查找设施"), t("名称、地址、拼音或编号"))
    if not query:
        return
    rows = rank_facilities(atlas().register, query).head(MOST_RESULTS)
    if rows.empty:
        st.info(t("没有找到“{query}”。", query=escaped(query)))
    kinds = atlas().names("kinds", language())
    for facility_id, row in rows.iterrows():
        st.button(
            escaped(f"{labels.name_of(row, language())} · {kinds.get(row['kind'], row['kind'])}"),
            key=f"find-facility-{facility_id}",
            icon=":material/location_on:",
            on_click=link.put,
            args=("facility", str(facility_id)),
            width="stretch",
        )


def _known(facility_id: str) -> None:
    """What the register knows of a facility, as a table."""
    row = pd.Series(atlas().register.facilities.loc[facility_id])
    lang = language()
    kinds, sources = atlas().names("kinds", lang), atlas().pack.sources
    facts = {
        "facility_kind": kinds.get(str(row["kind"]), str(row["kind"])),
        "district_code": labels.district_names(row["district_code"], district_names(), lang),
        **{name: row[name] for name in ("address_zh", *_DAYS, *_NUMBERS, "capacity_unit", "level")},
        "location_basis": labels.basis_label(row["location_basis"], lang),
        "accuracy_m": row["accuracy_m"],
        "source_title": labels.source_title(pd.Series(sources.loc[row["source_id"]])),
    }
    st.header(escaped(labels.name_of(row, lang)))
    names = [label_for_people(name, lang) for name in facts]
    known = pd.DataFrame({t("字段"): names, t("内容"): [_text(value) for value in facts.values()]})
    st.table(escaped_table(known.set_index(t("字段"))))


def _text(value: Any) -> str:
    if value is None or pd.isna(value):
        return "—"
    return f"{value:,g}" if isinstance(value, float) else str(value)


def _actions(person: Actor, facility_id: str) -> None:
    shown = list(_ACTIONS) if access.may_edit(person) else ["history"]
    action = segments.linked(
        "do", t("做什么"), {name: t(_ACTIONS[name]) for name in shown}, next(iter(shown)), titled=False
    )
    if action == "history":
        show_history(person, facility_id)
    elif action == "place":
        place_form(person, facility_id)
    elif action == "merge":
        _merge_form(person, facility_id)
    elif action == "remove":
        _remove_form(person, facility_id)
    else:
        _fields_form(person, facility_id)
    if action != "history":
        edit_form.show_version(facility_id)


def _fields_form(person: Actor, facility_id: str) -> None:
    """Correct the fields of a facility, its closing day among them; only what differs is written."""
    start = edit_form.form_start(facility_id)
    typed = _widgets(start.row, facility_id)
    source = edit_form.source_fields(facility_id, "facility")
    reason = edit_form.reason_field(facility_id, "facility")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        values = changed(start.row, facility_fields(checks, typed, atlas()))
        if not values:
            checks.fault("value", _("没有改动。"), _("请先改一个字段。"))
        return batch_of_facility_event(checks, facility_id, "correction", values, source_id, sources, reason)

    edit_form.save_button(person, facility_id, "facility", build)


def _widgets(row: pd.Series[Any], facility_id: str) -> dict[str, object]:
    """One widget a field, filled from ``row``."""
    lang = language()
    kinds, districts = atlas().names("kinds", lang), {"": "—"} | district_names()
    typed: dict[str, object] = {
        "kind": st.selectbox(
            label_for_people("facility_kind", lang),
            list(kinds),
            index=list(kinds).index(str(row["kind"])) if row["kind"] in kinds else 0,
            format_func=kinds.__getitem__,
            key=key("kind", facility_id),
        ),
        "district_code": st.selectbox(
            label_for_people("district_code", lang),
            list(districts),
            index=list(districts).index(str(row["district_code"] or ""))
            if (row["district_code"] or "") in districts
            else 0,
            format_func=districts.__getitem__,
            key=key("district", facility_id),
        ),
    }
    for name in _TEXTS:
        typed[name] = st.text_input(label_for_people(name, lang), row[name] or "", key=key(name, facility_id))
    for name in _NUMBERS:
        known = None if pd.isna(row[name]) else float(row[name])
        typed[name] = st.number_input(
            label_for_people(name, lang), min_value=0.0, value=known, key=key(name, facility_id)
        )
    for name in _DAYS:
        typed[name] = st.date_input(
            label_for_people(name, lang),
            value=row[name],
            min_value=date(1900, 1, 1),
            max_value=date.today(),
            key=key(name, facility_id),
        )
    return typed


def _merge_form(person: Actor, facility_id: str) -> None:
    """Say that a facility is another one: it stops counting, its history stays."""
    rows = atlas().register.facilities
    mine = rows.loc[facility_id, "kind"]
    others = rows[(rows["kind"] == mine) & (rows.index != facility_id)]
    st.info(t("合并后，这处设施不再计入；它的历史保留，可以撤销。"), icon=":material/merge:")
    into = edit_form.merge_target(
        others, key("facility-into", facility_id), str(rows.at[facility_id, "name_zh"])
    )
    source = edit_form.source_fields(facility_id, "facility-merge")
    reason = edit_form.reason_field(facility_id, "facility-merge")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        if not into:
            checks.fault("value", _("请选要并入的设施。"))
        return batch_of_facility_event(checks, facility_id, "merge", into, source_id, sources, reason)

    edit_form.save_button(person, facility_id, "facility-merge", build)


def _remove_form(person: Actor, facility_id: str) -> None:
    """Say that a row never was a facility: it stops counting on every day, its history stays."""
    st.info(
        t("删除是说它从来不是这样一处设施；关闭的请在“改字段”里填关闭日期。历史保留，可以撤销。"),
        icon=":material/delete:",
    )
    source = edit_form.source_fields(facility_id, "facility-remove")
    reason = edit_form.reason_field(facility_id, "facility-remove")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        return batch_of_facility_event(
            checks, facility_id, "removal", facility_id, source_id, sources, reason
        )

    edit_form.save_button(person, facility_id, "facility-remove", build)
