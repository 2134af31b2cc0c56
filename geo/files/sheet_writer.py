"""Workbooks for offices: tables with one look, in which no cell is a formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any, Final
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from geo.columns import Array, objects
from geo.display.tokens import COLOURS
from geo.table import FORMULA

_WIDTHS: Final = {
    "name_zh": 30,
    "name_en": 30,
    "note_zh": 40,
    "note_en": 40,
    "source_title": 34,
    "source_url": 30,
}
_WIDEST: Final = 42


def new_book(stream: IO[bytes], *, title: str, subject: str, comments: str, day: date) -> Any:
    """An empty workbook of xlsxwriter, whose texts stay texts; the same content gives the same bytes.

    Parameters
    ----------
    stream : binary file
        Where it is written when it is closed.
    title, subject, comments : str
        Its properties.
    day : date
        Stands for the moment at which it was made.

    Returns
    -------
    xlsxwriter.Workbook
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.str_table = _texts()
    created = datetime.combine(day, datetime.min.time())
    book.set_properties({"title": title, "subject": subject, "comments": comments, "created": created})
    return book


def _texts() -> Any:
    """The library's shared texts, in which a text that looks like its own mark-up (``<r>...</r>``, which it writes as it is) stays a text."""
    from xlsxwriter.sharedstrings import SharedStringTable

    class Texts(SharedStringTable):  # type: ignore[misc, unused-ignore]  # the library has no types
        def _get_shared_string_index(self, string: str) -> int:
            if string.startswith("<r>") and string.endswith("</r>"):
                string = f'<r><t xml:space="preserve">{escape(string)}</t></r>'
            return int(super()._get_shared_string_index(string))

    return Texts()


class SheetWriter:
    """Writes tables with one look into a workbook of :func:`new_book`."""

    def __init__(self, book: Any) -> None:
        self.book = book
        look = {
            "bold": True,
            "bg_color": COLOURS["accent"].light,
            "font_color": COLOURS["accent-ink"].light,
            "text_wrap": True,
            "valign": "vcenter",
        }
        self.head = book.add_format(look)
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.quoted = book.add_format({"quote_prefix": True})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.bold_quoted = book.add_format({"bold": True, "valign": "top", "quote_prefix": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.wrap_quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})

    def table(self, title: str, frame: pd.DataFrame, labels: dict[str, str], *, freeze: int) -> None:
        """A sheet with a frozen header row and ``freeze`` frozen columns, a filter, and widths to read by.

        Parameters
        ----------
        title : str
            Name of the sheet, up to 31 characters.
        frame : DataFrame
        labels : dict
            Column -> header.
        freeze : int
        """
        from geo.files.column_sheet import ColumnSheet

        sheet = self.book.add_worksheet(title, worksheet_class=ColumnSheet)
        sheet.set_row(0, 30)
        for column, name in enumerate(frame.columns):
            sheet.write_string(0, column, labels[str(name)], self.head)
            sheet.set_column(column, column, _width(str(name), labels[str(name)], frame[name]))
            sheet.write_below(column, frame[name], day=self.day, quoted=self.quoted, risky=FORMULA)
        sheet.freeze_panes(1, freeze)
        if len(frame.columns):
            sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def facts(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """A sheet of two columns: what each line is, and what it says."""
        sheet = self.book.add_worksheet(title)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        for row, (label, text) in enumerate(rows):
            sheet.write_string(row, 0, label, self._style_of(label, self.bold, self.bold_quoted))
            sheet.write_string(row, 1, text, self._style_of(text, self.wrap, self.wrap_quoted))

    def _style_of(self, text: str, plain: Any, quoted: Any) -> Any:
        return quoted if text.startswith(FORMULA) else plain


def _width(name: str, label: str, values: pd.Series[Any]) -> int:
    if name in _WIDTHS:
        return _WIDTHS[name]
    cells = objects(values.tolist())
    texts = pd.unique(objects(list(map(str, cells[~pd.isna(cells)]))))
    return min(max(_widest(texts), _letters(label) // 2 + 2, 8) + 2, _WIDEST)


def _widest(texts: Array) -> int:
    """Width in Latin letters of the widest text; none is measured that cannot be it, or where a column has no room anyhow."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    longest = int(lengths.max(initial=0))
    if longest >= _WIDEST:
        return longest
    wide = (text for text in texts[2 * lengths > longest] if not text.isascii())
    return max([longest, *map(_letters, wide)])


def _letters(text: str) -> int:
    """Width in Latin letters: a Chinese one counts double."""
    return sum(2 if letter > "\u2e80" else 1 for letter in text)
