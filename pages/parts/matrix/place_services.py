"""What each place of a list has around it: a table of places and kinds, and the card of the place that is chosen."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.coverage.place_services import PlaceServices
from geo.coverage.zone_file import ENDINGS
from geo.errors import AtlasError
from geo.files import stem_of
from geo.questions.coverage import DEFAULT_SPEED
from geo.questions.services import MINUTES, ServicesQuestion
from geo.values import is_unknown
from geo.vocabulary import NAMED_WORK_KINDS
from layers.analysis.questions import Parameters, parameters_of
from layers.analysis.services import services_answer, services_csv
from pages.parts.coverage.question import own_data_token, set_names
from pages.parts.matrix.save import offer_to_save
from pages.parts.shell import downloads, filters, html, link, segments
from pages.parts.shell.loaders import atlas, plan_query
from pages.parts.shell.texts import error_text, language, t
from pages.parts.shell.waiting import heavy_or_wait

_CHOSEN: Final = "place"
"""Parameter of the link: the place whose card is shown."""


def show() -> None:
    """The question, the table, the card, the file."""
    as_of = filters.date_slider()
    parameters = _question(as_of)
    try:
        answer = heavy_or_wait("services", services_answer, parameters, language())
    except AtlasError as error:
        st.error(error_text(error))
        return
    if answer is None:
        return
    rows = answer.rounded()
    if rows.empty:
        st.info(t("没有符合条件的地点。"))
        return
    _show_table(rows)
    _show_card(rows, link.get(_CHOSEN))
    name = f"{stem_of(atlas(), what='services')}-{as_of.isoformat()}.csv"
    downloads.offer(downloads.Extra(t("下载 CSV"), name, "text/csv", partial(_csv, answer)))


def _csv(answer: PlaceServices) -> bytes:
    return services_csv(answer, language())


def _question(as_of: date) -> Parameters:
    """The widgets, read as parameters of the question."""
    items = _items(as_of) or {"": t("这份计划还没有具名的项目")}
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        link.seed("item", "U01" if "U01" in items else next(iter(items)), list(items))
        st.selectbox(t("哪些项目"), list(items), format_func=items.__getitem__, key="item")
        item = str(link.record("item"))
    with right:
        which = segments.linked("set", t("设施"), set_names(), "as_of")
    with st.expander(t("换成自己的地点：小区、工地、候选点"), icon=":material/upload:"):
        st.caption(t("点或多边形文件只在内存里用于这次分析。多边形取其中一点，到最远角的距离算位置误差。"))
        places = own_data_token("places", t("地点（点或多边形）"), [ending.lstrip(".") for ending in ENDINGS])
        if places:
            offer_to_save(places, "places")
    given = {"as_of": as_of.isoformat(), "set": which, "scope": "all"} | plan_query()
    return parameters_of(given | ({"places": places} if places else {"item": item}), ServicesQuestion)


def _items(as_of: date) -> dict[str, str]:
    """Items of the plan that have named works, by id, with how many there are."""
    city, lang = atlas(), language()
    state = city.register.state(as_of)
    counts = state[state["kind"].isin(NAMED_WORK_KINDS)]["item_id"].value_counts()
    return {
        str(item): f"{item} {name}（{counts[str(item)]}）"
        for item, name in city.pack.plan_items[f"name_{lang}"].items()
        if item in counts
    }


def _show_table(rows: pd.DataFrame) -> None:
    """A row a place and a column a kind; choosing a row chooses the place."""
    cells = pd.Series([_cell(row) for row in rows.to_dict("records")], index=rows.index)
    wide = rows.assign(cell=cells).pivot_table("cell", "place_id", "kind_name", "first")
    wide = wide.loc[rows["place_id"].unique(), rows["kind_name"].unique()]
    names = rows.drop_duplicates("place_id").set_index("place_id")["place"]
    wide.insert(0, t("地点"), names)
    event = st.dataframe(
        wide.reset_index(drop=True),
        hide_index=True,
        width="stretch",
        height=420,
        key="services_table",
        on_select="rerun",
        selection_mode="single-row",
        column_config={t("地点"): st.column_config.TextColumn(pinned=True)},
        alt=t("每个地点最近的各类设施"),
    )
    st.caption(
        t(
            "✓ 5 分钟：最近的一处肯定在步行 5 分钟内（直线距离，每分钟 {speed} 米）；？：位置误差或登记不全，说不准；✗：肯定不在 15 分钟内。"
            "后面是到最近一处的米数。点一行看这个地点的详情。",
            speed=f"{DEFAULT_SPEED:.0f}",
        )
    )
    chosen = event.selection.rows
    if chosen:
        link.put(_CHOSEN, str(wide.index[chosen[0]]))


def _cell(row: dict[Any, Any]) -> str:
    """The shortest walk that is certain, else that it cannot be told, or that there is none; and the metres."""
    metres = "" if is_unknown(row["distance_m"]) else " · " + t("{n} 米", n=f"{row['distance_m']:,.0f}")
    certain = next((n for n in MINUTES if row[f"within_{n}"] == "yes"), None)
    if certain is not None:
        return "✓ " + t("{n} 分钟", n=certain) + metres
    return ("？" if row[f"within_{MINUTES[-1]}"] == "uncertain" else "✗") + metres


def _show_card(rows: pd.DataFrame, chosen: str | None) -> None:
    """Every kind at one place: the nearest, how far, and why it is in or out."""
    here = rows[rows["place_id"] == chosen]
    if here.empty:
        return
    known = chosen in atlas().register.works.index
    html.show(
        "services.html",
        name=here["place"].iloc[0],
        address=html.page_address("./", work=str(chosen)) if known else "",
        kinds=[
            {
                "kind": row["kind_name"],
                "facility": row["facility"],
                "metres": row["distance_m"],
                "least": row["least_m"],
                "most": row["most_m"],
                "verdict": _cell(row),
                "why": row["why"],
            }
            for row in here.to_dict("records")
        ],
    )
