"""The cases of the coverage benchmark: districts, lattices and facilities drawn by a seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.coverage_setting import METRIC_CRS, SEED
from geo.atlas import load_atlas
from geo.coverage.demand import census_demand
from geo.kernels.lattice import Lattice
from geo.kernels.zones import Zones


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
