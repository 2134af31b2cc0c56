"""How much of each package the tests ran, after ``coverage combine``: lines and branches, as a table for the log."""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from coverage import Coverage

ROOMS = {"geo", "layers"}  # packages that hold rooms: each room is told by itself


def package_of(path: str) -> str:
    """The package of a file: ``geo/store`` of ``geo/store/undo.py``, ``pages`` of anything in ``pages/``."""
    parts = Path(path).parts
    return "/".join(parts[:2]) if parts[0] in ROOMS and len(parts) > 2 else parts[0]


def by_package(files: Mapping[str, Any]) -> list[tuple[str, int, float, int, float]]:
    """Package, statements, percent of them run, branches, percent of them taken; the last row is all of them.

    ``files`` is the part ``files`` of coverage's JSON report.
    """
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for path, file in files.items():
        summary = file["summary"]
        for name in (package_of(path), "all"):
            for at, key in enumerate(("num_statements", "covered_lines", "num_branches", "covered_branches")):
                sums[name][at] += summary[key]
    order = sorted(sums, key=lambda name: (name == "all", name))
    return [
        (name, lines, _percent(run, lines), branches, _percent(taken, branches))
        for name, (lines, run, branches, taken) in ((name, sums[name]) for name in order)
    ]


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def main() -> None:
    """Print the table."""
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text("utf-8"))["files"]
    sys.stdout.write(f"{'package':<24}{'lines':>8}{'run':>9}{'branches':>10}{'taken':>9}\n")
    for name, lines, run, branches, taken in by_package(files):
        sys.stdout.write(f"{name:<24}{lines:>8}{run:>8.1f}%{branches:>10}{taken:>8.1f}%\n")


if __name__ == "__main__":
    main()
