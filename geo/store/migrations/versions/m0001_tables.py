"""The tables, their append-only triggers and, on PostGIS, a geometry column that QGIS reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "m0001"
down_revision = None
branch_labels = None
depends_on = None

_ROWS = ("plan_items", "works", "sources", "citations", "facilities", "population", "districts", "lines")
_WITH_GEOMETRY = ("works", "facilities", "lines")
_APPEND_ONLY = ("batches", "events", *_ROWS, "pack_versions", "reports", "decisions")


def upgrade() -> None:
    """Build everything; Alembic calls this inside one transaction."""
    _batches()
    for name in _ROWS:
        _row_table(name)
    _events()
    _pack()
    _reports()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
        _show_in_qgis()
    else:
        _guard_sqlite()


def _number(name: str = "seq") -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def _text(
    name: str, *constraints: sa.ForeignKey, size: int | None = None, empty: bool = False
) -> sa.Column[str]:
    kind = sa.Text() if size is None else sa.String(size)
    return sa.Column(name, kind, *constraints, nullable=empty)


def _batches() -> None:
    op.create_table(
        "batches",
        _number("batch_id"),
        _text("key", size=200, empty=True),
        _text("kind", size=20),
        _text("actor"),
        _text("role", size=20),
        _text("reason"),
        _text("recorded_at", size=32),
        _text("digest", size=64),
        sa.PrimaryKeyConstraint("batch_id", name="pk_batches"),
        sa.UniqueConstraint("key", name="uq_batches_key"),
    )


def _batch_of(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"], name=f"fk_{table}_batch_id")
    return sa.Column("batch_id", sa.Integer, nullable=False), key


def _row_table(name: str) -> None:
    geometry = [sa.Column("geometry", sa.LargeBinary)] if name in _WITH_GEOMETRY else []
    op.create_table(
        name,
        _number(),
        _text("row_id"),
        *_batch_of(name),
        sa.Column("cells", sa.JSON, nullable=False),
        *geometry,
        sa.PrimaryKeyConstraint("seq", name=f"pk_{name}"),
        sa.UniqueConstraint("row_id", name=f"uq_{name}_row_id"),
    )


def _events() -> None:
    op.create_table(
        "events",
        _number(),
        _text("event_id", size=80),
        *_batch_of("events"),
        _text("table_name", size=40),
        _text("row_id"),
        _text("work_id", empty=True),
        _text("date", size=10),
        _text("date_precision", size=20),
        _text("kind", size=20),
        _text("value"),
        _text("unit", empty=True),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("always", sa.Boolean, nullable=False),
        _text("source_id", empty=True),
        _text("recorded_at", size=10),
        sa.Column("recorded_order", sa.Integer),
        _text("recorded_by"),
        _text("reason_zh", empty=True),
        _text("reason_en", empty=True),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.UniqueConstraint("event_id", name="uq_events_event_id"),
        sa.ForeignKeyConstraint(["work_id"], ["works.row_id"], name="fk_events_work_id"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.row_id"], name="fk_events_source_id"),
    )
    op.create_index("ix_events_batch_id", "events", ["batch_id"])
    op.create_index("ix_events_work_id", "events", ["work_id"])
    op.create_index("ix_events_subject", "events", ["table_name", "row_id"])


def _pack() -> None:
    op.create_table(
        "pack_versions",
        *_batch_of("pack_versions"),
        _text("name"),
        _text("version"),
        _text("digest", size=64),
        sa.Column("summary", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name="pk_pack_versions"),
    )
    op.create_table(
        "pack_rows",
        _text("table_name", size=40),
        _text("row_id"),
        sa.Column("cells", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("table_name", "row_id", name="pk_pack_rows"),
    )


def _reports() -> None:
    op.create_table(
        "reports",
        _number("report_id"),
        _text("work_id", empty=True),
        _text("text"),
        _text("contact", empty=True),
        _text("sender", size=64),
        _text("received_at", size=32),
        sa.PrimaryKeyConstraint("report_id", name="pk_reports"),
        sa.ForeignKeyConstraint(["work_id"], ["works.row_id"], name="fk_reports_work_id"),
    )
    op.create_index("ix_reports_sender", "reports", ["sender"])
    op.create_index("ix_reports_received_at", "reports", ["received_at"])
    op.create_table(
        "decisions",
        _number(),
        sa.Column("report_id", sa.Integer, nullable=False),
        _text("decision", size=20),
        _text("reason"),
        sa.Column("public", sa.Boolean, nullable=False),
        _text("actor"),
        _text("decided_at", size=32),
        sa.PrimaryKeyConstraint("seq", name="pk_decisions"),
        sa.ForeignKeyConstraint(["report_id"], ["reports.report_id"], name="fk_decisions_report_id"),
    )
    op.create_index("ix_decisions_report_id", "decisions", ["report_id"])


def _guard_sqlite() -> None:
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION atlas_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION atlas_append_only()"
        )


def _show_in_qgis() -> None:
    """Views with a typed geometry (EPSG:4326), which QGIS opens as layers. Rows as first written."""
    columns = {
        "works": (
            "name_zh",
            "name_en",
            "item_id",
            "category",
            "kind",
            "counted",
            "district_code",
            "accuracy_m",
        ),
        "facilities": ("name_zh", "name_en", "kind", "district_code", "opened", "closed", "accuracy_m"),
        "lines": ("name_zh", "name_en", "category", "role", "opened"),
    }
    shapes = {"works": "Point", "facilities": "Point", "lines": "Geometry"}
    for table, names in columns.items():
        cells = ", ".join(f"cells ->> '{name}' AS {name}" for name in names)
        geometry = f"ST_GeomFromWKB(geometry, 4326)::geometry({shapes[table]}, 4326) AS geom"
        query = f"SELECT seq, row_id, {cells}, {geometry} FROM {table}"  # noqa: S608 (our own names)
        op.execute(f"CREATE VIEW {table}_qgis AS {query}")
