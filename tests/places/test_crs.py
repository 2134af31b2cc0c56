"""Coordinates: round trips, an independent package, borders, and what must be refused."""

from __future__ import annotations

import GeoToolCN
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CrsError
from geo.places import epsg
from geo.places.coordinate_checks import check_lonlat
from geo.places.crs import (
    DEGREE_SYSTEMS,
    convert,
    convert_geometry,
    gcj02_to_wgs84,
    system_name,
    wgs84_to_gcj02,
)

CM = 1e-2 / 111_000  # a centimetre in degrees
CHINA = st.tuples(st.floats(75, 134), st.floats(4, 53))


@given(CHINA, st.sampled_from(DEGREE_SYSTEMS), st.sampled_from(DEGREE_SYSTEMS))
def test_round_trip_is_better_than_a_centimetre(place: tuple[float, float], a: str, b: str) -> None:
    x, y = convert(*convert(*place, source=a, target=b), source=b, target=a)
    assert abs(float(x) - place[0]) < CM
    assert abs(float(y) - place[1]) < CM


@given(st.floats(118.6, 121.4), st.floats(30, 33), st.sampled_from(DEGREE_SYSTEMS))
def test_metres_round_trip(lon: float, lat: float, system: str) -> None:
    east, north = convert(lon, lat, source=system, target="EPSG:4549")
    x, y = convert(east, north, source="EPSG:4549", target=system)
    assert abs(float(x) - lon) < CM
    assert abs(float(y) - lat) < CM


@given(CHINA)
def test_forward_agrees_with_a_published_package(place: tuple[float, float]) -> None:
    theirs = GeoToolCN.wgs84_to_gcj02(*place)
    ours = wgs84_to_gcj02(*place)
    assert np.allclose([float(v) for v in ours], theirs, atol=1e-9)
    theirs = GeoToolCN.gcj02_to_bd09(*place)
    ours = convert(*place, source="GCJ02", target="BD09")
    assert np.allclose([float(v) for v in ours], theirs, atol=1e-9)


def test_known_station_from_the_facts() -> None:
    """堰桥 as the facts convert it, rounded there to 6 decimals."""
    lon, lat = convert(120.31491, 31.675557, source="gcj-02", target="wgs84")
    assert (round(float(lon), 6), round(float(lat), 6)) == (120.310288, 31.67744)


@given(st.floats(-179, 70), st.floats(-80, 80))
def test_outside_china_nothing_moves(lon: float, lat: float) -> None:
    for system in ("GCJ02", "BD09"):
        x, y = convert(lon, lat, source="WGS84", target=system)
        assert (float(x), float(y)) == (lon, lat)
        x, y = convert(lon, lat, source=system, target="WGS84")
        assert (float(x), float(y)) == (lon, lat)


@given(st.floats(-0.02, 0.02), st.floats(5, 50), st.booleans())
def test_border_has_one_jump_of_the_shift_and_no_hole(offset: float, lat: float, west: bool) -> None:
    """At the box's edge the forward shift starts at once (under 2 km); what was inside comes back exactly."""
    edge = 72.004 if west else 137.8347
    lon = edge + offset
    gx, gy = wgs84_to_gcj02(lon, lat)
    assert abs(float(gx) - lon) < 0.02
    x, y = gcj02_to_wgs84(gx, gy)
    inside = offset >= 0 if west else offset <= 0
    if inside:
        assert abs(float(x) - lon) < CM
        assert abs(float(y) - lat) < CM
    else:
        assert abs(float(x) - lon) < 0.02


def test_unknown_stays_unknown_and_shapes_are_kept() -> None:
    lon = np.array([[120.3, np.nan], [np.nan, 120.4]])
    lat = np.array([[31.5, np.nan], [31.5, 31.6]])
    for target in (*DEGREE_SYSTEMS, "EPSG:4549"):
        x, y = convert(lon, lat, source="WGS84", target=target)
        assert x.shape == y.shape == (2, 2)
        assert np.isfinite(x[0, 0])
        assert np.isnan(x[0, 1])
        assert np.isnan(y[0, 1])
    x, y = convert([], [], source="GCJ02", target="BD09")
    assert x.shape == (0,)
    x, y = convert([120.1, 120.2], 31.5, source="GCJ02", target="WGS84")
    assert x.shape == y.shape == (2,)


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        ([120.3, 31.5], [31.5, 120.3], "写反了"),
        ([120.3], [91.0], "超出经纬度范围"),
        ([np.inf], [31.0], "无穷大"),
        ([40520000.0], [3490000.0], "投影坐标"),
        ([190.0], [31.0], "超出经纬度范围"),
    ],
)
def test_what_cannot_be_degrees_is_refused(lon: list[float], lat: list[float], words: str) -> None:
    with pytest.raises(CrsError, match=words):
        convert(lon, lat, source="WGS84", target="GCJ02")


def test_the_message_names_the_row() -> None:
    with pytest.raises(CrsError, match="第 2 行") as caught:
        check_lonlat([120.3, 31.5, 31.6], [31.5, 120.3, 120.2])
    assert "共 2 行" in str(caught.value)
    assert "swapped" in caught.value.text("en")


@pytest.mark.parametrize(
    ("east", "north", "words"),
    [(120.3, 31.5, "经纬度"), (3490000.0, 520000.0, "写反"), (4e7, 3.4e6, "超出")],
)
def test_what_cannot_be_metres_is_refused(east: float, north: float, words: str) -> None:
    with pytest.raises(CrsError, match=words):
        convert(east, north, source="EPSG:4549", target="WGS84")


def test_shapes_that_do_not_fit_and_text_are_refused() -> None:
    with pytest.raises(CrsError, match="对不上"):
        convert([1.0, 2.0], [1.0, 2.0, 3.0], source="WGS84", target="GCJ02")
    with pytest.raises(CrsError, match="非数字"):
        convert(["a"], ["b"], source="WGS84", target="GCJ02")


@pytest.mark.parametrize("name", ["gcj-02", "GCJ02", "gcj_02", "Gcj 02"])
def test_names_in_any_spelling(name: str) -> None:
    assert system_name(name) == "GCJ02"


def test_unknown_system_lists_the_known() -> None:
    with pytest.raises(CrsError, match=r"EPSG:3857\+GCJ02"):
        system_name("utm")


def test_geometry_moves_with_every_vertex_and_keeps_none() -> None:
    line = shapely.LineString([(120.3, 31.5), (120.4, 31.6)])
    moved, nothing = convert_geometry([line, None], source="WGS84", target="GCJ02")
    assert nothing is None
    expected = wgs84_to_gcj02(120.4, 31.6)
    assert moved.coords[1] == (float(expected[0]), float(expected[1]))


def test_codes_that_need_no_look_into_proj_are_what_proj_says() -> None:
    codes = [code for few in epsg.IN_METRES for code in few]
    assert len(codes) == 184
    for code in codes:
        crs = pyproj.CRS.from_epsg(code)
        assert crs.is_projected, code
        assert {axis.unit_name for axis in crs.axis_info} == {"metre"}, code
        assert epsg.is_in_metres(f"EPSG:{code}")
    assert not epsg.is_in_metres("EPSG:4490")
    assert not epsg.is_in_metres("4549")
