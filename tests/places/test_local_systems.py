"""Local systems: control points and parameters lead where an independent computation says, and nothing that does not fit is kept."""

from __future__ import annotations

import cmath
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.errors import CrsError, UnknownIdError
from geo.ingest.datum.reference_frames import fitting
from geo.places.control_points import fit_four_parameters
from geo.places.coordinate_checks import metres
from geo.places.crs import convert, system_name
from geo.places.local_systems import (
    LocalSystem,
    find_saved_system,
    forget_system,
    local_from_degrees,
    local_to_degrees,
    save_system,
    saved_systems,
)
from geo.places.make_local import (
    from_control_points,
    from_parameters,
    parameters_of_text,
    read_control_points,
    rows_of_text,
)
from geo.places.named_systems import canonical_system, lonlat, usual_systems
from geo.places.projections import datum_shift
from geo.vocabulary import system_label
from tests.depth import examples

DAY = date(2026, 11, 30)
NAME = "无锡城建坐标系"
BASE = "EPSG:4549"
FOUR = (498_000.0, 3_455_000.0, 7_200.0, 12.5)
"""Invented: no real city's parameters are known here."""

shifts = st.floats(-500_000, 4_000_000)
turns = st.floats(-180_000, 180_000)
scales = st.floats(-500, 500)
locals_ = st.floats(-80_000, 80_000)


def by_hand(x: float, y: float, four: tuple[float, float, float, float]) -> tuple[float, float]:
    """The four parameters as one complex number: another way than PROJ's."""
    east, north, turn, scale = four
    moved = complex(x, y) * cmath.rect(1 + scale / 1e6, math.radians(turn / 3600)) + complex(east, north)
    return moved.real, moved.imag


def four_system(values: tuple[float, ...] = FOUR, accuracy_m: float = 0.05) -> LocalSystem:
    return LocalSystem(NAME, BASE, "four", values, accuracy_m, "试验", "2026-11-30")


def control_points(
    four: tuple[float, float, float, float] = FOUR, spread: float = 20_000.0
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    places = [(0.0, 0.0), (spread, 1000.0), (300.0, spread), (-spread, -spread / 2), (spread / 3, -spread)]
    return np.array([(x, y, *by_hand(x, y, four)) for x, y in places])


@given(locals_, locals_, turns, scales)
def test_four_parameters_lead_where_complex_numbers_do(x: float, y: float, turn: float, scale: float) -> None:
    four = (498_000.0, 3_455_000.0, turn, scale)
    lon, lat = local_to_degrees(np.array([x]), np.array([y]), four_system(four))
    golden = Transformer.from_crs(BASE, "EPSG:4490", always_xy=True).transform(*by_hand(x, y, four))
    assert (lon[0], lat[0]) == pytest.approx(golden, abs=1e-10)
    back = local_from_degrees(lon, lat, four_system(four))
    assert (back[0][0], back[1][0]) == pytest.approx((x, y), abs=1e-3)


@given(shifts, shifts, turns, scales)
def test_points_give_back_the_parameters_that_made_them(
    east: float, north: float, turn: float, scale: float
) -> None:
    points = control_points((east, north, turn, scale))
    fitted = fit_four_parameters(*points.T)
    found = [by_hand(x, y, fitted.values) for x, y in points[:, :2]]
    assert np.allclose(found, points[:, 2:], rtol=0, atol=1e-4)
    assert fitted.accuracy_m <= 0.01


@given(st.lists(st.tuples(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05)), min_size=5, max_size=5))
def test_a_new_point_lies_within_the_stated_accuracy_of_fits_with_small_errors(
    errors: list[tuple[float, float]],
) -> None:
    points = control_points()
    points[:, 2:] += np.array(errors)
    fitted = fit_four_parameters(*points.T)
    assert (fitted.left_m <= fitted.left_out_m + 1e-6).all()
    for at, row in enumerate(points):
        others = fit_four_parameters(*np.delete(points, at, axis=0).T)
        off = math.dist(by_hand(row[0], row[1], others.values), row[2:])
        assert off == pytest.approx(fitted.left_out_m[at], abs=1e-5)
        assert off <= fitted.accuracy_m + 1e-9


