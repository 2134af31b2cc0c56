"""Writers to be killed: a process that forks one writer after another, each of which says what was acknowledged.

Loading what a writer needs takes longer than it may live; forked from a process that has it, it writes at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from geo.store import Actor, Batch, Role, Store, open_store
from geo.store.engine import make_engine, read_url

PARTS = 5
WRITER = Actor("writer", Role.editor)
WORK = {
    "category": "community",
    "kind": "work",
    "counted": "no",
    "name_zh": "新村",
    "reach": "unknown",
    "location_basis": "none",
    "source_id": "S-PLAN",
}
DONE = {"date": "2021-12-01", "kind": "status", "value": "completed", "source_id": "S-PLAN"}


def batch(turn: int) -> Batch:
    """Works and events that belong together: a store holds all of them or none."""
    ids = [f"K-{turn}-{part}" for part in range(PARTS)]
    return Batch(
        reason="试",
        works=tuple(WORK | {"work_id": work_id} for work_id in ids),
        events=tuple(DONE | {"work_id": work_id} for work_id in ids),
    )


def _write_on(url: str, root: Path, first: int) -> None:
    store = Store(make_engine(read_url(url)), root)
    store.stamp()  # connected: from here on it may be killed
    os.write(1, f"pid {os.getpid()}\n".encode())
    for turn in range(first, first + 100_000):
        store.apply(WRITER, batch(turn))
        os.write(1, f"{turn}\n".encode())


def main(url: str) -> None:
    """For each number that comes in: a writer that begins with it, which says its process id, and ``end`` when it is gone."""
    store = open_store(url)
    store.apply(WRITER, batch(0))
    store.engine.dispose()  # a writer shares no connection with another process
    os.write(1, b"0\n")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                _write_on(url, store.root, int(line))
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        os.write(1, b"end\n")


if __name__ == "__main__":
    main(sys.argv[1])
