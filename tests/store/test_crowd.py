"""Many at one store: who waits to write takes nothing from readers, and who waits to read is served by the reading of another."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from geo.errors import StoreError
from geo.paths import DATA_DIR
from geo.store import Batch, Store, engine, follow
from geo.store.engine import reading, writing
from tests.eventually import eventually
from tests.store.conftest import EDITOR

CROWD = 30


class CountingLock:
    """A lock that knows how many wait for it."""

    def __init__(self) -> None:
        self.lock, self.waiting = threading.Lock(), 0

    def acquire(self, *args: Any, **kwargs: Any) -> bool:
        self.waiting += 1
        taken = self.lock.acquire(*args, **kwargs)
        self.waiting -= 1
        return taken

    def release(self) -> None:
        self.lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_error: object) -> None:
        self.release()


def test_writers_who_wait_hold_no_connection(store: Store) -> None:
    turn = CountingLock()
    engine._TURNS[store.engine] = turn  # type: ignore[assignment]  # it can do what is needed of a lock
    threads = [threading.Thread(target=_write, args=(store, number)) for number in range(CROWD)]
    with writing(store.engine):
        for thread in threads:
            thread.start()
        eventually(lambda: turn.waiting == CROWD)
        assert store.engine.pool.checkedout() == 1  # type: ignore[attr-defined]  # of a queue of connections
        with reading(store.engine):
            pass
    for thread in threads:
        thread.join()
    log = store.history("T06")["value"]
    assert all((log == f"第 {number} 个").sum() == 1 for number in range(CROWD))


def _write(store: Store, number: int) -> None:
    event = {"work_id": "T06", "date": "2021-12-01", "kind": "milestone", "value": f"第 {number} 个"}
    store.apply(EDITOR, Batch(reason="试", events=(event | {"source_id": "S-PLAN"},)))


def test_a_writer_who_waits_too_long_is_told_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TURN_S", 0.01)
    faults: list[StoreError] = []

    def second() -> None:
        try:
            _write(store, 1)
        except StoreError as error:
            faults.append(error)

    with writing(store.engine):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert "占用" in faults[0].text()
    _write(store, 2)


def test_readers_who_wait_share_one_reading(url: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every reading meets a newer revision: without sharing, each of the crowd would read the register anew."""
    follower = follow.StoreFollower(url, DATA_DIR)
    follower.atlas()
    lock = CountingLock()
    follower._lock = lock  # type: ignore[assignment]  # it can do what is needed of a lock
    monkeypatch.setattr(follow, "POLL_INTERVAL_S", 0.0)
    revisions: list[int] = []
    read = Store.pack

    def slow(self: Store) -> Any:
        revisions.append(self.revision())
        if len(revisions) == 1:
            eventually(lambda: lock.waiting == CROWD)  # all of them ask while this one reads
        _write(self, 100 + len(revisions))
        return read(self)

    monkeypatch.setattr(Store, "pack", slow)
    _write(store, 100)
    threads = [threading.Thread(target=follower.atlas) for _each in range(CROWD + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(revisions) == 2
