"""Corrections and locations: what they would make of a work is checked like the work itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from geo.places.districts import load_districts
from geo.register.city_facts import read_city
from geo.register.column_rows import ColumnRows
from geo.register.pack import Problem, table_schemas
from geo.register.pack_check import place_problems
from geo.store import facts
from geo.store.rows import SUBJECTS, Schema, Texts, check_rows, text_of
from geo.store.schema import events
from geo.store.write import existing_rows, parts_of
from geo.text import mark as _
from geo.vocabulary import FIELD_EVENTS


def changed(cells: Mapping[str, Any], value: str) -> Texts:
    """A row with the fields of a correction's JSON value in place; fields it does not have are left out."""
    new = json.loads(value)
    return {name: text_of(new[name]) if name in new else text_of(old) for name, old in cells.items()}


def current_cells(connection: Connection, table: str, ids: set[str]) -> dict[str, Texts]:
    """The rows of works or facilities as their corrections up to now have made them.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    table : {"works", "facilities"}
    ids : set of str
        Primary keys.

    Returns
    -------
    dict
    """
    rows = {key: dict(cells) for key, cells in existing_rows(connection, table, ids).items()}
    gone = facts.undone_ids(connection)
    for part in parts_of(rows):
        query = (
            select(events.c.event_id, events.c.row_id, events.c.value)
            .where(events.c.kind.in_(FIELD_EVENTS), events.c.confirmed, events.c.table_name == table)
            .where(events.c.row_id.in_(part))
            .order_by(events.c.always.desc(), *([events.c.date] if table == "works" else []), events.c.seq)
        )
        for event_id, row_id, value in connection.execute(query):
            if event_id not in gone:
                rows[row_id] = changed(rows[row_id], value)
    return rows


def change_problems(
    connection: Connection, root: Path, log: str, event_rows: list[Texts], new_rows: ColumnRows
) -> list[Problem]:
    """What is wrong with the corrections and locations among ``event_rows``, by row (counted from 1).

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    root : Path
        Folder of the pack.
    log : {"events", "facility_events"}
        The log that they are of.
    event_rows : list of mapping
        Rows of the log as texts.
    new_rows : ColumnRows
        Works or facilities that the batch adds.

    Returns
    -------
    list of Problem
    """
    wanted = [(number, row) for number, row in enumerate(event_rows, start=1) if row["kind"] in FIELD_EVENTS]
    if not wanted:
        return []
    subject = SUBJECTS[log]
    key, schema = subject.key, table_schemas(root)[subject.table]
    subjects = {row[key] for _number, row in wanted}
    cells = current_cells(connection, subject.table, subjects)
    ids = new_rows.column(key) if len(new_rows) else []
    cells |= {each: dict(new_rows[at]) for at, each in enumerate(ids) if each in subjects}
    names = {str(field["name"]) for field in schema["fields"]} - {key}
    problems, numbers, results = [], [], []
    for number, row in wanted:
        new = _object(row["value"])
        if new is None or row[key] not in cells:
            continue  # reported by the check of events
        for name in sorted(set(new) - names):
            problems.append(
                Problem(log, number, "value", _("不能更正 {name}。"), _("可用的列见 datapackage.json。"),
                        {"name": str(name)[:80]})
            )  # fmt: skip
        cells[row[key]] = changed(cells[row[key]], row["value"])
        numbers.append(number)
        results.append(cells[row[key]])
    return problems + _row_problems(root, log, schema, numbers, results)


def _row_problems(
    root: Path, log: str, schema: Schema, numbers: list[int], results: list[Texts]
) -> list[Problem]:
    table, key = SUBJECTS[log].table, SUBJECTS[log].key
    # the same row may be corrected twice in a batch: ids are numbered so that each result is a row of its own
    rows = [row | {key: f"{row[key]}-{at}"} for at, row in enumerate(results)]
    problems, typed = check_rows(table, rows, schema)
    if rows and not problems:
        problems = place_problems(table, typed, load_districts(root), read_city(root).projected_crs)
    return [
        Problem(
            log,
            None if p.row is None else numbers[p.row - 1],
            f"value.{p.field}",
            p.message,
            p.hint,
            p.params,
        )
        for p in problems
    ]


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
