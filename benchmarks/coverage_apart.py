"""Ways and memory of the coverage benchmark that need a process of their own, started by ``benchmarks.bench_coverage``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.coverage_cases import Case
from benchmarks.coverage_ways import WAYS
from benchmarks.timing import (
    ROOT,
    Elsewhere,
    in_fresh_process,
    once_ms,
    peak_growth_mib,
)
from geo.kernels.cell_reach import within_reach
from geo.kernels.lattice import Lattice


@contextmanager
def numpy_only(case: Case) -> Iterator[Callable[[], Any]]:
    """Ours without numba: a process of its own that works when asked, its answer and time in JSON."""
    lattice, (x, y) = case.lattice, case.xy
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        place = [lattice.x0, lattice.y0, lattice.size, case.radius]
        np.savez(file, zone=lattice.zone, weight=lattice.weight, place=place, codes=lattice.codes, x=x, y=y)
        file.flush()
        command = [sys.executable, "-m", "benchmarks.bench_coverage", "--worker", file.name]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "ATLAS_NO_NUMBA": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:

            def way(order: str = "go") -> Any:
                process.stdin.write(f"{order}\n")
                process.stdin.flush()
                reply = json.loads(process.stdout.readline())
                return reply["mib"] if order == "peak" else Elsewhere(reply, reply["ms"])

            try:
                yield way
            finally:
                process.stdin.close()


def work(path: str) -> None:
    """The other end of :func:`numpy_only`: an answer for each line read, or the peak memory of one."""
    from geo.kernels.compiling import ENGINE

    assert ENGINE == "numpy"
    data = np.load(path)
    x0, y0, size, radius = data["place"].tolist()
    lattice = Lattice(x0, y0, size, data["zone"], data["weight"], tuple(data["codes"].tolist()))
    x, y, inside = data["x"], data["y"], lattice.zone >= 0

    def go() -> tuple[np.ndarray, np.ndarray]:
        counts, weights = within_reach(lattice, x, y, radius)
        return weights, counts

    for line in sys.stdin:
        if line == "peak\n":
            reply: dict[str, Any] = {"mib": peak_growth_mib(go)}
        else:
            (weights, counts), ms = once_ms(go)
            served = np.bincount(lattice.zone[inside & (counts > 0)], minlength=len(lattice.codes))
            reply = {"ms": ms, "weights": weights.tolist(), "served": served.tolist()}
        print(json.dumps(reply), flush=True)


def peak_mib(task: str, way: str, case: Case) -> float:
    """Growth of a fresh process while it answers ``case`` with ``way``, after a small case has loaded the code."""
    question = json.dumps([task, way, case.n, case.radius, case.lattice_name])
    return float(in_fresh_process("benchmarks.bench_coverage", "--peak", question)["mib"])


def answer_peak(question: str) -> None:
    """The other end of :func:`peak_mib`."""
    task, way, n, radius, lattice_name = json.loads(question)
    WAYS[task][way](Case(10, radius, lattice_name))()
    action = WAYS[task][way](Case(n, radius, lattice_name))
    print(json.dumps({"mib": peak_growth_mib(action)}))
