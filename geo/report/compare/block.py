"""The comparison of districts as a block of a report: the drawing of its page, said in words, and the table of what it shows."""

from __future__ import annotations

from datetime import date

from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.report.compare.measures import get_measure
from geo.report.compare.ranking import works_ranking
from geo.report.compare.sheet import Row, sheet
from geo.report.model import Cell, Chart, Column, Table
from geo.text import mark as _
from geo.text import translate

_HEADS = ((_("名次"), 1.0), (_("区县"), 2.0), (_("数值和范围"), 2.5), (_("分子 / 分母"), 1.5))


def comparison(atlas: Atlas, as_of: date, lang: str) -> Chart:
    """All districts by the measure that their sentences speak of, as app and public site show it.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Chart
    """
    shown = sheet(atlas, works_ranking(atlas, get_measure(atlas, FIRST_MEASURE), as_of), lang)
    table = Table(
        columns=tuple(Column(translate(head, lang), share) for head, share in _HEADS),
        rows=tuple(map(_cells, shown.rows)),
        empty="",
        caption=shown.title,
    )
    return Chart(shown.picture, f"{shown.title}: {shown.lead}", shown.lead, table)


def _cells(row: Row) -> tuple[Cell, ...]:
    return (Cell(row.rank, small=row.ranks), Cell(row.name), Cell(row.value, small=row.range), Cell(row.of))
