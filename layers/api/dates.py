"""The parameter ``datetime``: a day, a time, a month or a year, or a span of two of them, either end open."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime
from typing import Final

from geo.errors import ParameterError
from geo.text import mark as _

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].{5,25}")
_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_OPEN: Final = ("", "..")
Span = tuple[date | None, date | None]
"""First and last day; None for an open end."""


def read_span(text: str) -> Span:
    """The days that ``datetime`` means: ``2021`` is all of that year, ``2021-05/..`` from the first of May on.

    Times are held to their day: the register knows days.

    Raises
    ------
    ParameterError
        Anything else, a span whose end comes before its start among it.
    """
    parts = text.split("/")
    if len(parts) == 1:
        return _days(text)
    if len(parts) > len(("first", "last")) or text == "/":
        raise _refused(text)
    first = None if parts[0] in _OPEN else _days(parts[0])[0]
    last = None if parts[1] in _OPEN else _days(parts[1])[1]
    if first and last and first > last:
        raise ParameterError(_("参数 datetime：结束 {last} 在开始 {first} 之前。"), first=first, last=last)
    return first, last


def write_span(span: Span) -> str:
    """A span as pygeoapi and the provider read it: ``2021-01-01/..``."""
    return "/".join(".." if day is None else day.isoformat() for day in span)


def _days(text: str) -> tuple[date, date]:
    """First and last day of a year, a month, a day or a time."""
    try:
        if _TIME.fullmatch(text):
            day = datetime.fromisoformat(text).date()
            return day, day
        found = _DAY.fullmatch(text)
        if found:
            year, month, day_of_month = (int(part) if part else 0 for part in found.groups())
            first = date(year, month or 1, day_of_month or 1)
            last_month = first.month if month else 12
            last = date(year, last_month, day_of_month or calendar.monthrange(year, last_month)[1])
            return first, last
    except (ValueError, calendar.IllegalMonthError) as error:
        raise _refused(text) from error
    raise _refused(text)


def _refused(text: str) -> ParameterError:
    return ParameterError(
        _("参数 datetime：“{value}”不是日期。"),
        hint=_("请写成 2021、2021-12、2021-12-31 或 2021-01-01/2021-12-31，开放的一端写 ..。"),
        value=text[:60],
    )
