"""What every form of the register shares: the version that the editor saw, source and reason, faults, and saving, with
a question to the editor where somebody else has saved in the meantime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo.display import event_labels, labels
from geo.display.fields import label_for_people
from geo.errors import AtlasError, ConflictError
from geo.register.editing import source_row
from geo.register.form_checks import Checks, FormError
from geo.register.ids import same_source
from geo.register.near_names import nearest_names
from geo.store.model import Actor, Applied, Batch
from geo.store.moments import local_time
from geo.vocabulary import EVENT_LABELS, PRECISION_LABELS, PRECISIONS, RELIABILITIES, RELIABILITY_LABELS
from pages.parts.shell.loaders import atlas, code_names, store, store_to_read
from pages.parts.shell.texts import error_text, escaped, language, t, translated

NEW = "+"


@dataclass(frozen=True)
class FormStart:
    """The state of a work when an editor began to fill in a form."""

    version: int
    row: pd.Series[Any]


def form_start(work_id: str) -> FormStart:
    """The state of the work or facility when this form was begun: it stays until saved, however often the page runs."""
    key = f"_seen-{work_id}"
    if key not in st.session_state:
        register = atlas().register
        rows = register.facilities if work_id in register.facilities.index else register.state(date.today())
        row = pd.Series(rows.loc[work_id])
        st.session_state[key] = FormStart(store_to_read().version(work_id), row)
    value: FormStart = st.session_state[key]
    return value


def begin_anew(work_id: str) -> None:
    """Empty the forms of a work, so that they show its newest state."""
    st.session_state.pop(f"_seen-{work_id}", None)
    st.session_state["_form"] = int(st.session_state.get("_form", 0)) + 1


def key(name: str, work_id: str) -> str:
    """Key of a widget of the present form."""
    return f"{name}-{work_id}-{st.session_state.get('_form', 0)}"


def show_faults(error: AtlasError) -> None:
    """Every fault with its field; other errors as they are."""
    if not isinstance(error, FormError):
        st.error(error_text(error))
        return
    st.error(
        "\n".join(
            f"- **{label_for_people(f.field, language())}**：{error_text(f.error)}" for f in error.faults
        )
    )


def date_fields(work_id: str, name: str) -> tuple[date | None, str]:
    """A day and how exactly it is known."""
    left, right = st.columns([3, 2])
    day = left.date_input(
        label_for_people("date", language()),
        value=date.today(),
        min_value=date(1949, 10, 1),
        key=key(f"{name}-day", work_id),
    )
    precision = right.selectbox(
        label_for_people("date_precision", language()),
        PRECISIONS,
        format_func=translated(PRECISION_LABELS).__getitem__,
        key=key(f"{name}-precision", work_id),
    )
    return (day if isinstance(day, date) else None), str(precision)


def source_fields(work_id: str, name: str) -> Callable[[Checks], tuple[str, tuple[dict[str, Any], ...]]]:
    """Widgets for an existing or a new source; call the answer when saving to get its id and the new rows."""
    sources = atlas().pack.sources
    chosen = st.selectbox(
        label_for_people("source_title", language()),
        list(names := source_names()),
        index=None,
        placeholder=t("选已有来源，或填写新来源"),
        format_func=names.__getitem__,
        key=key(f"{name}-source", work_id),
    )
    if chosen != NEW:
        return lambda _checks: (str(chosen or ""), ())
    typed = _new_source_fields(work_id, name)

    def make(checks: Checks) -> tuple[str, tuple[dict[str, Any], ...]]:
        row = source_row(checks, typed, date.today())
        known = same_source(row, sources)
        return (known, ()) if known else (row["source_id"], (row,))

    return make


def source_names() -> dict[str, str]:
    """The sources as they are offered (id, publisher, title); first a new one."""
    sources = atlas().pack.sources
    parts = zip(sources.index, sources["publisher"], sources["title"], strict=True)
    return {NEW: t("＋ 新来源")} | {row[0]: " · ".join(str(part) for part in row if part) for row in parts}


def _new_source_fields(work_id: str, name: str) -> dict[str, object]:
    with st.container(border=True):
        typed: dict[str, object] = {
            field: st.text_input(
                label_for_people(field, language()), placeholder=hint, key=key(f"{name}-{field}", work_id)
            )
            for field, hint in (
                ("title", t("文件、报道或台账的名称")),
                ("publisher", t("谁发布的")),
                ("published", t("如 2021-06-30；只知年月也可")),
                ("url", t("没有可以留空")),
            )
        }
        typed["reliability"] = st.selectbox(
            label_for_people("reliability", language()),
            RELIABILITIES,
            format_func=translated(RELIABILITY_LABELS).__getitem__,
            key=key(f"{name}-reliability", work_id),
        )
    return typed


def merge_target(others: pd.DataFrame, widget: str, name: str = "") -> str | None:
    """The id of what a work or a facility is merged into, out of ``others``, those with a name like ``name`` first.

    Parameters
    ----------
    others : DataFrame
    widget : str
        Key of the field.
    name : str
        Of what is merged.

    Returns
    -------
    str or None
    """
    others = nearest_names(others, name) if name else others
    names = {str(code): f"{labels.name_of(row, language())} · {code}" for code, row in others.iterrows()}
    return st.selectbox(
        t("并入"),
        list(names),
        index=None,
        placeholder=t("输入名称或编号查找"),
        format_func=names.__getitem__,
        key=widget,
    )


def reason_field(work_id: str, name: str) -> str:
    """Why: required with every edit."""
    return st.text_input(
        label_for_people("reason", language()),
        placeholder=t("为什么这样改，供以后核对"),
        max_chars=500,
        key=key(f"{name}-reason", work_id),
    )


def save_button(person: Actor, work_id: str, name: str, build: Callable[[], Batch]) -> None:
    """The button that saves; what is refused is explained above it, and nothing typed is lost."""
    flag = f"_again-{name}-{work_id}"
    pressed = st.button(t("保存"), key=key(f"{name}-save", work_id), type="primary", icon=":material/save:")
    if not pressed and not st.session_state.pop(flag, False):
        return
    try:
        applied = store().apply(person, build())
    except ConflictError as error:
        _show_conflict(error, work_id, flag)
    except AtlasError as error:
        show_faults(error)
    else:
        announce(applied)
        begin_anew(work_id)
        st.rerun()


def announce(applied: Applied) -> None:
    """Say what was written, after the page has run again."""
    st.session_state["_told"] = (
        t("没有变化：同样的内容已经登记过。")
        if applied.repeated or not (applied.events or applied.works)
        else t("已登记 {n} 条事件，登记第 {revision} 版。", n=applied.events, revision=applied.revision)
    )


def show_announcement() -> None:
    """The message of the last save, once."""
    message = st.session_state.pop("_told", None)
    if message:
        st.success(escaped(message), icon=":material/check_circle:")


def change_line(change: Mapping[str, Any]) -> str:
    """One event of the log as a line: when, who, what, why."""
    kind = t(EVENT_LABELS.get(str(change["kind"]), str(change["kind"])))
    when = local_time(change["moment"])
    what = event_labels.event_text(pd.Series(dict(change)), language(), code_names())
    return f"{when} · {change['actor']} · {kind}：{what} · {change['reason']}"


def _show_conflict(error: ConflictError, work_id: str, flag: str) -> None:
    """Someone else changed the work meanwhile: say what, and let the person decide."""
    st.warning(
        t("在您填写期间，别人改过这个项目。您填的都还在；看过下面的变化后可以再保存。")
        + "\n\n"
        + "\n".join(f"- {escaped(change_line(each))}" for each in error.changes),
        icon=":material/sync_problem:",
    )

    def again() -> None:
        st.session_state[f"_seen-{work_id}"] = FormStart(
            store_to_read().version(work_id), form_start(work_id).row
        )
        st.session_state[flag] = True

    left, right = st.columns(2)
    left.button(
        t("看过了，保存我填的"), key=key("again", work_id), on_click=again, type="primary", width="stretch"
    )
    right.button(
        t("放弃，重新载入"), key=key("drop", work_id), on_click=begin_anew, args=(work_id,), width="stretch"
    )


def show_version(work_id: str) -> None:
    """Which version of the work the form began from."""
    st.caption(t("您看到的是这个项目的第 {version} 版。", version=int(form_start(work_id).version)))
