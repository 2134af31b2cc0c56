"""The form that places a work: a click on the map, or coordinates in any known system."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.display.fields import label_for_people
from geo.places.named_systems import usual_systems
from geo.register.editing import Evidence, district_at, event_row, first_day, place_fields
from geo.register.form_checks import Checks
from geo.store.model import Actor, Batch
from geo.text import mark as _
from geo.vocabulary import (
    BASES_WITH_A_PLACE,
    LOCATION_BASIS_LABELS,
)
from pages.parts.register.one_event import batch_of_facility_event, batch_of_one_event
from pages.parts.shell import edit_form
from pages.parts.shell.edit_form import key
from pages.parts.shell.loaders import atlas, district_names, example_place
from pages.parts.shell.map_frame import BARE, show_map
from pages.parts.shell.texts import escaped, language, system_name, t, translated


def place_form(person: Actor, work_id: str) -> None:
    """Place a work or facility: a click on the map or typed coordinates, in any of the systems, with their error."""
    start = edit_form.form_start(work_id)
    names = {name: key(name, work_id) for name in ("x", "y", "system")}
    systems = usual_systems(atlas().city.projected_crs)
    st.session_state.setdefault(names["system"], systems[0])

    def picked(lon: float, lat: float) -> None:
        st.session_state[names["x"]], st.session_state[names["y"]] = f"{lon:.6f}", f"{lat:.6f}"
        st.session_state[names["system"]] = "WGS84"

    typed = {name: st.session_state.get(at, "") for name, at in names.items()}
    accuracy = st.session_state.get(key("accuracy", work_id), 50)
    st.caption(t("在图上点一下，或在下面填坐标。拖动图钉可微调。"))
    show_map(
        BARE | {"draft": _draft(start.row, typed, accuracy)}, key="place_map", on_pick=picked, short=True
    )
    st.selectbox(t("坐标系"), systems, format_func=system_name, key=names["system"])
    left, right = st.columns(2)
    x = left.text_input(label_for_people("x", language()), placeholder=example_place()[0], key=names["x"])
    y = right.text_input(label_for_people("y", language()), placeholder=example_place()[1], key=names["y"])
    left, right = st.columns(2)
    accuracy = left.number_input(
        label_for_people("accuracy_m", language()), 0, 50_000, 50, step=10, key=key("accuracy", work_id)
    )
    basis = right.selectbox(
        label_for_people("location_basis", language()),
        BASES_WITH_A_PLACE,
        format_func=translated(LOCATION_BASIS_LABELS).__getitem__,
        key=key("basis", work_id),
    )
    elsewhere = _elsewhere(typed, start.row, work_id)
    source = edit_form.source_fields(work_id, "place")
    reason = edit_form.reason_field(work_id, "place")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        if elsewhere is False:
            checks.fault("district_code", _("位置与所填区县不符。"), _("请勾选确认，或改正坐标。"))
        system = str(st.session_state[names["system"]])
        value = place_fields(checks, x=x, y=y, system=system, accuracy=accuracy, basis=basis)
        value |= {"place_source_id": source_id}
        if not start.row["district_code"] and "lon" in value:
            value["district_code"] = district_at(value["lon"], value["lat"], atlas()) or None
        if work_id in atlas().register.facilities.index:
            return batch_of_facility_event(checks, work_id, "location", value, source_id, sources, reason)
        day = first_day(atlas(), start.row)
        row = event_row(checks, work_id, "location", value, Evidence(day, "circa", source_id))
        return batch_of_one_event(checks, work_id, row, sources, reason)

    edit_form.save_button(person, work_id, "place", build)


def _wgs84(typed: dict[str, Any]) -> tuple[float, float] | None:
    """Where the typed coordinates are, if they are any."""
    try:
        checks = Checks()
        value = place_fields(
            checks,
            x=typed["x"],
            y=typed["y"],
            system=typed["system"],
            accuracy=0,
            basis=BASES_WITH_A_PLACE[0],
        )
        checks.done()
    except ValueError:
        return None
    return value["lon"], value["lat"]


def _draft(row: pd.Series[Any], typed: dict[str, Any], accuracy: object) -> dict[str, object]:
    at = _wgs84(typed)
    known = pd.notna(row["lon"])
    points = {
        "x": [float(row["lon"])],
        "y": [float(row["lat"])],
        "label": [t("登记中的位置")],
        "level": ["known"],
    }
    return {
        "pick": True,
        "at": list(at) if at else None,
        "accuracy": accuracy,
        "points": points if known else None,
        "bounds": _around(float(row["lon"]), float(row["lat"])) if known else None,
    }


def _around(lon: float, lat: float, reach: float = 0.02) -> list[list[float]]:
    """South-west and north-east of what the map shows at first, some two kilometres each way."""
    return [[lat - reach, lon - reach], [lat + reach, lon + reach]]


def _elsewhere(typed: dict[str, Any], row: pd.Series[Any], work_id: str) -> bool | None:
    """Whether the person confirmed a place outside the district the work says; None where there is nothing to confirm."""
    at = _wgs84(typed)
    if not at:
        return None
    code = district_at(*at, atlas())
    codes = [part for part in str(row["district_code"] or "").split("|") if part]
    if code and (not codes or code in codes):
        return None
    names = district_names()
    where = names.get(code) or t("全市范围之外")
    st.warning(
        t(
            "这个位置在{where}，登记的区县是{said}。",
            where=escaped(where),
            said=escaped(labels.district_names("|".join(codes), names, language()) or t("未知或全市")),
        )
    )
    return st.checkbox(t("我确认位置没错"), key=key("elsewhere", work_id))
