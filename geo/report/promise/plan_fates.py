"""What became of each year's plan: kept in time, kept late, promised again by a later plan, not kept, unknown; with its table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from geo.display.labels import name_of, plan_name
from geo.display.symbology import STATUS_STYLES
from geo.display.tokens import CHARTS
from geo.register.amounts import top_works
from geo.register.city import Atlas
from geo.register.plans import ALL_PLANS
from geo.register.progress import progress
from geo.report.drawing import drawing
from geo.report.model import Cell, Chart, Column, Table
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import LATE, ON_TIME, OVERDUE, PENDING, PROMISE_LABELS, UNKNOWN

AGAIN: Final = "again"
FATES: Final = {
    ON_TIME: PROMISE_LABELS[ON_TIME],
    LATE: PROMISE_LABELS[LATE],
    AGAIN: _("后来的计划再次承诺"),
    OVERDUE: PROMISE_LABELS[OVERDUE],
    PENDING: PROMISE_LABELS[PENDING],
    UNKNOWN: _("没有记载说做了没有"),
}
"""Word -> label. Promised again is what was not kept, and of which a later plan promises a work; kept late stays kept late."""
_FILLS: Final = {style.id: style.fill for style in STATUS_STYLES}
_FILL_OF: Final = {
    ON_TIME: _FILLS["completed"],
    LATE: CHARTS["late"].light,
    AGAIN: _FILLS["on_hold"],
    OVERDUE: CHARTS["overdue"].light,
    PENDING: _FILLS["implementation"],
    UNKNOWN: "url(#unknown)",
}
_KEPT: Final = (ON_TIME, LATE)


@dataclass(frozen=True, slots=True)
class PlanFate:
    """What has become of a plan's promises.

    Attributes
    ----------
    plan, name : str
        Its id and its title.
    year : int
    counts : mapping
        Word of :data:`FATES` -> how many promises.
    again : mapping
        Later plan -> how many promises of this one it made again, kept meanwhile or not.
    """

    plan: str
    name: str
    year: int
    counts: dict[str, int]
    again: dict[str, int]


def plan_fates(atlas: Atlas, as_of: date, lang: str) -> list[PlanFate]:
    """What has become of each plan on a day, by year; each promise is counted once.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of PlanFate
    """
    every = atlas.of_plan(ALL_PLANS)
    return sorted(
        (_fate(one, every, as_of, lang) for one in every.of_each_plan()),
        key=lambda fate: (fate.year, fate.plan),
    )


def _fate(atlas: Atlas, every: Atlas, as_of: date, lang: str) -> PlanFate:
    state = top_works(atlas.register.state(as_of))
    later = _later_promises(atlas, every)
    counts: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for item_id, item in progress(atlas.register, as_of, "item").iterrows():
        plans = {
            plan for work in state.index[state["item_id"] == item_id] for plan in later.get(str(work), ())
        }
        again.update(plans)
        word = str(item["promise"])
        counts[AGAIN if plans and word not in _KEPT else word] += 1
    return PlanFate(
        atlas.pack.plan,
        plan_name(every, lang, atlas.pack.plan),
        atlas.plan_year,
        {word: counts[word] for word in FATES},
        dict(sorted(again.items())),
    )


def _later_promises(atlas: Atlas, every: Atlas) -> dict[str, set[str]]:
    """Work -> the plans of a later year that promise it."""
    years = every.pack.plans["year"]
    found: dict[str, set[str]] = {}
    for one in every.of_each_plan():
        plan = one.pack.plan
        if years[plan] > years[atlas.pack.plan]:
            mine = one.register.works["item_id"]
            for work in mine.index[mine.notna()]:
                found.setdefault(str(work), set()).add(plan)
    return found


def fates_chart(atlas: Atlas, as_of: date, lang: str) -> Chart | None:
    """The bars of all plans with their table; None where the register has one plan, for there is nothing to compare.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Chart or None
    """
    if not atlas.has_several_plans:
        return None
    fates = plan_fates(atlas, as_of, lang)
    caption = translate(_("每份计划后来怎样（截至 {day}）"), lang).format(day=as_of.isoformat())
    parts = [_sentence(fate, lang) for fate in fates]
    svg = drawing(
        "plans.svg",
        rows=[(str(fate.year), sum(fate.counts.values()), _parts(fate)) for fate in fates],
        legend=[
            (translate(label, lang), _FILL_OF[word])
            for word, label in FATES.items()
            if any(fate.counts[word] for fate in fates)
        ],
        title=caption,
    )
    names = {str(plan): plan_name(atlas, lang, str(plan)) for plan in atlas.pack.plans.index}
    return Chart(svg, " ".join(parts), caption, _table(fates, names, lang))


def also_promised(atlas: Atlas, item_id: str, lang: str) -> tuple[str, ...]:
    """Where else works of an item are promised, a sentence for each item of another plan; none with one plan.

    Parameters
    ----------
    atlas : Atlas
    item_id : str
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    tuple of str
    """
    if not atlas.has_several_plans:
        return ()
    mine = set(atlas.register.works.index[atlas.register.works["item_id"] == item_id])
    found = []
    for one in atlas.of_plan(ALL_PLANS).of_each_plan():
        works, items = top_works(one.register.works), one.pack.plan_items
        for item in items.index[items.index.isin(works.loc[works.index.isin(mine), "item_id"])]:
            if item != item_id:
                text = translate(_("也是“{plan}”的承诺：{item} {name}"), lang)
                found.append(
                    text.format(plan=plan_name(one, lang), item=item, name=name_of(items.loc[item], lang))
                )
    return tuple(found)


def _sentence(fate: PlanFate, lang: str) -> str:
    listed = [
        translate(_("{label} {n} 项"), lang).format(label=translate(label, lang), n=fate.counts[word])
        for word, label in FATES.items()
        if fate.counts[word]
    ]
    text = translate(_("{plan}：{parts}。"), lang)
    return text.format(plan=fate.name, parts=translate(_("；"), lang).join(listed))


def _parts(fate: PlanFate) -> list[tuple[float, float, str]]:
    """Start, share and fill of each part that is not empty."""
    whole, start, made = max(sum(fate.counts.values()), 1), 0.0, []
    for word in FATES:
        share = fate.counts[word] / whole
        if share:
            made.append((start, share, _FILL_OF[word]))
        start += share
    return made


def _table(fates: list[PlanFate], names: dict[str, str], lang: str) -> Table:
    heads = (
        Column(translate(_("计划"), lang), 4),
        *(Column(translate(label, lang), 1.4, "right") for label in FATES.values()),
        Column(translate(_("后来又承诺于"), lang), 2.5),
    )
    between = translate(_("；"), lang)
    rows = tuple(
        (
            Cell(fate.name),
            *(Cell(str(fate.counts[word])) for word in FATES),
            Cell(
                between.join(
                    translate(_("{label} {n} 项"), lang).format(label=names[plan], n=number)
                    for plan, number in fate.again.items()
                )
            ),
        )
        for fate in fates
    )
    return Table(heads, rows, "", translate(_("数字表"), lang))
