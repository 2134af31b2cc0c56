"""The log read by people: the history of a work, what changed since a revision, and between two days."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, select

from geo.register.register import Register
from geo.store import facts
from geo.store.schema import batches, events
from geo.values import is_unknown

_STATE: Final = ("status", "quantity_done", "quantity_planned", "certainty")


def event_rows(connection: Connection, condition: ColumnElement[bool]) -> pd.DataFrame:
    """Events with who, when and why, in the order they were written.

    Returns
    -------
    DataFrame
        The columns of ``events`` and: ``recorded_at`` (moment, UTC, ISO 8601), ``recorded_by, role, reason`` (of the
        batch), ``reason_zh`` (the event's own, else the batch's), ``undone`` (does not count), ``date`` as ``date``.
    """
    query = (
        select(
            events, batches.c.actor, batches.c.role, batches.c.reason, batches.c.recorded_at.label("moment")
        )
        .join(batches, batches.c.batch_id == events.c.batch_id)
        .where(condition)
        .order_by(events.c.seq)
    )
    result = connection.execute(query)
    frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
    gone = facts.undone_ids(connection)
    frame["undone"] = frame["event_id"].isin(gone)
    frame["date"] = [date.fromisoformat(day) for day in frame["date"]]
    frame["reason_zh"] = frame["reason_zh"].where(frame["reason_zh"].notna(), frame["reason"])
    return frame.drop(columns="recorded_at").rename(columns={"moment": "recorded_at"}).drop(columns="actor")


def history(connection: Connection, work_id: str) -> pd.DataFrame:
    """:func:`event_rows` of one work or facility: corrections, merges and what was undone too."""
    return event_rows(connection, facts.of_row(work_id))


def since(connection: Connection, revision: int) -> pd.DataFrame:
    """:func:`event_rows` of everything written after a revision."""
    return event_rows(connection, events.c.batch_id > revision)


def last_batches(connection: Connection, number: int) -> pd.DataFrame:
    """The last batches, newest first, each with its number of events and how many of them still count."""
    columns = [batches.c[name] for name in ("batch_id", "kind", "actor", "role", "reason", "recorded_at")]
    query = (
        select(*columns, func.count(events.c.seq).label("events"))
        .join(events, events.c.batch_id == batches.c.batch_id, isouter=True)
        .group_by(*columns)
        .order_by(batches.c.batch_id.desc())
        .limit(number)
    )
    result = connection.execute(query)
    frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
    gone = facts.undone_ids(connection)
    owners = connection.execute(
        select(events.c.batch_id, events.c.event_id).where(events.c.batch_id.in_(frame["batch_id"].tolist()))
    )
    counted = Counter(batch for batch, event_id in owners if str(event_id) not in gone)
    return frame.assign(counted=[counted[batch] for batch in frame["batch_id"]])


def difference(register: Register, first: date, last: date) -> pd.DataFrame:
    """What is known on one day and not on the other.

    Parameters
    ----------
    register : Register
    first : date
        Earlier day.
    last : date
        Later day.

    Returns
    -------
    DataFrame
        ``work_id, name_zh, field, before, after`` for every field of a work's state that differs; unknown is None.
    """
    old, new = register.state(first), register.state(last)
    columns = [*_STATE, *(name for name in register.pack.works.columns if name != "work_id")]
    rows: list[dict[str, Any]] = []
    for name in columns:
        before, after = old[name], new[name]
        same = (before == after) | (before.isna() & after.isna())
        rows += [
            {
                "work_id": work_id,
                "name_zh": new.at[work_id, "name_zh"],
                "field": name,
                "before": _text(before[work_id]),
                "after": _text(after[work_id]),
            }
            for work_id in new.index[~same.to_numpy(bool)]
        ]
    frame = pd.DataFrame(rows, columns=["work_id", "name_zh", "field", "before", "after"], dtype=object)
    return frame.sort_values(["work_id", "field"], kind="stable").reset_index(drop=True)


def _text(value: Any) -> str | None:
    if is_unknown(value):
        return None
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)
