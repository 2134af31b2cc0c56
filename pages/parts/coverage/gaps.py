"""Who is not served: the gaps of a coverage answer, by the nearest place name."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from geo.display import labels
from layers.analysis.answers import gaps_answer
from pages.parts.coverage.question import CoverageChoice
from pages.parts.shell.loaders import district_names
from pages.parts.shell.texts import language, t
from pages.parts.shell.waiting import answer_or_wait

GAP_ROWS: Final = 30


def show_gaps(chosen: CoverageChoice) -> None:
    """The largest gaps, those with most residents first."""
    asked = chosen.parameters
    gaps = answer_or_wait("details", ("gaps", asked), lambda: gaps_answer.begin(asked))
    if gaps is None:
        return
    if gaps.empty:
        st.success(t("全部陆地都在服务范围内。"))
        return
    st.caption(
        t(
            "未覆盖的陆地按区县内最近的地名分组（共 {n} 组），不是乡镇辖区；地图上标出居民最多的十组。居民为模型估算。",
            n=len(gaps),
        )
    )
    names = district_names(with_city=True)
    top = gaps.head(GAP_ROWS)
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
