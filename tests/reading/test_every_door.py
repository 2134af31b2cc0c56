"""Hostile files at every door: pages, commands and the import refuse each in plain words, and no server file is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app
from geo.errors import AtlasError, IngestError
from geo.reading.limits import Limits
from geo.reading.read_file import read_file
from geo.reading.read_timetable import read_timetable
from layers.analysis import uploads
from layers.analysis.siting import points_of_file
from tools import hostile_files as h

QUICK: Final = Limits(seconds=1)
CANARY: Final = "canary-of-a-server-file"
Door = Callable[[Path], Any]


def brought(kind: str) -> Door:
    return lambda path: uploads.bring(kind, path.name, path.read_bytes())


def command(*args: str) -> Door:
    """A command with the file's path in place of ``FILE``; what it refuses is raised, as ``main`` would print it."""

    def run(path: Path) -> str:
        done = CliRunner().invoke(app, [arg.replace("FILE", str(path)) for arg in args])
        if isinstance(done.exception, AtlasError):
            raise done.exception
        assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
        return done.output

    return run


DOORS: Final[dict[str, tuple[Door, tuple[str, ...]]]] = {
    "streets": (brought("streets"), (".gpkg", ".geojson", ".json", ".osm", ".pbf", ".fgb")),
    "residential": (brought("residential"), (".gpkg", ".geojson", ".json", ".fgb")),
    "zones": (brought("zones"), (".gpkg", ".geojson", ".json", ".zip", ".fgb", ".kml")),
    "parcels": (brought("parcels"), (".gpkg", ".geojson", ".zip")),
    "exclusions": (brought("exclusions"), (".gpkg", ".geojson", ".kml")),
    "raster": (brought("raster"), (".tif", ".tiff")),
    "candidates": (
        lambda path: points_of_file(load_atlas(), path.name, path.read_bytes()),
        (".geojson", ".json", ".gpkg", ".csv"),
    ),
    "import": (read_file, (".gpkg", ".geojson", ".json", ".csv", ".kml", ".gml", ".zip", ".osm", ".fgb", ".xlsx")),
    "geo import": (command("import", "FILE", "--dry-run"), (".geojson", ".csv", ".gpkg")),
    "geo import-osm": (command("import-osm", "FILE", "--dry-run"), (".osm", ".osm.pbf")),
    "geo base-map": (command("base-map", "--osm", "FILE", "--everywhere"), (".osm", ".osm.pbf")),
    "geo convert": (command("convert", "FILE", "--from", "gcj02", "--to", "wgs84"), (".csv", ".json", ".geojson")),
    "geo coverage --streets": (
        command("coverage", "--kind", "metro_station", "--radius", "500", "--streets", "FILE"),
        (".gpkg", ".json", ".osm"),
    ),
    "geo coverage --demand": (
        command("coverage", "--kind", "metro_station", "--radius", "500", "--demand", "FILE"),
        (".tif",),
    ),
    "geo site --candidates": (
        command("site", "--kind", "metro_station", "--radius", "500", "--k", "2", "--candidates", "FILE"),
        (".gpkg", ".json", ".csv"),
    ),
    "geo site --compare": (
        command("site", "--kind", "metro_station", "--radius", "500", "--k", "2", "--compare", "FILE"),
        (".json",),
    ),
    "geo whatif": (
        command("whatif", "--kind", "metro_station", "--radius", "500", "--scenario", "FILE"),
        (".json", ".geojson"),
    ),
    "timetable": (lambda path: read_timetable(path, date(2021, 12, 1), 0, 1), (".zip",)),
    "geo read-plan": (command("read-plan", "FILE"), (".docx", ".pdf", ".json")),
    "geo restore": (command("restore", "FILE"), (".zip",)),
}  # fmt: skip
EVERY: Final = [(name, ending) for name, (__, endings) in DOORS.items() for ending in endings]


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path / "var"))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the server that GDAL could read, were it told to."""
    path = tmp_path / "server" / "secret.geojson"
    path.parent.mkdir()
    gpd.GeoDataFrame(
        {"name": [CANARY]}, geometry=[shapely.LineString([(120.3, 31.5), (120.31, 31.5)])], crs=4326
    ).to_file(path)
    return path


def refused(name: str, path: Path) -> str:
    """What a door says of a file, in both languages; it must refuse."""
    with pytest.raises(AtlasError) as caught:
        DOORS[name][0](path)
    words = f"{caught.value.text('zh')}\n{caught.value.text('en')}"
    assert CANARY not in words
    assert "Traceback" not in words
    assert caught.value.text("en") != caught.value.text("zh")
    return words


@pytest.mark.parametrize(("name", "ending"), EVERY)
def test_words_that_would_have_a_server_file_read(
    name: str, ending: str, tmp_path: Path, secret: Path
) -> None:
    for content in (
        h.pipeline(secret),
        h.pipeline(secret, behind=8000) if ending not in {".csv", ".gml", ".kml"} else h.pipeline(secret),
        h.virtual_layer(secret),
        f"<VRTDataset rasterXSize='1' rasterYSize='1'><SourceFilename>{secret}</SourceFilename></VRTDataset>",
        f"/vsicurl/file://{secret}",
    ):
        refused(name, h.put(tmp_path, f"a{ending}", content))


@pytest.mark.parametrize(
    ("name", "ending"),
    [pair for pair in EVERY if pair[0] in {"streets", "residential", "raster", "candidates"}],
)
def test_a_refusal_has_the_own_name_of_the_file(name: str, ending: str, tmp_path: Path) -> None:
    said = refused(name, h.put(tmp_path, f"我的 <文件>{ending}", "nothing of that kind"))
    assert f"我的 <文件>{ending}" in said
    assert not re.search(r"upload\.|points\.|/tmp", said)


@pytest.mark.parametrize("name", [name for name, (__, endings) in DOORS.items() if ".gpkg" in endings])
def test_a_view_that_never_ends_is_stopped_at_every_door(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("brought", "read_file"):
        monkeypatch.setattr(f"geo.reading.{module}.LIMITS", QUICK)
    assert "1 秒" in refused(name, h.endless_shapes(tmp_path))


def test_few_files_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that take their whole time take the places there are, and no more: the next waits, then is refused."""
    places = BoundedSemaphore(1)
    monkeypatch.setattr("geo.reading.isolate._PLACES", places)
    path = h.gpkg(tmp_path, h.squares(2))
    with places, pytest.raises(IngestError, match="1 秒还没有轮到") as caught:
        read_file(path, limits=QUICK)
    assert "1 seconds" in caught.value.text("en")
    with places, pytest.raises(IngestError, match="取消"):
        read_file(path, cancelled=lambda: True)
    assert len(read_file(path).only().frame) == 2


