"""Kills, full and read-only disks, locks, a stopped server: a clear error, nothing lost, reading goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest

from benchmarks.killing import kill_writers
from geo.atlas import load_atlas, store_trouble
from geo.errors import DataError, ParameterError, StoreError
from geo.store import Batch, Store, follow, open_store
from geo.store import engine as engines
from geo.store.recovery import restore_store
from geo.store.store import connect
from tests.store.conftest import EDITOR, Cluster
from tests.store.test_edit import NEW, WORK

ROOT = Path(__file__).resolve().parents[2]


def test_writers_killed_at_random_leave_whole_batches(url: str) -> None:
    toll = kill_writers(url, 20, Random(20211231))
    assert toll.kills == 20
    assert toll.acknowledged > 1
    assert (toll.lost, toll.halves) == (0, 0)


def test_a_killed_loading_of_the_pack_begins_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'atlas.db'}"
    program = (
        "import os, signal, sys; from geo.store import sync, open_store\n"
        "sync.facts.always, sync._Sync._remember = None, lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "open_store(sys.argv[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, url],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -9
    assert connect(url).revision() == 0
    assert open_store(url).revision() == 1
    assert len(open_store(url).pack().works) == len(load_atlas().pack.works)


@pytest.fixture
def sqlite_store(filled: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(filled, tmp_path / "atlas.db")
    store = open_store(f"sqlite:///{tmp_path / 'atlas.db'}")
    yield store
    store.engine.dispose()


def test_a_full_disk_is_said_and_loses_nothing(sqlite_store: Store) -> None:
    with sqlite_store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    many = Batch(
        reason="x", works=tuple(WORK | {"work_id": f"N-{i}", "source_id": "S-PLAN"} for i in range(300))
    )
    with pytest.raises(StoreError, match=r"磁盘已满.*腾出空间"):
        sqlite_store.apply(EDITOR, many)
    assert sqlite_store.revision() == 1
    assert len(sqlite_store.pack().works) == len(load_atlas().pack.works)
    with sqlite_store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert sqlite_store.apply(EDITOR, many).works == 300


def test_a_lock_is_waited_for_and_then_said(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite_store.engine.dispose()
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    other = sqlite3.connect(str(sqlite_store.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="占用"):
        sqlite_store.apply(EDITOR, NEW)
    assert sqlite_store.revision() == 1
    other.execute("ROLLBACK")
    other.close()
    assert sqlite_store.apply(EDITOR, NEW).revision == 2


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "atlas.db").write_text("no database " * 1000)
    with pytest.raises(StoreError, match=r"损坏.*restore"):
        open_store(f"sqlite:///{tmp_path / 'atlas.db'}")


@pytest.mark.parametrize("address", ["mysql://h/d", "sqlite://", "nonsense", "oracle://u:secret@h/d"])
def test_an_address_of_something_else_is_said(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(address)
    assert "secret" not in str(caught.value)


READ_ONLY = """
import sys
from geo.atlas import load_atlas
from geo.errors import StoreError
from geo.store import Batch, open_store
from benchmarks.victim import WRITER, batch
assert len(load_atlas().pack.works) > 100, "reading"
try:
    open_store().apply(WRITER, batch(1))
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("folder_too", [False, True])
def test_a_read_only_register_can_still_be_read(filled: Path, tmp_path: Path, folder_too: bool) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    try:
        shutil.copy(filled, folder / "atlas.db")
        (folder / "atlas.db").chmod(0o444)
        folder.chmod(0o555 if folder_too else 0o755)
        # root may write everywhere: without that privilege the file's own mode holds
        drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*drop, sys.executable, "-c", READ_ONLY],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "ATLAS_VAR": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "只能读" in done.stdout, done.stderr[-2000:]
    finally:
        folder.chmod(0o755)


