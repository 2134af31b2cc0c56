"""Small networks of streets that tests build and walk on."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo.kernels.network import Snapped, StreetNetwork, snap, walk_distance

METRIC_CRS = "EPSG:4549"


E0, N0 = 500_000.0, 3_480_000.0


Line = list[tuple[float, float]]


CROSS: list[Line] = [[(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 0), (0, 100)]]


LADDER: list[Line] = [
    [(0, 0), (100, 0), (200, 0), (300, 0)],
    [(0, 50), (100, 50), (200, 50), (300, 50)],
    *[[(x, 0), (x, 50)] for x in (0.0, 300.0)],
]


def lines(*parts: Line) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString(np.add(part, (E0, N0))) for part in parts]
    return gpd.GeoDataFrame(geometry=shapes, crs=METRIC_CRS)


def network(*parts: Line) -> StreetNetwork:
    return StreetNetwork.from_lines(lines(*parts), METRIC_CRS)


def at(streets: StreetNetwork, *places: tuple[float, float], max_m: float = 500.0) -> Snapped:
    x, y = np.reshape(places, (-1, 2)).T
    return snap(streets, x + E0, y + N0, max_m=max_m)


def walk(
    streets: StreetNetwork, origins: list[tuple[float, float]], *targets: tuple[float, float]
) -> list[float]:
    found: list[float] = walk_distance(streets, at(streets, *origins), at(streets, *targets)).tolist()
    return found
