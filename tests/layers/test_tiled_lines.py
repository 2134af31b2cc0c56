"""Lines in tiles: what is drawn in a tile is the line, its dashes go on over the edges, and it is counted once."""

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
from layers.map.tiled.grid import EXTENT, SHOWN_PIXELS, Tile, world_steps
from layers.map.tiled.table import FeatureTable, table_of_shapes
from tests.depth import examples
from tests.layers.test_tiled import numbers_by_group

WEST, NORTH = 119.9, 31.9

corners = st.lists(st.tuples(st.floats(0, 0.6), st.floats(0, 0.5)), min_size=2, max_size=9)
networks = st.lists(
    st.tuples(corners, st.sampled_from((0.0, 200.0, 5_000.0)), st.booleans()), min_size=1, max_size=8
)


def table_of(drawn: list[Any]) -> tuple[FeatureTable, list[Any]]:
    """Lines to the east and south of a corner; some have a second part beside the first."""
    shapes = []
    for points, _accuracy, is_double in drawn:
        line = shapely.LineString([(WEST + x, NORTH - y) for x, y in points])
        other = shapely.affinity.translate(line, 0.05, 0.01)
        shapes.append(shapely.MultiLineString([line, other]) if is_double else line)
    rows = [
        {"id": f"L{at}", "name": f"路{at}", "districts": "", "accuracy": accuracy}
        for at, (_points, accuracy, _is_double) in enumerate(drawn)
    ]
    return table_of_shapes(np.array(shapes, object), rows), shapes


def tiles_over(zoom: int, shapes: list[Any]) -> list[Tile]:
    west, south, east, north = shapely.total_bounds(shapes)
    x, y = world_steps([west, east], [north, south])
    (left, right), (top, bottom) = (x >> (30 - zoom)).tolist(), (y >> (30 - zoom)).tolist()
    return [Tile(zoom, a, b) for a in range(left - 1, right + 2) for b in range(top - 1, bottom + 2)]


def in_steps(shape: Any, tile: Tile) -> Any:
    """The line in the tile's own steps, worked out from the formula of web maps."""

    def steps(at: Any) -> Any:
        lon, lat = np.asarray(at).T
        y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2
        side = EXTENT * 2**tile.zoom
        return np.column_stack([(lon + 180) / 360 * side - tile.x * EXTENT, y * side - tile.y * EXTENT])

    return shapely.transform(shape, steps)


def lines_in(body: bytes) -> dict[str, dict[str, Any]]:
    layer = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}).get(
        "lines", {"features": []}
    )
    return {line["properties"]["id"]: line for line in layer["features"]}


def parts_of(line: dict[str, Any]) -> list[Any]:
    coordinates = line["geometry"]["coordinates"]
    parts = [coordinates] if line["geometry"]["type"] == "LineString" else coordinates
    return [shapely.LineString(part) for part in parts]


@examples(30)
@given(networks, st.integers(8, 12))
def test_any_lines_are_whole_in_their_tiles_and_counted_once(drawn: list[Any], zoom: int) -> None:
    table, shapes = table_of(drawn)
    wanted = [f"L{at}" for at, shape in enumerate(shapes) if shape.length > 0]
    bodies = {tile: tiles.make_tile(table, tile) for tile in tiles_over(zoom, shapes)}
    assert list(numbers_by_group(table, list(bodies.values())).values()) == table.groups["n"]
    frame = shapely.box(0, 0, EXTENT, EXTENT)
    for tile, body in bodies.items():
        found = lines_in(body)
        for at, shape in enumerate(shapes):
            line = in_steps(shape, tile)
            seen = shapely.intersection(line, frame)
            if (
                f"L{at}" not in wanted
                or max(np.ptp(shapely.get_coordinates(line), axis=0)) < 9 * EXTENT / SHOWN_PIXELS
            ):
                continue  # a mark
            if seen.length > 2 * EXTENT / SHOWN_PIXELS:
                assert f"L{at}" in found
            if f"L{at}" not in found:
                continue
            drawn_here = shapely.union_all(parts_of(found[f"L{at}"]))
            within = shapely.intersection(drawn_here, frame)
            near = 1.5 * EXTENT / SHOWN_PIXELS  # simplified by half a pixel, rounded, cut
            assert shapely.buffer(line, near).contains(drawn_here)
            assert seen.is_empty or shapely.buffer(drawn_here, near).contains(seen)
            assert within.is_empty or within.length < 2 * line.length + near


