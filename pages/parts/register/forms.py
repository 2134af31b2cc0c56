"""The forms of one work: progress, fields, place, merge. Each makes a batch and lets the store decide."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.places.crs import SYSTEMS
from geo.register.editing import (
    CORRECTABLE,
    Checks,
    Told,
    changed,
    district_at,
    event,
    place_fields,
    since_always,
    work_fields,
)
from geo.store.model import Actor, Batch
from geo.text import mark as _
from geo.vocabulary import (
    BASES_WITH_A_PLACE,
    COUNTED_LABELS,
    EVENT_LABELS,
    LOCATION_BASIS_LABELS,
    PROGRESS_EVENTS,
    STATUS_LABELS,
)
from pages.parts.shell import edit_form, words
from pages.parts.shell.edit_form import key
from pages.parts.shell.event_words import label
from pages.parts.shell.loaders import atlas
from pages.parts.shell.map_frame import BARE, show_map
from pages.parts.shell.texts import language, named, system_name, t

_CONFIRMED = {True: _("已证实"), False: _("计划或预计")}
_SINCE = {"always": _("一直如此（原来记错）"), "day": _("从某天起变了")}
_WHAT = {kind: EVENT_LABELS[kind] for kind in PROGRESS_EVENTS}


def progress_form(person: Actor, work_id: str) -> None:
    """Record a status, a quantity or a milestone with its day and source."""
    seen = edit_form.seen(work_id)
    kind = st.segmented_control(
        t("记什么"),
        list(_WHAT),
        format_func=named(_WHAT).__getitem__,
        default="status",
        required=True,
        key=key("what", work_id),
    )
    value, unit = _value_fields(str(kind), work_id, seen.row)
    day, precision = edit_form.date_fields(work_id, "progress")
    confirmed = st.segmented_control(
        label("confirmed"),
        list(_CONFIRMED),
        format_func=named(_CONFIRMED).__getitem__,
        default=True,
        required=True,
        key=key("confirmed", work_id),
        help=t("计划或预计的日期只进时间线，从不改变状态。"),
    )
    source = edit_form.source_fields(work_id, "progress")
    reason = edit_form.reason_field(work_id, "progress")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        told = Told(day, precision, source_id, bool(confirmed))
        row = event(checks, work_id, str(kind), value, told, unit=unit)
        return _batch(checks, work_id, row, sources, reason)

    edit_form.save_button(person, work_id, "progress", build)


def _value_fields(kind: str, work_id: str, row: pd.Series[Any]) -> tuple[object, str]:
    if kind == "status":
        labels = named(STATUS_LABELS)
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
            label("unit"), value=str(row["unit"] or ""), key=key("quantity-unit", work_id)
        )
    return st.text_input(
        t("发生了什么"), placeholder=t("如：主体结构封顶"), max_chars=500, key=key("milestone", work_id)
    ), ""


def fields_form(person: Actor, work_id: str) -> None:
    """Correct the fields of a work; only what differs from what was seen is written."""
    seen = edit_form.seen(work_id)
    typed = field_widgets(seen.row, work_id)
    source = edit_form.source_fields(work_id, "fields")
    since = st.segmented_control(
        t("从哪天起算"),
        list(_SINCE),
        format_func=named(_SINCE).__getitem__,
        default="always",
        required=True,
        key=key("since", work_id),
    )
    day, precision = (
        edit_form.date_fields(work_id, "fields")
        if since == "day"
        else (since_always(atlas(), seen.row), "circa")
    )
    reason = edit_form.reason_field(work_id, "fields")

    def build() -> Batch:
        checks = Checks()
        source_id, sources = source(checks)
        values = changed(seen.row, work_fields(checks, typed, atlas()))
        if not values:
            checks.fault("value", _("没有改动。"), _("请先改一个字段。"))
        row = event(checks, work_id, "correction", values, Told(day, precision, source_id))
        return _batch(checks, work_id, row, sources, reason)

    edit_form.save_button(person, work_id, "fields", build)


def field_widgets(row: pd.Series[Any], work_id: str) -> dict[str, object]:
    """One widget a field, filled from ``row``; field -> what is typed."""
    lang = language()
    categories = atlas().names("categories", lang)
    items = {"": t("（不属于计划条目）")} | {
        str(code): f"{code} · {words.name_of(item)}" for code, item in atlas().pack.plan_items.iterrows()
    }
    districts = {str(code): name for code, name in atlas().districts[f"name_{lang}"].items()}

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
                label(field), options, index=at, format_func=names.__getitem__, key=key(f"f-{field}", work_id)
            )
        )

    def widget(field: str) -> object:
        if field == "category":
            return choose(field, categories)
        if field == "item_id":
            return choose(field, items)
        if field == "counted":
            return choose(field, named(COUNTED_LABELS))
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
        return st.text_input(label(field), value=text(field), key=key(f"f-{field}", work_id))

    typed: dict[str, object] = {}
    for at in range(0, len(CORRECTABLE), 2):
        for column, field in zip(st.columns(2), CORRECTABLE[at : at + 2], strict=False):
            with column:
                typed[field] = widget(field)
    return typed


def place_form(person: Actor, work_id: str) -> None:
    """Place a work: a click on the map or typed coordinates, in any of the systems, with their error."""
    seen = edit_form.seen(work_id)
    names = {name: key(name, work_id) for name in ("x", "y", "system")}
    st.session_state.setdefault(names["system"], SYSTEMS[0])

    def picked(lon: float, lat: float) -> None:
        st.session_state[names["x"]], st.session_state[names["y"]] = f"{lon:.6f}", f"{lat:.6f}"
        st.session_state[names["system"]] = "WGS84"

    typed = {name: st.session_state.get(at, "") for name, at in names.items()}
    accuracy = st.session_state.get(key("accuracy", work_id), 50)
    st.caption(t("在图上点一下，或在下面填坐标。拖动图钉可微调。"))
    show_map(BARE | {"draft": _draft(seen.row, typed, accuracy)}, key="place_map", on_pick=picked, short=True)
    st.selectbox(t("坐标系"), SYSTEMS, format_func=system_name, key=names["system"])
    left, right = st.columns(2)
    x = left.text_input(label("x"), placeholder="120.301234", key=names["x"])
    y = right.text_input(label("y"), placeholder="31.574321", key=names["y"])
    left, right = st.columns(2)
    accuracy = left.number_input(label("accuracy_m"), 0, 50_000, 50, step=10, key=key("accuracy", work_id))
    basis = right.selectbox(
        label("location_basis"),
        BASES_WITH_A_PLACE,
        format_func=named(LOCATION_BASIS_LABELS).__getitem__,
        key=key("basis", work_id),
    )
    elsewhere = _elsewhere(typed, seen.row, work_id)
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
        if not seen.row["district_code"] and "lon" in value:
            value["district_code"] = district_at(value["lon"], value["lat"], atlas()) or None
        day = since_always(atlas(), seen.row)
        row = event(checks, work_id, "location", value, Told(day, "circa", source_id))
        return _batch(checks, work_id, row, sources, reason)

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
    said = [part for part in str(row["district_code"] or "").split("|") if part]
    if code and (not said or code in said):
        return None
    names = {str(c): name for c, name in atlas().districts[f"name_{language()}"].items()}
    where = names.get(code) or t("全市范围之外")
    st.warning(
        t(
            "这个位置在{where}，登记的区县是{said}。",
            where=where,
            said=words.district_names("|".join(said), names) or t("未知或全市"),
        )
    )
    return st.checkbox(t("我确认位置没错"), key=key("elsewhere", work_id))


def _batch(
    checks: Checks, work_id: str, row: dict[str, Any], sources: tuple[dict[str, Any], ...], reason: str
) -> Batch:
    said = checks.text("reason", reason, required=True, limit=500)
    checks.done()
    version = edit_form.seen(work_id).version
    return Batch(reason=said, sources=sources, events=(row,), expected={work_id: version})
