"""The item in hand with its fields and what can be done with it; how far the review is; what was left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import streamlit as st

from geo.plan_text.draft import LEFT_OUT_LABELS, SCOPE_LABELS, STATE_LABELS, SURE, DraftItem
from geo.plan_text.review import tally
from geo.plan_text.rules import rows_of
from geo.vocabulary import VERB_LABELS
from pages.parts.plan import review
from pages.parts.plan.review import Review
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text, escaped, language, t, translated

_MOST_LISTED: Final = 60
"""Passages that are listed at once; a filter reaches the others."""


def show_tally(current: Review) -> None:
    """How many items wait, are accepted and are rejected; which year the plan is of."""
    count = tally(current.draft)
    unsure = sum(bool(item.unsure()) for item in current.draft.items)
    st.markdown(
        t(
            "**{document}** · {year} 年：待看 {drafted} 条（其中 {unsure} 条有要问的），已收下 {accepted} 条，已剔除 {rejected} 条；另有 {left} 处没有列为条目。",
            document=escaped(current.draft.document),
            year=current.draft.year,
            drafted=int(count.drafted),
            unsure=int(unsure),
            accepted=int(count.accepted),
            rejected=int(count.rejected),
            left=len(current.draft.left_out),
        )
    )
    if not current.draft.year_in_text:
        st.warning(t("原文没有写明年份，期限按今年算；请逐条核对。"))


def show_item(current: Review) -> None:
    """The quote, the decisions with their keys, and the fields."""
    item = current.item()
    if item is None:
        st.info(t("这份文字里没有读出条目。可以从左边没有列入的句子里收。"))
        return
    place = [each.key for each in current.draft.items].index(item.key) + 1
    st.markdown(
        t(
            "第 {place} / {all} 条 · {state}",
            place=int(place),
            all=len(current.draft.items),
            state=t(STATE_LABELS[item.state]),
        )
    )
    st.markdown(f"**“{escaped(current.draft.quote(item))}”**")
    if item.names:
        st.caption(t("读出的名称：{names}", names=escaped("、".join(name.text for name in item.names))))
    _decisions(current)
    if current.error is not None:
        st.error(error_text(current.error))
    _fields(current, item)
    st.caption(t("把握是按依据的种类给的判断，不是量出来的概率；不到 {least} 的要问。", least=f"{SURE:.0%}"))


def _decisions(current: Review) -> None:
    with st.container(horizontal=True, gap="small"):
        _button("accept", t("收下"), "A", review.accept)
        _button("reject", t("剔除"), "X", review.reject)
        _button("undo", t("撤销"), "U", review.undo, is_off=not current.past)
    with st.container(horizontal=True, gap="small"):
        _button("previous", t("上一条"), "K", review.previous)
        _button("next", t("下一条"), "J", review.following)
        _button("split", t("拆开"), "S", review.split)
        _button("merge", t("并入下一条"), "M", review.merge)


def _button(name: str, label: str, key: str, act: Callable[[], None], *, is_off: bool = False) -> None:
    """A decision with its key of the keyboard, which does nothing while a field is written in."""
    kind: Literal["primary", "secondary"] = "primary" if name == "accept" else "secondary"
    st.button(label, key=f"plan_{name}", shortcut=key, on_click=act, disabled=is_off, type=kind)


def _fields(current: Review, item: DraftItem) -> None:
    asked = item.unsure()

    def label(field: str, text: str) -> str:
        sure = item.confidence.get(field)
        if field in asked:
            return t(":material/help: {field}（请核对）", field=text)
        return text if sure is None else t("{field}（把握 {sure}）", field=text, sure=f"{sure:.0%}")

    def options(field: str, text: str, labels: Mapping[str, str], value: str) -> None:
        codes = list(labels) if value in labels else [value, *labels]
        _widget(current, st.selectbox, field, label(field, text), options=codes, index=codes.index(value),
                format_func=lambda code: labels.get(code, code or t("没有读出")))  # fmt: skip

    _widget(current, st.text_input, "name", label("name", t("名称")), value=item.name, max_chars=200)
    first, second = st.columns(2)
    with first:
        options("category", t("类别"), categories(), item.category)
        _widget(
            current,
            st.number_input,
            "target",
            label("target", t("数量")),
            value=item.target,
            min_value=0.0,
            format="%.10g",
        )
        _widget(current, st.date_input, "due", label("due", t("期限")), value=item.due)
    with second:
        options("verb", t("答应做什么"), translated(VERB_LABELS), item.verb)
        _widget(current, st.text_input, "unit", label("unit", t("单位")), value=item.unit, max_chars=20)
        options("scope", t("范围"), translated(SCOPE_LABELS), item.scope)


def _widget(current: Review, make: Callable[..., Any], field: str, label: str, **given: Any) -> None:
    """A field of the item in hand: another item, or another step, is another widget."""
    key = f"plan-{field}-{current.at}-{current.version}"
    make(label, key=key, on_change=review.correct, args=(field, key), **given)


def categories() -> dict[str, str]:
    """Category -> its name: those of the city, then those that other plans have."""
    lang = language()
    return {row["category_id"]: row[f"name_{lang}"] for row in rows_of("categories")} | atlas().names(
        "categories", lang
    )


def show_left_out(current: Review) -> None:
    """What was read and holds no item, with the reason; each can be taken in."""
    draft = current.draft
    with st.expander(t("没有列为条目的 {n} 处，及理由", n=len(draft.left_out))):
        labels = translated(LEFT_OUT_LABELS)
        reasons = [code for code in labels if any(each.reason == code for each in draft.left_out)]
        chosen = st.selectbox(
            t("理由"), ["", *reasons], format_func=lambda code: labels.get(code, t("全部")), key="plan_reason"
        )
        listed = [
            each for each in draft.left_out if chosen in {"", each.reason} and draft.quote(each).strip()
        ]
        st.selectbox(
            t("要收为条目的一处"),
            [each.start for each in listed],
            index=None,
            placeholder=t("请选一个"),
            format_func={each.start: draft.quote(each).strip()[:60] for each in listed}.__getitem__,
            key="plan_passage",
        )
        st.button(t("收为条目"), key="plan_take", icon=":material/add:", on_click=_take_in)
        st.markdown(
            "\n".join(
                f"- {escaped(draft.quote(each).strip())} — {labels[each.reason]}"
                for each in listed[:_MOST_LISTED]
            )
        )
        if len(listed) > _MOST_LISTED:
            st.caption(t("只列出前 {n} 处，请按理由筛选。", n=_MOST_LISTED))


def _take_in() -> None:
    if (chosen := st.session_state.get("plan_passage")) is not None:
        st.session_state["plan_passage"] = None
        review.take_in(chosen)
