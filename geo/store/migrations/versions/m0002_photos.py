"""Photos of events: a table of rows like the others, and their pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "m0002"
down_revision = "m0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("photos", "photo_files")


def upgrade() -> None:
    """Build both, with their append-only triggers; Alembic calls this inside one transaction."""
    op.create_table(
        "photos",
        sa.Column("seq", sa.Integer, autoincrement=False),
        sa.Column("row_id", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("cells", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_photos"),
        sa.UniqueConstraint("row_id", name="uq_photos_row_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.batch_id"], name="fk_photos_batch_id"),
    )
    op.create_table(
        "photo_files",
        sa.Column("photo_id", sa.Text, nullable=False),
        sa.Column("large", sa.LargeBinary, nullable=False),
        sa.Column("small", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("photo_id", name="pk_photo_files"),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.row_id"], name="fk_photo_files_photo_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in _APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION atlas_append_only()"
            )
        return
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
