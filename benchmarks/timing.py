"""Measuring side by side: turns in one run, peak memory in a fresh process, the machine, tables and records."""

from __future__ import annotations

import argparse
import ctypes
import datetime
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
RECORDS = ROOT / "docs" / "performance"
QUICK_RECORDS = ROOT / "var" / "performance"  # a quick run never replaces what was recorded
PACKAGES = ("numpy", "scipy", "numba", "shapely", "geopandas", "pandana", "networkx", "psycopg")
_FEWEST = 3
_TURN_S = 0.1
_MOST_GOES = 20

Ways = Mapping[str, Callable[[], Any]]


class Elsewhere(NamedTuple):
    """An answer that another process timed."""

    answer: Any
    ms: float


def interleaved(
    ways: Ways,
    rounds: int,
    *,
    check: Callable[[dict[str, Any]], None] = lambda _answers: None,
    budget_s: float = 20.0,
) -> dict[str, float]:
    """Median milliseconds of each way, all taking turns, so that noise hits every side alike.

    Each way is first run twice: the first warms it up (kernels compile), the second says how long it is, and ``check``
    compares the answers before any time counts. A short way has as many goes a turn as fill a tenth of a second, at most
    20: one go right after another's turn would mostly measure how long the caches take to fill. One that has used up
    ``budget_s`` stops after three turns.
    """
    answers, goes = {}, {}
    for name, way in ways.items():
        way()
        answers[name], seconds = _timed(way)
        goes[name] = max(1, min(_MOST_GOES, int(_TURN_S / seconds)))
    check(answers)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            if len(times[name]) >= _FEWEST and sum(times[name]) > budget_s:
                continue
            gc.collect()
            times[name] += [_timed(way)[1] for _go in range(goes[name])]
    return {name: statistics.median(each) * 1000 for name, each in times.items()}


def _timed(way: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = way()
    seconds = time.perf_counter() - start
    return (answer.answer, answer.ms / 1000) if isinstance(answer, Elsewhere) else (answer, seconds)


def once_ms(action: Callable[[], Any]) -> tuple[Any, float]:
    """The answer and the milliseconds of one go: for what is done once, such as building an index."""
    answer, seconds = _timed(action)
    return answer, seconds * 1000


def peak_growth_mib(action: Callable[[], Any], pid: int | str = "self") -> float:
    """How far resident memory of a process rises above its start while ``action`` runs.

    The kernel's high-water mark (``VmHWM``) is set back first; ``getrusage`` cannot be set back, and a child inherits
    its parent's.
    """
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")
    before = _status_mib(pid, "VmRSS")
    kept = action()  # what an answer takes counts
    grown = _status_mib(pid, "VmHWM") - before
    del kept
    return max(grown, 0.0)


def _status_mib(pid: int | str, field: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024


def in_fresh_process(module: str, *arguments: str) -> Any:
    """What ``python -m module arguments`` prints on its last line, as JSON."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def machine() -> dict[str, Any]:
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in _lines(Path("/proc/cpuinfo"))
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "cpu": cpu,
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        "system": platform.platform(),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
    }


def is_quick(about: str | None = None) -> bool:
    """Whether ``--quick`` is the one word of the command line: small sizes, nothing recorded in docs/. For benchmarks that take no other."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="small sizes, nothing recorded in docs/")
    return bool(parser.parse_args().quick)


def _lines(path: Path) -> Iterable[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else ()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def rows_of(ms: Mapping[str, float], ours: str, **more: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What is known of each way: milliseconds, how many times as long as ``ours`` it takes, and ``more`` by name."""
    return {
        name: {"ms": each, "times_ours": each / ms[ours]}
        | {key: values[name] for key, values in more.items() if name in values}
        for name, each in ms.items()
    }


def write_record(name: str, record: dict[str, Any], *, quick: bool) -> None:
    folder = QUICK_RECORDS if quick else RECORDS
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(_rounded(record), ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"\nWritten: {path.relative_to(ROOT)}", flush=True)


def _rounded(value: Any) -> Any:
    """Numbers to five digits: the rest is noise."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def print_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    lines = [f"\n{title}\n", _row(head), _row(["---"] * len(head)), *map(_row, rows)]
    print("\n".join(lines), flush=True)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def digits(value: float) -> str:
    """Three significant digits, written out."""
    if value >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"
