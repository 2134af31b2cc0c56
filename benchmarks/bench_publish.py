"""The public site: first build, a build where nothing changed, a build after one new event; what a visitor loads.

``python -m benchmarks.bench_publish [--quick]``. Writes ``docs/performance/publish.json``. Each build is the command that people
use, in a fresh process, by the clock and by the processor's time of that process; "nothing changed" and "one event" are run on the folder of
the first, with what it remembers. Sizes are of the files a page
names, as they are and as gzip (level 6) sends them.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import re
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from subprocess import run
from typing import Any

from benchmarks.timing import ROOT, digits, machine, print_table, write_record
from geo.paths import DATA_DIR

_LOADS = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script src|img src)="(?!data:)([^"]+)"')
_PAGES = ("index.html", "list.html", "embed.html", "districts/index.html", "districts/{code}.html")


def build(pack: Path, out: Path) -> tuple[float, float, str]:
    """Seconds of one build in a fresh process, those of the processor, and what it said."""
    command = [sys.executable, "-m", "geo", "publish", "--out", str(out)]
    start, used = time.perf_counter(), _of_children()
    done = run(
        command,
        cwd=ROOT,
        env=os.environ | {"ATLAS_DATA": str(pack), "ATLAS_VAR": str(pack.parent / "var")},
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - start, _of_children() - used, done.stdout.strip().rsplit(": ", 1)[1]


def _of_children() -> float:
    """Processor seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def one_more_event(pack: Path) -> None:
    """A work of the plan is reported completed: the last day that the register knows of stays the same."""
    path = pack / "events.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    last = next(row for row in reversed(rows) if row["kind"] == "status" and row["confirmed"] == "true")
    new = last | {"event_id": f"{last['event_id']}-bench", "value": "cancelled", "date": "2025-06-30"}
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, rows[0].keys(), lineterminator="\n").writerow(new)


def builds(rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Seconds and what was written, each of the three turns ``rounds`` times; sizes of the last site."""
    times: dict[str, list[tuple[float, float]]] = {"first": [], "nothing changed": [], "one event": []}
    said: dict[str, str] = {}
    for _round in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            pack, out = Path(folder) / "data", Path(folder) / "site"
            shutil.copytree(DATA_DIR, pack)
            for name, seconds_of in times.items():
                if name == "one event":
                    one_more_event(pack)
                seconds, used, said[name] = build(pack, out)
                seconds_of.append((seconds, used))
            found = sizes(out)
    medians = {
        name: [statistics.median(each) for each in zip(*both, strict=True)] for name, both in times.items()
    }
    return {
        name: {
            "seconds": seconds,
            "processor_seconds": used,
            "of_first_build": used / medians["first"][1],
            "files": said[name],
        }
        for name, (seconds, used) in medians.items()
    }, found


def sizes(site: Path) -> dict[str, Any]:
    """Requests and bytes of the first view of each kind of page, and of the whole site."""
    code = max(site.glob("districts/[0-9]*.html"), key=lambda path: path.stat().st_size).stem
    views = {}
    for page in (name.format(code=code) for name in _PAGES):
        path = site / page
        loads = [path, *((path.parent / link).resolve() for link in _LOADS.findall(path.read_text("utf-8")))]
        loads = list(dict.fromkeys(loads))
        views[page] = {
            "requests": len(loads),
            "bytes": sum(one.stat().st_size for one in loads),
            "gzip_bytes": sum(len(gzip.compress(one.read_bytes(), 6)) for one in loads),
        }
    cards = next(site.glob("data/cards.zh.*.js")).read_bytes()
    every = [path for path in site.rglob("*") if path.is_file() and ".atlas" not in path.parts]
    return {
        "views": views,
        "first_card": {"bytes": len(cards), "gzip_bytes": len(gzip.compress(cards, 6))},
        "whole": {"files": len(every), "bytes": sum(path.stat().st_size for path in every)},
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    times, found = builds(1 if quick else 3)
    print_table(
        "python -m geo publish, fresh process",
        ("build", "seconds", "of the processor", "of the first", "files"),
        [
            (
                name,
                *(digits(one[column]) for column in ("seconds", "processor_seconds", "of_first_build")),
                one["files"],
            )
            for name, one in times.items()
        ],
    )
    print_table(
        "First view",
        ("page", "requests", "kB", "kB gzip"),
        [
            (name, str(one["requests"]), digits(one["bytes"] / 1024), digits(one["gzip_bytes"] / 1024))
            for name, one in found["views"].items()
        ],
    )
    write_record("publish", {"machine": machine(), "builds": times} | found, quick=quick)


if __name__ == "__main__":
    main()
