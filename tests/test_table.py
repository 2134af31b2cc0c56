"""Cells that leave in tables: plain values, and nothing that a spreadsheet would run."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.table import neutralise, render
from geo.values import json_value

DAY = date(2021, 12, 31)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
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
