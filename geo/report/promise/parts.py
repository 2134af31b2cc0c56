"""What the number of a promise is made of: confirmed, reported, under way, named, and not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geo.display.labels import status_style
from geo.display.tokens import CHARTS
from geo.register.amounts import weights
from geo.report.counts import amount
from geo.report.model import Cell, Chart, Column, Table
from geo.report.pdf import TEMPLATES
from geo.templates import environment
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import (
    COMPLETED,
    COMPLETION,
    IDENTIFICATION,
    IMPLEMENTATION,
    ON_HOLD,
    PREPARATION,
    UNKNOWN,
)

REPORTED: Final = "reported"
MISSING: Final = "missing"
PART_LABELS: Final = {
    "completed": _("点了名、证实建成"),
    REPORTED: _("只报总数的建成（扣除已点名的）"),
    "under_way": _("点了名、在建"),
    "prepared": _("点了名、前期"),
    "named": _("点了名、没有进展记载"),
    MISSING: _("没有找到记载"),
}
_STATUSES: Final = {
    "under_way": (IMPLEMENTATION, COMPLETION),
    "prepared": (IDENTIFICATION, PREPARATION, ON_HOLD),
    "named": (UNKNOWN,),
}
_FILLS: Final = {
    "completed": status_style(COMPLETED).fill,
    REPORTED: CHARTS["reported"].light,
    "under_way": status_style(IMPLEMENTATION).fill,
    "prepared": status_style(PREPARATION).fill,
    "named": status_style(UNKNOWN).fill,
    MISSING: "url(#unknown)",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a sum: a key of :data:`PART_LABELS`, and how much, in the item's unit."""

    key: str
    value: float


def parts_of(item: pd.Series[Any], works: pd.DataFrame) -> tuple[Part, ...]:
    """The parts of a promised number, none of them zero; empty where the promise is no number.

    Parameters
    ----------
    item : Series
        Row of ``progress(by="item")``.
    works : DataFrame
        Counted works of the item, rows of ``Register.state``.

    Returns
    -------
    tuple of Part
        They sum to the target, or to what is known where that is more. Works that are named but not done may already be in
        a reported total, so what is missing is a lower bound.
    """
    if item["target"] == 1 or item["measure"] == "share":
        return ()
    weight, done = weights(works, str(item["measure"])), works["done"].astype(bool)
    values = {"completed": float(item["done_named"]), REPORTED: float(item["done_reported"])}
    for key, statuses in _STATUSES.items():
        values[key] = float(weight[works["status"].isin(statuses) & ~done].sum())
    values[MISSING] = max(float(item["target"]) - sum(values.values()), 0.0)
    return tuple(Part(key, value) for key, value in values.items() if value > 0)


def bar(item: pd.Series[Any], parts: tuple[Part, ...], lang: str) -> Chart:
    """The parts as one bar, with their numbers in words and in a table.

    Parameters
    ----------
    item : Series
        Row of the plan's items.
    parts : tuple of Part
        Of :func:`parts_of`.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Chart
    """
    whole, start, drawn = sum(part.value for part in parts), 0.0, []
    for part in parts:
        drawn.append({"start": start, "share": part.value / whole, "fill": _FILLS[part.key]})
        start += part.value / whole
    texts = [
        (translate(PART_LABELS[part.key], lang), amount(part.value, item["unit"], lang)) for part in parts
    ]
    words = ("；" if lang == "zh" else "; ").join(f"{label} {value}" for label, value in texts)
    columns = (Column(translate(_("部分"), lang), 4), Column(translate(_("数量"), lang), 1.5, "right"))
    table = Table(columns, tuple((Cell(label), Cell(value)) for label, value in texts), "", words)
    svg = environment(TEMPLATES).get_template("parts.svg").render(parts=drawn, charts=CHARTS)
    note = translate(_("点了名而没有建成的，可能已经算在只报的总数里；所以“没有找到记载”的数是至少。"), lang)
    return Chart(svg, words, note if parts[-1].key == MISSING else "", table)
