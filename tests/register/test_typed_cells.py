"""Tables of a pack are read and typed column by column: as pandas reads the same file, and each fault where it stands."""

from __future__ import annotations

import csv
import math
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.register.typed_cells import typed_cells, unread
from geo.text_tables import read_columns, read_texts
from geo.values import read_number

CELLS = st.text(st.sampled_from("a,\"'\n\r \t路０;|"), max_size=4)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4)
)
NUMBERS = st.one_of(
    st.text(st.sampled_from("0123456789.-+eE ０_nai"), max_size=6),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
)
DAYS = st.one_of(
    st.dates().map(str),
    st.from_regex(r"[0-9]{3,5}-[0-9]{1,3}-[0-9]{1,3}", fullmatch=True),
    st.sampled_from(["", " 2021-01-05", "2021-01-05 ", "2021-01-05T00:00", "20210105", "2021-W01-1", "NaT"]),
)


@given(TABLES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_comes_back_as_it_was_written(tmp_path: Path, rows: list[list[str]]) -> None:
    width = len(rows[0]) if rows else 2
    names = [f"c{at}" for at in range(width)]
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([names, *rows])
    columns = read_columns(path)
    assert [list(row) for row in zip(*columns.values(), strict=True)] == rows
    by_pandas = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    pd.testing.assert_frame_equal(read_texts(path), by_pandas, check_index_type=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n\n3,4\n", {"a": ["1", "3"], "b": ["2", "4"]}),
        ("a,b\r\n1\r\n", {"a": ["1"], "b": [""]}),
        ("a,b", {"a": [], "b": []}),
    ],
)
def test_a_short_row_is_unknown_where_it_ends_and_empty_lines_are_none(
    tmp_path: Path, text: str, expected: dict[str, list[str]]
) -> None:
    (tmp_path / "table.csv").write_text(text, "utf-8")
    assert read_columns(tmp_path / "table.csv") == expected


@pytest.mark.parametrize("text", ["a,b\n1,2,3\n", "", f"a\n{'长' * 200_000}\n"])
def test_what_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "table.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"cells in row 1|no columns|field larger"):
        read_columns(tmp_path / "table.csv")


@given(st.lists(NUMBERS, max_size=6))
def test_numbers_are_those_that_a_single_value_is_read_as(cells: list[str]) -> None:
    def alone(cell: str) -> float:
        try:
            return read_number(cell)
        except ValueError:
            return math.nan

    values = typed_cells(cells, "number")
    assert [str(value) for value in values] == [str(alone(cell)) for cell in cells]
    assert unread(cells, values) == [at for at, cell in enumerate(cells) if cell and math.isnan(alone(cell))]


@given(st.lists(DAYS, max_size=6))
def test_days_are_those_that_pandas_reads(cells: list[str]) -> None:
    values = typed_cells(cells, "date")
    for cell, value in zip(cells, values, strict=True):
        parsed = pd.to_datetime(cell, errors="coerce", format="%Y-%m-%d")
        # pandas knows a year 0, which no date has
        expected = None if pd.isna(parsed) or re.match("0000", cell) else parsed.to_pydatetime().date()
        assert value == expected
    assert unread(cells, values) == [at for at, cell in enumerate(cells) if cell and values[at] is None]


def test_a_day_is_a_day_and_not_the_day_of_reading() -> None:
    assert typed_cells(["today", "now", "2021-1-5", ""], "date").tolist() == [
        None,
        None,
        date(2021, 1, 5),
        None,
    ]


def test_truth_and_texts() -> None:
    truth = typed_cells(["true", "false", "yes"], "boolean")
    assert truth[:2].tolist() == [True, False]
    assert unread(["true", "false", "yes"], truth) == [2]
    assert typed_cells(["", "x"], "string").tolist() == [None, "x"]
