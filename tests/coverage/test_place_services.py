"""The nearest of each kind is what geopandas finds apart, and a verdict is never surer than the errors let it be."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.coverage.place_services import PlaceServices, place_services
from geo.coverage.service_places import own_places, work_places
from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork
from geo.questions.services import MINUTES, MOST_PLACES, ServicesQuestion
from geo.register.completeness import is_complete
from geo.register.facilities import facility_set

DAY = date(2026, 11, 29)
KINDS = "school_primary|metro_station|hospital_3|bus_stop"


def ask(**parameters: str) -> PlaceServices:
    question = ServicesQuestion.read({"as_of": DAY.isoformat(), **parameters})
    return place_services(load_atlas(), work_places(load_atlas(), question), question)


def points(*lonlat: tuple[float, float], accuracy: float | None = None) -> gpd.GeoDataFrame:
    frame = pd.DataFrame({"name": [f"P{k}" for k in range(len(lonlat))]})
    if accuracy is not None:
        frame["accuracy_m"] = accuracy
    return gpd.GeoDataFrame(frame, geometry=[shapely.Point(each) for each in lonlat], crs=4326)


def around(shapes: gpd.GeoDataFrame, streets: StreetNetwork | None = None, **parameters: str) -> pd.DataFrame:
    question = ServicesQuestion.read({"as_of": DAY.isoformat(), **parameters})
    return place_services(load_atlas(), own_places(load_atlas(), shapes), question, streets=streets).table


def test_the_nearest_is_what_geopandas_finds() -> None:
    table = ask(item="U01", scope="all", kind=KINDS).table
    city = load_atlas()
    state = city.register.state(DAY)
    for kind, rows in table.groupby("kind"):
        placed = rows[rows["distance_m"].notna()].set_index("place_id")
        works = gpd.GeoDataFrame(
            index=placed.index,
            geometry=gpd.points_from_xy(state.loc[placed.index, "lon"], state.loc[placed.index, "lat"]),
            crs=4326,
        ).to_crs(city.city.projected_crs)
        sites = facility_set(city.register, (str(kind),), "as_of", DAY).placed
        others = gpd.GeoDataFrame(
            geometry=gpd.points_from_xy(sites["lon"], sites["lat"]), index=sites.index, crs=4326
        ).to_crs(city.city.projected_crs)
        joined = works.sjoin_nearest(others, distance_col="metres")
        joined = joined[~joined.index.duplicated()]
        np.testing.assert_allclose(placed["distance_m"], joined.loc[placed.index, "metres"], atol=1e-6)


def test_every_named_work_of_an_item_has_a_row_of_each_kind_with_or_without_a_place() -> None:
    table = ask(item="U01", scope="all", kind=KINDS).table
    state = load_atlas().register.state(DAY)
    named = state[(state["item_id"] == "U01") & state["kind"].isin(["work", "section"])]
    assert set(table["place_id"]) == set(named.index)
    assert len(table) == len(named) * len(KINDS.split("|"))
    without = table["place_id"].isin(named.index[named["lon"].isna()])
    assert without.any()
    assert (table.loc[without, "reason"] == "no_place").all()
    assert table.loc[without, "distance_m"].isna().all()
    assert (table.loc[without, [f"within_{n}" for n in MINUTES]] == "uncertain").all(axis=None)


@given(
    lon=st.floats(120.2, 120.4),
    lat=st.floats(31.45, 31.65),
    accuracy=st.floats(0, 2000),
    speed=st.integers(20, 150),
)
def test_yes_and_no_hold_wherever_within_its_error_the_place_is(
    lon: float, lat: float, accuracy: float, speed: int
) -> None:
    """Checked at eight places on the circle of error, against exact distances to the facilities' own circles."""
    city = load_atlas()
    rows = around(points((lon, lat), accuracy=accuracy), kind=KINDS, speed=str(speed))
    middle = points((lon, lat)).to_crs(city.city.projected_crs).geometry[0]
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    for row in rows.to_dict("records"):
        sites = facility_set(city.register, (row["kind"],), "as_of", DAY)
        x, y = sites.xy
        for turn in turns:
            here = middle.x + accuracy * np.cos(turn), middle.y + accuracy * np.sin(turn)
            metres = np.hypot(x - here[0], y - here[1])
            for minutes in MINUTES:
                limit, verdict = minutes * speed, row[f"within_{minutes}"]
                if verdict == "yes":
                    assert (metres + sites.accuracy_m).min() <= limit + 1e-6
                if verdict == "no":
                    assert (metres - sites.accuracy_m).min() > limit - 1e-6
                    assert is_complete(city.register, (row["kind"],), row["district_code"])


def test_a_longer_walk_never_takes_a_yes_back() -> None:
    table = ask(item="U01", scope="all").table
    rank = {"no": 0, "uncertain": 1, "yes": 2}
    steps = np.column_stack([table[f"within_{n}"].map(rank) for n in MINUTES])
    assert (np.diff(steps, axis=1) >= 0).all()
    assert len(set(table["kind"])) > 5


def test_a_walk_along_streets_is_no_shorter_than_the_straight_line_and_a_place_off_the_streets_is_in_doubt() -> (
    None
):
    city = load_atlas()
    sites = facility_set(city.register, ("metro_station",), "as_of", DAY)
    x, y = (float(values[0]) for values in sites.xy)
    crs = city.city.projected_crs
    corner = shapely.LineString([(x, y), (x + 400, y), (x + 400, y + 300)])
    streets = StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=[corner], crs=crs), crs)
    ends = gpd.GeoDataFrame(
        {"name": ["end of the street", "no street"]},
        geometry=[shapely.Point(x + 400, y + 300), shapely.Point(x + 300, y - 4000)],
        crs=crs,
    )
    near, far = around(ends, streets, kind="metro_station").to_dict("records")
    assert near["distance_m"] == pytest.approx(700, abs=1)
    assert (near["within_5"], near["within_15"]) == ("no", "yes") or near["least_m"] < 300
    assert np.isnan(far["distance_m"])
    assert far["within_15"] in {"no", "uncertain"}


def test_an_outline_stands_for_its_middle_with_its_size_as_error() -> None:
    city = load_atlas()
    middle = points(city.middle).to_crs(city.city.projected_crs).geometry[0]
    square = gpd.GeoDataFrame(geometry=[middle.buffer(200, cap_style="square")], crs=city.city.projected_crs)
    places = own_places(city, square)
    assert places.accuracy_m[0] == pytest.approx(200 * np.sqrt(2), rel=0.01)
    empty = gpd.GeoDataFrame(geometry=[shapely.Point(), None], crs=4326)
    assert np.isnan(own_places(city, empty).x).all()


def test_what_cannot_be_asked_is_refused_by_name() -> None:
    for parameters, part in (({"kind": "castle"}, "castle"), ({"item": "U99"}, "U99")):
        with pytest.raises(ParameterError) as refused:
            ask(**parameters)
        assert part in refused.value.text("zh")
    with pytest.raises(ParameterError):
        own_places(load_atlas(), points((120.3, 31.5)).set_crs(None, allow_override=True))
    with pytest.raises(ParameterError):
        own_places(load_atlas(), points(*[(120.3, 31.5)] * (MOST_PLACES + 1)))
