"""Whole columns and whole lists say what their cells and rows say one after another (:mod:`tests.ingest.row_by_row`)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import IngestError
from geo.ingest.cells.columns import ColumnMap, Guess
from geo.ingest.cells.header_terms import is_blank
from geo.ingest.cells.plain_cells import blank_rows, is_blank_column
from geo.ingest.cells.rows import DATES, NUMBERS, TEXTS, read_rows
from geo.ingest.cells.total_rows import _kinds, _squeezed, only_texts
from geo.ingest.plan.facility_ids import _USED, _short_ids, facility_id_of
from geo.ingest.plan.known_facilities import best_known, with_keys
from geo.ingest.plan.memory_of_import import (
    PAGE_ROWS,
    memory_note,
    refuse_for_page,
    refuse_without_room,
    size_of,
)
from geo.ingest.plan.own_attributes import own_attributes
from geo.reading.model import Layer
from geo.register.attributes import read_attributes
from geo.register.city import Atlas
from tests.ingest.row_by_row import kinds_of, known_of, only_text

WORDS = (
    "无", "暂无", "空", "—", "N/A", "none", "#REF!", "ERR:502", "合计", "小计", "共3个小区", "其中：", "备注：略", "12", "-5", "1,200", "12,5",
    "120.3051", "31.57", "-0", "007", "1e3", "２.２万", "约500", "三百二十", "2021.1", "9月中旬", "2021-12-31", "01/02/2021", "东经120度18分",
    "梧桐花园", "梧桐花园（二期）", "小学", "一、某某区", "二", "甲 村", "ﬁ", "é", "A区", "park", "停车场", "1" * 41, "名" * 201, "a\0b",
    "梁溪区", "320213", "在建", "像在建", "万平方米", "个", "1980-2000", "120.3, 31.5", "高德", "",
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=6),
    st.none(),
    st.integers(-5, 10**6),
    st.floats(),
    st.booleans(),
    st.dates(),
)
COLUMNS = st.lists(CELLS, min_size=1, max_size=8)


def objects(cells: list[Any]) -> pd.Series[Any]:
    return pd.Series(np.array([*cells, None], object)[:-1], range(2, 2 + len(cells)), dtype=object)


@given(COLUMNS)
def test_a_column_is_blank_where_each_cell_is(cells: list[Any]) -> None:
    assert is_blank_column(objects(cells)).tolist() == [is_blank(cell) for cell in cells]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=3), min_size=1, max_size=6))
def test_rows_of_one_text_and_blank_rows(rows: list[list[str]]) -> None:
    frame = pd.DataFrame(rows, index=range(2, 2 + len(rows)), dtype=object)
    singles = {row: only_text(cells, _squeezed) for row, cells in zip(frame.index, rows, strict=True)}
    assert only_texts(frame) == {row: text for row, text in singles.items() if text is not None}
    assert blank_rows(frame).tolist() == [all(map(is_blank, cells)) for cells in rows]


@given(COLUMNS)
def test_totals_and_notes_of_a_column(cells: list[Any]) -> None:
    assert _kinds(objects(cells)) == kinds_of(objects(cells))


@given(
    COLUMNS,
    st.sampled_from(
        (
            *TEXTS,
            *NUMBERS,
            *DATES,
            "lon",
            "lat",
            "lonlat",
            "status",
            "year",
            "crs",
            "district_code",
            "quantity",
            "unit",
        )
    ),
)
def test_a_column_reads_as_its_cells_alone(atlas: Atlas, cells: list[Any], name: str) -> None:
    """A cell says the same in a column of many and in a column of its own; texts of files have their own kind of column."""
    mapping = ColumnMap(
        {name: Guess(name, "甲", 1.0, "user", "万平方米" if name == "quantity" else "")}, ("甲",)
    )

    def read(column: pd.Series[Any]) -> tuple[list[Any], list[Any]]:
        layer = Layer("x", pd.DataFrame({"甲": column}))
        typed, findings = read_rows(layer, mapping, atlas, {})
        rows = typed.astype(object).where(typed.notna(), None).to_numpy(object).tolist()
        said = [(one.row, one.level, one.rule, one.text()) for one in findings if one.row is not None]
        return rows, sorted(said, key=repr)

    together = read(objects(cells))
    alone = [read(objects(cells).iloc[at : at + 1]) for at in range(len(cells))]
    assert together[0] == [row for rows, _said in alone for row in rows]
    assert together[1] == sorted((one for _rows, said in alone for one in said), key=repr)
    if all(isinstance(cell, str) for cell in cells) and not any("\0" in str(cell) for cell in cells):
        as_text = objects(cells).where(objects(cells) != "", None).astype("str")
        assert read(as_text)[0] == read(objects([cell or None for cell in cells]))[0]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_what_no_field_takes_is_held_row_by_row(rows: list[tuple[Any, Any]]) -> None:
    frame = pd.DataFrame(
        {"户数 计": objects([row[0] for row in rows]), "标段": objects([row[1] for row in rows])}
    )
    mapping = ColumnMap({}, tuple(frame))
    alone = [own_attributes(frame.iloc[at : at + 1], mapping)[0] for at in range(len(frame))]
    assert own_attributes(frame, mapping).tolist() == alone
    twice = frame.assign(属性=None)  # what a file of ours holds comes first: row by row
    held = ColumnMap({"attributes": Guess("attributes", "属性", 1.0, "user")}, tuple(twice))
    assert [read_attributes(one) for one in own_attributes(twice, held)] == [
        read_attributes(one) for one in alone
    ]


NAMES = st.one_of(
    st.none(),
    st.sampled_from(
        (
            "梧桐花园",
            "梧桐花园（二期）",
            "梧桐花园(一期)",
            "梧桐",
            "花园",
            "梧 桐花园",
            "（甲）",
            "A",
            "a",
            "实验小学（东）",
            "实验小学（西）",
            "实验小学",
        )
    ),
)
PLACES = st.one_of(
    st.just((np.nan, np.nan)),
    st.tuples(
        st.floats(120.30, 120.32).map(lambda x: round(x, 4)),
        st.floats(31.50, 31.53).map(lambda y: round(y, 4)),
    ),
)
RADII = st.sampled_from((0.0, 30.0, 100.0, 650.0, 1900.0))
HOMES = st.sampled_from(("", "320213", "320211"))
FACILITIES = st.lists(st.tuples(NAMES, PLACES, RADII, HOMES), max_size=7)


def facilities(rows: list[Any], name: str) -> pd.DataFrame:
    columns = {
        name: [row[0] for row in rows],
        "lon": [row[1][0] for row in rows],
        "lat": [row[1][1] for row in rows],
        "accuracy_m": [row[2] for row in rows],
        "district_code": [row[3] for row in rows],
    }
    frame = pd.DataFrame(columns, index=[f"F{at}" for at in range(len(rows))])
    return frame.astype(
        {"lon": "float64", "lat": "float64", "accuracy_m": "float64", name: object, "district_code": object}
    )


@given(FACILITIES, FACILITIES)
def test_the_best_known_facility_of_each_row(rows: list[Any], known: list[Any]) -> None:
    candidates, register = (
        facilities(rows, "name"),
        facilities([(row[0] or "无名", *row[1:]) for row in known], "name_zh"),
    )
    singles = {at: known_of(row.to_dict(), register) for at, row in candidates.iterrows()}
    expected = {at: hit for at, hit in singles.items() if hit is not None}
    found = best_known(with_keys(candidates, "name"), with_keys(register, "name_zh"))
    assert list(found.index) == list(expected)
    for at, (known_id, metres, sure) in expected.items():
        assert (found.at[at, "known_id"], bool(found.at[at, "sure"])) == (known_id, sure)
        assert float(found.at[at, "distance_m"]) == pytest.approx(metres, nan_ok=True)


@given(st.lists(st.tuples(NAMES, PLACES, HOMES, st.sampled_from(("park", None)), st.booleans()), max_size=5))
def test_ids_of_new_facilities_are_those_of_each(rows: list[Any]) -> None:
    cells = [
        {"facility_kind": kind, "name_zh": name, "district_code": home or None, "district_found": "320205",
         "lon": place[0], "lat": place[1], "twin": twin}
        for name, place, home, kind, twin in rows
    ]  # fmt: skip
    frame = pd.DataFrame(cells, columns=[*_USED, "twin"], dtype=object)
    frame = frame.astype({"lon": "float64", "lat": "float64"})
    assert _short_ids(frame) == list(map(facility_id_of, cells))


def long_layer(rows: int) -> Layer:
    return Layer("x", pd.DataFrame({"名称": "甲", "类型": "公园"}, index=range(rows)))


def test_memory_is_said_before_and_a_list_without_room_is_refused() -> None:
    layer = long_layer(50_000)
    note = memory_note(layer)
    assert note is not None
    assert "50,000" in note.text("zh")
    assert "50,000" in note.text("en")
    assert memory_note(long_layer(10)) is None
    size = size_of(layer)
    refuse_without_room(layer, size.bytes)
    with pytest.raises(IngestError) as refused:
        refuse_without_room(layer, size.bytes - 1)
    assert refused.value.params["most"] == "49,999"
    refuse_without_room(long_layer(10), 0)


def test_a_page_names_the_way_that_takes_longer_lists() -> None:
    refuse_for_page(long_layer(PAGE_ROWS))
    with pytest.raises(IngestError, match=f"{PAGE_ROWS:,}"):
        refuse_for_page(long_layer(PAGE_ROWS + 1))
