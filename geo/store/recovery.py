"""Restores a backup in the place of whatever is there, a broken SQLite file included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.errors import AtlasError
from geo.paths import var_dir
from geo.store.aside import is_broken, put_back, set_aside
from geo.store.engine import default_url, read_url, sqlite_file
from geo.store.store import connect, forget_stores


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the backup's manifest, the backup of what was there before, and the broken file set aside."""

    manifest: dict[str, Any]
    before: Path | None
    broken: Path | None


def restore_store(path: Path, *, replace: bool = False, url: str | None = None) -> Restored:
    """Fill the database at ``url`` from a backup; a broken SQLite file there is set aside first.

    Parameters
    ----------
    path : Path
        The backup.
    replace : bool
        Replace what the database holds; it is backed up first, into the folder ``ATLAS_VAR``.
    url : str or None
        Address of the database; :func:`geo.store.engine.default_url` if None.

    Returns
    -------
    Restored

    Raises
    ------
    ParameterError
        The database holds a register already, and ``replace`` is False.
    DataError
        The file is no sound backup; a broken file that was set aside is in its place again.
    StoreError
        The database cannot be reached or written.
    """
    address = url or default_url()
    file = sqlite_file(read_url(address))
    broken = set_aside(file) if file is not None and is_broken(file) else None
    if broken is not None:
        forget_stores()  # what was open is open on the file that was renamed
    try:
        store = connect(address)
        before = None
        if replace and store.holds_something():
            before = var_dir() / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
            store.backup(before)
        manifest = store.restore(path, replace=replace)
    except AtlasError:
        if broken is not None and file is not None:
            forget_stores()
            put_back(broken, file)
        raise
    return Restored(manifest, before, broken)
