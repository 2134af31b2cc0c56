"""Residents of rasters and of residential land: nobody lost, nothing guessed, broken files told by name."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import Affine

from geo.atlas import load_atlas
from geo.coverage.answer import coverage
from geo.coverage.demand import Demand, census_demand, land_demand, raster_demand, residential_demand
from geo.coverage.reach import Reach
from geo.errors import AtlasError, CrsError, DataError, ParameterError
from geo.kernels.lattice import Lattice
from geo.kernels.raster import read_population
from geo.register.facilities import Facilities

CENSUS = load_atlas().districts["residents_2020"].to_numpy("float64")
SIDE = 0.01  # degrees: cells of about 1 km


def write(path: Path, data: Any, transform: Affine, **more: Any) -> Path:
    profile: dict[str, Any] = {"driver": "GTiff", "dtype": data.dtype, "count": 1, "crs": "EPSG:4326"} | more
    with rasterio.open(
        path, "w", height=data.shape[0], width=data.shape[1], transform=transform, **profile
    ) as out:
        out.write(data, 1)
    return path


def over_the_city(path: Path, value: float = 50.0, **more: Any) -> Path:
    """A raster of equal cells over all districts."""
    west, south, east, north = load_atlas().districts.to_crs(4326).total_bounds
    shape = math.ceil((north - south) / SIDE) + 2, math.ceil((east - west) / SIDE) + 2
    place = Affine(SIDE, 0, west - SIDE, 0, -SIDE, north + SIDE)
    return write(path, np.full(shape, value, more.pop("dtype", "float32")), place, **more)


def small_lattice() -> Lattice:
    """20 km by 16 km in the middle of the city, one zone."""
    return Lattice(500_000.0, 3_480_000.0, 100.0, np.zeros((160, 200), "int16"), np.ones((160, 200)), ("a",))


@pytest.mark.parametrize(
    ("crs", "cell_m", "turn"),
    [
        ("ESRI:54009", 100.0, 0.0),
        ("ESRI:54009", 1010.0, 30.0),
        ("EPSG:4326", 92.0, 0.0),
        ("EPSG:4326", 925.0, 0.0),
        ("EPSG:4549", 37.0, 30.0),
        ("EPSG:3857", 250.0, 0.0),
    ],
)
def test_nobody_is_lost_whatever_the_projection(tmp_path: Path, crs: str, cell_m: float, turn: float) -> None:
    """Random cells in the middle of the lattice, upright and rotated: the sum and the centre of gravity stay."""
    rng = np.random.default_rng(5)
    cells = small_lattice()
    move = Transformer.from_crs("EPSG:4549", crs, always_xy=True)
    back = Transformer.from_crs(crs, "EPSG:4549", always_xy=True)
    x, y = move.transform(510_000, 3_488_000)
    beside = move.transform(510_000 + cell_m, 3_488_000)
    size = math.hypot(beside[0] - x, beside[1] - y)
    n = int(6000 / cell_m)
    place = Affine.translation(x, y) @ Affine.rotation(turn) @ Affine.scale(size, -size)
    place = place @ Affine.translation(-n / 2, -n / 2)
    data = rng.gamma(0.4, 20.0, (n, n))
    found = read_population(write(tmp_path / "p.tif", data, place, crs=crs), cells, "EPSG:4549")
    assert found.residents.sum() == pytest.approx(data.sum(), rel=1e-9)
    assert found.cell_m == pytest.approx(
        cell_m, rel=0.2
    )  # of Mollweide and Mercator a cell is not as wide as high
    row, column = np.indices(data.shape)
    px, py = place @ (column.ravel() + 0.5, row.ravel() + 0.5)
    ex, ey = back.transform(px, py)
    east, north = np.meshgrid(*cells.centres())
    for got, want in ((east, ex), (north, ey)):
        middle = (found.residents * got).sum() / data.sum()
        assert middle == pytest.approx((data.ravel() * want).sum() / data.sum(), abs=20)


def test_large_cells_spread_evenly(tmp_path: Path) -> None:
    """One cell of 2 km: its residents lie evenly on the 400 cells below it."""
    data = np.array([[800.0]])
    path = write(tmp_path / "one.tif", data, Affine(2000, 0, 505_000, 0, -2000, 3_490_000), crs="EPSG:4549")
    found = read_population(path, small_lattice(), "EPSG:4549").residents
    assert found[80:100, 50:70] == pytest.approx(2.0)
    assert found.sum() == pytest.approx(800)


def test_a_raster_is_scaled_to_the_census_and_both_are_shown(tmp_path: Path) -> None:
    atlas = load_atlas()
    demand = raster_demand(atlas, over_the_city(tmp_path / "人口.tif"))
    assert demand.residents == pytest.approx(CENSUS)
    assert demand.lattice.totals == pytest.approx(CENSUS)
    assert demand.source_totals is not None
    assert demand.inputs["raster"] == "人口.tif"
    assert demand.inputs["even_in"] == demand.inputs["partly_in"] == []
    # equal cells of so many square degrees: residents as land, within what whole cells of 100 m can tell
    per_km2 = demand.source_totals / (demand.zones.area_m2 / 1e6)
    assert per_km2 == pytest.approx(per_km2.mean(), rel=0.02)
    station = Facilities.from_frame(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy([120.3], [31.57]), crs=4326), "EPSG:4549"
    )
    by_raster = coverage(atlas, station, demand, Reach.straight(3000))
    even = coverage(atlas, station, census_demand(atlas), Reach.straight(3000))
    assert by_raster.table["residents_served"].iloc[-1] == pytest.approx(
        even.table["residents_served"].iloc[-1], rel=0.02
    )
    assert by_raster.table["residents_raster"].iloc[-1] == pytest.approx(demand.source_totals.sum())
    assert any("人口.tif" in line for line in by_raster.messages())


def test_the_self_check_of_a_city_half_covered_says_where(tmp_path: Path) -> None:
    """East of 120.2 only: 江阴 in part, and a district without anybody is spread evenly; both are named."""
    place = Affine(SIDE, 0, 120.2, 0, -SIDE, 32.1)
    path = write(tmp_path / "east.tif", np.full((100, 60), 30.0), place)
    demand = raster_demand(load_atlas(), path)
    assert "320282" in demand.inputs["even_in"] + demand.inputs["partly_in"]
    assert "320281" in demand.inputs["partly_in"]
    assert demand.residents == pytest.approx(CENSUS)
    station = Facilities.from_frame(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy([120.3], [31.57]), crs=4326), "EPSG:4549"
    )
    answer = coverage(load_atlas(), station, demand, Reach.straight(3000))
    assert any("江阴" in line for line in answer.messages())
    assert any("Jiangyin" in line for line in answer.messages("en"))


def test_negative_and_missing_cells_are_nobody_and_counted(tmp_path: Path) -> None:
    data = np.full((160, 200), 2.0)
    data[0, :5], data[1, :7], data[2, :3] = -99999.0, np.nan, -1.0
    place = Affine(100, 0, 500_000, 0, -100, 3_496_000)
    found = read_population(
        write(tmp_path / "holes.tif", data, place, crs="EPSG:4549"), small_lattice(), "EPSG:4549"
    )
    assert found.invalid == 15
    assert found.residents.sum() == pytest.approx(2.0 * (data.size - 15))
    declared = write(tmp_path / "declared.tif", data, place, crs="EPSG:4549", nodata=-99999.0)
    assert read_population(declared, small_lattice(), "EPSG:4549").invalid == 10


def test_south_up_is_read_as_it_lies(tmp_path: Path) -> None:
    data = np.zeros((160, 200))
    data[0, 0] = 7.0
    place = Affine(100, 0, 500_000, 0, 100, 3_480_000)
    found = read_population(
        write(tmp_path / "up.tif", data, place, crs="EPSG:4549"), small_lattice(), "EPSG:4549"
    )
    assert found.residents[0, 0] == pytest.approx(7)


def nowhere(path: Path) -> Path:
    return write(path, np.ones((50, 50), "float32"), Affine(0.1, 0, -60, 0, -0.1, -5))


def undeclared(path: Path) -> Path:
    return over_the_city(path, 65535, dtype="uint16")


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda path: over_the_city(path, crs=None), CrsError, "没有坐标系"),
        (nowhere, ParameterError, "不覆盖本市"),
        (lambda path: over_the_city(path, 0.0), ParameterError, "没有人口"),
        (lambda path: over_the_city(path, -1.0), ParameterError, "没有人口"),
        (lambda path: over_the_city(path, 3.4e38), DataError, "无数据"),
        (lambda path: over_the_city(path, float("nan")), ParameterError, "没有人口"),
    ],
)
def test_a_raster_that_cannot_answer_says_why(
    tmp_path: Path, make: Any, error: type[AtlasError], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        raster_demand(load_atlas(), make(tmp_path / "pop.tif"))
    assert "pop.tif" in str(caught.value)
    assert caught.value.text("en") != caught.value.text("zh")


def test_cells_of_a_metre_over_the_city_are_refused_with_figures(tmp_path: Path) -> None:
    """A sparse file of a few kilobytes that would be ten billion cells: refused before anything is read."""
    path = tmp_path / "fine.tif"
    west, south, east, north = load_atlas().districts.to_crs(4549).total_bounds
    profile = {
        "driver": "GTiff",
        "dtype": "uint8",
        "count": 1,
        "crs": "EPSG:4549",
        "tiled": True,
        "SPARSE_OK": True,
    }
    size = {
        "width": int(east - west),
        "height": int(north - south),
        "transform": Affine(1, 0, west, 0, -1, north),
    }
    with rasterio.open(path, "w", **profile, **size):
        pass
    with pytest.raises(ParameterError, match=r"每格约 1 米.*200,000,000"):
        raster_demand(load_atlas(), path)


def test_one_huge_tile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tile.tif"
    profile = {
        "driver": "GTiff",
        "dtype": "uint8",
        "count": 1,
        "crs": "EPSG:4549",
        "SPARSE_OK": True,
        "tiled": True,
    }
    place = Affine(30, 0, 440_000, 0, -30, 3_570_000)
    size = {
        "width": 10_000,
        "height": 10_000,
        "blockxsize": 10_000 // 16 * 16 + 16,
        "blockysize": 10_000 // 16 * 16 + 16,
    }
    with rasterio.open(path, "w", **profile, **size, transform=place):
        pass
    with pytest.raises(DataError, match="数据块"):
        raster_demand(load_atlas(), path)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.png", b"\x89PNG", ParameterError),
        ("a.tif", b"\x89PNG", DataError),
        ("empty.tif", b"", DataError),
        ("cut.tif", b"II*\x00\x08\x00\x00\x00", DataError),
        ("vrt.tif", b"<VRTDataset rasterXSize='1' rasterYSize='1'/>", DataError),
    ],
)
def test_what_is_no_raster_is_refused(
    tmp_path: Path, name: str, content: bytes, error: type[AtlasError]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=name.split(".", maxsplit=1)[0]):
        raster_demand(load_atlas(), tmp_path / name)
    with pytest.raises(ParameterError):
        raster_demand(load_atlas(), Path("/vsicurl/http://localhost/a.tif"))


def test_a_raster_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    whole = over_the_city(tmp_path / "whole.tif").read_bytes()
    (tmp_path / "half.tif").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"half\.tif"):
        raster_demand(load_atlas(), tmp_path / "half.tif")


def homes(district_shares: dict[str, float]) -> gpd.GeoDataFrame:
    """Around the middle of each district, a square of so many kilometres."""
    land = load_atlas().districts["land"].to_crs(4549)
    squares = [
        shapely.box(p.x - 500 * km, p.y - 500 * km, p.x + 500 * km, p.y + 500 * km)
        for p, km in zip(land.representative_point(), district_shares.values(), strict=True)
        if km
    ]
    return gpd.GeoDataFrame(geometry=squares, crs=4549)


def test_residential_land_holds_the_residents() -> None:
    atlas = load_atlas()
    sizes = dict.fromkeys(atlas.districts.index, 1.0)
    layer = homes(sizes)
    demand: Demand = residential_demand(atlas, layer.to_crs(4326), name="homes")
    assert demand.residents == pytest.approx(CENSUS)
    assert demand.zones.area_m2.sum() < land_demand(atlas).zones.area_m2.sum() / 100
    one = Facilities.from_frame(gpd.GeoDataFrame(geometry=layer.centroid.iloc[:1], crs=4549), "EPSG:4549")
    table = coverage(atlas, one, demand, Reach.straight(800)).table
    assert table["share_residents"].iloc[0] == pytest.approx(
        1.0
    )  # a square of 1 km lies within 800 m of its middle
    assert table["residents_served"].iloc[0] == pytest.approx(CENSUS[0])
    assert (table["residents_served"].iloc[1:-1] < 1).all()


def test_residential_land_that_leaves_a_district_out_is_refused() -> None:
    atlas = load_atlas()
    sizes = dict.fromkeys(atlas.districts.index, 1.0)
    sizes[atlas.districts.index[-1]] = 0.0
    with pytest.raises(ParameterError, match=str(atlas.districts["name_zh"].iloc[-1])):
        residential_demand(atlas, homes(sizes))
    with pytest.raises(CrsError):
        residential_demand(atlas, homes(sizes).set_crs(None, allow_override=True))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([120.3], [31.5]), crs=4326)
    with pytest.raises(ParameterError, match="没有多边形"):
        residential_demand(atlas, points)
