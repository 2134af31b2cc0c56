"""Names of the register as places: as far off as is stated at most, checked against metro stations, whose places are independent."""

from __future__ import annotations

import csv
import math
from datetime import date

import pytest
from pyproj import Geod

from geo.paths import DATA_DIR
from geo.register.calibration import SHARE_TO_HOLD
from geo.register.city import Atlas
from geo.register.named_places import TOGETHER_M, NamedPlaces

DAY = date(2026, 11, 23)
EARTH = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def named(atlas: Atlas) -> NamedPlaces:
    return NamedPlaces(atlas, DAY)


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    return float(EARTH.inv(lon, lat, other_lon, other_lat)[2])


def test_the_stated_radius_holds_for_stations_by_the_bus_stops_of_their_name(
    atlas: Atlas, named: NamedPlaces
) -> None:
    """Stops of 2014 know nothing of stations surveyed later, except that people name both by the same place."""
    with (DATA_DIR / "raw" / "geodata" / "bus_stops_2014.csv").open(encoding="utf-8", newline="") as handle:
        stops = {row["name_zh"] for row in csv.DictReader(handle)}
    stations = atlas.register.facilities
    stations = stations[(stations["kind"] == "metro_station") & stations["lon"].notna()]
    held = []
    for _id, row in stations.iterrows():
        name = str(row["name_zh"]).removesuffix("站")
        place = named.by_name(name, str(row["district_code"]))
        if name in stops and place is not None:
            held.append(metres(place.lon, place.lat, row["lon"], row["lat"]) <= place.accuracy_m)
    assert len(held) >= 20
    assert sum(held) >= math.floor(SHARE_TO_HOLD * len(held))


def test_an_estate_a_hospital_and_a_crossing_are_found(named: NamedPlaces, atlas: Atlas) -> None:
    facilities = atlas.register.facilities.set_index("name_zh")
    crossing = facilities.loc["凤翔路(天一路)"]
    for address in ("惠山区凤翔路与天一路交叉口", "天一路、凤翔路口"):
        place = named.by_address(address, "320206")
        assert place is not None
        assert metres(place.lon, place.lat, crossing["lon"], crossing["lat"]) < TOGETHER_M
    stop = facilities.loc["阳光100(天一城)"]
    place = named.by_name("天一城")
    assert place is not None
    assert metres(place.lon, place.lat, stop["lon"], stop["lat"]) < TOGETHER_M
    assert place.source_id == "S-BUSSTOPS2014"


def test_an_address_is_placed_by_the_longest_name_in_it(named: NamedPlaces) -> None:
    whole, part = named.by_address("梁溪区清名一村12号", "320213"), named.by_name("清名一村", "320213")
    assert whole == part is not None


def test_a_road_or_a_name_of_several_places_or_of_another_district_says_nothing(named: NamedPlaces) -> None:
    assert named.by_name("长江北路") is None  # a road is no place
    assert named.by_name("上桥") is None  # four stops kilometres apart
    assert named.by_name("清名一村", "320282") is None
    assert named.by_address("某某不知名的地方") is None
    assert named.by_name("") is None


def test_nothing_is_stated_more_exactly_than_the_rule(named: NamedPlaces, atlas: Atlas) -> None:
    names = atlas.register.facilities["name_zh"].drop_duplicates().head(300)
    found = [place for place in map(named.by_name, names) if place is not None]
    assert len(found) > 100
    assert min(place.accuracy_m for place in found) >= 1900
