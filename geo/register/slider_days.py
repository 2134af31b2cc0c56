"""The days that a time slider stops at: one list for the pages, the map's player and the public site."""

from __future__ import annotations

import calendar
from contextlib import suppress
from datetime import date
from typing import Final

FIRST: Final = date(2020, 1, 31)
LAST: Final = date(2026, 12, 31)


def within(day: date) -> date:
    """``day`` if the slider reaches it, else the nearer end."""
    return min(max(day, FIRST), LAST)


def slider_days(today: date, asked: str = "") -> tuple[date, ...]:
    """Month ends of the slider's span, ``today``, and the day a link asks for if it lies in the span."""
    ends = {
        date(year, month, calendar.monthrange(year, month)[1])
        for year in range(FIRST.year, LAST.year + 1)
        for month in range(1, 13)
    }
    ends.add(within(today))
    with suppress(ValueError):  # a link may say anything; what is no date is no day of the slider
        ends.add(date.fromisoformat(asked))
    return tuple(day for day in sorted(ends) if FIRST <= day <= LAST)
