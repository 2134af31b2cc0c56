"""Writing: one transaction a batch, numbered in turn, chained by digest, nothing ever overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, func, insert, select

from geo.store.model import Actor, Applied
from geo.store.rows import Texts
from geo.store.schema import WITH_GEOMETRY, batches, events, rows

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
    if draft.events:
        connection.execute(insert(events), draft.events)
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
    for step, event in enumerate(drafted, start=1):
        event.update(seq=last + step, batch_id=batch_id)
        event.setdefault("recorded_order", order + step)
        event.setdefault("recorded_at", date.today().isoformat())
        event.setdefault("recorded_by", actor.name)


def _insert_rows(
    connection: Connection,
    table: str,
    drafted: list[tuple[str, Mapping[str, Any], BaseGeometry | None]],
    batch_id: int,
) -> None:
    last = connection.scalar(select(func.max(rows[table].c.seq))) or 0
    values = []
    for step, (row_id, cells, shape) in enumerate(drafted, start=1):
        value: dict[str, Any] = {
            "seq": last + step,
            "row_id": row_id,
            "batch_id": batch_id,
            "cells": dict(cells),
        }
        if table in WITH_GEOMETRY:
            value["geometry"] = None if shape is None else shapely.to_wkb(shape)
        values.append(value)
    if values:
        connection.execute(insert(rows[table]), values)


def _chained(previous: str, head: Mapping[str, Any], draft: Draft) -> str:
    """SHA-256 over the batch and the digest before it: equal logs have equal digests, and only they."""
    total = hashlib.sha256(previous.encode())
    body = [
        head,
        [[table, row_id, cells] for table, each in sorted(draft.rows.items()) for row_id, cells, _s in each],
    ]
    total.update(json.dumps([*body, draft.events], ensure_ascii=False, sort_keys=True).encode())
    for each in (shape for _t, part in sorted(draft.rows.items()) for _id, _c, shape in part):
        total.update(b"" if each is None else shapely.to_wkb(each))
    return total.hexdigest()


def point_of(cells: Texts) -> BaseGeometry | None:
    """The point of a work's or facility's ``lon`` and ``lat`` (WGS84); None where it has no place."""
    return shapely.Point(float(cells["lon"]), float(cells["lat"])) if cells["lon"] and cells["lat"] else None


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
