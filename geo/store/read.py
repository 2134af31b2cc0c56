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
from geo.store.read_before import ReadBefore, Rows
from geo.store.rows import EVENT_FIELDS, KEYS, SUBJECTS, Texts, text_cells, text_of
from geo.store.schema import rows

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
    with before.lock:
        digest = before.begin(connection)
        schemas, tables = table_schemas(root), _tables(connection, before)
        frames = {name: before.typed(name, rows, schemas[name]) for name, rows in tables.rows.items()}
    city = read_city(root)
    return Pack(
        root=root, digest=digest, city=city, line_features=Lines(tables.features), **with_plans(frames, city)
    )


def read_tables(connection: Connection) -> Tables:
    """The register's tables with what a newer pack has put right; what was taken back stands in the logs."""
    return _tables(connection, ReadBefore())


def _tables(connection: Connection, before: ReadBefore) -> Tables:
    log = before.events(connection)
    undone = log["event_id"].isin(undone_among(log))
    put_right = _put_right(log[~undone])
    cells = {
        table: _cells(before.rows(connection, rows[table]), put_right.get(table, {}))
        for table in _FILE_TABLES
    }
    for table in _TAKEN_BACK:
        created = (log["table_name"] == table) & (log["kind"] == "creation")
        withdrawn = set(log.loc[undone & created, "row_id"])
        cells[table] = [row for row in cells[table] if row[KEYS[table]] not in withdrawn]
    found = {table: _text_table(each) for table, each in cells.items()}
    told = log[~log["always"].astype(bool)]
    logs = {
        name: _event_texts(told[told["table_name"] == subject.table], subject.key)
        for name, subject in SUBJECTS.items()
    }
    return Tables(found | logs, _features(before.rows(connection, rows["lines"]), put_right.get("lines", {})))


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


def _cells(written: Rows, put_right: Mapping[str, Mapping[str, Any]]) -> list[Texts]:
    found = []
    for _seq, row_id, _batch, cells, *_geometry in written:
        changes = put_right.get(row_id)
        found.append({**cells, **{name: text_of(new) for name, new in changes.items()}} if changes else cells)
    return found


def _event_texts(log: pd.DataFrame, key: str) -> pd.DataFrame:
    names = {name: "row_id" if name == "work_id" else name for name in EVENT_FIELDS}
    columns = {key if name == "work_id" else name: text_cells(log[column]) for name, column in names.items()}
    return pd.DataFrame(columns, dtype=object)


def _features(written: Rows, put_right: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    features = []
    for _seq, line_id, _batch, cells, wkb in written:
        new = dict(put_right.get(line_id, {}))
        moved = new.pop("geometry", None)
        placed = shapely.from_wkb(bytes(wkb)) if moved is None else shape(moved)
        features.append({"type": "Feature", "properties": cells | new, "geometry": mapping(placed)})
    return features
