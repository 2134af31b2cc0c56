"""Planned against actual, as a drawing: the status of each work in time, what was planned, and the day the promise fell due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import pandas as pd
from jinja2 import Template

from geo.display.event_labels import event_text
from geo.display.labels import day_text, name_of, note_of, status_style
from geo.display.tokens import CHARTS, COLOURS
from geo.register.city import Atlas
from geo.report.model import Cell, Chart, Column, Table
from geo.report.pdf import TEMPLATES
from geo.templates import environment
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import PROGRESS_EVENTS

ROWS: Final = 30
"""Works of one drawing at the most; the table behind it has them all."""
_YEARS_BEFORE: Final = 2
_LETTERS: Final = {"zh": 12, "en": 24}
"""Of a name, before it is cut off with an ellipsis."""


@dataclass(frozen=True, slots=True)
class Band:
    """A status that held from one share of the axis to another."""

    start: float
    end: float
    fill: str


@dataclass(frozen=True, slots=True)
class Row:
    """One work: its name, its statuses, shares of the axis at which something else is recorded, or was only planned."""

    name: str
    bands: tuple[Band, ...]
    records: tuple[float, ...]
    planned: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """From the first to the last day that is drawn."""

    first: date
    last: date

    def share(self, day: date) -> float:
        """Where a day lies, from 0 to 1; days outside lie at the ends."""
        whole = (self.last - self.first).days
        return round(min(max((day - self.first).days / whole, 0.0), 1.0), 4)

    def years(self) -> list[tuple[float, str]]:
        """Each first of January on it."""
        span = range(self.first.year + (self.first > date(self.first.year, 1, 1)), self.last.year + 1)
        return [(self.share(date(year, 1, 1)), str(year)) for year in span]


def timeline(atlas: Atlas, item: pd.Series[Any], rows: pd.DataFrame, as_of: date, lang: str) -> Chart | None:
    """The drawing, with all its events as a table behind it; None where nothing is recorded.

    Parameters
    ----------
    atlas : Atlas
    item : Series
        Row of the plan's items.
    rows : DataFrame
        Works and totals of the item that are drawn, rows of ``Register.state``.
    as_of : date
        The day of the state; later events are drawn as planned.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Chart or None
    """
    events = atlas.register.events
    mine = events[events["work_id"].isin(rows.index) & events["kind"].isin(PROGRESS_EVENTS)]
    mine = mine[mine["date"].notna()].sort_values(["date", "work_id", "event_id"], kind="stable")
    if mine.empty:
        return None
    axis = _axis(item["due_date"], mine["date"], as_of)
    history = atlas.register.intervals()
    drawn = [
        _row(work, _statuses(history, str(key), as_of), mine[mine["work_id"] == key], axis, as_of, lang)
        for key, work in rows.iterrows()
        if (mine["work_id"] == key).any()
    ]
    caption = translate(
        _("色带是已证实的状态，实心菱形是记载，空心菱形是计划或预计；竖线是期限 {due}。"), lang
    ).format(due=item["due_date"].isoformat())
    drawing = _template().render(
        rows=drawn[:ROWS],
        years=axis.years(),
        due=axis.share(item["due_date"]),
        letters=_LETTERS[lang],
        charts=CHARTS,
        colours=COLOURS,
    )
    return Chart(drawing, caption, caption, _table(mine, rows, lang))


def _axis(due: date, days: Iterable[date], as_of: date) -> Axis:
    first = min(*days, due)
    return Axis(max(first, date(due.year - _YEARS_BEFORE, 1, 1)), max(*days, due, as_of) + timedelta(days=30))


def _statuses(history: pd.DataFrame, work_id: str, as_of: date) -> list[tuple[date, date, str]]:
    """Each status of a work with the day it began and the day it was no more so."""
    mine = history[history["work_id"] == work_id]
    steps = [(day, str(word)) for day, word in zip(mine["date"], mine["status"], strict=True) if day <= as_of]
    ends = [day for day, _word in [*steps[1:], (as_of, "")]]
    return [(day, end, word) for (day, word), end in zip(steps, ends, strict=False)]


def _row(
    work: pd.Series[Any],
    statuses: list[tuple[date, date, str]],
    events: pd.DataFrame,
    axis: Axis,
    as_of: date,
    lang: str,
) -> Row:
    sure = events["confirmed"].astype(bool) & events["date"].map(lambda day: day <= as_of).astype(bool)
    return Row(
        name_of(work, lang),
        tuple(
            Band(axis.share(start), axis.share(end), status_style(word).fill) for start, end, word in statuses
        ),
        tuple(map(axis.share, events.loc[sure, "date"])),
        tuple(map(axis.share, events.loc[~sure, "date"])),
    )


def _table(events: pd.DataFrame, rows: pd.DataFrame, lang: str) -> Table:
    columns = (
        Column(translate(_("日期"), lang), 1.4),
        Column(translate(_("项目"), lang), 3),
        Column(translate(_("记载"), lang), 4),
    )
    return Table(columns, tuple(_cells(events, rows, lang)), "", translate(_("图中的数据"), lang))


def _cells(events: pd.DataFrame, rows: pd.DataFrame, lang: str) -> Iterator[tuple[Cell, ...]]:
    planned = translate(_("计划/预计"), lang)
    for _id, event in events.iterrows():
        yield (
            Cell(day_text(event["date"], event["date_precision"], lang)),
            Cell(name_of(rows.loc[event["work_id"]], lang)),
            Cell(
                event_text(event, lang),
                small=" · ".join(
                    filter(None, ("" if event["confirmed"] else planned, note_of(event, lang, "reason")))
                ),
            ),
        )


@lru_cache(maxsize=1)
def _template() -> Template:
    return environment(TEMPLATES).get_template("timeline.svg")
