"""From the objects of an OSM extract to the layers of a base map: roads by class, rail, water, green, buildings, names.

What is drawn as what stands in ``osm_kinds.csv``: the first row whose tag an object has decides. Layers, kinds and details are the
words of the Protomaps basemap schema (https://docs.protomaps.com/basemaps/layers), which the renderer draws by itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.detailed_map.coast import Box, sea_areas
from geo.places.crs import STORAGE_CRS
from geo.reading.model import ObjectsWanted, TagRule
from geo.text_tables import read_texts

GEOMETRIES: Final = ("points", "lines", "multipolygons")
FIRST_ZOOM, LAST_ZOOM = 7, 14
"""Zooms of the tiles. The renderer's tiles are 512 pixels wide: the map at zoom 8 asks for those of 7, from 15 on for those of 14."""
_NAMES: Final = ("name", "name:zh-Hans", "name:zh", "name:en")
_LEAST_PIXELS: Final = 4
"""An area is drawn from the zoom at which it is as large as a square of so many pixels. A judgement."""
_WORLD_M: Final = 2 * math.pi * 6378137.0
_TILE_PIXELS: Final = 512
_LABELLED: Final = {"water": ("water", "lake"), "landuse": ("pois", "park")}
"""Layer of areas -> layer and kind of the points that carry their names."""
_LABELLED_GREEN: Final = ("park", "golf_course", "nature_reserve", "forest", "wood", "cemetery")
_SEA: Final = "ocean"
"""The kind whose objects are not drawn themselves: coastlines, beside which the sea is."""
_WITH_ID: Final = "roads"
"""The one layer whose objects keep their number of OSM: a road is many objects, cut by tiles, and can be counted and looked up by it."""


@lru_cache(maxsize=3)
def _rules_of(geometry: str) -> pd.DataFrame:
    rows = read_texts(Path(__file__).with_name("osm_kinds.csv")).astype({"from_zoom": "int64"})
    return rows[rows["geometry"] == geometry].reset_index(drop=True)


def objects_wanted(box: Box | None) -> list[ObjectsWanted]:
    """What must be read of an extract, one for each of :data:`GEOMETRIES`; ``box`` is west, south, east, north in degrees, None
    for all of it."""
    return [ObjectsWanted(each, _tag_rules(each), _NAMES, box) for each in GEOMETRIES]


def _tag_rules(geometry: str) -> list[TagRule]:
    rows = _rules_of(geometry)
    return [TagRule(tag, value) for tag, value in zip(rows["tag"], rows["value"], strict=True)]


def map_layers(objects: Sequence[gpd.GeoDataFrame], box: Box) -> dict[str, gpd.GeoDataFrame]:
    """The layers of a base map.

    Parameters
    ----------
    objects : sequence of GeoDataFrame
        What :func:`objects_wanted` asked for, EPSG:4326.
    box : Box
        Everything is cut to it.

    Returns
    -------
    dict
        Layer -> GeoDataFrame in EPSG:4326 with ``kind``, ``kind_detail``, ``name``, ``name:zh``, ``name:en`` (None
        where unknown) and ``min_zoom``, the least zoom of a tile that has it; ``roads`` have ``osm_id`` too. ``earth`` is the box itself.
    """
    sorted_ones = [
        _of_known_kinds(frame, geometry, box) for geometry, frame in zip(GEOMETRIES, objects, strict=True)
    ]
    everything = pd.concat(
        [_sea(objects, box), *sorted_ones, *(_labels(frame) for frame in sorted_ones)], ignore_index=True
    )
    layers: dict[str, gpd.GeoDataFrame] = {
        str(layer): gpd.GeoDataFrame(
            rows.drop(columns=["layer"] if layer == _WITH_ID else ["layer", "osm_id"]), crs=STORAGE_CRS
        )
        for layer, rows in everything.groupby("layer")
    }
    earth = gpd.GeoDataFrame({"kind": ["earth"], "min_zoom": [FIRST_ZOOM]}, geometry=[shapely.box(*box)])
    return {"earth": earth.set_crs(STORAGE_CRS)} | layers


def _of_known_kinds(frame: gpd.GeoDataFrame, geometry: str, box: Box) -> gpd.GeoDataFrame:
    """The objects as the row of the table that decided has them, cut to the box."""
    rows, is_coast = _rows_of(frame, geometry)
    frame, rows = frame[~is_coast], rows[~is_coast]
    shapes = shapely.clip_by_rect(shapely.make_valid(frame.geometry.to_numpy()), *box)
    found = gpd.GeoDataFrame(
        {
            "osm_id": frame["osm_id"].str[1:].astype("int64"),
            "layer": rows["layer"],
            "kind": rows["kind"],
            "kind_detail": rows["detail"].where(rows["detail"] != "", None),
            "name": frame["name"],
            "name:zh": frame["name:zh-Hans"].where(frame["name:zh-Hans"].notna(), frame["name:zh"]),
            "name:en": frame["name:en"],
            "min_zoom": rows["from_zoom"],
        },
        geometry=shapes,
        crs=STORAGE_CRS,
    )
    found = found[~found.geometry.is_empty]
    if geometry == "multipolygons":
        found["min_zoom"] = np.maximum(found["min_zoom"], _least_zooms(found.geometry))
    return found


def _rows_of(frame: gpd.GeoDataFrame, geometry: str) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """The row of the table that decided for each object, and whether it is a coast."""
    rows = _rules_of(geometry).loc[frame["rule"]].set_axis(frame.index)
    return rows, rows["kind"] == _SEA


def _sea(objects: Sequence[gpd.GeoDataFrame], box: Box) -> gpd.GeoDataFrame:
    """The sea as areas of the layer of water."""
    coasts = [
        shape
        for geometry, frame in zip(GEOMETRIES, objects, strict=True)
        for shape in frame.geometry[_rows_of(frame, geometry)[1]]
    ]
    shapes = sea_areas(coasts, box)
    looks = {"layer": "water", "kind": _SEA, "min_zoom": FIRST_ZOOM, "osm_id": 0}
    nothing = dict.fromkeys(("kind_detail", "name", "name:zh", "name:en"))
    return gpd.GeoDataFrame(looks | nothing, index=range(len(shapes)), geometry=shapes, crs=STORAGE_CRS)


def _least_zooms(areas: gpd.GeoSeries) -> pd.Series[int]:
    """The zoom from which on an area is large enough to be seen; the last one for the smallest."""
    sides = np.sqrt(areas.to_crs(3857).area.to_numpy()).clip(min=1e-3)
    zooms = np.ceil(np.log2(_LEAST_PIXELS * _WORLD_M / _TILE_PIXELS / sides))
    return pd.Series(zooms.clip(FIRST_ZOOM, LAST_ZOOM).astype("int64"), index=areas.index)


def _labels(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Points for the names of areas: the renderer writes names of points and lines only."""
    is_area = frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    named = frame[is_area & frame["name"].notna() & _is_labelled(frame)]
    points = named.set_geometry(shapely.point_on_surface(named.geometry.to_numpy()), crs=STORAGE_CRS)
    target: Mapping[str, tuple[str, str]] = _LABELLED
    return points.assign(
        layer=[target[layer][0] for layer in named["layer"]],
        kind=[target[layer][1] for layer in named["layer"]],
    )


def _is_labelled(frame: gpd.GeoDataFrame) -> pd.Series[bool]:
    is_green: pd.Series[bool] = frame["kind"].isin(_LABELLED_GREEN)
    is_water: pd.Series[bool] = frame["layer"] == "water"
    return is_green | is_water
