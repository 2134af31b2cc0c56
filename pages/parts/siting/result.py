"""What a siting answer gains, how good it is proven to be, how one's own sites compare, and the curve."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from geo.display.tokens import CHARTS, COLOURS
from geo.errors import AtlasError
from geo.siting.result import SitesEffect, Siting
from pages.parts.shell.texts import error_text, escaped, language, t
from pages.parts.shell.waiting import show_wait
from pages.parts.siting import by_kind, land, scenarios
from pages.parts.siting.answer_and_map import PLACE, AnswerState
from pages.parts.siting.figures import amount, percent
from pages.parts.siting.question import SitingChoice

_SAME: Final = 0.0005
"""Sites that gain less than this share more than one's own count as equally good."""


def show_result(chosen: SitingChoice, answer: AnswerState) -> None:
    """The verdict, what is gained, how one's own sites compare, and the curve."""
    if answer is None:
        show_wait(PLACE)
        return
    if isinstance(answer, AtlasError):
        st.warning(error_text(answer), icon=":material/error:")
        return
    _verdict(answer)
    if answer.kinds:
        by_kind.show_kinds(answer)
    else:
        _compared(answer, chosen)
    by_kind.show_capacity(answer)
    _owed(answer)
    if not answer.kinds:  # a scenario changes facilities of one kind
        scenarios.offer_scenarios(chosen, answer)
    land.take_sites(answer)
    _curve(answer, chosen)


def _owed(answer: Siting) -> None:
    """What the plan still owes of these kinds, and what the sites add on top of it."""
    if answer.owed is not None and len(answer.owed.works):
        st.info(escaped(answer.owed.text(language())), icon=":material/pending_actions:")


def _verdict(answer: Siting) -> None:
    proof = answer.proof()
    how = {"bound": t("由上界直接证明"), "solver": t("由求解器证明")}.get(str(proof["proof"]), "")
    line = " · ".join(
        part
        for part in (
            f"**{answer.verdict(language())}**",
            how,
            t("用时 {s} 秒", s=f"{proof['seconds']:.1f}"),
            str(proof["solver"]),
            t("候选 {n} 个", n=f"{answer.inputs['candidates_n']:,}"),
            *_left_out(answer),
        )
        if part
    )
    show = st.success if proof["status"] == "optimal" else st.info
    show(line, icon=":material/verified:" if proof["status"] == "optimal" else ":material/timelapse:")


def _left_out(answer: Siting) -> list[str]:
    """How many parcels and candidates took no part; why is in the notes."""
    counts = {name: sum(answer.inputs.get(name, {}).values()) for name in ("parcels_left_out", "left_out")}
    parts = []
    if counts["parcels_left_out"]:
        parts.append(t("另有 {n} 块地块不能用", n=counts["parcels_left_out"]))
    if counts["left_out"]:
        parts.append(t("另有 {n} 个候选不能用", n=counts["left_out"]))
    return parts


def _compared(answer: Siting, chosen: SitingChoice) -> None:
    people = answer.inputs["demand"] != "area"
    unit = t("人") if people else t("平方公里")
    best, own = answer.best, answer.own
    columns = st.columns(3 if own is not None else 2)
    with columns[0]:
        _gain(t("最优 {n} 处新增", n=len(best.sites)), best, people)
    if own is not None:
        with columns[1]:
            _gain(t("我的 {n} 处新增", n=len(own.sites)), own, people)
        with columns[2]:
            _difference(best, own, people)
    elif answer.metres:
        with columns[1]:
            st.metric(
                t("平均到最近设施（米）"),
                f"{answer.metres['best']:,.0f}",
                t("原来 {m} 米", m=f"{answer.metres['before']:,.0f}"),
                delta_color="off",
                delta_arrow="off",
            )
    _caveats(answer, chosen, unit)


def _gain(label: str, outcome: SitesEffect, people: bool) -> None:
    shares = f"{percent(outcome.share_before)} → {percent(outcome.share_after)}"
    st.metric(label, amount(outcome.gained, people), shares, delta_color="off", delta_arrow="off")


