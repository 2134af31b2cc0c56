"""Merges of facilities in a batch: two that are one, checked before they are written."""

from __future__ import annotations

from sqlalchemy import Connection, select

from geo.register.pack import Problem
from geo.register.undone_and_merged import merged_into
from geo.store import facts
from geo.store.rows import Texts
from geo.store.schema import events
from geo.store.write import existing_rows
from geo.text import mark as _


def merge_problems(connection: Connection, event_rows: list[Texts], coming: set[str]) -> list[Problem]:
    """What is wrong with the merges among rows of ``facility_events``, by row (counted from 1).

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    event_rows : list of mapping
        Rows of the log as texts.
    coming : set of str
        Ids of facilities that the batch adds.

    Returns
    -------
    list of Problem
    """
    wanted = [(number, row) for number, row in enumerate(event_rows, start=1) if row["kind"] == "merge"]
    if not wanted:
        return []
    known = set(existing_rows(connection, "facilities", (row["value"] for _n, row in wanted))) | coming
    merged = _merged(connection)
    problems = []
    for number, row in wanted:
        facility_id, into = row["facility_id"], row["value"]
        circle = facility_id not in merged_into(merged | {facility_id: into})
        if into not in known or circle:
            problems.append(
                Problem(
                    "facility_events",
                    number,
                    "value",
                    _("{facility_id} 不能并入 {into}。"),
                    _("请选登记里另一处没有并入它的设施。"),
                    {"facility_id": facility_id[:80], "into": into[:80]},
                )
            )
        merged[facility_id] = into
    return problems


def _merged(connection: Connection) -> dict[str, str]:
    """Facility -> what it was merged into, from events that count."""
    gone = facts.undone_ids(connection)
    query = select(events.c.event_id, events.c.row_id, events.c.value).where(
        events.c.table_name == "facilities", events.c.kind == "merge"
    )
    return {str(row[1]): str(row[2]) for row in connection.execute(query) if row[0] not in gone}
