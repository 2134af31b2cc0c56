"""Events in words (:mod:`geo.display.event_labels`), in the language of the page, and histories as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.display import event_labels as spoken
from geo.display.fields import label_for_people
from geo.register.undone_and_merged import undone_among
from geo.vocabulary import EVENT_LABELS
from pages.parts.shell import words
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import language, t

__all__ = [
    "change_line",
    "history_frame",
    "history_rows",
    "label",
    "what",
]


def label(field: str) -> str:
    """A field's name for people."""
    return label_for_people(field, language())


def what(row: pd.Series[Any]) -> str:
    """What an event says, in words."""
    return spoken.event_text(row, language())


def reason_of(row: pd.Series[Any]) -> str:
    """Why, in the page's language."""
    return spoken.reason_of(row, language())


def history_frame(history: pd.DataFrame, *, with_names: bool) -> pd.DataFrame:
    """A history as people read it. Names of editors are for editors."""
    sources = atlas().pack.sources["title"]
    frame = pd.DataFrame(
        {
            t("日期"): [
                words.day_words(day, word)
                for day, word in zip(history["date"], history["date_precision"], strict=True)
            ],
            t("类型"): [t(EVENT_LABELS.get(str(kind), kind)) for kind in history["kind"]],
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
            "kind": t(EVENT_LABELS.get(str(row["kind"]), str(row["kind"]))),
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
    kind = t(EVENT_LABELS.get(str(change["kind"]), str(change["kind"])))
    when = str(change["moment"])[:16].replace("T", " ")
    return f"{when} UTC · {change['actor']} · {kind}：{what(row)} · {change['reason']}"
