"""The register's map as one PMTiles archive: vector tiles for anyone's map, on any server that answers ranges of bytes."""

from __future__ import annotations

import gzip
from base64 import b64decode, b64encode
from io import BytesIO
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.detailed_map.archive import archive_header
from geo.display.labels import status_style
from geo.files import Content
from geo.places.crs import STORAGE_CRS
from geo.register.city import Atlas
from layers.map.tiles import encode, reach, tiles_over
from layers.program_digest import digest
from layers.site.earlier import Earlier

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


def archive(content: Content, earlier: Earlier) -> bytes:
    """Layers ``districts`` (illustrative), ``lines`` and ``works``, zooms 0 to :data:`MAX_ZOOM`. The same rows give the same bytes.

    Parameters
    ----------
    content : Content
        Works of a day.
    earlier : Earlier
        Tiles of earlier builds.

    Returns
    -------
    bytes
    """
    from pmtiles.tile import zxy_to_tileid
    from pmtiles.writer import Writer

    atlas = content.atlas
    layers = {name: frame.to_crs(3857) for name, frame in frames(atlas, content.state).items()}
    stream = BytesIO()
    writer = Writer(stream)
    made = _tiles(layers, earlier, atlas.pack.plan)
    for tile_id, tile in sorted(
        (zxy_to_tileid(zoom, column, row), made[zoom, row, column]) for zoom, row, column in made
    ):
        if tile:
            writer.write_tile(tile_id, tile)
    west, south, east, north = atlas.districts.total_bounds.tolist()
    header = archive_header((west, south, east, north), 9)
    writer.finalize(header, _about(content, layers))
    return stream.getvalue()


def _tiles(
    layers: dict[str, gpd.GeoDataFrame], earlier: Earlier, plan: str
) -> dict[tuple[int, int, int], bytes]:
    """Zoom, row and column -> the compressed tile, empty where nothing is; only what touches a tile is in it."""
    west, south, east, north = layers["districts"].total_bounds.tolist()
    features = [_features(name, frame) for name, frame in layers.items()]
    bounds = np.concatenate([each for each, _texts in features])
    texts = [text for _bounds, each in features for text in each]
    wanted: dict[str, tuple[int, int, int]] = {}
    made_of: dict[str, str] = {}
    for zoom in range(MAX_ZOOM + 1):
        for row, column in tiles_over((west, south, east, north), zoom):
            name = f"{zoom}/{row}/{column}"
            wanted[name] = zoom, row, column
            made_of[name] = digest(*(texts[number] for number in _touching(bounds, reach(zoom, row, column))))

    def make(names: list[str]) -> dict[str, str]:
        made = {}
        for name in names:
            tile = encode(layers, *wanted[name])
            made[name] = b64encode(gzip.compress(tile, mtime=0) if tile else b"").decode()
        return made

    found = earlier.pieces(f"tiles {plan}", made_of, make)
    return {wanted[name]: b64decode(tile) for name, tile in found.items()}


def _features(layer: str, frame: gpd.GeoDataFrame) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Bounds of each feature, and all of it as a text."""
    shapes = frame.geometry.to_wkb(hex=True)
    cells = frame.drop(columns="geometry").itertuples(name=None)
    texts = [digest(layer, repr(row), shape) for row, shape in zip(cells, shapes, strict=True)]
    return frame.bounds.to_numpy("float64"), texts


def _touching(bounds: np.ndarray[Any, Any], box: tuple[float, float, float, float]) -> list[int]:
    west, south, east, north = box
    apart = (bounds[:, 0] > east) | (bounds[:, 2] < west) | (bounds[:, 1] > north) | (bounds[:, 3] < south)
    return [int(number) for number in np.flatnonzero(~apart)]


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


def _about(content: Content, layers: dict[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    atlas, day = content.atlas, content.as_of.isoformat()
    return {
        "name": f"{atlas.city.name_en} works, as of {day}",
        "description": f"As of {day}; content {content.version}; outlines of districts are illustrative",
        "attribution": f"{atlas.city.licence.label}. {atlas.city.credit_line('en')}",
        "version": content.version,
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
