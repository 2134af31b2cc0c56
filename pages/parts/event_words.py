"""Events in words: what each says, who recorded it and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo import words as spoken
from geo.effective import undone_among
from geo.export import COLUMNS
from geo.plain import is_unknown
from geo.text import mark as _
from pages.parts import words
from pages.parts.loaders import atlas
from pages.parts.texts import language, t

LABELS = dict(COLUMNS) | {
    "category": _("类别"),
    "counted": _("是否计入"),
    "note_en": _("英文说明"),
    "value": _("内容"),
    "date": _("日期"),
    "date_precision": _("日期精度"),
    "source_id": _("来源"),
    "reason": _("理由"),
    "title": _("标题"),
    "publisher": _("发布者"),
    "published": _("发布日期"),
    "url": _("网址"),
    "reliability": _("可靠程度"),
    "x": _("经度或东坐标"),
    "y": _("纬度或北坐标"),
    "confirmed": _("确认"),
    "text": _("哪里不对"),
    "contact": _("联系方式"),
}
KINDS = {
    "creation": _("新增"),
    "status": _("状态"),
    "quantity": _("数量"),
    "milestone": _("里程碑"),
    "location": _("位置"),
    "correction": _("更正"),
    "merge": _("合并"),
    "undo": _("撤销"),
}


def label(field: str) -> str:
    """A field's name for people."""
    return t(LABELS[field]) if field in LABELS else field


def what(row: pd.Series[Any]) -> str:
    """What an event says, in words."""
    kind, value = str(row["kind"]), str(row["value"])
    if kind == "status":
        return t(words.status_style(value).label)
    if kind == "quantity":
        return f"{value} {row['unit'] or ''}".strip()
    if kind == "location":
        return place_in_words(value)
    if kind in {"correction", "creation"}:
        return fields_in_words(value)
    return value


def place_in_words(value: str) -> str:
    """Where an event puts a work: ``约 50 米；实测（原坐标 GCJ02 120.31361, 31.550113）``."""
    place = json.loads(value)
    if is_unknown(place.get("lon")):
        return fields_in_words(value)
    basis = t(spoken.BASES.get(str(place.get("location_basis")), spoken.BASES["none"]))
    return t(
        "{lon:.5f}, {lat:.5f}，误差 {metres:.0f} 米，{basis}（原坐标 {system} {x}, {y}）",
        lon=place["lon"],
        lat=place["lat"],
        metres=place.get("accuracy_m") or 0,
        basis=basis,
        system=place.get("crs_original") or "WGS84",
        x=place.get("x_original") or place["lon"],
        y=place.get("y_original") or place["lat"],
    )


def fields_in_words(value: str) -> str:
    """The fields of a correction, a place or a new work: ``名称：… ；街道/镇：…``."""
    fields = json.loads(value)
    shown = [(name, fields[name]) for name in fields if name in LABELS and not is_unknown(fields[name])]
    return "；".join(f"{label(name)}：{new}" for name, new in shown)


def reason_of(row: pd.Series[Any]) -> str:
    """Why, in the page's language."""
    english = row.get("reason_en")
    return str((english if language() == "en" and english else row.get("reason_zh")) or "")


def history_frame(history: pd.DataFrame, *, with_names: bool) -> pd.DataFrame:
    """A history as people read it. Names of editors are for editors."""
    sources = atlas().pack.sources["title"]
    frame = pd.DataFrame(
        {
            t("日期"): [
                words.day_words(day, word)
                for day, word in zip(history["date"], history["date_precision"], strict=True)
            ],
            t("类型"): [t(KINDS.get(str(kind), kind)) for kind in history["kind"]],
            t("内容"): [what(row) for _, row in history.iterrows()],
            t("来源"): [str(sources.get(code, code) or "") for code in history["source_id"]],
            t("理由"): [reason_of(row) for _, row in history.iterrows()],
            t("登记于"): [str(value)[:16].replace("T", " ") for value in history["recorded_at"]],
        }
    )
    if with_names:
        frame[t("登记人")] = history["recorded_by"].to_numpy()
    frame[t("编号")] = history["event_id"].to_numpy()
    return frame


def history_rows(history: pd.DataFrame, *, with_names: bool) -> list[dict[str, object]]:
    """A history for its template. Names of editors are for editors."""
    sources = atlas().pack.sources["title"]
    gone = undone_among(history)
    return [
        {
            "id": row["event_id"],
            "day": words.day_words(row["date"], row["date_precision"]),
            "kind": t(KINDS.get(str(row["kind"]), str(row["kind"]))),
            "what": what(row),
            "source": str(sources.get(row["source_id"], "") or ""),
            "reason": reason_of(row),
            "when": str(row["recorded_at"])[:16].replace("T", " "),
            "who": row["recorded_by"] if with_names else "",
            "gone": row["event_id"] in gone,
        }
        for _, row in history.iterrows()
    ]


def change_line(change: Mapping[str, Any]) -> str:
    """One event of the log as a line: when, who, what, why."""
    row = pd.Series(dict(change))
    kind = t(KINDS.get(str(change["kind"]), str(change["kind"])))
    when = str(change["moment"])[:16].replace("T", " ")
    return f"{when} UTC · {change['actor']} · {kind}：{what(row)} · {change['reason']}"
