"""XLSX for offices: works, their events, sources and notes; headers in the reader's language, frozen and filtered.

Every text is written as a text: no cell is a formula, and those that would look like one if a person edited them carry
Excel's own quote prefix, so the value itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final

import numpy as np
import pandas as pd

from geo.columns import labels_of, objects
from geo.display import event_labels
from geo.display.fields import label_for_people
from geo.files.content import Content
from geo.files.pieces import headers
from geo.files.sheet_writer import SheetWriter, new_book
from geo.files.spec import FileFormat
from geo.text import mark as _
from geo.text import translate
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

    def label(name: str, names: Mapping[str, str]) -> list[str | None]:
        return labels_of(rows[name], lambda code: translate(names[code], lang))

    if "kind" in rows.columns:
        texts["kind"] = label("kind", EVENT_LABELS)
        texts["date_precision"] = labels_of(rows["date_precision"], lambda word: _exactness(word, lang))
        is_number = (rows["kind"] == "quantity").to_numpy(bool)
        texts["value"] = np.where(is_number, rows["value"], objects(event_labels.event_texts(rows, lang)))
    if "reliability" in rows.columns:
        texts["reliability"] = label("reliability", RELIABILITY_LABELS)
    return texts


def _exactness(precision: str, lang: str) -> str:
    """``month`` -> ``月``: the word that stands in brackets behind a date."""
    return translate(PRECISION_LABELS.get(precision, PRECISION_LABELS["day"]), lang)


FORMAT = FileFormat(
    id="xlsx",
    title="XLSX",
    use=_("办公表格"),
    ending=".xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write=write,
    order=10,
)
