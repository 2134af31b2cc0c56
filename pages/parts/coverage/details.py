"""Below the coverage map: one of several closer views, the method, and the answer as files."""

from __future__ import annotations

import streamlit as st

from geo.errors import AtlasError
from geo.files import stem_of
from geo.register.indicators import Indicator
from layers.analysis.answers import coverage_answer
from layers.analysis.files import coverage_csv, coverage_geojson
from layers.analysis.picture import coverage_svg
from pages.parts.coverage.equity import show_equity
from pages.parts.coverage.facilities import show_facilities
from pages.parts.coverage.gaps import show_gaps
from pages.parts.coverage.impact import show_impact
from pages.parts.coverage.question import CoverageChoice, indicator_label
from pages.parts.shell import downloads, segments
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text, escaped, language, t
from pages.parts.shell.waiting import heavy_or_wait


def show_details(chosen: CoverageChoice) -> None:
    """One of four views at a time: only what is looked at is computed."""
    names = {
        "gaps": t("谁没有被覆盖"),
        "impact": t("计划改变了什么"),
        "equity": t("公平"),
        "facilities": t("设施、来源与误差"),
        "files": t("接口"),
    }
    show = {
        "gaps": show_gaps,
        "impact": show_impact,
        "equity": show_equity,
        "facilities": show_facilities,
        "files": _api,
    }[segments.linked("more", t("细看"), names, "gaps", titled=False)]
    for part in (show, _method):
        try:
            part(chosen)
        except AtlasError as error:
            st.warning(error_text(error))


def offer_files(chosen: CoverageChoice) -> None:
    """The answer as files."""
    lang = language()
    name = f"{stem_of(atlas(), what='coverage')}-{chosen.as_of.isoformat()}-{chosen.which}-{chosen.far}"
    name += "-whatif" if "scenario" in dict(chosen.parameters) else ""
    for label, ending, mime, make in (
        (
            t("下载 CSV"),
            "csv",
            "text/csv",
            lambda: coverage_csv(coverage_answer(chosen.parameters, lang), lang),
        ),
        (
            t("下载 GeoJSON"),
            "geojson",
            "application/geo+json",
            lambda: coverage_geojson(chosen.parameters, lang),
        ),
        (t("下载图片（SVG）"), "svg", "image/svg+xml", lambda: coverage_svg(chosen.parameters, lang)),
    ):
        downloads.offer(downloads.Extra(label, f"{name}.{ending}", mime, make))


def _api(chosen: CoverageChoice) -> None:
    st.caption(t("文件在页首的“下载”里；链接、引用在“分享/引用”里。程序可用同样的词询问接口："))
    st.code("/api/coverage?" + "&".join(f"{key}={value}" for key, value in chosen.parameters), language=None)


def _method(chosen: CoverageChoice) -> None:
    with st.expander(t("怎么算的，有多确定")):
        st.markdown(
            t(
                "- **覆盖**：到最近设施的距离不超过 R（正好等于 R 也算）；区县界不挡服务。\n"
                "- **肯定 / 按标注 / 可能**：位置误差为 a 的设施，以 R−a、R、R+a 各算一次；a 大于 R 的不计入“肯定”。"
                "没有位置的设施三种都不计，所以覆盖率是下限。\n"
                "- **陆地**：区县界（示意）扣除湖面，在 {projected} 中以真圆与多边形精确求积，没有折线误差。\n"
                "- **居民**：2020 年普查常住人口按居民模型分到格网，是模型估算，不是实测，宜看 1 公里以上的份额，不宜看一条街；"
                "另以均匀分布为第二种模型，表里的“肯定 – 可能”同时包含两种模型与位置误差；可换成自己的人口栅格。\n"
                "- **计划前**：计划年开始前一天已启用的设施；**全部建成**：截至该日已启用的，加计划承诺的全部。",
                projected=escaped(atlas().city.projected_crs),
            )
        )
        if chosen.indicator:
            _indicator_source(chosen.indicator)
        answer = heavy_or_wait("method", coverage_answer, chosen.parameters, language())
        if answer is not None:
            st.json(answer.inputs, expanded=False)


def _indicator_source(indicator: Indicator) -> None:
    """Which standard the threshold is from, and whether anyone has checked it there."""
    st.markdown(
        t(
            "指标：{name}。标准：{standard}{clause}。{checked}",
            name=escaped(indicator_label(indicator)),
            standard=escaped(indicator.standard) or t("不详"),
            clause=f" {escaped(indicator.clause)}" if indicator.clause else "",
            checked=t("阈值已在标准文本中核对。")
            if indicator.checked
            else t("阈值未在标准原文中核对，按自定义处理，不能当作法定要求。"),
        )
    )
    note = indicator.note_zh if language() == "zh" else indicator.note_en
    if note:
        st.caption(escaped(note))
