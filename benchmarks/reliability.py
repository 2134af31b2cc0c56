"""One run that makes every figure of docs/reliability.md: ``python -m benchmarks.reliability --minutes 10``.

Starts a server of its own and does in turn: many people at once, an attack beside a person, writers that are killed, hostile files,
the conformance tests. Each part writes its own docs/performance/*.json; a part that fails is named, and the others still run. Last
it writes docs/performance/reliability.json and the tables of the page. Without ``--minutes`` it only writes the tables anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.timing import RECORDS, ROOT, machine, write_record
from tools.serving import streamlit

PAGE: Final = ROOT / "docs" / "reliability.md"
BEGIN: Final = "<!-- figures: python -m benchmarks.reliability -->"
END: Final = "<!-- end of figures -->"
WARM_MINUTES: Final = 0.5


def run(minutes: float, sessions: int, kills: int) -> dict[str, str]:
    """Do all parts; part -> ``done``, or how it failed.

    Parameters
    ----------
    minutes : float
        Of many people at once.
    sessions : int
        How many people.
    kills : int
        Writers killed on each database.

    Returns
    -------
    dict
    """
    ended: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as var, streamlit(env={"ATLAS_VAR": var}) as server:
        people = ["benchmarks.load_sessions", server.url, "--sessions", str(sessions)]
        _part(ended, "warming up", [*people, "--minutes", str(WARM_MINUTES)])
        of_server = ["--servers", str(server.process.pid)]
        _part(ended, "sessions", [*people, "--minutes", str(minutes), *of_server, "--record"])
        _part(ended, "attack", ["benchmarks.attack", server.url, "--record"])
    _part(ended, "kills", ["benchmarks.bench_kill", str(kills)])
    _part(ended, "hostile files", ["benchmarks.bench_hostile"])
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "conformance.xml"
        words = ["pytest", "-q", "-n", "0", "tests/api/test_conformance.py", f"--junitxml={report}"]
        _part(ended, "conformance", words)
        if report.exists():
            write_record("conformance", {"machine": machine()} | conformance(report), quick=False)
    return ended


def conformance(report: Path) -> dict[str, int]:
    """Tests that ran and passed, from pytest's report; and abstract tests, checks and classes that they claim to cover."""
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 (pytest's own)
    counts = {
        name: int(suite.get(name, "0")) if suite is not None else 0
        for name in ("tests", "failures", "errors", "skipped")
    }
    classes, abstract_tests, checks = _claimed()
    return {
        "classes": classes,
        "abstract_tests": abstract_tests,
        "checks_claimed": checks,
        "checks_passed": checks if counts["tests"] and not counts["failures"] + counts["errors"] else 0,
    } | counts


def _claimed() -> tuple[int, int, int]:
    """Classes, abstract tests and checks of the table that the tests print: benchmarks import nothing of tests/."""
    words = [sys.executable, "-m", "tests.api.conformance.figures"]
    rows = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    *classes, every = ([cell.strip(" *") for cell in row.strip("|").split("|")] for row in rows)
    return len(classes), int(every[1]), int(every[2])


def _part(ended: dict[str, str], name: str, words: Sequence[str]) -> None:
    print(f"== {name}", flush=True)
    began = time.monotonic()
    status = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False).returncode
    ended[name] = f"{'done' if status == 0 else f'ended with {status}'}, {time.monotonic() - began:.0f} s"


def _record(name: str) -> dict[str, Any]:
    path = RECORDS / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def lines() -> list[str]:
    """The tables of the page, from what was recorded."""
    rows = [
        ("people at once, minutes", "sessions", lambda each: f"{each['sessions']}, {each['minutes']:g}"),
        ("filters changed", "sessions", lambda each: f"{each['filters']:,}"),
        (
            "time of a filter, p50 and p95 (goal: p95 under 1 s)",
            "sessions",
            lambda each: f"{each['filter_p50_s']:.3f} s, {each['filter_p95_s']:.3f} s",
        ),
        ("pages opened, p95", "sessions", lambda each: f"{each['pages']:,}, {each['page_p95_s']:.3f} s"),
        (
            "memory of the server and its workers, middle and last third",
            "sessions",
            lambda each: f"{each['memory_mib_middle_third']:,} and {each['memory_mib_last_third']:,} MiB",
        ),
        ("errors (goal: none)", "sessions", lambda each: str(sum(each["errors"].values()))),
        (
            "siting questions at once, and their answers",
            "attack",
            lambda each: f"{each['questions']}: " + ", ".join(f"{n} × {what}" for what, n in each["answers"].items()),
        ),
        (
            "slowest of them (bound)",
            "attack",
            lambda each: f"{each['slowest_s']:.1f} s ({each['bound_s']:g} s)",
        ),
        (
            "a person's filter meanwhile, p50, p95 and slowest (goal: under 1 s)",
            "attack",
            lambda each: f"{each['filter_p50_s']:.3f} s, {each['filter_p95_s']:.3f} s, {each['filter_slowest_s']:.3f} s",
        ),
        (
            "writers killed, events lost",
            "kill",
            lambda each: "; ".join(f"{name} {told['kills']}, {told['lost']}" for name, told in each["databases"].items()),
        ),
        (
            "hostile files at full size, refused or read in bounds",
            "hostile",
            lambda each: f"{len(each['cases'])}, {sum(case['outcome'] in ('read', 'refused') for case in each['cases'].values())}",
        ),
        (
            "conformance checks passed of claimed",
            "conformance",
            lambda each: f"{each['checks_passed']:,} of {each['checks_claimed']:,}",
        ),
    ]  # fmt: skip
    table = ["| what | figure | record |", "| --- | --- | --- |"]
    for what, name, show in rows:
        if record := _record(name):
            table.append(f"| {what} | {show(record)} | [{name}.json](performance/{name}.json) |")
    return table


def write_page() -> None:
    """Put the tables into the page, between their marks."""
    text = PAGE.read_text("utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    PAGE.write_text("\n".join([before + BEGIN, "", *lines(), "", END + after]), "utf-8")


def main() -> None:
    """Run what is asked for, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--kills", type=int, default=200)
    given = parser.parse_args()
    ended: dict[str, str] = {}
    if given.minutes:
        before = machine()
        ended = run(given.minutes, given.sessions, given.kills)
        write_record("reliability", {"machine": before, "parts": ended}, quick=False)
    write_page()
    print("\n".join(lines()))
    sys.exit(any(not outcome.startswith("done") for outcome in ended.values()))


if __name__ == "__main__":
    main()
