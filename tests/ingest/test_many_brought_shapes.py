"""A person's own layer of many lines, or of many polygons, goes to the map as tiles once it is imported."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.map.tiled.large import TILED_FROM, description, large_table

MANY = TILED_FROM + 300


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("kind", ["lines", "outlines"])
def test_a_shapefile_of_many_shapes_goes_to_the_map_as_tiles(tmp_path: Path, kind: str) -> None:
    column, row = np.arange(MANY) % 60, np.arange(MANY) // 60
    x, y = 120.20 + column * 0.002, 31.50 + row * 0.002
    shapes = (
        shapely.linestrings(
            np.stack([np.column_stack([x, y]), np.column_stack([x + 0.001, y + 0.001])], axis=1)
        )
        if kind == "lines"
        else shapely.box(x, y, x + 0.001, y + 0.001)
    )
    names = [f"自带{'路' if kind == 'lines' else '片区'}{at}" for at in range(MANY)]
    path = tmp_path / "own.shp"
    gpd.GeoDataFrame({"名称": names}, geometry=shapes, crs=4326).to_file(path, encoding="utf-8")
    answer = CliRunner().invoke(app, ["import", str(path), "--item", "C01", "--crs", "WGS84"])
    assert answer.exit_code == 0, answer.output
    table = large_table(get_layer(kind), MapContext(atlas=load_atlas()))
    assert table is not None
    assert len(table) >= MANY
    assert {*names} <= {*table.others.column("name").to_pylist()}
    assert len(str(description(table, {}))) < 20_000
