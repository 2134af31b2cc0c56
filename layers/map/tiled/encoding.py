"""Features as Mapbox Vector Tiles, by DuckDB's spatial extension: in memory, without files, network or extensions of its own choice."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from layers.map.tiled.grid import EXTENT

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_POINTS: Final = """
SELECT ST_AsMVT(one, 'points', ?, 'geom')
FROM (SELECT ST_Point(x, y) AS geom, * EXCLUDE (x, y) FROM tile_rows) AS one
"""
_SHAPES: Final = """
SELECT ST_AsMVT(one, 'shapes', ?, 'geom')
FROM (SELECT ST_GeomFromWKB(wkb) AS geom, * EXCLUDE (wkb) FROM tile_rows) AS one
"""
_LINES: Final = _SHAPES.replace("'shapes'", "'lines'")


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
    return _answer(_POINTS, columns)


def encode_shapes(columns: Any) -> bytes:
    """A tile's layer ``shapes``: ``wkb`` in the tile's own steps (:mod:`layers.map.tiled.outlines`); all else are properties."""
    return _answer(_SHAPES, columns)


def encode_lines(columns: Any) -> bytes:
    """A tile's layer ``lines``: ``wkb`` in the tile's own steps (:mod:`layers.map.tiled.lines`); all else are properties."""
    return _answer(_LINES, columns)


def _answer(query: str, columns: Any) -> bytes:
    with _engine().cursor() as cursor:
        cursor.register("tile_rows", columns)
        ((content,),) = cursor.execute(query, [EXTENT]).fetchall()
    return bytes(content)


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
