"""Isochrones of the coverage page: a click on the map chooses the place; the table and the file stand below."""

from __future__ import annotations

import json
from typing import Any, Final

import streamlit as st

from geo.errors import AtlasError
from geo.questions.isochrone import IsochroneQuestion
from geo.transit.timetable import pack_timetable
from geo.values import is_unknown
from layers.analysis.edit_marks import converted
from layers.analysis.isochrone import isochrone_answer, isochrone_collection
from layers.analysis.questions import Parameters, parameters_of
from pages.parts.coverage.question import CoverageChoice
from pages.parts.shell import downloads, link
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text, escaped, language, t
from pages.parts.shell.waiting import heavy_or_wait

MODE: Final = "isochrone"
_PLACE: Final = "from"
_BY: Final = "ride"
_DEPART: Final = "depart"
_AS_PAGE: Final = "page"
_TRANSIT: Final = "transit"
_TRANSIT_MINUTES: Final = "15|30|45"
"""A vehicle comes further than a walk, after one has waited for it."""


def transit_control(chosen: CoverageChoice) -> None:
    """By public transport and when, where the pack carries a timetable; before the map, which draws the answer."""
    if pack_timetable(atlas().pack.root) is None:
        return
    names = {_AS_PAGE: t("按本页的方式"), _TRANSIT: t("公共交通加步行")}
    link.seed(_BY, _AS_PAGE, list(names))
    st.segmented_control(t("怎么去"), list(names), format_func=names.__getitem__, key=_BY, required=True)
    if link.record(_BY) != _TRANSIT:
        return
    link.seed(_DEPART, f"{chosen.as_of.isoformat()}T08:00")
    st.text_input(
        t("出发时刻"),
        key=_DEPART,
        help=t("当地的日期和时刻，如 2021-12-01T08:00；之后半小时内每分钟出发一次，取中位数。"),
    )
    link.record(_DEPART)


def put_place(given: dict[str, Any]) -> None:
    """Keep in the link where the map was pressed (in a callback)."""
    at = given.get("at")
    if not (isinstance(at, list | tuple) and len(at) == 2 and all(isinstance(x, int | float) for x in at)):
        return
    lon, lat = (
        converted([(float(at[0]), float(at[1]))], "GCJ02", "WGS84")[0]
        if given.get("datum") == "GCJ02"
        else at
    )
    link.put(_PLACE, f"{lon:.5f},{lat:.5f}")


def parameters(chosen: CoverageChoice) -> Parameters | None:
    """The question of the chosen place, by the mode and streets of the page; None without a place."""
    lon, comma, lat = (link.get(_PLACE) or "").partition(",")
    asked = dict(chosen.parameters)
    if not comma or "streets" not in asked:
        return None
    asked |= {"lon": lon, "lat": lat, "minutes": ""}
    if _is_transit():
        asked |= {"mode": _TRANSIT, "minutes": _TRANSIT_MINUTES, _DEPART: link.widget_value(_DEPART)}
    return parameters_of(asked, IsochroneQuestion)


def _is_transit() -> bool:
    return link.widget_value(_BY) == _TRANSIT


def show(chosen: CoverageChoice) -> None:
    """The table of the chosen place, what a reader must know, and the polygons as a file."""
    st.subheader(t("等时圈"))
    asked = parameters(chosen)
    if asked is None:
        text = (
            t("在地图上点一个地点，看 15、30、45 分钟能到哪里。")
            if _is_transit()
            else t("在地图上点一个地点，看 5、10、15 分钟能到哪里。")
        )
        st.info(text, icon=":material/ads_click:")
        return
    try:
        answer = heavy_or_wait("isochrone", isochrone_answer, asked)
    except AtlasError as error:
        st.error(error_text(error))
        return
    if answer is None:
        return
    rows = answer.frame[::-1]
    st.dataframe(
        {
            t("分钟"): rows["minutes"].tolist(),
            t("面积（平方公里）"): rows["area_km2"].round(2).tolist(),
            t("居民（模型估算）"): [None if is_unknown(n) else round(n) for n in rows["residents"]],
        },
        hide_index=True,
        width="content",
        alt=t("各时间内能到的面积和居民"),
    )
    for note in answer.messages(language()):
        st.caption(escaped(note))
    downloads.offer(
        downloads.Extra(
            t("下载等时圈（GeoJSON）"),
            "isochrones.geojson",
            "application/geo+json",
            lambda: json.dumps(
                isochrone_collection(answer, "WGS84", language()), ensure_ascii=False
            ).encode(),
        )
    )
