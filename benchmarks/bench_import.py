"""Lists of invented facilities at the prompt: processor time, wall time and peak memory of a dry run and of writing, and of what follows.

Each command is a process of its own with a store of its own, in which the shipped pack is; what the reading process takes is counted with
it. Run: ``python -m benchmarks.bench_import [--quick]``; what is invented is told by :mod:`benchmarks.made_up_facilities`.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.made_up_facilities import ROWS, made_up_list, write_list
from benchmarks.timing import ROOT, in_fresh_process, is_quick, machine, print_table, write_record

MILLION = 1_000_000
COLUMNS = 12
_WORDS = ("--as", "facilities", "--publisher", "虚构", "--published", "2026-01", "--accept", "good")
_QUICK = 50


def brought(file: Path, var: Path, *words: str) -> dict[str, Any]:
    """Seconds and peak memory of one import at the prompt, by a process that does nothing else."""
    from geo.ingest.plan.memory_of_import import ImportSize

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "geo", "import", str(file), *_WORDS, *words, "--format", "json"]
    # what else may be read from a list is its rows that stay out: 1 is no failure
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"ATLAS_VAR": str(var)}, stdout=subprocess.PIPE, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = json.loads(done.stdout)["rows"]
    return {
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "wall_s": time.perf_counter() - start,
        "peak_mib": after.ru_maxrss / 1024,
        "announced_mib": ImportSize(sum(rows.values()), COLUMNS).bytes / 2**20,
        "rows": rows,
    }


def afterwards(var: Path) -> dict[str, Any]:
    """What the register with the list in it takes: to load, to show, to write, to take back."""
    os.environ["ATLAS_VAR"] = str(var)
    from geo.register.city import atlas_of
    from geo.register.facilities import facilities_in
    from geo.store import Actor, Role, open_store
    from geo.table import csv_bytes

    steps: dict[str, float] = {}

    def step(name: str, action: Any) -> Any:
        cpu = time.process_time()
        answer = action()
        steps[name] = time.process_time() - cpu
        return answer

    store = open_store()
    atlas = step("load", lambda: atlas_of(store.pack()))
    rows = step("facilities of a day", lambda: facilities_in(atlas.register, date(2026, 11, 30)))
    step("facilities as CSV", lambda: csv_bytes(rows))
    last = int(store.batches(1)["batch_id"].iloc[0])
    step("undo of the batch", lambda: store.undo_batch(Actor("bench", Role.editor), last, "bench"))
    step("load after it", lambda: atlas_of(store.pack()).register.facilities)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu_s": steps, "peak_mib": peak, "facilities": len(rows)}


def measured(file: Path, folder: Path, base: Path, system: str) -> dict[str, Any]:
    """A dry run, writing, and what follows, of one file."""
    var = folder / "var"
    shutil.rmtree(var, ignore_errors=True)
    shutil.copytree(base, var)
    return {
        "file_mib": file.stat().st_size / 2**20,
        "dry run": in_fresh_process("benchmarks.bench_import", "brought", str(file), str(var), "--crs", system, "--dry-run"),
        "write": in_fresh_process("benchmarks.bench_import", "brought", str(file), str(var), "--crs", system),
        "afterwards": in_fresh_process("benchmarks.bench_import", "afterwards", str(var)),
    }  # fmt: skip


def main(rows: int, million: int) -> None:
    from geo.store import open_store

    record: dict[str, Any] = {"machine": machine(), "files": {}}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        base = folder / "base"
        base.mkdir()
        open_store(f"sqlite:///{base / 'atlas.db'}").engine.dispose()
        cases = [(rows, "WGS84", ".csv"), (rows, "GCJ02", ".csv"), (rows, "WGS84", ".gpkg"), (rows, "WGS84", ".xlsx"),
                 (million, "WGS84", ".csv")]  # fmt: skip
        for count, system, ending in cases:
            file = write_list(made_up_list(count, system=system), folder / f"list{ending}")
            name = f"{count:,} {system} {ending}"
            record["files"][name] = measured(file, folder, base, system)
            print(name, record["files"][name], file=sys.stderr, flush=True)
            file.unlink()
    print_table(
        "Import",
        ["", "dry run, cpu s", "write, cpu s", "write, peak MiB", "load, cpu s"],
        [
            [name, f"{one['dry run']['cpu_s']:.1f}", f"{one['write']['cpu_s']:.1f}", f"{one['write']['peak_mib']:.0f}",
             f"{one['afterwards']['cpu_s']['load']:.1f}"]
            for name, one in record["files"].items()
        ],
    )  # fmt: skip
    write_record("import", record, quick=rows < ROWS)


if __name__ == "__main__":
    if sys.argv[1:2] == ["brought"]:
        print(json.dumps(brought(Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:])))
    elif sys.argv[1:2] == ["afterwards"]:
        print(json.dumps(afterwards(Path(sys.argv[2]))))
    else:
        main(*((ROWS // _QUICK, MILLION // _QUICK // 4) if is_quick(__doc__) else (ROWS, MILLION)))
