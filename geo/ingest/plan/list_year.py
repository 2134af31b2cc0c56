"""The year that a list is of: its year column, else its title, else asked where its dates speak against the item's year.

A list of another year must never count for a promise of this one unasked.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import pandas as pd

from geo.ingest.cells.dates import DATE_YEAR
from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import cell
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.plan.options import Options
    from geo.reading.model import Layer
    from geo.register.city import Atlas

YEAR_RULE: Final = "list_year"
"""The question of the whole file: which year the list is of."""
OF_ONE_LIST: Final = (YEAR_RULE, DATE_YEAR)
"""Answers that hold for one list and its rejected rows, and never for the next list with the same headers."""
_YEARS: Final = re.compile(
    r"(?<![\d.])(?P<first>20\d\d)(?:\s*年?\s*[-–—~～至到]\s*(?P<last>20\d\d))?(?:\s*年?度?)(?!\s*年?\s*\d)(?!\s*[.-/]\s*\d)"
)
_NO_YEARS: Final = re.compile(
    r"(?:cgcs|国家|epsg|cad|dwg|dxf|gis|office|excel|access|windows)[ :_-]?20\d\d"
    r"|(?<![a-z])[rv]20\d\d|20\d\d(?=\s*(?:国家|大地|坐标|系|格式|版))",
    re.IGNORECASE,
)
"""Numbers of coordinate systems and of programs' releases: ``CGCS2000``, ``acad2010``, ``r2018``."""
_OTHER_DATES: Final = re.compile(r"日期|截至|截止|印发|制表|统计时间|填报|更新")
_DATES: Final = ("end_date", "start_date")
_ENOUGH: Final = 2
"""Dates that may speak against the item's year: one alone may be a slip."""


def years_in(text: str) -> set[str]:
    """Years that a title names: ``无锡市2023年老旧小区改造清单`` -> ``{"2023"}``; days and lines about dates name none."""
    if _OTHER_DATES.search(text):
        return set()
    years: set[str] = set()
    for found in _YEARS.finditer(_NO_YEARS.sub(" ", text)):
        first, last = int(found["first"]), int(found["last"] or found["first"])
        years |= {str(year) for year in range(first, min(last, first + 20) + 1)}
    return years


def stated_years(layer: Layer, options: Options) -> set[str]:
    """The years that the person, else the titles, else the sheet, else the file's name says the list is of."""
    if answer := options.rules.get(YEAR_RULE, "") or options.year:
        return {answer} if answer.isdecimal() else set()
    titles = (layer.titles, (layer.name,), (options.file_name,))
    return next((years for texts in titles if (years := set().union(*map(years_in, texts)))), set())


def list_year(layer: Layer, rows: pd.DataFrame, options: Options, atlas: Atlas) -> tuple[str, list[Finding]]:
    """The year of rows that say none, and what to say or ask of it.

    Parameters
    ----------
    layer : Layer
        Its titles and its name may hold a year.
    rows : DataFrame
        Typed rows.
    options : Options
        With the item, the year that the person gave, and answers.
    atlas : Atlas

    Returns
    -------
    (str, list of Finding)
        Empty year where nothing says one.
    """
    answer = options.rules.get(YEAR_RULE, "")
    if not options.item_id or options.year or answer:
        return answer or options.year, []
    due = str(cell(atlas.pack.plan_items, options.item_id, "due_date").year)
    if rows["year"].notna().all():
        return due, []
    named = stated_years(layer, options)
    if len(named) == 1:
        year = named.pop()
        return year, [] if year == due else [_other(year, due)]
    if named:
        return due, [_question(sorted(named), due)]
    dates = _years_of_dates(rows, options)
    if dates.total() >= _ENOUGH and due not in dates:
        return due, [_question([year for year, _count in dates.most_common(3)], due)]
    return due, []


def _years_of_dates(rows: pd.DataFrame, options: Options) -> Counter[str]:
    """Years of what happened, with how many dates are in each."""
    return Counter(
        str(day.year)
        for name in _DATES
        for day in rows[name].to_numpy(object)
        if day is not None and day <= options.today
    )


def _other(year: str, due: str) -> Finding:
    return Finding(
        None,
        "year",
        "warning",
        _("标题写的是 {year} 年，条目是 {due} 年的：按 {year} 年的项目记，不计入 {due} 年的承诺。"),
        _("若确是 {due} 年的，请加一列“年度”，或改正标题。"),
        {"year": year, "due": due},
        rule=YEAR_RULE,
        choices=((year, year), (due, due)),
    )


def _question(years: list[str], due: str) -> Finding:
    return Finding(
        None,
        "year",
        "question",
        _("这张表是哪一年的？标题或日期里有 {years}，条目是 {due} 年的。"),
        _("别的年份的项目只作背景，不计入承诺。"),
        {"years": "、".join(years), "due": due},
        rule=YEAR_RULE,
        choices=tuple((year, year) for year in dict.fromkeys((*years, due))),
    )
