"""How a review ends: the draft saved, and the pack of what was accepted."""

from __future__ import annotations

import streamlit as st

from geo.errors import AtlasError
from geo.files.pieces import zipped
from geo.paths import data_dir
from geo.plan_text.pack import PlanSource, pack_files
from geo.plan_text.review import tally, to_json
from pages.parts.plan import review
from pages.parts.plan.into_register import show_into_register
from pages.parts.plan.review import Review
from pages.parts.shell.texts import error_text, t


def show_finish(current: Review) -> None:
    """Save the draft; take the pack; begin with another plan."""
    st.header(t("保存与完成"))
    draft, count = current.draft, tally(current.draft)
    st.caption(t("复核只在这个浏览器会话里。随时可以保存草稿，以后上传它接着做。"))
    with st.container(horizontal=True):
        st.download_button(
            t("保存草稿"),
            lambda: to_json(draft),
            file_name=f"plan-{draft.year}-draft.json",
            mime="application/json",
            icon=":material/save:",
            key="plan_save",
            on_click=current.saved,
        )
    with st.expander(t("这份计划的出处"), expanded=False):
        title = st.text_input(t("计划名称"), value=draft.document, key="plan_title", max_chars=200)
        publisher = st.text_input(t("发布者"), key="plan_publisher", max_chars=200)
        published = st.text_input(t("发布日期"), key="plan_published", max_chars=10, placeholder="2021-02-18")
        url = st.text_input(t("网址"), key="plan_url", max_chars=400, placeholder="https://")
        number = st.text_input(t("索引号"), key="plan_number", max_chars=80)
    named = title.strip() or draft.document
    source = PlanSource(named, publisher.strip(), published.strip(), url.strip(), number.strip())
    _pack(current, source)
    if count.accepted:
        show_into_register(current, source)
    with st.popover(t("换一份计划"), icon=":material/restart_alt:"):
        st.markdown(
            t(
                "现在的草稿会从这个会话里去掉。{accepted} 条已收下；要留的请先保存草稿。",
                accepted=int(count.accepted),
            )
        )
        st.button(t("去掉，换一份"), key="plan_leave", on_click=review.leave)


def _pack(current: Review, source: PlanSource) -> None:
    accepted = tally(current.draft).accepted
    if not accepted:
        st.info(t("还没有收下条目；收下后可以下载资料包。"))
        return
    try:
        source.checked()
    except AtlasError as error:
        st.error(error_text(error))
        return
    st.download_button(
        t("下载资料包（{n} 条）", n=int(accepted)),
        lambda: zipped(pack_files(current.draft, source, data_dir())),
        file_name=f"plan-{current.draft.year}.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        type="primary",
        key="plan_pack",
        on_click="ignore",
    )
    st.caption(
        t(
            "解开后运行 `python -m geo check --pack 文件夹`，再以 `ATLAS_DATA=文件夹` 启动，就是这份计划的地图。"
        )
    )
