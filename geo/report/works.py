"""The works of a report as a numbered table, and what is known in other ways: totals, lines, stations."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.display.district_lines import kilometres_text, notes, plan_lines
from geo.display.labels import (
    basis_label,
    day_text,
    distance,
    district_names,
    name_of,
    status_style,
    unit_label,
)
from geo.register.city import Atlas
from geo.register.progress import line_progress
from geo.report.counts import number
from geo.report.model import Block, Cell, Column, Table, Text
from geo.report.references import References
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import CERTAINTY_LABELS, NAMED_WORK_KINDS, WORK_KINDS

if TYPE_CHECKING:
    from geo.report.request import ReportRequest


def works_and_sections(rows: pd.DataFrame) -> pd.DataFrame:
    """The works and their sections, item by item, each section behind its work."""
    mine = rows[rows["kind"].isin(NAMED_WORK_KINDS)]
    order = mine["parent_id"].where(mine["parent_id"].notna(), mine["work_id"])
    return mine.assign(_order=order).sort_values(
        ["item_id", "_order", "kind", "work_id"], kind="stable", key=_last
    )


def _last(values: pd.Series[Any]) -> pd.Series[Any]:
    """``work`` before ``section`` in the column of kinds; all other columns as they are."""
    return values.map(WORK_KINDS.index) if values.name == "kind" else values.fillna("").astype(str)


def works_table(
    atlas: Atlas, rows: pd.DataFrame, refs: References, request: ReportRequest
) -> tuple[Table, dict[str, int]]:
    """The table, and the number of each work on the map.

    Parameters
    ----------
    atlas : Atlas
    rows : DataFrame
        Rows of ``Register.state`` that the report is about.
    refs : References
        Gives each source its number.
    request : ReportRequest
        District, days and language.

    Returns
    -------
    (Table, dict)
    """
    lang = request.lang
    mine = works_and_sections(rows)
    numbers = {str(work_id): place for place, work_id in enumerate(mine.index, start=1)}
    names = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    cells = tuple(
        (
            Cell(str(numbers[str(work_id)])),
            Cell(name_of(row, lang), small=_second_line(row, names, request), strong=row["kind"] == "work"),
            _status_cell(row, lang),
            _place_cell(row, lang),
            Cell("", refs=refs.numbers_of(row["source_id"], row["place_source_id"], row["status_source_id"])),
        )
        for work_id, row in mine.iterrows()
    )
    columns = (
        Column(translate(_("序号"), lang), 0.7, "right"),
        Column(translate(_("名称"), lang), 4.4),
        Column(translate(_("状态"), lang), 1.9),
        Column(translate(_("位置"), lang), 2.8),
        Column(translate(_("来源"), lang), 1.2),
    )
    return Table(columns, cells, translate(_("没有点了名的项目。"), lang)), numbers


def _second_line(row: pd.Series[Any], names: dict[str, str], request: ReportRequest) -> str:
    parts = [str(row["item_id"] or "")]
    if row["kind"] == "section":
        parts.append(translate(_("区段"), request.lang))
    codes = str(row["district_code"] or "")
    if codes != request.district:
        parts.append(district_names(codes, names, request.lang))
    if row["street"]:
        parts.append(str(row["street"]))
    return " · ".join(part for part in parts if part)


def _status_cell(row: pd.Series[Any], lang: str) -> Cell:
    label = translate(status_style(str(row["status"])).label, lang)
    return Cell(
        label, status=str(row["status"]), small=day_text(row["status_date"], row["status_precision"], lang)
    )


def _place_cell(row: pd.Series[Any], lang: str) -> Cell:
    basis = basis_label(row["location_basis"], lang)
    if row["certainty"] == "none":
        return Cell(
            translate(CERTAINTY_LABELS["none"], lang), small=basis if row["location_basis"] != "none" else ""
        )
    error = translate(_("误差{distance}"), lang).format(distance=distance(float(row["accuracy_m"]), lang))
    return Cell(error, small=basis)


def other_blocks(atlas: Atlas, rows: pd.DataFrame, refs: References, request: ReportRequest) -> list[Block]:
    """Totals that sources give without names, kilometres of lines, and stations in one sentence.

    Parameters
    ----------
    atlas : Atlas
    rows : DataFrame
        Rows of ``Register.state`` that the report is about.
    refs : References
        Gives each source its number.
    request : ReportRequest
        District, days and language.

    Returns
    -------
    list of Block
    """
    blocks: list[Block] = []
    totals = rows[(rows["kind"] == "aggregate") & (rows["counted"] == "yes")]
    if len(totals):
        blocks.append(totals_table(totals, refs, request.lang))
    blocks += _lines(atlas, request)
    stations = rows[rows["kind"] == "station"]
    if len(stations):
        text = translate(
            _("计划线路在此有站点 {n} 座，其中建成 {done} 座；站点随线路，不另计为项目。"), request.lang
        )
        blocks.append(Text(text.format(n=len(stations), done=int(stations["done"].sum()))))
    return blocks


def totals_table(rows: pd.DataFrame, refs: References, lang: str) -> Table:
    """Numbers that sources report without names, each with its source.

    Parameters
    ----------
    rows : DataFrame
        Aggregates, rows of ``Register.state``.
    refs : References
        Gives each source its number.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Table
    """
    columns = (
        Column(translate(_("记载"), lang), 5),
        Column(translate(_("报道已完成"), lang), 1.5, "right"),
        Column(translate(_("计划或招标"), lang), 1.5, "right"),
        Column(translate(_("单位"), lang), 0.8),
        Column(translate(_("来源"), lang), 1),
    )
    cells = tuple(
        (
            Cell(name_of(row, lang)),
            Cell(number(row["quantity_done"])),
            Cell(number(row["quantity_planned"])),
            Cell(unit_label(row["unit"], lang)),
            Cell("", refs=refs.numbers_of(row["source_id"], row["status_source_id"])),
        )
        for _id, row in rows.iterrows()
    )
    return Table(columns, cells, "", translate(_("来源只给了数字、没有点名的"), lang))


@lru_cache(maxsize=8)
def _kilometres(atlas: Atlas, as_of: date) -> pd.DataFrame:
    """Kilometres of every line by district, kept: eight reports ask the same."""
    return line_progress(atlas.register, atlas.line_shares, as_of)


def _lines(atlas: Atlas, request: ReportRequest) -> list[Block]:
    """The table of lines, and under it what its numbers are and which lines it leaves out."""
    lang = request.lang
    planned, others = plan_lines(
        _kilometres(atlas, request.as_of), atlas.register.state(request.as_of), request.district
    )
    if planned.empty and others.empty:
        return []
    cells = tuple(
        (
            Cell(name_of(row, lang)),
            Cell(kilometres_text(row, "km_planned")),
            Cell(kilometres_text(row, "km_open")),
            Cell(translate(status_style(str(row["status"])).label, lang), status=str(row["status"])),
        )
        for _id, row in planned.iterrows()
    )
    columns = (
        Column(translate(_("线路"), lang), 5),
        Column(translate(_("规划公里"), lang), 1.5, "right"),
        Column(translate(_("已通公里"), lang), 1.5, "right"),
        Column(translate(_("状态"), lang), 1.8),
    )
    table = Table(columns, cells, translate(_("没有境内线路。"), lang), translate(_("线路长度"), lang))
    return [table, Text(notes(others, lang), quiet=True)]
