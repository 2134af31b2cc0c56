"""Numbers that sources report without names, and the day from which each is known."""

from __future__ import annotations

from datetime import date

import pandas as pd

from geo.register.register import Register


def reported_numbers(register: Register) -> pd.DataFrame:
    """Every reported number of an aggregate, in the order in which they became known.

    Parameters
    ----------
    register : Register
        With all its events.

    Returns
    -------
    DataFrame
        ``work_id, since, value, confirmed``. ``since``: a result counts from its own day, as every event does; a plan from the day it
        was published (the last day that the source's date allows), or from its own day where that is not known.
    """
    events = register.events
    numbers = events[events["kind"] == "quantity"]
    published = register.pack.sources["published"].reindex(numbers["source_id"])
    confirmed = numbers["confirmed"].astype(bool)
    since = [
        day if is_result or pd.isna(day_of_source) else _last_day(str(day_of_source))
        for day, is_result, day_of_source in zip(numbers["date"], confirmed, published, strict=True)
    ]
    found = pd.DataFrame(
        {
            "work_id": numbers["work_id"].astype(str),
            "since": since,
            "value": pd.to_numeric(numbers["value"]),
            "confirmed": confirmed,
        }
    )
    return found[found["since"].notna()].sort_values("since", kind="stable")


def _last_day(published: str) -> date:
    """``2022`` -> 2022-12-31, ``2022-01`` -> 2022-01-31, a day -> itself."""
    return pd.Period(published).end_time.date()
