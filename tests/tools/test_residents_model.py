"""data/residents.csv computed another way: by stamps and tables in degrees, not by products of axes on arrays."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from scipy.spatial import cKDTree

from geo.atlas import load_atlas, load_gazetteer
from geo.coverage.demand import land_demand
from geo.paths import DATA_DIR
from tools.residents_check import compared
from tools.residents_model import whole_people

RAW = DATA_DIR / "raw" / "geodata"
BY_ROADS = {"320281", "320282"}
FAR = 6.0
"""Widths of a Gaussian beyond which a place counts for nothing (1e-8)."""


def shipped() -> pd.DataFrame:
    return pd.read_csv(DATA_DIR / "residents.csv", dtype={"district_code": str})


def cells_of_the_city() -> pd.DataFrame:
    """Every cell of 100 m with its district, place and height."""
    lattice = land_demand(load_atlas()).lattice
    rows, columns = np.nonzero(lattice.zone >= 0)
    table = pd.DataFrame(
        {
            "code": [lattice.codes[zone] for zone in lattice.zone[rows, columns]],
            "x": lattice.x0 + 100.0 * columns + 50.0,
            "y": lattice.y0 + 100.0 * rows + 50.0,
        }
    )
    move = pyproj.Transformer.from_crs("EPSG:4549", "EPSG:4490", always_xy=True)
    table["lon"], table["lat"] = move.transform(table["x"], table["y"])
    with (RAW / "dem_window.csv").open(encoding="utf-8", newline="") as handle:
        window = [[float(cell) for cell in row if cell] for row in csv.reader(handle)]
    table["height"] = [
        window[min(max(round((lat - 31.1103) * 120), 0), 102)][
            min(max(round((lon - 119.5136) * 120), 0), 131)
        ]
        for lon, lat in zip(table["lon"], table["lat"], strict=True)
    ]
    return table


def near(cells: pd.DataFrame, places: np.ndarray, weight: np.ndarray, width: float) -> np.ndarray:
    """Density at each cell by its neighbours in a tree, divided by its mean."""
    lists = cKDTree(places).query_ball_point(cells[["x", "y"]].to_numpy(), FAR * width)
    xy = cells[["x", "y"]].to_numpy()
    values = np.zeros(len(cells))
    for number, found in enumerate(lists):
        if found:
            far2 = ((places[found] - xy[number]) ** 2).sum(axis=1)
            values[number] = (weight[found] * np.exp(-far2 / (2 * width**2))).sum()
    return values / values.mean()


def metric(lon: pd.Series, lat: pd.Series) -> np.ndarray:
    move = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
    return np.column_stack(move.transform(np.asarray(lon), np.asarray(lat)))


def second_model() -> dict[tuple[str, int, int], float]:
    cells = cells_of_the_city()
    by_roads = cells["code"].isin(BY_ROADS)
    stops = pd.read_csv(RAW / "bus_stops_2014.csv")
    shapes = json.loads((RAW / "osm_main_roads_wuxi.geojson").read_text("utf-8"))["features"]
    corners = np.array([corner[:2] for shape in shapes for corner in shape["geometry"]["coordinates"]])
    towns = load_gazetteer().places
    weight = pd.Series(0.0, cells.index)
    urban, rural = cells[~by_roads], cells[by_roads]
    weight[~by_roads] = near(
        urban, metric(stops["lon"], stops["lat"]), np.maximum(stops["lines"], 1).to_numpy(), 500.0
    )
    roads = near(rural, metric(corners[:, 0], corners[:, 1]), np.ones(len(corners)), 1000.0)
    named = near(rural, metric(towns["lon"], towns["lat"]), np.ones(len(towns)), 1500.0)
    weight[by_roads] = (roads + 2 * named) / (roads + 2 * named).mean()
    weight = (weight + 0.02) * np.where(cells["height"] > 60, 0.15, 1.0) * (cells["height"] > 0)
    people = shared_by_five_minutes(cells, weight, by_roads)
    census = load_atlas().districts["residents_2020"]
    people *= cells["code"].map(census / people.groupby(cells["code"]).sum())
    pieces: dict[tuple[str, int, int], float] = defaultdict(float)
    for code, x, y, value in zip(cells["code"], cells["x"], cells["y"], people, strict=True):
        pieces[code, int(x // 500) * 500, int(y // 500) * 500] += value
    return pieces


def shared_by_five_minutes(cells: pd.DataFrame, weight: pd.Series, by_roads: pd.Series) -> pd.Series:
    """WorldPop's residents by table: each cell of five minutes is named by its row and column."""
    worldpop = pd.read_csv(RAW / "worldpop2020_5arcmin.csv")
    wests, souths = (sorted(worldpop[name].unique()) for name in ("lon_min", "lat_min"))
    places = [
        np.searchsorted(edges, cells[name], "right") - 1 for edges, name in ((wests, "lon"), (souths, "lat"))
    ]
    home = list(zip(*(each.tolist() for each in places), strict=True))
    groups = cells.assign(home=home, weight=weight, roads=by_roads).groupby(["home", "roads"])
    sums, number = groups["weight"].sum(), groups.size()
    lakes = shapely.union_all(
        [
            shapely.geometry.shape(lake["geometry"])
            for lake in json.loads((DATA_DIR / "lakes.geojson").read_text("utf-8"))["features"]
        ]
    )
    each: dict[tuple[tuple[int, int], bool], float] = {}
    for row in worldpop.fillna(0.0).itertuples():
        key = (wests.index(row.lon_min), souths.index(row.lat_min))
        box = shapely.box(row.lon_min, row.lat_min, row.lon_max, row.lat_max)
        dry_km2 = row.cell_km2 * (1 - box.intersection(lakes).area / box.area)
        for rule in (False, True):
            total = sums.get((key, rule), 0.0)
            if total > 0:
                share = min(number[(key, rule)] * 0.01 / dry_km2, 1.0)
                each[key, rule] = row.residents_2020 * share / total
    factors = [each.get(((a, b), rule), 0.0) for (a, b), rule in zip(home, by_roads, strict=True)]
    return weight * np.array(factors)


