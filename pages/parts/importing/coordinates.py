"""Step 3: the system of coordinates: what the check of the datum says, the person's choice, before and after on the map."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from geo.errors import AtlasError
from geo.ingest.cells.columns import ColumnMap
from geo.ingest.datum.guard import CrsVerdict
from geo.ingest.plan.given_numbers import given_numbers
from geo.ingest.plan.system_of_list import SystemChoice, middles, system_of_list
from geo.places.named_systems import canonical_system, lonlat, usual_systems
from geo.reading.model import Layer
from geo.text import mark as _
from pages.parts.importing.flow import Flow, flow, go
from pages.parts.importing.local_system import show_local_systems
from pages.parts.importing.preview import MAP_POINTS
from pages.parts.shell.loaders import atlas
from pages.parts.shell.map_frame import BARE, show_map
from pages.parts.shell.texts import error_text, escaped, language, system_name, t

Floats = np.ndarray[Any, np.dtype[np.float64]]
_SURE: Final = {"sure": _("把握大"), "likely": _("多半是"), "cannot_tell": _("判断不了")}


def show_step(layer: Layer, mapping: ColumnMap) -> None:
    """The verdict and the person's choice; nothing is converted without it."""
    current = flow()
    x, y = _places(layer, mapping)
    if not np.isfinite(x).any():
        st.info(
            t("这张表没有坐标。各行会按街道或镇放置，误差照实写；放不下的留作不知道在哪。"),
            icon=":material/location_off:",
        )
        current.choices["system_found"] = current.choices.get("crs")
    else:
        _with_coordinates(current, layer, x, y)
    back, on = st.columns([1, 2])
    back.button(
        t("上一步"),
        icon=":material/arrow_back:",
        on_click=go,
        args=(2,),
        width="stretch",
        key=current.key("back2"),
    )
    if on.button(
        t("下一步：查问题"),
        type="primary",
        icon=":material/arrow_forward:",
        width="stretch",
        key=current.key("to4"),
    ):
        if np.isfinite(x).any() and not current.choices.get("crs"):
            st.error(t("请先选坐标系：选错会整体偏几百米。"))
            return
        current.plan = None
        go(4)
        st.rerun()


def _places(layer: Layer, mapping: ColumnMap) -> tuple[Floats, Floats]:
    """The coordinates of each row as the file gives them, of a shape its middle; NaN where it gives none."""
    given = given_numbers(layer, mapping)
    if layer.geometry is not None and given["x"].isna().all():
        return middles(layer.geometry)
    return given["x"].to_numpy("float64"), given["y"].to_numpy("float64")


def propose_system(current: Flow, layer: Layer) -> SystemChoice | None:
    """The system that the plan would take, and why; made once for these columns, and remembered as what was found."""
    mapping = current.columns
    key = repr(mapping.columns) if mapping else ""
    if mapping is not None and current.choices.get("system_of") != key:
        try:
            given = given_numbers(layer, mapping)
            current.choices["system"] = system_of_list(layer, mapping, given, atlas())
        except AtlasError as error:
            st.warning(error_text(error))
            current.choices["system"] = None
        current.choices["system_of"] = key
    choice: SystemChoice | None = current.choices.get("system")
    current.choices["system_found"] = choice.system if choice is not None else ""
    return choice


def _with_coordinates(current: Flow, layer: Layer, x: Floats, y: Floats) -> None:
    choice = propose_system(current, layer)
    verdict = choice.verdict if choice is not None else None
    if choice is not None and verdict is not None:
        _say(choice, verdict)
        if verdict.best is not None and verdict.best.reference.swapped:
            _offer_swap(current)
    names = {system: system_name(system) for system in usual_systems(atlas().city.projected_crs)}
    systems = {candidate.system for candidate in verdict.candidates} if verdict else set()
    systems |= {choice.declared} - {""} if choice is not None else set()
    names |= {
        system: system_name(system)
        for system in sorted(systems)
        if canonical_system(system) and system not in names
    }
    at = current.seed("crs", (choice.system if choice is not None else "") or None)
    if st.session_state[at] not in names:
        st.session_state[at] = None
    st.selectbox(
        t("按哪种坐标换算"), list(names), format_func=names.__getitem__, placeholder=t("请选一个"), key=at
    )
    system = current.record("crs")
    show_local_systems(current)
    if system:
        _compare(x, y, str(system))


