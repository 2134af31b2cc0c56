"""Dates as people write them, with how exact they are. What could be two dates is asked, never guessed.

A third of a month (旬), a month, a quarter or a year is given as its last day, so that nothing is claimed early.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from geo.ingest.cells.cell_reading import NO_RULES, NOTHING, CellReading, Rules, fault
from geo.ingest.cells.header_terms import is_blank, parts_of_year, tidy
from geo.text import mark as _

YEARS: Final = (1950, 2100)
_EPOCH: Final = date(1899, 12, 30)  # Excel's day 0 with its leap day of 1900
_SERIALS: Final = (18264, 73051)  # 1950-01-01 to 2100-01-01
_CLOCK: Final = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_NUMERALS: Final = re.compile(r"[〇零一二三四五六七八九十廿两]+(?=[年月日号季])")
_YMD: Final = re.compile(r"^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?[日号月]?$")
_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")
_YEAR: Final = re.compile(r"^(\d{4})年?度?$")
_NAMED: Final = re.compile(r"^(\d{4})年?(\D.*|\d季度)$")
_SHORT_NAMED: Final = re.compile(r"^(\d{2})年(\D.*|\d季度)$")
_DMY: Final = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_SHORT: Final = re.compile(r"^(\d{2})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?[日号月]?$")
_NO_YEAR: Final = re.compile(r"^(\d{1,2})月(?:(\d{1,2})[日号])?$")
_PART_OF_MONTH: Final = re.compile(r"(?<=[\d月])(?P<part>上旬|中旬|下旬|上中旬|中下旬|初|中|底|末)$")
_THIRDS: Final = {"上旬": (10, "ten_days"), "中旬": (20, "ten_days"), "下旬": (31, "ten_days")}
_THIRDS_ABOUT: Final = {"初": (10, "circa"), "中": (20, "circa")}
_LAST: Final = (31, "month")
_ABOUT: Final = re.compile(r"^(约|大约|大概|预估)|(前后|左右)$|(?<=[月日号底末旬度中初\d])(之前|以前|前)$")
_THIS_YEAR: Final = re.compile(r"^[今本当](?=年[底末初中内终])|^(今年|本年度?|当年)(?=.)")
_PADDED: Final = re.compile(r"(?<=月)份|(?<=\d季度)[底末内]$")
_QUARTER_FIRST: Final = re.compile(r"^(q[1-4])[-/.]?(\d{4})年?$", re.IGNORECASE)
_PLAN: Final = re.compile(
    r"^(计划|预计|拟|拟于|计划于|预计于)|[(（]?(计划|预计|planned)[)）]?$", re.IGNORECASE
)
_PROBE_YEAR: Final = 2000
"""A leap year, to see whether a cell is a date but for its year."""
DATE_YEAR: Final = "date_year"
"""The question of the whole file: the year of dates that are written without one."""
_HINT: Final = _("请写成 2021-12-31、2021年12月 或 2021 年这样。")


def read_date(cell: Any, rules: Rules = NO_RULES, *, year: int | None = None) -> CellReading:
    """The day a cell names.

    Parameters
    ----------
    cell : Any
        Text, number, date or moment as a file gives it.
    rules : mapping
        Answers for the whole file: ``date_order`` (``dmy``, ``mdy``), ``excel_serial`` (``yes``, ``no``),
        ``short_year`` (``20xx``), ``year_decimal`` (``month_1``, ``month_10``).
    year : int, optional
        The year of the row or the file, for a cell that says ``6月`` alone; without it such a cell is a question
        (:data:`DATE_YEAR`) whose answers the file has to give.

    Returns
    -------
    CellReading
        ``value`` a ``datetime.date``, ``detail`` one of :data:`geo.vocabulary.PRECISIONS`.
    """
    if is_blank(cell):
        return NOTHING
    if isinstance(cell, datetime):
        return _checked(cell.year, cell.month, cell.day)
    if isinstance(cell, date):
        return _checked(cell.year, cell.month, cell.day)
    if isinstance(cell, bool):
        return fault(_("“{value}”不是日期。"), _HINT, value=cell)
    return _read_text(_number_text(cell), tuple(sorted(rules.items())), year)


def _number_text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@lru_cache(maxsize=4096)
def _read_text(raw: str, rules: tuple[tuple[str, str], ...], year: int | None) -> CellReading:
    text = _arabic(_CLOCK.sub("", tidy(raw)).replace(" ", ""))
    planned, about = bool(_PLAN.search(text)), bool(_ABOUT.search(text))
    text = _PLAN.sub("", text).strip("()（）")
    text = _PADDED.sub("", _THIS_YEAR.sub("", _ABOUT.sub("", text)))
    reading = (
        _part_of_month(text, dict(rules), year) or _numeric_date(text, dict(rules), year) or _foreign(raw)
    )
    if reading is None:
        return fault(_("“{value}”不是日期。"), _HINT, value=raw)
    detail = "circa" if about and reading.value else reading.detail
    return CellReading(
        reading.value,
        detail,
        planned or reading.planned,
        reading.level,
        reading.message,
        reading.hint,
        reading.params | {"value": raw},
        reading.rule,
        reading.choices,
    )


def _arabic(text: str) -> str:
    """Chinese numerals before 年, 月, 日 and 季 as digits: ``二〇二一年十二月`` -> ``2021年12月``."""
    import cn2an

    def number(found: re.Match[str]) -> str:
        try:
            return str(int(cn2an.cn2an(found.group(), "normal")))
        except ValueError:  # not a numeral after all, such as 第一季: left as it stands
            return found.group()

    return _NUMERALS.sub(number, text)


def _part_of_month(text: str, rules: dict[str, str], year: int | None) -> CellReading | None:
    """``2021年9月中旬`` as the last day of those ten days; ``月初`` and ``月中`` as about the same; None for other texts."""
    match = _PART_OF_MONTH.search(text)
    if match is None:
        return None
    month = _numeric_date(text[: match.start()], rules, year)
    if month is None:
        return None
    if month.rule == "short_year":  # what is asked shows the day that the answer would make
        sure = _part_of_month(text, rules | {"short_year": "20xx"}, year)
        return replace(month, choices=(("20xx", sure.value.isoformat()),)) if sure else month
    if not isinstance(month.value, date):
        return month
    if month.detail != "month":
        return None
    last, precision = (_THIRDS | _THIRDS_ABOUT).get(match["part"], _LAST)
    return replace(month, value=month.value.replace(day=min(last, month.value.day)), detail=precision)


def _numeric_date(text: str, rules: dict[str, str], year: int | None) -> CellReading | None:
    if match := _YMD.match(text):
        return _dotted(text, match, rules)
    if match := _YEAR.match(text):
        return _checked(int(match[1]), 12, 31, "year")
    if match := _COMPACT.match(text):
        return _checked(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    return _doubtful(text, rules) or _in_year(text, year, rules)


def _doubtful(text: str, rules: dict[str, str]) -> CellReading | None:
    """What may be more than one date."""
    if text.isdigit() and _SERIALS[0] <= int(text) <= _SERIALS[1]:
        return _serial(int(text), rules)
    if match := _DMY.match(text):
        return _ordered(int(match[1]), int(match[2]), int(match[3]), rules)
    if match := _SHORT.match(text):
        return _short(match, rules)
    return None


def _checked(year: int | None, month: int | None, day: int | None, precision: str = "") -> CellReading:
    if year is None or month is None:
        return fault(_("“{value}”不是日期。"), _HINT)
    if not YEARS[0] <= year <= YEARS[1]:
        return fault(_("年份 {year} 不可能。"), _HINT, year=year)
    if not 1 <= month <= 12:
        return fault(_("没有 {month} 月这个月。"), _HINT, month=month)
    last = calendar.monthrange(year, month)[1]
    if day is not None and not 1 <= day <= last:
        return fault(_("{year} 年 {month} 月没有 {day} 日。"), _HINT, year=year, month=month, day=day)
    return CellReading(date(year, month, day or last), precision or ("day" if day else "month"))


def _dotted(text: str, match: re.Match[str], rules: dict[str, str]) -> CellReading:
    """``2021.1`` may be January, or October that a spreadsheet cut as a number."""
    year, month = int(match[1]), int(match[2])
    if re.fullmatch(r"\d{4}\.1", text):
        if rules.get("year_decimal") in {"month_1", "month_10"}:
            return _checked(year, int(rules["year_decimal"].removeprefix("month_")), None)
        return CellReading(
            level="question",
            message=_("“{value}”可能是 1 月，也可能是被表格去掉末尾 0 的 10 月。"),
            hint=_("请选一种，或在文件里写成 2021-01、2021-10。"),
            rule="year_decimal",
            choices=(("month_1", f"{year}-01"), ("month_10", f"{year}-10")),
        )
    return _checked(year, month, int(match[3]) if match[3] else None)


def _serial(number: int, rules: dict[str, str]) -> CellReading:
    day = _EPOCH + timedelta(days=number)
    answer = rules.get("excel_serial")
    if answer == "yes":
        return CellReading(day, "day")
    if answer == "no":
        return fault(_("“{value}”不是日期。"), _HINT)
    return CellReading(
        level="question",
        message=_("“{value}”可能是 Excel 的日期序号（{day}）。"),
        hint=_("请确认，或在文件里把这一列设成日期格式。"),
        params={"day": day.isoformat()},
        rule="excel_serial",
        choices=(("yes", day.isoformat()), ("no", "—")),
    )


def _ordered(first: int, second: int, year: int, rules: dict[str, str]) -> CellReading:
    if first > 12 or first == second:
        return _checked(year, second, first)
    if second > 12:
        return _checked(year, first, second)
    order = rules.get("date_order")
    if order in {"dmy", "mdy"}:
        return _checked(year, *((second, first) if order == "dmy" else (first, second)))
    return CellReading(
        level="question",
        message=_("“{value}”可以读成两个日期。"),
        hint=_("请选一种，或在文件里写成 2021-12-31 这样。"),
        rule="date_order",
        choices=(
            ("dmy", f"{year}-{second:02d}-{first:02d}"),
            ("mdy", f"{year}-{first:02d}-{second:02d}"),
        ),
    )


def _short(match: re.Match[str], rules: dict[str, str]) -> CellReading:
    year, month, day = 2000 + int(match[1]), int(match[2]), int(match[3]) if match[3] else None
    return _century_question(_checked(year, month, day), rules)


def _century_question(sure: CellReading, rules: dict[str, str]) -> CellReading:
    if rules.get("short_year") == "20xx" or sure.level:
        return sure
    return CellReading(
        level="question",
        message=_("“{value}”的年份只有两位。"),
        hint=_("请确认，或在文件里写四位年份。"),
        rule="short_year",
        choices=(("20xx", sure.value.isoformat()),),
    )


def _in_year(text: str, year: int | None, rules: dict[str, str]) -> CellReading | None:
    """Parts of a year by name, and dates whose year stands elsewhere."""
    if first := _QUARTER_FIRST.match(text):
        text = f"{first[2]}{first[1]}"
    if match := _NAMED.match(text):
        return _named_part(match[2].lstrip("年的第-/. "), int(match[1]))
    if match := _SHORT_NAMED.match(text):
        return _short_named(match, rules)
    of = _PROBE_YEAR if year is None else year
    month = _NO_YEAR.match(text)
    reading = (
        _checked(of, int(month[1]), int(month[2]) if month[2] else None)
        if month
        else _named_part(text.lstrip("第"), of, whole=year is None)
    )
    if year is not None or reading is None or reading.value is None:
        return reading
    return CellReading(
        level="question",
        message=_("“{value}”没有写年份。"),
        hint=_("请选是哪一年的，或在文件里写上年份。"),
        rule=DATE_YEAR,
    )


def _named_part(word: str, year: int, *, whole: bool = False) -> CellReading | None:
    """``底`` is a part of a year after ``2021年`` alone: where no year goes before, the ``whole`` word must stand."""
    wanted = word.lower()
    part = next(
        (p for p in parts_of_year() if wanted == p.name or (not whole and wanted == p.name.lstrip("年"))),
        None,
    )
    return None if part is None else _checked(year, part.month, part.day, part.precision)


def _short_named(match: re.Match[str], rules: dict[str, str]) -> CellReading | None:
    """``21年三季度``: the two digits are asked as those of ``21年12月`` are."""
    sure = _named_part(match[2].lstrip("的第"), 2000 + int(match[1]))
    return None if sure is None else _century_question(sure, rules)


def _foreign(raw: str) -> CellReading | None:
    """Dates with the names of months, by the dateparser library: ``Dec 2021``, ``31 December 2021``."""
    text = tidy(raw)
    if not re.search(r"[A-Za-z]{3}", text) or not (years := re.findall(r"(?<!\d)\d{4}(?!\d)", text)):
        return None
    parsed = _parser().get_date_data(text)
    if (
        parsed.date_obj is None
        or str(parsed.date_obj.year) not in years
        or parsed.period not in {"day", "month"}
    ):
        return None
    return _checked(
        parsed.date_obj.year, parsed.date_obj.month, parsed.date_obj.day if parsed.period == "day" else None
    )


@lru_cache(maxsize=1)
def _parser() -> Any:
    from dateparser.date import DateDataParser

    return DateDataParser(languages=["en"], settings={"STRICT_PARSING": False, "PARSERS": ["absolute-time"]})
