"""What the map shows besides the works: optional layers, base map, shading of districts."""

from __future__ import annotations

import streamlit as st

from layers.map.basemaps import available
from layers.map.registry import all_layers
from pages.parts.shell import link
from pages.parts.shell.filters import Filters
from pages.parts.shell.loaders import atlas, progress_on
from pages.parts.shell.texts import t


def sidebar_options(chosen: Filters) -> dict[str, object]:
    """The option widgets; returns the part of the map's state that they decide."""
    optional = {spec.id: t(spec.title) for spec in all_layers() if spec.optional}
    shown = [spec.id for spec in all_layers() if spec.optional and spec.shown]
    bases = {base.id: t(base.title) for base in available()}
    shades = {"none": t("不着色"), "named": t("具名项目数"), "done": t("已建成数"), "unplaced": t("未落位数")}
    with st.sidebar:
        st.subheader(t("图层"))
        link.seed("layers", shown, list(optional))
        st.multiselect(
            t("显示的图层"),
            list(optional),
            format_func=optional.__getitem__,
            key="layers",
            placeholder=t("都不显示"),
        )
        for key, label, names in (("shade", t("区县着色"), shades), ("base", t("底图"), bases)):
            link.seed(key, next(iter(names)), list(names))
            st.selectbox(label, list(names), format_func=names.__getitem__, key=key)
    shade = _shares(chosen, link.record("shade"))
    return {"layers": list(link.record("layers")), "basemap": link.record("base"), "shade": shade}


def _shares(chosen: Filters, figure: str) -> dict[str, float] | None:
    """District -> share of the largest district's figure; None when districts are not shaded."""
    if figure == "none":
        return None
    table = progress_on(chosen.as_of, "district", atlas().version)
    figures = table.loc[[code for code in table.index if code], figure].astype("float64")
    return {str(code): round(float(value / max(figures.max(), 1)), 3) for code, value in figures.items()}
