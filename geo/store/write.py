"""Writing: one transaction a batch, numbered in turn, chained by digest, nothing ever overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Table, func, insert, select

from geo.register.column_rows import ColumnRows, values_of
from geo.store.json_texts import row_texts, text_json
from geo.store.model import Actor, Applied
from geo.store.rows import TextRows
from geo.store.schema import WITH_GEOMETRY, batches, events, rows

_AT_ONCE: Final = 10_000
"""Rows that are made ready for the database together."""
_ROOM_FOR_PAGES: Final = "PRAGMA cache_size = -65536"
"""Memory in which SQLite holds pages of a large batch, KiB as a negative number."""
PACK_ACTOR: Final = "city pack"
_CHUNK: Final = 400  # values bound in one look-up: below SQLite's oldest limit


class Drafted:
    """Rows in the order in which they are written: single ones, and columns of very many."""

    def __init__(self) -> None:
        self._parts: list[list[Mapping[str, Any]] | ColumnRows] = []

    def append(self, row: Mapping[str, Any]) -> None:
        """One more row."""
        if not self._parts or isinstance(self._parts[-1], ColumnRows):
            self._parts.append([])
        self._parts[-1].append(row)  # type: ignore[union-attr]

    def extend(self, added: ColumnRows) -> None:
        """Rows that are held as columns."""
        self._parts.append(added)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def parts(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        """The rows, :data:`_AT_ONCE` at a time at the most."""
        for part in self._parts:
            for start in range(0, len(part), _AT_ONCE):
                yield part[start : start + _AT_ONCE]


@dataclass
class Draft:
    """What one batch will write: rows by table with ``row_id``, ``cells`` and ``geometry`` (WKB), and events as columns."""

    rows: dict[str, Drafted] = field(default_factory=dict)
    events: Drafted = field(default_factory=Drafted)

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
        wkb = None if shape is None else shapely.to_wkb(shape)
        self.rows.setdefault(table, Drafted()).append({"row_id": row_id, "cells": cells, "geometry": wkb})

    def extend(
        self, table: str, row_ids: Sequence[str], cells: TextRows, geometry: Sequence[bytes | None]
    ) -> None:
        """New rows.

        Parameters
        ----------
        table : str
            Name of a table of the pack.
        row_ids : sequence of str
            Primary keys of the rows.
        cells : sequence of mapping
        geometry : sequence of bytes or None
            WKB of each row's shape.
        """
        if not row_ids:
            return
        columns = {"row_id": list(row_ids), "cells": cells, "geometry": list(geometry)}
        self.rows.setdefault(table, Drafted()).extend(ColumnRows(columns))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not len(self.events) and not any(map(len, self.rows.values()))


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
    if connection.dialect.name == "sqlite" and len(draft.events) > _AT_ONCE:
        connection.exec_driver_sql(_ROOM_FOR_PAGES)  # else pages are written to the log again and again
    numbered = _Numbered(connection, draft.events, actor, batch_id)
    head = {
        "batch_id": batch_id,
        "key": key or None,
        "kind": kind,
        "actor": actor.name,
        "role": str(actor.role),
        "reason": reason,
        "recorded_at": moment,
    }
    chained = _chained(digest, head, draft.rows, numbered.parts())
    connection.execute(insert(batches).values(**head, digest=chained))
    for table in sorted(draft.rows, key=list(rows).index):
        _insert_rows(connection, table, draft.rows[table], batch_id)
    for part in numbered.parts():
        insert_columns(connection, events, {column.name: values_of(part, column.name) for column in events.c})
    return Applied(
        events=len(draft.events),
        works=len(draft.rows.get("works", ())),
        facilities=len(draft.rows.get("facilities", ())),
        repeated=False,
        revision=batch_id,
        batch_id=batch_id,
    )


class _Numbered:
    """Drafted events with their number, batch, and who learnt of them and when, where they do not say it themselves."""

    def __init__(self, connection: Connection, drafted: Drafted, actor: Actor, batch_id: int) -> None:
        query = select(func.max(events.c.seq), func.max(events.c.recorded_order))
        self._last, self._order = (number or 0 for number in connection.execute(query).one())
        self._drafted = drafted
        self._fixed = {"recorded_at": date.today().isoformat(), "recorded_by": actor.name}
        self._batch_id = batch_id

    def parts(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        """All columns of the events, some thousand at a time."""
        before = 0
        for part in self._drafted.parts():
            steps = range(before + 1, before + len(part) + 1)
            own = {"seq": [self._last + step for step in steps], "batch_id": [self._batch_id] * len(part)}
            orders = [self._order + step for step in steps]
            if isinstance(part, ColumnRows):
                usual = {name: [value] * len(part) for name, value in self._fixed.items()}
                columns = {name: part.column(name) for name in part.names}
                yield ColumnRows(usual | {"recorded_order": orders} | columns | own)
            else:
                yield [
                    {**self._fixed, "recorded_order": order, **row, **{name: own[name][at] for name in own}}
                    for at, (order, row) in enumerate(zip(orders, part, strict=True))
                ]
            before += len(part)


def _insert_rows(connection: Connection, table: str, drafted: Drafted, batch_id: int) -> None:
    last = connection.scalar(select(func.max(rows[table].c.seq))) or 0
    for part in drafted.parts():
        columns = {
            "seq": range(last + 1, last + len(part) + 1),
            "row_id": values_of(part, "row_id"),
            "batch_id": [batch_id] * len(part),
            "cells": row_texts(values_of(part, "cells")),
        }
        if table in WITH_GEOMETRY:
            columns["geometry"] = values_of(part, "geometry")
        insert_columns(connection, rows[table], columns)
        last += len(part)


def insert_columns(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Rows as the driver takes them: SQLAlchemy's own way of a row takes as long as the database's.

    Parameters
    ----------
    connection : Connection
        Inside the caller's transaction.
    table : Table
    columns : mapping
        Column -> value of each row, JSON as text.
    """
    statement = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
    if statement.positiontup is None:
        named = ColumnRows({name: list(values) for name, values in columns.items()})
        connection.exec_driver_sql(str(statement), list(map(dict, named)))
        return
    in_turn = (columns[name] for name in statement.positiontup)
    connection.exec_driver_sql(str(statement), list(zip(*in_turn, strict=True)))


