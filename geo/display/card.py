"""The card of one work: the plan's words, what is known, the timeline, the sources, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from geo.display import event_labels
from geo.display.code_labels import CodeNames, code_names
from geo.display.labels import (
    day_text,
    district_names,
    name_of,
    note_of,
    place_text,
    publisher_name,
    source_publisher,
    source_title,
    status_style,
    unit_label,
)
from geo.display.photos import photos_of_event
from geo.places.water import metres_into_water
from geo.register.attributes import attribute_text, read_attributes
from geo.register.city import Atlas
from geo.register.evidence import disagreements
from geo.register.work_outlines import work_outlines
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown
from geo.vocabulary import EXACT_LIMIT_M, RELIABILITY_LABELS, VERB_LABELS


def card(atlas: Atlas, work_id: str, state: pd.DataFrame, lang: str) -> dict[str, Any]:
    """What a card says of a work.

    Parameters
    ----------
    atlas : Atlas
    work_id : str
        A row of ``state``.
    state : DataFrame
        ``Register.state`` of the day the card is for.
    lang : str

    Returns
    -------
    dict
        Plain texts and numbers: what changes with the day (:func:`dated`), and ``work_id``; ``events`` (oldest first:
        ``day`` of the event, ``date`` and ``what`` in words, ``confirmed, reason, source, photos``); ``sources`` (``title, by,
        url, reliability, mirror``).
    """
    row = pd.Series(state.loc[work_id])
    return dated(atlas, row, state, lang) | lasting(atlas, work_id, lang)


def lasting(atlas: Atlas, work_id: str, lang: str) -> dict[str, Any]:
    """The part of a card that is the same on every day: ``work_id, events, sources``.

    Parameters
    ----------
    atlas : Atlas
    work_id : str
        Id of a work.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    return {
        "work_id": work_id,
        "events": _events(atlas, work_id, lang),
        "sources": _sources(atlas, work_id, lang),
    }


def dated(
    atlas: Atlas, row: pd.Series[Any], state: pd.DataFrame, lang: str, parts: Iterable[str] | None = None
) -> dict[str, Any]:
    """The part of a card that follows the day: ``name, status, status_date, district, street, quantity, unit, place,
    outline, parts, count_note, note, attributes (name and value), unknowns`` and ``item`` (quote, plan, section, target, unit, verb) or None. ``parts`` are the
    ids of sections and stations where they are known already.

    Parameters
    ----------
    atlas : Atlas
    row : Series
    state : DataFrame
        ``Register.state`` of the day.
    lang : str
        ``zh`` or ``en``.
    parts : iterable of str or None

    Returns
    -------
    dict
    """
    names = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    children = atlas.register.children(str(row["work_id"])).index if parts is None else list(parts)
    return {
        "name": name_of(row, lang),
        "status": str(row["status"]),
        "status_date": day_text(row["status_date"], row["status_precision"], lang),
        "district": district_names(row["district_code"], names, lang),
        "street": row["street"] or "",
        "quantity": None if is_unknown(row["quantity"]) else float(row["quantity"]),
        "unit": unit_label(row["unit"], lang),
        "place": place_text(row, lang),
        "outline": _outline(atlas, str(row["work_id"]), lang),
        "parts": [
            f"{name_of(part, lang)} · {translate(status_style(str(part['status'])).label, lang)}"
            for _id, part in state.loc[children].iterrows()
        ],
        "item": _item(atlas, row, lang),
        "count_note": note_of(row, lang, "count_note"),
        "note": note_of(row, lang),
        "attributes": [
            (name, attribute_text(value)) for name, value in read_attributes(row["attributes"]).items()
        ],
        "unknowns": [
            *_unknowns(row, lang),
            *_water(atlas, row, lang),
            *_disagreements(atlas, str(row["work_id"]), lang),
        ],
    }


def is_later(event: dict[str, Any], as_of: date) -> bool:
    """Whether an event of a card is dated after the day the card is for."""
    return bool(event["day"] > as_of)


def _outline(atlas: Atlas, work_id: str, lang: str) -> str:
    """The area within the outline that a list brought; empty without one."""
    outlines = work_outlines(atlas.register)
    if work_id not in outlines.index:
        return ""
    return translate(_("{area} 平方米，按导入的外廓算"), lang).format(
        area=f"{outlines['area_m2'][work_id]:,.0f}"
    )


def _item(atlas: Atlas, row: pd.Series[Any], lang: str) -> dict[str, object] | None:
    if not row["item_id"]:
        return None
    item = atlas.pack.plan_items.loc[row["item_id"]]
    plan = atlas.pack.sources.loc[item["source_id"]]
    return {
        "quote": item["quote_zh"],
        "plan": f"{plan['title']}（{publisher_name(plan['publisher'], lang)}，{plan['published']}）",
        "section": item["plan_section"],
        "target": item["target"],
        "unit": unit_label(item["unit"], lang),
        "verb": translate(VERB_LABELS[item["verb"]], lang),
    }


