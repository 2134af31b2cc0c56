"""What is near a place, against a computation of its own with geopandas and plain loops."""

from __future__ import annotations

import dataclasses
from datetime import date
from functools import lru_cache
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas, load_gazetteer
from geo.errors import ParameterError, UnknownIdError
from geo.register.city import Atlas, atlas_of
from geo.register.near import BOUNDS_M, Near, near
from geo.register.positions import Position, resolve
from tests.depth import examples

METRES = 4549
STATION_M = 800.0
BEFORE = date(2020, 12, 31)
DAYS = (date(2014, 6, 30), date(2020, 12, 31), date(2021, 12, 31), date(2024, 6, 30), date(2026, 11, 1))
COUNTED = {"plan": {"yes"}, "probable": {"yes", "probable"}, "all": {"yes", "probable", "no"}}
IN_TOWN = (120.20, 120.42, 31.45, 31.66)
ANYWHERE = (119.4, 120.75, 31.0, 32.1)


@st.composite
def places(draw: st.DrawFn) -> Position:
    west, east, south, north = draw(st.sampled_from([IN_TOWN, IN_TOWN, ANYWHERE]))
    accuracy = draw(st.sampled_from([0.0, 0.0, 50.0, 300.0, 2500.0]))
    return Position(draw(st.floats(west, east)), draw(st.floats(south, north)), accuracy)


