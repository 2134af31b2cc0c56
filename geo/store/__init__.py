"""The store: the register in a database, every change an event. SQLite by default, PostgreSQL by one address.

``open_store()`` opens it, brings its tables and the city pack up to date, and gives a :class:`Store`.
"""

from __future__ import annotations

from geo.store.engine import default_url
from geo.store.model import Actor, Applied, Batch, Role
from geo.store.store import Store, open_store

__all__ = ["Actor", "Applied", "Batch", "Role", "Store", "default_url", "open_store"]
