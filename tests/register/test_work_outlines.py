"""Outlines of works beside the register: drawn, measured, counted by nothing, gone with what was undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.atlas import load_atlas, load_gazetteer
from geo.coverage.saved_data import save_dataset
from geo.display.card import card
from geo.files.content import Content
from geo.files.formats import gpkg
from geo.files.systems import get_system
from geo.ingest.cells.columns import guess_mapping
from geo.ingest.plan.import_plan import Options, make_plan
from geo.ingest.plan.save_data import save_outlines
from geo.reading.model import Layer
from geo.register.city import Atlas
from geo.register.near import near
from geo.register.positions import Position
from geo.register.work_outlines import work_outlines
from layers.map.registry import get_layer
from layers.map.spec import MapContext

DAY = date(2026, 11, 30)
SIDE = 0.006
"""Degrees of half the side of the square that works are given here."""


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, atlas: Atlas) -> tuple[str, gpd.GeoDataFrame]:
    """A placed work of the pack with a square around it, and the data set that holds it beside an unknown work's."""
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    state = atlas.register.state(DAY)
    work = state[(state["kind"] == "work") & state["lon"].notna() & state["line_id"].isna()].iloc[0]
    square = shapely.box(work["lon"] - SIDE, work["lat"] - SIDE, work["lon"] + SIDE, work["lat"] + SIDE)
    frame = gpd.GeoDataFrame(
        {"work_id": [work["work_id"], "X-0000"], "name_zh": ["甲", "乙"], "accuracy_m": [100.0, 100.0]},
        geometry=[square, square],
        crs=4326,
    )
    save_dataset("outlines", frame, name="清单")
    return str(work["work_id"]), frame


def test_only_works_of_the_register_have_outlines(drawn, atlas: Atlas) -> None:
    work_id, frame = drawn
    outlines = work_outlines(atlas.register)
    assert list(outlines.index) == [work_id]
    assert outlines.geometry.iloc[0].equals(frame.geometry.iloc[0])
    area, _length = Geod(ellps="GRS80").geometry_area_perimeter(frame.geometry.iloc[0])
    assert outlines["area_m2"].iloc[0] == pytest.approx(abs(area), rel=1e-3)


def test_the_last_outline_counts(drawn, atlas: Atlas) -> None:
    work_id, frame = drawn
    smaller = frame.assign(geometry=[shapely.buffer(one, -SIDE / 2) for one in frame.geometry])
    save_dataset("outlines", smaller, name="改过的清单")
    assert work_outlines(atlas.register).geometry[work_id].equals(smaller.geometry.iloc[0])


def test_a_distance_is_to_the_outline(drawn, atlas: Atlas) -> None:
    work_id, frame = drawn
    west, south, _east, north = frame.geometry.iloc[0].bounds
    away = 0.004
    place = Position(lon=west - away, lat=(south + north) / 2)
    found = near(atlas, place, as_of=DAY, scope="all").works.loc[work_id]
    right = Geod(ellps="GRS80").inv(west - away, place.lat, west, place.lat)[2]
    assert found["distance_m"] == pytest.approx(right, rel=2e-3)
    assert found["most_m"] - found["distance_m"] == pytest.approx(100.0)
    within = near(atlas, replace(place, lon=west + away), as_of=DAY, scope="all").works.loc[work_id]
    assert within["distance_m"] == 0


def test_map_card_and_files_have_it(drawn, atlas: Atlas, tmp_path: Path) -> None:
    work_id, frame = drawn
    (feature,) = get_layer("outlines").payload(MapContext(atlas))["features"]
    assert feature["properties"]["id"] == work_id
    assert np.allclose(
        feature["geometry"]["coordinates"][0], frame.geometry.iloc[0].exterior.coords, atol=1e-6
    )
    state = atlas.register.state(DAY)
    assert "平方米" in card(atlas, work_id, state, "zh")["outline"]
    assert card(atlas, str(state.index[-1]), state, "zh")["outline"] == ""
    content = Content(atlas, state, DAY, get_system("wgs84", atlas.city))
    path = tmp_path / "out.gpkg"
    path.write_bytes(gpkg.write(content))
    layer = gpd.read_file(path, layer="outlines")
    assert list(layer["work_id"]) == [work_id]
    assert layer.geometry.iloc[0].symmetric_difference(frame.geometry.iloc[0]).area < 1e-9
    assert shapely.from_wkt(content.frame.loc[work_id, "wkt"]).geom_type == "Polygon"


