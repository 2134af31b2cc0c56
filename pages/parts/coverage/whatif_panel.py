"""What the edits on the coverage map change: before, after and the difference; the list of edits; scenarios."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import streamlit as st

from geo.coverage.question import question_facilities
from geo.display import labels
from geo.errors import AtlasError
from geo.siting.handover import added_sites
from geo.whatif.saved_scenarios import save
from geo.whatif.scenario import MAX_BYTES, Scenario
from geo.whatif.scenario_geojson import read_either, to_geojson
from geo.whatif.what_if import differences
from layers.analysis.questions import question_of
from pages.parts.coverage import whatif_compare, whatif_edits
from pages.parts.coverage.open_siting import open_siting
from pages.parts.coverage.question import CoverageChoice
from pages.parts.coverage.whatif_compare import Other
from pages.parts.coverage.whatif_edits import Drawing
from pages.parts.shell import uploader
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import escaped, language, t


def show(chosen: CoverageChoice, drawing: Drawing, other: Other | None) -> None:
    """The what-if section; nothing but a hint while nobody edits."""
    busy = drawing.mode is not None or bool(drawing.scenario.edits) or other is not None
    with st.expander(t("推演：改动前后、方案与比较"), expanded=busy, icon=":material/edit_location_alt:"):
        if drawing.changed is not None:
            _headline(chosen, drawing)
            _table(chosen, drawing)
        else:
            st.caption(
                t("还没有改动。在地图上方选“增加设施”后点地图，或在下面填坐标；推演只在链接里，不改登记。")
            )
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _list_of_edits(chosen, drawing)
        with right:
            _by_form(chosen)
        _best_instead(chosen, drawing)
        _scenario_file(chosen, drawing)
        if other is not None:
            _compare(chosen, drawing, other)


def _headline(chosen: CoverageChoice, drawing: Drawing) -> None:
    """Three numbers of the city, with what the edits change."""
    if drawing.changed is None:
        return
    city = differences(drawing.changed.before, drawing.changed.after).iloc[-1]
    share = "share_residents" if chosen.by == "residents" else "share_area"
    cards: tuple[tuple[str, str, str, Literal["normal", "inverse"]], ...] = (
        (t("全市覆盖率"), _percent(city[f"{share}_after"]), _points(city[f"{share}_change"]), "normal"),
        (t("覆盖居民（模型估算）"), _whole(city["residents_served_after"]), _signed(city["residents_served_change"]), "normal"),
        (t("到最近设施的中位距离（米）"), _whole(city["distance_p50_m_after"]), _signed(city["distance_p50_m_change"]), "inverse"),
    )  # fmt: skip
    for column, (label, value, change, colour) in zip(st.columns(3), cards, strict=True):
        known = change != "—"
        column.metric(label, value, change if known else None, delta_color=colour)


def _table(chosen: CoverageChoice, drawing: Drawing) -> None:
    if drawing.changed is None:
        return
    table = differences(drawing.changed.before, drawing.changed.after)
    st.dataframe(
        changes_shown(table, chosen.by), hide_index=True, width="stretch", alt=t("改动前后各区县的覆盖")
    )


def changes_shown(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Before -> after and the difference, as a person reads it."""
    share = "share_residents" if by == "residents" else "share_area"
    return pd.DataFrame(
        {
            t("区县"): table["district"],
            t("覆盖率，前 → 后"): [
                f"{_percent(a)} → {_percent(b)}"
                for a, b in zip(table[f"{share}_before"], table[f"{share}_after"], strict=True)
            ],
            t("差（百分点）"): [_points(value) for value in table[f"{share}_change"]],
            t("新增覆盖居民"): [_signed(value) for value in table["residents_served_change"]],
            t("新增覆盖（平方公里）"): [_signed(value, 2) for value in table["served_km2_change"]],
            t("中位距离，前 → 后（米）"): [
                f"{_whole(a)} → {_whole(b)}"
                for a, b in zip(table["distance_p50_m_before"], table["distance_p50_m_after"], strict=True)
            ],
            t("设施，前 → 后"): [
                f"{_whole(a)} → {_whole(b)}"
                for a, b in zip(
                    table["facilities_placed_before"], table["facilities_placed_after"], strict=True
                )
            ],
        }
    )


def _percent(share: float) -> str:
    return "—" if pd.isna(share) else f"{100 * share:.2f}%"


def _points(share: float) -> str:
    return "—" if pd.isna(share) else f"{100 * share:+.2f}" if share else "0"


def _whole(value: float) -> str:
    return "—" if pd.isna(value) else f"{value:,.0f}"


def _signed(value: float, digits: int = 0) -> str:
    return "—" if pd.isna(value) else f"{value:+,.{digits}f}" if value else "0"


