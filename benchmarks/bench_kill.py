"""Kills writers of a store by SIGKILL at random moments: 200 times on each database that is installed.

Every acknowledged batch must be there and none by half. Run: ``python -m benchmarks.bench_kill [kills]``.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import postgis
from benchmarks.killing import kill_writers
from benchmarks.timing import machine, print_table, write_record

KILLS, QUICK_KILLS = 200, 3
SEED = 20211231


def _on(url: str, kills: int) -> dict[str, Any]:
    start = time.perf_counter()
    toll = kill_writers(url, kills, Random(SEED))
    return dataclasses.asdict(toll) | {"seconds": time.perf_counter() - start}


def main(kills: int) -> None:
    record: dict[str, Any] = {"machine": machine(), "seed": SEED, "databases": {}}
    with tempfile.TemporaryDirectory() as folder:
        record["databases"]["SQLite"] = _on(f"sqlite:///{Path(folder) / 'atlas.db'}", kills)
    if postgis.installed():
        with postgis.database() as database:
            info = database.connection.info
            url = f"postgresql://postgres@/postgres?host={info.host}"
            record["databases"]["PostgreSQL"] = _on(url, kills)
    columns = list(next(iter(record["databases"].values())))
    rows = [[name, *(f"{told[key]:.5g}" for key in columns)] for name, told in record["databases"].items()]
    print_table("Kills", ["database", *columns], rows)
    write_record("kill", record, quick=kills < KILLS)
    assert all(told["lost"] == told["halves"] == 0 for told in record["databases"].values())


if __name__ == "__main__":
    asked = sys.argv[1:]
    main(QUICK_KILLS if asked == ["--quick"] else int(asked[0]) if asked else KILLS)
