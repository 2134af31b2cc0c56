"""Step 5: what was written, where to see it, how to take it back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geo.coverage.saved_data import Saved
from geo.display import labels
from geo.errors import AtlasError
from geo.ingest.plan.import_plan import ImportPlan
from geo.register.form_checks import Checks
from geo.store.model import Actor, Applied
from pages.parts.importing import preview
from pages.parts.importing.flow import flow, start_anew
from pages.parts.shell import edit_form, link
from pages.parts.shell.loaders import atlas, store
from pages.parts.shell.texts import escaped, language, t

_LINKS = 12


def show_step(person: Actor, plan: ImportPlan, applied: Applied) -> None:
    """The confirmation, links to the works, the rejected rows, undo of the whole."""
    current = flow()
    _confirmation(applied)
    if current.outlines is not None:
        _outlines(current.outlines)
    if plan.options.into == "facilities":
        show_coverage_links(list(plan.kinds))
    else:
        preview.show_counts(current.choices["before"], preview.items_now(plan))
        _map_link(plan)
        _links(list(dict.fromkeys(plan.made.targets.values())))
    preview.show_rejected(plan)
    left, right = st.columns(2)
    left.button(
        t("导入另一个文件"),
        on_click=start_anew,
        icon=":material/upload_file:",
        width="stretch",
        key=current.key("anew"),
    )
    if not applied.repeated and right.toggle(t("撤销这一批"), key=current.key("undo")):
        show_undo(person, applied)


def _confirmation(applied: Applied) -> None:
    if applied.repeated:
        st.success(t("这些内容以前已经导入过，登记没有变化。"), icon=":material/done_all:")
    elif applied.facilities:
        st.success(
            t(
                "已写入 **{n}** 处现有设施；批次号 **{batch}**。",
                n=f"{applied.facilities:,}",
                batch=applied.batch_id,
            ),
            icon=":material/check_circle:",
        )
    else:
        st.success(
            t(
                "已写入：新增 **{works}** 个项目，**{events}** 条事件；批次号 **{batch}**。",
                works=applied.works,
                events=applied.events,
                batch=applied.batch_id,
            ),
            icon=":material/check_circle:",
        )


def _outlines(outlines: Saved) -> None:
    st.caption(
        t(
            ":material/shapes: {n} 个面的外廓另存为数据集 `{token}`（var/datasets 下的 GeoPackage），登记里是面内一点加外廓半径。",
            n=int(outlines.features),
            token=outlines.token,
        )
    )


def _map_link(plan: ImportPlan) -> None:
    """The home page at the day of the import, narrowed to the categories of what was written."""
    works = atlas().pack.works
    ids = [work_id for work_id in dict.fromkeys(plan.made.targets.values()) if work_id in works.index]
    if not ids:
        return
    written = works.loc[ids]
    day = {"as_of": plan.options.today.isoformat(), "category": sorted(set(written["category"].dropna()))}
    counted = written["counted"].eq("yes").all()
    st.page_link(
        "home.py",
        label=t("在地图上看这些项目"),
        icon=":material/map:",
        query_params=link.parameters() | day | ({} if counted else {"scope": "all"}),
    )


def _links(work_ids: list[str]) -> None:
    works = atlas().pack.works
    known = [work_id for work_id in work_ids if work_id in works.index]
    if not known:
        return
    with st.expander(t("涉及的项目：{n} 个", n=len(known))):
        for work_id in known[:_LINKS]:
            st.page_link(
                "register.py",
                label=escaped(f"{labels.name_of(atlas().register.work(work_id), language())} · {work_id}"),
                icon=":material/construction:",
                query_params=link.parameters() | {"work": work_id, "do": "history"},
            )
        if len(known) > _LINKS:
            st.caption(t("其余 {n} 个见“清单”页。", n=len(known) - _LINKS))


def show_coverage_links(kinds: Sequence[str], **more: str) -> None:
    """Links to the coverage of each kind of facility; ``more`` are further parameters of the link."""
    names = atlas().names("kinds", language())
    with st.container(horizontal=True):
        for kind in kinds[:_LINKS]:
            st.page_link(
                "coverage.py",
                label=t("{kind}的覆盖", kind=escaped(names.get(kind, kind))),
                icon=":material/radio_button_checked:",
                query_params={**link.parameters(), "ind": "custom", "kind": kind, **more},
            )


def show_undo(person: Actor, applied: Applied) -> None:
    """Why, and the button that takes the whole batch back."""
    current = flow()
    reason = st.text_input(t("为什么撤销"), max_chars=500, key=current.key("undo-reason"))
    if not st.button(t("撤销整批"), icon=":material/undo:", key=current.key("undo-go")):
        return
    try:
        checks = Checks()
        why = checks.text("reason", reason, required=True, limit=500)
        checks.done()
        undone = store().undo_batch(person, applied.batch_id, why)
    except AtlasError as error:
        edit_form.show_faults(error)
        return
    st.session_state["_told"] = t("整批已撤销：{n} 条撤销事件。历史都还在。", n=undone.events)
    start_anew()
    st.rerun()
