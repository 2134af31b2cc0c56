"""The facilities of a coverage answer, with their sources, and whose errors of place make it unsure."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.display import labels
from layers.analysis.answers import certainty_answer, coverage_answer, facilities_of
from pages.parts.coverage.question import CoverageChoice
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.texts import escaped, language, t
from pages.parts.shell.waiting import heavy_or_wait


def show_facilities(chosen: CoverageChoice) -> None:
    """Every facility that was counted, and the ones without a place."""
    shared = atlas()
    facilities = heavy_or_wait("details", facilities_of, chosen.parameters)
    if facilities is None:
        return
    _say_edited(chosen)
    st.caption(
        t(
            "已知 {known} 处，有位置 {placed} 处，没有位置 {missing} 处（其中只有数字、没有名字的 {unnamed} 处）。",
            known=facilities.known_count,
            placed=len(facilities.placed),
            missing=facilities.known_count - len(facilities.placed),
            unnamed=int(facilities.unnamed["number"].sum()),
        )
    )
    names, kinds = district_names(with_city=True), shared.names("kinds", language())
    sources = shared.pack.sources.reindex(facilities.frame["source_id"])
    origins = {"baseline": t("现状"), "scenario": t("推演")}
    st.dataframe(
        pd.DataFrame(
            {
                t("名称"): [labels.name_of(row, language()) for _, row in facilities.frame.iterrows()],
                t("类型"): [kinds.get(str(kind), str(kind)) for kind in facilities.frame["kind"]],
                t("区县"): [
                    labels.district_names(codes, names, language())
                    for codes in facilities.frame["district_code"]
                ],
                t("误差（米）"): facilities.frame["accuracy_m"].to_numpy(),
                t("位置"): [t("有") if placed else t("没有") for placed in facilities.frame["lon"].notna()],
                t("来自"): [origins.get(origin, t("计划项目")) for origin in facilities.frame["origin"]],
                t("来源"): sources["title"].fillna("").to_numpy(),
                t("发布者"): sources["publisher"].fillna("").to_numpy(),
                t("发布日期"): sources["published"].fillna("").to_numpy(),
                t("编号"): facilities.frame.index.to_numpy(),
            }
        ),
        hide_index=True,
        width="stretch",
        alt=t("所用设施及其来源"),
    )
    _certainty(chosen)


def _say_edited(chosen: CoverageChoice) -> None:
    """A list with edits in it must not be taken for the register."""
    answer = heavy_or_wait("edited", coverage_answer, chosen.parameters, language())
    edits = answer.inputs.get("scenario") if answer is not None else None
    if edits:
        st.info(
            t(
                "含推演方案{name}的 {n} 处改动，不是登记现状；“来自”一栏写着推演。",
                name=f"“{escaped(edits['name'])}”" if edits["name"] else "",
                n=int(edits["edits"]),
            ),
            icon=":material/edit_location_alt:",
        )


def _certainty(chosen: CoverageChoice) -> None:
    """Whose errors make the interval wide."""
    groups = heavy_or_wait("certainty", certainty_answer, chosen.parameters)
    if groups is None or groups.empty:
        return
    st.header(t("大致位置让结果多不确定"))
    st.caption(
        t(
            "全市居民覆盖率的区间（肯定到可能）现宽 {width} 个百分点。下表：若某一组设施的位置变得准确，区间会收窄多少。",
            width=f"{100 * groups['width'].iloc[0]:.2f}",
        )
    )
    named = atlas().pack.works.reindex(groups.index)
    st.dataframe(
        pd.DataFrame(
            {
                t("项目"): [
                    labels.name_of(row, language()) if key else t("现状设施")
                    for key, (_, row) in zip(groups.index, named.iterrows(), strict=True)
                ],
                t("有位置的设施"): groups["facilities"],
                t("误差中位（米）"): groups["accuracy_p50_m"].round(0),
                t("误差最大（米）"): groups["accuracy_max_m"].round(0),
                t("永不“肯定”（误差大于半径）"): groups["never_certain"],
                t("若准确，区间收窄（百分点）"): (100 * (groups["width"] - groups["without"])).round(2),
            }
        ),
        hide_index=True,
        width="stretch",
        alt=t("各组设施的位置误差对区间的影响"),
    )
