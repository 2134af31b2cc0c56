"""The ways that the coverage benchmark compares: ours, geopandas, shapely, scipy, each in this process."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from benchmarks.coverage_cases import Case
from benchmarks.coverage_setting import METRIC_CRS, OURS, UNEQUAL
from benchmarks.stream import nbytes
from geo.kernels.cell_reach import nearest_distance, within_reach
from geo.kernels.discs import union_area


def area_ours(case: Case) -> Callable[[], Any]:
    x, y = case.xy
    return lambda: union_area(x, y, case.radius, case.zones)


def area_unequal(case: Case) -> Callable[[], Any]:
    (x, y), radii = case.xy, case.unequal
    return lambda: union_area(x, y, radii, case.zones)


def area_usual(case: Case, quad_segs: int, method: str = "unary") -> Callable[[], Any]:
    points = case.points.geometry
    districts = gpd.GeoDataFrame(
        {"zone": range(len(case.zones.codes))}, geometry=case.zones.polygons, crs=METRIC_CRS
    )

    def way() -> np.ndarray:
        covered = points.buffer(case.radius, quad_segs=quad_segs).union_all(method=method)
        cut = gpd.overlay(districts, gpd.GeoDataFrame(geometry=[covered], crs=METRIC_CRS), how="intersection")
        return np.bincount(cut["zone"], cut.area, len(districts))

    return way


def within_ours(case: Case) -> Callable[[], Any]:
    x, y = case.xy

    def way() -> tuple[np.ndarray, np.ndarray]:
        counts, weights = within_reach(case.lattice, x, y, case.radius)
        return weights, counts

    return way


def within_join(case: Case) -> Callable[[], Any]:
    points, cells, zones = case.points, case.cell_points, len(case.lattice.codes)

    def way() -> tuple[np.ndarray, np.ndarray]:
        found = gpd.sjoin_nearest(cells, points, max_distance=case.radius)
        served = found[~found.index.duplicated()]  # a cell with two equally near facilities comes twice
        return np.bincount(served["zone"], served["weight"], zones), served.index.to_numpy()

    return way


def within_tree(case: Case) -> Callable[[], Any]:
    cells, x, y = case.cells, *case.xy
    centres, points = cells[["x", "y"]].to_numpy(), np.column_stack([x, y])
    zone, weight, zones = cells["zone"].to_numpy(), cells["weight"].to_numpy(), len(case.lattice.codes)
    bound = math.nextafter(case.radius, math.inf)

    def way() -> tuple[np.ndarray, np.ndarray]:
        distance, _which = cKDTree(points).query(centres, distance_upper_bound=bound, workers=-1)
        served = np.flatnonzero(np.isfinite(distance))
        return np.bincount(zone[served], weight[served], zones), served

    return way


def nearest_ours(case: Case) -> Callable[[], Any]:
    x, y = case.xy
    return lambda: nearest_distance(case.lattice, x, y)


def nearest_join(case: Case) -> Callable[[], Any]:
    points, cells = case.points, case.cell_points

    def way() -> np.ndarray:
        found = gpd.sjoin_nearest(cells, points, distance_col="metres")
        return found["metres"][~found.index.duplicated()].to_numpy()

    return way


def nearest_tree(case: Case) -> Callable[[], Any]:
    centres, points = case.cells[["x", "y"]].to_numpy(), np.column_stack(case.xy)
    return lambda: cKDTree(points).query(centres, workers=-1)[0]


def bytes_touched(task: str, case: Case) -> int:
    """What a task cannot do without: its places read once, the cells it asks read once, its answer written once."""
    places = nbytes(*case.xy)
    if task == "area":  # the outlines' edges, and one number a zone
        return places + nbytes(shapely.get_coordinates(case.zones.polygons), case.zones.area_m2)
    cells = case.lattice.zone.size
    if task == "within":  # weights of eight bytes and zones of two are read, counts of four are written
        return places + cells * (8 + 2 + 4)
    return places + cells * (2 + 8 + 4)  # zones are read; distances, and which facility it is, are written


WAYS: dict[str, dict[str, Callable[[Case], Callable[[], Any]]]] = {
    "area": {
        OURS: area_ours,
        UNEQUAL: area_unequal,
        "geopandas overlay, 16 segments": lambda case: area_usual(case, 16),
        "geopandas overlay, 8 segments": lambda case: area_usual(case, 8),
        "the same, 16, disjoint subsets": lambda case: area_usual(case, 16, "disjoint_subset"),
    },
    "within": {OURS: within_ours, "geopandas sjoin_nearest": within_join, "scipy cKDTree": within_tree},
    "nearest": {OURS: nearest_ours, "geopandas sjoin_nearest": nearest_join, "scipy cKDTree": nearest_tree},
}
