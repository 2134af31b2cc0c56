"""A server of the map whose two layers of facilities are invented: as many points and outlines as a benchmark wants.

``python -m benchmarks.tiles_city PORT POINTS POLYGONS``; :func:`invented_points` and :func:`invented_polygons` give what it serves.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
import uvicorn
from geopandas import GeoSeries
from starlette.applications import Starlette

import layers.map.baseline_facilities as points_layer
import layers.map.facility_outlines as outlines_layer
from geo.atlas import load_atlas
from layers.api.server import routes
from layers.map.spec import MapContext, Outlined, Payload

_CORNERS = 7


@lru_cache(maxsize=2)
def invented_points(n: int, seed: int = 62) -> tuple[Any, Any, Any]:
    """Longitude, latitude and district of ``n`` points, half of them in the two districts of the old town."""
    rng = np.random.default_rng(seed)
    shapes = load_atlas().districts.geometry
    weights = np.where(np.isin(shapes.index, ("320213", "320214")), 2.5, 1.0)
    lon, lat, codes = [], [], []
    for (code, shape), share in zip(shapes.items(), weights / weights.sum(), strict=True):
        count = round(n * share)
        west, south, east, north = shape.bounds
        x, y = rng.uniform(west, east, 4 * count), rng.uniform(south, north, 4 * count)
        inside = np.flatnonzero(shapely.contains_xy(shape, x, y))[:count]
        lon.append(x[inside])
        lat.append(y[inside])
        codes.append(np.full(len(inside), str(code)))
    return np.concatenate(lon)[:n], np.concatenate(lat)[:n], np.concatenate(codes)[:n]


def invented_polygons(n: int, seed: int = 63) -> tuple[Any, Any]:
    """Polygons of seven corners, 10 to 150 m wide, and their districts."""
    lon, lat, codes = invented_points(n, seed)
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, (len(lon), _CORNERS)), axis=1)
    radius = 5 * 15 ** rng.uniform(0, 1, (len(lon), 1)) / 111_000
    ring = np.stack(
        [lon[:, None] + radius * np.cos(angle) * 1.17, lat[:, None] + radius * np.sin(angle)], axis=2
    )
    return shapely.polygons(ring), codes


def _points(n: int) -> Payload:
    lon, lat, codes = invented_points(n)
    rng = np.random.default_rng(1)
    columns = {
        "id": [f"P{at}" for at in range(len(lon))],
        "name": [f"某公共设施{at}" for at in range(len(lon))],
        "source": ["invented"] * len(lon),
        "label": rng.choice(["公交站", "小学", "诊所", "停车场"], len(lon)).tolist(),
        "category": [""] * len(lon),
        "districts": codes.tolist(),
        "accuracy": [30.0] * len(lon),
        "certainty": [0] * len(lon),
        "opened": rng.choice([0, 20150901, 20220301], len(lon)).tolist(),
        "closed": [0] * len(lon),
    }
    return {"columns": columns | {"x": lon.tolist(), "y": lat.tolist()}}


def _polygons(n: int) -> Outlined:
    shapes, codes = invented_polygons(n)
    properties = [
        {"id": f"A{at}", "name": f"某地块{at}", "districts": code, "opened": 0, "closed": 0}
        for at, code in enumerate(codes.tolist())
    ]
    return GeoSeries(shapes, crs=4326), properties


def serve(port: int, points: int, polygons: int) -> None:
    """Serve until the process is stopped."""

    def outlined(_context: MapContext) -> Outlined:
        return _polygons(polygons)

    points_layer.LAYER = replace(points_layer.LAYER, payload=lambda _context: _points(points))
    outlines_layer.LAYER = replace(outlines_layer.LAYER, shapes=outlined)
    uvicorn.run(Starlette(routes=routes()), host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    serve(*map(int, sys.argv[1:4]))
