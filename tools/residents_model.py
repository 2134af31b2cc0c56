"""Where people live, on cells of 500 m: makes data/residents.csv (``python -m tools.residents_model``).

WorldPop's residents of 2020 are known by cell of five minutes only. Inside such a cell they are shared out by how dense bus
stops are (each counts with its lines), and where no stops are known by how dense main roads and named towns are. Nobody lives
on open water, few on hills, and each district is scaled to its census. docs/residents.md says why each number is what it is
and how well the model fares; tests/tools/test_residents_model.py computes the same another way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.atlas import load_atlas, load_gazetteer
from geo.coverage.demand import land_demand
from geo.kernels.lattice import Lattice
from geo.places.crs import STORAGE_CRS, convert
from geo.places.districts import load_lakes
from geo.register.city import Atlas
from geo.text_tables import read_texts

Floats = NDArray[np.float64]
CELL_M: Final = 500
STOP_M: Final = 500.0
"""Standard deviation of a stop's kernel: a bus stop is taken to serve 500 m (GB/T 51328)."""
ROAD_M: Final = 1000.0
TOWN_M: Final = 1500.0
TOWNS_TO_ROADS: Final = 2.0
HILL_M: Final = 60.0
ON_HILLS: Final = 0.15
FLOOR: Final = 0.02
"""Density everywhere on land, as a share of the mean: a village without a stop is not empty."""
DEM_SOUTH, DEM_WEST, DEM_STEPS = 31.1103, 119.5136, 120


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the model is made from; places in metres of the city's projected system.

    Attributes
    ----------
    worldpop : DataFrame
        A row a cell of five minutes: ``lon_min, lat_min, lon_max, lat_max`` (degrees), ``residents_2020``, ``cell_km2``.
    stops, roads, towns : ndarray (n, 3)
        Easting, northing, weight.
    height_m : ndarray (ny, nx)
        Metres above the sea of each cell of the lattice.
    stop_zones : tuple of int
        Positions of the districts whose stops are known; the others go by roads and towns.
    """

    worldpop: pd.DataFrame
    stops: Floats
    roads: Floats
    towns: Floats
    height_m: Floats
    stop_zones: tuple[int, ...]

    def without_stops(self) -> Inputs:
        """The same, as if no stops were known anywhere: what the weaker rule makes of a district that can be checked."""
        return replace(self, stop_zones=())


def read_inputs(atlas: Atlas, folder: Path, lattice: Lattice) -> Inputs:
    """The inputs in ``folder`` (``data/raw/geodata``), and the towns of the installed place names.

    Parameters
    ----------
    atlas : Atlas
    folder : Path
    lattice : Lattice
        Cells of 100 m over the city's land.

    Returns
    -------
    Inputs
    """
    stops = pd.read_csv(folder / "bus_stops_2014.csv")
    lines = json.loads((folder / "osm_main_roads_wuxi.geojson").read_text("utf-8"))["features"]
    corners = shapely.get_coordinates([shapely.geometry.shape(each["geometry"]) for each in lines])
    towns = load_gazetteer().places
    names = list(atlas.districts["name_zh"])
    crs = atlas.city.projected_crs
    return Inputs(
        pd.read_csv(folder / "worldpop2020_5arcmin.csv").fillna({"residents_2020": 0.0}),
        _metric(stops["lon"], stops["lat"], stops["lines"].clip(lower=1), crs),
        _metric(corners[:, 0], corners[:, 1], np.ones(len(corners)), crs),
        _metric(towns["lon"], towns["lat"], np.ones(len(towns)), crs),
        heights(read_heights(folder / "dem_window.csv"), lattice, crs),
        tuple(sorted(names.index(name) for name in stops["district_zh"].unique())),
    )


def _metric(lon: Any, lat: Any, weight: Any, crs: str) -> Floats:
    x, y = convert(np.asarray(lon, "float64"), np.asarray(lat, "float64"), source="WGS84", target=crs)
    return np.column_stack([x, y, np.asarray(weight, "float64")])


def read_heights(path: Path) -> Floats:
    """The window of the elevation model: rows northward, columns eastward."""
    return pd.read_csv(path, header=None).dropna(axis=1, how="all").to_numpy("float64")


def degrees(lattice: Lattice, crs: str) -> tuple[Floats, Floats]:
    """Longitude and latitude of the cells' middles, each (ny, nx)."""
    east, north = np.meshgrid(*lattice.centres())
    lon, lat = convert(east.ravel(), north.ravel(), source=crs, target="WGS84")
    return lon.reshape(lattice.shape), lat.reshape(lattice.shape)


def heights(window: Floats, lattice: Lattice, crs: str) -> Floats:
    """Height of the nearest point of the window for each cell, metres (ny, nx)."""
    lon, lat = degrees(lattice, crs)
    row = np.rint((lat - DEM_SOUTH) * DEM_STEPS).astype(int).clip(0, len(window) - 1)
    column = np.rint((lon - DEM_WEST) * DEM_STEPS).astype(int).clip(0, window.shape[1] - 1)
    return window[row, column]


def density(places: Floats, width_m: float, lattice: Lattice) -> Floats:
    """Sum over ``places`` (n, 3) of a Gaussian of ``width_m`` at every cell (ny, nx), as a product of its two axes."""
    east, north = lattice.centres()
    x, y, weight = places.T
    down = np.exp(-((y[:, None] - north) ** 2) / (2 * width_m**2)) * weight[:, None]
    across = np.exp(-((x[:, None] - east) ** 2) / (2 * width_m**2))
    return np.asarray(down.T @ across, "float64")


