"""Step 2: which column is which field, what the list belongs to, and where it comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from geo.display import labels
from geo.display.fields import label_for_people
from geo.ingest.cells.columns import ColumnMap, Guess
from geo.ingest.cells.header_terms import field_labels
from geo.ingest.cells.title_units import quantity_units
from geo.ingest.plan.proposed_mapping import proposed_mapping
from geo.ingest.plan.registered_facilities import likely_into
from geo.reading.model import Layer
from geo.register.editing import source_row
from geo.register.form_checks import Checks, FormError
from geo.text import mark as _
from geo.vocabulary import RELIABILITIES, RELIABILITY_LABELS
from pages.parts.importing.flow import flow, go
from pages.parts.shell import edit_form
from pages.parts.shell.edit_form import NEW
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import escaped, language, t, translated

NONE = ""
SAMPLES = 3
SURE = 0.85
_SHOWN = 30
_SOURCE = ("title", "publisher", "published", "reliability")


def show_step(layer: Layer, mapping: ColumnMap) -> None:
    """The columns with their samples; the item; the source."""
    current = flow()
    st.header(t("这张表说的是什么？"))
    if current.choices.get("as_before"):
        st.info(
            t("沿用退回文件里写的选择（条目、来源、坐标系），可以改。")
            if current.choices["as_before"] == "told"
            else t("沿用上一个文件的选择，可以改。"),
            icon=":material/history:",
        )
    _item()
    mapping = _guessed_for_item(layer, mapping)
    st.header(t("每一列是什么？"))
    st.caption(
        t(
            "左边是文件里的列和几个样例，右边是登记里的字段。猜错的请改；没有对应字段的列选“不导入”，照样逐行保存在“其他内容”里。"
        )
    )
    chosen = _columns(layer, mapping)
    st.header(t("从哪里来？"))
    _source()
    _warn(chosen)
    back, on = st.columns([1, 2])
    back.button(
        t("上一步"),
        icon=":material/arrow_back:",
        on_click=go,
        args=(1,),
        width="stretch",
        key=current.key("back1"),
    )
    if on.button(
        t("下一步：认坐标"),
        type="primary",
        icon=":material/arrow_forward:",
        width="stretch",
        key=current.key("to3"),
    ):
        _next(chosen, layer, mapping)


def _guessed_for_item(layer: Layer, mapping: ColumnMap) -> ColumnMap:
    """The columns guessed anew where another item is chosen, for its unit says which quantity is meant.

    What the person changed stays; a recipe is the person's word and is not guessed over.
    """
    current = flow()
    item = "" if current.choices.get("into") == "facilities" else str(current.choices.get("item") or "")
    if current.choices.get("recipe") or current.choices.get("guessed_item", "") == item:
        return mapping
    guessed = proposed_mapping(layer, atlas(), item_id=item)
    before = {guess.column: name for name, guess in mapping.guesses.items()}
    after = {guess.column: name for name, guess in guessed.guesses.items()}
    for number, column in enumerate(mapping.headers):
        at = current.key(f"col-{number}")
        if st.session_state.get(at, before.get(column, NONE)) == before.get(column, NONE):
            st.session_state[at] = current.choices[f"col-{number}"] = after.get(column, NONE)
    current.columns, current.choices["guessed_item"] = guessed, item
    return guessed


def _columns(layer: Layer, mapping: ColumnMap) -> dict[str, str]:
    """One row a column; column -> chosen field."""
    by_column = {guess.column: guess for guess in mapping.guesses.values()}
    names = {NONE: t("不导入")} | field_labels(language())
    chosen: dict[str, str] = {}

    def row(number: int, column: str) -> None:
        guess = by_column.get(column)
        left, right = st.columns([3, 2], vertical_alignment="center")
        samples = " / ".join(_samples(layer, column)) or t("（空）")
        left.markdown(f"**{escaped(column)}**  \n:small[:gray[{escaped(samples)}]]")
        at = flow().seed(f"col-{number}", guess.field if guess else NONE)
        field = right.selectbox(
            escaped(column), list(names), format_func=names.__getitem__, key=at, label_visibility="collapsed"
        )
        flow().record(f"col-{number}")
        if guess and field == guess.field and (unit := _unit(layer, mapping, guess)):
            right.caption(t("以“{unit}”计", unit=escaped(unit)))
        if guess and field == guess.field and guess.confidence < SURE:
            right.caption(t(":material/help: 不太确定，请核对"))
        chosen[column] = str(field)

    for number, column in enumerate(mapping.headers[:_SHOWN]):
        row(number, column)
    if len(mapping.headers) > _SHOWN:
        with st.expander(t("另有 {n} 列", n=len(mapping.headers) - _SHOWN)):
            for number, column in enumerate(mapping.headers[_SHOWN:], start=_SHOWN):
                row(number, column)
    return chosen


def _unit(layer: Layer, mapping: ColumnMap, guess: Guess) -> str:
    """The unit that a column is read in: its header's, that of the title above it, the usual one of its kind."""
    named = quantity_units(layer, mapping) if guess.field == "quantity" else ()
    return " / ".join(named) or guess.unit


def _samples(layer: Layer, column: str) -> list[str]:
    return [str(cell)[:40] for cell in layer.frame[column].dropna().head(SAMPLES)]


def _likely() -> str:
    """What the rows most likely are, by their ids."""
    current = flow()
    if current.layer is None or current.columns is None:
        return "works"
    return likely_into(current.layer, current.columns, atlas())


