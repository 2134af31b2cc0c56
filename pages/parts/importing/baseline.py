"""An OSM extract as baseline: what is in it, one button that writes, and where it is of use."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.coverage.saved_data import Saved
from geo.ingest.plan.osm import Baseline
from geo.ingest.plan.save_data import save_baseline
from geo.places.base_map import OSM_CREDIT
from geo.store.model import Actor
from geo.text import mark as _
from pages.parts.importing import done, preview
from pages.parts.importing.flow import BaselineWritten, flow, run, start_anew
from pages.parts.shell import access
from pages.parts.shell.jobs import Job
from pages.parts.shell.loaders import atlas, store
from pages.parts.shell.map_frame import BARE, show_map
from pages.parts.shell.texts import escaped, language, t

LEFT_OUT = {"outside": _("在市外 {n} 处"), "twice": _("点和面重复画的 {n} 处")}


def show_step(person: Actor, baseline: Baseline) -> None:
    """What the extract holds, or what was written of it."""
    current = flow()
    if current.written is not None:
        _done(person, baseline, current.written)
        return
    _summary(baseline)
    chosen = _kinds(baseline)
    _map(baseline.only(chosen))
    if access.may_edit(person):
        _write_form(person, baseline.only(chosen))
    st.button(t("换一个文件"), icon=":material/arrow_back:", on_click=start_anew, key=current.key("anew"))


def _summary(baseline: Baseline) -> None:
    st.header(t("这份 OSM 摘录里有什么"))
    st.caption(
        t(
            "{name}：坐标一律是 WGS84，不用选；标签是什么设施，按 data/osm_rules.csv 认。{credit}",
            name=escaped(baseline.file_name),
            credit=OSM_CREDIT,
        )
    )
    figures = (
        (t("新设施"), len(baseline.facilities)),
        (t("登记里已有"), len(baseline.matched)),
        (t("居住用地（块）"), len(baseline.residential)),
        (t("可步行街道（段）"), len(baseline.streets)),
    )
    for column, (label, number) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, f"{number:,}")
    left = [t(LEFT_OUT[why], n=f"{number:,}") for why, number in baseline.left_out.items()]
    if left:
        st.caption(t("没有收进来的：{what}。", what=t("、").join(left)))


def _kinds(baseline: Baseline) -> list[str]:
    """The table by kind, and which kinds are wanted."""
    names = atlas().names("kinds", language())
    table = baseline.kinds
    if table.empty:
        return []
    shown = pd.DataFrame(
        {
            t("设施类型"): [names.get(str(kind), str(kind)) for kind in table.index],
            t("新增"): table["new"].to_numpy(),
            t("登记里已有"): table["known"].to_numpy(),
        }
    )
    st.dataframe(shown, hide_index=True, width="stretch", alt=t("摘录里各类设施的数目"))
    fresh = [str(kind) for kind in table.index[table["new"] > 0]]
    if not fresh:
        return []
    chosen: list[str] = st.multiselect(
        t("写入哪些类型"),
        fresh,
        format_func=lambda kind: names.get(kind, kind),
        placeholder=t("一类也不写"),
        key=flow().seed("kinds", fresh),
    )
    flow().record("kinds")
    return chosen


def _map(baseline: Baseline) -> None:
    rows = pd.DataFrame(baseline.facilities, columns=["lon", "lat", "name_zh"]).assign(verdict="new")
    if rows.empty:
        return
    st.caption(t("图上蓝点是要写入的 {n} 处设施。{credit}", n=f"{len(rows):,}", credit=OSM_CREDIT))
    show_map(BARE | {"draft": preview.draft_of(rows)}, key="import_map", short=True)


def _write_form(person: Actor, baseline: Baseline) -> None:
    current = flow()
    sets = [len(baseline.residential) > 0, len(baseline.streets) > 0]
    with st.container(border=True):
        st.text_input(
            t("理由"),
            placeholder=t("为什么导入，供以后核对"),
            max_chars=500,
            key=current.seed("reason", t("导入 {name}", name=baseline.source["title"])),
        )
        current.record("reason")
        if st.button(
            t("写入 {n} 处设施，保存 {sets} 个数据集", n=f"{len(baseline.facilities):,}", sets=sum(sets)),
            type="primary",
            icon=":material/save:",
            disabled=not (baseline.facilities or any(sets)),
            key=current.key("take"),
        ):
            _write(person, baseline)
            st.rerun()
        st.caption(t("居住用地和街道不进登记，存成数据集，供覆盖、选址等分析按名取用。"))


def _write(person: Actor, baseline: Baseline) -> None:
    current = flow()
    reason = str(current.choices.get("reason") or "").strip()
    register = store()

    def work(job: Job[BaselineWritten]) -> BaselineWritten:
        job.set_progress(0.3, _("写入登记…"))
        applied = register.apply(person, baseline.batch(reason)) if baseline.facilities else None
        job.set_progress(0.7, _("保存数据集…"))
        return BaselineWritten(applied, save_baseline(baseline, baseline.file_name))

    def done(written: BaselineWritten) -> None:
        current.written, current.step, current.baseline = written, 5, baseline

    run(work, done)


def _done(person: Actor, baseline: Baseline, written: BaselineWritten) -> None:
    """What was written, and links to the questions that it can answer now."""
    current = flow()
    applied = written.applied
    if applied is None or applied.repeated:
        st.success(t("这些内容以前已经导入过，登记没有变化。"), icon=":material/done_all:")
    else:
        st.success(
            t(
                "已写入 **{n}** 处现有设施；批次号 **{batch}**。{credit}",
                n=f"{applied.facilities:,}",
                batch=applied.batch_id,
                credit=OSM_CREDIT,
            ),
            icon=":material/check_circle:",
        )
    _use(baseline, written.saved)
    left, right = st.columns(2)
    left.button(
        t("导入另一个文件"),
        on_click=start_anew,
        icon=":material/upload_file:",
        width="stretch",
        key=current.key("anew"),
    )
    if (
        applied is not None
        and not applied.repeated
        and right.toggle(t("撤销这一批"), key=current.key("undo"))
    ):
        done.show_undo(person, applied)


def _use(baseline: Baseline, saved: list[Saved]) -> None:
    """The data sets that were saved, and the pages that can use them."""
    tokens = {f"saved-{one.kind}": one.token for one in saved}
    for one in saved:
        name = t("居住用地") if one.kind == "residential" else t("街道")
        st.caption(
            t(
                ":material/dataset: {what}数据集“{name}”，{n} 个对象，代号 `{token}`",
                what=name,
                name=escaped(one.name),
                n=f"{one.features:,}",
                token=one.token,
            )
        )
    if not baseline.kinds.empty:
        st.markdown(t("**马上可用**：看覆盖（设施、居住用地、步行街道都已带上）"))
        done.show_coverage_links([str(kind) for kind in baseline.kinds.index], **tokens)
