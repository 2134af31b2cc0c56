"""The tables of the store. The same on SQLite and PostgreSQL; migrations build them, a test compares both.

Rows of the city pack are kept as they were written (``cells``: column -> text, as in its CSV files), because
``datapackage.json`` is the one source of types. Rows, events and batches are append-only, which triggers enforce.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from geo.register.pack import EVENT_TABLES, TABLES

META: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ROW_TABLES: Final = (*(name for name in TABLES if name not in EVENT_TABLES), "lines")
WITH_GEOMETRY: Final = ("works", "facilities", "lines")

batches: Final = Table(
    "batches",
    META,
    Column("batch_id", Integer, primary_key=True, autoincrement=False),
    Column("key", String(200), unique=True),
    Column("kind", String(20), nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
)


def _row_table(name: str) -> Table:
    columns: list[Column[Any]] = [
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("row_id", Text, nullable=False, unique=True),
        Column("batch_id", Integer, ForeignKey("batches.batch_id"), nullable=False),
        Column("cells", JSON, nullable=False),
    ]
    if name in WITH_GEOMETRY:
        columns.append(Column("geometry", LargeBinary))
    return Table(name, META, *columns)


rows: Final = {name: _row_table(name) for name in ROW_TABLES}

events: Final = Table(
    "events",
    META,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("event_id", String(80), nullable=False, unique=True),
    Column("batch_id", Integer, ForeignKey("batches.batch_id"), nullable=False, index=True),
    Column("table_name", String(40), nullable=False),
    Column("row_id", Text, nullable=False),
    Column("work_id", Text, ForeignKey("works.row_id"), index=True),
    Column("date", String(10), nullable=False),
    Column("date_precision", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("value", Text, nullable=False),
    Column("unit", Text),
    Column("confirmed", Boolean, nullable=False),
    # the pack itself was put right: holds on every day, as if the pack had always been so
    Column("always", Boolean, nullable=False),
    Column("source_id", Text, ForeignKey("sources.row_id")),
    Column("recorded_at", String(10), nullable=False),
    Column("recorded_order", Integer),
    Column("recorded_by", Text, nullable=False),
    Column("reason_zh", Text),
    Column("reason_en", Text),
)
Index("ix_events_subject", events.c.table_name, events.c.row_id)

pack_versions: Final = Table(
    "pack_versions",
    META,
    Column("batch_id", Integer, ForeignKey("batches.batch_id"), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("summary", JSON, nullable=False),
)
# The pictures of rows of photos, JPEG without metadata
photo_files: Final = Table(
    "photo_files",
    META,
    Column("photo_id", Text, ForeignKey("photos.row_id"), primary_key=True),
    Column("large", LargeBinary, nullable=False),
    Column("small", LargeBinary, nullable=False),
)
# The rows of the pack when it was last loaded: bookkeeping, so that only its own changes become events
pack_rows: Final = Table(
    "pack_rows",
    META,
    Column("table_name", String(40), primary_key=True),
    Column("row_id", Text, primary_key=True),
    Column("cells", JSON, nullable=False),
)

remarks: Final = Table(
    "reports",
    META,
    Column("report_id", Integer, primary_key=True, autoincrement=False),
    Column("work_id", Text, ForeignKey("works.row_id")),
    Column("text", Text, nullable=False),
    Column("contact", Text),
    Column("sender", String(64), nullable=False, index=True),
    Column("received_at", String(32), nullable=False, index=True),
)
decisions: Final = Table(
    "decisions",
    META,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("report_id", Integer, ForeignKey("reports.report_id"), nullable=False, index=True),
    Column("decision", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("actor", Text, nullable=False),
    Column("decided_at", String(32), nullable=False),
)
