"""What the plan changes: coverage gained by district, and the works that bring it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.display import labels
from layers.analysis.answers import impact_answer
from pages.parts.coverage.question import CoverageChoice
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import escaped, language, t
from pages.parts.shell.waiting import answer_or_wait


def show_impact(chosen: CoverageChoice) -> None:
    """Coverage before the plan and with all of it: by district, and by work."""
    if "scenario" in dict(chosen.parameters):
        st.info(t("这里比的是登记与计划，不含推演的改动。"), icon=":material/info:")
    asked, lang = chosen.parameters, language()
    answer = answer_or_wait("details", ("impact", asked, lang), lambda: impact_answer.begin(asked, lang))
    if answer is None:
        return
    if answer.works.empty:
        st.info(t("计划里没有这类设施，覆盖不因计划而变。"))
        return
    st.caption(
        t(
            "比较：{before} 当天，与其上加计划承诺的全部设施。其他年份开通的不算在内。",
            before=escaped(answer.inputs["before"]["as_of"]),
        )
    )
    _by_district(answer.table)
    st.header(t("由哪些项目带来"))
    _by_work(answer.works)


def _by_district(table: pd.DataFrame) -> None:
    columns = {
        t("区县"): table["district"],
        t("陆地覆盖率，前"): table["share_area_before"],
        t("陆地覆盖率，后"): table["share_area_after"],
        t("新增覆盖（平方公里）"): table["gained_km2"].round(1),
        t("至少–至多"): _range(table["gained_km2_low"], table["gained_km2_high"], 1),
    }
    if "gained_residents" in table:
        columns |= {
            t("新增覆盖居民（模型估算）"): table["gained_residents"].round(-2),
            t("居民，至少–至多"): _range(table["gained_residents_low"], table["gained_residents_high"], -2),
        }
    shares = (t("陆地覆盖率，前"), t("陆地覆盖率，后"))
    _table(pd.DataFrame(columns), t("计划使各区县新增的覆盖"), shares)


def _by_work(by_work: pd.DataFrame) -> None:
    works = atlas().pack.works.reindex(by_work.index)
    columns = {
        t("项目"): [labels.name_of(row, language()) for _, row in works.iterrows()],
        t("设施（有位置/登记）"): [
            f"{placed}/{known}"
            for placed, known in zip(by_work["placed"], by_work["facilities"], strict=True)
        ],
        t("单独建成新增（平方公里）"): by_work["alone_km2"].round(1),
        t("单独建成新增居民"): by_work["alone_residents"].round(-2),
        t("居民，至少–至多"): _range(by_work["alone_residents_low"], by_work["alone_residents_high"], -2),
        t("若唯独缺它，减少居民"): by_work["last_residents"].round(-2),
    }
    _table(pd.DataFrame(columns), t("各项目对覆盖的贡献"))


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