def test_what_a_list_draws_is_saved_and_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, atlas: Atlas
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    shape = shapely.box(120.30, 31.57, 120.31, 31.58)
    frame = gpd.GeoDataFrame({"名称": ["试验地块"], "区县": ["梁溪区"]})
    layer = Layer("地块", frame.set_axis([1]), np.array([shape], object), "EPSG:4326")
    options = Options(item_id="U01", crs="WGS84", source={"title": "清单", "publisher": "x"}, today=DAY)
    plan = make_plan(layer, guess_mapping(layer, atlas), options, atlas, load_gazetteer())
    save_outlines(plan)
    assert work_outlines(atlas.register).empty, "not before the register has the work"
    from geo.store import open_store
    from geo.store.model import Actor, Role

    store = open_store(f"sqlite:///{tmp_path / 'atlas.db'}")
    person = Actor("t", Role.editor)
    batch = store.apply(person, plan.batch())
    (work_id,) = plan.made.targets.values()
    assert list(work_outlines(load_atlas().register).index) == [work_id]
    store.undo_batch(person, batch.batch_id, "试验")
    assert work_outlines(load_atlas().register).empty


def test_a_list_that_says_nothing_new_brings_its_outline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, atlas: Atlas
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    state = atlas.register.state(DAY)
    placed = state[(state["kind"] == "work") & state["line_id"].isna()].sort_values("accuracy_m")
    work = placed.iloc[0]
    side = 1.5 * work["accuracy_m"] / 95_000  # a coarser place than the register's is no news of it
    square = shapely.Point(work["lon"], work["lat"]).buffer(side, cap_style="square")
    columns = {"项目编号": [work["work_id"]], "名称": [work["name_zh"]]}
    layer = Layer("地块", gpd.GeoDataFrame(columns).set_axis([1]), np.array([square], object), "EPSG:4326")
    options = Options(
        crs="WGS84", source={"title": "清单", "publisher": "x"}, today=DAY, rules={"differs": "register"}
    )
    plan = make_plan(layer, guess_mapping(layer, atlas), options, atlas, load_gazetteer())
    assert (plan.counts["known"], plan.new_outlines, plan.empty) == (1, 1, False)
    version = get_layer("outlines").version()
    save_outlines(plan)
    assert list(work_outlines(atlas.register).index) == [work["work_id"]]
    assert get_layer("outlines").version() != version, "a map that has the layer asks for it again"
    again = make_plan(layer, guess_mapping(layer, atlas), options, atlas, load_gazetteer())
    assert (again.new_outlines, again.empty) == (0, True)


def test_outlines_of_facilities_are_drawn_for_their_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, atlas: Atlas
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    assert get_layer("facility_outlines").payload(MapContext(atlas))["features"] == []
    facilities = atlas.register.facilities
    facility = facilities[facilities["opened"].notna()].iloc[0]
    square = shapely.box(120.30, 31.57, 120.31, 31.58)
    frame = gpd.GeoDataFrame({"work_id": [str(facility.name)]}, geometry=[square], crs=4326)
    save_dataset("outlines", frame, name="学校")
    (feature,) = get_layer("facility_outlines").payload(MapContext(atlas))["features"]
    opened = facility["opened"]
    assert feature["properties"]["opened"] == 10_000 * opened.year + 100 * opened.month + opened.day
    assert feature["properties"]["districts"] == facility["district_code"]
    assert "history" not in feature["properties"], "no work: in the layer's own colour"
    assert work_outlines(atlas.register).empty