def _say(choice: SystemChoice, verdict: CrsVerdict) -> None:
    """The verdict in one line, its reasons below."""
    if choice.how == "declared":
        st.success(
            t("文件写明是{name}，按它读各行都在本市一带。", name=escaped(system_name(choice.system))),
            icon=":material/my_location:",
        )
    elif verdict.system:
        name = system_name(verdict.system)
        off = next((each.off_m for each in verdict.candidates if each.system == "WGS84"), float("nan"))
        line = (
            t(
                "像{name}；当作 GPS 坐标会偏约 {off} 米。{sure}：{n} 处对照点。",
                name=name,
                off=f"{off:.0f}",
                sure=t(_SURE[verdict.confidence]),
                n=verdict.matched,
            )
            if verdict.system != "WGS84" and np.isfinite(off)
            else t(
                "像{name}。{sure}：{n} 处对照点。",
                name=name,
                sure=t(_SURE[verdict.confidence]),
                n=verdict.matched,
            )
        )
        (st.success if verdict.confidence == "sure" else st.info)(line, icon=":material/my_location:")
    else:
        st.warning(t("判断不了是哪种坐标，请您来选。"), icon=":material/help:")
    with st.expander(t("凭什么这么说"), expanded=not choice.system):
        for note in choice.notes[:12]:
            st.caption(escaped(note.text(language())))


def _offer_swap(current: Flow) -> None:
    """The two columns are the other way round: put them right with one press."""

    def swap() -> None:
        columns = current.columns
        if columns is None or current.layer is None or not {"lon", "lat"} <= set(columns.columns):
            return
        lon, lat = columns.columns["lon"], columns.columns["lat"]
        current.columns = columns.corrected({"lon": None, "lat": None}).corrected(
            {"lon": lat, "lat": lon}, current.layer
        )

    if current.columns is not None and {"lon", "lat"} <= set(current.columns.columns):
        st.button(
            t("经纬度两列写反了：对调"), icon=":material/swap_horiz:", on_click=swap, key=current.key("swap")
        )


def _compare(x: Floats, y: Floats, system: str) -> None:
    """Where the numbers alone would put the rows (hollow), and where the conversion puts them (blue)."""
    lon, lat = lonlat(x, y, system)
    west, south, east, north = atlas().districts.total_bounds
    rows = pd.DataFrame({"x0": x, "y0": y, "lon": lon, "lat": lat})
    shown = rows[rows["lon"].between(west - 0.5, east + 0.5) & rows["lat"].between(south - 0.5, north + 0.5)]
    st.caption(
        t(
            "{n} 行换算后落在本市一带，{out} 行不在（下一步会逐行指出）。空心是不换算的位置，蓝点是换算后的。",
            n=len(shown),
            out=int(np.isfinite(x).sum()) - len(shown),
        )
    )
    if shown.empty:
        return
    taken = shown.iloc[np.linspace(0, len(shown) - 1, min(len(shown), MAP_POINTS)).astype(int)].round(6)
    points: dict[str, Any] = {"x": taken["lon"].tolist(), "y": taken["lat"].tolist()}
    if taken["x0"].abs().max() <= 180 and system not in {"WGS84", "CGCS2000"}:
        points |= {"x0": taken["x0"].tolist(), "y0": taken["y0"].tolist()}
    middle = taken.iloc[len(taken) // 2]
    edge = 0.012  # close enough to see a shift of half a kilometre
    bounds = [[middle["lat"] - edge, middle["lon"] - edge], [middle["lat"] + edge, middle["lon"] + edge]]
    show_map(BARE | {"draft": {"points": points, "bounds": bounds}}, key="import_place_map", short=True)
