"""How well what the register says can be checked: radii of error against later places, disagreements, missing links."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.display.card import source_name
from geo.display.labels import basis_label, publisher_name, source_title
from geo.register.calibration import SHARE_TO_HOLD, accuracy_rules, calibration, place_checks
from geo.register.evidence import disagreements, unlinked_sources
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import escaped_table, language, t


def show_calibration() -> None:
    """By location basis: how many places were checked by a later one, and how many lay inside their radius."""
    shared = atlas()
    checks = place_checks(shared.pack)
    rows = calibration(checks, accuracy_rules(shared.pack.root))
    st.markdown(
        t(
            "**误差半径准不准**：后来有了更好位置的 {n} 处，{held} 处落在原先所说的误差之内（{share:.0%}）。"
            "不到 {goal:.0%} 的依据，最小误差放宽到表中的数；放宽后 {now} 处在内。以后每更正一处位置，这里自动多一次核对。",
            n=len(checks),
            held=int(rows["held"].sum()),
            share=float(checks["held"].mean()) if len(checks) else 0.0,
            goal=SHARE_TO_HOLD,
            now=int(rows["held_by_rule"].sum()),
        )
    )
    st.table(
        escaped_table(
            pd.DataFrame(
                {
                    t("位置依据"): [basis_label(basis, language()) for basis in rows.index],
                    t("核对过"): rows["checked"],
                    t("原误差之内"): rows["held"],
                    t("最小误差（米）"): [_metres(value) for value in rows["rule_m"]],
                    t("放宽后之内"): rows["held_by_rule"],
                }
            ).set_index(t("位置依据"))
        )
    )
    if (rows["checked"] == 0).any():
        st.caption(t("核对过为 0 的依据还没有后来的位置可比：它的误差是判断，没有检验过。"))


def _metres(value: float) -> str:
    return f"{value:,.0f}" if value else "—"


def show_disagreements() -> None:
    """Both values of every matter on which two sources disagree."""
    shared = atlas()
    rows, sources, lang = disagreements(shared.pack.root), shared.pack.sources, language()
    if rows.empty:
        return
    st.header(t("来源不一致"))
    st.dataframe(
        pd.DataFrame(
            {
                t("事项"): rows[f"topic_{lang}"],
                t("一说"): rows[f"first_{lang}"],
                t("一说的来源"): [source_name(sources, one, language()) for one in rows["first_source_id"]],
                t("另一说"): rows[f"second_{lang}"],
                t("另一说的来源"): [
                    source_name(sources, one, language()) for one in rows["second_source_id"]
                ],
                t("登记采用"): rows[f"shown_{lang}"],
                t("项目编号"): rows["work_id"],
            }
        ),
        hide_index=True,
        width="stretch",
        alt=t("来源不一致的事项"),
    )


def show_unlinked() -> None:
    """The sources that nobody can open from here, each with the reason."""
    sources = atlas().pack.sources
    rows = unlinked_sources(sources)
    linked = len(sources) - len(rows)
    with st.expander(
        t(
            "没有链接的来源：{n} 条（共 {total} 条，{linked} 条有原文链接）",
            n=len(rows),
            total=len(sources),
            linked=linked,
        ),
        expanded=False,
    ):
        st.dataframe(
            pd.DataFrame(
                {
                    t("编号"): rows["source_id"],
                    t("标题"): [source_title(row) for _, row in rows.iterrows()],
                    t("发布者"): [publisher_name(each, language()) for each in rows["publisher"]],
                    t("为什么没有链接"): [t(why) for why in rows["why"]],
                }
            ),
            hide_index=True,
            width="stretch",
            alt=t("没有链接的来源"),
        )