def _caveats(answer: Siting, chosen: SitingChoice, unit: str) -> None:
    """What a reader must know beside the figures."""
    own, best = answer.own, answer.best
    lines = [
        t("单位：{unit}；下面的小字是所选区县的覆盖率，前 → 后。", unit=unit),
        *answer.before.messages(language()),
    ]
    if own is not None and len(own.sites) != len(best.sites):
        lines.append(t("注意：我的点有 {a} 处，最优方案是 {b} 处。", a=len(own.sites), b=len(best.sites)))
    even = answer.inputs["demand"] == "census"
    if even and own is not None and own.gained > 0 and best.gained - own.gained < _SAME * own.gained:
        lines.append(t("居民按普查在各区县陆地上均匀分布，许多地点一样好；带上人口栅格才分得出高下。"))
    if own is not None and answer.metres and chosen.goal == "nearest":
        metres = {name: f"{value:,.0f}" for name, value in answer.metres.items()}
        lines.append(t("到最近设施的平均距离：原来 {before} 米，最优 {best} 米，我的 {own} 米。", **metres))
    st.caption("\n".join(f"- {escaped(line)}" for line in lines))


def _difference(best: SitesEffect, own: SitesEffect, people: bool) -> None:
    more = best.gained - own.gained
    if own.gained <= 0:
        share = t("我的没有新增")
    elif more < _SAME * own.gained:
        share = t("我的同样好")
    else:
        share = t("比我的多 {share}", share=f"{100 * more / own.gained:.1f}%")
    st.metric(t("最优多覆盖"), amount(more, people), share, delta_color="off", delta_arrow="off")


def _curve(answer: Siting, chosen: SitingChoice) -> None:
    """Number of sites against share (or mean distance): values, bounds, and which are proven; and the same as a table."""
    curve = answer.curve
    if curve.empty:
        return
    near = chosen.goal == "nearest"
    name, top = ("mean_m", "bound_m") if near else ("share", "bound_share")
    proven = t("已证明最优")
    open_ = t("目前最好")
    data = pd.DataFrame(
        {
            "k": curve["k"],
            "value": (curve[name] * (1 if near else 100)).round(2),
            "bound": (curve[top] * (1 if near else 100)).round(2),
            "state": [proven if flag else open_ for flag in curve["proven"]],
        }
    )
    title = t("平均距离（米）") if near else t("覆盖率（%）")
    alt = t(
        "新建处数与{what}的曲线：{points}",
        what=title,
        points="；".join(f"{k}: {v:.2f}" for k, v in zip(data["k"], data["value"], strict=True)),
    )
    st.vega_lite_chart(
        data,
        _chart(title, (proven, open_)),
        alt=alt,
        height=300,
    )
    st.caption(t("圆点已证明最优；三角是目前最好，橙色带到上界为止：真正的最优在带内。"))


def _chart(title: str, states: tuple[str, str]) -> dict[str, object]:
    """The curve as Vega-Lite reads it: a band up to the bound, a line, and a mark that says whether it is proven."""
    ticks = {"tickMinStep": 1, "format": "d"}
    across = {"field": "k", "type": "quantitative", "title": t("新建几处"), "axis": ticks}
    up = {"field": "value", "type": "quantitative", "title": title, "scale": {"zero": False, "nice": True}}
    shape = {
        "field": "state",
        "type": "nominal",
        "title": t("是否证明"),
        "scale": {"domain": list(states), "range": ["circle", "triangle-up"]},
        "legend": {"orient": "bottom", "title": None},
    }
    band = {"type": "area", "opacity": 0.25, "color": CHARTS["interval"].light}
    dots = {"type": "point", "filled": True, "size": 60, "color": COLOURS["accent"].light}
    return {
        "height": 230,
        "layer": [
            {"mark": band, "encoding": {"x": across, "y": up, "y2": {"field": "bound", "title": t("上界")}}},
            {"mark": {"type": "line", "color": COLOURS["accent"].light}, "encoding": {"x": across, "y": up}},
            {"mark": dots, "encoding": {"x": across, "y": up, "shape": shape}},
        ],
    }
