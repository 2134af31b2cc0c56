"""Step 4: what is wrong, questions to answer, and what the good rows would change; then the one button that writes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo.ingest.cells.columns import ColumnMap
from geo.ingest.cells.findings import LEVELS, Finding, by_kind
from geo.ingest.cells.header_terms import field_labels
from geo.ingest.cells.total_rows import rows_text
from geo.ingest.plan import swapped
from geo.ingest.plan.import_plan import ImportPlan
from geo.ingest.plan.options import Options
from geo.ingest.plan.questions import RowQuestion
from geo.ingest.plan.row_findings import ROW_CHOICES
from geo.reading.model import Layer
from geo.store.model import Actor
from geo.text import mark as _
from geo.text import translate
from layers.analysis.imports import planned, with_atlas
from pages.parts.importing import columns, preview
from pages.parts.importing.flow import flow, go, remember, run
from pages.parts.shell import access
from pages.parts.shell.jobs import Job
from pages.parts.shell.loaders import chosen_plan
from pages.parts.shell.texts import escaped, language, t

LEVEL_NAMES = {"error": _("错误"), "question": _("待答"), "warning": _("提醒")}
ANSWERS = dict(ROW_CHOICES)
_QUESTIONS_AT_ONCE = 12
_LISTED = 500


def show_step(person: Actor, layer: Layer, mapping: ColumnMap) -> None:
    """The findings and the questions; below, the preview and the button."""
    current = flow()
    if current.plan is None:
        make(layer, mapping)
        st.rerun()
    plan = current.plan
    _summary(plan)
    _questions(plan)
    _findings_table(plan)
    preview.show_preview(plan)
    if access.may_edit(person):
        preview.show_write(person, plan)
    st.button(t("上一步"), icon=":material/arrow_back:", on_click=go, args=(3,), key=current.key("back3"))


def make(layer: Layer, mapping: ColumnMap) -> None:
    """Make the plan anew, of all that was chosen so far."""
    remember()
    current, options, of_plan = flow(), options_of(), chosen_plan()

    def work(job: Job[ImportPlan]) -> ImportPlan:
        wanted = (layer, mapping, options, of_plan)
        return with_atlas(job.heavy(planned, wanted, _("逐行检查…")), of_plan)

    def done(plan: ImportPlan) -> None:
        current.plan = plan

    run(work, done, back=3)


def options_of() -> Options:
    """The options of the plan, from what the person chose in the steps before."""
    current = flow()
    choices, opened = current.choices, current.opened
    standing = choices.get("into") == "facilities"
    return Options(
        item_id="" if standing else choices.get("item") or "",
        into="facilities" if standing else "works",
        facility_kind=(choices.get("kind") or "") if standing else "",
        category=choices.get("category") or "",
        crs=_system_given(),
        source=columns.source_fields(),
        rules=dict(choices.get("rules", {})),
        decisions=dict(choices.get("decisions", {})),
        reason=choices.get("reason") or "",
        complete=bool(choices.get("complete")) and bool(choices.get("item")) and not standing,
        today=date.today(),
        file_name=opened.name if opened is not None else "",
        sha256=opened.sha256 if opened is not None else "",
    )


def _system_given() -> str:
    """The system that the person chose otherwise than the file and its numbers say; the plan finds that one by itself."""
    choices = flow().choices
    chosen = str(choices.get("crs") or "")
    return "" if chosen == choices.get("system_found") else chosen


def _summary(plan: ImportPlan) -> None:
    counts = plan.counts
    names = (
        (t("新增"), "new"),
        (t("更新已有"), "update"),
        (t("没有新内容"), "known"),
        (t("待回答"), "question"),
        (t("退回"), "rejected"),
        (t("跳过"), "skipped"),
    )
    for column, (name, verdict) in zip(st.columns(len(names)), names, strict=True):
        column.metric(name, f"{counts[verdict]:,}")


def _questions(plan: ImportPlan) -> None:
    whole, single = plan.questions, plan.row_questions
    if not whole and not single:
        return
    choices = flow().choices
    with st.container(border=True):
        st.markdown(t("**有 {n} 个问题要您回答**；不回答的行先不导入。", n=len(whole) + len(single)))
        for number, (finding, cells) in enumerate(whole):
            _whole_question(number, finding, cells, choices.setdefault("rules", {}))
        for question in single:
            _shared_question(question, choices.setdefault("rules", {}), choices.setdefault("decisions", {}))
        if st.button(t("按回答重新检查"), icon=":material/refresh:", key=flow().key("again")):
            flow().plan = None
            st.rerun()


def _whole_question(number: int, finding: Finding, cells: int, rules: dict[str, str]) -> None:
    if finding.rule == swapped.RULE:
        _swap_button(finding, cells, rules)
        return
    choices = {key: translate(str(name), language()) for key, name in finding.choices}
    chosen = st.selectbox(
        escaped(t("{text}（{n} 处）", text=finding.line(language()), n=cells)),
        list(choices),
        index=None,
        placeholder=t("请选择"),
        format_func=choices.__getitem__,
        key=flow().key(f"rule-{number}-{finding.rule}"),
    )
    if chosen is not None:
        rules[finding.rule] = chosen


def _swap_button(finding: Finding, cells: int, rules: dict[str, str]) -> None:
    """Rows whose coordinates are the other way round: put right with one press."""

    def swap() -> None:
        rules[swapped.RULE] = swapped.SWAP
        flow().plan = None

    st.caption(escaped(t("{text}（{n} 处）", text=finding.line(language()), n=cells)))
    st.button(
        escaped(t("对调这 {n} 行的经度和纬度", n=cells)),
        icon=":material/swap_horiz:",
        on_click=swap,
        key=flow().key("swap-rows"),
    )


def _shared_question(question: RowQuestion, rules: dict[str, str], decisions: dict[int, str]) -> None:
    """A question of one row; or one answer for all rows that ask it, and below, each of them."""
    findings = question.findings
    if len(findings) == 1 or not question.group:
        for finding in findings[:_QUESTIONS_AT_ONCE]:
            _row_question(finding, decisions)
        return
    names = {key: t(text) for key, text in question.choices}
    rows = rows_text([finding.row for finding in findings if finding.row is not None])
    chosen = st.selectbox(
        escaped(
            t(
                "{text} 同样要问的共 {n} 行：第 {rows} 行。",
                text=findings[0].line(language()),
                n=len(findings),
                rows=rows,
            )
        ),
        list(names),
        index=None,
        placeholder=t("请为这些行一起选一个答案"),
        format_func=names.__getitem__,
        key=flow().key(f"group-{question.group}"),
    )
    if chosen is not None:
        rules[question.group] = chosen
    with st.expander(t("逐行回答")):
        for finding in findings[:_QUESTIONS_AT_ONCE]:
            _row_question(finding, decisions)
        if len(findings) > _QUESTIONS_AT_ONCE:
            st.caption(
                t("另有 {n} 行待答；答完这些再检查，就会接着问。", n=len(findings) - _QUESTIONS_AT_ONCE)
            )


def _row_question(finding: Finding, decisions: dict[int, str]) -> None:
    names = {
        key: t(ANSWERS[key]) if key in ANSWERS else t("就是“{name}”（{id}）", name=name, id=key)
        for key, name in finding.choices
    }
    chosen = st.selectbox(
        escaped(finding.line(language())),
        list(names),
        index=None,
        placeholder=t("请选择"),
        format_func=names.__getitem__,
        key=flow().key(f"row-{finding.row}-{finding.field}-{hash(finding.message)}"),
    )
    if chosen is not None and finding.row is not None:
        decisions[finding.row] = chosen


def _findings_table(plan: ImportPlan) -> None:
    """Every finding by row and field, with filters."""
    findings = plan.findings
    if not findings:
        st.success(t("没有发现问题。"), icon=":material/check_circle:")
        return
    counts = {level: sum(one.level == level for one in findings) for level in LEVELS}
    left, right = st.columns(2)
    levels = {level: f"{t(LEVEL_NAMES[level])} {n}" for level, n in counts.items() if n}
    chosen = left.segmented_control(
        t("程度"),
        list(levels),
        format_func=levels.__getitem__,
        selection_mode="multi",
        key=flow().key("levels"),
    )
    names = {one.field: one.field for one in findings}
    names |= field_labels(language())
    fields = right.multiselect(
        t("字段"),
        sorted({one.field for one in findings if one.field}),
        format_func=names.__getitem__,
        placeholder=t("全部"),
        key=flow().key("fields"),
    )
    shown = [
        one for one in findings if (not chosen or one.level in chosen) and (not fields or one.field in fields)
    ]
    kinds = by_kind(shown)
    if len(kinds) < len(shown) and st.toggle(t("逐行列出"), key=flow().key("each-row")):
        kinds = [[one] for one in shown]
    st.dataframe(
        _frame(kinds[:_LISTED]),
        hide_index=True,
        width="stretch",
        alt=t("逐行逐字段的检查结果"),
        placeholder="",
    )
    if len(kinds) > _LISTED:
        st.caption(t("只列出前 {n} 条，共 {all} 条；退回的行可以下载。", n=_LISTED, all=len(kinds)))


def _frame(kinds: list[list[Finding]]) -> pd.DataFrame:
    """A row for each finding; one for a remark that many rows get, at the first of them."""
    lang = language()
    names = field_labels(lang)
    rows: list[dict[str, Any]] = []
    for alike in kinds:
        first = alike[0]
        rows.append(
            {
                t("行"): first.row,
                t("名称"): first.subject,
                t("字段"): first.column or names.get(first.field, first.field),
                t("程度"): t(LEVEL_NAMES[first.level]),
                t("问题与办法"): first.text(lang) + _rows_of(alike),
                t("原值"): first.value if len({one.value for one in alike}) == 1 else "",
            }
        )
    return pd.DataFrame(rows).astype({t("行"): "Int64"})


def _rows_of(alike: list[Finding]) -> str:
    if len(alike) == 1:
        return ""
    rows = rows_text([one.row for one in alike if one.row is not None])
    return t("（同样的共 {n} 行：第 {rows} 行）", n=len(alike), rows=rows)
