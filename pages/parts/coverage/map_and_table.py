"""The map and the live table of the coverage page."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from geo.coverage.question import question_facilities
from layers.analysis.questions import question_of
from pages.parts.coverage import isochrone, whatif_edits
from pages.parts.coverage.question import CoverageChoice, set_names
from pages.parts.shell import link
from pages.parts.shell.html import assets_path, base_path
from pages.parts.shell.loaders import atlas
from pages.parts.shell.map_frame import show_map
from pages.parts.shell.texts import escaped, language, t

GAPS_SHOWN: Final = 10
_GROUP: Final = "coverage"
_JS = "export default c => {\nimport(`${location.origin}${c.data.assets}/components/coverage_panel.js`).then(m => m.default(c));\n};"

_component = st.components.v2.component(
    "atlas_coverage",
    html='<div class="cov-root wx"></div>',
    js=_JS,
    isolate_styles=False,
)


def show_coverage_map(chosen: CoverageChoice, drawing: whatif_edits.Drawing, *, paired: bool = False) -> None:
    """Served and unserved land; the ten largest gaps; every facility as sure as its place is."""
    state = _state(chosen, drawing.mode, drawing.marks) | {
        "focus": _focus(chosen),
        "paired": "lead" if paired else None,
    }
    show_map(
        state,
        key="coverage_map",
        on_select=lambda _work_id: None,
        on_edit=isochrone.put_place if drawing.mode == isochrone.MODE else drawing.on_edit,
        group=_GROUP,
    )
    _show_credits(chosen)


def show_other_map(chosen: CoverageChoice, drawn: list[dict[str, Any]]) -> None:
    """The same question with other edits, beside the first map and always at the same place."""
    state = _state(chosen, None, drawn) | {"focus": None, "paired": "follow"}
    show_map(state, key="coverage_map_other", group=_GROUP)


def _state(chosen: CoverageChoice, mode: str | None, drawn: list[dict[str, Any]]) -> dict[str, object]:
    return {
        "day": int(chosen.as_of.strftime("%Y%m%d")),
        "categories": ["-"],  # works are not what this map shows
        "layers": [],
        "pageHasDay": True,
        "basemap": "offline",
        "shade": None,
        "selected": None,
        "reach": {
            "question": dict(chosen.parameters),
            "version": atlas().version,
            "gapsShown": GAPS_SHOWN,
            "radius": chosen.radius,
            "set": chosen.which,
            "mode": mode,
            "isochrone": dict(isochrone.parameters(chosen) or ()) or None if mode == isochrone.MODE else None,
            "edits": drawn,
            "walk": "walk" in dict(chosen.parameters),
            "speed": chosen.speed,
        },
    }


def _show_credits(chosen: CoverageChoice) -> None:
    """Whom the licences of the facilities' sources ask to be named."""
    ids = question_facilities(atlas(), question_of(chosen.with_set("planned"))).frame["source_id"].unique()
    sources = atlas().pack.sources.reindex(ids)
    open_data = sources[(sources["reliability"] == "open_data") & sources["licence"].notna()]
    named = dict.fromkeys(f"{row['publisher']} ({row['licence']})" for _id, row in open_data.iterrows())
    if named:
        st.caption(escaped(t("设施位置：© {names}", names=t("、").join(named))))


def _focus(chosen: CoverageChoice) -> dict[str, object] | None:
    """Where the facilities are: one look at them when the kind changes, not at every radius."""
    placed = question_facilities(atlas(), question_of(chosen.with_set("planned"))).placed
    if placed.empty:
        return None
    west, south, east, north = (
        float(value)
        for value in (placed["lon"].min(), placed["lat"].min(), placed["lon"].max(), placed["lat"].max())
    )
    return {"bounds": [[south - 0.02, west - 0.02], [north + 0.02, east + 0.02]]}


def show_live(chosen: CoverageChoice) -> None:
    """The radius slider and the table by district; both answer while the slider moves."""
    parameters = {
        name: value for name, value in chosen.parameters if name not in ("set", "radius", "scenario")
    }
    st.caption(t("“全部建成”含计划外已知的设施；只看计划带来的，见下面“计划改变了什么”。"))

    def released() -> None:
        event = st.session_state["coverage_live"].get("radius")
        if isinstance(event, dict) and isinstance(event.get("value"), int | float):
            chosen.put_far(event["value"])

    def picked() -> None:
        event = st.session_state["coverage_live"].get("picked")
        if isinstance(event, dict) and event.get("code") in atlas().districts.index:
            link.put("d", str(event["code"]))
        else:
            link.put("d", None)

    district = link.get("d")
    _component(
        key="coverage_live",
        data={
            "base": base_path(),
            "assets": assets_path(),
            "lang": language(),
            "words": parameters,
            "set": chosen.which,
            "scenario": dict(chosen.parameters).get("scenario", ""),
            "by": chosen.by,
            "radius": chosen.radius,
            "speed": chosen.speed,
            "range": chosen.slider_range,
            "slider": True,
            "city": atlas().city.code,
            "picked": district if district in atlas().districts.index else "",
            "text": _texts(chosen),
        },
        on_radius_change=released,
        on_picked_change=picked,
    )


def _texts(chosen: CoverageChoice) -> dict[str, object]:
    people = chosen.by == "residents"
    return {
        "loading": t("计算中…（服务器启动后的第一次要准备十来秒）"),
        "radius": t("时间") if chosen.by_vehicle else t("服务半径"),
        "m": t("米"),
        "minutes": t("约 {n} 分钟", n="{n}"),
        "caption": t("居民覆盖率（模型估算），{set}", set="{set}")
        if people
        else t("陆地覆盖率，{set}", set="{set}"),
        "district": t("区县"),
        "bars": t("前 · 今 · 全"),
        "share": t("覆盖率"),
        "interval": t("肯定 – 可能"),
        "interval_share": t("肯定 – 可能（两种居民模型）") if people else t("肯定 – 可能"),
        "served_people": t("覆盖居民（模型估算）"),
        "served_land": t("覆盖（平方公里）"),
        "placed": t("有位置/已知"),
        "sets": set_names(),
    }
