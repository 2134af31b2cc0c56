"""Alembic's entry: runs the migrations on the connection that :mod:`geo.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from geo.store.schema import META

context.configure(
    connection=context.config.attributes["connection"], target_metadata=META, transactional_ddl=False
)
context.run_migrations()
