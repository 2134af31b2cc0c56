"""Main roads and railways that a city pack brings for drawing under its works; a pack may have none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import geopandas as gpd

from geo.places.city_features import read_city_features
from geo.places.city_shapes import shapes_frame
from geo.places.crs import STORAGE_CRS

FILE: Final = "base_map.geojson"
OSM_CREDIT: Final = "© OpenStreetMap contributors (ODbL)"
"""Who is named wherever data of OpenStreetMap is shown (https://www.openstreetmap.org/copyright)."""


@lru_cache(maxsize=4)
def load_ways(root: Path) -> gpd.GeoDataFrame:
    """Roads and railways of ``root/base_map.geojson`` (docs/base-map.md), to be drawn and never to be measured.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, indexed by ``way_id``: ``kind`` (road, rail), ``from_zoom`` (the least zoom at which it is drawn),
        ``source, licence`` and lines. Without rows where the pack has no such file. Read only: the frame is shared.

    Raises
    ------
    DataError
        The file is no such collection.
    """
    if not (root / FILE).exists():
        return gpd.GeoDataFrame({"kind": [], "from_zoom": []}, geometry=[], crs=STORAGE_CRS)
    return shapes_frame(read_city_features(root, FILE), FILE, "way_id")


def ways_credit(root: Path) -> str:
    """Who is named on a map that draws the pack's roads and railways; empty where it has none."""
    ways = load_ways(root)
    named = ways["attribution"].unique().tolist() if "attribution" in ways.columns else []
    return " · ".join(map(str, named))
