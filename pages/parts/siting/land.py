"""The land of the siting question: parcels with their classes and columns, and what is excluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import shapely
import streamlit as st

from geo.coverage.zone_file import ENDINGS
from geo.siting.parcel_columns import columns_of, land_uses, usual_column
from geo.siting.result import Siting, site_rows
from layers.analysis import uploads
from pages.parts.coverage.question import own_data_token
from pages.parts.shell import link, segments
from pages.parts.shell.texts import t
from pages.parts.siting.inputs import number_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_MOST_DRAWN: Final = 60
_STEP_DEG: Final = 5e-5
_TYPES: Final = [ending.lstrip(".") for ending in ENDINGS]


def choose_parcels() -> dict[str, str]:
    """The parcels, which classes of them may be built on, and which columns say so; parameters of the question."""
    token = own_data_token("parcels", t("候选地块（多边形，可带用地代码、费用、容量列）"), _TYPES)
    st.caption(t("候选地块只用于这次分析，不写入登记。每块里取网格点，小地块取面内一点；结果写明是哪一块。"))
    if not token:
        return {}
    polygons: GeoDataFrame = uploads.brought(token, ("parcels",))
    columns = columns_of(polygons)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        use = _column("usecol", t("用地代码列"), columns, usual_column(polygons, "land_use_column"))
        name = _column("pname", t("地块名称列"), columns, usual_column(polygons, "parcel_name"))
        budget = number_text("budget", t("预算（可不写）"), "", "budget")
        cost = (
            _column("costcol", t("费用列"), columns, usual_column(polygons, "cost_column")) if budget else ""
        )
        capacity = _column("capcol", t("容量列"), columns, "")
        area = number_text("least", t("地块至少（平方米）"), "0", "least_area")
        most = number_text("per", t("每块最多几处"), "1", "per_parcel")
    return {
        "parcels": token,
        "land_use": "|".join(_classes(polygons, use)) if use else "",
        "land_use_column": use,
        "parcel_name": name,
        "budget": budget,
        "cost_column": cost,
        "capacity_column": capacity,
        "least_area": area,
        "per_parcel": most,
    }


def _column(key: str, label: str, columns: Sequence[str], usual: str) -> str:
    """A column of the file; empty for none."""
    options = ["", *columns]
    link.seed(key, usual, options)
    st.selectbox(label, options, format_func=lambda name: name or t("（不用）"), key=key, width=190)
    return str(link.record(key))


def _classes(polygons: GeoDataFrame, column: str) -> list[str]:
    """Classes that may be built on, by the values of the file; empty for all."""
    counts = land_uses(polygons, column)
    link.seed("use", [], list(counts))
    st.multiselect(
        t("可建的用地（不选即全部地块）"),
        list(counts),
        format_func=lambda code: t("{code}（{n} 块）", code=code, n=counts[code]),
        key="use",
        placeholder=t("全部"),
        help=t("代码照文件里的写（GB 50137、国土调查等）；选 A3 也包括 A33。能否建设以批准的规划为准。"),
    )
    return [str(code) for code in link.record("use")]


def choose_exclusions() -> dict[str, str]:
    """Areas where no site may stand, and whether the pack's lakes are among them; parameters of the question."""
    link.seed("taken", [])
    taken = [str(line) for line in link.record("taken")]
    chosen = bool(taken or st.session_state.get("saved-exclusions"))
    title = t("排除范围：红线、水面、保护区；已选给别的设施的地点")
    with st.expander(title, icon=":material/block:", expanded=chosen):
        token = own_data_token("exclusions", t("排除范围（多边形）"), _TYPES)
        water = segments.linked("water", t("资料包的湖面"), {"yes": t("排除"), "no": t("不排除")}, "yes")
        st.caption(t("河流、池塘等其他水面不在资料包里，要排除请一并上传。排除掉多少候选，在结果的说明里。"))
        if taken:
            st.markdown(t("已选给别的设施的地点：{n} 处，它们所在的地块不再作候选。", n=len(taken)))
            st.button(t("不再避开这些地点"), on_click=_forget_taken, icon=":material/delete:")
    return {"water": water, "taken": ";".join(taken)} | ({"exclusions": token} if token else {})


def drawn_land(parameters: Mapping[str, str], answer: Siting) -> list[dict[str, object]]:
    """The parcels of the chosen sites and what is excluded, as the map draws them: a kind and a GeoJSON shape (WGS84).

    Too many exclusions for a map are left to the notes.
    """
    drawn = []
    if parameters.get("candidates") == "parcels" and parameters.get("parcels"):
        rows = sorted({int(str(row["candidate_id"]).split("-")[1]) - 1 for row in site_rows(answer.best)})
        polygons: GeoDataFrame = uploads.brought(parameters["parcels"], ("parcels",))
        drawn += [{"kind": "parcel", "shape": shape} for shape in _shapes(polygons.iloc[rows])]
    if parameters.get("exclusions"):
        areas: GeoDataFrame = uploads.brought(parameters["exclusions"], ("exclusions",))
        if len(areas) <= _MOST_DRAWN:
            drawn += [{"kind": "excluded", "shape": shape} for shape in _shapes(areas)]
    return drawn


def _shapes(polygons: GeoDataFrame) -> list[object]:
    """Outlines in degrees, to about five metres: what a map of a city shows."""
    outlines = polygons.geometry.to_crs(4326).simplify(_STEP_DEG).set_precision(_STEP_DEG / 5)
    return [shapely.geometry.mapping(shape) for shape in outlines]


def _forget_taken() -> None:
    st.session_state["taken"] = []


def take_sites(answer: Siting) -> None:
    """A button that gives the chosen sites to this facility, so that the next kind is sought elsewhere."""
    places = [f"{row['lon']:.6f},{row['lat']:.6f}" for row in site_rows(answer.best)]

    def take() -> None:
        taken = [str(line) for line in st.session_state.get("taken", [])]
        st.session_state["taken"] = list(dict.fromkeys(taken + places))[: link.MAX_VALUES]

    st.button(
        t("这 {n} 处已定，再选另一类设施", n=len(places)),
        on_click=take,
        icon=":material/playlist_add:",
        key="take",
        help=t(
            "几类设施一类一类地选：这些地点所在的地块不再作候选；接着在上面换类型。预算请自己减去已用的。"
        ),
    )
