"""All promises of the plan in one bar: kept, late, not kept, under way, unknown; with the table behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.display.labels import plan_titles
from geo.display.symbology import STATUS_STYLES
from geo.display.tokens import CHARTS
from geo.register.city import Atlas
from geo.report.drawing import drawing
from geo.report.model import Cell, Chart, Column, Table
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import LATE, ON_TIME, OVERDUE, PROMISE_FULFILLED, PROMISE_LABELS, STARTED, UNKNOWN

UNDER_WAY: Final = "under_way"
OUTCOMES: Final = {
    ON_TIME: PROMISE_LABELS[ON_TIME],
    LATE: PROMISE_LABELS[LATE],
    OVERDUE: PROMISE_LABELS[OVERDUE],
    UNDER_WAY: _("做了一些，做到没有说不准"),
    UNKNOWN: _("没有记载说做了没有"),
}
"""Word -> label. Promises to start or to advance are kept when that was done; under way is what is not decided, and of which some work
has begun or is done.
"""
_FILLS: Final = {style.id: style.fill for style in STATUS_STYLES}
_FILL_OF: Final = {
    ON_TIME: _FILLS["completed"],
    LATE: CHARTS["late"].light,
    OVERDUE: CHARTS["overdue"].light,
    UNDER_WAY: _FILLS["implementation"],
    UNKNOWN: "url(#unknown)",
}


def outcome_of(item: pd.Series[Any], works: pd.DataFrame) -> str:
    """What has become of a promise: a word of :data:`OUTCOMES`.

    Parameters
    ----------
    item : Series
        Row of ``progress(by="item")``.
    works : DataFrame
        Counted works of the item, rows of ``Register.state``.

    Returns
    -------
    str
    """
    if item["promise"] in PROMISE_FULFILLED:
        return str(item["promise"])
    has_begun = bool(works["status"].isin(STARTED).any()) or item["done"] > 0
    return UNDER_WAY if has_begun else UNKNOWN


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """One part of the bar.

    Attributes
    ----------
    outcome, label, fill : str
        A word of :data:`OUTCOMES`, its label, the colour of its part.
    count : int
        How many promises.
    start, share : float
        Where the part begins and how long it is, between 0 and 1.
    """

    outcome: str
    label: str
    fill: str
    count: int
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What has become of the promises: the parts of one bar, their sentence, their table, and the bar as a drawing.

    Attributes
    ----------
    parts : tuple of OutcomePart
        All outcomes, those of no promise with a count of 0.
    sentence : str
    chart : Chart
        For a report: the bar, and the table behind it.
    """

    parts: tuple[OutcomePart, ...]
    sentence: str
    chart: Chart

    @property
    def shown(self) -> tuple[OutcomePart, ...]:
        """The parts that have a length."""
        return tuple(part for part in self.parts if part.count)


def outcomes(results: Iterable[str], lang: str) -> Outcomes:
    """How many promises have each outcome.

    Parameters
    ----------
    results : iterable of str
        Words of :data:`OUTCOMES`, one a promise.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Outcomes
    """
    counts = Counter(results)
    whole, start, parts = max(counts.total(), 1), 0.0, []
    for outcome, label in OUTCOMES.items():
        share = counts[outcome] / whole
        parts.append(
            OutcomePart(outcome, translate(label, lang), _FILL_OF[outcome], counts[outcome], start, share)
        )
        start += share
    columns = (
        Column(translate(_("结果"), lang), 4),
        Column(translate(_("承诺（项）"), lang), 1.5, "right"),
        Column(translate(_("占"), lang), 1, "right"),
    )
    cells = tuple((Cell(one.label), Cell(str(one.count)), Cell(f"{one.share:.0%}")) for one in parts)
    sentence = outcome_sentence(counts, lang)
    svg = drawing("parts.svg", parts=[one for one in parts if one.count])
    table = Table(columns, cells, "", translate(_("数字表"), lang))
    return Outcomes(tuple(parts), sentence, Chart(svg, sentence, sentence, table))


def outcome_picture(atlas: Atlas, as_of: date, counted: Outcomes, lang: str) -> str:
    """The bar with its labels, day and credit: an SVG that is complete in itself.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
    counted : Outcomes
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
    """
    return drawing(
        "outcomes.svg",
        parts=counted.shown,
        title=translate(_("计划答应了什么，做到了没有"), lang),
        sentence=counted.sentence,
        day=" · ".join(
            [*plan_titles(atlas, lang), translate(_("截至 {day}"), lang).format(day=as_of.isoformat())]
        ),
        credit=f"{atlas.city.licence.label} · {atlas.city.author.of(lang)}",
    )


def outcome_sentence(counts: Counter[str], lang: str) -> str:
    """The outcomes in a sentence; those that no promise has are left out."""
    parts = [
        translate(_("{label} {n} 项"), lang).format(label=translate(label, lang), n=counts[outcome])
        for outcome, label in OUTCOMES.items()
        if counts[outcome]
    ]
    text = translate(_("{total} 项承诺：{parts}。"), lang)
    return text.format(total=counts.total(), parts=translate(_("；"), lang).join(parts))