def _chained(
    previous: str,
    head: Mapping[str, Any],
    drafted: Mapping[str, Drafted],
    event_parts: Iterable[Sequence[Mapping[str, Any]]],
) -> str:
    """SHA-256 over the batch and the digest before it: equal logs have equal digests, and only they.

    What is digested is the JSON of ``[head, [[[table, row_id, cells], ...], ...], events]`` and then the WKB of all shapes, some
    thousand rows at a time: of a large batch the whole text would take gigabytes.
    """
    total, tables = hashlib.sha256(previous.encode()), sorted(drafted.items())

    def listed(texts: Iterable[list[str]]) -> None:
        total.update(b"[")
        for at, part in enumerate(filter(None, texts)):
            total.update((", " * (at > 0) + ", ".join(part)).encode())
        total.update(b"]")

    total.update(f"[{row_texts([head], in_order=True)[0]}, [".encode())
    for at, (table, each) in enumerate(tables):
        total.update(b", " if at else b"")
        listed(_row_texts_of(table, part) for part in each.parts())
    total.update(b"], ")
    listed(row_texts(part, in_order=True) for part in event_parts)
    total.update(b"]")
    for _table, each in tables:
        for part in each.parts():
            total.update(b"".join(wkb for wkb in values_of(part, "geometry") if wkb))
    return total.hexdigest()


def _row_texts_of(table: str, part: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = row_texts(values_of(part, "cells"), in_order=True)
    start = f"[{text_json(table)}, "
    return [
        f"{start}{text_json(row_id)}, {text}]"
        for row_id, text in zip(values_of(part, "row_id"), cells, strict=True)
    ]


def points_of(rows: TextRows) -> list[bytes | None]:
    """WKB of the points of works' or facilities' ``lon`` and ``lat`` (WGS84); None for one that has no place."""
    lon, lat = values_of(rows, "lon"), values_of(rows, "lat")
    placed = [at for at in range(len(rows)) if lon[at] and lat[at]]
    xy = np.array([[float(lon[at]) for at in placed], [float(lat[at]) for at in placed]], "float64")
    points: list[bytes | None] = [None] * len(rows)
    for start in range(0, len(placed), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        for at, wkb in zip(placed[part], shapely.to_wkb(shapely.points(*xy[:, part])), strict=True):
            points[at] = wkb
    return points


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
