"""Facility sets: before the plan, on a day, with everything promised. Numbers are counted from the files anew."""

from __future__ import annotations

import csv
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.atlas import load_atlas
from geo.errors import ParameterError
from geo.paths import DATA_DIR
from geo.register.facilities import Facilities, before_day, facility_set, kind_counts

EVE = date(2020, 12, 31)
METRO = ("metro_station",)


def table(name: str) -> list[dict[str, str]]:
    with (DATA_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_day_before_the_plan() -> None:
    assert before_day(load_atlas().register) == EVE


def test_before_is_what_was_open() -> None:
    opened = {
        row["facility_id"]
        for row in table("facilities")
        if row["kind"] == "metro_station" and row["opened"] <= "2020-12-31"
    }
    found = facility_set(load_atlas().register, METRO, "before", date(2026, 1, 1))
    assert set(found.frame.index) == opened
    assert len(opened) == 69  # lines 1, 2 and 3: 27 + 21 + 21
    assert found.known_count == len(found.placed) == 69


def test_line_4_comes_on_its_day() -> None:
    register = load_atlas().register
    day_before = facility_set(register, METRO, "as_of", date(2021, 12, 16))
    after = facility_set(register, METRO, "as_of", date(2021, 12, 31))
    came = set(after.frame.index) - set(day_before.frame.index)
    assert came == {row["work_id"] for row in table("works") if row["parent_id"] == "T06"} - {""}
    assert len(came) == 18
    assert (after.frame.loc[sorted(came), "work_id"] == "T06").all()


def test_planned_holds_all_that_is_promised_and_says_what_has_no_name() -> None:
    register = load_atlas().register
    planned = facility_set(register, METRO, "planned", EVE)
    assert len(planned.frame) == 69 + 18 + 15 + 9
    assert dict(zip(planned.unnamed["work_id"], planned.unnamed["number"], strict=True)) == {"T05": 24 - 15}
    assert planned.known_count == 69 + 18 + 24 + 9
    assert len(planned.placed) == 111


@pytest.mark.parametrize(
    "kind", ["metro_station", "school_primary", "kindergarten", "hospital_3", "car_park"]
)
def test_sets_grow(kind: str) -> None:
    register = load_atlas().register
    day = date(2026, 11, 1)
    before, now, planned = (
        set(facility_set(register, (kind,), which, day).frame.index)
        for which in ("before", "as_of", "planned")
    )
    assert before <= now <= planned


def test_closed_and_undated_facilities() -> None:
    register = load_atlas().register
    schools = facility_set(register, ("school_primary",), "before", EVE)
    undated = {
        row["facility_id"]
        for row in table("facilities")
        if row["kind"] == "school_primary" and not row["opened"]
    }
    assert undated <= set(schools.frame.index)
    assert not schools.frame.loc[sorted(undated), "date_known"].any()


def test_unknown_kinds_and_sets_are_errors_not_zeros() -> None:
    register = load_atlas().register
    with pytest.raises(ParameterError, match="fire_station"):
        facility_set(register, ("fire_station",), "as_of", EVE)
    with pytest.raises(ParameterError, match="before、as_of、planned"):
        facility_set(register, METRO, "now", EVE)


def test_kinds_are_counted() -> None:
    counts = kind_counts(load_atlas().register)
    baseline = sum(row["kind"] == "metro_station" for row in table("facilities"))
    works = sum(
        row["facility_kind"] == "metro_station" and row["kind"] != "aggregate" for row in table("works")
    )
    assert counts["metro_station"] == baseline + works == 123  # two of them only named for phase 2 of line 5
    assert (counts.diff().dropna() <= 0).all()


def test_points_of_your_own() -> None:
    points = gpd.GeoDataFrame(
        {"accuracy_m": [10.0, np.nan]},
        geometry=shapely.points([[528_000, 3_490_000], [530_000, 3_495_000]]),
        crs="EPSG:4549",
        index=["a", "b"],
    )
    mine = Facilities.from_frame(points, "EPSG:4549")
    assert np.allclose(np.column_stack(mine.xy), shapely.get_coordinates(points.geometry), atol=1e-3)
    assert mine.accuracy_m.tolist() == [10.0, 0.0]
    assert mine.digest == Facilities.from_frame(points.iloc[::-1], "EPSG:4549").digest
    with pytest.raises(ParameterError, match="坐标系"):
        Facilities.from_frame(points.set_crs(None, allow_override=True), "EPSG:4549")
    with pytest.raises(ParameterError, match="点"):
        Facilities.from_frame(points.set_geometry(points.buffer(5)), "EPSG:4549")
