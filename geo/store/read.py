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
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from geo.register.city_facts import read_city
from geo.register.lines import Lines
from geo.register.pack import Pack, table_schemas
from geo.register.plans import with_plans
from geo.register.undone_and_merged import undone_among
from geo.store.rows import EVENT_FIELDS, KEYS, SUBJECTS, Texts, text_cells, text_of, typed_texts
from geo.store.schema import events, rows
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


def read_events(connection: Connection) -> pd.DataFrame:
    """Every event of the log, in the order it was written, with the database's own columns."""
    result = connection.execute(select(events).order_by(events.c.seq))
    # as plain tuples: pandas looks for more in the rows of the database, one by one
    return pd.DataFrame(list(map(tuple, result)), columns=list(result.keys()), dtype=object)


@dataclass(frozen=True)
class Tables:
    """The register as texts: tables as the pack's CSV files have them, and lines as GeoJSON features."""

    rows: dict[str, pd.DataFrame]
    features: list[dict[str, Any]]


def read_pack(connection: Connection, root: Path) -> Pack:
    """The register as a pack; its digest is the log's, so it changes with every batch."""
    _revision, digest = revision_of(connection)
    schemas, tables = table_schemas(root), read_tables(connection)
    frames = {name: typed_texts(name, texts, schemas[name]) for name, texts in tables.rows.items()}
    city = read_city(root)
    return Pack(
        root=root, digest=digest, city=city, line_features=Lines(tables.features), **with_plans(frames, city)
    )


def read_tables(connection: Connection) -> Tables:
    """The register's tables with what a newer pack has put right; what was taken back stands in the logs."""
    log = read_events(connection)
    undone = log["event_id"].isin(undone_among(log))
    put_right = _put_right(log[~undone])
    cells = {table: _cells(connection, table, put_right.get(table, {})) for table in _FILE_TABLES}
    for table in _TAKEN_BACK:
        created = (log["table_name"] == table) & (log["kind"] == "creation")
        withdrawn = set(log.loc[undone & created, "row_id"])
        cells[table] = [row for row in cells[table] if row[KEYS[table]] not in withdrawn]
    found = {table: pd.DataFrame(each, dtype=object).fillna("") for table, each in cells.items()}
    told = log[~log["always"].astype(bool)]
    logs = {
        name: _event_texts(told[told["table_name"] == subject.table], subject.key)
        for name, subject in SUBJECTS.items()
    }
    return Tables(found | logs, _features(connection, put_right.get("lines", {})))


def _put_right(log: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Table -> row id -> fields that a newer pack has put right."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    changes = log[log["always"].astype(bool) & (log["kind"] == "correction")]
    for table, row_id, value in zip(changes["table_name"], changes["row_id"], changes["value"], strict=True):
        found.setdefault(table, {}).setdefault(row_id, {}).update(json.loads(value))
    return found


def _cells(connection: Connection, table: str, put_right: Mapping[str, Mapping[str, Any]]) -> list[Texts]:
    query = select(rows[table].c.row_id, rows[table].c.cells).order_by(rows[table].c.seq)
    found = []
    for row_id, cells in connection.execute(query):
        changes = put_right.get(row_id)
        found.append({**cells, **{name: text_of(new) for name, new in changes.items()}} if changes else cells)
    return found


def _event_texts(log: pd.DataFrame, key: str) -> pd.DataFrame:
    names = {name: "row_id" if name == "work_id" else name for name in EVENT_FIELDS}
    columns = {key if name == "work_id" else name: text_cells(log[column]) for name, column in names.items()}
    return pd.DataFrame(columns, dtype=object)


def read_lines(connection: Connection) -> dict[str, tuple[dict[str, Any], BaseGeometry]]:
    """Line id -> its properties and its geometry (WGS84), as first written."""
    table = rows["lines"]
    query = select(table.c.row_id, table.c.cells, table.c.geometry).order_by(table.c.seq)
    return {str(row[0]): (row[1], shapely.from_wkb(bytes(row[2]))) for row in connection.execute(query)}


def _features(connection: Connection, put_right: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    features = []
    for line_id, (cells, geometry) in read_lines(connection).items():
        new = dict(put_right.get(line_id, {}))
        moved = new.pop("geometry", None)
        placed = geometry if moved is None else shape(moved)
        features.append({"type": "Feature", "properties": cells | new, "geometry": mapping(placed)})
    return features
