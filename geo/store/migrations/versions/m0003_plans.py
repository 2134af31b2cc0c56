"""Plans, and the later promises of works: tables of rows like the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "m0003"
down_revision = "m0002"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("plans", "promises")


def upgrade() -> None:
    """Build both, with their append-only triggers; Alembic calls this inside one transaction."""
    for table in _APPEND_ONLY:
        op.create_table(
            table,
            sa.Column("seq", sa.Integer, autoincrement=False),
            sa.Column("row_id", sa.Text, nullable=False),
            sa.Column("batch_id", sa.Integer, nullable=False),
            sa.Column("cells", sa.JSON, nullable=False),
            sa.PrimaryKeyConstraint("seq", name=f"pk_{table}"),
            sa.UniqueConstraint("row_id", name=f"uq_{table}_row_id"),
            sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"], name=f"fk_{table}_batch_id"),
        )
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION atlas_append_only()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
