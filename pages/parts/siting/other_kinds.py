"""Further kinds that are sited together with the first: added one by one, and kept in the link as the question writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.errors import AtlasError
from geo.questions.question import parameters
from geo.questions.siting_kinds import MOST_OTHER_KINDS, OtherKind, read_other_kinds
from geo.register.facilities import kind_counts
from geo.siting.parcel_columns import columns_of, land_uses, usual_column
from layers.analysis import uploads
from pages.parts.shell import link
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text, escaped, language, t
from pages.parts.siting.inputs import number_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_PARAMETERS: Final = parameters(OtherKind)
_NEW: Final = "other-"


def choose(question: Mapping[str, str]) -> dict[str, str]:
    """The kinds that are chosen together with the first, and how much that weighs; parameters of the question.

    Parameters
    ----------
    question : mapping
        Parameters chosen so far: the parcels, whose columns are offered.

    Returns
    -------
    dict of str
    """
    link.seed("also", [])
    others = [str(line) for line in link.record("also")][:MOST_OTHER_KINDS]
    polygons = _parcels(question)
    with st.expander(
        t("同时选另一类设施：一个目标、一个预算"), icon=":material/join:", expanded=bool(others)
    ):
        st.caption(
            t(
                "几类设施在同样的地点里一起选，使各类新服务的居民乘权重之和最大；权重由您定，证明也只对这个和成立。一块地只建一类，除非地块写明可混合。"
            )
        )
        for nth, line in enumerate(others):
            _listed(nth, line)
        if len(others) < MOST_OTHER_KINDS:
            _new(polygons)
        if not others:
            return {}
        weight = number_text("w1", t("第一类的权重"), "1", "weight")
        mixed = ""
        if polygons is not None:
            columns = ["", *columns_of(polygons)]
            link.seed("mixcol", "", columns)
            st.selectbox(
                t("写明可混合的列"), columns, format_func=lambda name: name or t("（不用）"), key="mixcol", width=190
            )  # fmt: skip
            mixed = str(link.record("mixcol"))
    return {"also": ";".join(others), "weight": weight, "mixed_column": mixed}


def _parcels(question: Mapping[str, str]) -> GeoDataFrame | None:
    if question.get("candidates") != "parcels" or not question.get("parcels"):
        return None
    polygons: GeoDataFrame = uploads.brought(question["parcels"], ("parcels",))
    return polygons


def _listed(nth: int, line: str) -> None:
    """One kind that was added, in plain words, with a button that takes it away."""
    try:
        (each,) = read_other_kinds(line)
    except (AtlasError, ValueError):
        text = escaped(line)
    else:
        names = atlas().names("kinds", language())
        text = t(
            "{kind} · {radius} · {k} 处 · 权重 {weight}{land}",
            kind=escaped("、".join(names.get(kind, kind) for kind in each.kinds)),
            radius=t("{n} 米", n=escaped(f"{each.radius_m:g}")) if each.radius_m is not None else t("{n} 分钟", n=escaped(f"{each.minutes or 0:g}")),
            k="—" if each.k is None else int(each.k),
            weight=escaped(f"{each.weight:g}"),
            land=" · " + escaped("、".join(each.land_use)) if each.land_use else "",
        )  # fmt: skip
    left, right = st.columns([8, 2], vertical_alignment="center")
    left.markdown(text)
    right.button(
        t("去掉"), key=f"other-remove-{nth}", on_click=_remove, args=(line,), icon=":material/delete:"
    )


def _new(polygons: GeoDataFrame | None) -> None:
    """The fields of a kind to add."""
    known = atlas().names("kinds", language())
    kinds = [str(kind) for kind in kind_counts(atlas().register).index]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("另一类"),
            kinds,
            format_func=lambda kind: known[kind],
            index=None,
            key=f"{_NEW}kind",
            width=190,
            placeholder=t("（不用）"),
        )
        _field("radius", t("服务半径（米）"))
        _field("k", t("建几处"))
        _field("weight", t("权重"))
        _field("capacity", t("每处容量（人）"))
        _field("people_per_unit", t("每单位服务几人"))
        if polygons is not None:
            use = str(st.session_state.get("usecol") or usual_column(polygons, "land_use_column"))
            counts = land_uses(polygons, use) if use else {}
            st.multiselect(
                t("可建的用地"), list(counts), key=f"{_NEW}land_use", placeholder=t("全部"), width=190
            )
            columns = ["", *columns_of(polygons)]
            st.selectbox(
                t("费用列"), columns, format_func=lambda name: name or t("（常用的一列）"), key=f"{_NEW}cost_column", width=190
            )  # fmt: skip
        st.button(t("加上这一类"), on_click=_add, icon=":material/add:", key="other-add")
    refused = st.session_state.pop("_other_refused", None)
    if refused is not None:
        st.error(error_text(refused))


def _field(name: str, label: str) -> None:
    st.text_input(label, key=f"{_NEW}{name}", width=120, help=t(_PARAMETERS[name].description))


def _add() -> None:
    """Write the fields as one kind; what is wrong with them is shown, and nothing is added."""
    state = st.session_state
    cells = {name: state.get(f"{_NEW}{name}") for name in (*_PARAMETERS, "land_use") if name != "kinds"}
    cells["land_use"] = "+".join(cells.get("land_use") or [])
    line = ",".join(f"{name}={str(value).strip()}" for name, value in cells.items() if value)
    try:
        read_other_kinds(line)
    except AtlasError as error:
        state["_other_refused"] = error
        return
    state["also"] = list(dict.fromkeys([*state.get("also", []), line]))[:MOST_OTHER_KINDS]
    for name in cells:
        state.pop(f"{_NEW}{name}", None)


def _remove(line: str) -> None:
    st.session_state["also"] = [each for each in st.session_state.get("also", []) if each != line]
