"""The page of a promise, as blocks that the app, the public site and the command line show alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.display.labels import name_of, publisher_name, source_publisher
from geo.display.number_heads import NUMBER_HEADS
from geo.register.amounts import done_lower_bound, top_works, weights
from geo.register.city import Atlas
from geo.register.item_counts import CountedRows
from geo.register.plan_items import require_items
from geo.register.progress import in_district, item_row, item_rows
from geo.report.counts import amount, number
from geo.report.model import Block, Bullets, Cell, Column, Figures, Heading, Quote, Table
from geo.report.photos import photo_blocks
from geo.report.promise.overview import outcome_of
from geo.report.promise.parts import MISSING, bar, parts_of
from geo.report.promise.plan_fates import also_promised
from geo.report.promise.timeline import timeline
from geo.report.promise.verdict import Verdict, verdict
from geo.report.references import References
from geo.report.request import ReportRequest, year_before
from geo.report.works import totals_table, works_table
from geo.text import mark as _
from geo.text import translate


@dataclass(frozen=True, slots=True)
class PromisePage:
    """One promise on a day.

    Attributes
    ----------
    item_id, name : str
    verdict : Verdict
        The state, and the sentence that says why.
    outcome : str
        What has become of it: a word of :data:`geo.report.promise.overview.OUTCOMES`.
    blocks : tuple
        What stands below it.
    """

    item_id: str
    name: str
    verdict: Verdict
    outcome: str
    blocks: tuple[Block, ...] = ()


def all_promises(
    atlas: Atlas, as_of: date, lang: str, items: Collection[str] | None = None
) -> list[PromisePage]:
    """Every promise of the plan with its verdict, without blocks.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.
    items : collection of str or None
        Ids of the plan's items that are wanted; all where it is None.

    Returns
    -------
    list of PromisePage
        In the order of the plan.
    """
    made = []
    for one in atlas.of_each_plan():
        state, planned = one.register.state(as_of), one.pack.plan_items
        wanted = planned if items is None else planned[planned.index.isin(list(items))]
        for item_id, item in wanted.join(
            item_rows(one.register, as_of, list(map(str, wanted.index)))
        ).iterrows():
            works = top_works(state[state["item_id"] == item_id])
            decided = verdict(one, item, works, as_of, lang)
            made.append(PromisePage(str(item_id), name_of(item, lang), decided, outcome_of(item, works)))
    return made


def promise_page(atlas: Atlas, item_id: str, as_of: date, lang: str) -> PromisePage:
    """Everything that is known of a promise on a day, and what is not.

    Parameters
    ----------
    atlas : Atlas
    item_id : str
        Of the plan's items.
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    PromisePage

    Raises
    ------
    UnknownIdError
        The plan has no such item.
    """
    items = atlas.pack.plan_items
    require_items([item_id], items)
    atlas = atlas.of_item(item_id)
    state = atlas.register.state(as_of)
    planned, refs = pd.Series(items.loc[item_id]), References(atlas.pack.sources)
    counts = item_row(atlas.register, planned, CountedRows(state), as_of)
    item = pd.concat([planned, pd.Series(counts, dtype=object)])
    works, rows = top_works(state[state["item_id"] == item_id]), _rows(state, item_id)
    totals = rows[(rows["kind"] == "aggregate") & (rows["counted"] == "yes")]
    request = ReportRequest("", as_of, year_before(as_of), lang)
    table, _numbers = works_table(atlas, rows, refs, request)
    parts = parts_of(item, works)
    chart = timeline(atlas, item, rows[rows["kind"] != "station"], as_of, lang)
    when: list[Block] = [Heading(translate(_("计划与实际"), lang)), chart] if chart else []
    elsewhere = also_promised(atlas, item_id, lang)
    blocks: list[Block] = [
        _quote(atlas, item, refs, lang),
        *([Bullets(elsewhere)] if elsewhere else []),
        *_figures(item, lang),
        *([bar(item, parts, lang)] if parts else []),
        *when,
        *_districts(atlas, item, works, totals, lang),
        Heading(translate(_("项目"), lang)),
        table,
        *([totals_table(totals, refs, lang)] if len(totals) else []),
        *photo_blocks(atlas, map(str, rows.index), lang),
        Heading(translate(_("还不知道"), lang)),
        Bullets(_unknowns(atlas, item, works, totals, lang)),
        Heading(translate(_("来源"), lang)),
    ]
    name = name_of(item, lang)
    decided = verdict(atlas, item, works, as_of, lang)
    return PromisePage(item_id, name, decided, outcome_of(item, works), (*blocks, refs.as_block(lang)))


def _rows(state: pd.DataFrame, item_id: str) -> pd.DataFrame:
    """The works and totals of an item that count or may count, with their sections."""
    mine = state[(state["item_id"] == item_id) & state["counted"].isin(("yes", "probable"))]
    parts = state[state["parent_id"].isin(mine.index) & (state["kind"] == "section")]
    return pd.concat([mine, parts[~parts.index.isin(mine.index)]])


def _quote(atlas: Atlas, item: pd.Series[Any], refs: References, lang: str) -> Quote:
    plan = atlas.pack.sources.loc[item["source_id"]]
    parts = (source_publisher(plan, lang), plan["title"], plan["published"])
    by = ("，" if lang == "zh" else ", ").join(map(str, filter(None, parts)))
    return Quote(str(item["quote_zh"]), by, refs.numbers_of(item["source_id"]))


def _figures(item: pd.Series[Any], lang: str) -> list[Block]:
    """The four numbers; none for a promise of one thing, of which the sentence says all."""
    if item["target"] == 1:
        return []
    names = ("target", "done", "named", "placed")
    texts = ((amount(item[key], item["unit"], lang), translate(NUMBER_HEADS[key], lang)) for key in names)
    return [Figures(tuple(texts))]


def _districts(
    atlas: Atlas, item: pd.Series[Any], works: pd.DataFrame, totals: pd.DataFrame, lang: str
) -> list[Block]:
    """Named, placed and done by district; empty for a promise of one thing."""
    if item["target"] == 1:
        return []
    cells = []
    for code, name in atlas.districts[f"name_{lang}"].items():
        here = works[in_district(works, str(code))]
        local = totals[totals["district_code"] == code]
        if here.empty and local.empty:
            continue
        weight = weights(here, str(item["measure"]))
        done = done_lower_bound(here.assign(weight=weight, district_code=code), local)
        values = (weight.sum(), weight[here["placed"].astype(bool)].sum(), done)
        cells.append((Cell(str(name)), *(Cell(number(float(value))) for value in values)))
    names = ("named", "placed", "done")
    heads = (Column(translate(NUMBER_HEADS[name], lang), 1.4, "right") for name in names)
    columns = (Column(translate(_("区县"), lang), 2.5), *heads)
    empty = translate(_("没有一条记载说到区县。"), lang)
    return [Heading(translate(_("各区县"), lang)), Table(columns, tuple(cells), empty)]


def _unknowns(
    atlas: Atlas, item: pd.Series[Any], works: pd.DataFrame, totals: pd.DataFrame, lang: str
) -> tuple[str, ...]:
    """What nobody has reported, and who could tell."""
    missing = sum(part.value for part in parts_of(item, works) if part.key == MISSING)
    counts = {
        _("{n}没有找到任何记载：不知道是哪些、在哪里、做了没有。"): amount(missing, item["unit"], lang)
        if missing
        else "",
        _("{n} 项点了名，但不知道在哪里。"): int((~works["placed"].astype(bool)).sum()),
        _("{n} 项点了名，但没有带日期的进展。"): int((works["status"] == "unknown").sum()),
        _("{n} 条记载只报总数，没有名单。"): len(totals),
    }
    found = [translate(text, lang).format(n=value) for text, value in counts.items() if value]
    publishers = _publishers(atlas, item, works, totals, lang)
    if publishers:
        found.append(translate(_("可以问：{publishers}。"), lang).format(publishers=publishers))
    return tuple(found)


def _publishers(
    atlas: Atlas, item: pd.Series[Any], works: pd.DataFrame, totals: pd.DataFrame, lang: str
) -> str:
    """Official publishers of what is known of the item; the plan's own first."""
    named = [item["source_id"], *totals["source_id"], *works["source_id"], *works["status_source_id"]]
    sources = atlas.pack.sources.reindex(pd.Index(named).dropna().unique())
    official = sources[sources["reliability"] == "official"]["publisher"].dropna().unique()
    return ("、" if lang == "zh" else ", ").join(publisher_name(each, lang) for each in official[:4])