@given(st.integers(0, 4), st.floats(1.5, 5_000), st.floats(0, 6.28))
def test_a_point_that_does_not_fit_is_named(at: int, off: float, way: float) -> None:
    points = control_points()
    points[at, 2:] += (off * math.cos(way), off * math.sin(way))
    with pytest.raises(CrsError) as refused:
        fit_four_parameters(*points.T)
    assert refused.value.params["row"] == at + 1


@pytest.mark.parametrize(
    "points",
    [control_points()[:2], np.repeat(control_points()[:1], 4, axis=0), control_points()[:, [1, 0, 2, 3]]],
    ids=["two", "one-place", "local axes swapped"],
)
def test_what_proves_nothing_is_refused(points: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    with pytest.raises(CrsError):
        fit_four_parameters(*points.T)


def geocentric(lon: float, lat: float, a: float, f: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    squared = f * (2 - f)
    long, wide = math.radians(lon), math.radians(lat)
    radius = a / math.sqrt(1 - squared * math.sin(wide) ** 2)
    flat = radius * math.cos(wide)
    return np.array([flat * math.cos(long), flat * math.sin(long), radius * (1 - squared) * math.sin(wide)])


def test_seven_parameters_lead_where_the_matrix_does() -> None:
    """Beijing 54 (EPSG:2437) by invented parameters; the rotation matrix is written out here."""
    seven = (15.8, -154.4, -82.3, 0.4, -0.3, 0.6, -1.2)
    system = LocalSystem("旧图", "EPSG:2437", "seven", seven, 0.5, "试验", "2026-11-30")
    east, north = 531_234.5, 3_491_876.5
    old = Transformer.from_crs("EPSG:2437", "EPSG:4214", always_xy=True).transform(east, north)
    start = geocentric(*old, 6_378_245.0, 1 / 298.3)
    rx, ry, rz = (math.radians(second / 3600) for second in seven[3:6])
    turn = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    golden = np.array(seven[:3]) + (1 + seven[6] / 1e6) * turn @ start
    lon, lat = local_to_degrees(np.array([east]), np.array([north]), system)
    there = geocentric(float(lon[0]), float(lat[0]), 6_378_137.0, 1 / 298.257222101)
    away = golden - there
    long, wide = np.radians([lon[0], lat[0]])
    up = np.array([np.cos(wide) * np.cos(long), np.cos(wide) * np.sin(long), np.sin(wide)])
    assert np.linalg.norm(away - (away @ up) * up) < 0.01, "beside the height, which a map has not"
    back = local_from_degrees(lon, lat, system)
    assert (back[0][0], back[1][0]) == pytest.approx((east, north), abs=0.01)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalSystem:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    made = from_control_points(NAME, BASE, control_points(), source="控制点成果表", day=DAY)
    return save_system(made.system)


def test_a_kept_system_is_known_by_its_name_everywhere(kept: LocalSystem) -> None:
    assert system_name(NAME) == canonical_system(f" {NAME} ") == kept.system
    assert usual_systems(BASE)[-1] == kept.system
    assert datum_shift(kept.system) == (NAME, kept.accuracy_m)
    assert NAME in system_label(kept.system, "zh")
    x, y = np.array([1_200.0, np.nan, 12.0]), np.array([-3_400.0, 5.0, 8.0])
    golden = Transformer.from_crs(BASE, "EPSG:4490", always_xy=True).transform(
        *by_hand(1_200.0, -3_400.0, FOUR)
    )
    lon, lat = lonlat(x, y, kept.system)
    assert (lon[0], lat[0]) == pytest.approx(golden, abs=1e-9)
    assert math.isnan(lon[1])
    assert metres(x, y, kept.system)[0][2] == 12.0, "small numbers are metres there, not degrees"
    for target in ("WGS84", "GCJ02", "BD09MC", "EPSG:4528"):
        there = convert(x, y, source=NAME, target=target)
        again = convert(*there, source=target, target=NAME)
        assert np.allclose(again, (x, np.where(np.isnan(x), np.nan, y)), atol=2e-3, equal_nan=True)


def test_the_check_of_systems_tries_kept_ones(kept: LocalSystem) -> None:
    x, y = np.array([0.0, 4_000.0, -3_000.0]), np.array([0.0, 1_000.0, 2_500.0])
    lon, lat = lonlat(x, y, kept.system)
    bounds = (lon.min() - 0.2, lat.min() - 0.2, lon.max() + 0.2, lat.max() + 0.2)
    assert kept.system in [reference.system for reference, __ in fitting(x, y, bounds)]


def test_one_that_is_forgotten_is_unknown_and_says_so(kept: LocalSystem) -> None:
    forget_system(NAME)
    assert saved_systems() == []
    assert find_saved_system(NAME) is None
    with pytest.raises(CrsError, match=NAME):
        convert([1.0], [2.0], source=kept.system, target="WGS84")
    with pytest.raises(UnknownIdError):
        forget_system(NAME)


def test_spoilt_files_are_no_systems(kept: LocalSystem) -> None:
    kept.path.with_name("0" * 32 + ".json").write_text(kept.path.read_text("utf-8"), "utf-8")
    kept.path.with_name("1" * 32 + ".json").write_text('{"name": 1', "utf-8")
    assert [one.name for one in saved_systems()] == [NAME]


@pytest.mark.parametrize(
    "name", ["", "甲", "a+b", "x" * 41, "WGS84", "高德坐标", "4549", "a\u202eb", "EPSG:4549"]
)
def test_names_that_mean_something_else_are_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    with pytest.raises(CrsError):
        save_system(from_control_points(name, BASE, control_points(), source="", day=DAY).system)


@pytest.mark.parametrize("base", ["EPSG:4326", "EPSG:999999", "GCJ02", "/etc/passwd", "EPSG:2263"])
def test_a_base_that_is_no_projection_in_metres_is_refused(base: str) -> None:
    with pytest.raises(CrsError):
        from_control_points(NAME, base, control_points(), source="", day=DAY)


def test_parameters_are_proved_by_a_point() -> None:
    lon, lat = Transformer.from_crs(BASE, "EPSG:4490", always_xy=True).transform(
        *by_hand(5_000.0, 6_000.0, FOUR)
    )
    check = np.array([[5_000.0, 6_000.0, lon, lat]])
    made = from_parameters(NAME, BASE, "four", FOUR, check, source="", day=DAY)
    assert made.system.accuracy_m == pytest.approx(0.01)
    turned = (*FOUR[:2], -FOUR[2], FOUR[3])
    with pytest.raises(CrsError, match="检验点"):
        from_parameters(NAME, BASE, "four", turned, check, source="", day=DAY)
    with pytest.raises(CrsError):
        from_parameters(NAME, BASE, "four", FOUR, check[:0], source="", day=DAY)
    with pytest.raises(CrsError):
        from_parameters(NAME, BASE, "four", FOUR[:3], check, source="", day=DAY)


@given(st.sampled_from([",", "，", "\t", "; ", "  "]), st.booleans(), st.booleans())
@examples(20)
def test_points_are_read_as_people_write_them(between: str, named: bool, header: bool) -> None:
    points = control_points().round(3)
    lines = [
        between.join([*(["K" + str(at)] if named else []), *map(repr, map(float, row))])
        for at, row in enumerate(points)
    ]
    text = "\n".join([*(["点号,东,北,东坐标,北坐标"] if header else []), *lines, ""])
    assert np.array_equal(read_control_points(rows_of_text(text)), points)


def test_a_row_without_four_numbers_is_named() -> None:
    with pytest.raises(CrsError) as refused:
        read_control_points(rows_of_text("1,2,120.1,31.5\n3,4,120.2\n"))
    assert refused.value.params["row"] == 2
    with pytest.raises(CrsError, match="abc"):
        parameters_of_text("1,2,abc,4")