def metres(shapes: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries(shapes, crs=4326).to_crs(METRES)


@lru_cache(maxsize=1)
def outlines() -> gpd.GeoSeries:
    return load_atlas().districts.geometry.to_crs(METRES)


@lru_cache(maxsize=1)
def lines() -> gpd.GeoSeries:
    return load_atlas().pack.lines.geometry.to_crs(METRES)


def point_of(position: Position) -> shapely.Point:
    return metres([shapely.Point(position.lon, position.lat)]).iloc[0]


def answer(position: Position, day: date, scope: str = "plan") -> Near | None:
    """None where the place is refused, and that it was refused with reason."""
    try:
        return near(load_atlas(), position, as_of=day, scope=scope)
    except ParameterError:
        box = shapely.box(*load_atlas().districts.total_bounds).buffer(0.5, join_style="mitre")
        inside = box.covers(shapely.Point(position.lon, position.lat))
        if inside:
            assert outlines().distance(point_of(position)).min() > BOUNDS_M[-1] + position.accuracy_m
        return None


@given(places(), st.sampled_from(DAYS), st.sampled_from(list(COUNTED)))
@examples(25)
def test_works_within_each_bound_are_those_of_another_computation(
    position: Position, day: date, scope: str
) -> None:
    told = answer(position, day, scope)
    if told is None:
        return
    state = load_atlas().register.state(day)
    rows = state[state["counted"].isin(COUNTED[scope]) & state["kind"].isin(["work", "section"])]
    here = point_of(position)
    points = metres(gpd.points_from_xy(rows["lon"], rows["lat"]))
    expected: dict[str, tuple[float, float]] = {}
    nowhere = []
    for number, (work_id, row) in enumerate(rows.iterrows()):
        if row["line_id"] is not None and not pd.isna(row["line_id"]):
            far = lines()[row["line_id"]].distance(here)
        elif not pd.isna(row["lon"]):
            far = points.iloc[number].distance(here)
        else:
            nowhere.append(str(work_id))
            continue
        error = row["accuracy_m"] + position.accuracy_m
        expected[str(work_id)] = (far - error, far + error)
    for _at, ring in told.rings.iterrows():
        bound = ring["bound_m"]
        certain = {key for key, (_least, most) in expected.items() if most <= bound}
        possible = {key for key, (least, _most) in expected.items() if least <= bound}
        assert set(told.works.index[told.works["certain_m"] <= bound]) == certain
        assert set(told.works.index[told.works["possible_m"] <= bound]) == possible
        assert (ring["certain"], ring["possible"]) == (len(certain), len(possible))
        assert certain <= possible
    assert not set(nowhere) & set(told.works.index)


@given(places(), st.sampled_from(DAYS), st.sampled_from(list(COUNTED)))
@examples(12)
def test_what_has_no_place_is_counted_by_district(position: Position, day: date, scope: str) -> None:
    told = answer(position, day, scope)
    if told is None:
        return
    away = outlines().distance(point_of(position))
    assert set(told.districts) == set(away.index[away <= position.accuracy_m])
    state = load_atlas().register.state(day)
    rows = state[state["counted"].isin(COUNTED[scope]) & ~state["placed"].astype(bool)]
    for code, counts in told.unplaced.iterrows():
        here = [row for _id, row in rows.iterrows() if code in str(row["district_code"] or "").split("|")]
        assert counts["works"] == sum(row["kind"] in ("work", "section") for row in here)
        assert counts["totals"] == sum(row["kind"] == "aggregate" for row in here)
    assert set(told.unplaced.index) == {*told.districts, ""}


def stations_of(which: str, day: date) -> list[tuple[str, shapely.Point, float]]:
    """Id, point and error of each station of a set, from the tables as they are."""
    register = load_atlas().register
    day = BEFORE if which == "before" else day
    standing, works = register.facilities, register.state(day)
    found = [
        (str(key), row["lon"], row["lat"], row["accuracy_m"])
        for key, row in standing[standing["kind"] == "metro_station"].iterrows()
        if (row["opened"] is None or row["opened"] <= day) and (row["closed"] is None or row["closed"] > day)
    ]
    for key, row in works[works["facility_kind"] == "metro_station"].iterrows():
        coming = row["counted"] == "yes" and row["status"] != "cancelled" and which == "planned"
        if row["kind"] != "aggregate" and (row["done"] or coming):
            found.append((str(key), row["lon"], row["lat"], row["accuracy_m"]))
    placed = [each for each in found if not pd.isna(each[1])]
    points = metres([shapely.Point(lon, lat) for _id, lon, lat, _error in placed])
    return [(each[0], point, each[3]) for each, point in zip(placed, points, strict=True)]


@given(places(), st.sampled_from(DAYS))
@examples(15)
def test_stations_are_those_of_another_computation(position: Position, day: date) -> None:
    told = answer(position, day)
    if told is None:
        return
    here = point_of(position)
    for station in told.stations:
        spans = {
            key: (point.distance(here) - error - position.accuracy_m, point.distance(here) + error + position.accuracy_m)
            for key, point, error in stations_of(station.which, day)
        }  # fmt: skip
        if any(most <= STATION_M for _least, most in spans.values()):
            assert (station.within, station.reason) == ("yes", "sure")
            assert station.station is not None
            assert spans[station.station.facility_id][1] <= STATION_M
        elif any(least <= STATION_M for least, _most in spans.values()):
            assert (station.within, station.reason) == ("uncertain", "errors")
            assert station.station is not None
            assert spans[station.station.facility_id][0] <= STATION_M
        elif station.within == "no":
            assert told.districts
            assert station.unplaced == 0
        else:
            assert station.reason == ("unplaced" if station.unplaced else "unlisted")
            assert station.unplaced or not told.districts
    now = {key: point.distance(here) for key, point, _error in stations_of("as_of", day)}
    planned = {key: point.distance(here) for key, point, _error in stations_of("planned", day)}
    nearest = min(now.values(), default=None)
    coming = min((far for key, far in planned.items() if key not in now), default=None)
    for given_station, far in ((told.nearest_station, nearest), (told.next_station, coming)):
        assert (given_station and given_station.distance_m) == pytest.approx(far, abs=1e-3)


@given(places(), st.sampled_from(DAYS), st.floats(0, 2000))
@examples(15)
def test_a_less_exact_place_makes_less_certain_and_more_possible(
    position: Position, day: date, more: float
) -> None:
    wider = dataclasses.replace(position, accuracy_m=position.accuracy_m + more)
    exact, vague = answer(position, day, "all"), answer(wider, day, "all")
    if exact is None or vague is None:
        return
    assert (vague.rings["certain"] <= exact.rings["certain"]).all()
    assert (vague.rings["possible"] >= exact.rings["possible"]).all()
    for before, after in zip(exact.stations, vague.stations, strict=True):
        assert after.within in (before.within, "uncertain")


def with_facilities(atlas: Atlas, **changes: Any) -> Atlas:
    """The atlas, with one more metro station that is like the first but for ``changes``."""
    table = atlas.pack.facilities
    first = table[table["kind"] == "metro_station"].iloc[[0]].assign(**changes)
    added = pd.concat([table, first.set_index(pd.Index(["NEW"], name=table.index.name))])
    return atlas_of(dataclasses.replace(atlas.pack, facilities=added))


FAR = Position(119.65, 31.25)


def test_a_station_without_a_place_makes_a_no_uncertain(atlas: Atlas) -> None:
    day = date(2026, 11, 1)
    assert [each.within for each in near(atlas, FAR, as_of=day).stations] == ["no", "no", "no"]
    changed = with_facilities(atlas, lon=float("nan"), lat=float("nan"), accuracy_m=float("nan"))
    for each in near(changed, FAR, as_of=day).stations:
        assert (each.within, each.reason, each.unplaced) == ("uncertain", "unplaced", 1)


def test_beyond_the_city_no_station_is_not_known(atlas: Atlas) -> None:
    """The register holds the city's stations; next to the city there may be others."""
    for each in near(atlas, Position(120.62, 31.6), as_of=date(2026, 11, 1)).stations:
        assert (each.within, each.reason) == ("uncertain", "unlisted")


def test_stations_open_and_close(atlas: Atlas) -> None:
    opened, closed = date(2022, 5, 1), date(2023, 5, 1)
    changed = with_facilities(atlas, lon=FAR.lon, lat=FAR.lat, accuracy_m=10.0, opened=opened, closed=closed)
    for day, within in ((date(2022, 4, 30), "no"), (opened, "yes"), (closed, "no")):
        before, now, _planned = near(changed, FAR, as_of=day).stations
        assert (before.within, now.within) == ("no", within)


def test_stops_are_dated_and_unknown_where_the_list_has_none(atlas: Atlas) -> None:
    day = date(2026, 11, 1)
    town = near(atlas, Position(120.30, 31.57), as_of=day).bus_stop
    assert (town.as_of, town.complete) == ("2014-01", True)
    yixing = near(atlas, Position(119.82, 31.36), as_of=day).bus_stop
    assert (yixing.as_of, yixing.complete) == ("2014-01", False)


def test_names_lead_to_one_place_or_to_a_list(atlas: Atlas) -> None:
    gazetteer, day = load_gazetteer(), date(2026, 11, 1)
    one = resolve(atlas, gazetteer, "三阳广场", day)  # two lines, one place
    assert isinstance(one, Position)
    assert (one.lon, one.lat, one.accuracy_m) == (120.29522, 31.577695, 100.0)
    several = resolve(atlas, gazetteer, "太湖广场", day)
    assert isinstance(several, pd.DataFrame)
    assert {"BUS14-0972", "ST-1-13"} <= set(several["id"])
    for text in ("hospital", "金匮街道", "医院", "小学", "公交站点"):
        assert len(resolve(atlas, gazetteer, text, day)), text
    districts = resolve(atlas, gazetteer, "滨湖区", day)
    assert isinstance(districts, pd.DataFrame)
    assert tuple(districts.iloc[0][["kind", "id"]]) == ("district", "320211")
    with pytest.raises(UnknownIdError):
        resolve(atlas, gazetteer, "不存在的地方xyz", day)
