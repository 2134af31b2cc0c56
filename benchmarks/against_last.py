"""What ``make bench`` ends with: every ratio that was recorded now beside the last one committed, and which fell by a fifth.

``python -m benchmarks.against_last``. A ratio is how many times as long as ours another way takes; seconds of two days are not compared.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.timing import RECORDS, ROOT, digits, print_table

RATIOS: Final = ("times_ours", "ratio")
"""Keys of a record whose value is a ratio, the larger the better; ours against itself is 1 and says nothing."""
FALL: Final = 0.2


class Change(NamedTuple):
    """One ratio, now and as it was recorded last; None where it is new."""

    name: str
    last: float | None
    now: float

    @property
    def fell(self) -> bool:
        """By a fifth or more."""
        return self.last is not None and self.now <= self.last * (1 - FALL)


def ratios(record: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, float]]:
    """Every ratio of a record with the names that lead to it; rows of a list are named by what is text or whole in them."""
    if isinstance(record, Mapping):
        for name, value in record.items():
            if name in RATIOS and isinstance(value, int | float):
                if path[-1] != "ours":
                    yield " / ".join(path), float(value)
            else:
                yield from ratios(value, (*path, str(name)))
    elif isinstance(record, list):
        for number, row in enumerate(record, 1):
            yield from ratios(row, (*path, _row_name(row) or str(number)))


def _row_name(row: Any) -> str:
    items = row.items() if isinstance(row, Mapping) else ()
    return ", ".join(
        f"{name} {value}" if isinstance(value, int) else str(value)
        for name, value in items
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    )


def compared(last: Any, now: Any) -> list[Change]:
    """Every ratio of ``now`` beside that of ``last`` by the same name."""
    before = dict(ratios(last))
    return [Change(name, before.get(name), value) for name, value in ratios(now)]


def _committed(path: Path) -> Any:
    done = subprocess.run(
        ["git", "show", f"HEAD:{path.relative_to(ROOT).as_posix()}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout) if done.returncode == 0 else {}


def main() -> None:
    """Print the table of every record in ``docs/performance``."""
    changes = [
        Change(f"{path.stem}: {each.name}", each.last, each.now)
        for path in sorted(RECORDS.glob("*.json"))
        for each in compared(_committed(path), json.loads(path.read_text("utf-8")))
    ]
    rows = [
        (
            each.name,
            "" if each.last is None else f"{digits(each.last)}x",
            f"{digits(each.now)}x",
            "FELL" if each.fell else "",
        )
        for each in changes
    ]
    print_table(
        "Ratios against the last record that is committed", ("measured", "last", "now", f"-{FALL:.0%}"), rows
    )
    print(f"\n{sum(each.fell for each in changes)} of {len(changes)} ratios fell by {FALL:.0%} or more.")


if __name__ == "__main__":
    main()
