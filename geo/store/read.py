"""Reading: the register's tables as a pack, with everything written since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import shapely
from shapely.geometry import mapping, shape
from sqlalchemy import Connection

from geo.register.city_facts import read_city
from geo.register.column_rows import columns_of
from geo.register.lines import Lines
from geo.register.pack import Pack, table_schemas
from geo.register.plans import with_plans
from geo.register.undone_and_merged import undone_among
from geo.store.read_before import ReadBefore, Schemas, TypedRows, WhatWasRead, events_after, rows_after
from geo.store.rows import EVENT_FIELDS, SUBJECTS, Texts, text_cells, text_of, typed_texts
from geo.store.schema import rows
from geo.store.write import revision_of

_FILE_TABLES = (
    "plan_items",
    "works",
    "sources",
    "citations",
    "facilities",
    "population",
    "districts",
    "photos",
    "plans",
    "promises",
)
_TAKEN_BACK: Final = ("photos", "plans", "plan_items", "promises")
"""Tables whose rows are gone where their creation was undone; works and facilities stay, and their logs say it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of rows after they were written.

    Attributes
    ----------
    put_right : Mapping
        Id -> the fields that a newer pack has put right.
    gone : frozenset of str
        Ids of rows whose creation was taken back.
    """

    put_right: Mapping[str, Mapping[str, Any]]
    gone: frozenset[str]


_NONE: Final = Changes({}, frozenset())


@dataclass(frozen=True)
class Tables:
    """The register as texts: tables as the pack's CSV files have them, and lines as GeoJSON features."""

    rows: dict[str, pd.DataFrame]
    features: list[dict[str, Any]]


def read_pack(connection: Connection, root: Path, before: ReadBefore) -> Pack:
    """The register as a pack; its digest is the log's, so it changes with every batch.

    Parameters
    ----------
    connection : Connection
    root : Path
        Folder of the city pack, for schemas and facts of the city.
    before : ReadBefore
        What was read before of the same database; it learns what is read now.

    Returns
    -------
    Pack
    """
    schemas = table_schemas(root)
    with before.lock:
        read, features = _read(connection, before.of(connection, schemas), schemas)
        before.remember(read)
    city = read_city(root)
    frames = {name: table.frame for name, table in read.tables.items()}
    return Pack(
        root=root, digest=read.digest, city=city, line_features=Lines(features), **with_plans(frames, city)
    )


def read_tables(connection: Connection) -> Tables:
    """The register's tables with what a newer pack has put right; what was taken back stands in the logs."""
    log = events_after(connection, -1)
    changes = _changes(log)
    found = {name: _texts(connection, name, -1, changes.get(name, _NONE))[0] for name in _FILE_TABLES}
    return Tables(found | _logs(log), _features(connection, changes))


def _read(
    connection: Connection, known: WhatWasRead, schemas: Schemas
) -> tuple[WhatWasRead, list[dict[str, Any]]]:
    """What was known with what was written since, and the lines as features."""
    revision, digest = revision_of(connection)
    log = events_after(connection, known.last_event)
    decisive = pd.concat([known.decisive, _decisive(log)], ignore_index=True)
    changes = _changes(decisive)
    tables: dict[str, TypedRows] = {}
    for name in _FILE_TABLES:
        mine = changes.get(name, _NONE)
        before = known.tables.get(name)
        if before is None or before.changes != mine:  # rows that were read before are others now
            before = TypedRows(pd.DataFrame(), changes=mine)
        texts, last = _texts(connection, name, before.last, mine)
        tables[name] = _with_typed(before, name, texts, last, schemas)
    last_event = int(log["seq"].iloc[-1]) if len(log) else known.last_event
    for name, texts in _logs(log).items():
        before = known.tables.get(name, TypedRows(pd.DataFrame()))
        tables[name] = _with_typed(before, name, texts, last_event, schemas)
    read = WhatWasRead(revision, digest, schemas, last_event, decisive, tables)
    return read, _features(connection, changes)


