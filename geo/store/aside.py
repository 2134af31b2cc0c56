"""A SQLite file that is no sound database is set aside, under another name in its folder, so that a backup can take its place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from geo.store.engine import store_error

_PARTS: Final = ("", "-wal", "-shm")


def is_broken(path: Path) -> bool:
    """Whether a file is there that SQLite finds no sound database in; a file that is only locked or closed is not broken."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok"
    except sqlite3.OperationalError:  # locked, no permission, no folder: said by whoever opens it
        return False
    except sqlite3.DatabaseError:
        return True


def set_aside(path: Path) -> Path:
    """Rename a database with its log and shared memory; the new path of the database.

    Raises
    ------
    StoreError
        The folder may not be written.
    """
    aside = path.with_name(f"{path.stem}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z{path.suffix}")
    _rename(path, aside)
    return aside


def put_back(aside: Path, path: Path) -> None:
    """Undo :func:`set_aside`: whatever stands in the place of ``path`` by now goes.

    Raises
    ------
    StoreError
        The folder may not be written.
    """
    for part in _PARTS:
        path.with_name(path.name + part).unlink(missing_ok=True)
    _rename(aside, path)


def _rename(old: Path, new: Path) -> None:
    try:
        for part in _PARTS:
            source = old.with_name(old.name + part)
            if source.exists():
                source.rename(new.with_name(new.name + part))
    except OSError as error:
        raise store_error(error) from error
