"""All promises of the plan in one bar: kept, late, not kept, under way, unknown; with the table behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from geo.display.symbology import STATUS_STYLES
from geo.display.tokens import CHARTS
from geo.report.model import Cell, Chart, Column, Table
from geo.report.pdf import TEMPLATES
from geo.templates import environment
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


def outcome_chart(outcomes: Iterable[str], lang: str) -> Chart:
    """How many promises have each outcome, as one bar with its words and its table.

    Parameters
    ----------
    outcomes : iterable of str
        Words of :data:`OUTCOMES`, one a promise.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Chart
    """
    counts = Counter(outcomes)
    whole, start, drawn, cells = max(counts.total(), 1), 0.0, [], []
    for outcome, label in OUTCOMES.items():
        share = counts[outcome] / whole
        cells.append((Cell(translate(label, lang)), Cell(str(counts[outcome])), Cell(f"{share:.0%}")))
        if share:
            drawn.append({"start": start, "share": share, "fill": _FILL_OF[outcome]})
        start += share
    columns = (
        Column(translate(_("结果"), lang), 4),
        Column(translate(_("承诺（项）"), lang), 1.5, "right"),
        Column(translate(_("占"), lang), 1, "right"),
    )
    words = sentence(counts, lang)
    svg = environment(TEMPLATES).get_template("parts.svg").render(parts=drawn, charts=CHARTS)
    return Chart(svg, words, words, Table(columns, tuple(cells), "", translate(_("数字表"), lang)))


def sentence(counts: Counter[str], lang: str) -> str:
    """The outcomes in a sentence; those that no promise has are left out."""
    parts = [
        translate(_("{label} {n} 项"), lang).format(label=translate(label, lang), n=counts[outcome])
        for outcome, label in OUTCOMES.items()
        if counts[outcome]
    ]
    text = translate(_("{total} 项承诺：{parts}。"), lang)
    return text.format(total=counts.total(), parts=translate(_("；"), lang).join(parts))
