"""A part of a crowd at one store, in a process of its own as a worker of the app is: threads that edit and threads that read.

An editor looks at a work, thinks, and writes a batch that expects the version it saw; where somebody was quicker it looks and
writes again. A reader asks for the newest atlas and the state of a day, or for the history of a work. The last line printed is what
was acknowledged, and how long each took. Run by :mod:`benchmarks.bench_store_crowd`.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from geo.errors import AtlasError, ConflictError
from geo.paths import DATA_DIR
from geo.store import Actor, Batch, Role, Store, open_store
from geo.store.follow import StoreFollower, store_follower

DAY = date(2021, 12, 31)
SHARED = 60
"""Works that all editors choose from: few enough that two want the same one now and then."""
_THINKS_S = (0.5, 3.0)
_READS_EACH_S = (0.5, 3.0)


class Crowd:
    """Threads on one store until a moment, and what they saw."""

    def __init__(self, store: Store, follower: StoreFollower, works: list[str], until: float) -> None:
        self.store, self.follower, self.works, self.until = store, follower, works, until
        self.acknowledged: list[tuple[str, str, int]] = []
        self.write_ms: list[float] = []
        self.read_ms: list[float] = []
        self.history_ms: list[float] = []
        self.faults: Counter[str] = Counter()
        self.conflicts = 0

    def edit(self, name: str, random: Random) -> None:
        """An editor, who gives up no edit that the store refused because of another's."""
        turn = 0
        while time.monotonic() < self.until:
            turn += 1
            work = random.choice(self.works)
            while not self._write(name, work, f"{name}-{turn}", random):
                pass

    def _write(self, name: str, work: str, value: str, random: Random) -> bool:
        """Whether this edit is over: written, or refused for a reason that a second try does not mend."""
        try:
            seen = self.store.version(work)
            time.sleep(random.uniform(*_THINKS_S))
            event = {"work_id": work, "date": DAY, "kind": "milestone", "value": value, "source_id": "S-PLAN"}
            began = time.perf_counter()
            applied = self.store.apply(
                Actor(name, Role.editor), Batch(reason="试", events=(event,), expected={work: seen})
            )
            self.write_ms.append((time.perf_counter() - began) * 1000)
            self.acknowledged.append((work, value, applied.revision))
        except ConflictError:
            self.conflicts += 1
            return False
        except AtlasError as error:
            self.faults[f"write: {error.text('en')[:120]}"] += 1
        return True

    def read(self, random: Random, *, by_history: bool) -> None:
        """A reader of the map, or of histories."""
        while time.monotonic() < self.until:
            time.sleep(random.uniform(*_READS_EACH_S))
            work, began = random.choice(self.works), time.perf_counter()
            try:
                if by_history:
                    self.store.history(work)
                else:
                    self.follower.atlas().register.state(DAY).at[work, "status"]
            except AtlasError as error:
                self.faults[f"read: {error.text('en')[:120]}"] += 1
                continue
            taken = self.history_ms if by_history else self.read_ms
            taken.append((time.perf_counter() - began) * 1000)


def run(url: str, number: int, writers: int, readers: int, *, seconds: float) -> dict[str, Any]:
    store = open_store(url, Path(DATA_DIR))
    follower = store_follower(url, Path(DATA_DIR))
    works = sorted(follower.atlas().register.works.index)[:SHARED]
    crowd = Crowd(store, follower, works, time.monotonic() + seconds)
    threads = [
        Thread(target=crowd.edit, args=(f"editor{number}-{each}", Random(1000 * number + each)))
        for each in range(writers)
    ] + [
        Thread(target=crowd.read, args=(Random(-1000 * number - each),), kwargs={"by_history": each % 4 == 0})
        for each in range(readers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = ("acknowledged", "write_ms", "read_ms", "history_ms", "conflicts")
    return {name: getattr(crowd, name) for name in names} | {"faults": dict(crowd.faults)}


if __name__ == "__main__":
    address, *numbers = sys.argv[1:]
    one, writing, reading, lasting = map(int, numbers)
    print(json.dumps(run(address, one, writing, reading, seconds=lasting)))
