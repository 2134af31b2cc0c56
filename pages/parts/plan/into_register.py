"""The review becomes a further plan of the register: what would be written, what is promised again, and writing it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.errors import AtlasError
from geo.plan_text.carry_over import Proposal
from geo.plan_text.new_plan import NewPlan, new_plan
from geo.plan_text.pack import PlanSource
from geo.store.model import Actor
from pages.parts.plan.review import Review
from pages.parts.shell import access
from pages.parts.shell.loaders import atlas, store
from pages.parts.shell.texts import error_text, escaped, language, t

_WRITTEN: Final = "_plan_written"
_SAME: Final = "same"
_OTHER: Final = "another"


def show_into_register(current: Review, source: PlanSource) -> None:
    """For who may edit: a trial of writing, a decision on each proposal, and the button."""
    _show_written()
    person = access.actor()
    if not access.may_edit(person):
        return
    with st.expander(t("写入这份登记，作为又一份计划"), icon=":material/library_add:"):
        plan_id = st.text_input(t("计划编号"), value=str(current.draft.year), key="plan_new_id", max_chars=40)
        try:
            made = new_plan(current.draft, source, atlas(), plan_id)
        except AtlasError as error:
            st.error(error_text(error))
            return
        st.markdown(
            t(
                "会写入计划 **{plan}** 和它的 **{n}** 个条目；原来的计划和它的数都不变。整批可以在“登记 · 批次”里撤销。",
                plan=escaped(plan_id.strip()),
                n=len(made.items),
            )
        )
        again = _decisions(current, made)
        reason = st.text_input(t("理由"), key="plan_new_reason", max_chars=500)
        if st.button(t("写入登记"), key="plan_new_write", type="primary", icon=":material/save:"):
            _write(person, made, again, reason)


def _decisions(current: Review, made: NewPlan) -> dict[str, bool]:
    """Each proposal with its reason; nothing is chosen beforehand."""
    if not made.proposals:
        st.caption(t("没有看出它再次承诺了登记里的哪个项目。"))
        return {}
    st.markdown(t("可能是再次承诺的项目，请逐条决定（共 {n} 条）：", n=len(made.proposals)))
    names = {item.key: item.name for item in current.draft.items}
    chosen = {one.key: _decision(one, names[one.item]) for one in made.proposals}
    return {key: choice == _SAME for key, choice in chosen.items() if choice}


def _decision(one: Proposal, name: str) -> str | None:
    labels = {_SAME: t("是同一个项目"), _OTHER: t("不是")}
    return st.radio(
        t(
            "“{item}” — {work}（{id}）：{reason}，把握 {confidence}",
            item=escaped(name),
            work=escaped(one.work_name),
            id=escaped(one.work_id),
            reason=escaped(one.reason(language())),
            confidence=f"{one.confidence:.0%}",
        ),
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        horizontal=True,
        key=f"plan_again-{one.key}",
    )


def _write(person: Actor, made: NewPlan, again: dict[str, bool], reason: str) -> None:
    try:
        applied = store().apply(person, made.batch(again, by=person.name, reason=reason))
    except AtlasError as error:
        st.error(error_text(error))
        return
    st.session_state[_WRITTEN] = (
        str(made.plan["plan_id"]),
        len(made.items),
        sum(again.values()),
        applied.batch_id,
    )
    st.rerun()


def _show_written() -> None:
    """What the run before wrote, once."""
    written = st.session_state.pop(_WRITTEN, None)
    if written is None:
        return
    plan_id, items, again, batch = written
    st.success(
        t(
            "已写入计划 {plan}：{n} 个条目，再次承诺的项目 {again} 个；批次号 {batch}。",
            plan=escaped(plan_id),
            n=int(items),
            again=int(again),
            batch=escaped(batch),
        ),
        icon=":material/check_circle:",
    )
