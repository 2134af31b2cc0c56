"""Below the coverage map: gaps, what the plan changes, the facilities with their sources, files to take away."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.errors import AtlasError
from geo.files import stem_of
from layers.analysis.answers import (
    certainty_answer,
    coverage_answer,
    facilities_of,
    gaps_answer,
    impact_answer,
)
from layers.analysis.files import coverage_csv, coverage_geojson
from layers.analysis.picture import coverage_svg
from pages.parts.coverage import equity as equity_view
from pages.parts.coverage.choice import Choice, name_of
from pages.parts.shell import link, take_away
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import escaped, language, t

GAP_ROWS: Final = 30


def show_more(chosen: Choice) -> None:
    """One of four views at a time: only what is looked at is computed."""
    names = {
        "gaps": t("谁没有被覆盖"),
        "impact": t("计划改变了什么"),
        "equity": t("公平"),
        "facilities": t("设施、来源与误差"),
        "files": t("接口"),
    }
    link.seed("more", "gaps", list(names))
    st.segmented_control(
        t("细看"),
        list(names),
        format_func=names.__getitem__,
        key="more",
        required=True,
        label_visibility="collapsed",
    )
    show = {
        "gaps": _gaps,
        "impact": _impact,
        "equity": equity_view.show,
        "facilities": _facilities,
        "files": _api,
    }[link.keep("more")]
    try:
        show(chosen)
    except AtlasError as error:
        st.warning(error.text(language()))
    _method(chosen)


def _names() -> dict[str, str]:
    shared = atlas()
    named = {str(code): str(name) for code, name in shared.districts[f"name_{language()}"].items()}
    return named | {shared.city.code: shared.city.name(language())}


def _gaps(chosen: Choice) -> None:
    found = gaps_answer(chosen.words)
    if found.empty:
        st.success(t("全部陆地都在服务范围内。"))
        return
    st.caption(
        t(
            "未覆盖的陆地按区县内最近的地名分组（共 {n} 组），不是乡镇辖区；地图上标出居民最多的十组。居民为模型值。",
            n=len(found),
        )
    )
    names = _names()
    top = found.head(GAP_ROWS)
    st.dataframe(
        pd.DataFrame(
            {
                t("序"): top["rank"],
                t("最近地名"): [labels.name_of(row, language()) for _, row in top.iterrows()],
                t("区县"): top["district_code"].map(names),
                t("未覆盖居民"): top["residents"].round(-2),
                t("未覆盖陆地（平方公里）"): top["land_km2"].round(1),
                t("到最近设施的中位距离（米）"): top["distance_p50_m"].round(-1),
                t("最远（米）"): top["distance_max_m"].round(-1),
            }
        ),
        hide_index=True,
        width="stretch",
        alt=t("未覆盖人口按最近地名排序"),
    )


def _impact(chosen: Choice) -> None:
    if "scenario" in dict(chosen.words):
        st.info(t("这里比的是登记与计划，不含推演的改动。"), icon=":material/info:")
    answer = impact_answer(chosen.words, language())
    table, by_work = answer.table, answer.works
    if by_work.empty:
        st.info(t("计划里没有这类设施，覆盖不因计划而变。"))
        return
    st.caption(
        t(
            "比较：{before} 当天，与其上加计划承诺的全部设施。其他年份开通的不算在内。",
            before=answer.inputs["before"]["as_of"],
        )
    )
    people = "gained_residents" in table
    columns = {
        t("区县"): table["district"],
        t("陆地覆盖率，前"): table["share_area_before"],
        t("陆地覆盖率，后"): table["share_area_after"],
        t("新增覆盖（平方公里）"): table["gained_km2"].round(1),
        t("至少–至多"): _range(table["gained_km2_low"], table["gained_km2_high"], 1),
    }
    if people:
        columns |= {
            t("新增覆盖居民（模型值）"): table["gained_residents"].round(-2),
            t("居民，至少–至多"): _range(table["gained_residents_low"], table["gained_residents_high"], -2),
        }
    shares = (t("陆地覆盖率，前"), t("陆地覆盖率，后"))
    _table(pd.DataFrame(columns), t("计划使各区县新增的覆盖"), shares)
    st.subheader(t("由哪些项目带来"))
    named = atlas().pack.works.reindex(by_work.index)
    _table(
        pd.DataFrame(
            {
                t("项目"): [labels.name_of(row, language()) for _, row in named.iterrows()],
                t("设施（有位置/登记）"): [
                    f"{placed}/{known}"
                    for placed, known in zip(by_work["placed"], by_work["facilities"], strict=True)
                ],
                t("单独建成新增（平方公里）"): by_work["alone_km2"].round(1),
                t("单独建成新增居民"): by_work["alone_residents"].round(-2),
                t("居民，至少–至多"): _range(
                    by_work["alone_residents_low"], by_work["alone_residents_high"], -2
                ),
                t("若唯独缺它，减少居民"): by_work["last_residents"].round(-2),
            }
        ),
        t("各项目对覆盖的贡献"),
    )


def _table(frame: pd.DataFrame, alt: str, shares: tuple[str, ...] = ()) -> None:
    """A table whose numbers have thousands marks, shares as percent."""
    numeric = frame.select_dtypes("number").columns
    how = {
        name: st.column_config.NumberColumn(format="percent" if name in shares else "localized")
        for name in map(str, numeric)
    }
    st.dataframe(frame, hide_index=True, width="stretch", alt=alt, column_config=how)


def _range(low: pd.Series, high: pd.Series, digits: int) -> list[str]:
    form = "{:,.0f}" if digits < 1 else "{:,.1f}"
    return [
        "—"
        if pd.isna(a)
        else f"{form.format(round(a, digits) + 0.0)} – {form.format(round(b, digits) + 0.0)}"
        for a, b in zip(low, high, strict=True)
    ]


def _facilities(chosen: Choice) -> None:
    shared = atlas()
    found = facilities_of(chosen.words)
    _say_edited(chosen)
    st.caption(
        t(
            "已知 {known} 处，有位置 {placed} 处，没有位置 {missing} 处（其中只有数字、没有名字的 {unnamed} 处）。",
            known=found.known,
            placed=len(found.placed),
            missing=found.known - len(found.placed),
            unnamed=int(found.unnamed["number"].sum()),
        )
    )
    names, kinds = _names(), shared.names("kinds", language())
    sources = shared.pack.sources.reindex(found.frame["source_id"])
    origins = {"baseline": t("现状"), "scenario": t("推演")}
    st.dataframe(
        pd.DataFrame(
            {
                t("名称"): [labels.name_of(row, language()) for _, row in found.frame.iterrows()],
                t("类型"): [kinds.get(str(kind), str(kind)) for kind in found.frame["kind"]],
                t("区县"): [
                    labels.district_words(codes, names, language()) for codes in found.frame["district_code"]
                ],
                t("误差（米）"): found.frame["accuracy_m"].to_numpy(),
                t("位置"): [t("有") if placed else t("未落位") for placed in found.frame["lon"].notna()],
                t("来自"): [origins.get(origin, t("计划项目")) for origin in found.frame["origin"]],
                t("来源"): sources["title"].fillna("").to_numpy(),
                t("发布者"): sources["publisher"].fillna("").to_numpy(),
                t("发布日期"): sources["published"].fillna("").to_numpy(),
                t("编号"): found.frame.index.to_numpy(),
            }
        ),
        hide_index=True,
        width="stretch",
        alt=t("所用设施及其来源"),
    )
    _certainty(chosen)


def _say_edited(chosen: Choice) -> None:
    """A list with edits in it must not be taken for the register."""
    edits = coverage_answer(chosen.words, language()).inputs.get("scenario")
    if edits:
        st.info(
            t(
                "含推演方案{name}的 {n} 处改动，不是登记现状；“来自”一栏写着推演。",
                name=f"“{escaped(edits['name'])}”" if edits["name"] else "",
                n=edits["edits"],
            ),
            icon=":material/edit_location_alt:",
        )


def _certainty(chosen: Choice) -> None:
    """Whose errors make the interval wide."""
    found = certainty_answer(chosen.words)
    if found.empty:
        return
    st.subheader(t("大致位置让结果多不确定"))
    st.caption(
        t(
            "全市居民覆盖率的区间（肯定到可能）现宽 {width} 个百分点。下表：若某一组设施的位置变得准确，区间会收窄多少。",
            width=f"{100 * found['width'].iloc[0]:.2f}",
        )
    )
    named = atlas().pack.works.reindex(found.index)
    st.dataframe(
        pd.DataFrame(
            {
                t("项目"): [
                    labels.name_of(row, language()) if key else t("现状设施")
                    for key, (_, row) in zip(found.index, named.iterrows(), strict=True)
                ],
                t("有位置的设施"): found["facilities"],
                t("误差中位（米）"): found["accuracy_p50_m"].round(0),
                t("误差最大（米）"): found["accuracy_max_m"].round(0),
                t("永不“肯定”（误差大于半径）"): found["never_certain"],
                t("若准确，区间收窄（百分点）"): (100 * (found["width"] - found["without"])).round(2),
            }
        ),
        hide_index=True,
        width="stretch",
        alt=t("各组设施的位置误差对区间的影响"),
    )


def offer_files(chosen: Choice) -> None:
    """The answer as files."""
    lang = language()
    name = f"{stem_of(atlas(), what='coverage')}-{chosen.as_of.isoformat()}-{chosen.which}-{chosen.radius}m"
    name += "-whatif" if "scenario" in dict(chosen.words) else ""
    for label, ending, mime, make in (
        (t("下载 CSV"), "csv", "text/csv", lambda: coverage_csv(coverage_answer(chosen.words, lang), lang)),
        (t("下载 GeoJSON"), "geojson", "application/geo+json", lambda: coverage_geojson(chosen.words, lang)),
        (t("下载图片（SVG）"), "svg", "image/svg+xml", lambda: coverage_svg(chosen.words, lang)),
    ):
        take_away.offer(take_away.Extra(label, f"{name}.{ending}", mime, make))


def _api(chosen: Choice) -> None:
    st.caption(t("文件在页首的“下载”里；链接、引用在“分享/引用”里。程序可用同样的词询问接口："))
    st.code("/api/coverage?" + "&".join(f"{key}={value}" for key, value in chosen.words), language=None)


def _method(chosen: Choice) -> None:
    with st.expander(t("怎么算的，有多确定")):
        st.markdown(
            t(
                "- **覆盖**：到最近设施的距离不超过 R（正好等于 R 也算）；区县界不挡服务。\n"
                "- **肯定 / 按标注 / 可能**：位置误差为 a 的设施，以 R−a、R、R+a 各算一次；a 大于 R 的不计入“肯定”。"
                "没有位置的设施三种都不计，所以覆盖率是下限。\n"
                "- **陆地**：区县界（示意）扣除湖面，在 EPSG:4549 中以真圆与多边形精确求积，没有折线误差。\n"
                "- **居民**：2020 年普查常住人口在区县陆地上均匀分布，是模型值，不是实测；可换成自己的人口栅格。\n"
                "- **计划前**：计划年开始前一天已启用的设施；**全部建成**：截至该日已启用的，加计划承诺的全部。"
            )
        )
        if chosen.indicator:
            row = chosen.indicator
            note = row.note_zh if language() == "zh" else row.note_en
            st.markdown(
                t(
                    "指标：{name}。标准：{standard}{clause}。{checked}",
                    name=escaped(name_of(row)),
                    standard=escaped(row.standard) or t("不详"),
                    clause=f" {escaped(row.clause)}" if row.clause else "",
                    checked=t("阈值已在标准文本中核对。")
                    if row.checked
                    else t("阈值未在标准原文中核对，按自定义处理，不能当作法定要求。"),
                )
            )
            if note:
                st.caption(note)
        st.json(coverage_answer(chosen.words, language()).inputs, expanded=False)
