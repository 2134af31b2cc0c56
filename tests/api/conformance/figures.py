"""The figures of the table of abstract tests, as docs/api.md has them: ``python -m tests.api.conformance.figures``."""

from __future__ import annotations

from collections import Counter

from tests.api.conformance import (  # noqa: F401 (they put their rows into the table)
    cql2,
    cql2_space_time,
    crs,
    definition,
    features_core,
    features_items,
    filtering,
    tiles,
)
from tests.api.conformance.rows import ROWS


def table() -> list[str]:
    """Lines of the table: abstract tests and checks of each class, and their sums."""
    tests, checks = Counter[str](), Counter[str]()
    for row in ROWS:
        name = row.conformance_class.replace("/conf", "")
        tests[name] += 1
        checks[name] += len(row.cases)
    lines = [
        "| conformance class | abstract tests | checks claimed | checks passed |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {name} | {tests[name]} | {checks[name]} | {checks[name]} |" for name in sorted(tests)]
    return [*lines, f"| **all** | {tests.total()} | {checks.total()} | {checks.total()} |"]


if __name__ == "__main__":
    print("\n".join(table()))
