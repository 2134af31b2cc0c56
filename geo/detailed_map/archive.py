"""Writes layers as vector tiles into one PMTiles file: GDAL cuts and encodes, layer by layer, and the parts become one.

GDAL takes one layer a file from this side, and knows the zooms of a layer, not of an object. So each layer is written once for each
run of zooms that show the same objects. A tile is a list of layers (protocol buffers: what is repeated may be joined), so the parts'
bytes one after the other are the whole tile.
"""

from __future__ import annotations

import gzip
import heapq
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.detailed_map.coast import Box
from geo.detailed_map.kinds import FIRST_ZOOM, LAST_ZOOM

if TYPE_CHECKING:
    import geopandas as gpd

_E7: Final = 10**7


def write_archive(
    layers: Mapping[str, gpd.GeoDataFrame], box: Box, path: Path, metadata: Mapping[str, str]
) -> None:
    """Write ``path``, which is whole or not there.

    Parameters
    ----------
    layers : mapping
        Layer -> GeoDataFrame as :func:`geo.detailed_map.kinds.map_layers` makes it.
    box : Box
        West, south, east, north in degrees.
    path : Path
        A ``.pmtiles`` file; its folder is made.
    metadata : mapping
        Name, attribution and so on, for the file's own description.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        parts = [
            _write_part(rows, layer, zooms, Path(folder) / f"{layer}-{zooms[0]}.pmtiles")
            for layer, frame in layers.items()
            for zooms, rows in _zoom_runs(frame)
        ]
        whole = Path(folder) / "whole.pmtiles"
        _join(parts, box, whole, dict(metadata) | {"vector_layers": _described(layers)})
        whole.replace(path)


def _zoom_runs(frame: gpd.GeoDataFrame) -> Iterator[tuple[tuple[int, int], gpd.GeoDataFrame]]:
    """First and last zoom of each run of zooms that show the same objects, and the objects."""
    begins = sorted({max(int(zoom), FIRST_ZOOM) for zoom in frame["min_zoom"]})
    for first, following in zip(begins, [*begins[1:], LAST_ZOOM + 1], strict=True):
        yield (first, following - 1), frame[frame["min_zoom"] <= first]


def _write_part(rows: gpd.GeoDataFrame, layer: str, zooms: tuple[int, int], path: Path) -> Path:
    import pyogrio

    pyogrio.write_dataframe(
        rows,
        path,
        layer=layer,
        driver="PMTiles",
        geometry_type="Unknown",
        dataset_options={"MINZOOM": str(zooms[0]), "MAXZOOM": str(zooms[1])},
    )
    return path


def _join(parts: list[Path], box: Box, path: Path, metadata: Mapping[str, Any]) -> None:
    from pmtiles.reader import MmapSource, all_tiles
    from pmtiles.tile import zxy_to_tileid
    from pmtiles.writer import write

    with ExitStack() as stack, write(str(path)) as writer:
        streams = [
            ((zxy_to_tileid(*at), gzip.decompress(content)) for at, content in all_tiles(MmapSource(handle)))
            for handle in [stack.enter_context(part.open("rb")) for part in parts]
        ]
        for tile_id, same in groupby(heapq.merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
            writer.write_tile(tile_id, gzip.compress(b"".join(content for __, content in same), mtime=0))
        header = archive_header(box, FIRST_ZOOM)
        writer.finalize(header, dict(metadata))


def archive_header(box: Box, first_zoom: int) -> dict[str, Any]:
    """The header of a PMTiles file of vector tiles.

    Parameters
    ----------
    box : Box
        West, south, east, north in degrees.
    first_zoom : int
        At which a map of it opens, in its middle.

    Returns
    -------
    dict
    """
    from pmtiles.tile import Compression, TileType

    west, south, east, north = (round(degrees * _E7) for degrees in box)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": first_zoom,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _described(layers: Mapping[str, gpd.GeoDataFrame]) -> list[dict[str, Any]]:
    return [
        {
            "id": layer,
            "minzoom": max(FIRST_ZOOM, int(frame["min_zoom"].min())),
            "maxzoom": LAST_ZOOM,
            "fields": {
                str(name): "Number" if frame[name].dtype.kind in "if" else "String"
                for name in frame.columns.drop("geometry")
            },
        }
        for layer, frame in layers.items()
    ]