def test_postgresql_stopped_and_started_comes_back_by_itself(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.ask("CREATE DATABASE restarted TEMPLATE filled")
    monkeypatch.setenv("ATLAS_DATABASE_URL", cluster.url("restarted"))
    monkeypatch.setattr(follow, "POLL_INTERVAL_S", 0.0)
    store = open_store()
    store.apply(EDITOR, NEW)
    before = load_atlas()
    cluster.stop()
    try:
        with pytest.raises(StoreError, match=r"连不上.*自动重连"):
            store.apply(EDITOR, Batch(reason="x", works=(WORK | {"work_id": "N-9"},)))
        assert load_atlas() is before
        assert store_trouble() is not None
    finally:
        cluster.start()
    assert store.apply(EDITOR, Batch(reason="x", works=(WORK | {"work_id": "N-9"},))).works == 1
    assert "N-9" in load_atlas().pack.works.index
    assert store_trouble() is None
    store.engine.dispose()


def test_a_wrong_user_a_wrong_password_and_a_missing_database_are_said(cluster: Cluster) -> None:
    with pytest.raises(StoreError, match=r"用户名|拒绝"):
        open_store(cluster.url("filled", user="nobody_here"))
    right = cluster.with_password("planner", "right horse")
    with psycopg.connect(right) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("planner",)
    with pytest.raises(StoreError, match=r"用户名|密码|拒绝") as caught:
        open_store(right.replace("right", "wrong"))
    assert "wrong" not in str(caught.value)  # a password is never told
    with pytest.raises(StoreError, match="createdb"):
        open_store(cluster.url("no_such_database"))
    with pytest.raises(StoreError, match="连不上"):
        open_store("postgresql://postgres:secret@127.0.0.1:1/x")


def test_without_postgis_it_is_said(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.store import migrate

    cluster.ask("CREATE DATABASE bare")
    monkeypatch.setattr(migrate, "_AVAILABLE", "SELECT 0")
    with pytest.raises(StoreError, match="PostGIS"):
        connect(cluster.url("bare"))
    monkeypatch.undo()
    assert connect(cluster.url("bare")).revision() == 0
    connect(cluster.url("bare")).engine.dispose()


def test_a_database_of_a_newer_program_is_left_alone(sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    shutil.copy(tmp_path / "atlas.db", path)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = 'm9999'")
    with pytest.raises(StoreError, match="m9999"):
        open_store(f"sqlite:///{path}")


def test_a_broken_pack_leaves_the_store_as_it_was(sqlite_store: Store, pack_copy: Path) -> None:
    (pack_copy / "works.csv").write_text("work_id\nX\n", "utf-8")
    with pytest.raises(DataError):
        Store(sqlite_store.engine, pack_copy).sync()
    assert sqlite_store.revision() == 1


SPOILS = {
    "other bytes": lambda _content: b"no database " * 1000,
    "cut off": lambda content: content[: len(content) // 2 + 100],
    "pages overwritten": lambda content: content[:4096] + b"\xff" * 40_000 + content[44_096:],
    "head overwritten": lambda content: b"\0" * 100 + content[100:],
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_restore_sets_a_broken_file_aside(sqlite_store: Store, tmp_path: Path, spoil: str) -> None:
    sqlite_store.apply(EDITOR, NEW)
    backup = tmp_path / "backup.zip"
    sqlite_store.backup(backup)
    sqlite_store.engine.dispose()
    path, url = tmp_path / "atlas.db", f"sqlite:///{tmp_path / 'atlas.db'}"
    broken = SPOILS[spoil](path.read_bytes())
    path.write_bytes(broken)
    bad = tmp_path / "bad.zip"
    bad.write_bytes(backup.read_bytes()[:-2000])
    with pytest.raises(DataError, match=r"压缩包|备份"):
        restore_store(bad, url=url)
    assert path.read_bytes() == broken, "nothing was changed by a backup that is none"
    done = restore_store(backup, url=url)
    assert done.broken is not None
    assert done.broken.read_bytes() == broken
    assert connect(url).revision() == 2
    assert NEW.works[0]["work_id"] in connect(url).pack().works.index
    connect(url).engine.dispose()


def test_restore_leaves_a_sound_file_alone(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.backup(tmp_path / "backup.zip")
    with pytest.raises(ParameterError, match="--replace"):
        restore_store(tmp_path / "backup.zip", url=f"sqlite:///{tmp_path / 'atlas.db'}")
    assert not list(tmp_path.glob("*broken*"))
    assert sqlite_store.revision() == 1


FULL = """
import resource, sys
from pathlib import Path
from geo.atlas import load_atlas
from geo.errors import StoreError
from geo.store import Batch, open_store
from benchmarks.victim import WRITER, batch
store = open_store()
size = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    for number in range(2000):
        store.apply(WRITER, batch(number))
except StoreError as error:
    print(error)
assert len(load_atlas().pack.works) > 100, "reading goes on"
print("read")
"""


def test_a_file_that_may_not_grow_is_said_and_reading_goes_on(filled: Path, tmp_path: Path) -> None:
    """As on a full disk: the system refuses every byte beyond the size that the file has."""
    shutil.copy(filled, tmp_path / "atlas.db")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "atlas.db")],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "ATLAS_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "磁盘已满" in done.stdout, done.stderr[-2000:]
    assert done.stdout.endswith("read\n"), done.stderr[-2000:]


def test_changes_in_a_log_that_cannot_be_read_are_said(filled: Path, tmp_path: Path) -> None:
    """A copied database with its log but without shared memory, in a folder that may not be written."""
    folder = tmp_path / "store"
    folder.mkdir()
    shutil.copy(filled, folder / "atlas.db")
    with sqlite3.connect(folder / "atlas.db") as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("PRAGMA wal_autocheckpoint=0")
        other.execute("CREATE TABLE note (a)")
        other.commit()
        log = (folder / "atlas.db-wal").read_bytes()
    other.close()
    (folder / "atlas.db-wal").write_bytes(log)
    (folder / "atlas.db-shm").unlink(missing_ok=True)
    try:
        folder.chmod(0o555)
        drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*drop, sys.executable, "-m", "geo", "progress"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "ATLAS_VAR": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2, done.stderr[-2000:]
        assert "atlas.db-wal" in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        folder.chmod(0o755)