def test_the_table_is_what_a_second_implementation_makes_of_the_inputs() -> None:
    table = shipped()
    second = second_model()
    own = {
        (code, east, north): count
        for code, east, north, count in zip(
            table["district_code"], table["east_m"], table["north_m"], table["residents"], strict=True
        )
    }
    assert own.keys() == second.keys()
    off = {key: abs(own[key] - second[key]) for key in own}
    assert max(off.values()) <= 1.0  # whole people round by less than one


def test_each_district_sums_to_its_census_exactly() -> None:
    sums = shipped().groupby("district_code")["residents"].sum()
    census = {row["district_code"]: row["residents_2020"] for row in csv_rows("districts.csv")}
    assert {code: str(total) for code, total in sums.items()} == census


def csv_rows(name: str) -> list[dict[str, str]]:
    with (DATA_DIR / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_whole_people_keep_their_sum_and_move_by_less_than_one() -> None:
    values = pd.Series(np.random.default_rng(1).exponential(3.0, 500))
    values *= 1500 / values.sum()
    whole = whole_people(values)
    assert whole.sum() == 1500
    assert (np.abs(whole - values) < 1).all()


@pytest.mark.parametrize(
    ("residents", "misplaced", "rank"), [([10, 20, 30], 0.0, 1.0), ([30, 20, 10], 1 / 3, -1.0)]
)
def test_what_is_misplaced_is_known_by_hand(residents: list[int], misplaced: float, rank: float) -> None:
    squares = pd.MultiIndex.from_tuples([(1, 1), (1, 2), (2, 1)])
    off, order = compared(pd.Series(residents, squares), pd.Series([1.0, 2.0, 3.0], squares))
    assert math.isclose(off, misplaced, abs_tol=1e-12)
    assert math.isclose(order, rank)