def _item() -> None:
    """Works of the plan, and of which item; or facilities that stand, and of which kind."""
    current = flow()
    names = {"works": t("计划项目"), "facilities": t("现有设施")}
    st.segmented_control(
        t("这些是"),
        list(names),
        format_func=names.__getitem__,
        required=True,
        key=current.seed("into", _likely()),
        help=t("现有设施（学校、停车场……）作为覆盖和选址的底数，不算计划项目。"),
    )
    if current.record("into") == "facilities":
        _kind()
        return
    items = {NONE: t("（不属于计划条目，或表里有“计划条目”一列）")} | {
        str(code): f"{code} · {labels.name_of(item, language())}"
        for code, item in atlas().pack.plan_items.iterrows()
    }
    st.selectbox(
        t("属于哪个计划条目"), list(items), format_func=items.__getitem__, key=current.seed("item", NONE)
    )
    if current.record("item"):
        st.checkbox(
            t("这份清单列全了所涉区县当年的项目：代替以前只报的总数"),
            key=current.seed("complete", False),
        )
        current.record("complete")


def _kind() -> None:
    current = flow()
    kinds = {NONE: t("（表里有“设施类型”一列）")} | {
        str(kind): name for kind, name in atlas().names("kinds", language()).items()
    }
    st.selectbox(t("是哪类设施"), list(kinds), format_func=kinds.__getitem__, key=current.seed("kind", NONE))
    current.record("kind")


def _source() -> None:
    current = flow()
    names = edit_form.source_names()
    st.selectbox(
        label_for_people("source_title", language()),
        list(names),
        format_func=names.__getitem__,
        key=current.seed("source", NEW),
    )
    if current.record("source") != NEW:
        return
    name = current.opened.name if current.opened is not None else ""
    left, right = st.columns(2)
    for side, field, default in ((left, "title", name), (right, "publisher", ""), (left, "published", "")):
        hint = {"publisher": t("如：市住房城乡建设局"), "published": t("如 2021-06-30；只知年月也可")}.get(
            field, ""
        )
        side.text_input(
            label_for_people(field, language()),
            placeholder=hint,
            key=current.seed(f"src-{field}", default),
            max_chars=200,
        )
        current.record(f"src-{field}")
    right.selectbox(
        label_for_people("reliability", language()),
        RELIABILITIES,
        format_func=translated(RELIABILITY_LABELS).__getitem__,
        key=current.seed("src-reliability", RELIABILITIES[0]),
    )
    current.record("src-reliability")


def _warn(chosen: dict[str, str]) -> None:
    """What may be left empty, and what follows from that."""
    choices = flow().choices
    if choices.get("into") != "facilities" and not choices.get("item") and "item_id" not in chosen.values():
        st.warning(
            t("没有选计划条目：不属于任何条目的项目不计入任何承诺，新项目会逐行退回。"),
            icon=":material/flag:",
        )
    if choices.get("source", NEW) == NEW and not str(choices.get("src-publisher") or "").strip():
        st.warning(
            t("没有写发布者：每条来源都该说明是谁发布的，否则别人无法核对。"), icon=":material/person_alert:"
        )


def source_fields() -> dict[str, Any]:
    """The known source that was chosen, or what was typed of a new one; its id follows from the list (``Options``)."""
    choices = flow().choices
    if choices.get("source", NEW) != NEW:
        return dict(atlas().pack.sources.loc[choices["source"]])
    typed = {name: str(choices.get(f"src-{name}") or "").strip() for name in _SOURCE}
    return {name: value for name, value in typed.items() if value}


def _next(chosen: dict[str, str], layer: Layer, mapping: ColumnMap) -> None:
    """Check what was chosen; if it will do, go on to the coordinates."""
    try:
        _check(chosen).done()
    except FormError as error:
        edit_form.show_faults(error)
        return
    fields = {field: column for column, field in chosen.items() if field}
    changes: dict[str, str | None] = {field: None for field in mapping.columns if field not in fields}
    changes |= {field: column for field, column in fields.items() if mapping.columns.get(field) != column}
    current = flow()
    current.columns, current.plan = mapping.corrected(changes, layer), None
    go(3)
    st.rerun()


def _check(chosen: dict[str, str]) -> Checks:
    """What must be put right before the next step."""
    checks = Checks()
    for field, columns in _twice(chosen).items():
        checks.fault(
            field,
            _("有两列都选了它：{columns}。"),
            _("请留一列，其余选“不导入”。"),
            columns="、".join(columns),
        )
    if "name_zh" not in chosen.values():
        checks.fault("name_zh", _("没有一列是名称。"), _("请指出哪一列是名称。"))
    standing = flow().choices.get("into") == "facilities"
    if standing and not flow().choices.get("kind") and "facility_kind" not in chosen.values():
        checks.fault(
            "facility_kind", _("没有说是哪类设施。"), _("请选一个设施类型，或指出哪一列是设施类型。")
        )
    if flow().choices.get("source", NEW) == NEW:
        source_row(checks, source_fields(), date.today())
    return checks


def _twice(chosen: dict[str, str]) -> dict[str, list[str]]:
    """Fields that more than one column was given."""
    columns: dict[str, list[str]] = {}
    for column, field in chosen.items():
        if field:
            columns.setdefault(field, []).append(column)
    return {field: each for field, each in columns.items() if len(each) > 1}
