"""What a process has read of a store before: rows and events are only ever added, so that only what came since is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Lock
from typing import Any, Final

import pandas as pd
from sqlalchemy import JSON, Connection, Table, Text, cast, select

from geo.store.rows import typed_texts
from geo.store.schema import batches, events
from geo.store.write import revision_of

_REMEMBERED_ROWS: Final = 20_000
"""Of a table; the texts of more would take as much memory as the register itself, and are read anew."""
_AT_ONCE: Final = 10_000
Rows = list[tuple[Any, ...]]


def _rows_after(connection: Connection, table: Table, last: int) -> Iterator[tuple[Any, ...]]:
    """Rows written after ``last``; the JSON of some thousand is read as one text."""
    written = [cast(column, Text) if isinstance(column.type, JSON) else column for column in table.c]
    found = connection.execute(select(*written).where(table.c.seq > last).order_by(table.c.seq))
    while part := found.fetchmany(_AT_ONCE):
        columns = list(zip(*part, strict=True))
        for at, column in enumerate(table.c):
            if isinstance(column.type, JSON):
                columns[at] = tuple(json.loads(f"[{','.join(columns[at])}]"))
        yield from zip(*columns, strict=True)


class ReadBefore:
    """Rows, events and typed tables of one database as they were read last; empty at first.

    Triggers see to it that nothing is changed or removed. A database that was restored from a backup has another digest where the
    last read ended: then all of it is read anew. One thread at a time uses it, under :attr:`lock`.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self._end: tuple[int, str] = (0, "")
        self._rows: dict[str, Rows] = {}
        self._typed: dict[str, tuple[Any, pd.DataFrame, pd.DataFrame]] = {}

    def begin(self, connection: Connection) -> str:
        """Forget what another log than this one held; the digest of the log as it is now."""
        revision, digest = self._end
        known = connection.scalar(select(batches.c.digest).where(batches.c.batch_id == revision))
        if known != digest:
            self._rows = {}
        self._end = revision_of(connection)
        return self._end[1]

    def rows(self, connection: Connection, table: Table) -> Rows:
        """All rows of a table in the order they were written, each as a tuple of its columns."""
        before = self._rows.get(table.name, [])
        last = before[-1][0] if before else -1
        found = [*before, *_rows_after(connection, table, last)]
        if len(found) <= _REMEMBERED_ROWS:
            self._rows[table.name] = found
        return found

    def events(self, connection: Connection) -> pd.DataFrame:
        """Every event of the log, in the order it was written, with the database's own columns."""
        return pd.DataFrame(self.rows(connection, events), columns=events.c.keys(), dtype=object)

    def typed(self, name: str, texts: pd.DataFrame, schema: Any) -> pd.DataFrame:
        """As :func:`geo.store.rows.typed_texts`; where no text is another one it is the frame of before, which nobody may change.

        Parameters
        ----------
        name : str
            Of a table of the pack.
        texts : DataFrame
            Every cell a text.
        schema : dict
            Table Schema of the table.

        Returns
        -------
        DataFrame
        """
        last = self._typed.get(name)
        if last is not None and last[0] == schema and last[1].equals(texts):
            return last[2]
        frame = typed_texts(name, texts, schema)
        if len(texts) <= _REMEMBERED_ROWS:
            self._typed[name] = (schema, texts, frame)
        return frame
