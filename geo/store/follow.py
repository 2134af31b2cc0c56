"""Follows a store: the atlas of its newest revision, asked for often and read anew only when something was written."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from geo.cities import MOST_CITIES
from geo.errors import StoreError
from geo.store.engine import writes
from geo.store.store import Store, connect

if TYPE_CHECKING:
    from geo.register.city import Atlas

_log = logging.getLogger(__name__)
POLL_INTERVAL_S: Final = 0.25  # other processes' changes are seen after this long, this process's own at once
_RETRY_S: Final = 2.0


@dataclass
class StoreFollower:
    """The atlas of one store. ``trouble`` is why the newest state could not be read, None if it could."""

    url: str
    root: Path
    trouble: StoreError | None = None
    _lock: Lock = field(default_factory=Lock)
    _store: Store | None = None
    _atlas: Atlas | None = None
    _stamp: tuple[int, str] | None = None
    _polled: float = -1e9
    _began: float = -1e9
    _writes: int = -1

    def atlas(self) -> Atlas:
        """The newest atlas; while the database is away, the last one read. ``StoreError`` if there was none yet."""
        asked = time.monotonic()
        with self._lock:
            if self._atlas and self._began >= asked:
                return self._atlas  # read while this thread waited: as new as what it asked for
            wait = _RETRY_S if self.trouble else POLL_INTERVAL_S
            if self._atlas and self._writes == writes() and time.monotonic() - self._polled < wait:
                return self._atlas
            try:
                current = self._read()
            except StoreError as error:
                if self._atlas is None:
                    raise
                _log.warning("serving revision %s: %s", self._stamp, error)
                self.trouble, current = error, self._atlas
            self._polled = time.monotonic()
            return current

    def _read(self) -> Atlas:
        from geo.register.city import atlas_of

        seen, began = writes(), time.monotonic()
        self._store = self._store or self._open()
        stamp = self._store.stamp()
        if self._atlas is None or stamp != self._stamp:
            self._atlas = atlas_of(self._store.pack())
            self._stamp = stamp
        self._writes, self._began, self.trouble = seen, began, None
        return self._atlas

    def _open(self) -> Store:
        store = connect(self.url, self.root)
        try:
            store.sync()
        except StoreError as error:
            if not store.holds_something():
                raise
            _log.warning("the city pack was not loaded anew: %s", error)
        return store


@lru_cache(maxsize=MOST_CITIES)
def store_follower(url: str, root: Path) -> StoreFollower:
    """The one follower of a store in this process."""
    return StoreFollower(url, root)
