"""Areas of discs by closed formulas, and by shapely with a known deficit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.kernels.discs import union_area
from geo.kernels.zones import Zones

Floats = NDArray[np.float64]


QUAD_SEGS = 256


CORNERS = 4 * QUAD_SEGS


DEFICIT = 1 - CORNERS / (2 * math.pi) * math.sin(
    2 * math.pi / CORNERS
)  # of a disc drawn as an inscribed polygon


def lens(distance: float, r1: float, r2: float) -> float:
    """Area common to two discs."""
    if distance >= r1 + r2:
        return 0.0
    if distance <= abs(r1 - r2):
        return math.pi * min(r1, r2) ** 2
    a = math.acos((distance**2 + r1**2 - r2**2) / (2 * distance * r1))
    b = math.acos((distance**2 + r2**2 - r1**2) / (2 * distance * r2))
    return r1**2 * (a - math.sin(2 * a) / 2) + r2**2 * (b - math.sin(2 * b) / 2)


def drawn(x: Any, y: Any, r: Any) -> Any:
    """The union of discs as shapely draws it: inscribed polygons."""
    return shapely.union_all(shapely.buffer(shapely.points(x, y), np.asarray(r), quad_segs=QUAD_SEGS))


def zones_of(*polygons: Any) -> Zones:
    return Zones.from_polygons(tuple(f"z{k}" for k in range(len(polygons))), np.array(polygons, dtype=object))


def check_against_drawing(x: Any, y: Any, r: Any, polygons: list[Any]) -> None:
    """Exact area is never below the drawn one, and above it by no more than what the drawing of each disc lacks."""
    got = union_area(x, y, r, zones_of(*polygons))
    union = drawn(x, y, r)
    lacking = DEFICIT * math.pi * float(np.sum(np.square(r)))
    for area, polygon in zip(got, polygons, strict=True):
        below = shapely.intersection(union, polygon).area
        noise = 1e-9 * (polygon.area + below)
        assert below - noise <= area <= below + lacking + noise


PLAIN = shapely.box(-5000, -5000, 5000, 5000)