@examples(30)
@given(
    st.lists(st.tuples(st.floats(0.002, 0.08), st.floats(-0.04, 0.04)), min_size=2, max_size=30),
    st.integers(8, 14),
)
def test_dashes_go_on_over_the_edge_of_any_tile(steps: list[Any], zoom: int) -> None:
    """Of a line that goes east, and so passes no place twice: where each stretch begins is its distance along the line."""
    path = np.array([WEST, NORTH - 0.3]) + np.cumsum([(0, 0), *steps], axis=0)
    shape = shapely.LineString(path)
    table = table_of_shapes(
        np.array([shape], object), [{"id": "L0", "name": "路", "districts": "", "accuracy": 0.0}]
    )
    x, y = world_steps(*path[:: max(len(path) // 4, 1)].T)
    for column, row in {(int(a) >> (30 - zoom), int(b) >> (30 - zoom)) for a, b in zip(x, y, strict=True)}:
        tile = Tile(zoom, column, row)
        line = in_steps(shape, tile)
        for found in lines_in(tiles.make_tile(table, tile)).values():
            begins = [float(text) for text in found["properties"]["d"].split()]
            for part, begin in zip(parts_of(found), begins, strict=True):
                along = shapely.line_locate_point(line, shapely.Point(part.coords[0])) * SHOWN_PIXELS / EXTENT
                assert begin == pytest.approx(
                    along, abs=0.5 + 0.02 * along
                )  # a simplified line is a little shorter


def test_a_line_is_in_every_tile_that_its_halo_reaches() -> None:
    shape = shapely.LineString([(WEST, NORTH - 0.2), (WEST + 0.5, NORTH - 0.2)])
    rows = [{"id": "L0", "name": "路", "districts": "", "accuracy": 2_000.0}]
    table = table_of_shapes(np.array([shape], object), rows)
    zoom = 13
    x, y = world_steps([WEST + 0.25], [NORTH - 0.2])
    column, row = int(x[0]) >> (30 - zoom), int(y[0]) >> (30 - zoom)
    metres_of_pixel = 40_075_016.686 * np.cos(np.radians(NORTH - 0.2)) / (SHOWN_PIXELS * 2**zoom)
    inside = (
        (int(y[0]) % (1 << (30 - zoom))) / (1 << (30 - zoom)) * SHOWN_PIXELS
    )  # pixels below the tile's upper edge
    reach = min(2_000 / metres_of_pixel, 300)
    for step in (-2, -1, 0, 1, 2):
        away = {-1: inside, 0: 0.0, 1: SHOWN_PIXELS - inside}.get(
            step, inside + SHOWN_PIXELS if step < 0 else 2 * SHOWN_PIXELS - inside
        )
        found = lines_in(tiles.make_tile(table, Tile(zoom, column, row + step)))
        assert bool(found) == (away < reach + 16)


def test_many_lines_stay_within_the_bytes_of_a_tile() -> None:
    rng = np.random.default_rng(7)
    n = 6_000
    starts = np.column_stack([rng.uniform(119.8, 120.4, n), rng.uniform(31.3, 31.8, n)])
    shapes = [
        shapely.LineString(start + np.cumsum(rng.normal(0, 0.004, (40, 2)), axis=0)) for start in starts
    ]
    rows = pd.DataFrame(
        {"id": [f"L{at}" for at in range(n)], "name": "某路", "districts": "", "accuracy": 100.0}
    )
    table = table_of_shapes(np.array(shapes, object), rows.to_dict("records"))
    bodies = [tiles.make_tile(table, tile) for zoom in (6, 8, 9) for tile in tiles_over(zoom, shapes)]
    assert max(map(len, bodies)) <= tiles.MOST_BYTES
    whole = [tiles.make_tile(table, tile) for tile in tiles_over(8, shapes)]
    assert sum(numbers_by_group(table, whole).values()) == n
