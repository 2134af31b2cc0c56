"""The whole register as CSV and GeoJSON: every work, its source, the day, and an honest place."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from geo.files import Content, get_system, write_file
from geo.register.city import Atlas

DAY = date(2021, 12, 31)


@pytest.fixture(scope="module")
def content(atlas: Atlas) -> Content:
    return Content(atlas, atlas.register.state(DAY), DAY, get_system("WGS84", atlas.city), title="全市")


def test_csv_has_every_work_its_source_and_the_day(content: Content) -> None:
    text = write_file(content, "csv").decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert [row["编号"] for row in rows] == list(content.state.index)
    assert all(
        row["来源"] and row["截至日期"] == "2021-12-31" and "CC BY" in row["许可与署名"] for row in rows
    )
    english = write_file(replace(content, lang="en"), "csv").decode("utf-8")
    assert english.startswith("\ufeffId,Name,")


def test_geojson_has_null_geometry_for_unplaced_works(content: Content) -> None:
    collection = json.loads(write_file(content, "geojson"))
    assert collection["as_of"] == "2021-12-31"
    assert any("GeoNames" in text for text in collection["about"].values())
    assert len(collection["features"]) == len(content.state)
    for feature, (_, row) in zip(collection["features"], content.state.iterrows(), strict=True):
        assert (feature["geometry"] is None) == (row["certainty"] == "none")
    kinds = {f["geometry"]["type"] for f in collection["features"] if f["geometry"]}
    assert kinds == {"Point", "LineString", "MultiLineString"}
