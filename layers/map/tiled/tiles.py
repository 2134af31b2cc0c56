"""One tile of a large layer: every feature by itself where that is little, else cells with the number of each group.

However a tile is thinned, its numbers add up: the sum over the tiles of a zoom is the number of features, in every group.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.kernels.tile_cells import Cells, cells_of, count_cells
from layers.map.tiled.encoding import encode_lines, encode_points, encode_shapes
from layers.map.tiled.grid import EXTENT, FINEST, LAST_ZOOM, SHOWN_PIXELS, Tile
from layers.map.tiled.lines import reach_in, tile_lines
from layers.map.tiled.outlines import tile_outlines
from layers.map.tiled.table import FeatureTable, Shapes

MOST_BYTES: Final = 500_000
"""Bytes of a tile before it is compressed."""
MOST_MARKS: Final = 1_100
"""Points and cells of a tile."""
MOST_SHAPES: Final = 2_000
_BYTES_OF_SHAPES: Final = 350_000
_SMALLEST_SHAPE: Final = 8
"""Pixels of the longer side; a smaller shape is a mark."""
_ZOOMS_OF_TILE: Final = 1.5
"""The map's zooms at which a tile is shown end so far above the tile's own: Leaflet counts tiles of half the width, and rounds."""

Rows = slice | NDArray[np.int64]


def make_tile(table: FeatureTable, tile: Tile) -> bytes:
    """The tile as Mapbox Vector Tile of at most :data:`MOST_BYTES`, with the layers ``points`` and, for shapes, ``shapes`` or ``lines``.

    A line has ``d``, where its stretches begin (:mod:`layers.map.tiled.lines`). A feature has ``g``, the position of its group, and what a card shows; a shape that is counted in another tile has ``n`` 0. A
    cell has ``n``, the number of its features, and ``m``, those numbers by group, each group by its distance from the one before:
    ``"3:12 4"`` are 12 features of group 3 and one of group 7.
    """
    if table.first_zoom is not None:
        return _names(table, table.first_zoom, tile)
    if table.shapes is None:
        return _points(table, tile, table.rows_in(tile), MOST_BYTES)
    return _shapes_and_points(table, table.shapes, tile)


def _names(table: FeatureTable, first_zoom: NDArray[np.float64], tile: Tile) -> bytes:
    rows = table.rows_in(tile)
    last = math.inf if tile.zoom == LAST_ZOOM else tile.zoom + _ZOOMS_OF_TILE
    return _single(table, tile, np.flatnonzero(first_zoom[rows] < last) + rows.start)


def _points(table: FeatureTable, tile: Tile, rows: Rows, room: int) -> bytes:
    code = table.code[rows]
    may_touch = table.cell_digits == FINEST or tile.zoom == LAST_ZOOM
    if may_touch and len(code) <= MOST_MARKS and len(body := _single(table, tile, rows)) <= room:
        return body
    for digits in range(FINEST if may_touch else table.cell_digits, -1, -1):
        shift = 2 * (tile.digits - digits)
        if count_cells(code, shift) > MOST_MARKS:
            continue
        body = _cells(table, tile, rows, shift)
        if len(body) <= room:
            return body
    return _cells(table, tile, rows, 2 * tile.digits, bare=True)


def _single(table: FeatureTable, tile: Tile, rows: Rows) -> bytes:
    import pyarrow as pa

    columns = _in_tile(tile, table.x[rows], table.y[rows]) | {"g": pa.array(table.group[rows])}
    return encode_points(_with(columns, _taken(table, _positions(rows, np.arange(len(table.code[rows]))))))


def _cells(table: FeatureTable, tile: Tile, rows: Rows, shift: int, *, bare: bool = False) -> bytes:
    """Cells; one that holds one feature is that feature, unless they are ``bare``."""
    import pyarrow as pa

    group = table.group[rows]
    cells = cells_of(
        (table.code[rows], table.x[rows], table.y[rows]), group, shift, max(len(table.groups["n"]), 1)
    )
    number = np.diff(cells.first)
    is_cell = np.full(len(number), True) if bare else number > 1
    columns = _in_tile(tile, cells.x, cells.y) | {
        "g": pa.array(group[cells.first[:-1]], mask=is_cell),
        "n": pa.array(number, mask=~is_cell),
        "m": pa.array(_members(cells), pa.string(), mask=~is_cell),
    }
    single = pa.array(_positions(rows, cells.first[:-1]), mask=is_cell)
    return encode_points(_with(columns, _taken(table, single)))


def _members(cells: Cells) -> list[str]:
    """The pairs of each cell as a text, the groups in order: works have thousands of groups, and most pairs are of one work."""
    edges = cells.first_pair
    owner = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    order = np.lexsort((cells.group, owner))
    group, number = cells.group[order], cells.number[order]
    step = np.diff(group, prepend=0)
    step[edges[:-1]] = group[edges[:-1]]
    pairs = [f"{s}:{n}" if n > 1 else str(s) for s, n in zip(step.tolist(), number.tolist(), strict=True)]
    return [" ".join(pairs[a:b]) for a, b in pairwise(edges.tolist())]


def _positions(rows: Rows, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions in the table of some of ``rows``."""
    return rows.start + chosen if isinstance(rows, slice) else rows[chosen]


