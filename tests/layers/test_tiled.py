"""Vector tiles of large layers: no filter's count depends on how a tile is thinned, and no tile is too large."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.map.tiled import tiles
from layers.map.tiled.grid import LAST_ZOOM, Tile, world_steps
from layers.map.tiled.table import FeatureTable, table_of_columns, table_of_shapes
from tests.depth import examples

WEST, SOUTH, EAST, NORTH = 119.5, 30.7, 121.0, 32.0
COLUMN, ROW = 13632, 6656
"""A tile of zoom 14 in the city's north-west, and of every lower zoom down to 8: its corner is an edge of all of them."""
DISTRICTS = ("", "320213", "320205", "320205|320213", "320281")
DAYS = (0, 20150101, 20211231, 20240630)

features = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.integers(0, 60),
        st.sampled_from(DISTRICTS),
        st.sampled_from(DAYS),
        st.sampled_from(DAYS),
    ),
    min_size=1,
    max_size=120,
)


def made(drawn: list[tuple[int, int, str, int, int]]) -> pd.DataFrame:
    """Features on the corners of tiles of zoom 14, so that many share a place or a cell and stand on the edge of a larger tile."""
    rows = pd.DataFrame(drawn, columns=["column", "row", "districts", "opened", "closed"])
    rows["x"] = (COLUMN + rows["column"]) / 2**14 * 360 - 180
    rows["y"] = np.degrees(np.arctan(np.sinh(np.pi * (1 - (ROW + rows["row"]) / 2**13))))
    rows["id"] = [f"F{at}" for at in range(len(rows))]
    rows["name"] = [f"设施{at}" * (1 + at % 9) for at in range(len(rows))]
    rows["certainty"] = 0
    return rows


def point_table(rows: pd.DataFrame) -> FeatureTable:
    return table_of_columns({"columns": {name: rows[name].tolist() for name in rows}})


def shape_table(rows: pd.DataFrame, sizes: list[float]) -> FeatureTable:
    half = np.resize(sizes, len(rows)) / 2
    shapes = shapely.box(rows["x"] - half, rows["y"] - half, rows["x"] + half, rows["y"] + half)
    return table_of_shapes(shapes, rows.drop(columns=["x", "y", "column", "row"]).to_dict("records"))


def tiles_of(zoom: int, rows: pd.DataFrame) -> list[Tile]:
    """The tiles of a zoom that cover the city, and one more on each side."""
    x, y = world_steps(np.array([WEST, EAST]), np.array([NORTH, SOUTH]))
    if zoom <= 9:
        (left, right), (top, bottom) = x >> (30 - zoom), y >> (30 - zoom)
        return [Tile(zoom, a, b) for a in range(left - 1, right + 2) for b in range(top - 1, bottom + 2)]
    x, y = world_steps(rows["x"], rows["y"])  # so many tiles that only those with something in them are asked
    return [
        Tile(zoom, int(a), int(b))
        for a, b in set(zip((x >> (30 - zoom)).tolist(), (y >> (30 - zoom)).tolist(), strict=True))
    ]


def marks(body: bytes) -> list[dict[str, Any]]:
    layers = mapbox_vector_tile.decode(body).values()
    return [mark["properties"] for layer in layers for mark in layer["features"]]


def numbers_by_group(table: FeatureTable, bodies: list[bytes]) -> dict[int, int]:
    numbers: dict[int, int] = dict.fromkeys(range(len(table.groups["n"])), 0)
    for mark in (mark for body in bodies for mark in marks(body)):
        pairs = members(mark["m"]) if "m" in mark else []
        if pairs:
            assert mark["n"] == sum(n for _g, n in pairs)
        for group, n in pairs or [(mark["g"], mark.get("n", 1))]:
            numbers[int(group)] += int(n)
    return numbers


def members(text: str) -> list[tuple[int, int]]:
    """Groups and numbers of a cell: each group by its distance from the one before, a number of one left out."""
    steps, numbers = zip(*((pair + ":1").split(":")[:2] for pair in text.split()), strict=True)
    return list(zip(np.cumsum([int(step) for step in steps]).tolist(), map(int, numbers), strict=True))