@pytest.mark.parametrize("name", ["import", "geo restore", "timetable"])
def test_a_bomb_is_refused_before_it_is_unpacked(name: str, tmp_path: Path) -> None:
    assert "炸弹" in refused(name, h.bomb(tmp_path, 150))


@pytest.mark.parametrize("name", ["raster", "geo coverage --demand"])
@pytest.mark.parametrize(
    ("shape", "dtype", "block"), [((10_000, 10_000), "complex128", 7_936), ((400_000, 400_000), "uint8", 512)]
)
def test_a_raster_of_a_few_kilobytes_that_would_fill_the_memory(
    name: str, shape: tuple[int, int], dtype: str, block: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.tif"
    west, south, east, north = load_atlas().districts.to_crs(4549).total_bounds
    place = Affine((east - west) / shape[1], 0, west, 0, (south - north) / shape[0], north)
    profile = {
        "driver": "GTiff",
        "dtype": dtype,
        "count": 1,
        "crs": "EPSG:4549",
        "tiled": True,
        "SPARSE_OK": True,
        "BIGTIFF": "YES",
    }
    with rasterio.open(
        path,
        "w",
        **profile,
        height=shape[0],
        width=shape[1],
        blockxsize=block,
        blockysize=block,
        transform=place,
    ):
        pass
    refused(name, path)


@pytest.mark.parametrize(
    "name", [name for name, (__, endings) in DOORS.items() if {".json", ".geojson"} & set(endings)]
)
def test_json_that_breaks_a_parser(name: str, tmp_path: Path) -> None:
    ending = next(end for end in DOORS[name][1] if end in {".json", ".geojson"})
    for content in (
        '{"type": "FeatureCollection", "features": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"type": "FeatureCollection", "features": [], "n": ' + "9" * 5_000 + "}",
        '{"type": "FeatureCollection", "features": [',
        b'{"type": "FeatureCollection", "features": ["\xff\xfe"]}',
    ):
        refused(name, h.put(tmp_path, f"a{ending}", content))


def test_sound_files_are_read_and_never_by_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusals above are of the hostile content, not of all files; and no library of a format works in the server."""
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [120.3, 31.5]}}
    places = h.put(tmp_path, "a.geojson", json.dumps({"type": "FeatureCollection", "features": [point]}))
    lines = [shapely.LineString([(120.3, 31.5 + at / 100), (120.31, 31.5 + at / 100)]) for at in range(3)]
    streets = h.gpkg(tmp_path, lines, "streets.gpkg")
    west, south, east, north = load_atlas().districts.total_bounds
    residents, place = tmp_path / "a.tif", Affine((east - west) / 50, 0, west, 0, (south - north) / 50, north)
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "crs": "EPSG:4326",
        "height": 50,
        "width": 50,
    }
    with rasterio.open(residents, "w", **profile, transform=place) as raster:
        raster.write(np.ones((50, 50), "float32"), 1)
    for reader in (
        "pyogrio.raw.read",
        "pyogrio.read_dataframe",
        "pyogrio.list_layers",
        "geopandas.read_file",
        "rasterio.open",
    ):
        monkeypatch.setattr(reader, lambda *_given, **_named: pytest.fail("opened by the server"))
    assert DOORS["candidates"][0](places).startswith("120.3")
    assert DOORS["geo convert"][0](places)
    assert np.size(read_file(places).only().geometry) == 1
    assert DOORS["streets"][0](streets).startswith("streets-")
    assert DOORS["raster"][0](residents).startswith("raster-")
