"""No skip goes unnoticed: loud at the end of a run, a failure in continuous integration (where ``CI`` is set)."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

SKIPPED_IN_CI: dict[str, str] = {}  # start of a test's id -> why continuous integration may leave it out


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """In continuous integration a skipped test is a failed one, unless it is listed with its reason."""
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")  # an expected failure is no skip
    if skipped and os.environ.get("CI") and not item.nodeid.startswith(tuple(SKIPPED_IN_CI)):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be left out (CI is set): {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly at the end what was left out."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        line = "!" * 100
        reasons = sorted({report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)})
        words = "\n".join(f"!! {reason}" for reason in reasons)
        terminalreporter.write(f"\n{line}\n!! {len(skipped)} TESTS ARE LEFT OUT:\n{words}\n{line}\n")
