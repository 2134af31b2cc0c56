"""Files that leave: complete, with sources and credits, and safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pandas as pd
import pytest

from geo.display.export import to_csv, to_geojson
from geo.plain import plain
from geo.register.city import Atlas
from geo.table import neutralise, render

DAY = date(2021, 12, 31)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_formulas_are_neutralised_and_numbers_stay(cell: str) -> None:
    frame = neutralise(pd.DataFrame({"a": [cell, "plain"], "b": [-1.5, 2.0]}))
    assert frame["a"].tolist() == [f"'{cell}", "plain"]
    assert frame["b"].tolist() == [-1.5, 2.0]
    assert f"'{cell[0]}" in render(pd.DataFrame({"a": [cell]}), "csv")


def test_csv_has_every_work_its_source_and_the_day(atlas: Atlas) -> None:
    state = atlas.register.state(DAY)
    text = to_csv(state, atlas.pack.sources, as_of=DAY).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert [row["编号"] for row in rows] == list(state.index)
    assert all(
        row["来源"] and row["截至日期"] == "2021-12-31" and "CC BY" in row["许可与署名"] for row in rows
    )
    english = to_csv(state, atlas.pack.sources, as_of=DAY, lang="en").decode("utf-8")
    assert english.startswith("\ufeffId,Name,")


def test_geojson_has_null_geometry_for_unplaced_works(atlas: Atlas) -> None:
    state = atlas.register.state(DAY)
    collection = json.loads(to_geojson(state, atlas.pack.sources, atlas.pack.lines.geometry, as_of=DAY))
    assert collection["as_of"] == "2021-12-31"
    assert "GeoNames" in collection["credits"]
    assert len(collection["features"]) == len(state)
    for feature, (_, row) in zip(collection["features"], state.iterrows(), strict=True):
        assert (feature["geometry"] is None) == (row["certainty"] == "none")
    kinds = {f["geometry"]["type"] for f in collection["features"] if f["geometry"]}
    assert kinds == {"Point", "LineString", "MultiLineString"}


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
    assert plain(value) == expected
