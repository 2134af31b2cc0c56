"""What the siting page answers: the verdict in plain words, the comparison, the curve, the lists, the files."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.errors import AtlasError
from geo.siting.export import sites_csv, sites_geojson
from geo.siting.result import Outcome, Siting, district_rows, site_rows
from geo.values import is_unknown
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.texts import language, t
from pages.parts.siting import scenarios
from pages.parts.siting.answer_and_map import Found, site_name, wait_for
from pages.parts.siting.question import Choice

_SAME: Final = 0.0005
"""Sites that gain less than this share more than one's own are said to be as good."""


def show_result(chosen: Choice, found: Found) -> None:
    """The verdict, what is gained, how one's own sites compare, and the curve."""
    if found is None:
        wait_for(chosen)
        return
    if isinstance(found, AtlasError):
        st.warning(found.text(language()), icon=":material/error:")
        return
    _verdict(found)
    _compared(found, chosen)
    scenarios.offer_scenarios(chosen, found)
    _curve(found, chosen)


def _verdict(found: Siting) -> None:
    proof = found.proof()
    how = {"bound": t("由上界直接证明"), "solver": t("由求解器证明")}.get(str(proof["proof"]), "")
    words = " · ".join(
        part
        for part in (
            f"**{found.verdict(language())}**",
            how,
            t("用时 {s} 秒", s=f"{proof['seconds']:.1f}"),
            str(proof["solver"]),
            t("候选 {n} 个", n=f"{found.inputs['candidates_n']:,}"),
        )
        if part
    )
    show = st.success if proof["status"] == "optimal" else st.info
    show(words, icon=":material/verified:" if proof["status"] == "optimal" else ":material/timelapse:")


def _compared(found: Siting, chosen: Choice) -> None:
    people = found.inputs["demand"] != "area"
    unit = t("人") if people else t("平方公里")
    best, own = found.best, found.own
    columns = st.columns(3 if own is not None else 2)
    with columns[0]:
        _gain(t("最优 {n} 处新增", n=len(best.sites)), best, people)
    if own is not None:
        with columns[1]:
            _gain(t("我的 {n} 处新增", n=len(own.sites)), own, people)
        with columns[2]:
            _difference(best, own, people)
    elif found.metres:
        with columns[1]:
            st.metric(
                t("平均到最近设施（米）"),
                f"{found.metres['best']:,.0f}",
                t("原来 {m} 米", m=f"{found.metres['before']:,.0f}"),
                delta_color="off",
                delta_arrow="off",
            )
    _said(found, chosen, unit)


def _gain(label: str, outcome: Outcome, people: bool) -> None:
    shares = f"{_percent(outcome.share_before)} → {_percent(outcome.share_after)}"
    st.metric(label, _amount(outcome.gained, people), shares, delta_color="off", delta_arrow="off")


def _said(found: Siting, chosen: Choice, unit: str) -> None:
    """What a reader must know beside the figures."""
    own, best = found.own, found.best
    lines = [
        t("单位：{unit}；下面的小字是所选区县的覆盖率，前 → 后。", unit=unit),
        *found.before.messages(language()),
    ]
    if own is not None and len(own.sites) != len(best.sites):
        lines.append(t("注意：我的点有 {a} 处，最优方案是 {b} 处。", a=len(own.sites), b=len(best.sites)))
    even = found.inputs["demand"] == "census"
    if even and own is not None and own.gained > 0 and best.gained - own.gained < _SAME * own.gained:
        lines.append(t("居民按普查在各区县陆地上均匀分布，许多地点一样好；带上人口栅格才分得出高下。"))
    if own is not None and found.metres and chosen.goal == "nearest":
        metres = {name: f"{value:,.0f}" for name, value in found.metres.items()}
        lines.append(t("到最近设施的平均距离：原来 {before} 米，最优 {best} 米，我的 {own} 米。", **metres))
    st.caption("\n".join(f"- {line}" for line in lines))


def _difference(best: Outcome, own: Outcome, people: bool) -> None:
    more = best.gained - own.gained
    if own.gained <= 0:
        share = t("我的没有新增")
    elif more < _SAME * own.gained:
        share = t("我的同样好")
    else:
        share = t("比我的多 {share}", share=f"{100 * more / own.gained:.1f}%")
    st.metric(t("最优多覆盖"), _amount(more, people), share, delta_color="off", delta_arrow="off")


