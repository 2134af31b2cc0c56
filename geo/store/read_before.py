"""What a process has read of a store before: rows and events are only ever added, so that only what came since is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import pandas as pd
from sqlalchemy import JSON, Connection, Table, Text, cast, select

from geo.store.schema import batches, events

_AT_ONCE: Final = 10_000
Schemas = Mapping[str, Mapping[str, Any]]


def rows_after(connection: Connection, table: Table, last: int) -> Iterator[tuple[Any, ...]]:
    """Rows written after one, in that order; the JSON of some thousand is read as one text.

    Parameters
    ----------
    connection : Connection
    table : Table
    last : int
        Number of that row; -1 for all rows.

    Returns
    -------
    iterator of tuple
        The columns of each row.
    """
    written = [cast(column, Text) if isinstance(column.type, JSON) else column for column in table.c]
    found = connection.execute(select(*written).where(table.c.seq > last).order_by(table.c.seq))
    while part := found.fetchmany(_AT_ONCE):
        columns = list(zip(*part, strict=True))
        for at, column in enumerate(table.c):
            if isinstance(column.type, JSON):
                columns[at] = tuple(json.loads(f"[{','.join(columns[at])}]"))
        yield from zip(*columns, strict=True)


def events_after(connection: Connection, last: int) -> pd.DataFrame:
    """Events written after ``last``, in that order, with the database's own columns."""
    return pd.DataFrame(list(rows_after(connection, events, last)), columns=events.c.keys(), dtype=object)


@dataclass(frozen=True, slots=True)
class TypedRows:
    """A table as it was typed.

    Attributes
    ----------
    frame : DataFrame
        Nobody may change it.
    last : int
        Number of the newest row that was read for it.
    changes : object
        What else it was made of: another one makes the rows before others, too.
    """

    frame: pd.DataFrame
    last: int = -1
    changes: object = None

    @property
    def is_typed(self) -> bool:
        """Whether a table was typed at all, be it without a row."""
        return len(self.frame.columns) > 0

    def with_more(self, frame: pd.DataFrame, last: int) -> TypedRows:
        """With the rows that came since; the very frame where there are none."""
        if not len(frame) and self.is_typed:
            return TypedRows(self.frame, last, self.changes)
        if not len(self.frame):
            return TypedRows(frame, last, self.changes)
        numbered = isinstance(frame.index, pd.RangeIndex)
        whole = pd.concat([self.frame, frame], ignore_index=numbered)
        if not numbered:  # pandas would make another kind of index of the two
            whole.index = whole.index.astype(self.frame.index.dtype)
        return TypedRows(whole, last, self.changes)


@dataclass(frozen=True, slots=True)
class WhatWasRead:
    """A log up to one of its batches.

    Attributes
    ----------
    revision, digest
        Of the batch.
    schemas : Mapping
        Table Schema of each table.
    last_event : int
    decisive : DataFrame
        The few events that say what becomes of other rows.
    tables : Mapping
        Name -> what was typed.
    """

    revision: int = 0
    digest: str = ""
    schemas: Schemas = field(default_factory=dict)
    last_event: int = -1
    decisive: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=events.c.keys(), dtype=object)
    )
    tables: Mapping[str, TypedRows] = field(default_factory=dict)


class ReadBefore:
    """What was read last of one database; nothing at first.

    Triggers see to it that nothing is changed or removed. A database that was restored from a backup has another digest where the
    last read ended: then all of it is read anew. One thread at a time uses it, under :attr:`lock`, and writes down what it read once it has read it all.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self._read = WhatWasRead()

    def of(self, connection: Connection, schemas: Schemas) -> WhatWasRead:
        """What is known of this log, typed by these schemas; nothing where either is another."""
        before = self._read
        query = select(batches.c.digest).where(batches.c.batch_id == before.revision)
        same_log = connection.scalar(query) == before.digest
        return before if same_log and before.schemas == schemas else WhatWasRead()

    def remember(self, read: WhatWasRead) -> None:
        """What is known from now on."""
        self._read = read
