"""Features as Mapbox Vector Tiles, by DuckDB's spatial extension: in memory, without files, network or extensions of its own choice."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from layers.map.tiled.grid import EXTENT, Tile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MARGIN: Final = EXTENT // 64
"""Steps of a tile by which shapes go beyond its edge, so that the edge is not drawn as an outline."""
_POINTS: Final = f"""
SELECT ST_AsMVT(one, 'points', {EXTENT}, 'geom')
FROM (SELECT ST_Point(x, y) AS geom, * EXCLUDE (x, y) FROM tile_rows) AS one
"""
_SHAPES: Final = f"""
WITH made AS (
  SELECT ST_AsMVTGeom(ST_GeomFromWKB(wkb), ST_Extent(ST_MakeEnvelope(?, ?, ?, ?)), {EXTENT}, {_MARGIN}, true) AS geom, * EXCLUDE (wkb)
  FROM tile_rows
), good AS (SELECT * FROM made WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom))
SELECT (SELECT ST_AsMVT(one, 'shapes', {EXTENT}, 'geom') FROM (SELECT * EXCLUDE (place) FROM good) AS one), (SELECT list(place) FROM good)
"""


def encode_points(columns: Any) -> bytes:
    """A tile's layer ``points``.

    Parameters
    ----------
    columns : pyarrow.Table
        ``x``, ``y`` in the tile's own steps; all else are properties.

    Returns
    -------
    bytes
        Tiles may be joined: the bytes of two are a tile with the layers of both.
    """
    return bytes(_answer(_POINTS, columns, [])[0])


def encode_shapes(columns: Any, tile: Tile) -> tuple[bytes, list[int]]:
    """A tile's layer ``shapes``.

    Parameters
    ----------
    columns : pyarrow.Table
        ``wkb`` in steps of the world with the north up, ``place`` (any number); all else are properties.
    tile : Tile
        Cuts the shapes.

    Returns
    -------
    (bytes, list of int)
        The layer, and the ``place`` of what is in it: of a thin shape nothing may be left.
    """
    content, places = _answer(_SHAPES, columns, [float(edge) for edge in tile.box])
    return bytes(content), list(places or ())


def _answer(query: str, columns: Any, parameters: list[float]) -> Any:
    with _engine().cursor() as cursor:
        cursor.register("tile_rows", columns)
        return cursor.execute(query, parameters).fetchone()


@lru_cache(maxsize=1)
def _engine() -> DuckDBPyConnection:
    import duckdb
    import duckdb_extension_spatial

    folder = Path(duckdb_extension_spatial.__path__[0])
    extension = next(folder.glob(f"extensions/v{duckdb.__version__}/spatial.duckdb_extension"))
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "1"}
    )
    connection.load_extension(str(extension))
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
