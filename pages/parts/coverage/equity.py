"""Equity on the coverage page: best and worst, the spread of distances, supply per head; every plot with its table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.coverage.equity import Equity
from layers.analysis.answers import equity_answer
from pages.parts.coverage.question import CoverageChoice
from pages.parts.shell.texts import escaped, language, t
from pages.parts.shell.waiting import answer_or_wait


def show_equity(chosen: CoverageChoice) -> None:
    """The equity of the answer that is shown."""
    asked, lang = chosen.parameters, language()
    equity = answer_or_wait("details", ("equity", asked, lang), lambda: equity_answer.begin(asked, lang))
    if equity is None:
        return
    _headline(equity)
    left, right = st.columns(2, gap="medium")
    with left:
        _bars(equity)
    with right:
        _lorenz(equity)
    _table(equity)
    for line in equity.messages(language()):
        st.caption(f"· {escaped(line)}")


def _number(value: float | None, form: str = "{:,.0f}") -> str:
    return "—" if value is None or pd.isna(value) else form.format(value)


def _headline(equity: Equity) -> None:
    summary = equity.summary
    one, two, three, four = st.columns(4)
    one.metric(
        t("最好与最差区县之差"),
        _number(None if summary["gap"] is None else 100 * summary["gap"], "{:.1f}"),
        help=t("覆盖率最高与最低区县之差，百分点。"),
    )
    two.metric(
        t("距离的基尼系数"),
        _number(summary["gini"], "{:.3f}"),
        help=t("0 表示人人到最近设施一样远，越接近 1 越不均。"),
    )
    three.metric(
        t("区县间标准差（百分点）"),
        _number(None if summary["variance"] is None else 100 * summary["variance"] ** 0.5, "{:.1f}"),
        help=t("各区县覆盖率按人口加权的标准差；方差是它的平方。"),
    )
    people = summary["measure"] == "share_residents"
    four.metric(
        t("两倍半径以外的居民") if people else t("两倍半径以外的陆地（平方公里）"),
        _number(summary["beyond"]),
    )
    if summary["best"] is not None:
        st.caption(
            t(
                "最好：{best}（{high}%）；最差：{worst}（{low}%）。",
                best=escaped(summary["best"]),
                high=f"{100 * summary['share_best']:.1f}",
                worst=escaped(summary["worst"]),
                low=f"{100 * summary['share_worst']:.1f}",
            )
        )


def _bars(equity: Equity) -> None:
    st.markdown("**" + t("各区县覆盖率") + "**")
    shares = pd.DataFrame({t("区县"): equity.table["district"], "%": 100 * equity.table["share"]})
    listing = "；".join(
        f"{name} {_number(share, '{:.1f}')}%" for name, share in shares.itertuples(index=False)
    )
    st.bar_chart(
        shares, x=t("区县"), y="%", height=280, sort=False, alt=t("各区县覆盖率：{told}", told=listing)
    )


def _lorenz(equity: Equity) -> None:
    st.markdown("**" + t("到最近设施距离的洛伦兹曲线") + "**")
    curve = equity.lorenz
    names = (t("居民，由近到远（%）"), t("合计距离（%）"), t("完全均等（%）"))
    shown = pd.DataFrame(
        {names[0]: 100 * curve["demand"], names[1]: 100 * curve["distance"], names[2]: 100 * curve["demand"]}
    )
    half = _number(100 * float(curve["distance"].iloc[len(curve) // 2]), "{:.0f}")
    st.line_chart(
        shown,
        x=names[0],
        y=list(names[1:]),
        height=280,
        alt=t("洛伦兹曲线：离得最近的一半居民只走了合计距离的 {half}%。", half=half),
    )
    st.caption(t("离得最近的一半居民只走了合计距离的 {half}%；完全均等时是 50%。", half=half))


def _table(equity: Equity) -> None:
    table = equity.table
    columns = {
        t("区县"): table["district"],
        t("覆盖率"): [_number(100 * value, "{:.2f}%") for value in table["share"]],
        t("平均距离（米）"): [_number(value) for value in table["mean_m"]],
        t("距离的基尼系数"): [_number(value, "{:.3f}") for value in table["gini"]],
        t("两倍半径以外"): [_number(value) for value in table["beyond"]],
    }
    if "supply" in table and table["facilities_with_supply"].iloc[-1] > 0:
        columns |= {
            t("供给（{unit}）", unit=equity.summary["supply_unit"]): [
                _number(value) for value in table["supply"]
            ],
            t("有数量 / 不详（处）"): [
                f"{known} / {rest}"
                for known, rest in zip(
                    table["facilities_with_supply"], table["facilities_without"], strict=True
                )
            ],
            t("每千人"): [_number(value, "{:.2f}") for value in table["per_1000"]],
            t("两步移动搜寻（每千人）"): [_number(value, "{:.2f}") for value in table["access_2sfca"]],
            t("增强两步（每千人）"): [_number(value, "{:.2f}") for value in table["access_e2sfca"]],
        }
    st.dataframe(pd.DataFrame(columns), hide_index=True, width="stretch", alt=t("各区县的公平指标"))
    curve = equity.lorenz.iloc[::10]
    with st.popover(t("洛伦兹曲线的数")):
        st.dataframe(
            pd.DataFrame(
                {
                    t("居民，由近到远（%）"): (100 * curve["demand"]).round(),
                    t("合计距离（%）"): (100 * curve["distance"]).round(1),
                }
            ),
            hide_index=True,
        )