def _curve(found: Siting, chosen: Choice) -> None:
    """Number of sites against share (or mean distance): values, bounds, and which are proven; and the same as a table."""
    curve = found.curve
    if curve.empty:
        return
    near = chosen.goal == "nearest"
    name, top = ("mean_m", "bound_m") if near else ("share", "bound_share")
    proven = t("已证明最优")
    open_ = t("目前最好")
    data = pd.DataFrame(
        {
            "k": curve["k"],
            "value": curve[name] * (1 if near else 100),
            "bound": curve[top] * (1 if near else 100),
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
        "title": None,
        "scale": {"domain": list(states), "range": ["circle", "triangle-up"]},
        "legend": {"orient": "bottom"},
    }
    band = {"type": "area", "opacity": 0.25, "color": "#e69f00"}
    dots = {"type": "point", "filled": True, "size": 60, "color": "#0b5cad"}
    return {
        "height": 230,
        "layer": [
            {"mark": band, "encoding": {"x": across, "y": up, "y2": {"field": "bound"}}},
            {"mark": {"type": "line", "color": "#0b5cad"}, "encoding": {"x": across, "y": up}},
            {"mark": dots, "encoding": {"x": across, "y": up, "shape": shape}},
        ],
    }


def show_tables(chosen: Choice, found: Found) -> None:
    """Lists below the map: sites, who gains, the curve as a table, files, notes."""
    if not isinstance(found, Siting):
        return
    tabs = st.tabs([t("选出的地点"), t("谁受益"), t("曲线的数字"), t("说明与下载")])
    with tabs[0]:
        _sites(found.best, found)
        if found.own is not None:
            st.subheader(t("我自己选的点"))
            _sites(found.own, found)
    with tabs[1]:
        _districts(found)
    with tabs[2]:
        _curve_table(found, chosen)
    with tabs[3]:
        _files(chosen, found)


def _sites(outcome: Outcome, found: Siting) -> None:
    people = found.inputs["demand"] != "area"
    rows = site_rows(outcome)
    named = district_names()
    columns = {
        t("序"): [row["rank"] for row in rows],
        t("名称"): [site_name(row) for row in rows],
        t("最近地名"): [_place(row) for row in rows],
        t("区县"): [named.get(str(row["district_code"]), "") for row in rows],
        t("经度"): [row["lon"] for row in rows],
        t("纬度"): [row["lat"] for row in rows],
        (t("依次新增居民（模型值）") if people else t("依次新增（平方公里）")): [
            row["gained"] for row in rows
        ],
    }
    if "assigned" in outcome.sites:
        columns[t("指派需求")] = [row["assigned"] for row in rows]
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        width="stretch",
        alt=t("地点、坐标、最近地名与新增"),
        column_config={name: st.column_config.NumberColumn(format="%.5f") for name in (t("经度"), t("纬度"))},
    )


def _place(row: dict[str, object]) -> str:
    place = row[f"place_{language()}"]
    if not place:
        return "—"
    return t("{place}，相距 {km} 公里", place=place, km=f"{float(str(row['place_m'])) / 1000:.1f}")


def _districts(found: Siting) -> None:
    rows = district_rows(found.best)
    own = {row["district_code"]: row for row in district_rows(found.own)} if found.own is not None else {}
    people = found.inputs["demand"] != "area"
    columns = {
        t("区县"): [row["district"] for row in rows],
        t("计入目标"): [t("是") if row["asked"] else "" for row in rows],
        t("覆盖率，前"): [_percent(row["share_before"]) for row in rows],
        t("覆盖率，后"): [_percent(row["share_after"]) for row in rows],
        (t("新增居民（模型值）") if people else t("新增（平方公里）")): [
            _amount(row["gained"], people) for row in rows
        ],
        t("至少–至多"): [
            f"{_amount(row['gained_low'], people)} – {_amount(row['gained_high'], people)}" for row in rows
        ],
    }
    if own:
        columns[t("我的点新增")] = [_amount(own[row["district_code"]]["gained"], people) for row in rows]
    st.dataframe(pd.DataFrame(columns), hide_index=True, width="stretch", alt=t("各区县由新址得到的新增覆盖"))
    st.caption(t("“至少–至多”来自现有设施的位置误差：以 R−a、R、R+a 各算一次。"))


def _curve_table(found: Siting, chosen: Choice) -> None:
    curve = found.curve
    state = [t("已证明最优") if flag else t("目前最好") for flag in curve["proven"]]
    values: dict[str, pd.Series[Any] | list[str]]
    if chosen.goal == "nearest":
        values = {
            t("平均距离（米）"): curve["mean_m"].round(1),
            t("不会低于"): curve["bound_m"].round(1),
        }
    else:
        values = {
            t("覆盖率"): [_percent(share) for share in curve["share"]],
            t("不会超过"): [_percent(share) for share in curve["bound_share"]],
        }
    st.dataframe(
        pd.DataFrame({t("新建几处"): curve["k"]} | values | {t("状态"): state}),
        hide_index=True,
        width="stretch",
        alt=t("新建处数与覆盖率"),
    )


def _files(chosen: Choice, found: Siting) -> None:
    lang, name = language(), f"siting-{chosen.as_of.isoformat()}-{chosen.radius}m"
    with st.container(horizontal=True):
        for label, ending, mime, make in (
            (t("下载 CSV"), "csv", "text/csv", sites_csv),
            (t("下载 GeoJSON"), "geojson", "application/geo+json", sites_geojson),
        ):
            st.download_button(
                label,
                partial(make, found, atlas().city, lang),
                file_name=f"{name}.{ending}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
            )
    st.markdown("\n".join(f"- {line}" for line in found.messages(lang)))
    st.caption(
        t("地址栏里的链接就是这一问。程序可用同样的词询问接口（限 2 秒）；命令行是 python -m geo site。")
    )
    st.code(
        "/api/site?" + "&".join(f"{key}={value}" for key, value in chosen.words if key != "points"),
        language=None,
    )


def _percent(share: object) -> str:
    return "—" if is_unknown(share) else f"{100 * float(str(share)):.2f}%"


def _amount(value: object, people: bool) -> str:
    if is_unknown(value):
        return "—"
    number = float(str(value))
    return f"{round(number, -1):,.0f}" if people else f"{number:,.2f}"
