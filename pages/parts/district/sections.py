"""Parts of the district page."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from geo.display import labels
from geo.display.district_lines import kilometres_text, notes, plan_lines
from geo.display.number_heads import NUMBER_DEFINITIONS, NUMBER_HEADS
from geo.questions.works import CHOSEN_SHADING
from geo.register.progress import district_shares
from geo.report.compare.district_lead import district_lead
from layers.analysis.districts import first_ranking
from pages.parts.shell import downloads, html, link, report_downloads, works_table
from pages.parts.shell.filters import Filters
from pages.parts.shell.loaders import atlas, chosen_plan, district_names, lines_on, progress_on, state_on
from pages.parts.shell.map_frame import show_map
from pages.parts.shell.selection import clear, select, selected
from pages.parts.shell.texts import language, t


def choose_district() -> str:
    """The district selector; its code is in the link as ``d``, and nothing there means all of them."""
    names = {"": t("比较各区县")} | district_names()
    link.seed("d", "", list(names))
    st.selectbox(t("选择区县"), list(names), format_func=names.__getitem__, key="d")
    return str(link.record("d"))


def close_card_of_others(code: str, as_of: date) -> None:
    """Close the card of a work that is not of this district: the page says what is here."""
    work_id, state = selected(), state_on(as_of, atlas().version)
    if work_id in state.index and code not in str(state.at[work_id, "district_code"] or "").split("|"):
        clear()


def show_sentence(code: str, as_of: date) -> None:
    """The district in one sentence, made from the data."""
    lead = district_lead(atlas(), code, first_ranking(as_of, chosen_plan()), language())
    html.show("sentence.html", sentence=lead.sentence, compare=html.page_address("district", d=""))


def show_numbers(code: str, as_of: date) -> None:
    """The district's counts and the two areas that must not be mixed up."""
    shared = atlas()
    counts = progress_on(as_of, "district", shared.version).loc[[code]].iloc[0]
    district = shared.districts.loc[code]
    with st.container(horizontal=True):
        for name in ("named", "placed", "done", "shared", "reported_totals"):
            st.metric(t(NUMBER_HEADS[name]), int(counts[name]), help=t(NUMBER_DEFINITIONS[name]))
    land = shared.land_km2.loc[code]
    st.caption(
        t(
            "2020 年普查常住人口 {people} 人；公布面积 {official} 平方公里。示意界线内陆地约 {land} 平方公里（按示意界线量得，扣除湖面，与公布面积不是同一口径）；覆盖分析的居民按这片陆地均匀铺开。",
            people=html.number(float(district["residents_2020"])),
            official=html.number(float(district["official_area_km2"])),
            land=html.number(round(float(land), 1)),
        )
    )


def _filters(code: str, as_of: date) -> Filters:
    return Filters(as_of=as_of, categories=(), districts=(code,), statuses=(), certainties=(), scope="plan")


def show_district_map(code: str, as_of: date) -> None:
    """The map, looking at the district and showing its works alone."""
    west, south, east, north = atlas().districts.geometry.loc[code].bounds
    state = _filters(code, as_of).for_map() | {
        "layers": None,
        "basemap": "offline",
        "shade": district_shares(atlas().register, as_of, CHOSEN_SHADING, (code,)),
        "shading": CHOSEN_SHADING,
        "focus": {"bounds": [[south, west], [north, east]]},
        "selected": selected(),
    }
    show_map(state, key="district_map", on_select=select)


def show_items(code: str, as_of: date) -> None:
    """What sources report of the district in numbers only, and its kilometres of lines."""
    shared = atlas()
    lines, left = plan_lines(lines_on(as_of, shared.version), state_on(as_of, shared.version), code)
    html.show(
        "district.html",
        totals=_totals(code, as_of),
        lines=_lines(lines),
        notes=notes(left, language()),
        day=as_of.isoformat(),
    )


def _totals(code: str, as_of: date) -> list[dict[str, object]]:
    shared = atlas()
    state = state_on(as_of, shared.version)
    rows = state[
        (state["kind"] == "aggregate") & (state["district_code"] == code) & (state["counted"] == "yes")
    ]
    return [
        {
            "name": labels.name_of(row, language()),
            "done": row["quantity_done"],
            "planned": row["quantity_planned"],
            "unit": labels.unit_label(row["unit"], language()),
            "source": labels.source_title(shared.pack.sources.loc[row["source_id"]]),
        }
        for _, row in rows.iterrows()
    ]


def _lines(lines: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            "name": labels.name_of(row, language()),
            "planned": kilometres_text(row, "km_planned"),
            "open": kilometres_text(row, "km_open"),
            "status": t(labels.status_style(row["status"]).label),
        }
        for _, row in lines.iterrows()
    ]


def show_works(code: str, as_of: date) -> None:
    """The district's works of the plan as a table, and to take away."""
    st.header(t("本区项目"))
    rows: pd.DataFrame = _filters(code, as_of).apply(state_on(as_of, atlas().version))
    works_table.show_counts(rows)
    downloads.offer_works(rows, as_of, (code,))
    report_downloads.offer_report(code, as_of)
    works_table.show_table(rows, key="district_table")
