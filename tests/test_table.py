"""Cells that leave in tables: plain values, and nothing that a spreadsheet would run."""

from __future__ import annotations

import ast
import unicodedata
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

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


@given(
    rows=st.lists(
        st.lists(st.text("aé中文（\n\t\x1b ", max_size=6), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_a_table_that_no_terminal_shows_has_a_line_a_row_and_straight_columns(rows: list[list[str]]) -> None:
    frame = pd.DataFrame([[*row, 7] for row in rows], columns=["名称", "b", "c", "n"])
    lines = render(frame, "table").split("\n")
    assert len(lines) == len(rows) + 1
    assert not any(unicodedata.category(each) == "Cc" for line in lines for each in line)
    assert len({cell_len(line[:-1]) for line in lines}) == 1  # the last column begins at one place
