"""The card of one work: the plan's words, what is known, the timeline, the sources, and what is not known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import UnknownIdError
from pages.parts import event_words, html, words
from pages.parts.loaders import atlas, state_on
from pages.parts.report_form import show_report_form
from pages.parts.texts import language, t


def show_card(work_id: str, as_of: date, *, with_report: bool = True) -> None:
    """Show the card, or say that there is no such work (a link may be old)."""
    shared = atlas()
    try:
        shared.register.work(work_id)
    except UnknownIdError as error:
        st.warning(error.text(language()))
        return
    row = state_on(as_of, shared.version).loc[work_id]
    names = {str(code): name for code, name in shared.districts[f"name_{language()}"].items()}
    html.show(
        "card.html",
        name=words.name_of(row),
        work_id=work_id,
        status=words.status_style(str(row["status"])),
        status_date=words.day_words(row["status_date"], row["status_precision"]),
        item=_item(row),
        count_note=words.note_of(row, "count_note"),
        district=words.district_words(row["district_code"], names),
        street=row["street"],
        quantity=None if pd.isna(row["quantity"]) else float(row["quantity"]),
        unit=row["unit"] or "",
        place=words.place_words(row),
        note=words.note_of(row),
        parts=_parts(work_id, as_of),
        events=_events(work_id, as_of),
        unknowns=_unknowns(row),
        sources=_sources(work_id),
    )
    if with_report:
        show_report_form(work_id)


def _item(row: pd.Series[Any]) -> dict[str, object] | None:
    shared = atlas().pack
    if not row["item_id"]:
        return None
    item = shared.plan_items.loc[row["item_id"]]
    plan = shared.sources.loc[item["source_id"]]
    return {
        "quote": item["quote_zh"],
        "plan": f"{plan['title']}（{plan['publisher']}，{plan['published']}）",
        "section": item["plan_section"],
        "target": item["target"],
        "unit": item["unit"],
        "verb": t(words.VERBS[item["verb"]]),
    }


def _parts(work_id: str, as_of: date) -> list[str]:
    shared = atlas()
    state = state_on(as_of, shared.version).loc[shared.register.children(work_id).index]
    return [
        f"{words.name_of(row)} · {t(words.status_style(row['status']).label)}" for _, row in state.iterrows()
    ]


def _events(work_id: str, as_of: date) -> list[dict[str, object]]:
    timeline = atlas().register.timeline(work_id)
    return [
        {
            "date": words.day_words(event["date"], event["date_precision"]),
            "what": _what(event) + (t("（截至日期之后）") if event["date"] > as_of else ""),
            "confirmed": bool(event["confirmed"]),
            "reason": words.note_of(event, "reason"),
            "source": " ".join(str(event[name]) for name in ("publisher", "title") if event[name]),
        }
        for _, event in timeline.iterrows()
    ]


def _what(event: pd.Series[Any]) -> str:
    if event["kind"] == "status":
        return t(words.status_style(str(event["value"])).label)
    if event["kind"] == "quantity":
        return f"{html.number(float(event['value']))} {event['unit'] or ''}"
    if event["kind"] in {"location", "correction"}:
        return event_words.what(event)
    if language() == "en" and event["reason_en"]:
        return str(event["reason_en"])
    return str(event["value"])


def _unknowns(row: pd.Series[Any]) -> list[str]:
    unknown = []
    if row["certainty"] == "none" and row["kind"] != "aggregate":
        unknown.append(t("在哪里：没有来源给出可靠位置。"))
    elif row["certainty"] in {"approximate", "line"} and float(row["accuracy_m"]) > 150:
        unknown.append(t("准确位置：目前只知道大致所在。"))
    if row["status"] == "unknown" and row["kind"] != "aggregate":
        unknown.append(t("进展：没有找到带日期的可靠记载。"))
    if row["kind"] == "aggregate":
        unknown.append(t("是哪些：来源只给了数字，没有名单。"))
    return unknown


def _sources(work_id: str) -> list[dict[str, object]]:
    frame = atlas().register.sources_of(work_id)
    return [
        {
            "title": source["title"],
            "by": "，".join(str(source[name]) for name in ("publisher", "published") if source[name]),
            "url": source["url"] if str(source["url"] or "").startswith(("https://", "http://")) else "",
            "reliability": t(words.RELIABILITY[str(source["reliability"])]),
            "mirror": bool(source["seen_via_mirror"]) and not source["url"],
        }
        for _, source in frame.iterrows()
    ]
