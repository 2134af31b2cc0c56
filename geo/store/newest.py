"""The digest of a register's newest batch, before anything of the store is loaded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

_FILE: Final = "sqlite:///"


def newest_digest(url: str) -> str:
    """The digest that :func:`geo.store.write.revision_of` gives, for a store that is a file of SQLite.

    Parameters
    ----------
    url : str
        Address of the store.

    Returns
    -------
    str
        Empty where there is none, or where only the store itself can tell: another database, or a file that cannot be read now.
    """
    path = Path(url.removeprefix(_FILE))
    if not url.startswith(_FILE) or not path.is_file():
        return ""
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=0)
        ) as connection:
            row = connection.execute("SELECT digest FROM batches ORDER BY batch_id DESC LIMIT 1").fetchone()
    except sqlite3.Error:  # whoever opens the store says what is wrong with it
        return ""
    return str(row[0]) if row else ""
