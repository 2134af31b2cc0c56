"""Reports: all eight by one command, and what a single one is made of.

``python -m benchmarks.bench_reports [--quick]``. Writes ``docs/performance/reports.json``. The whole command is timed in a
fresh process, as a person runs it; the parts are timed warm and side by side.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import run
from typing import Any

from benchmarks.timing import ROOT, digits, interleaved, machine, print_table, rows_of, write_record
from geo.atlas import load_atlas
from geo.files import Content, all_formats, get_system, write_file
from geo.report import ReportRequest, report, to_html, to_pdf
from geo.report.request import selected_works
from layers.report.map import map_png, map_svg
from layers.report.map_sheet import MapSheet

DAY, SINCE = date(2021, 12, 31), date(2021, 1, 1)


def whole(form: str) -> dict[str, float]:
    """Seconds and megabytes of ``python -m geo report --all``."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "geo",
            "report",
            "--all",
            "--as-of",
            DAY.isoformat(),
            "--format",
            form,
        ]
        start = time.perf_counter()
        run([*command, "--out", folder], cwd=ROOT, check=True, capture_output=True)
        seconds = time.perf_counter() - start
        files = list(Path(folder).iterdir())
        return {"files": len(files), "seconds": seconds, "mb": sum(f.stat().st_size for f in files) / 1e6}


def parts() -> dict[str, Callable[[], Any]]:
    """The parts of a district's report, and its list in every format."""
    atlas = load_atlas()
    code = str(atlas.districts["residents_2020"].idxmax())
    asked = ReportRequest(code, DAY, SINCE)
    made, rows = report(atlas, asked), selected_works(atlas, asked)
    sheet = MapSheet(atlas, rows, DAY, focus=code, numbers=made.numbers)
    drawing = map_svg(sheet)
    ways: dict[str, Callable[[], Any]] = {
        "facts": lambda: report(atlas, asked),
        "map as SVG": lambda: map_svg(sheet),
        "map as PNG": lambda: map_png(sheet),
        "PDF": lambda: to_pdf(made, drawing),
        "web page": lambda: to_html(made, drawing),
    }
    for form in all_formats():
        ways[f"list as {form.title}"] = lambda form=form: write_file(
            Content(atlas, rows, DAY, get_system("WGS84", atlas.city)), form.id
        )
    return ways


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    record: dict[str, Any] = {
        "machine": machine(),
        "all_by_one_command": {form: whole(form) for form in ("pdf", "html")},
    }
    ms = interleaved(parts(), 1 if quick else 7)
    record["one_district"] = rows_of(ms, "PDF")
    print_table(
        "All reports by one command, fresh process",
        ("form", "files", "seconds", "MB"),
        [
            (form, str(one["files"]), digits(one["seconds"]), digits(one["mb"]))
            for form, one in record["all_by_one_command"].items()
        ],
    )
    print_table("One district, warm", ("part", "ms"), [(name, digits(each)) for name, each in ms.items()])
    write_record("reports", record, quick=quick)


if __name__ == "__main__":
    main()
