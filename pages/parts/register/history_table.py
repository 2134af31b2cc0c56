"""The history of a work as people read it: a table, and rows for its template."""

from __future__ import annotations

import pandas as pd

from geo.display import event_labels, labels
from geo.register.undone_and_merged import undone_among
from geo.store.moments import local_time
from geo.vocabulary import EVENT_LABELS
from pages.parts.shell.loaders import atlas, code_names
from pages.parts.shell.texts import language, t


def history_frame(history: pd.DataFrame, *, with_names: bool) -> pd.DataFrame:
    """A history as people read it. Names of editors are for editors."""
    sources, lang, names = atlas().pack.sources["title"], language(), code_names()
    frame = pd.DataFrame(
        {
            t("日期"): [
                labels.day_text(day, precision, lang)
                for day, precision in zip(history["date"], history["date_precision"], strict=True)
            ],
            t("类型"): [t(EVENT_LABELS.get(str(kind), kind)) for kind in history["kind"]],
            t("内容"): [event_labels.event_text(row, lang, names) for _, row in history.iterrows()],
            t("来源"): [str(sources.get(code, code) or "") for code in history["source_id"]],
            t("理由"): [event_labels.reason_of(row, lang) for _, row in history.iterrows()],
            t("登记于"): [local_time(value) for value in history["recorded_at"]],
        }
    )
    if with_names:
        frame[t("登记人")] = history["recorded_by"].to_numpy()
    frame[t("编号")] = history["event_id"].to_numpy()
    return frame


def history_rows(history: pd.DataFrame, *, with_names: bool) -> list[dict[str, object]]:
    """A history for its template. Names of editors are for editors."""
    sources, lang, names = atlas().pack.sources["title"], language(), code_names()
    gone = undone_among(history)
    return [
        {
            "id": row["event_id"],
            "day": labels.day_text(row["date"], row["date_precision"], lang),
            "kind": t(EVENT_LABELS.get(str(row["kind"]), str(row["kind"]))),
            "what": event_labels.event_text(row, lang, names),
            "source": str(sources.get(row["source_id"], "") or ""),
            "reason": event_labels.reason_of(row, lang),
            "when": local_time(row["recorded_at"]),
            "who": row["recorded_by"] if with_names else "",
            "gone": row["event_id"] in gone,
        }
        for _, row in history.iterrows()
    ]
