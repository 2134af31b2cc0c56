"""What one run of a page costs, with what all sessions share and without it, by turns in one process.

``python -m benchmarks.bench_reruns [--quick]``: a page of a day is run by Streamlit's own test runner, once after everything that sessions share
was forgotten (states of days, shares of lines, progress), once after another session has opened the same page. Prints medians and
their ratio, and which functions of ours a shared run spends its time in.
"""

from __future__ import annotations

import cProfile
import pstats
import statistics
import time
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from benchmarks.timing import is_quick, write_record
from geo.atlas import load_atlas

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = ("home.py", "works.py", "coverage.py", "district.py")
TURNS: Final = 7
DAY: Final = "2021-12-31"


def open_page(page: str) -> AppTest:
    """A session that has the page of the day open."""
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=240)
    app.switch_page(page)
    app.query_params["as_of"] = DAY
    app.run()
    return app


def forget() -> None:
    """Forget what sessions share."""
    st.cache_resource.clear()
    atlas = load_atlas()
    for name in ("line_shares", "land_km2"):
        vars(atlas).pop(name, None)
    vars(atlas.register).pop("_states", None)


def milliseconds(app: AppTest) -> float:
    """One more run of an open page."""
    began = time.perf_counter()
    app.run()
    return 1000 * (time.perf_counter() - began)


def profile(app: AppTest) -> list[tuple[str, float]]:
    """Our own functions by the time of a shared run that is spent in them and below, milliseconds."""
    watched = cProfile.Profile()
    original: Any = script_runner.exec_func_with_error_handling  # type: ignore[attr-defined]

    def profiled(*given: Any) -> Any:
        return watched.runcall(original, *given)

    script_runner.exec_func_with_error_handling = profiled  # type: ignore[attr-defined]
    app.run()
    script_runner.exec_func_with_error_handling = original  # type: ignore[attr-defined]
    spent = []
    for (file, _line, name), row in pstats.Stats(watched).stats.items():  # type: ignore[attr-defined]
        if file.startswith(str(ROOT)) and ".venv" not in file:
            spent.append((f"{Path(file).relative_to(ROOT)}:{name}", round(1000 * row[3], 1)))
    return sorted(spent, key=lambda each: -each[1])[:8]


def main() -> None:
    """Measure, print and record."""
    quick = is_quick(__doc__)
    record = {}
    for page in PAGES[:1] if quick else PAGES:
        app = open_page(page)
        app.run()
        alone, shared = [], []
        for _turn in range(1 if quick else TURNS):
            forget()
            alone.append(milliseconds(app))
            shared.append(milliseconds(app))
        one, other = statistics.median(alone), statistics.median(shared)
        record[page] = {
            "alone_ms": round(one, 1),
            "shared_ms": round(other, 1),
            "ratio": round(one / other, 1),
        }
        print(f"{page:12} alone {one:7.1f} ms   shared {other:6.1f} ms   {one / other:5.1f}x")
        for name, spent in profile(app):
            print(f"{'':14}{spent:7.1f} ms  {name}")
    write_record("reruns", record, quick=quick)


if __name__ == "__main__":
    main()
