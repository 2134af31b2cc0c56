"""Coverage, ours and the usual ways: area of unions of discs, residents within reach, nearest distance, growth.

``python -m benchmarks.bench_coverage [--quick]``. Same data, one run, the ways taking turns; answers are compared
before any time counts. Prints Markdown tables and writes ``docs/performance/{coverage,growth}.json``.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from benchmarks import postgis
from benchmarks.timing import (
    ROOT,
    digits,
    in_fresh_process,
    interleaved,
    machine,
    once_ms,
    peak_growth_mib,
    print_table,
    rows_of,
    write_record,
)
from geo.atlas import load_atlas
from geo.crs import METRIC_CRS
from geo.demand import census_demand
from geo.discs import union_area
from geo.lattice import Lattice, nearest_distance, reach_counts, served_weight
from geo.zones import Zones

SEED = 2026
SAMPLE = 20_000  # cells that PostGIS finds the nearest facility of
OURS = "ours"
UNEQUAL = "ours, unequal radii"
NUMPY = "ours, numpy only"
POSTGIS = "PostGIS"
AREA_CASES = ((100, 1000.0), (2_000, 1000.0), (20_000, 500.0))
REACH_CASES = (100, 2_000, 20_000)
REACH_M = 500.0
GROWTH_CELLS_M = (444.0, 314.0, 222.0, 157.0, 111.0, 78.5, 50.0)
GROWTH_FACILITIES = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)


# --- the data -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def outlines() -> Zones:
    """Districts with their lakes."""
    districts = load_atlas().districts
    return Zones.from_polygons(tuple(districts.index), districts.geometry.to_crs(METRIC_CRS).to_numpy())


@lru_cache(maxsize=8)
def lattice_of(name: str) -> Lattice:
    """``land``: residents on 100 m cells; ``outline``: 100 m cells, lakes too; a number: land cells of that side."""
    demand = census_demand(load_atlas())
    if name == "land":
        return demand.lattice
    return Lattice.over(outlines()) if name == "outline" else Lattice.over(demand.zones, size=float(name))


def facilities(n: int, zones: Zones) -> tuple[np.ndarray, np.ndarray]:
    """Half of them anywhere in ``zones``, half scattered (2 km) around 30 centres there, so that discs overlap."""
    rng = np.random.default_rng([SEED, n])
    west, south, east, north = shapely.total_bounds(zones.polygons)

    def anywhere(number: int) -> np.ndarray:
        x, y = rng.uniform(west, east, 4 * number + 100), rng.uniform(south, north, 4 * number + 100)
        inside = zones.locate(x, y) >= 0
        return np.column_stack([x[inside], y[inside]])[:number]

    centres = anywhere(30)[rng.integers(0, 30, n - n // 2)]
    points = np.concatenate([anywhere(n // 2), centres + rng.normal(0, 2_000, centres.shape)])
    assert len(points) == n
    return np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])


@dataclass(frozen=True)
class Case:
    """Facilities and a radius over the land of the city, with a lattice where cells are asked."""

    n: int
    radius: float
    lattice_name: str = "land"

    @cached_property
    def zones(self) -> Zones:
        return census_demand(load_atlas()).zones

    @cached_property
    def lattice(self) -> Lattice:
        return lattice_of(self.lattice_name)

    @cached_property
    def xy(self) -> tuple[np.ndarray, np.ndarray]:
        return facilities(self.n, self.zones)

    @cached_property
    def unequal(self) -> np.ndarray:
        """Radii up to four tenths shorter or longer."""
        return self.radius * np.random.default_rng(SEED).uniform(0.6, 1.4, self.n)

    @cached_property
    def points(self) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*self.xy), crs=METRIC_CRS)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Cells inside the districts: place, zone and weight."""
        lattice = self.lattice
        row, column = np.nonzero(lattice.zone >= 0)
        east, north = lattice.centres()
        zone, weight = lattice.zone[row, column].astype("int64"), lattice.weight[row, column]
        return pd.DataFrame({"zone": zone, "weight": weight, "x": east[column], "y": north[row]})

    @cached_property
    def cell_points(self) -> gpd.GeoDataFrame:
        cells = self.cells
        return gpd.GeoDataFrame(cells, geometry=gpd.points_from_xy(cells["x"], cells["y"]), crs=METRIC_CRS)


