"""A store of each test's own, on SQLite and on PostgreSQL: the same tests run on both.

PostgreSQL is started by the tests themselves, once, on a Unix socket in a temporary folder. Where its Debian packages
are not installed its half is left out, loudly; in continuous integration that is an error (tests/skips.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from geo.store import Actor, Role, Store, open_store
from geo.store.engine import make_engine, read_url

EDITOR = Actor("王工", Role.editor)
ADMIN = Actor("管理员", Role.admin)


def _programs() -> Path | None:
    """Programs of the newest PostgreSQL that has PostGIS; None where there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: -float(path.name)):
        if (Path("/usr/share/postgresql") / folder.name / "extension" / "postgis.control").exists():
            return folder / "bin"
    return None


PROGRAMS = _programs()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mine = [item for item in items if Path(str(item.fspath)).is_relative_to(Path(__file__).parent)]
    needing = [item for item in mine if "postgresql" in item.name or "cluster" in item.fixturenames]
    if PROGRAMS or not needing:
        return
    for item in needing:
        item.add_marker(
            pytest.mark.skip(
                reason="no PostgreSQL with PostGIS on this machine (apt-get install postgresql postgis 'postgresql-*-postgis-3')"
            )
        )


@dataclass
class Cluster:
    """A PostgreSQL server of the tests' own."""

    folder: Path

    def run(self, program: str, *arguments: str) -> None:
        """One of the server's programs; as user postgres where we are root, as which a server refuses to start."""
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*prefix, f"{PROGRAMS}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        self.run(
            "pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o", options, "start"
        )

    def stop(self) -> None:
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-m", "immediate", "stop")

    def url(self, name: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{name}?host={self.folder}"

    def ask(self, sql: str) -> None:
        engine = make_engine(read_url(self.url("postgres")))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(sql)
        engine.dispose()

    def with_password(self, name: str, password: str) -> str:
        """The address of a user who must say a password (SCRAM), as nobody else here must."""
        self.ask(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {name} scram-sha-256\n{rules.read_text('utf-8')}", "utf-8")
        self.run("pg_ctl", "-D", f"{self.folder}/data", "reload")
        return f"postgresql://{name}:{quote(password)}@/filled?host={self.folder}"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="atlas-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)
    made = Cluster(folder)
    made.run("initdb", "-D", f"{folder}/data", "--username=postgres", "--auth=trust", "--no-sync")
    made.start()
    try:
        made.ask("CREATE DATABASE filled")
        open_store(made.url("filled")).engine.dispose()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with the pack in it, made once: each test gets a copy."""
    path = tmp_path_factory.mktemp("filled") / "atlas.db"
    open_store(f"sqlite:///{path}").engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Gives addresses of empty databases."""
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    names: list[str] = []

    def made() -> str:
        names.append(f"t{uuid.uuid4().hex}")
        cluster.ask(f"CREATE DATABASE {names[-1]}")
        return cluster.url(names[-1])

    yield made
    for name in names:
        cluster.ask(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a store that holds the pack and nothing else."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("filled"), tmp_path / "atlas.db")
        yield f"sqlite:///{tmp_path / 'atlas.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"t{uuid.uuid4().hex}"
    cluster.ask(f"CREATE DATABASE {name} TEMPLATE filled")
    yield cluster.url(name)
    cluster.ask(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.engine.dispose()
