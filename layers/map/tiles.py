"""Mapbox Vector Tiles of WebMercatorQuad, for the open API and the public site."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.values import json_value

EXTENT: Final = 4096
_HALF: Final = math.pi * 6378137.0
"""Half the width of the world in EPSG:3857, metres."""
_BUFFER: Final = 64 / EXTENT


def tile_bounds(zoom: int, row: int, column: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in EPSG:3857 metres; row 0 is the northernmost.

    Parameters
    ----------
    zoom : int
        Zoom level of the tile.
    row : int
        Row of the tile.
    column : int
        Column of the tile.

    Returns
    -------
    (float, float, float, float)
    """
    side = 2 * _HALF / 2**zoom
    west, north = -_HALF + column * side, _HALF - row * side
    return west, north - side, west + side, north


def reach(zoom: int, row: int, column: int) -> tuple[float, float, float, float]:
    """What a tile draws: its bounds (:func:`tile_bounds`) with the margin that it shares with its neighbours.

    Parameters
    ----------
    zoom : int
        Zoom level of the tile.
    row : int
        Row of the tile.
    column : int
        Column of the tile.

    Returns
    -------
    (float, float, float, float)
    """
    west, south, east, north = tile_bounds(zoom, row, column)
    margin = _BUFFER * (east - west)
    return west - margin, south - margin, east + margin, north + margin


def tiles_over(bounds: tuple[float, float, float, float], zoom: int) -> list[tuple[int, int]]:
    """Row and column of every tile of a zoom that touches ``bounds`` (EPSG:3857: west, south, east, north)."""
    side, most = 2 * _HALF / 2**zoom, 2**zoom - 1
    west, south, east, north = bounds
    left, right = (min(max(int((x + _HALF) // side), 0), most) for x in (west, east))
    top, bottom = (min(max(int((_HALF - y) // side), 0), most) for y in (north, south))
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def encode(layers: Mapping[str, gpd.GeoDataFrame], zoom: int, row: int, column: int) -> bytes:
    """The features of each layer (EPSG:3857) that touch a tile, as a Mapbox Vector Tile; empty if there are none.

    Parameters
    ----------
    layers : mapping
    zoom : int
        Zoom level of the tile.
    row : int
        Row of the tile.
    column : int
        Column of the tile.

    Returns
    -------
    bytes
    """
    import mapbox_vector_tile

    bounds, box = tile_bounds(zoom, row, column), reach(zoom, row, column)
    found = [{"name": name, "features": _features(frame, box, bounds)} for name, frame in layers.items()]
    options = {"quantize_bounds": bounds, "extents": EXTENT}
    return bytes(mapbox_vector_tile.encode(found, default_options=options))


def _features(
    frame: gpd.GeoDataFrame, box: tuple[float, float, float, float], bounds: tuple[float, float, float, float]
) -> list[dict[str, Any]]:
    near = frame.iloc[np.flatnonzero(frame.geometry.intersects(shapely.box(*box)).to_numpy(bool))]
    pixel = (bounds[2] - bounds[0]) / EXTENT
    shapes = shapely.clip_by_rect(shapely.simplify(near.geometry.to_numpy(), pixel), *box)
    records = near.drop(columns="geometry").to_dict("records")
    return [
        {
            "geometry": shape,
            "properties": {"id": str(key)}
            | {str(name): value for name, cell in record.items() if (value := json_value(cell)) is not None},
        }
        for key, record, shape in zip(near.index, records, shapes, strict=True)
        if not shapely.is_empty(shape)
    ]
