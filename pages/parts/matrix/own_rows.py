"""Indicators of a planner's own: a table in which rows are added, and which the link holds."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.coverage.own_indicators import MOST, REACHES, own_indicators, own_text
from geo.errors import AtlasError
from geo.register.indicators import RULES, load_indicators
from geo.values import is_unknown
from pages.parts.shell import link
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text, language, t

_KEY: Final = "own"
_LONGEST: Final = 2000
_COLUMNS: Final = {
    "name": "object",
    "kinds": "object",
    "reach": "object",
    "far": "float64",
    "parts": "object",
    "mark": "float64",
}


def choose() -> dict[str, str]:
    """Show the table; the parameter of the question that it makes, none without a whole row."""
    known = atlas().names("kinds", language())
    single = _single_names()
    with st.expander(t("加上自己的指标"), icon=":material/playlist_add:"):
        st.caption(
            t(
                "一行一个：名称、设施类型、直线米数或步行分钟数、多少比例算达标（可不填）。也可以由单项合成：到达方式选“都满足”或“任一满足”，"
                "再选哪些单项。自己的指标一律标明“未核对标准”；链接里带着它们。"
            )
        )
        start, times = _start(link.get(_KEY, longest=_LONGEST) or "")
        rows = st.data_editor(
            start,
            key=f"own-rows-{times}",
            num_rows="dynamic",
            hide_index=True,
            width="stretch",
            column_config={
                "name": st.column_config.TextColumn(t("名称"), max_chars=40),
                "kinds": st.column_config.MultiselectColumn(
                    t("设施类型"), options=list(known), format_func=lambda kind: known.get(kind, kind)
                ),
                "reach": st.column_config.SelectboxColumn(
                    t("到达方式"), options=list(REACHES), format_func=_reach_name
                ),
                "far": st.column_config.NumberColumn(t("米或分钟"), min_value=1),
                "parts": st.column_config.MultiselectColumn(
                    t("单项"), options=list(single), format_func=lambda key: single.get(key, key)
                ),
                "mark": st.column_config.NumberColumn(t("达标 %"), min_value=0, max_value=100),
            },
        )
        text = own_text([_whole(row) for row in rows.to_dict("records") if _is_whole(row)][:MOST])
    link.put(_KEY, text or None)
    st.session_state["_own_written"] = text
    try:
        own_indicators(atlas(), text)
    except AtlasError as error:
        st.error(error_text(error))
        return {}
    return {_KEY: text} if text else {}


def _single_names() -> dict[str, str]:
    """The pack's indicators that may be parts of a composite one, by id."""
    rows = load_indicators(atlas().pack.root)
    return {key: row.name(language()) for key, row in rows.items() if row.computable}


def _reach_name(reach: object) -> str:
    names = {"straight": t("直线"), "walk": t("步行"), "all": t("都满足"), "any": t("任一满足")}
    return names.get(str(reach), str(reach))


@st.cache_data(max_entries=16, show_spinner=False)
def _read(text: str, version: str) -> pd.DataFrame:  # noqa: ARG001 (version is the cache key; Streamlit leaves out names that begin with _)
    rows = [
        {
            "name": each.name_zh,
            "kinds": [] if each.is_composite else list(each.kinds),
            "reach": each.reach,
            "far": each.threshold_m or each.threshold_min,
            "parts": list(each.parts),
            "mark": 100 * each.mark.share if each.mark else None,
        }
        for each in own_indicators(atlas(), text)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _start(text: str) -> tuple[pd.DataFrame, int]:
    """The rows that the editor starts from, which must not change under it, and how often it was started anew: by another link."""
    state = st.session_state
    if "_own_start" not in state or text != state.get("_own_written"):
        state["_own_start"] = (text, state.get("_own_start", ("", 0))[1] + 1)
    start, times = state["_own_start"]
    try:
        return _read(start, atlas().version), times
    except AtlasError as error:
        st.error(error_text(error))
        return _read("", atlas().version), times


def _is_whole(row: dict[Any, Any]) -> bool:
    if is_unknown(row["name"]) or is_unknown(row["reach"]):
        return False
    if row["reach"] in RULES:
        return bool(row["parts"])
    return not is_unknown(row["far"]) and bool(row["kinds"])


def _whole(row: dict[Any, Any]) -> tuple[str, list[str], str, float | None, float | None]:
    is_rule = row["reach"] in RULES
    far = None if is_rule else float(row["far"])
    mark = None if is_unknown(row["mark"]) else float(row["mark"])
    return str(row["name"]), list(row["parts" if is_rule else "kinds"]), str(row["reach"]), far, mark
