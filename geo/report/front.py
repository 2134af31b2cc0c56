"""The front page: what has become of the promises, what changed lately, and stories of the data. One for the app and the public site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from geo.display.labels import plan_titles
from geo.register.city import Atlas
from geo.report.changes import Latest, latest
from geo.report.compare.ranking import Ranking
from geo.report.promise.overview import OUTCOMES, Outcomes, outcomes
from geo.report.promise.page import PromisePage, all_promises
from geo.report.stories import Story, stories
from geo.table import csv_bytes
from geo.text import mark as _
from geo.text import translate


@dataclass(frozen=True, slots=True)
class Front:
    """What a visitor reads first, on a day and in one language."""

    as_of: date
    promises: tuple[PromisePage, ...]
    outcomes: Outcomes
    latest: tuple[Latest, ...]
    stories: tuple[Story, ...]


def front(
    atlas: Atlas,
    as_of: date,
    lang: str,
    *,
    promises: Sequence[PromisePage] | None = None,
    ranking: Ranking | None = None,
) -> Front:
    """The message of the front page.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
    lang : str
        ``zh`` or ``en``.
    promises : sequence of PromisePage or None
        Of :func:`geo.report.promise.page.all_promises`, where they are made already.
    ranking : Ranking or None
        Of the districts on the day by the first measure, where it is made already.

    Returns
    -------
    Front
    """
    made = tuple(all_promises(atlas, as_of, lang) if promises is None else promises)
    counted = outcomes((one.outcome for one in made), lang)
    shown = stories(atlas, as_of, lang, ranking)
    return Front(as_of, made, counted, tuple(latest(atlas, as_of, lang)), shown)


def promises_csv(atlas: Atlas, message: Front, lang: str) -> bytes:
    """Every promise with its outcome and its sentence as CSV (UTF-8 with a BOM).

    Parameters
    ----------
    atlas : Atlas
    message : Front
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    bytes
    """
    rows = [
        {
            "item_id": one.item_id,
            "name": one.name,
            "outcome": one.outcome,
            "label": translate(OUTCOMES[one.outcome], lang),
            "sentence": one.verdict.sentence,
            "as_of": message.as_of.isoformat(),
        }
        for one in message.promises
    ]
    frame = pd.DataFrame(rows, dtype=object)
    for plan in plan_titles(atlas, lang):
        frame[translate(_("计划"), lang)] = plan
    frame[translate(_("许可与署名"), lang)] = f"{atlas.city.licence.label}; {atlas.city.credit_line(lang)}"
    return csv_bytes(frame)