def tiled_count(table: FeatureTable, numbers: dict[int, int], chosen: set[str], day: int) -> int:
    """What the browser does with groups: static/map/layer_host.js."""
    groups = pd.DataFrame(table.groups)
    passing = [
        g.opened <= day
        and not (g.closed and g.closed <= day)
        and (not chosen or bool(chosen & set(g.districts.split("|"))))
        for g in groups.itertuples()
    ]
    return sum(numbers[at] for at, passes in enumerate(passing) if passes)


def python_count(rows: pd.DataFrame, chosen: set[str], day: int) -> int:
    here = rows["districts"].str.split("|").map(lambda codes: not chosen or bool(chosen.intersection(codes)))
    standing = (rows["opened"] <= day) & ((rows["closed"] == 0) | (rows["closed"] > day))
    return int((here & standing).sum())


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few features are many."""
    monkeypatch.setattr(tiles, "MOST_MARKS", 12)
    monkeypatch.setattr(tiles, "MOST_SHAPES", 6)
    monkeypatch.setattr(tiles, "MOST_BYTES", 2600)
    monkeypatch.setattr(tiles, "_BYTES_OF_SHAPES", 1200)


chosen_districts = st.sets(st.sampled_from(("320213", "320205", "320281")))


@examples(30)
@given(features, chosen_districts, st.sampled_from((20100101, 20211231, 20250101)), st.integers(4, LAST_ZOOM))
def test_any_filter_counts_points_alike(drawn: Any, chosen: set[str], day: int, zoom: int) -> None:
    rows = made(drawn)
    table = point_table(rows)
    bodies = [tiles.make_tile(table, tile) for tile in tiles_of(zoom, rows)]
    assert max(map(len, bodies)) <= tiles.MOST_BYTES
    numbers = numbers_by_group(table, bodies)
    assert list(numbers.values()) == table.groups["n"]
    assert tiled_count(table, numbers, chosen, day) == python_count(rows, chosen, day)


@examples(30)
@given(
    features,
    st.lists(st.sampled_from((1e-7, 0.0005, 0.01, 0.2, 0.9)), min_size=1, max_size=4),
    chosen_districts,
    st.sampled_from((20100101, 20211231, 20250101)),
    st.integers(4, 11),
)
def test_any_filter_counts_shapes_alike(
    drawn: Any, sizes: list[float], chosen: set[str], day: int, zoom: int
) -> None:
    rows = made(drawn)
    table = shape_table(rows, sizes)
    bodies = [tiles.make_tile(table, tile) for tile in tiles_of(zoom, rows)]
    assert max(map(len, bodies)) <= tiles.MOST_BYTES
    numbers = numbers_by_group(table, bodies)
    assert list(numbers.values()) == table.groups["n"]
    assert tiled_count(table, numbers, chosen, day) == python_count(rows, chosen, day)


def test_a_mark_stands_where_its_features_do() -> None:
    rows = made([(at % 7, at // 7, "320213", 0, 0) for at in range(49)])
    tile = Tile(8, *(int(value[0] >> 22) for value in world_steps(rows["x"], rows["y"])))
    layer = mapbox_vector_tile.decode(
        tiles.make_tile(point_table(rows), tile), default_options={"y_coord_down": True}
    )["points"]
    assert sum(mark["properties"].get("n", 1) for mark in layer["features"]) <= len(rows)
    x, y = world_steps(rows["x"], rows["y"])
    for mark in layer["features"]:
        column, row = mark["geometry"]["coordinates"]
        assert x.min() <= tile.corner[0] + (column + 1) * 2**10
        assert y.max() >= tile.corner[1] + row * 2**10


def test_a_feature_that_stands_alone_has_all_that_its_card_shows() -> None:
    rows = made([(20, 30, "320213", 20150101, 0), (40, 30, "320281", 0, 0)])
    table = point_table(rows.assign(accuracy=[None, 12.5]))
    found = [mark for tile in tiles_of(12, rows) for mark in marks(tiles.make_tile(table, tile))]
    assert sorted(mark["id"] for mark in found) == ["F0", "F1"]
    alone = next(mark for mark in found if mark["id"] == "F1")
    assert (alone["name"], alone["accuracy"]) == (rows["name"][1], 12.5)
    assert table.groups["districts"][alone["g"]] == "320281"
