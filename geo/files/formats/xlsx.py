"""XLSX for offices: works, their events, sources and notes; headers in the reader's language, frozen and filtered.

Every text is written as a text: no cell is a formula, and those that would look like one if a person edited them carry
Excel's own quote prefix, so the value itself stays as it is.
"""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import pandas as pd

from geo.display import event_labels
from geo.display.fields import label_for_people
from geo.files.content import Content
from geo.files.pieces import headers
from geo.files.spec import FileFormat
from geo.table import FORMULA
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown, json_value
from geo.vocabulary import EVENT_LABELS, PRECISION_LABELS, RELIABILITY_LABELS

_WIDTHS: Final = {
    "name_zh": 30,
    "name_en": 30,
    "note_zh": 40,
    "note_en": 40,
    "source_title": 34,
    "source_url": 30,
}
_WIDEST: Final = 42
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
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": content.title,
            "subject": f"{content.as_of.isoformat()}, {content.system.title}",
            "comments": "\n".join(f"{label}: {text}" for label, text in content.facts.items()),
            "created": datetime.combine(content.as_of, datetime.min.time()),
        }
    )
    writer = _Writer(book, content.lang)
    frame = content.frame.drop(columns=["licence"])
    writer.table(translate(_("项目清单"), content.lang), frame, headers(content, frame), freeze=2)
    for title, rows, columns in (
        (_("事件"), content.events, _EVENTS),
        (_("来源"), content.sources, _SOURCES),
    ):
        labels = {name: label_for_people(name, content.lang) for name in columns}
        told = _with_labels(rows[list(columns)], content.lang)
        writer.table(translate(title, content.lang), told, labels, freeze=1)
    writer.facts(translate(_("文件说明"), content.lang), content)
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


class _Writer:
    """Writes tables with one look."""

    def __init__(self, book: Any, lang: str) -> None:
        self.book = book
        self.lang = lang
        look = {
            "bold": True,
            "bg_color": "#1F4E79",
            "font_color": "#FFFFFF",
            "text_wrap": True,
            "valign": "vcenter",
        }
        self.head = book.add_format(look)
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.quoted = book.add_format({"quote_prefix": True})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})

    def table(self, title: str, frame: pd.DataFrame, labels: dict[str, str], *, freeze: int) -> None:
        """A sheet with a frozen header row and ``freeze`` frozen columns, a filter, and widths to read by."""
        sheet = self.book.add_worksheet(title)
        sheet.set_row(0, 30)
        for column, name in enumerate(frame.columns):
            sheet.write_string(0, column, labels[str(name)], self.head)
            sheet.set_column(column, column, _width(str(name), labels[str(name)], frame[name]))
            for row, value in enumerate(frame[name], start=1):
                self._cell(sheet, row, column, value)
        sheet.freeze_panes(1, freeze)
        if len(frame.columns):
            sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if is_unknown(value):
            return
        if isinstance(value, date):
            sheet.write_datetime(row, column, datetime.combine(value, datetime.min.time()), self.day)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self.quoted if value.startswith(FORMULA) else None)
        else:
            sheet.write(row, column, json_value(value))

    def facts(self, title: str, content: Content) -> None:
        """The sheet of notes: what a reader must know, and what each column is."""
        sheet = self.book.add_worksheet(title)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        rows = [*content.facts.items(), ("", "")]
        rows += [(label, name) for name, label in headers(content, content.frame).items()]
        for row, (label, text) in enumerate(rows):
            sheet.write_string(row, 0, label, self.bold)
            sheet.write_string(row, 1, text, self.wrap)


def _width(name: str, label: str, values: pd.Series[Any]) -> int:
    if name in _WIDTHS:
        return _WIDTHS[name]
    longest = max((_letters(str(value)) for value in values if not is_unknown(value)), default=0)
    return min(max(longest, _letters(label) // 2 + 2, 8) + 2, _WIDEST)


def _letters(text: str) -> int:
    """Width in Latin letters: a Chinese one counts double."""
    return sum(2 if letter > "\u2e80" else 1 for letter in text)


FORMAT = FileFormat(
    id="xlsx",
    title="XLSX",
    use=_("办公表格"),
    ending=".xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write=write,
    order=10,
)
