"""The store: the register in a database, every change an event. SQLite by default, PostgreSQL by one address.

``open_store()`` opens it, brings its tables and the city pack up to date, and gives a :class:`Store`. Who only needs to know who may do what does
not read the database's library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.declarations import read_when_used

if TYPE_CHECKING:
    from geo.store.engine import default_url
    from geo.store.model import Actor, Applied, Batch, Role
    from geo.store.store import Store, open_store

__all__ = ["Actor", "Applied", "Batch", "Role", "Store", "default_url", "open_store"]
__getattr__ = read_when_used(
    __name__,
    {"default_url": "engine"}
    | dict.fromkeys(("Actor", "Applied", "Batch", "Role"), "model")
    | dict.fromkeys(("Store", "open_store"), "store"),
)