def _events(atlas: Atlas, work_id: str, lang: str) -> list[dict[str, Any]]:
    names = code_names(atlas, lang)
    return [
        {
            "day": event["date"],
            "date": day_text(event["date"], event["date_precision"], lang),
            "what": _event_text(event, lang, names),
            "confirmed": bool(event["confirmed"]),
            "reason": note_of(event, lang, "reason"),
            "source": " ".join(filter(None, (source_publisher(event, lang), source_title(event)))),
            "photos": photos_of_event(atlas, str(event_id), lang),
        }
        for event_id, event in atlas.register.timeline(work_id).iterrows()
    ]


def _event_text(event: pd.Series[Any], lang: str, names: CodeNames) -> str:
    if event["kind"] == "quantity":
        return f"{_number(float(event['value']))} {unit_label(event['unit'], lang)}".strip()
    if event["kind"] == "milestone" and lang == "en" and event["reason_en"]:
        return str(event["reason_en"])
    return event_labels.event_text(event, lang, names)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() else f"{value:,.1f}"


def _unknowns(row: pd.Series[Any], lang: str) -> list[str]:
    unknown = []
    if row["certainty"] == "none" and row["kind"] != "aggregate":
        unknown.append(_("在哪里：没有来源给出可靠位置。"))
    elif row["certainty"] != "none" and float(row["accuracy_m"]) > EXACT_LIMIT_M:
        unknown.append(_("准确位置：目前只知道大致所在。"))
    if row["status"] == "unknown" and row["kind"] != "aggregate":
        unknown.append(_("进展：没有找到带日期的可靠记载。"))
    if row["kind"] == "aggregate":
        unknown.append(_("是哪些：来源只给了数字，没有名单。"))
    return [translate(text, lang) for text in unknown]


def _water(atlas: Atlas, row: pd.Series[Any], lang: str) -> list[str]:
    """Why the map shows the work in the water, where it does."""
    if is_unknown(row["lon"]):
        return []
    metres = metres_into_water(
        float(row["lon"]), float(row["lat"]), atlas.pack.root, atlas.city.projected_crs
    )
    if not metres:
        return []
    text = _(
        "图上这一点落在湖里，离画出的湖岸约 {metres} 米：湖岸线是概化的，位置本身的误差约 {accuracy} 米；不是说工程建在水里。"
    )
    return [
        translate(text, lang).format(metres=f"{metres:,.0f}", accuracy=f"{float(row['accuracy_m']):,.0f}")
    ]


def _disagreements(atlas: Atlas, work_id: str, lang: str) -> list[str]:
    """Both values of what two sources say differently, each with who says it."""
    rows = _disagreements_of(atlas.pack.root).get(work_id, ())
    text = translate(_("来源不一致·{topic}：{first}〔{first_by}〕；{second}〔{second_by}〕。{shown}"), lang)
    return [
        text.format(
            first_by=source_name(atlas.pack.sources, row["first_source_id"], lang),
            second_by=source_name(atlas.pack.sources, row["second_source_id"], lang),
            **{word: row[f"{word}_{lang}"] for word in ("topic", "first", "second", "shown")},
        )
        for row in rows
    ]


@lru_cache(maxsize=4)
def _disagreements_of(root: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in disagreements(root).to_dict("records"):
        found.setdefault(str(row["work_id"]), []).append({str(name): value for name, value in row.items()})
    return found


def source_name(sources: pd.DataFrame, source_id: str, lang: str) -> str:
    """Publisher and title of a source, in a line; its id where the register has no such source.

    Parameters
    ----------
    sources : DataFrame
        The register's sources.
    source_id : str
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
    """
    if source_id not in sources.index:
        return source_id
    source = pd.Series(sources.loc[source_id])
    return " ".join(filter(None, (source_publisher(source, lang), source_title(source))))


def _sources(atlas: Atlas, work_id: str, lang: str) -> list[dict[str, object]]:
    return [
        {
            "title": source_title(source),
            "by": "，".join(filter(None, (source_publisher(source, lang), source["published"]))),
            "url": source["url"] if str(source["url"] or "").startswith(("https://", "http://")) else "",
            "reliability": translate(RELIABILITY_LABELS[str(source["reliability"])], lang),
            "mirror": bool(source["seen_via_mirror"]) and not source["url"],
        }
        for _id, source in atlas.register.sources_of(work_id).iterrows()
    ]
