"""Rows are compared with known works in arrays: the answer is that of a step a row and a pair, on any rows and works."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from geo.ingest.plan import match
from geo.ingest.plan.match import LIKELY, match_rows, metres
from geo.register.ids import name_key
from geo.register.pack_check import place_problems
from geo.store.rows import text_cells, text_of
from tests.files.test_columns import ANY, columns

NAMES = st.sampled_from(
    ["清名一村", "清名二村", "清名二村（北）", "清民二村", "S2线", "S3线", "春江花园", "春江花苑", "", "12号"]
)
DISTRICTS = st.sampled_from([None, "320211", "320213", "320211|320213"])
PLACES = st.sampled_from(
    [(np.nan, np.nan), (120.30, 31.57), (120.3001, 31.57), (120.31, 31.57), (120.9, 31.9)]
)


def tables(ids: str) -> st.SearchStrategy[pd.DataFrame]:
    row = st.tuples(
        NAMES, DISTRICTS, st.sampled_from([None, "U01", "U02"]), st.sampled_from([None, "2021"]), PLACES,
        st.sampled_from([np.nan, 30.0, 900.0]), st.sampled_from(["work", "work", "section"]),
        st.sampled_from([None, None, "W1", "W9"]),
    )  # fmt: skip

    def frame(rows: list[Any]) -> pd.DataFrame:
        names = ("name_zh", "district_code", "item_id", "year", "place", "accuracy_m", "kind", "work_id")
        table = pd.DataFrame(rows, columns=names, index=[f"{ids}{at}" for at in range(len(rows))])
        at = np.array(list(table.pop("place")), "float64").reshape(-1, 2)
        table = table.astype(object).assign(
            lon=at[:, 0], lat=at[:, 1], accuracy_m=table["accuracy_m"].astype(float)
        )
        return table.where(table.notna(), None).astype({"lon": float, "lat": float, "accuracy_m": float})

    return st.lists(row, min_size=1, max_size=6).map(frame)


def row_by_row(rows: pd.DataFrame, works: pd.DataFrame) -> pd.DataFrame:
    """:func:`match_rows` with a step a row and a pair; ``_without_contradictions`` says which pairs stand."""
    known = works[works["kind"] == "work"]
    pairs = []
    for row, wanted in enumerate(map(name_key, rows["name_zh"])):
        for work, name in enumerate(map(name_key, known["name_zh"])):
            score = float(np.float32(fuzz.ratio(wanted, name)))
            if wanted and score >= LIKELY and match._NUMBERS.findall(wanted) == match._NUMBERS.findall(name):
                pairs.append((row, work, score))
    stand = match._without_contradictions(rows, known, pd.DataFrame(pairs, columns=["row", "work", "score"]))
    out = []
    for at, work_id in enumerate(rows["work_id"]):
        mine = sorted(
            stand[stand["row"] == at].to_dict("records"),
            key=lambda one: (not one["sure"], -one["score"], np.nan_to_num(one["distance"], nan=np.inf)),
        )
        if work_id in works.index:
            out.append((work_id, "id", 100.0, metres(rows.iloc[[at]], works.loc[[work_id]])[0]))
        elif mine:
            alone = sum(one["sure"] for one in mine) == 1
            likeness = "sure" if mine[0]["sure"] and alone else "ask"
            out.append((known.index[mine[0]["work"]], likeness, mine[0]["score"], mine[0]["distance"]))
        else:
            out.append((None, "none", 0.0, np.nan))
    frame = pd.DataFrame(out, columns=list(match.COLUMNS), index=rows.index, dtype=object)
    return frame.astype({"score": "float64", "distance_m": "float64"})


@given(tables("row"), tables("W"), st.sampled_from([1, 3, 20_000_000]))
def test_rows_are_matched_together_as_each_alone(rows: pd.DataFrame, works: pd.DataFrame, cells: int) -> None:
    before, match._CELLS = match._CELLS, cells
    try:
        got = match_rows(rows, works.drop(columns="work_id"))
    finally:
        match._CELLS = before
    expected = row_by_row(rows, works.drop(columns="work_id"))
    pd.testing.assert_frame_equal(got, expected)


@given(columns(ANY))
def test_texts_of_a_column_are_those_of_its_cells(values: pd.Series[Any]) -> None:
    assert list(text_cells(values)) == [text_of(value) for value in values]


def test_each_row_whose_original_coordinates_do_not_fit_is_named(atlas: Any) -> None:
    """One row that cannot be read takes nothing from the others of its system."""
    works = atlas.pack.works
    placed = works[works["crs_original"].notna() & works["lon"].notna()].head(6).copy()
    crs, districts = atlas.city.projected_crs, atlas.districts
    assert place_problems("works", placed, districts, crs) == []
    spoilt = placed.copy()
    spoilt.iloc[1, spoilt.columns.get_loc("x_original")] = "abc"
    spoilt.iloc[3, spoilt.columns.get_loc("x_original")] = "121.5"
    spoilt.iloc[4, spoilt.columns.get_loc("lat")] = np.nan
    spoilt.iloc[5, spoilt.columns.get_loc("accuracy_m")] = np.nan
    found = [(each.row, each.field) for each in place_problems("works", spoilt, districts, crs)]
    assert found == [(5, "lon"), (2, "x_original"), (4, "lon"), (6, "accuracy_m")]
