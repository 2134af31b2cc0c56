"""SIGKILL in the middle of a backup, a restore and a migration: what was there stays, and it can be done again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.store import Store
from geo.store.store import connect
from tests.store.test_backup import rows

ROOT = Path(__file__).resolve().parents[2]
DIES = "import os, signal, sys; die = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
BACKUP = """
from pathlib import Path
from geo.store import backup
from geo.store.store import connect
plain, left = backup._json_value, [int(sys.argv[3])]
def told(value):
    left[0] -= 1
    return plain(value) if left[0] else die()
backup._json_value = told
connect(sys.argv[1]).backup(Path(sys.argv[2]))
"""
RESTORE = """
from pathlib import Path
from geo.store import backup
from geo.store.store import connect
read, left = backup._read_table, [int(sys.argv[3])]
def told(*words):
    left[0] -= 1
    return read(*words) if left[0] else die()
backup._read_table = told
connect(sys.argv[1]).restore(Path(sys.argv[2]), replace=True)
"""
MIGRATION = """
from geo.store import migrate
from geo.store.store import connect
run = migrate.migrate
migrate.migrate = lambda connection: (run(connection), die())
connect(sys.argv[1])
"""


def killed(program: str, *words: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIES + program, *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr.decode()[-2000:]


def test_a_killed_backup_is_no_backup(store: Store, url: str, tmp_path: Path) -> None:
    path, before = tmp_path / "b.zip", rows(store)
    for after in (1, 3000):
        killed(BACKUP, url, path, after)
        assert not path.exists()
    assert rows(store) == before
    store.backup(path)
    store.restore(path, replace=True)
    assert rows(store) == before


@pytest.mark.parametrize("after", [1, 4])
def test_a_killed_restore_leaves_the_register_as_it_was(
    store: Store, url: str, tmp_path: Path, after: int
) -> None:
    path, before = tmp_path / "b.zip", rows(store)
    store.backup(path)
    store.engine.dispose()
    killed(RESTORE, url, path, after)
    assert rows(store) == before


def test_a_killed_migration_leaves_no_half_of_the_tables(new_url: Callable[[], str]) -> None:
    url = new_url()
    killed(MIGRATION, url)
    store = connect(url)
    assert store.revision() == 0
    assert not any(len(found) for name, found in rows(store).items() if name != "alembic_version")
    store.engine.dispose()
