"""The question of the matrix page: its widgets, whose values are in the link, read as one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.coverage.zone_file import ENDINGS
from geo.questions.matrix import MatrixQuestion
from layers.analysis import uploads
from layers.analysis.questions import Parameters, parameters_of
from pages.parts.coverage.question import denominators, own_data_token, set_names
from pages.parts.matrix import own_rows
from pages.parts.matrix.save import offer_to_save
from pages.parts.shell import filters, segments
from pages.parts.shell.loaders import plan_query
from pages.parts.shell.texts import t

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_ZONES: Final = "zones"


@dataclass(frozen=True, slots=True)
class MatrixChoice:
    """The question that the page shows; ``parameters`` are those of the HTTP interface, ``which`` is the set in view."""

    parameters: Parameters
    which: str
    as_of: date
    by: str
    own: bool


def choose() -> MatrixChoice:
    """Show the widgets, and return the question that they make."""
    as_of = filters.date_slider()
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        which = segments.linked("set", t("设施"), set_names(), "as_of")
    with right:
        by = segments.linked("by", t("分母"), denominators(), "residents")
    parameters = {
        "as_of": as_of.isoformat(),
        "demand": "census" if by == "even" else "residents",
        "denominator": "land" if by == "land" else "residents",
    } | plan_query()
    zones, own = _own_zones(), own_rows.choose()
    return MatrixChoice(
        parameters_of(parameters | zones | own, MatrixQuestion), which, as_of, by, bool(zones)
    )


def _own_zones() -> dict[str, str]:
    """Parameters for the person's own polygons."""
    with st.expander(t("换成自己的分区：街道、社区、控规单元、生活圈"), icon=":material/upload:"):
        st.caption(
            t(
                "多边形文件只在内存里用于这次分析。无效、重叠或在市域以外的分区会说明，不猜。没有人口列时，居民按居民模型（模型估算）。"
            )
        )
        token = own_data_token(_ZONES, t("分区（多边形）"), [ending.lstrip(".") for ending in ENDINGS])
        if token is None:
            return {}
        offer_to_save(token, _ZONES)
        polygons = uploads.brought(token, (_ZONES,))
        return {"zones": token} | _columns(polygons)


def _columns(polygons: GeoDataFrame) -> dict[str, str]:
    """Which columns of the file hold names and residents."""
    columns = ["", *(str(name) for name in polygons.columns if name != polygons.geometry.name)]
    left, right = st.columns(2, gap="medium")
    with left:
        name = st.selectbox(t("名称列"), columns, format_func=_column_name, key="zone-name")
    with right:
        people = st.selectbox(t("人口列"), columns, format_func=_column_name, key="zone-people")
    chosen = {"zone_name": name, "population": people}
    return {key: value for key, value in chosen.items() if value}


def _column_name(name: str) -> str:
    """As it is: the options of a list of choices are no Markdown."""
    return name or t("（不指明）")