def weights(inputs: Inputs, lattice: Lattice) -> Floats:
    """How much each cell counts among the cells of its kind (ny, nx): relative, 0 on water and outside."""
    land = lattice.zone >= 0
    by_stops = np.isin(lattice.zone, inputs.stop_zones)

    def even(values: Floats, where: NDArray[np.bool_]) -> Floats:
        return values / values[where].mean() if where.any() and values[where].any() else values

    near_stops = even(density(inputs.stops, STOP_M, lattice), by_stops)
    elsewhere = land & ~by_stops
    near_roads = even(density(inputs.roads, ROAD_M, lattice), elsewhere)
    near_towns = even(density(inputs.towns, TOWN_M, lattice), elsewhere)
    built = np.where(by_stops, near_stops, even(near_roads + TOWNS_TO_ROADS * near_towns, elsewhere)) + FLOOR
    on_hills = np.where(inputs.height_m > HILL_M, ON_HILLS, 1.0)
    return np.where(land & (inputs.height_m > 0), built * on_hills, 0.0)


def shared_out(inputs: Inputs, lattice: Lattice, lakes: gpd.GeoDataFrame, crs: str) -> Floats:
    """Residents of WorldPop on the cells (ny, nx).

    A five-minute cell gives each rule (stops, roads) what its land is of all the cell's land, city or not; inside that
    the weights decide.

    Parameters
    ----------
    inputs : Inputs
    lattice : Lattice
    lakes : GeoDataFrame
        EPSG:4326.
    crs : str
        Projected system of the lattice.

    Returns
    -------
    ndarray of float64
    """
    lon, lat = degrees(lattice, crs)
    weight = weights(inputs, lattice)
    by_stops = np.isin(lattice.zone, inputs.stop_zones)
    water = shapely.union_all(lakes.geometry.to_numpy())
    out = np.zeros(lattice.shape)
    for cell in inputs.worldpop.itertuples():
        inside = (
            (lon >= cell.lon_min) & (lon < cell.lon_max) & (lat >= cell.lat_min) & (lat < cell.lat_max)
        ) & (lattice.zone >= 0)
        if not inside.any() or not cell.residents_2020 > 0:
            continue
        box = shapely.box(cell.lon_min, cell.lat_min, cell.lon_max, cell.lat_max)
        dry = gpd.GeoSeries([box.difference(water)], crs=STORAGE_CRS).to_crs(crs).area.iloc[0]
        for rule in (inside & by_stops, inside & ~by_stops):
            total = weight[rule].sum()
            if total > 0:
                land_m2 = rule.sum() * lattice.size**2
                out[rule] += cell.residents_2020 * min(land_m2 / dry, 1.0) * weight[rule] / total
    return out


def scaled(residents: Floats, lattice: Lattice, census: Floats) -> Floats:
    """``residents`` scaled so that each district sums to its census."""
    sums = lattice.sums(residents)
    return np.where(lattice.zone >= 0, residents * (census / sums)[lattice.zone], 0.0)


def pieces(residents: Floats, lattice: Lattice) -> pd.DataFrame:
    """Residents of each district's part of each cell of :data:`CELL_M`, in whole people that sum to the district's.

    Returns
    -------
    DataFrame
        ``district_code, east_m, north_m`` (south-west corner), ``residents``.
    """
    row, column = np.nonzero(lattice.zone >= 0)
    east, north = lattice.centres()
    cells = pd.DataFrame(
        {
            "zone": lattice.zone[row, column],
            "east_m": (east[column] // CELL_M * CELL_M).astype(int),
            "north_m": (north[row] // CELL_M * CELL_M).astype(int),
            "residents": residents[row, column],
        }
    )
    summed = cells.groupby(["zone", "east_m", "north_m"], as_index=False)["residents"].sum()
    summed["residents"] = summed.groupby("zone")["residents"].transform(whole_people)
    summed.insert(0, "district_code", np.array(lattice.codes)[summed.pop("zone")])
    return summed


def whole_people(values: pd.Series[float]) -> pd.Series[int]:
    """Whole numbers with the same (rounded) sum: those with the largest remainders are rounded up."""
    down = np.floor(values.to_numpy())
    missing = round(values.sum()) - int(down.sum())
    up = np.argsort(down - values.to_numpy(), kind="stable")[:missing]
    down[up] += 1
    return pd.Series(down.astype(int), values.index)


def model(atlas: Atlas, inputs: Inputs) -> pd.DataFrame:
    """The table of the model."""
    lattice = land_demand(atlas).lattice
    crs = atlas.city.projected_crs
    residents = shared_out(inputs, lattice, load_lakes(atlas.pack.root), crs)
    census = atlas.districts["residents_2020"].to_numpy("float64")
    return pieces(scaled(residents, lattice, census), lattice)


def main() -> None:
    """Write the table into the pack, and say its sums."""
    atlas = load_atlas()
    inputs = read_inputs(atlas, atlas.pack.root / "raw" / "geodata", land_demand(atlas).lattice)
    table = model(atlas, inputs)
    path = atlas.pack.root / "residents.csv"
    table.to_csv(path, index=False, lineterminator="\n")
    written = read_texts(path)
    print(f"{path}: {len(written)} rows, {written['residents'].astype(int).sum():,} residents")


if __name__ == "__main__":
    main()