def _taken(table: FeatureTable, positions: Any) -> Any:
    """Properties of features; of none where a position is missing."""
    import pyarrow as pa

    return table.others.take(pa.array(positions))


def _with(columns: dict[str, Any], others: Any) -> Any:
    import pyarrow as pa

    return pa.table(columns | {name: others.column(name) for name in others.column_names})


def _in_tile(tile: Tile, x: Any, y: Any) -> dict[str, Any]:
    """Places of the world in the tile's own steps."""
    west, north = tile.corner
    scale = tile.digits - int(math.log2(EXTENT))
    return {"x": (x - west) >> scale, "y": (y - north) >> scale}


def _shapes_and_points(table: FeatureTable, shapes: Shapes, tile: Tile) -> bytes:
    counted = table.rows_in(tile)
    touching = shapes.touching(tile)
    pixel = (1 << tile.digits) / SHOWN_PIXELS
    smallest = _SMALLEST_SHAPE * pixel
    while True:
        drawn = _largest(shapes, touching, smallest)
        body, kept = _outlines(table, shapes, tile, drawn)
        if len(body) <= _BYTES_OF_SHAPES:
            break
        smallest = max(2 * smallest, float(np.median(shapes.size[drawn])))
    is_mark = np.full(counted.stop - counted.start, True)
    own = kept[(kept >= counted.start) & (kept < counted.stop)]
    is_mark[own - counted.start] = False
    marks = np.flatnonzero(is_mark) + counted.start
    return body + _points(table, tile, marks, MOST_BYTES - len(body))


def _largest(shapes: Shapes, rows: NDArray[np.int64], smallest: float) -> NDArray[np.int64]:
    size = shapes.size[rows]
    if (size >= smallest).sum() > MOST_SHAPES:
        smallest = np.nextafter(np.sort(size)[-MOST_SHAPES - 1], np.inf)
    return rows[size >= smallest]


def _outlines(
    table: FeatureTable, shapes: Shapes, tile: Tile, rows: NDArray[np.int64]
) -> tuple[bytes, NDArray[np.int64]]:
    """The layer of shapes, and the positions of those that are in it: of a thin shape nothing may be left."""
    import pyarrow as pa

    geometry, encode = shapes.geometry[rows], encode_shapes
    if shapes.reach is None:
        outlines, begins = tile_outlines(geometry, tile), None
    else:
        outlines, begins = tile_lines(geometry, reach_in(tile, shapes.reach[rows]), tile)
        encode = encode_lines
    is_left = ~shapely.is_missing(outlines)
    rows, counted = rows[is_left], table.rows_in(tile)
    columns = {
        "wkb": pa.array(shapely.to_wkb(outlines[is_left]), pa.binary()),
        "g": pa.array(table.group[rows]),
        "n": pa.array(np.zeros(len(rows), "int64"), mask=(rows >= counted.start) & (rows < counted.stop)),
    }
    if begins is not None:
        columns["d"] = pa.array(begins[is_left], pa.string())
    return encode(_with(columns, _taken(table, rows))), rows
