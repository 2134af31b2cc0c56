"""The CRS guard: any real places shifted by each system are named right, noise and mixes are not, and nothing is silent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.atlas import load_atlas
from geo.errors import CrsError
from geo.ingest.datum.convert import reference_of, to_wgs84
from geo.ingest.datum.guard import CrsVerdict, guess_crs
from geo.ingest.datum.reference_places import reference_places
from geo.ingest.datum.shift_evidence import robust_location, shift_test
from geo.places.crs import convert
from geo.places.districts import district_of
from geo.places.named_systems import shapes_lonlat
from geo.reading.model import Layer
from geo.register.city import Atlas
from tests.depth import examples

ATLAS = load_atlas()
KNOWN = reference_places(ATLAS)
GOOD = KNOWN[KNOWN["accuracy_m"] <= 300]
SYSTEMS = ("WGS84", "GCJ02", "BD09")


def moved(lon: Any, lat: Any, metres: Any) -> Any:
    """Places moved by metres east and north."""
    east, north = convert(lon, lat, source="WGS84", target="EPSG:4549")
    return convert(east + metres[:, 0], north + metres[:, 1], source="EPSG:4549", target="WGS84")


def sample(count: int, seed: int, noise: float = 40.0) -> tuple[pd.DataFrame, Any, Any]:
    places = GOOD.sample(count, random_state=seed)
    off = np.random.default_rng(seed).normal(0, noise, (count, 2))
    lon, lat = moved(places["lon"], places["lat"], off)
    return pd.DataFrame({"编号": range(count), "名称": places["name_zh"].to_numpy()}), lon, lat


def told(verdict: CrsVerdict) -> str:
    return "\n".join(note.text() for note in verdict.notes)


@given(st.integers(8, 40), st.integers(0, 10_000), st.sampled_from(SYSTEMS), st.floats(0, 80))
@examples(25)
def test_any_real_places_in_each_system_are_named_right(
    count: int, seed: int, system: str, noise: float
) -> None:
    frame, lon, lat = sample(count, seed, noise)
    verdict = guess_crs(convert(lon, lat, source="WGS84", target=system), ATLAS, frame=frame)
    assert (verdict.confidence, verdict.system) == ("sure", system)
    assert verdict.best is not None
    assert verdict.best.off_m < 4 * verdict.best.error_m
    others = [each.off_m for each in verdict.candidates[1:3]]
    assert min(others) > 350
    done = to_wgs84(*convert(lon, lat, source="WGS84", target=system), verdict.best.reference)
    assert np.allclose(done.lon, lon, atol=1e-8)


@given(st.integers(4, 120), st.integers(0, 10_000))
@examples(25)
def test_random_places_under_known_names_cannot_be_told(count: int, seed: int) -> None:
    names = KNOWN["name_zh"].sample(count, random_state=seed).to_numpy()
    west, south, east, north = ATLAS.districts.total_bounds
    rng = np.random.default_rng(seed)
    xy = rng.uniform(west, east, count), rng.uniform(south, north, count)
    verdict = guess_crs(xy, ATLAS, frame=pd.DataFrame({"名称": names}))
    assert verdict.confidence == "cannot_tell"
    assert verdict.system == ""
    assert "判断不了" in told(verdict) or verdict.mixed


@pytest.mark.parametrize("metres", [(-250.0, 0.0), (0.0, 800.0), (220.0, -105.0)])
def test_a_shift_that_is_no_known_system_cannot_be_told(metres: tuple[float, float]) -> None:
    frame, lon, lat = sample(20, 1)
    x, y = moved(lon, lat, np.tile(metres, (20, 1)))
    verdict = guess_crs((x, y), ATLAS, frame=frame)
    assert verdict.confidence == "cannot_tell"


def test_the_shift_at_hand_is_the_published_one() -> None:
    frame, lon, lat = sample(30, 5, 0.0)
    verdict = guess_crs(convert(lon, lat, source="WGS84", target="GCJ02"), ATLAS, frame=frame)
    wgs = next(each for each in verdict.candidates if each.system == "WGS84")
    assert wgs.off_m == pytest.approx(485, abs=15)
    assert wgs.bearing_deg == pytest.approx(296, abs=3), "from GCJ-02 back: west and north"


@pytest.mark.parametrize("shares", [(6, 6), (9, 4), (4, 9)])
def test_a_mix_is_told_by_rows(shares: tuple[int, int]) -> None:
    first, second = shares
    frame, lon, lat = sample(first + second, 3)
    gcj = convert(lon[:first], lat[:first], source="WGS84", target="GCJ02")
    xy = np.concatenate([gcj[0], lon[first:]]), np.concatenate([gcj[1], lat[first:]])
    verdict = guess_crs(xy, ATLAS, frame=frame)
    assert verdict.mixed
    assert verdict.confidence == "cannot_tell"
    assert verdict.labels is not None
    expected = np.array(["GCJ02"] * first + ["WGS84"] * second)
    said = (verdict.labels != "").to_numpy()
    assert said.mean() > 0.8
    assert (verdict.labels.to_numpy()[said] == expected[said]).all()


def test_a_few_wrong_matches_do_no_harm() -> None:
    frame, lon, lat = sample(20, 7)
    lon[:4] += 0.05
    verdict = guess_crs(convert(lon, lat, source="WGS84", target="GCJ02"), ATLAS, frame=frame)
    assert (verdict.confidence, verdict.system) == ("sure", "GCJ02")


@pytest.mark.parametrize("system", SYSTEMS)
def test_borders_alone_can_tell(system: str) -> None:
    rng = np.random.default_rng(2)
    west, south, east, north = ATLAS.districts.total_bounds
    lon, lat = rng.uniform(west, east, 1500), rng.uniform(south, north, 1500)
    codes = district_of(lon, lat, ATLAS.districts)
    inside = codes != ""
    names = ATLAS.districts["name_zh"].reindex(codes[inside]).to_numpy()
    xy = convert(lon[inside], lat[inside], source="WGS84", target=system)
    verdict = guess_crs(xy, ATLAS, frame=pd.DataFrame({"所在区": names}))
    assert (verdict.confidence, verdict.system, verdict.matched) == ("sure", system, 0)
    few = guess_crs((xy[0][:10], xy[1][:10]), ATLAS, frame=pd.DataFrame({"所在区": names[:10]}))
    assert few.confidence != "sure"


GRIDS = [
    "EPSG:4549",
    "EPSG:4528",
    "EPSG:4548",
    "EPSG:4527",
    "EPSG:4550",
    "EPSG:4529",
    "EPSG:32651",
    "EPSG:32650",
    "EPSG:3857",
]


@pytest.mark.parametrize("northing_first", [False, True])
@pytest.mark.parametrize("grid", [*GRIDS, "EPSG:4498", "EPSG:4499"])
def test_every_grid_in_use_is_found_by_range(grid: str, northing_first: bool) -> None:
    frame, lon, lat = sample(12, 11)
    x, y = Transformer.from_crs(4326, grid, always_xy=True).transform(lon, lat)
    verdict = guess_crs((y, x) if northing_first else (x, y), ATLAS, frame=frame)
    assert (verdict.confidence, verdict.system) == ("sure", grid)
    assert verdict.best is not None
    assert verdict.best.reference.swapped == northing_first
    done = to_wgs84(*((y, x) if northing_first else (x, y)), verdict.best.reference)
    assert np.allclose(done.lat, lat, atol=1e-7)


def test_a_grid_drawn_on_a_shifted_datum() -> None:
    frame, lon, lat = sample(12, 11)
    gcj = convert(lon, lat, source="WGS84", target="GCJ02")
    xy = Transformer.from_crs(4326, 3857, always_xy=True).transform(*gcj)
    verdict = guess_crs(xy, ATLAS, frame=frame)
    assert verdict.system == "EPSG:3857+GCJ02"
    assert reference_of(verdict.system).datum == "GCJ02"


def test_swapped_signs_zeros_and_metres_are_named_by_row() -> None:
    frame, lon, lat = sample(20, 4)
    frame.index = pd.RangeIndex(2, 22)
    x, y = lon.copy(), lat.copy()
    x[0], y[0] = y[0], x[0]
    x[1] = -x[1]
    x[2] = y[2] = 0
    x[3], y[3] = 528_000, 3_490_000
    x[4] = np.nan
    verdict = guess_crs((x, y), ATLAS, frame=frame)
    words = {note.row: note.text() for note in verdict.notes if note.row}
    assert words.keys() == {2, 3, 4, 5}
    assert "写反" in words[2]
    assert "正负号" in words[3]
    assert "(0, 0)" in words[4]
    assert "米" in words[5]
    assert (verdict.confidence, verdict.system, verdict.matched) == ("sure", "WGS84", 15)
    whole = guess_crs((lat, lon), ATLAS, frame=frame)
    assert whole.best is not None
    assert whole.best.reference.swapped
    assert "在前" in told(whole)


def test_a_false_declaration_is_contradicted() -> None:
    frame, lon, lat = sample(15, 9)
    gcj = convert(lon, lat, source="WGS84", target="GCJ02")
    verdict = guess_crs(gcj, ATLAS, declared="EPSG:4326", frame=frame)
    assert "不符" in told(verdict)
    assert "不符" not in told(guess_crs((lon, lat), ATLAS, declared="EPSG:4326", frame=frame))
    xy = Transformer.from_crs(4326, 4528, always_xy=True).transform(lon, lat)
    assert "不符" in told(guess_crs(xy, ATLAS, declared="EPSG:4549", frame=frame))
    assert "不符" not in told(guess_crs(xy, ATLAS, declared="EPSG:4528", frame=frame))


def test_without_anything_to_compare_it_cannot_tell() -> None:
    __, lon, lat = sample(15, 9)
    verdict = guess_crs((lon, lat), ATLAS)
    assert verdict.confidence == "cannot_tell"
    assert {each.system for each in verdict.candidates} == set(SYSTEMS)
    elsewhere = guess_crs((lon - 10, lat), ATLAS)
    assert elsewhere.best is None
    assert guess_crs(([], []), ATLAS).best is None
    assert guess_crs(([np.nan], [np.nan]), ATLAS).best is None


def test_controls_of_ones_own() -> None:
    own = pd.DataFrame(
        {
            "name_zh": [f"控制点{n}" for n in range(6)],
            "lon": 120.3 + np.arange(6) / 50,
            "lat": 31.5,
            "accuracy_m": 1.0,
        }
    )
    xy = convert(own["lon"], own["lat"], source="WGS84", target="BD09")
    verdict = guess_crs(xy, ATLAS, reference_points=own, frame=own[["name_zh"]])
    assert (verdict.confidence, verdict.system) == ("sure", "BD09")


def test_a_layer_with_shapes_is_converted_on_ones_word(atlas: Atlas) -> None:
    frame, lon, lat = sample(10, 6)
    gcj = np.column_stack(convert(lon, lat, source="WGS84", target="GCJ02"))
    shapes = shapely.buffer(shapely.points(gcj), 0.001)
    shapes = np.append(shapes, [None])
    frame.loc[10] = [10, "没有图形"]
    layer = Layer("层", frame, shapes, "EPSG:4326")
    verdict = guess_crs(layer, atlas)
    assert verdict.system == "GCJ02"
    done = shapes_lonlat(layer.geometry, verdict.system)
    assert np.allclose(
        shapely.get_coordinates(shapely.centroid(done[:10])), np.column_stack([lon, lat]), atol=1e-6
    )
    assert done[10] is None
    assert shapely.equals(layer.geometry[0], shapes[0]), "the layer itself stays as it was"


def test_conversion_refuses_what_cannot_be() -> None:
    with pytest.raises(CrsError):
        to_wgs84([528_000.0], [3_490_000.0], "GCJ02")
    with pytest.raises(CrsError):
        to_wgs84([120.0], [31.0], "火星")
    done = to_wgs84([120.3, np.nan, 999.0], [31.5, 31.5, 31.5], "GCJ-02")
    assert np.isfinite(done.lon).tolist() == [True, False, False]
    assert done.x_original.tolist()[2] == 999.0
    assert len(done.log) == 3


@given(st.integers(0, 1000), st.integers(3, 60))
@examples(20)
def test_the_location_is_robust_and_moves_with_its_data(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    residuals, sigma = rng.normal(0, 50, (count, 2)), np.full(count, 50.0)
    centre, error = robust_location(residuals, sigma)
    shifted, again = robust_location(residuals + np.array([300, -200]), sigma)
    assert np.allclose(shifted - centre, [300, -200], atol=0.5)
    assert error == pytest.approx(again, rel=1e-2)
    assert error >= 50 / np.sqrt(count) * 0.99
    residuals[: count // 5] += 20_000
    assert np.hypot(*(robust_location(residuals, sigma)[0] - centre)) < 60


def test_nothing_to_compare_is_no_evidence() -> None:
    shift = shift_test(np.zeros((3, 0, 2)), np.zeros(0))
    assert shift.confidence == "cannot_tell"
    assert not shift.mixed
