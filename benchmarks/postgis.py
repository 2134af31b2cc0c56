"""A throw-away PostGIS: a cluster of its own in a temporary folder, reached by a Unix socket only, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from benchmarks.timing import once_ms, peak_growth_mib

SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "4GB",
    "max_parallel_workers_per_gather": "2",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "off",
}
SRID = 4549
# Three ways to ask for the cells within reach; the bench takes the fastest
WITHIN = {
    "EXISTS": """
        SELECT zone, count(*), sum(weight) FROM {cells} c
        WHERE EXISTS (SELECT 1 FROM f WHERE ST_DWithin(c.geom, f.geom, {radius})) GROUP BY zone""",
    "LATERAL LIMIT 1": """
        SELECT zone, count(*), sum(weight) FROM {cells} c
        CROSS JOIN LATERAL (SELECT 1 FROM f WHERE ST_DWithin(c.geom, f.geom, {radius}) LIMIT 1) found
        GROUP BY zone""",
    "JOIN DISTINCT": """
        SELECT zone, count(*), sum(weight) FROM {cells} JOIN (
            SELECT DISTINCT c.id FROM f JOIN {cells} c ON ST_DWithin(c.geom, f.geom, {radius})
        ) served USING (id) GROUP BY zone""",
}
AREA = """
    WITH covered AS MATERIALIZED (SELECT ST_Union(ST_Buffer(geom, {radius}, 'quad_segs=16')) AS geom FROM f)
    SELECT ST_Area(ST_Intersection(d.geom, covered.geom)) FROM districts d, covered ORDER BY d.id"""
NEAREST = """
    SELECT sample.id, near.metres FROM sample CROSS JOIN LATERAL (
        SELECT sample.geom <-> f.geom AS metres FROM f ORDER BY sample.geom <-> f.geom LIMIT 1
    ) near ORDER BY sample.id"""


def installed() -> Path | None:
    """Folder of the newest PostgreSQL server that has PostGIS; None where there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: -float(path.name)):
        control = Path("/usr/share/postgresql") / folder.name / "extension" / "postgis.control"
        if control.exists():
            return folder / "bin"
    return None


def _run(*command: str) -> None:
    """Run a server's command; as user postgres where we are root, as which a server refuses to start."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def database(*, durable: bool = False) -> Iterator[Database]:
    """A fresh database with PostGIS; stopped and removed at the end. A durable one waits for the disk, as a store's must."""
    import psycopg

    programs = installed()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="atlas-postgis-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        _run(f"{programs}/initdb", "--pgdata", str(data), "--username=postgres", "--auth=trust", "--no-sync")
        settings = SETTINGS | ({"fsync": "on"} if durable else {})
        lines = [f"{name} = {value}" for name, value in settings.items()]
        sockets = f"listen_addresses = ''\nunix_socket_directories = '{folder}'"
        with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\n".join([*lines, sockets, ""]))
        _run(f"{programs}/pg_ctl", "--pgdata", str(data), "--log", f"{folder}/log", "--wait", "start")
        with psycopg.connect(
            host=str(folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute("CREATE EXTENSION postgis")
            yield Database(connection)
    finally:
        if (data / "postmaster.pid").exists():
            _run(f"{programs}/pg_ctl", "--pgdata", str(data), "--mode=immediate", "--wait", "stop")
        shutil.rmtree(folder)


class Database:
    """Tables of the bench in a database: ``districts``, ``f`` (facilities), cells by name, ``sample``."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def rows(self, sql: str) -> list[Any]:
        return self.connection.execute(sql).fetchall()

    def version(self) -> str:
        return " ".join(
            self.rows("SELECT 'PostgreSQL ' || split_part(version(), ' ', 2), postgis_full_version()")[0]
        )

    def load_districts(self, polygons: Any) -> None:
        self.connection.execute(f"CREATE TABLE districts (id int, geom geometry(Geometry, {SRID}))")
        with self.connection.cursor() as cursor:
            rows = [(k, shapely.to_wkb(shape), SRID) for k, shape in enumerate(polygons)]
            cursor.executemany("INSERT INTO districts VALUES (%s, ST_GeomFromWKB(%s, %s))", rows)

    def load_points(self, table: str, frame: pd.DataFrame) -> None:
        """A table of points from columns ``x`` and ``y``; other columns are kept, all with an index of the points."""
        kinds = ["bigint" if np.issubdtype(kind, np.integer) else "float8" for kind in frame.dtypes]
        columns = ", ".join(f"{name} {kind}" for name, kind in zip(frame.columns, kinds, strict=True))
        kept = ", ".join([*frame.columns.difference(["x", "y"]), f"ST_Point(x, y, {SRID}) AS geom"])
        self.connection.execute(f"DROP TABLE IF EXISTS {table}; CREATE TEMP TABLE loading ({columns})")
        with self.connection.cursor() as cursor, cursor.copy("COPY loading FROM STDIN (FORMAT csv)") as copy:
            copy.write(frame.to_csv(index=False, header=False))
        made = f"CREATE TABLE {table} AS SELECT {kept} FROM loading; DROP TABLE loading"  # noqa: S608 (our own names)
        self.connection.execute(made)
        if "id" in frame.columns:
            self.connection.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id)")
        self.connection.execute(f"CREATE INDEX ON {table} USING gist (geom)")
        self.connection.execute(f"VACUUM ANALYZE {table}")

    def load_facilities(self, x: Any, y: Any) -> None:
        self.load_points("f", pd.DataFrame({"x": x, "y": y}))

    def fastest_within(self, cells: str, radius: float) -> tuple[str, dict[str, float]]:
        """The SQL that finds served cells soonest, and the milliseconds of one go of each wording."""
        texts = {name: sql.format(cells=cells, radius=radius) for name, sql in WITHIN.items()}
        ms = {name: once_ms(lambda sql=sql: self.rows(sql))[1] for name, sql in texts.items()}
        return texts[min(ms, key=ms.__getitem__)], ms

    def peak_mib(self, sql: str) -> float:
        """Memory a fresh server process takes for one query without parallel workers, shared buffers included."""
        import psycopg

        with psycopg.connect(self.connection.info.dsn) as fresh:
            fresh.execute("SET max_parallel_workers_per_gather = 0")
            fresh.execute("SELECT postgis_full_version()")
            return peak_growth_mib(lambda: fresh.execute(sql).fetchall(), fresh.info.backend_pid)