def _with_typed(before: TypedRows, name: str, texts: pd.DataFrame, last: int, schemas: Schemas) -> TypedRows:
    more = texts if texts.empty and before.is_typed else typed_texts(name, texts, schemas[name])
    return before.with_more(more, last)


def _decisive(log: pd.DataFrame) -> pd.DataFrame:
    """The events that say what becomes of rows: an undo, what a newer pack put right, the creation of a row that can be taken back."""
    created = (log["kind"] == "creation") & log["table_name"].isin(_TAKEN_BACK)
    corrected = (log["kind"] == "correction") & log["always"].astype(bool)
    return log[(log["kind"] == "undo") | created | corrected]


def _changes(log: pd.DataFrame) -> dict[str, Changes]:
    """Table -> what became of its rows, by the events of :func:`_decisive` or all."""
    undone = log["event_id"].isin(undone_among(log))
    put_right = _put_right(log[~undone])
    created = log[undone & (log["kind"] == "creation")]
    gone = {table: frozenset(created.loc[created["table_name"] == table, "row_id"]) for table in _TAKEN_BACK}
    names = {*put_right, *(table for table, ids in gone.items() if ids)}
    return {name: Changes(put_right.get(name, {}), gone.get(name, frozenset())) for name in names}


def _texts(connection: Connection, name: str, last: int, changes: Changes) -> tuple[pd.DataFrame, int]:
    """Rows of a table that were written after ``last``, as texts, and the number of the newest."""
    written = list(rows_after(connection, rows[name], last))
    cells = [
        _corrected(cells, changes.put_right.get(row_id))
        for _seq, row_id, _batch, cells, *_geometry in written
        if row_id not in changes.gone
    ]
    return _text_table(cells), (int(written[-1][0]) if written else last)


def _logs(log: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Each log of the pack as texts, from events of the database."""
    shown = log[~log["always"].astype(bool)]
    return {
        name: _event_texts(shown[shown["table_name"] == subject.table], subject.key)
        for name, subject in SUBJECTS.items()
    }


def _text_table(cells: list[Texts]) -> pd.DataFrame:
    """Rows as a table of texts, empty where a row has no such cell."""
    columns = columns_of(cells)
    if columns is None:
        return pd.DataFrame(cells, dtype=object).fillna("")
    texts = {
        name: ["" if cell is None else cell for cell in values] if None in values else values
        for name, values in columns.items()
    }
    return pd.DataFrame(texts, dtype=object)


def _put_right(log: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Table -> row id -> fields that a newer pack has put right."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    changes = log[log["always"].astype(bool) & (log["kind"] == "correction")]
    for table, row_id, value in zip(changes["table_name"], changes["row_id"], changes["value"], strict=True):
        found.setdefault(table, {}).setdefault(row_id, {}).update(json.loads(value))
    return found


def _corrected(cells: Texts, changes: Mapping[str, Any] | None) -> Texts:
    return {**cells, **{name: text_of(new) for name, new in changes.items()}} if changes else cells


def _event_texts(log: pd.DataFrame, key: str) -> pd.DataFrame:
    names = {name: "row_id" if name == "work_id" else name for name in EVENT_FIELDS}
    columns = {key if name == "work_id" else name: text_cells(log[column]) for name, column in names.items()}
    return pd.DataFrame(columns, dtype=object)


def _features(connection: Connection, changes: Mapping[str, Changes]) -> list[dict[str, Any]]:
    put_right = changes.get("lines", _NONE).put_right
    features = []
    for _seq, line_id, _batch, cells, wkb in rows_after(connection, rows["lines"], -1):
        new = dict(put_right.get(line_id, {}))
        moved = new.pop("geometry", None)
        placed = shapely.from_wkb(bytes(wkb)) if moved is None else shape(moved)
        features.append({"type": "Feature", "properties": cells | new, "geometry": mapping(placed)})
    return features
