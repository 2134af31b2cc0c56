"""The table of works: search, counts, pages."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.register.attributes import attribute_sums
from geo.register.search import rank_works
from geo.register.work_counts import work_counts
from geo.vocabulary import CERTAINTY_LABELS
from pages.parts.shell import html
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.selection import select
from pages.parts.shell.texts import language, t

PAGE_ROWS: Final = 500
_DIGITS: Final = 7


def search_rows(query: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that answer the search field, best first; all of them when it is empty."""
    return rank_works(atlas().register, rows, query) if query else rows


def show_counts(rows: pd.DataFrame) -> None:
    """How many rows there are, and how many have a place."""
    st.markdown(work_counts(rows).sentence(language()))


def table_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as people read them, indexed by work id."""
    lang = language()
    shared = atlas()
    districts = district_names()
    categories = shared.names("categories", lang)
    return pd.DataFrame(
        {
            t("名称"): [labels.name_of(row, language()) for _, row in rows.iterrows()],
            t("类别"): [categories.get(value, value) for value in rows["category"]],
            t("区县"): [
                labels.district_names(codes, districts, language()) for codes in rows["district_code"]
            ],
            t("状态"): [t(labels.status_style(value).label) for value in rows["status"]],
            t("状态日期"): [
                labels.day_text(day, precision, language())
                for day, precision in zip(rows["status_date"], rows["status_precision"], strict=True)
            ],
            t("位置"): [t(CERTAINTY_LABELS[value]) for value in rows["certainty"]],
            t("误差（米）"): [_metres(value) for value in rows["accuracy_m"]],
            t("年份"): rows["year"].fillna("").to_numpy(),
            t("条目"): rows["item_id"].fillna("").to_numpy(),
            t("编号"): rows.index.to_numpy(),
        }
    )


def show_attribute_sums(rows: pd.DataFrame) -> None:
    """What lists say of the rows beyond the register's own fields, each number summed; nothing where none says any."""
    sums = attribute_sums(rows["attributes"])
    if sums.empty:
        return
    with st.expander(t("其他内容合计：{n} 项", n=len(sums))):
        shown = {t("其他内容"): sums["name"], t("合计"): sums["sum"], t("有数的行"): sums["rows"]}
        st.dataframe(
            pd.DataFrame(shown), hide_index=True, width="stretch", alt=t("其他内容的合计"), placeholder=""
        )


def _metres(value: float) -> str:
    """A number of metres, a dash for unknown: an empty number would read "None". Filled up with spaces as wide as a
    digit, so that the column lines up, and a reader who sorts it gets the order of numbers.
    """
    return html.number(value).rjust(_DIGITS, "\u2007")


def show_table(rows: pd.DataFrame, *, key: str = "table") -> None:
    """A page of the rows; choosing one opens its card."""
    if rows.empty:
        st.info(t("没有符合条件的项目。请放宽筛选，或把“范围”改为“含其他年份与背景”。"))
        return
    pages = -(-len(rows) // PAGE_ROWS)
    page = (
        st.number_input(t("第几页（共 {n} 页）", n=int(pages)), 1, pages, key=f"{key}_page")
        if pages > 1
        else 1
    )
    shown = rows.iloc[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]

    def chosen() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        if picked and picked[0] < len(shown):
            select(str(shown.index[picked[0]]))

    st.dataframe(
        table_frame(shown),
        key=key,
        hide_index=True,
        on_select=chosen,
        selection_mode="single-row",
        width="stretch",
        height=min(600, 60 + 35 * len(shown)),
        alt=t("项目清单，每行一个项目"),
    )
