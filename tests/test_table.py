"""Cells that leave in tables: plain values, and nothing that a spreadsheet would run."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.table import neutralise, render
from geo.values import json_value

DAY = date(2021, 12, 31)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"]
)
def test_formulas_are_neutralised_and_numbers_stay(cell: str) -> None:
    frame = neutralise(pd.DataFrame({"a": [cell, "plain"], "b": [-1.5, 2.0]}))
    assert frame["a"].tolist() == [f"'{cell}", "plain"]
    assert frame["b"].tolist() == [-1.5, 2.0]
    assert f"'{cell[0]}" in render(pd.DataFrame({"a": [cell]}), "csv")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (None, None),
        (pd.NA, None),
        (pd.NaT, None),
        (DAY, "2021-12-31"),
        (3.0, 3),
        (2.5, 2.5),
        ("x", "x"),
        (True, True),
    ],
)
def test_plain(value: object, expected: object) -> None:
    assert json_value(value) == expected


@given(
    cells=st.lists(st.text("=+-@＝＋－＠\t\r\n'1aé ", max_size=6), min_size=1, max_size=5),
    header=st.text("=+-@＝＋－＠\t1a", min_size=1, max_size=4),
)
def test_no_cell_and_no_header_begins_like_a_formula(cells: list[str], header: str) -> None:
    frame = neutralise(pd.DataFrame({header: cells}))
    for text in [*frame.columns, *frame[frame.columns[0]]]:
        assert not text.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))
    assert [text.removeprefix("'") for text in frame.iloc[:, 0]] == [text.removeprefix("'") for text in cells]
    kept = neutralise(pd.DataFrame({"a": ["-120.5", "+1e3", "-1+1", "－1"]}), but_numbers=True)
    assert kept["a"].tolist() == ["-120.5", "+1e3", "'-1+1", "'－1"]


def test_every_csv_is_neutralised_where_it_is_written() -> None:
    """Reads the code: who writes CSV asks ``neutralise`` in the same function."""
    root = Path(__file__).parents[1]
    writers = 0
    for path in sorted(each for part in ("geo", "layers", "pages") for each in (root / part).rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and ".to_csv(" in ast.unparse(function):
                writers += 1
                assert "neutralise(" in ast.unparse(function), f"{path}:{function.lineno}"
    assert writers > 5
