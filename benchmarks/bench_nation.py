"""A nation: 9.5 million simulated cells and 10 million facilities, in one process and on one and two workers of Dask, taking turns.

``python -m benchmarks.bench_nation [--quick]``. Each go runs in processes of its own; work is given as seconds of the processor,
which other work on the machine changes little, beside seconds of the clock. Coverage is of the whole nation, matrix and siting of one province. Every way must give the same digest of its table.
Prints Markdown tables and writes ``docs/performance/nation.json``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks.timing import digits, in_fresh_process, machine, print_table, write_record
from geo.nation.blocks import FACILITIES, Nation
from geo.nation.coverage import NationAnswer, nation_coverage, query_of
from geo.nation.matrix import kinds_of, nation_matrix
from geo.nation.problem import Problem
from geo.nation.run import Run, one_by_one, opened
from geo.nation.siting import nation_siting
from geo.nation.sums import CELLS
from geo.paths import data_dir
from geo.register.indicators import load_indicators

WAYS = ("0", "1", "2")  # workers; 0 is this process without Dask
KIND, METRES, SET, SITES = "metro_station", 800.0, "as_of", 5
WARM = "3101"
PROVINCE = "31"
FINE_M = 100
FINE = ("32", "64")  # a dense and a bare province: what 100 m cells of a nation are between


def indicators() -> list[Any]:
    return list(load_indicators(data_dir()).values())


def problem(within: str, cell_m: int = 1000) -> Problem:
    """The nation, or a part of it with its share of the facilities, by divisions."""
    kinds = kinds_of([each for each in indicators() if each.computable])
    codes = Problem(Nation(kinds), within).codes
    share = len(codes) / len(Problem(Nation(kinds)).codes)
    return Problem(Nation(kinds, cell_m=cell_m, facilities=round(FACILITIES * share)), within)


def answer(call: str, one: Problem, run: Run) -> NationAnswer:
    if call == "matrix":
        return nation_matrix(one, indicators(), run)
    query = query_of(one, [KIND], METRES, SET)
    return nation_siting(one, query, SITES, run) if call == "siting" else nation_coverage(one, query, run)


def status() -> dict[str, float]:
    """Seconds of the processor that this process has used, its memory now, and the most it ever had (MiB)."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    now = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": time.process_time(), "now": now, "most": most}


def go(call: str, workers: int, within: str, cell_m: int) -> dict[str, Any]:
    """One answer, by workers that have answered a small question before."""
    if not workers:
        return _measured(call, within, cell_m, one_by_one, lambda: [status()])
    import distributed

    cluster = distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", memory_limit=0
    )
    address = cluster.scheduler_address
    with cluster, distributed.Client(address, set_as_default=False) as client, opened(0, address) as run:
        return _measured(call, within, cell_m, run, lambda: list(client.run(status).values()))


def _measured(call: str, within: str, cell_m: int, run: Run, look: Any) -> dict[str, Any]:
    answer(call, problem(WARM, cell_m), run)
    before, start = look(), time.perf_counter()
    done = answer(call, problem(within, cell_m), run)
    seconds, after = time.perf_counter() - start, look()
    table = done.table.to_csv(index=False).encode()
    return {
        "seconds": seconds,
        "cpu": sum(each["cpu"] for each in after) - sum(each["cpu"] for each in before),
        "at_rest_mib": max(each["now"] for each in before),
        "peak_mib": max(each["most"] for each in after),
        "rows": len(done.table),
        "digest": hashlib.sha256(table).hexdigest()[:16],
    }


def cells_in(within: str, cell_m: int) -> int:
    one = problem(within, cell_m)
    return int(one.sums([], one_by_one).whole[:, CELLS].sum())


def by_turns(call: str, within: str, rounds: int, ways: tuple[str, ...] = WAYS) -> dict[str, dict[str, Any]]:
    goes: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    for _round in range(rounds):
        for way in ways:
            goes[way].append(in_fresh_process("benchmarks.bench_nation", "--one", call, way, within, "1000"))
    digests = {each["digest"] for several in goes.values() for each in several}
    assert len(digests) == 1, "the ways disagree"
    first = [each["seconds"] for each in goes[ways[min(1, len(ways) - 1)]]]
    return {
        way: {
            name: statistics.median(each[name] for each in several)
            for name in ("seconds", "cpu", "at_rest_mib", "peak_mib")
        }
        # pairs of one round stood under the same load
        | {
            "against_one_worker": statistics.median(
                a / b["seconds"] for a, b in zip(first, several, strict=True)
            )
        }
        | {"goes": len(several), "rows": several[0]["rows"], "digest": several[0]["digest"]}
        for way, several in goes.items()
    }


def fine(within: str) -> dict[str, Any]:
    """Cells of 100 m: what one core does in a second."""
    cells = cells_in(within, FINE_M)
    done = in_fresh_process("benchmarks.bench_nation", "--one", "coverage", "0", within, str(FINE_M))
    return done | {"cells": cells, "cells_per_cpu_second": cells / done["cpu"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", nargs=4)
    arguments = parser.parse_args()
    if arguments.one:
        call, workers, within, cell_m = arguments.one
        print(json.dumps(go(call, int(workers), within, int(cell_m))))
        return
    about = machine()
    within = PROVINCE if arguments.quick else ""
    cells = cells_in(within, 1000)
    calls = {"coverage": by_turns("coverage", within, 1)}
    calls |= {f"{call} of one province": by_turns(call, PROVINCE, 1) for call in ("matrix", "siting")}
    of_province = cells_in(PROVINCE, 1000)
    finest = {each: fine(each) for each in ((WARM,) if arguments.quick else FINE)}
    table = [
        [call, way, *(digits(number) for number in numbers)]
        for call, ways in calls.items()
        for way, row in ways.items()
        for numbers in [
            (
                *(row[name] for name in ("seconds", "cpu", "against_one_worker")),
                (cells if call == "coverage" else of_province) / row["cpu"],
                row["at_rest_mib"],
                row["peak_mib"],
            )
        ]
    ]
    head = ["call", "workers", "s", "CPU s", "x as fast as one", "cells a CPU s", "MiB at rest", "peak MiB"]
    print_table(
        f"{cells:,} cells, {FACILITIES:,} facilities (load before: {about['load_before']:.1f})", head, table
    )
    for each, row in finest.items():
        print(f"100 m cells of {each}: {row['cells']:,}, {digits(row['cells_per_cpu_second'])} a CPU second")
    record = {"cells": cells, "facilities": FACILITIES, "load_after": os.getloadavg()[0]}
    write_record(
        "nation",
        {"machine": about} | record | {"calls": calls, "cells_of_100_m": finest},
        quick=arguments.quick,
    )


if __name__ == "__main__":
    main()
