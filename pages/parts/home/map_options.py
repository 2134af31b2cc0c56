"""What the map shows besides the works: optional layers, base map, shading of districts."""

from __future__ import annotations

import streamlit as st

from geo.questions.works import SHADINGS
from geo.register.progress import district_shares
from layers.map.basemaps import available
from layers.map.registry import all_layers
from pages.parts.shell import link
from pages.parts.shell.filters import Filters
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import t


def layer_menu(chosen: Filters) -> dict[str, object]:
    """The option widgets, behind a button; returns the part of the map's state that they decide."""
    optional = {spec.id: t(spec.title) for spec in all_layers() if spec.optional}
    shown = [spec.id for spec in all_layers() if spec.optional and spec.shown]
    bases = {base.id: t(base.title) for base in available()}
    labels = (t("不着色"), t("点了名的项目数"), t("证实建成数"), t("不知道在哪的数"), t("筛选的区县"))
    shades = dict(zip(SHADINGS, labels, strict=True))
    with st.popover(t("图层"), icon=":material/layers:", key="map_layers", wrap=False):
        st.multiselect(
            t("显示的图层"),
            list(optional),
            link.start("layers", shown, list(optional)),
            format_func=optional.__getitem__,
            key="layers",
            placeholder=t("都不显示"),
        )
        for key, label, names in (("shade", t("区县着色"), shades), ("base", t("底图"), bases)):
            choices = list(names)
            begin = choices.index(link.start(key, choices[0], choices))
            st.selectbox(label, choices, begin, format_func=names.__getitem__, key=key)
    shade = district_shares(atlas().register, chosen.as_of, link.record("shade"), chosen.districts)
    return {
        "layers": list(link.record("layers")),
        "basemap": link.record("base"),
        "shade": shade or None,
        "shading": link.record("shade"),
    }