def _list_of_edits(chosen: CoverageChoice, drawing: Drawing) -> None:
    edits = drawing.scenario.edits
    if not edits:
        return
    names = {
        "add": t("增加"),
        "move": t("移动"),
        "remove": t("移除"),
        "link": t("连通街道"),
        "close": t("封闭街道"),
    }
    frame = question_facilities(atlas(), question_of(chosen.parameters)).frame
    rows = [
        {
            t("序"): n,
            t("改动"): names[edit.op],
            t("设施"): labels.name_of(pd.Series(frame.loc[edit.id]), language())
            if edit.id in frame.index
            else edit.name or edit.id,
            t("位置"): "" if edit.at is None else f"{edit.at[0]:.5f}, {edit.at[1]:.5f}",
        }
        for n, edit in enumerate(edits, 1)
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, width="stretch", height="content" if len(rows) < 8 else 280
    )
    with st.container(horizontal=True):
        st.button(t("撤销上一步"), on_click=whatif_edits.undo, icon=":material/undo:")
        st.button(t("全部清除"), on_click=whatif_edits.clear, icon=":material/delete:")


def _by_form(chosen: CoverageChoice) -> None:
    """The same edits without a map: for the keyboard, and for places known by their coordinates."""
    with st.form("whatif_form", border=True):
        st.caption(t("按坐标增加（WGS84 经纬度）"))
        lon, lat = st.columns(2)
        lon.number_input(t("经度"), value=None, format="%.6f", key="whatif_lon")
        lat.number_input(t("纬度"), value=None, format="%.6f", key="whatif_lat")
        st.text_input(t("名称（可不填）"), key="whatif_name", max_chars=80)
        st.number_input(
            t("供给数量（泊位、学位、床位，可不填）"), value=None, min_value=0.0, key="whatif_supply"
        )
        st.form_submit_button(t("增加"), on_click=lambda: _submit(chosen), icon=":material/add_location:")


def _submit(chosen: CoverageChoice) -> None:
    state = st.session_state
    if state["whatif_lon"] is None or state["whatif_lat"] is None:
        return
    at = [state["whatif_lon"], state["whatif_lat"]]
    more = {"name": state["whatif_name"], "supply": state["whatif_supply"]}
    whatif_edits.add(chosen, {"op": "add", "at": at} | more)


def _best_instead(chosen: CoverageChoice, drawing: Drawing) -> None:
    """From places that a person drew to the best ones, in one click."""
    lines, _others = added_sites(drawing.scenario)
    if not lines or drawing.changed is None:
        return
    result = drawing.changed.result
    here = sorted({place.district_code for key in result.fresh if (place := result.placed[key])})
    ask = st.button(
        t("同样建 {n} 处，最优能多服务多少？（选址）", n=len(lines)), icon=":material/add_location_alt:",
        help=t("以这些点为“我的点”，在它们所在的区县里求最优的同样几处，并比较。"),
    )  # fmt: skip
    if ask:
        kind = dict(chosen.parameters)["kind"].split("|")[0]
        open_siting(kind, chosen.radius, lines, here)


def _scenario_file(chosen: CoverageChoice, drawing: Drawing) -> None:
    """Name, save, export and load."""
    scenario = drawing.scenario
    name, keep, take = st.columns([3, 2, 2], vertical_alignment="bottom")
    label = name.text_input(
        t("方案名称"),
        value=scenario.name,
        key="whatif_title",
        max_chars=80,
        placeholder=t("起个名字，就能保存"),
    )
    named = scenario.model_copy(update={"name": label, "words": whatif_edits.question_parameters(chosen)})
    keep.button(
        t("保存方案"), disabled=not (scenario.edits and label), on_click=lambda: _save(named),
        icon=":material/bookmark_add:", width="stretch",
        help=t("存在本服务器上；地址栏里的链接也就是这个方案，可直接分享。"),
    )  # fmt: skip
    inputs: dict[str, Any] = drawing.changed.after.inputs if drawing.changed else {}
    take.download_button(
        t("导出 GeoJSON"), lambda: to_geojson(named, inputs=inputs), file_name="scenario.geojson",
        mime="application/geo+json", disabled=not scenario.edits, on_click="ignore",
        icon=":material/download:", width="stretch",
    )  # fmt: skip
    file = uploader.file_uploader(
        t("载入方案（本页导出的文件，或 WGS84 的点、线 GeoJSON）"), type=["geojson", "json"], key="whatif_file",
        max_upload_size=1,
    )  # fmt: skip
    if file is not None:
        st.button(t("用这份文件的改动"), on_click=lambda: _load(file.getvalue()[: MAX_BYTES + 1]))


def _save(scenario: Scenario) -> None:
    try:
        save(scenario, uploader.session())
    except AtlasError as error:
        whatif_edits.note_error(error)
        return
    whatif_edits.write_to_link(scenario)


def _load(content: bytes) -> None:
    try:
        whatif_edits.write_to_link(read_either(content))
    except AtlasError as error:
        whatif_edits.note_error(error)


def _compare(chosen: CoverageChoice, drawing: Drawing, other: Other) -> None:
    """Two scenarios under the same question, in numbers; the two maps are above."""
    st.caption(
        t("A → B：前是地图 A，后是地图 B（{name}）。同一问题、同一天的登记。", name=escaped(other.name))
    )
    table = whatif_compare.table(drawing, other)
    st.dataframe(changes_shown(table, chosen.by), hide_index=True, width="stretch", alt=t("两个方案的差别"))
    if other.scenario.edits:
        st.button(
            t("改用方案 B"), on_click=lambda: whatif_edits.write_to_link(other.scenario), icon=":material/swap_horiz:",
            help=t("把方案 B 放到地图 A 上继续改；A 上没有保存的改动会丢失。"),
        )  # fmt: skip
