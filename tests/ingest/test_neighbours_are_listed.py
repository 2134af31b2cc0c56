"""Each kind of ``tests/cases`` has five neighbours or more, in tests that exist: ``tests/cases/NEIGHBOURS.md`` lists them."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]
TABLE: Final = TESTS / "cases" / "NEIGHBOURS.md"
LEAST: Final = 5
_ROW: Final = re.compile(r"^\| (?P<kind>[^|]+?) \| (?P<tests>`.+`) \|$", re.MULTILINE)


def kinds() -> dict[str, list[str]]:
    """Kind -> ids of its tests."""
    return {row["kind"]: re.findall(r"`([^`]+)`", row["tests"]) for row in _ROW.finditer(TABLE.read_text())}


@lru_cache(maxsize=64)
def tried(path: Path) -> dict[str, int]:
    """Test of a file -> how many inputs it is given at least; what hypothesis makes up counts as five."""
    tree = ast.parse(path.read_text("utf-8"))
    lists = {
        ast.unparse(target): one.value
        for one in tree.body
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
    }
    return {
        one.name: _inputs(one.decorator_list, lists)
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    }


def _inputs(decorators: list[ast.expr], lists: dict[str, ast.expr]) -> int:
    number = 1
    for call in (one for one in decorators if isinstance(one, ast.Call)):
        name = ast.unparse(call.func)
        if name == "given":
            number *= LEAST
        elif name.endswith("parametrize"):
            values = lists.get(ast.unparse(call.args[1]), call.args[1])
            number *= max(1, len(getattr(values, "elts", None) or getattr(values, "keys", ())))
    return number


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_has_five_neighbours(kind: str) -> None:
    numbers = []
    for name in kinds()[kind]:
        path, _colons, function = name.partition("::")
        assert function in tried(TESTS / path), name
        numbers.append(tried(TESTS / path)[function])
    assert sum(numbers) >= LEAST, numbers


def test_every_folder_of_cases_has_its_kind() -> None:
    assert len(kinds()) >= 28
