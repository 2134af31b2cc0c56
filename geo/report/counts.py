"""Counts of a report: key figures, items with their four numbers, districts side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.display.labels import name_of, unit_label
from geo.display.number_heads import NUMBER_HEADS
from geo.register.amounts import top_works
from geo.register.city import Atlas
from geo.register.item_counts import CountedRows
from geo.register.progress import progress
from geo.register.work_counts import work_counts
from geo.report.model import Block, Cell, Column, Table, Text
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown
from geo.vocabulary import VERB_LABELS, promise_label

if TYPE_CHECKING:
    from geo.report.request import ReportRequest


def number(value: Any) -> str:
    """``20000.0`` -> ``20,000``; one decimal where there is one; a dash for unknown."""
    if is_unknown(value):
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def amount(value: Any, unit: Any, lang: str) -> str:
    """A number with its unit: ``166 个``; in English Chinese counting words are left out, ``166``, and ``50%`` stays.

    Parameters
    ----------
    value : number
    unit : str
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
    """
    symbol = unit_label(unit, lang)
    between = "" if symbol == "%" else " "
    return f"{number(value)}{between}{symbol}".strip()


def figures(rows: pd.DataFrame, lang: str) -> tuple[tuple[str, str], ...]:
    """Key figures of the works."""
    counts = work_counts(top_works(rows))
    values = {
        "named": counts.works,
        "placed": counts.placed,
        "done": counts.done,
        "silent": counts.silent,
        "unplaced": counts.unplaced,
    }
    return tuple((number(value), translate(NUMBER_HEADS[name], lang)) for name, value in values.items())


def items_blocks(atlas: Atlas, rows: pd.DataFrame, request: ReportRequest) -> list[Block]:
    """The items with target, named, placed and done; for the city with the promise, and districts side by side.

    Parameters
    ----------
    atlas : Atlas
    rows : DataFrame
        Rows of ``Register.state`` that the report is about.
    request : ReportRequest
        District, days and language.

    Returns
    -------
    list of Block
    """
    if request.district:
        return _items_of_district(atlas, rows, request)
    lang = request.lang
    items = progress(atlas.register, request.as_of, "item")
    cells = [
        (
            _item_cell(item, lang),
            *(Cell(number(item[name])) for name in ("target", "named", "placed", "done")),
            Cell(translate(promise_label(item["promise"], item["verb"]), lang)),
        )
        for _id, item in items.iterrows()
    ]
    promise = Column(translate(NUMBER_HEADS["promise"], lang), 1.5)
    columns = (*_four_columns(NUMBER_HEADS["target"], lang), promise)
    note = translate(
        _("“做到了吗”说的是答应做的事（开工、完成……）有没有按期做到，与是否建成是两回事。"), lang
    )
    return [*_notes(note, lang), _table(columns, cells, lang), _districts(atlas, request)]


def _items_of_district(atlas: Atlas, rows: pd.DataFrame, request: ReportRequest) -> list[Block]:
    lang, cells = request.lang, []
    for one in atlas.of_each_plan():
        state = one.register.state(request.as_of)
        cells += _cells_of_district(
            one, rows if one is atlas else state[state.index.isin(rows.index)], request
        )
    note = translate(_("计划目标是全市的数，计划没有分到区县；后三个数是本区的。"), lang)
    return [*_notes(note, lang), _table(_four_columns(_("全市目标"), lang), cells, lang)]


def _cells_of_district(atlas: Atlas, rows: pd.DataFrame, request: ReportRequest) -> list[tuple[Cell, ...]]:
    """Rows of the table of the items of a plan that have a work or a total in a district."""
    lang, counted = request.lang, CountedRows(rows)
    cells = []
    for item_id, item in atlas.pack.plan_items.iterrows():
        key, measure = str(item_id), str(item["measure"])
        named = counted.named(key)
        if not len(named) and not len(counted.totals(key)):
            continue
        four = (
            item["target"],
            counted.amount(named, measure),
            counted.amount(named[counted.placed[named]], measure),
            counted.done_at_least(key, measure, request.district),
        )
        cells.append((_item_cell(item, lang), *(Cell(number(value)) for value in four)))
    return cells


def _notes(note: str, lang: str) -> list[Block]:
    """A remark on the table, and what the small words under its items mean."""
    small = translate(_("条目下的小字是编号、单位、怎样才算做到；“到数”指确认完成的数达到计划的数。"), lang)
    return [Text(note + (" " if lang == "en" else "") + small, quiet=True)]


def _item_cell(item: pd.Series[Any], lang: str) -> Cell:
    unit = unit_label(item["unit"], lang)
    return Cell(
        name_of(item, lang),
        small=" · ".join(filter(None, (item["item_id"], unit, translate(VERB_LABELS[item["verb"]], lang)))),
    )


def _four_columns(target: str, lang: str) -> tuple[Column, ...]:
    numbers = (target, *(NUMBER_HEADS[name] for name in ("named", "placed", "done")))
    shares = (1.2, 1.0, 1.1, 1.2)
    heads = (
        Column(translate(label, lang), share, "right") for label, share in zip(numbers, shares, strict=True)
    )
    return (Column(translate(_("条目"), lang), 4.2), *heads)


def _table(columns: tuple[Column, ...], cells: list[tuple[Cell, ...]], lang: str) -> Table:
    return Table(columns, tuple(cells), translate(_("没有条目。"), lang))


def _districts(atlas: Atlas, request: ReportRequest) -> Table:
    lang = request.lang
    table = progress(atlas.register, request.as_of, "district")
    names = ("named", "placed", "done", "unplaced", "shared", "reported_totals")
    labels = (NUMBER_HEADS[name] for name in names)
    heads = tuple(Column(translate(label, lang), 1.1, "right") for label in labels)
    rows = tuple(
        (Cell(str(row[f"name_{lang}"])), *(Cell(number(row[name])) for name in names))
        for _code, row in table.iterrows()
    )
    caption = translate(_("各区县点了名的项目（跨区的在每个区各算一次）"), lang)
    return Table((Column(translate(_("区县"), lang), 2.2), *heads), rows, "", caption)
