"""Below the siting map: the sites, who gains, the numbers of the curve, and the answer as files."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo.siting.export import sites_csv, sites_geojson
from geo.siting.result import SitesEffect, Siting, district_rows, site_rows
from geo.values import is_unknown
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.texts import escaped, language, t
from pages.parts.siting.answer_and_map import AnswerState, kind_name, site_name
from pages.parts.siting.figures import amount, percent
from pages.parts.siting.question import SitingChoice


def show_tables(chosen: SitingChoice, answer: AnswerState) -> None:
    """Lists below the map: sites, who gains, the curve as a table, files, notes."""
    if not isinstance(answer, Siting):
        return
    tabs = st.tabs([t("选出的地点"), t("谁受益"), t("曲线的数字"), t("说明与下载")])
    with tabs[0]:
        _sites(answer.best, answer)
        if answer.own is not None:
            st.header(t("我自己选的点"))
            _sites(answer.own, answer)
    with tabs[1]:
        _districts(answer)
    with tabs[2]:
        _curve_table(answer, chosen)
    with tabs[3]:
        _files(chosen, answer)


def _sites(outcome: SitesEffect, answer: Siting) -> None:
    people = answer.inputs["demand"] != "area"
    rows = site_rows(outcome)
    named = district_names()
    columns = {
        t("序"): [row["rank"] for row in rows],
        **({t("类型"): [kind_name(row) for row in rows]} if answer.kinds else {}),
        t("名称"): [site_name(row) for row in rows],
        t("最近地名"): [_place(row) for row in rows],
        t("区县"): [named.get(str(row["district_code"]), "") for row in rows],
        t("经度"): [row["lon"] for row in rows],
        t("纬度"): [row["lat"] for row in rows],
        (t("依次新增居民（模型估算）") if people else t("依次新增（平方公里）")): [
            row["gained"] for row in rows
        ],
    }
    if "parcel" in outcome.sites:
        columns |= _of_parcels(rows)
    if "assigned" in outcome.sites:
        columns[t("指派需求")] = [row["assigned"] for row in rows]
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        width="stretch",
        alt=t("地点、坐标、最近地名与新增"),
        column_config={name: st.column_config.NumberColumn(format="%.5f") for name in (t("经度"), t("纬度"))},
    )


def _of_parcels(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """What the parcels' columns say of the sites; costs only where there are any."""
    columns = {
        t("用地代码"): [row["land_use"] or "—" for row in rows],
        t("地块可用面积（平方米）"): [row["parcel_m2"] for row in rows],
    }
    if any(not is_unknown(row["cost"]) for row in rows):
        columns[t("费用（照文件的单位）")] = [row["cost"] for row in rows]
    return columns


def _place(row: dict[str, object]) -> str:
    place = row[f"place_{language()}"]
    if not place:
        return "—"
    return t("{place}，相距 {km} 公里", place=place, km=f"{float(str(row['place_m'])) / 1000:.1f}")


def _districts(answer: Siting) -> None:
    rows = district_rows(answer.best)
    own = {row["district_code"]: row for row in district_rows(answer.own)} if answer.own is not None else {}
    people = answer.inputs["demand"] != "area"
    columns = {
        **({t("类型"): [kind_name(row) for row in rows]} if answer.kinds else {}),
        t("区县"): [row["district"] for row in rows],
        t("计入目标"): [t("是") if row["asked"] else "" for row in rows],
        t("覆盖率，前"): [percent(row["share_before"]) for row in rows],
        t("覆盖率，后"): [percent(row["share_after"]) for row in rows],
        (t("新增居民（模型估算）") if people else t("新增（平方公里）")): [
            amount(row["gained"], people) for row in rows
        ],
        t("至少–至多"): [
            f"{amount(row['gained_low'], people)} – {amount(row['gained_high'], people)}" for row in rows
        ],
    }
    if own:
        columns[t("我的点新增")] = [amount(own[row["district_code"]]["gained"], people) for row in rows]
    st.dataframe(pd.DataFrame(columns), hide_index=True, width="stretch", alt=t("各区县由新址得到的新增覆盖"))
    st.caption(t("“至少–至多”来自现有设施的位置误差：以 R−a、R、R+a 各算一次。"))


def _curve_table(answer: Siting, chosen: SitingChoice) -> None:
    curve = answer.curve
    if curve.empty:
        st.caption(t("这一问没有曲线。"))
        return
    state = [t("已证明最优") if flag else t("目前最好") for flag in curve["proven"]]
    values: dict[str, pd.Series[Any] | list[str]]
    if chosen.goal == "nearest":
        values = {
            t("平均距离（米）"): curve["mean_m"].round(1),
            t("不会低于"): curve["bound_m"].round(1),
        }
    else:
        values = {
            t("覆盖率"): [percent(share) for share in curve["share"]],
            t("不会超过"): [percent(share) for share in curve["bound_share"]],
        }
    st.dataframe(
        pd.DataFrame({t("新建几处"): curve["k"]} | values | {t("状态"): state}),
        hide_index=True,
        width="stretch",
        alt=t("新建处数与覆盖率"),
    )


def _files(chosen: SitingChoice, answer: Siting) -> None:
    lang, name = language(), f"siting-{chosen.as_of.isoformat()}-{chosen.radius}m"
    with st.container(horizontal=True):
        for label, ending, mime, make in (
            (t("下载 CSV"), "csv", "text/csv", sites_csv),
            (t("下载 GeoJSON"), "geojson", "application/geo+json", sites_geojson),
        ):
            st.download_button(
                label,
                partial(make, answer, atlas().city, lang),
                file_name=f"{name}.{ending}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
            )
    st.markdown("\n".join(f"- {escaped(line)}" for line in answer.messages(lang)))
    st.caption(
        t("地址栏里的链接就是这一问。程序可用同样的词询问接口（限 2 秒）；命令行是 python -m geo site。")
    )
    st.code(
        "/api/site?" + "&".join(f"{key}={value}" for key, value in chosen.parameters if key != "points"),
        language=None,
    )
