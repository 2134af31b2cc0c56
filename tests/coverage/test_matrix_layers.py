"""The GeoPackage of a matrix holds its numbers, zone by zone, with the outlines that were asked of."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from geo.coverage.matrix import Matrix, matrix
from geo.coverage.matrix_table import NOT_COMPUTED
from geo.questions.coverage import SETS
from geo.questions.matrix import MatrixQuestion
from geo.register.city import Atlas
from geo.report.matrix_layers import PARTS, matrix_geopackage

QUESTION = MatrixQuestion.read({"as_of": "2026-11-29", "indicator": "metro_800|bus_500|primary_walk_10"})


@pytest.fixture(scope="module")
def zones(atlas: Atlas) -> gpd.GeoDataFrame:
    """Two districts as polygons of one's own, in metres."""
    return atlas.districts[["name_zh", "geometry"]].iloc[:2].to_crs(atlas.city.projected_crs)


def opened(content: bytes, folder: Path) -> Path:
    path = folder / "matrix.gpkg"
    path.write_bytes(content)
    return path


def check(path: Path, answer: Matrix, outlines: dict[str, object]) -> None:
    table = answer.rounded()
    assert {str(name) for name, _kind in pyogrio.list_layers(path)} == {
        *(f"matrix_{one}" for one in SETS),
        "matrix",
        "notes",
    }
    for which in SETS:
        layer = gpd.read_file(path, layer=f"matrix_{which}").set_index("zone_code")
        assert layer.crs.to_epsg() == 4326
        rows = table[(table["set"] == which) & (table["reasons"] != NOT_COMPUTED)]
        assert set(layer.index) == set(rows["zone_code"])
        assert not any("primary_walk_10" in name for name in layer.columns)  # no streets were given
        for row in rows.to_dict("records"):
            for part in PARTS:
                got, want = layer.at[row["zone_code"], f"{row['indicator_id']}_{part}"], row[part]
                assert (pd.isna(got) and pd.isna(want)) or got == want
        for code, outline in outlines.items():
            assert layer.geometry[code].equals_exact(outline, 1e-9)
    long = pyogrio.read_dataframe(path, layer="matrix")
    assert len(long) == len(table)
    assert len(pyogrio.read_dataframe(path, layer="notes")) == len(answer.messages()) + 1


def test_of_the_districts(atlas: Atlas, tmp_path: Path) -> None:
    answer = matrix(atlas, question=QUESTION)
    outlines = {str(code): shape for code, shape in atlas.districts.geometry.items()}
    path = opened(matrix_geopackage(atlas, answer), tmp_path)
    check(path, answer, outlines)
    whole = gpd.read_file(path, layer="matrix_as_of").set_index("zone_code").loc[atlas.city.code]
    assert whole.geometry is None


def test_of_own_zones(atlas: Atlas, zones: gpd.GeoDataFrame, tmp_path: Path) -> None:
    answer = matrix(atlas, zones, QUESTION)
    outlines = dict(zip(("1", "2"), zones.geometry.to_crs(4326), strict=True))
    check(opened(matrix_geopackage(atlas, answer, zones), tmp_path), answer, outlines)
