"""Writing: one transaction a batch, numbered in turn, chained by digest, nothing ever overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, func, insert, select

from geo.store.model import Actor, Applied
from geo.store.rows import Texts
from geo.store.schema import WITH_GEOMETRY, batches, events, rows

_AT_ONCE: Final = 10_000
"""Rows that are made ready for the database together."""
PACK_ACTOR: Final = "city pack"
_CHUNK: Final = 400  # values bound in one look-up: below SQLite's oldest limit


@dataclass
class Draft:
    """What one batch will write: rows by table as ``(row_id, cells, geometry)``, and events as columns."""

    rows: dict[str, list[tuple[str, Mapping[str, Any], BaseGeometry | None]]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, table: str, row_id: str, cells: Mapping[str, Any], shape: BaseGeometry | None = None
    ) -> None:
        """One new row.

        Parameters
        ----------
        table : str
            Name of a table of the pack.
        row_id : str
            Primary key of the row.
        cells : mapping
            Column -> value.
        shape : BaseGeometry or None
        """
        self.rows.setdefault(table, []).append((row_id, cells, shape))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.events and not any(self.rows.values())


def now() -> str:
    """This moment, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def revision_of(connection: Connection) -> tuple[int, str]:
    """Number and digest of the last batch; ``(0, "")`` before the first."""
    row = connection.execute(
        select(batches.c.batch_id, batches.c.digest).order_by(batches.c.batch_id.desc()).limit(1)
    ).first()
    return (int(row[0]), str(row[1])) if row else (0, "")


def write(
    connection: Connection, actor: Actor, reason: str, draft: Draft, *, kind: str = "edit", key: str = ""
) -> Applied:
    """Write a draft as the next batch, inside the caller's transaction.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    actor : Actor
        Who does it.
    reason : str
        Why, in the person's own text.
    draft : Draft
    kind : str
        Kind of the batch.
    key : str
        Key under which a repeated batch is recognised; empty for none.

    Returns
    -------
    Applied
    """
    revision, digest = revision_of(connection)
    batch_id, moment = revision + 1, now()
    _number_events(connection, draft.events, actor, batch_id)
    head = {
        "batch_id": batch_id,
        "key": key or None,
        "kind": kind,
        "actor": actor.name,
        "role": str(actor.role),
        "reason": reason,
        "recorded_at": moment,
    }
    connection.execute(insert(batches).values(**head, digest=_chained(digest, head, draft)))
    for table in sorted(draft.rows, key=list(rows).index):
        _insert_rows(connection, table, draft.rows[table], batch_id)
    for start in range(0, len(draft.events), _AT_ONCE):
        connection.execute(insert(events), draft.events[start : start + _AT_ONCE])
    return Applied(
        events=len(draft.events),
        works=len(draft.rows.get("works", ())),
        facilities=len(draft.rows.get("facilities", ())),
        repeated=False,
        revision=batch_id,
        batch_id=batch_id,
    )


def _number_events(
    connection: Connection, drafted: list[dict[str, Any]], actor: Actor, batch_id: int
) -> None:
    last, order = connection.execute(select(func.max(events.c.seq), func.max(events.c.recorded_order))).one()
    last, order = last or 0, order or 0
    today = date.today().isoformat()
    for step, event in enumerate(drafted, start=1):
        event.update(seq=last + step, batch_id=batch_id)
        event.setdefault("recorded_order", order + step)
        event.setdefault("recorded_at", today)
        event.setdefault("recorded_by", actor.name)


def _insert_rows(
    connection: Connection,
    table: str,
    drafted: list[tuple[str, Mapping[str, Any], BaseGeometry | None]],
    batch_id: int,
) -> None:
    last = connection.scalar(select(func.max(rows[table].c.seq))) or 0
    for start in range(0, len(drafted), _AT_ONCE):
        part = drafted[start : start + _AT_ONCE]
        values: list[dict[str, Any]] = [
            {"seq": last + start + step, "row_id": row_id, "batch_id": batch_id, "cells": cells}
            for step, (row_id, cells, _shape) in enumerate(part, start=1)
        ]
        if table in WITH_GEOMETRY:
            for value, wkb in zip(values, _wkb(shape for _id, _cells, shape in part), strict=True):
                value["geometry"] = wkb
        connection.execute(insert(rows[table]), values)


def _wkb(shapes: Iterable[BaseGeometry | None]) -> list[bytes | None]:
    given = list(shapes)
    array = np.empty(len(given), object)
    array[:] = given
    return list(shapely.to_wkb(array))


def _chained(previous: str, head: Mapping[str, Any], draft: Draft) -> str:
    """SHA-256 over the batch and the digest before it: equal logs have equal digests, and only they.

    What is digested is the JSON of ``[head, [[[table, row_id, cells], ...], ...], events]``, a row at a time: of a large batch the whole
    text would take gigabytes.
    """
    total = hashlib.sha256(previous.encode())
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
    tables = sorted(draft.rows.items())

    def lists(items: Iterable[Any]) -> Iterator[str]:
        yield "["
        for at, item in enumerate(items):
            yield f", {encode(item)}" if at else encode(item)
        yield "]"

    def body() -> Iterator[str]:
        yield f"[{encode(head)}, ["
        for at, (table, each) in enumerate(tables):
            yield ", " if at else ""
            yield from lists([table, row_id, cells] for row_id, cells, _shape in each)
        yield "], "
        yield from lists(draft.events)
        yield "]"

    for piece in body():
        total.update(piece.encode())
    for _table, part in tables:
        for start in range(0, len(part), _AT_ONCE):
            for wkb in _wkb(shape for _id, _cells, shape in part[start : start + _AT_ONCE]):
                total.update(wkb or b"")
    return total.hexdigest()


def points_of(rows: Sequence[Texts]) -> list[BaseGeometry | None]:
    """The points of works' or facilities' ``lon`` and ``lat`` (WGS84); None for one that has no place."""
    placed = [at for at, cells in enumerate(rows) if cells["lon"] and cells["lat"]]
    points: list[BaseGeometry | None] = [None] * len(rows)
    xy = np.array([[float(rows[at]["lon"]), float(rows[at]["lat"])] for at in placed], "float64").reshape(
        -1, 2
    )
    for at, point in zip(placed, shapely.points(xy), strict=True):
        points[at] = point
    return points


def point_of(cells: Texts) -> BaseGeometry | None:
    """:func:`points_of` of one row."""
    return points_of([cells])[0]


def existing_rows(connection: Connection, table: str, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The cells of those of ``ids`` that the table has.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    table : str
        Name of a table of the pack.
    ids : iterable of str
        Primary keys.

    Returns
    -------
    dict
    """
    cells: dict[str, Mapping[str, Any]] = {}
    for part in parts_of(ids):
        query = select(rows[table].c.row_id, rows[table].c.cells).where(rows[table].c.row_id.in_(part))
        cells |= {str(row[0]): row[1] for row in connection.execute(query)}
    return cells


def existing_events(connection: Connection, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The columns of those of ``ids`` that are events."""
    columns: dict[str, Mapping[str, Any]] = {}
    for part in parts_of(ids):
        query = select(events).where(events.c.event_id.in_(part))
        columns |= {str(row["event_id"]): dict(row) for row in connection.execute(query).mappings()}
    return columns


def parts_of(ids: Iterable[str]) -> Iterable[list[str]]:
    """Ids in turns of as many as one look-up may bind, each once."""
    every = sorted({each for each in ids if each})
    return (every[at : at + _CHUNK] for at in range(0, len(every), _CHUNK))
