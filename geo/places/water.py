"""Whether a point lies in a lake as the pack draws it. Shores are generalised: a point on the land may come to lie in the water."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import shapely

from geo.places.crs import STORAGE_CRS
from geo.places.districts import load_lakes


@lru_cache(maxsize=4)
def _lakes(root: Path, projected: str) -> shapely.Geometry:
    return load_lakes(root).to_crs(projected).union_all()


@lru_cache(maxsize=4096)
def metres_into_water(lon: float, lat: float, root: Path, projected: str) -> float:
    """How far a point lies from the shore, if it lies in a drawn lake.

    Parameters
    ----------
    lon, lat : float
        WGS84 degrees.
    root : Path
        Folder of the city pack.
    projected : str
        System (``EPSG:n``, metres) in which it is measured.

    Returns
    -------
    float
        Metres to the nearest shore; 0 on land.
    """
    lakes = _lakes(root, projected)
    point = gpd.GeoSeries([shapely.Point(lon, lat)], crs=STORAGE_CRS).to_crs(projected).iloc[0]
    return float(point.distance(lakes.boundary)) if lakes.contains(point) else 0.0
