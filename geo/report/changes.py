"""What happened between two days: states that changed, and every confirmed event with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.display.event_labels import event_text
from geo.display.labels import day_text, name_of, source_publisher, source_title, status_style
from geo.register.amounts import top_works
from geo.register.city import Atlas
from geo.report.counts import amount
from geo.report.model import Block, Cell, Column, Table, Text
from geo.report.references import References, web_address
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import PROGRESS_EVENTS

if TYPE_CHECKING:
    from geo.report.request import ReportRequest


def blocks(
    atlas: Atlas, rows: pd.DataFrame, before: pd.DataFrame, refs: References, request: ReportRequest
) -> list[Block]:
    """One sentence of counts, and the table of events.

    Parameters
    ----------
    atlas : Atlas
    rows : DataFrame
        Rows of ``Register.state`` that the report is about.
    before : DataFrame
        The same on the day compared with.
    refs : References
        Gives each source its number.
    request : ReportRequest
        District, days and language.

    Returns
    -------
    list of Block
    """
    lang = request.lang
    now, then = top_works(rows), top_works(before)
    changed = int((now["status"] != then["status"].reindex(now.index)).sum())
    text = translate(
        _("点了名的项目中 {changed} 项的状态有变化；证实建成由 {before} 项变为 {after} 项。"), lang
    )
    sentence = text.format(changed=changed, before=int(then["done"].sum()), after=int(now["done"].sum()))
    events = _events(atlas, rows, request)
    cells = tuple(_row(atlas, event, refs, lang) for _id, event in events.iterrows())
    columns = (
        Column(translate(_("日期"), lang), 1.7),
        Column(translate(_("项目"), lang), 4),
        Column(translate(_("记载"), lang), 3),
        Column(translate(_("来源"), lang), 0.9),
    )
    return [Text(sentence), Table(columns, cells, translate(_("这段时间没有已证实的记载。"), lang))]


@dataclass(frozen=True, slots=True)
class Latest:
    """One record of progress, in the language asked for.

    Attributes
    ----------
    day, what : str
        When, and what it says.
    work_id, name : str
        The work it is of.
    source, url : str
        Who says so, and where; the address is empty where there is none.
    """

    day: str
    work_id: str
    name: str
    what: str
    source: str
    url: str


def latest(atlas: Atlas, as_of: date, lang: str, limit: int = 3) -> list[Latest]:
    """The last confirmed records of progress of works of the plan up to a day, the newest first.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
    lang : str
        ``zh`` or ``en``.
    limit : int
        How many at the most.

    Returns
    -------
    list of Latest
    """
    works = atlas.register.works
    chosen = works.index[works["counted"].isin(("yes", "probable")) & (works["kind"] != "station")]
    events = atlas.register.events
    mine = events[events["work_id"].isin(chosen) & events["kind"].isin(PROGRESS_EVENTS)]
    mine = mine[
        mine["confirmed"].astype(bool)
        & mine["date"].map(lambda day: day is not None and day <= as_of).astype(bool)
    ]
    newest = mine.sort_values(["date", "event_id"], ascending=False, kind="stable").head(limit)
    return [_latest(atlas, event, lang) for _id, event in newest.iterrows()]


def _latest(atlas: Atlas, event: pd.Series[Any], lang: str) -> Latest:
    work = pd.Series(atlas.register.works.loc[event["work_id"]])
    source = atlas.pack.sources.loc[event["source_id"]]
    return Latest(
        day_text(event["date"], event["date_precision"], lang),
        str(event["work_id"]),
        name_of(work, lang),
        _in_words(event, lang),
        source_publisher(source, lang) or source_title(source),
        web_address(source["url"]),
    )


def _in_words(event: pd.Series[Any], lang: str) -> str:
    """What a record says; a milestone in English by its reason, where there is one in English."""
    reason = str(event.get(f"reason_{lang}") or "")
    return reason if lang == "en" and reason and event["kind"] == "milestone" else event_text(event, lang)


def _events(atlas: Atlas, rows: pd.DataFrame, request: ReportRequest) -> pd.DataFrame:
    work_ids = rows.index[rows["kind"] != "station"]
    events = atlas.pack.events
    confirmed = events[events["work_id"].isin(work_ids) & events["confirmed"].astype(bool)]
    inside = np.array(
        [day is not None and request.since < day <= request.as_of for day in confirmed["date"]], dtype=bool
    )  # of no records an empty list would choose no columns
    recent = confirmed[inside]
    recent = recent[recent["kind"].isin(PROGRESS_EVENTS)]
    return recent.sort_values(["date", "work_id", "event_id"], kind="stable")


def _row(atlas: Atlas, event: pd.Series[Any], refs: References, lang: str) -> tuple[Cell, ...]:
    return (
        Cell(day_text(event["date"], event["date_precision"], lang)),
        Cell(name_of(atlas.pack.works.loc[event["work_id"]], lang)),
        _description(event, lang),
        Cell("", refs=refs.numbers_of(event["source_id"])),
    )


def _description(event: pd.Series[Any], lang: str) -> Cell:
    reason = str(event.get(f"reason_{lang}") or event.get("reason_zh") or "")
    if event["kind"] == "status":
        return Cell(
            translate(status_style(str(event["value"])).label, lang), str(event["value"]), small=reason
        )
    if event["kind"] == "quantity":
        return Cell(amount(float(event["value"]), event["unit"], lang), small=reason)
    return Cell(reason if lang == "en" and reason else str(event["value"]))
