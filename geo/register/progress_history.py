"""The days on which a number of the plan may change: what a time slider without a server needs."""

from __future__ import annotations

from datetime import date

from geo.register.register import Register


def change_days(register: Register, first: date) -> list[date]:
    """``first`` and every later day on which a number of the plan may change, in order."""
    events = register.events
    days = set(events.loc[events["confirmed"].astype(bool), "date"]) | set(
        register.pack.plan_items["due_date"]
    )
    return [first, *sorted(day for day in days if day > first)]
