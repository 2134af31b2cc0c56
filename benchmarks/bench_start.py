"""From ``make run`` to the first map: a second start, all code compiled and its files read before, until Chromium shows the map whole.

``python -m benchmarks.bench_start [--quick]``. Prints a table and writes ``docs/performance/start.json``: seconds until the server
answers, until the first map is drawn with all its layers (a browser that waits asks at the first answer), until that map stands in its page,
and of the processor that the server and its children took until each. Beside it the bound: a Streamlit page of one line, measured the same way.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.timing import digits, is_quick, machine, print_table, write_record
from tools.compile_bytecode import compile_bytecode
from tools.serving import CHROMIUM, PATIENCE_S, SWITCHES, streamlit

ROUNDS: Final = 5
GOAL_S: Final = 3.0
_TICKS_A_S: Final = os.sysconf("SC_CLK_TCK")


def processor_s(process: int) -> float:
    """Seconds of the processor that a process and everything it started have taken, those that have ended among them."""
    total, waiting = 0.0, [process]
    children = _children()
    while waiting:
        one = waiting.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        total += sum(map(int, fields[11:15])) / _TICKS_A_S
        waiting += children.get(one, [])
    return total


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text("ascii", "replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        found.setdefault(parent, []).append(int(stat.parent.name))
    return found


def start(browser: Browser, var: str) -> dict[str, float]:
    """One start, and a first visit by a browser that runs already."""
    return _visited(browser, "app.py", var, _wait_for_map, _wait_for_page)


def bare_start(browser: Browser, var: str) -> dict[str, float]:
    """The same of a page of one line that reads nothing of this program: what Streamlit and a browser take by themselves."""
    script = Path(var) / "bare.py"
    script.write_text('import streamlit as st\n\nst.title("bare")\n', "utf-8")
    taken = _visited(
        browser, script, var, lambda page: page.wait_for_selector("h1", timeout=PATIENCE_S * 1000)
    )
    return {f"bare_{name}": value for name, value in taken.items()}


def _visited(
    browser: Browser,
    script: Path | str,
    var: str,
    wait: Callable[[Page], object],
    then: Callable[[Page], object] | None = None,
) -> dict[str, float]:
    """Seconds of a start and a visit: until ``wait`` has ended, and until ``then`` has, where that is given."""
    began = time.perf_counter()
    with streamlit(script, env={"ATLAS_VAR": var}) as server:
        answers, answers_took = time.perf_counter() - began, processor_s(server.process.pid)
        page = browser.new_page()
        page.goto(server.url)
        wait(page)
        shown, took = time.perf_counter() - began, processor_s(server.process.pid)
        later: dict[str, float] = {}
        if then:
            then(page)
            whole = processor_s(server.process.pid)
            later = {"page_s": time.perf_counter() - began, "page_processor_s": whole}
        page.close()
    return later | {
        "answers_s": answers,
        "answers_processor_s": answers_took,
        "map_s": shown,
        "server_processor_s": took,
    }


def _wait_for_map(page: Page) -> None:
    found = page.wait_for_selector("iframe.atlas-frame", timeout=PATIENCE_S * 1000)
    frame = found.content_frame() if found else None
    assert frame is not None
    frame.wait_for_selector('body[data-ready="1"]', timeout=PATIENCE_S * 1000)


def _wait_for_page(page: Page) -> None:
    page.wait_for_selector(".atlas-root iframe.atlas-frame", timeout=PATIENCE_S * 1000)


def main() -> None:
    """Measure, print, record."""
    quick = is_quick(__doc__)
    with tempfile.TemporaryDirectory() as var, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        compile_bytecode()
        runs = [
            start(browser, var) | bare_start(browser, var) for _round in range(1 if quick else ROUNDS + 1)
        ]
        browser.close()
    counted = runs if quick else runs[1:]  # the first one reads files that nobody read before
    middle: dict[str, Any] = {name: statistics.median(each[name] for each in counted) for name in counted[0]}
    print_table(
        "From the start to the first map",
        ("what", "seconds", "goal"),
        [(name, digits(value), f"{GOAL_S:g}" if name == "map_s" else "") for name, value in middle.items()],
    )
    write_record("start", {"machine": machine(), "rounds": len(counted)} | middle, quick=quick)


if __name__ == "__main__":
    main()
