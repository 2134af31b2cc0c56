"""Events as rows of the database: what each kind is made of, and look-ups among them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from geo.register.column_rows import ColumnRows, values_of
from geo.register.undone_and_merged import undone
from geo.store.json_texts import filled_texts, text_json
from geo.store.rows import TextRows
from geo.store.schema import events

_SORTED: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_AS_GIVEN: Final = json.JSONEncoder(ensure_ascii=False)


def event_id(work_id: str, day: str, kind: str, value: str, source_id: str, confirmed: str) -> str:
    """Id of an event made from its content, so that the same fact entered twice is one event.

    Parameters
    ----------
    work_id : str
        Id of a work.
    day : str
        ISO date.
    kind : str
        Kind of the event.
    value : str
        Content of the event.
    source_id, confirmed : str

    Returns
    -------
    str
    """
    return "E" + hashed(work_id, day, kind, value, source_id, confirmed)


def hashed(*parts: object) -> str:
    """Sixteen hexadecimal digits by content."""
    return _digits(_AS_GIVEN.encode(parts))


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _event(identity: str, table: str, row_id: str, kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {
        "event_id": identity,
        "table_name": table,
        "row_id": row_id,
        "work_id": row_id if table == "works" else None,
        "date": date.today().isoformat(),
        "date_precision": "day",
        "kind": kind,
        "value": value,
        "unit": None,
        "confirmed": True,
        "always": False,
        "source_id": None,
        "reason_zh": None,
        "reason_en": None,
    } | more


def creation(table: str, row_id: str, cells: Mapping[str, str]) -> dict[str, Any]:
    """The event that a row came into being; a row is created once.

    Parameters
    ----------
    table : str
        Name of a table of the pack.
    row_id : str
        Primary key of the row.
    cells : mapping
        Column -> value.

    Returns
    -------
    dict
    """
    value = _SORTED.encode({name: text for name, text in cells.items() if text})
    source = cells.get("source_id") or None
    return _event("C" + hashed(table, row_id), table, row_id, "creation", value, source_id=source)


def creations(table: str, row_ids: Sequence[str], rows: TextRows) -> ColumnRows:
    """:func:`creation` of many rows, which have one and the same columns.

    Parameters
    ----------
    table : str
        Name of a table of the pack.
    row_ids : sequence of str
        Primary keys of the rows.
    rows : sequence of mapping
        Column -> text.

    Returns
    -------
    ColumnRows
    """
    count = len(rows)
    columns = {name: values_of(rows, name) for name in rows[0]} if count else {}
    start = f"[{text_json(table)}, "
    keyed = (f"{start}{text_json(row_id)}]" for row_id in row_ids)
    own = {
        "event_id": [f"C{_digits(text)}" for text in keyed],
        "row_id": list(row_ids),
        "work_id": list(row_ids) if table == "works" else [None] * count,
        "value": filled_texts(columns, count),
        "source_id": [text or None for text in columns.get("source_id", [None] * count)],
    }
    usual = _event("", table, "", "creation", "")
    return ColumnRows({name: own.get(name) or [value] * count for name, value in usual.items()})


def undo(target: Mapping[str, Any], turn: int) -> dict[str, Any]:
    """The event that takes another one back, for the ``turn``-th time (from 1)."""
    identity = "U" + hashed(target["event_id"], turn)
    made = _event(identity, target["table_name"], target["row_id"], "undo", target["event_id"])
    return made | {"work_id": target["work_id"], "always": bool(target["always"])}


def undos_of(targets: Sequence[Mapping[str, Any]], turns: Sequence[int]) -> ColumnRows:
    """:func:`undo` of many events.

    Parameters
    ----------
    targets : sequence of mapping
        Columns of the events.
    turns : sequence of int
        The how manieth time each is taken back, from 1.

    Returns
    -------
    ColumnRows
    """
    count, taken = len(targets), list(values_of(targets, "event_id"))
    own = {name: list(values_of(targets, name)) for name in ("table_name", "row_id", "work_id")}
    own |= {
        "event_id": [
            f"U{_digits(f'[{text_json(key)}, {turn}]')}" for key, turn in zip(taken, turns, strict=True)
        ],
        "value": taken,
        "always": list(map(bool, values_of(targets, "always"))),
    }
    usual = _event("", "", "", "undo", "")
    return ColumnRows({name: own.get(name, [value] * count) for name, value in usual.items()})


def merge(work_id: str, into: str, turn: int) -> dict[str, Any]:
    """The event that one work is the same as another, for the ``turn``-th time.

    Parameters
    ----------
    work_id : str
        Id of a work.
    into : str
        Id of the work that stays.
    turn : int
        The how manieth time, from 1.

    Returns
    -------
    dict
    """
    return _event("M" + hashed(work_id, into, turn), "works", work_id, "merge", into)


def always(table: str, row_id: str, value: Mapping[str, Any], batch: str, **more: Any) -> dict[str, Any]:
    """A change of the pack's own row: true on every day. ``batch`` tells one change from the same one later.

    Parameters
    ----------
    table : str
        Name of a table of the pack.
    row_id : str
        Primary key of the row.
    value : mapping
        Content of the event.
    batch : str
        Tells one change from the same one later.
    **more : any
        Other columns of the event.

    Returns
    -------
    dict
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
    identity = "P" + hashed(table, row_id, text, batch)
    return _event(identity, table, row_id, "correction", text, always=True, **more)


def undos(connection: Connection) -> list[tuple[str, str]]:
    """Every undo as ``(event_id, what it takes back)``."""
    query = select(events.c.event_id, events.c.value).where(events.c.kind == "undo").order_by(events.c.seq)
    return [(str(row[0]), str(row[1])) for row in connection.execute(query)]


def undone_ids(connection: Connection) -> frozenset[str]:
    """Ids of all events that do not count."""
    return undone(undos(connection))


def effective_undos(connection: Connection, ids: Iterable[str]) -> list[str]:
    """The undos that keep ``ids`` from counting."""
    pairs = undos(connection)
    taken, wanted = undone(pairs), set(ids)
    return [event for event, target in pairs if target in wanted and event not in taken]


def of_row(row_id: str) -> ColumnElement[bool]:
    """Condition: events of the work, facility or statement with this id."""
    return (events.c.row_id == row_id) & events.c.table_name.in_(("works", "facilities", "completeness"))


def version_of(connection: Connection, work_id: str) -> int:
    """Number of events of a work or facility."""
    query = select(func.count()).select_from(events).where(of_row(work_id))
    return int(connection.scalar(query) or 0)
