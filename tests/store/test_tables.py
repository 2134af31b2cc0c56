"""The tables are what the migrations build, on both databases; QGIS's views; writers at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from geo.errors import ConflictError
from geo.store import Batch, Store, migrate, open_store
from geo.store.engine import reading
from geo.store.schema import META
from tests.store.conftest import EDITOR, Cluster
from tests.store.test_edit import WORK


def test_migrations_build_the_tables_that_the_program_uses(store: Store) -> None:
    assert migrate.scripts().get_current_head() == migrate.HEAD
    assert not migrate.upgrade(store.engine)
    options = {
        "compare_type": True,
        "include_object": lambda _o, name, kind, *_more: kind != "table" or name in META.tables,
    }
    with reading(store.engine) as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, META) == []


def test_the_views_for_qgis_hold_points_and_lines(cluster: Cluster) -> None:
    store = open_store(cluster.url("filled"))
    pack = store.pack()
    with reading(store.engine) as connection:
        kinds = connection.execute(
            sa.text("SELECT f_table_name, type, srid FROM geometry_columns WHERE f_table_name LIKE '%qgis'")
        ).all()
        placed = connection.execute(
            sa.text("SELECT row_id, ST_X(geom) FROM works_qgis WHERE geom IS NOT NULL")
        ).all()
    assert {tuple(row) for row in kinds} == {
        ("works_qgis", "POINT", 4326),
        ("facilities_qgis", "POINT", 4326),
        ("lines_qgis", "GEOMETRY", 4326),
    }
    assert dict(map(tuple, placed)) == pack.works["lon"].dropna().to_dict()
    store.engine.dispose()


def test_writers_at_the_same_time_take_turns_and_one_of_two_edits_wins(store: Store) -> None:
    def add(number: int) -> int:
        batch = Batch(reason="x", works=(WORK | {"work_id": f"N-{number}", "source_id": "S-PLAN"},))
        return store.apply(EDITOR, batch).revision

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, range(8))) == list(range(2, 10))
    version = store.version("H02")

    def edit(value: str) -> str:
        event = {
            "work_id": "H02",
            "date": "2021-05-01",
            "kind": "status",
            "value": value,
            "source_id": "S-PLAN",
        }
        try:
            store.apply(EDITOR, Batch(reason="x", events=(event,), expected={"H02": version}))
        except ConflictError:
            return "told"
        return "written"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(edit, ["completed", "implementation"])) == ["told", "written"]
    assert store.version("H02") == version + 1


@pytest.mark.parametrize("name", ["works", "events"])
def test_every_table_of_the_pack_is_kept(store: Store, name: str) -> None:
    assert len(getattr(store.pack(), name)) > 100
