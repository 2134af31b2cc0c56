"""The table of coverage: sums by room, and all of them."""

from __future__ import annotations

import pytest

from tools.coverage_by_package import by_package, package_of


@pytest.mark.parametrize(
    ("path", "package"),
    [("geo/store/undo.py", "geo/store"), ("geo/text.py", "geo"), ("pages/parts/home/items.py", "pages")],
)
def test_a_file_belongs_to_its_room(path: str, package: str) -> None:
    assert package_of(path) == package


def test_rows_are_sums_and_the_last_is_all() -> None:
    def file(lines: int, run: int, branches: int, taken: int) -> dict[str, dict[str, int]]:
        names = ("num_statements", "covered_lines", "num_branches", "covered_branches")
        return {"summary": dict(zip(names, (lines, run, branches, taken), strict=True))}

    rows = by_package(
        {"geo/a/x.py": file(10, 5, 4, 1), "geo/a/y.py": file(10, 10, 0, 0), "pages/z.py": file(5, 5, 2, 2)}
    )
    assert rows == [("geo/a", 20, 75.0, 4, 25.0), ("pages", 5, 100.0, 2, 100.0), ("all", 25, 80.0, 6, 50.0)]
