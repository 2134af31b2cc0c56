"""The matrix as a report to print: for each set of facilities one table, with what is not computed, definitions and sources."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from geo.coverage.matrix import Matrix
from geo.coverage.matrix_table import NOT_COMPUTED
from geo.coverage.verdict import DENOMINATORS, VERDICTS
from geo.display.labels import reach_label
from geo.errors import ParameterError
from geo.register.city import Atlas
from geo.register.indicators import Indicator
from geo.report.counts import number
from geo.report.facts import licence_text
from geo.report.matrix_workbook import JUDGED, source_ids
from geo.report.model import Block, Bullets, Cell, Column, Heading, Report, Table, Text
from geo.report.pdf import to_pdf
from geo.report.references import References
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown
from geo.vocabulary import SET_LABELS

ACROSS: Final = 9
"""With more zones than this a page has no room for them side by side: a zone is then a row, one table an indicator."""
MOST_ROWS: Final = 4_000
"""Rows of all tables together; a report of more is for nobody to read."""


def matrix_pdf(atlas: Atlas, matrix: Matrix, lang: str) -> bytes:
    """The report as PDF, A4; the same matrix gives the same bytes.

    Parameters
    ----------
    atlas : Atlas
    matrix : Matrix
    lang : str
        ``zh`` or ``en``; the matrix is in the same.

    Returns
    -------
    bytes

    Raises
    ------
    ParameterError
        More rows than :data:`MOST_ROWS`.
    """
    return to_pdf(matrix_report(atlas, matrix, lang), b"")


def matrix_report(atlas: Atlas, matrix: Matrix, lang: str) -> Report:
    """The same as blocks.

    Parameters
    ----------
    atlas : Atlas
    matrix : Matrix
    lang : str

    Returns
    -------
    Report

    Raises
    ------
    ParameterError
        More rows than :data:`MOST_ROWS`.
    """
    rows = matrix.rounded()
    computed = rows[rows["reasons"] != NOT_COMPUTED]
    across = computed["zone_code"].nunique() <= ACROSS
    tables = computed.groupby(["set", "indicator_id"] if across else ["set", "indicator_id", "zone_code"])
    if tables.ngroups > MOST_ROWS:
        raise ParameterError(
            _("这张矩阵印出来有 {n} 行，超过 {most} 行。"),
            hint=_("请少选几个指标或设施集，或改用工作簿。"),
            n=number(tables.ngroups),
            most=number(MOST_ROWS),
        )
    used = [matrix.indicators[str(key)] for key in computed["indicator_id"].unique()]
    refs = References(atlas.pack.sources)
    refs.numbers_of(*sorted(source_ids(atlas, used)))
    title = translate(_("{city}指标矩阵"), lang).format(city=atlas.city.name(lang))
    blocks: list[Block] = [
        Text(translate(JUDGED, lang), quiet=True),
        *_sets(computed, matrix.indicators, lang, across=across),
        *_not_computed(rows, lang),
        Heading(translate(_("指标的定义"), lang)),
        _definitions(used, lang),
        Heading(translate(_("说明"), lang)),
        Bullets(tuple(matrix.messages(lang))),
        Heading(translate(_("来源"), lang)),
        refs.as_block(lang),
        licence_text(atlas, lang),
    ]
    return Report(
        title=title,
        place=atlas.city.name(lang),
        subtitle=translate(_("各分区、各指标：计划前、现在、计划全部建成"), lang),
        lang=lang,
        as_of=matrix.inputs["as_of"],
        facts=_facts(atlas, matrix, lang),
        running=title,
        footer=translate(_("区县界为示意，不作权属依据"), lang),
        blocks=tuple(blocks),
        author=atlas.city.author.of(lang),
    )


def _facts(atlas: Atlas, matrix: Matrix, lang: str) -> tuple[tuple[str, str], ...]:
    values = {
        _("截至日期"): matrix.inputs["as_of"],
        _("分母"): translate(DENOMINATORS[matrix.inputs["denominator"]], lang),
        _("资料包版本"): atlas.version,
        _("许可"): atlas.city.licence.label,
    }
    return tuple((translate(label, lang), text) for label, text in values.items())


def _sets(rows: pd.DataFrame, known: dict[str, Indicator], lang: str, *, across: bool) -> list[Block]:
    """A heading and a table for each set; of many zones a table for each indicator."""
    blocks: list[Block] = []
    for which, part in rows.groupby("set", sort=False):
        blocks.append(Heading(translate(SET_LABELS[str(which)], lang)))
        if across:
            blocks.append(_side_by_side(part, known, lang))
            continue
        for key, own in part.groupby("indicator_id", sort=False):
            blocks.append(_zone_by_zone(own, _title(known[str(key)], lang), lang))
    return blocks


def _title(indicator: Indicator, lang: str) -> str:
    return f"{indicator.name(lang)} · {reach_label(indicator, lang)}"


def _side_by_side(rows: pd.DataFrame, known: dict[str, Indicator], lang: str) -> Table:
    zones = rows.drop_duplicates("zone_code")["zone"]
    columns = (
        Column(translate(_("指标"), lang), 2.2),
        *(Column(str(name), 1.0, "right") for name in zones),
    )
    lines = [
        (
            Cell(known[str(key)].name(lang), small=_threshold(known[str(key)], lang)),
            *(_share(row, _verdict(row, lang)) for row in own.to_dict("records")),
        )
        for key, own in rows.groupby("indicator_id", sort=False)
    ]
    return Table(columns, tuple(lines), translate(_("没有能算的指标。"), lang))


def _zone_by_zone(rows: pd.DataFrame, caption: str, lang: str) -> Table:
    columns = (
        Column(translate(_("分区"), lang), 1.6),
        Column(translate(_("份额"), lang), 1.0, "right"),
        Column(translate(_("结论"), lang), 0.9),
        Column(translate(_("离达标还差（人）"), lang), 1.0, "right"),
        Column(translate(_("说明"), lang), 3.0),
    )
    lines = [
        (
            Cell(str(row["zone"])),
            _share(row),
            Cell(_verdict(row, lang) or "—"),
            Cell("" if is_unknown(row["shortfall"]) else f"{row['shortfall']:,.0f}"),
            Cell("", small=str(row["why"])),
        )
        for row in rows.to_dict("records")
    ]
    return Table(columns, tuple(lines), "", caption)


def _threshold(indicator: Indicator, lang: str) -> str:
    mark = f" · {indicator.pass_mark}" if indicator.pass_mark else ""
    return reach_label(indicator, lang) + mark


def _share(row: dict[Any, Any], verdict: str = "") -> Cell:
    """The share; below it the range, and the verdict where one is given."""
    if is_unknown(row["share"]):
        return Cell("—")
    between = f"{100 * row['share_low']:.0f}–{100 * row['share_high']:.0f}%"
    return Cell(f"{100 * row['share']:.1f}%", small=f"{between}\n{verdict}".strip())


def _verdict(row: dict[Any, Any], lang: str) -> str:
    """In words, where there is a pass mark."""
    return translate(VERDICTS[row["verdict"]], lang) if row["pass_mark"] else ""


def _not_computed(rows: pd.DataFrame, lang: str) -> list[Block]:
    missing = rows[rows["reasons"] == NOT_COMPUTED].drop_duplicates("indicator_id")
    columns = (Column(translate(_("指标"), lang), 1.4), Column(translate(_("缺什么"), lang), 3.0))
    lines = tuple((Cell(str(row.indicator)), Cell("", small=str(row.why))) for row in missing.itertuples())
    if not lines:
        return []
    return [Heading(translate(_("没有算的指标"), lang)), Table(columns, lines, "")]


def _definitions(used: list[Indicator], lang: str) -> Table:
    columns = (
        Column(translate(_("名称"), lang), 2.0),
        Column(translate(_("半径或时间"), lang), 1.0),
        Column(translate(_("达标线"), lang), 1.0),
        Column(translate(_("标准"), lang), 1.4),
        Column(translate(_("说明"), lang), 2.6),
    )
    lines = []
    for row in used:
        checked = translate(_("已在标准文本中核对") if row.checked else _("（阈值未核对标准）"), lang)
        of = translate(DENOMINATORS[row.denominator], lang) if row.denominator else ""
        lines.append(
            (
                Cell(row.name(lang)),
                Cell(reach_label(row, lang)),
                Cell(row.pass_mark or "—", small=of if row.pass_mark else ""),
                Cell(f"{row.standard} {row.clause}".strip(), small=checked),
                Cell("", small=row.note(lang)),
            )
        )
    return Table(columns, tuple(lines), translate(_("没有能算的指标。"), lang))
