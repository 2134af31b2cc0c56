"""A coordinate system of the city's own, from control points or proved parameters: kept by name for this file and later ones."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

import streamlit as st

from geo.errors import AtlasError
from geo.places.local_systems import forget_system, save_system, saved_systems
from geo.places.make_local import (
    MadeSystem,
    from_control_points,
    from_parameters,
    parameters_of_text,
    read_control_points,
    rows_of_text,
)
from geo.places.projections import with_zone_number
from geo.text import mark as _
from pages.parts.importing.flow import Flow
from pages.parts.shell import access
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text, escaped, t, translated

_WAYS: Final = {"points": _("控制点"), "four": _("四参数"), "seven": _("七参数")}
_EXAMPLE: Final = "K1,1200.35,-860.12,120.31250,31.57020\nK2,…"


def show_local_systems(current: Flow) -> None:
    """For editors: what is kept, and a form for another one, which is then chosen for this file."""
    if not access.may_edit(access.actor()):
        return
    with st.expander(t("本地坐标系：城建坐标系等"), icon=":material/explore:"):
        st.caption(
            t(
                "控制点是两边坐标都知道的点，至少三个，围住全市为好。每行：本地东坐标,本地北坐标,经度,纬度（CGCS2000 或 WGS84）；"
                "后两个也可以是基准坐标系的东坐标,北坐标。四参数和七参数也要至少一个这样的点来检验。"
            )
        )
        made = st.session_state.pop(current.key("made-system"), None)
        if made is not None:
            _show_made(made)
        with st.form(current.key("local-system"), border=False):
            _fields(current)
        for one in saved_systems():
            name, button = st.columns([4, 1], vertical_alignment="center")
            name.caption(
                t(
                    "{name}：误差 {metres} 米，{day} 存下。",
                    name=escaped(one.name),
                    metres=f"{one.accuracy_m:.2f}",
                    day=escaped(one.made),
                )
            )
            button.button(
                t("删去"),
                key=current.key(f"forget-{one.name}"),
                icon=":material/delete:",
                on_click=_forget,
                args=(one.name,),
            )


def _fields(current: Flow) -> None:
    city = atlas().city.projected_crs
    bases = [base for base in (city, with_zone_number(city)) if base]
    left, right = st.columns(2, gap="medium")
    name = left.text_input(
        t("名称"), key=current.key("local-name"), max_chars=40, placeholder=t("城建坐标系")
    )
    base = right.selectbox(
        t("基准坐标系"),
        bases,  # codes, not their names: what a person may write too must not change with the language
        accept_new_options=True,
        key=current.key("local-base"),
        help=t("四参数和控制点：换算到它；七参数：从它换算到 CGCS2000，例如 1954 北京坐标系的 EPSG:2437。"),
    )
    way = left.segmented_control(
        t("凭什么换算"),
        list(_WAYS),
        default="points",
        format_func=translated(_WAYS).__getitem__,
        key=current.key("local-way"),
    )
    parameters = right.text_input(
        t("参数（控制点不用填）"),
        key=current.key("local-parameters"),
        help=t(
            "四参数：东平移米,北平移米,旋转秒（逆时针为正）,尺度 ppm。七参数：X 米,Y 米,Z 米,X 旋转秒,Y 旋转秒,Z 旋转秒,尺度 ppm（布尔莎模型，位置矢量）。"
        ),
    )
    text = st.text_area(
        t("控制点或检验点"), key=current.key("local-points"), height=120, placeholder=_EXAMPLE
    )
    source = st.text_input(t("来源（谁给的，什么时候）"), key=current.key("local-source"), max_chars=200)
    if st.form_submit_button(t("检验并存下"), icon=":material/fact_check:", key=current.key("local-keep")):
        try:
            made = _made(name, str(base), way or "points", parameters, text, source)
            save_system(made.system)
        except AtlasError as error:
            st.error(error_text(error))
        else:
            _choose(current, made)


def _made(name: str, base: str, way: str, parameters: str, text: str, source: str) -> MadeSystem:
    points, today = read_control_points(rows_of_text(text)), date.today()
    if way == "points":
        return from_control_points(name, base, points, source=source, day=today)
    kind: Literal["four", "seven"] = "four" if way == "four" else "seven"
    return from_parameters(name, base, kind, parameters_of_text(parameters), points, source=source, day=today)


def _choose(current: Flow, made: MadeSystem) -> None:
    """The next run reads this file by the new system, and shows how its points fit."""
    current.choices |= {"crs": made.system.system}
    st.session_state.pop(current.key("crs"), None)
    st.session_state[current.key("made-system")] = made
    st.rerun()


def _show_made(made: MadeSystem) -> None:
    st.success(
        t(
            "{name} 已存下，并已选作这份表的坐标系。由其他各点推算，误差最大 {metres} 米。",
            name=escaped(made.system.name),
            metres=f"{made.system.accuracy_m:.2f}",
        ),
        icon=":material/check:",
    )
    table = made.points.rename(
        columns={
            "x": t("本地东坐标"),
            "y": t("本地北坐标"),
            "east": t("基准东坐标"),
            "north": t("基准北坐标"),
            "left_m": t("残差（米）"),
            "left_out_m": t("由其他点推算的差（米）"),
        }
    )
    st.dataframe(table.round(4), width="stretch")


def _forget(name: str) -> None:
    forget_system(name)
