"""XLSX for offices: works, their events, sources and notes; headers in the reader's language, frozen and filtered.

Every text is written as a text: no cell is a formula, and those that would look like one if a person edited them carry
Excel's own quote prefix, so the value itself stays as it is.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import pandas as pd

from geo.display import event_labels
from geo.display.fields import label_for_people
from geo.files.content import Content
from geo.files.pieces import headers
from geo.files.sheet_writer import SheetWriter, new_book
from geo.files.spec import FileFormat
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown
from geo.vocabulary import EVENT_LABELS, PRECISION_LABELS, RELIABILITY_LABELS

_EVENTS: Final = (
    "work_id",
    "date",
    "date_precision",
    "kind",
    "value",
    "unit",
    "confirmed",
    "reason_zh",
    "source_id",
)
_SOURCES: Final = ("source_id", "title", "publisher", "published", "url", "reliability", "licence")


def write(content: Content) -> bytes:
    """A workbook of four sheets; the same content gives the same bytes."""
    stream = BytesIO()
    comments = "\n".join(f"{label}: {text}" for label, text in content.facts.items())
    subject = f"{content.as_of.isoformat()}, {content.system.title}"
    book = new_book(stream, title=content.title, subject=subject, comments=comments, day=content.as_of)
    writer = SheetWriter(book)
    frame = content.frame.drop(columns=["licence"])
    writer.table(translate(content.sheet, content.lang), frame, headers(content, frame), freeze=2)
    for title, rows, columns in (
        (_("事件"), content.events, _EVENTS),
        (_("来源"), content.sources, _SOURCES),
    ):
        labels = {name: label_for_people(name, content.lang) for name in columns}
        told = _with_labels(rows[list(columns)], content.lang)
        writer.table(translate(title, content.lang), told, labels, freeze=1)
    meanings = ((label, name) for name, label in headers(content, content.frame).items())
    writer.facts(translate(_("文件说明"), content.lang), [*content.facts.items(), ("", ""), *meanings])
    book.close()
    return stream.getvalue()


def _with_labels(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Codes of events and sources as words; numbers and what people wrote stay as they are."""
    texts = rows.copy()
    if "kind" in rows.columns:
        texts["kind"] = [translate(EVENT_LABELS[str(kind)], lang) for kind in rows["kind"]]
        texts["date_precision"] = [_exactness(word, lang) for word in rows["date_precision"]]
        texts["value"] = [
            row["value"] if row["kind"] == "quantity" else event_labels.event_text(row, lang)
            for _id, row in rows.iterrows()
        ]
    if "reliability" in rows.columns:
        texts["reliability"] = [
            translate(RELIABILITY_LABELS[str(word)], lang) for word in rows["reliability"]
        ]
    return texts


def _exactness(precision: Any, lang: str) -> str | None:
    """``month`` -> ``月``: the word that stands in brackets behind a date."""
    if is_unknown(precision):
        return None
    return translate(PRECISION_LABELS.get(str(precision), PRECISION_LABELS["day"]), lang)


FORMAT = FileFormat(
    id="xlsx",
    title="XLSX",
    use=_("办公表格"),
    ending=".xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write=write,
    order=10,
)
