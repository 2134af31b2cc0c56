"""The days that a time slider stops at: one list for the pages, the map's player and the public site."""

from __future__ import annotations

import calendar
from contextlib import suppress
from datetime import date

from geo.register.city_facts import Days


def slider_days(span: Days, today: date, linked_day: str = "") -> tuple[date, ...]:
    """The days that the slider offers.

    Parameters
    ----------
    span : Days
        First and last day of the city's slider.
    today : date
    linked_day : str
        The day of a link, ISO; ignored if it is no date or lies outside the span.

    Returns
    -------
    tuple of date
        Month ends of the span, ``today`` (or the nearer end), and ``linked_day``; ascending.
    """
    ends = {
        date(year, month, calendar.monthrange(year, month)[1])
        for year in range(span.first.year, span.last.year + 1)
        for month in range(1, 13)
    }
    ends.add(span.within(today))
    with suppress(ValueError):  # a link may say anything; what is no date is no day of the slider
        ends.add(date.fromisoformat(linked_day))
    return tuple(day for day in sorted(ends) if span.first <= day <= span.last)
