"""The form that adds a work to an item of the plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo.display.fields import label_for_people
from geo.places.named_systems import usual_systems
from geo.register.editing import Evidence, district_at, event_row, place_fields, work_fields
from geo.register.form_checks import Checks
from geo.register.ids import WorkFacts, names_by_id, same_work, work_id
from geo.store.model import Actor, Batch
from geo.vocabulary import (
    BASES_WITH_A_PLACE,
    LOCATION_BASIS_LABELS,
    STATUS_LABELS,
    STATUSES,
    UNKNOWN,
)
from pages.parts.register.fields_form import field_widgets
from pages.parts.shell import edit_form
from pages.parts.shell.edit_form import NEW, key
from pages.parts.shell.loaders import atlas, example_place
from pages.parts.shell.texts import language, system_name, t, translated


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
        format_func=translated(STATUS_LABELS).__getitem__,
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
            events = (
                event_row(checks, row["work_id"], "status", status, Evidence(day, precision, source_id)),
            )
        why = checks.text("reason", reason, required=True, limit=500)
        checks.done()
        return Batch(reason=why, sources=sources, works=(row,), events=events, key=f"add-{row['work_id']}")

    edit_form.save_button(person, NEW, "add", build)


def _place_widgets() -> dict[str, object]:
    with st.expander(t("位置（可以以后再定）")):
        system = st.selectbox(
            t("坐标系"),
            usual_systems(atlas().city.projected_crs),
            format_func=system_name,
            key=key("system", NEW),
        )
        left, right = st.columns(2)
        x = left.text_input(
            label_for_people("x", language()), placeholder=example_place()[0], key=key("x", NEW)
        )
        y = right.text_input(
            label_for_people("y", language()), placeholder=example_place()[1], key=key("y", NEW)
        )
        left, right = st.columns(2)
        accuracy = left.number_input(
            label_for_people("accuracy_m", language()), 0, 50_000, 50, step=10, key=key("accuracy", NEW)
        )
        basis = right.selectbox(
            label_for_people("location_basis", language()),
            list(BASES_WITH_A_PLACE),
            format_func=translated(LOCATION_BASIS_LABELS).__getitem__,
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
    facts, state = WorkFacts.of(row), atlas().register.state(date.today())
    row["work_id"] = same_work(facts, state) or work_id(facts, names_by_id(atlas().pack.works, state))
    return row
