"""The lines at the end of a report for those who answer for it: signed by hand, for the program knows nobody's signature."""

from __future__ import annotations

from typing import Final

from geo.report.model import Block, Cell, Column, Heading, Table
from geo.text import mark as _
from geo.text import translate

_ROLES: Final = (_("编制"), _("审核"), _("批准"))
_COLUMNS: Final = ((_("职责"), 0.6), (_("姓名"), 1.0), (_("签名"), 1.4), (_("日期"), 1.0))
_ROOM: Final = "\u3000"
"""An ideographic space: a cell to write in is no empty one to a reader of the page."""


def sign_off(lang: str) -> tuple[Block, ...]:
    """A heading and a table with a row for each who signs: prepared, checked, approved."""
    columns = tuple(Column(translate(label, lang), share) for label, share in _COLUMNS)
    blank = tuple(Cell(_ROOM, small=_ROOM) for _column in _COLUMNS[1:])
    rows = tuple((Cell(translate(role, lang), strong=True), *blank) for role in _ROLES)
    return Heading(translate(_("签发"), lang)), Table(columns, rows, "")
