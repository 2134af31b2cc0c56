"""The register's map as one PMTiles archive: vector tiles for anyone's map, on any server that answers ranges of bytes."""

from __future__ import annotations

import gzip
from datetime import date
from io import BytesIO
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.detailed_map.archive import archive_header
from geo.display.labels import status_style
from geo.places.crs import STORAGE_CRS
from geo.register.city import Atlas
from layers.map.tiles import encode, tiles_over

MAX_ZOOM: Final = 12
"""A tile of zoom 12 is 8 km wide and resolves 2 m: finer than any place in the register."""
_WORKS: Final = (
    "name_zh",
    "name_en",
    "category",
    "kind",
    "counted",
    "district_code",
    "item_id",
    "status",
    "status_date",
    "certainty",
    "accuracy_m",
)


def archive(atlas: Atlas, state: pd.DataFrame, as_of: date) -> bytes:
    """Layers ``districts`` (illustrative), ``lines`` and ``works`` of ``state`` (rows of ``Register.state``), zooms 0 to
    :data:`MAX_ZOOM`. The same rows give the same bytes.

    Parameters
    ----------
    atlas : Atlas
    state : DataFrame
        ``Register.state`` of the day.
    as_of : date
        The day of the state.

    Returns
    -------
    bytes
    """
    from pmtiles.tile import zxy_to_tileid
    from pmtiles.writer import Writer

    layers = {name: frame.to_crs(3857) for name, frame in frames(atlas, state).items()}
    bounds = tuple(float(value) for value in layers["districts"].total_bounds)
    stream = BytesIO()
    writer = Writer(stream)
    wanted = {
        zxy_to_tileid(zoom, column, row): (zoom, row, column)
        for zoom in range(MAX_ZOOM + 1)
        for row, column in tiles_over((bounds[0], bounds[1], bounds[2], bounds[3]), zoom)
    }
    for tile_id, (zoom, row, column) in sorted(wanted.items()):
        tile = encode(layers, zoom, row, column)
        if tile:
            writer.write_tile(tile_id, gzip.compress(tile, mtime=0))
    west, south, east, north = atlas.districts.total_bounds.tolist()
    header = archive_header((west, south, east, north), 9)
    writer.finalize(header, _about(atlas, layers, as_of))
    return stream.getvalue()


def frames(atlas: Atlas, state: pd.DataFrame) -> dict[str, gpd.GeoDataFrame]:
    """The layers in EPSG:4326, placed rows only."""
    placed = state[state["lon"].notna()]
    points = shapely.points(placed["lon"].to_numpy("float64"), placed["lat"].to_numpy("float64"))
    drawn = state[state["line_id"].notna()]
    shapes = atlas.pack.lines.geometry.loc[drawn["line_id"]].to_numpy()
    districts = atlas.districts[["name_zh", "name_en", "geometry"]]
    return {
        "districts": gpd.GeoDataFrame(districts, crs=STORAGE_CRS),
        "lines": gpd.GeoDataFrame(_columns(drawn), geometry=shapes, crs=STORAGE_CRS),
        "works": gpd.GeoDataFrame(_columns(placed), geometry=points, crs=STORAGE_CRS),
    }


def _columns(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(_WORKS)].assign(color=[status_style(str(value)).fill for value in rows["status"]])


def _about(atlas: Atlas, layers: dict[str, gpd.GeoDataFrame], as_of: date) -> dict[str, Any]:
    return {
        "name": f"{atlas.city.name_en} works, as of {as_of.isoformat()}",
        "description": f"As of {as_of.isoformat()}; data {atlas.version}; outlines of districts are illustrative",
        "attribution": f"{atlas.city.licence.label}. {atlas.city.credit_line('en')}",
        "version": atlas.version,
        "type": "overlay",
        "vector_layers": [
            {
                "id": name,
                "minzoom": 0,
                "maxzoom": MAX_ZOOM,
                "fields": {str(column): _kind(frame[column]) for column in frame.columns.drop("geometry")},
            }
            for name, frame in layers.items()
        ],
    }


def _kind(values: pd.Series[Any]) -> str:
    return "Number" if pd.api.types.is_numeric_dtype(values) else "String"
