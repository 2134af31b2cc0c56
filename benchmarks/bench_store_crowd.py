"""50 editors and 200 readers at one PostGIS store for a minute, in two processes as ``make serve WORKERS=2`` has them.

Then every acknowledged edit must be there once, in the history of its work, and revisions must be whole. Run:
``python -m benchmarks.bench_store_crowd [--quick]``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import postgis
from benchmarks.timing import ROOT, is_quick, machine, print_table, write_record
from geo.paths import DATA_DIR
from geo.store import Store, open_store

SECONDS = 60
PROCESSES = 2
WRITERS, READERS = 50, 200


def _crowd(url: str, seconds: int) -> list[dict[str, Any]]:
    """What each process of the crowd saw."""
    sizes = [str(WRITERS // PROCESSES), str(READERS // PROCESSES), str(seconds)]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.crowd", url, str(number), *sizes],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    answers = [process.communicate()[0] for process in started]
    assert all(process.returncode == 0 for process in started)
    return [json.loads(answer.splitlines()[-1]) for answer in answers]


def _checked(store: Store, before: int, parts: list[dict[str, Any]]) -> dict[str, int]:
    """How many acknowledged edits are missing, twice, or not in the history of their work, and whether revisions have gaps."""
    acknowledged = [tuple(each) for part in parts for each in part["acknowledged"]]
    log = store.changes_since(before)
    there = Counter(zip(log["row_id"], log["value"], strict=True))
    wanted = {(work, value) for work, value, _revision in acknowledged}
    histories = {work: Counter(store.history(work)["value"]) for work in {work for work, _value in wanted}}
    return {
        "acknowledged": len(acknowledged),
        "lost": sum(each not in there for each in wanted),
        "twice": sum(count > 1 for count in there.values()) + len(acknowledged) - len(wanted),
        "not_in_history": sum(histories[work][value] != 1 for work, value in wanted),
        "written_but_not_acknowledged": len(there.keys() - wanted),
        "revision_not_as_acknowledged": sum(
            (work, value, revision) not in set(zip(log["row_id"], log["value"], log["batch_id"], strict=True))
            for work, value, revision in acknowledged[:50]
        ),
        "gaps_in_revisions": store.revision() - before - log["batch_id"].nunique(),
    }


def _spread(parts: list[dict[str, Any]], name: str) -> dict[str, float]:
    ms = np.array([each for part in parts for each in part[name]])
    return {"count": len(ms), "p50_ms": float(np.median(ms)), "p95_ms": float(np.quantile(ms, 0.95)), "max_ms": float(ms.max())}  # fmt: skip


def main(seconds: int) -> None:
    record: dict[str, Any] = {
        "machine": machine(),
        "seconds": seconds,
        "writers": WRITERS,
        "readers": READERS,
    }
    with postgis.database(durable=True) as database:
        url = f"postgresql://postgres@/postgres?host={database.connection.info.host}"
        store = open_store(url, Path(DATA_DIR))
        before = store.revision()
        parts = _crowd(url, seconds)
        record["load_after"] = os.getloadavg()[0]
        record["checked"] = _checked(store, before, parts)
        store.engine.dispose()
    record["faults"] = dict(sum((Counter(part["faults"]) for part in parts), Counter()))
    record["conflicts"] = sum(part["conflicts"] for part in parts)
    record["times"] = {name: _spread(parts, f"{name}_ms") for name in ("write", "read", "history")}
    rows = [[name, *(f"{each:,.0f}" for each in told.values())] for name, told in record["times"].items()]
    print_table("Crowd", ["", "count", "p50 ms", "p95 ms", "longest ms"], rows)
    print(record["checked"], record["conflicts"], record["faults"])
    write_record("store_crowd", record, quick=seconds < SECONDS)
    checked = record["checked"]
    assert not any(
        checked[name] for name in checked if name not in {"acknowledged", "written_but_not_acknowledged"}
    )


if __name__ == "__main__":
    main(SECONDS // 10 if is_quick(__doc__) else SECONDS)
