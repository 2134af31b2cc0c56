"""National rasters: read by window within the memory of any file, cut to the city, kept as a data set, tiles added."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.windows import Window

from geo.coverage.city_raster import cut_to_city
from geo.coverage.demand import land_demand
from geo.coverage.question import demand_of
from geo.errors import AtlasError, ParameterError
from geo.reading import isolate
from geo.reading.limits import LIMITS, Limits
from geo.register.city import Atlas

SIDE = 1 / 1200  # degrees: 3", about 100 m
COUNTRY = (73.0, 18.0, 135.0, 54.0)


def national(path: Path, atlas: Atlas, *, half: str = "") -> None:
    """A raster of a country in 3" cells, 12.9 GB of numbers unpacked, with three people in each cell around the city, or in its
    ``west`` or ``east`` half.
    """
    place = Affine(SIDE, 0, COUNTRY[0], 0, -SIDE, COUNTRY[3])
    columns, rows = round((COUNTRY[2] - COUNTRY[0]) / SIDE), round((COUNTRY[3] - COUNTRY[1]) / SIDE)
    west, south, east, north = atlas.districts.total_bounds
    left, right = (round((edge - COUNTRY[0]) / SIDE) for edge in (west - 0.02, east + 0.02))
    top, bottom = (round((COUNTRY[3] - edge) / SIDE) for edge in (north + 0.02, south - 0.02))
    middle = (left + right) // 2
    left, right = (middle if half == "east" else left), (middle if half == "west" else right)
    with rasterio.open(path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="float32", crs="EPSG:4326",
                       transform=place, tiled=True, sparse_ok=True, compress="deflate", bigtiff="YES") as out:  # fmt: skip
        part = Window(left, top, right - left, bottom - top)
        out.write(np.full((bottom - top, right - left), 3, "float32"), 1, window=part)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory, atlas: Atlas) -> Path:
    path = tmp_path_factory.mktemp("raster") / "country.tif"
    national(path, atlas)
    return path


def test_a_raster_of_a_country_becomes_a_data_set_of_the_city(
    country: Path, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds twelve times what a reading process may take, and is itself larger than a person's file may be."""
    monkeypatch.setattr(isolate, "LIMITS", Limits(file_bytes=1000))  # linked, as one above the limit is
    with rasterio.open(country) as raster:
        assert raster.width * raster.height * 4 > 10 * LIMITS.memory_bytes
    kept = cut_to_city(atlas, [country], name="全国", credit="Someone")
    demand = demand_of(atlas, kept.token, files=True)
    assert demand.kind == "raster"
    assert demand.inputs["raster"] == "全国"
    assert demand.inputs["even_in"] == []
    assert demand.residents is not None
    assert demand.residents.tolist() == pytest.approx(atlas.districts["residents_2020"].tolist())
    lattice = land_demand(atlas).lattice
    density = demand.source_totals / lattice.sums(np.ones(lattice.shape))
    # a cell of 3" at this latitude is 92.5 by 79 m: as many people on every hectare of every district
    assert density == pytest.approx(np.full(len(density), 3 * 1e4 / (92.4 * 78.9)), rel=0.02)


def test_tiles_of_one_raster_are_added_and_a_zip_is_unpacked(
    tmp_path: Path, country: Path, atlas: Atlas
) -> None:
    for name in ("west", "east"):
        national(tmp_path / f"{name}.tif", atlas, half=name)
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.write(tmp_path / f"{name}.tif", f"{name}.tif")
            archive.writestr("readme.txt", "x")
    parts = cut_to_city(atlas, [tmp_path / "west.zip", tmp_path / "east.zip"], name="两幅", credit="")
    whole = cut_to_city(atlas, [country], name="全国", credit="")
    ours, theirs = (demand_of(atlas, each.token, files=True) for each in (parts, whole))
    assert ours.source_totals == pytest.approx(theirs.source_totals, rel=1e-9)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "east.tif",
        "east.zip",
        "west.tif",
        "west.zip",
    ]


def test_a_raster_beside_the_city_and_a_zip_without_one_are_refused(tmp_path: Path, atlas: Atlas) -> None:
    elsewhere = tmp_path / "elsewhere.tif"
    with rasterio.open(elsewhere, "w", driver="GTiff", width=10, height=10, count=1, dtype="float32", crs="EPSG:4326",
                       transform=Affine(0.1, 0, 10, 0, -0.1, 50)) as out:  # fmt: skip
        out.write(np.ones((10, 10), "float32"), 1)
    with pytest.raises(ParameterError, match="不覆盖本市"):
        cut_to_city(atlas, [elsewhere], name="x", credit="")
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(AtlasError, match="GeoTIFF"):
        cut_to_city(atlas, [tmp_path / "none.zip"], name="x", credit="")