# --- the ways: each is made ready with a case, untimed, and gives what is timed -----------------------------------------


def area_ours(case: Case) -> Callable[[], Any]:
    x, y = case.xy
    return lambda: union_area(x, y, case.radius, case.zones)


def area_unequal(case: Case) -> Callable[[], Any]:
    (x, y), radii = case.xy, case.unequal
    return lambda: union_area(x, y, radii, case.zones)


def area_usual(case: Case, quad_segs: int, method: str = "unary") -> Callable[[], Any]:
    points = case.points.geometry
    districts = gpd.GeoDataFrame({"zone": range(len(case.zones.codes))}, geometry=case.zones.polygons, crs=METRIC_CRS)

    def way() -> np.ndarray:
        covered = points.buffer(case.radius, quad_segs=quad_segs).union_all(method=method)
        cut = gpd.overlay(districts, gpd.GeoDataFrame(geometry=[covered], crs=METRIC_CRS), how="intersection")
        return np.bincount(cut["zone"], cut.area, len(districts))

    return way


def within_ours(case: Case) -> Callable[[], Any]:
    x, y = case.xy

    def way() -> tuple[np.ndarray, np.ndarray]:
        counts = reach_counts(case.lattice, x, y, case.radius)
        return served_weight(case.lattice, counts), counts

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


# --- other processes --------------------------------------------------------------------------------------------------


@contextmanager
def numpy_only(case: Case) -> Iterator[Callable[[], Any]]:
    """Ours without numba: a process of its own that works when asked and answers in JSON (a turn costs it 0.1 ms)."""
    lattice, (x, y) = case.lattice, case.xy
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        place = [lattice.x0, lattice.y0, lattice.size, case.radius]
        np.savez(file, zone=lattice.zone, weight=lattice.weight, place=place, codes=lattice.codes, x=x, y=y)
        file.flush()
        command = [sys.executable, "-m", "benchmarks.bench_coverage", "--worker", file.name]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "ATLAS_NO_NUMBA": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:

            def way() -> Any:
                process.stdin.write("go\n")
                process.stdin.flush()
                return json.loads(process.stdout.readline())

            try:
                yield way
            finally:
                process.stdin.close()


def work(path: str) -> None:
    """The other end of :func:`numpy_only`; ``memory`` asks for the peak instead."""
    from geo._numba import ENGINE

    assert ENGINE == "numpy"
    data = np.load(path)
    x0, y0, size, radius = data["place"].tolist()
    lattice = Lattice(x0, y0, size, data["zone"], data["weight"], tuple(data["codes"].tolist()))
    x, y, inside = data["x"], data["y"], lattice.zone >= 0

    def go() -> tuple[np.ndarray, np.ndarray]:
        counts = reach_counts(lattice, x, y, radius)
        return served_weight(lattice, counts), counts

    for _line in sys.stdin:
        (weights, counts), ms = once_ms(go)
        served = np.bincount(lattice.zone[inside & (counts > 0)], minlength=len(lattice.codes))
        print(json.dumps({"ms": ms, "weights": weights.tolist(), "served": served.tolist()}), flush=True)
        go_memory = go  # the closure outlives the loop, for the report below
    print(json.dumps({"mib": peak_growth_mib(go_memory)}), flush=True)


def peak_mib(task: str, way: str, case: Case) -> float:
    """Growth of a fresh process while it answers ``case`` with ``way``, after a small case has loaded the code."""
    question = json.dumps([task, way, case.n, case.radius, case.lattice_name])
    return float(in_fresh_process("benchmarks.bench_coverage", "--peak", question))
