"""What is near a place on a day: works by certain and possible distance, and what serves it.

A place and a work are each known to an error. The true distance between them lies within the measured one less and plus both
errors, so a work is *certainly* within a bound if even the most is, and *possibly* if the least is. What has no place is never
near; it is counted by district. Distances are straight lines in metres of the city's projected system.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.places.crs import convert
from geo.places.gazetteer import Gazetteer
from geo.questions.near import STATION_M, NearQuestion
from geo.register.city import Atlas
from geo.register.near_facilities import (
    BusStop,
    NearFacility,
    StationAnswer,
    Surroundings,
    nearest_bus_stop,
    nearest_station,
    next_station,
    station_answers,
)
from geo.register.positions import Position, resolve
from geo.register.register import Register
from geo.register.selection import Selection
from geo.register.work_outlines import work_outlines
from geo.text import mark as _
from geo.vocabulary import NAMED_WORK_KINDS

Floats = NDArray[np.float64]
BOUNDS_M: Final = (500.0, 1000.0, 2000.0, 5000.0)
"""Distances that works are counted within."""
MARGIN_DEGREES: Final = 0.5
"""So far around the city a place is measured at all: the projected system is made for the city."""


@dataclass(frozen=True, eq=False)
class Near:
    """What is near a place.

    Attributes
    ----------
    position : Position
        The place.
    as_of : date
        The day of the state.
    districts : tuple of str
        Codes of the districts that the place may lie in: the nearest to its point first.
    works : DataFrame
        Works and sections that are possibly within the largest of :data:`BOUNDS_M`, indexed by id, nearest first: the columns
        of ``Register.state`` and ``distance_m, least_m, most_m`` (metres), ``possible_m, certain_m`` (the smallest bound that it is
        possibly, certainly within; NaN for none).
    rings : DataFrame
        ``bound_m, certain, possible``: how many works are within each bound; what is certain is also possible.
    unplaced : DataFrame
        Indexed by code of ``districts``, and ``""`` for no known district: ``works`` and ``totals`` (numbers without names) that
        have no place.
    stations : tuple of StationAnswer
        Whether a station is within ``station_m``: before the plan, on the day, with everything built.
    station_m : float
        Metres within which a station counts.
    nearest_station : NearFacility or None
        The nearest station in service on the day.
    next_station : NearFacility or None
        The nearest station that is planned and not in service on the day.
    bus_stop : BusStop
        The nearest bus stop, with the day that the list of stops is of.
    """

    position: Position
    as_of: date
    districts: tuple[str, ...]
    works: pd.DataFrame
    rings: pd.DataFrame
    unplaced: pd.DataFrame
    stations: tuple[StationAnswer, ...]
    station_m: float
    nearest_station: NearFacility | None
    next_station: NearFacility | None
    bus_stop: BusStop


def near(
    atlas: Atlas, position: Position, *, as_of: date, scope: str = "plan", station_m: float = STATION_M
) -> Near:
    """What is near a place on a day.

    Parameters
    ----------
    atlas : Atlas
    position : Position
        The place, WGS84, with its own radius of error in metres.
    as_of : date
        The day of the state.
    scope : {"plan", "probable", "all"}
        Which works, as :class:`geo.register.selection.Selection` has it.
    station_m : float
        Metres within which a station counts.

    Returns
    -------
    Near

    Raises
    ------
    ParameterError
        The place is farther from the city than the largest bound and its error, or there is no such scope.
    """
    register = atlas.register
    x, y, districts = _surroundings(atlas, position)
    outlines = work_outlines(register).to_crs(atlas.city.projected_crs)
    around = Surroundings(x, y, position.accuracy_m, districts, projected_lines(register), outlines)
    state = register.state(as_of)
    rows = Selection(scope=scope).apply(state)
    works = _within(distances(rows[rows["kind"].isin(NAMED_WORK_KINDS)], around))
    return Near(
        position=position,
        as_of=as_of,
        districts=districts,
        works=works,
        rings=_rings(works),
        unplaced=unplaced_counts(rows, districts),
        stations=station_answers(register, state, around, as_of, station_m),
        station_m=station_m,
        nearest_station=nearest_station(register, around, as_of),
        next_station=next_station(register, around, as_of),
        bus_stop=nearest_bus_stop(register, around, as_of),
    )


def answer_near(atlas: Atlas, gazetteer: Gazetteer, question: NearQuestion) -> Near | pd.DataFrame:
    """The answer to a question, or what its ``place`` may mean where that is not one place.

    Parameters
    ----------
    atlas : Atlas
    gazetteer : Gazetteer
    question : NearQuestion

    Returns
    -------
    Near or DataFrame
        The latter as :func:`geo.register.positions.choices`.

    Raises
    ------
    UnknownIdError
        Nothing has the name or the id.
    ParameterError
        As :func:`near`.
    """
    where: Position | pd.DataFrame
    if question.lon is not None and question.lat is not None:
        where = Position(question.lon, question.lat, question.accuracy_m)
    else:
        where = resolve(atlas, gazetteer, question.place, question.as_of)
    if not isinstance(where, Position):
        return where
    return near(atlas, where, as_of=question.as_of, scope=question.scope, station_m=question.station_m)


def _surroundings(atlas: Atlas, position: Position) -> tuple[float, float, tuple[str, ...]]:
    """Easting and northing of a place, and the districts that it may lie in."""
    west, south, east, north = atlas.districts.total_bounds
    inside = (
        west - MARGIN_DEGREES <= position.lon <= east + MARGIN_DEGREES
        and south - MARGIN_DEGREES <= position.lat <= north + MARGIN_DEGREES
    )
    if not inside:
        raise _outside(atlas, position)
    x, y = convert(position.lon, position.lat, source="WGS84", target=atlas.city.projected_crs)
    away = _projected_districts(atlas).distance(shapely.Point(float(x), float(y))).sort_values(kind="stable")
    if away.iloc[0] > position.accuracy_m + BOUNDS_M[-1]:
        raise _outside(atlas, position)
    return float(x), float(y), tuple(away.index[away.to_numpy() <= position.accuracy_m].astype(str))


def _outside(atlas: Atlas, position: Position) -> ParameterError:
    west, south, east, north = atlas.districts.total_bounds
    return ParameterError(
        _("{lon}, {lat}（参数 lon、lat）不在本市及周边 {most} 公里内。"),
        hint=_("本市大致在经度 {west}–{east}、纬度 {south}–{north}（WGS84）；请检查经纬度的次序。"),
        lon=f"{position.lon:.6f}",
        lat=f"{position.lat:.6f}",
        most=f"{BOUNDS_M[-1] / 1000:.0f}",
        west=f"{west:.2f}",
        east=f"{east:.2f}",
        south=f"{south:.2f}",
        north=f"{north:.2f}",
    )


@lru_cache(maxsize=4)
def _projected_districts(atlas: Atlas) -> gpd.GeoSeries:
    return atlas.districts.geometry.to_crs(atlas.city.projected_crs)


@lru_cache(maxsize=4)
def projected_lines(register: Register) -> gpd.GeoSeries:
    """The lines of the pack in metres of the city's projected system, by ``line_id``. Read only."""
    return register.pack.lines.geometry.to_crs(register.pack.city.projected_crs)


def distances(rows: pd.DataFrame, around: Surroundings) -> pd.DataFrame:
    """How far works are from a place.

    Parameters
    ----------
    rows : DataFrame
        Of ``Register.state``.
    around : Surroundings

    Returns
    -------
    DataFrame
        The rows that have a place of their own, with ``distance_m, least_m, most_m`` (metres): to the point, or to the nearest
        point of the line or of the outline, where a work has one (0 within it).
    """
    placed = rows[rows["lon"].notna() | rows["line_id"].notna()]
    is_line = placed["line_id"].notna().to_numpy(bool)
    error = placed["accuracy_m"].fillna(0.0).to_numpy("float64", copy=True)
    metres = np.empty(len(placed))
    points = placed[~is_line]
    x, y = convert(
        points["lon"].to_numpy("float64"),
        points["lat"].to_numpy("float64"),
        source="WGS84",
        target=str(around.lines.crs),
    )
    metres[~is_line] = np.hypot(x - around.x, y - around.y)
    shapes = around.lines.loc[placed.loc[is_line, "line_id"]].to_numpy()
    metres[is_line] = shapely.distance(shapes, around.point)
    if around.outlines is not None:
        drawn = placed.index.isin(around.outlines.index) & ~is_line
        outlines = around.outlines.loc[placed.index[drawn]]
        metres[drawn] = shapely.distance(outlines.geometry.to_numpy(), around.point)
        error[drawn] = outlines["accuracy_m"]
    least, most = around.limits(metres, error)
    return placed.assign(distance_m=metres, least_m=least, most_m=most)


def _within(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows possibly within the largest bound, nearest first, with the bounds they are within."""
    bounds = np.array([*BOUNDS_M, np.nan])
    possible = bounds[np.searchsorted(BOUNDS_M, rows["least_m"].to_numpy("float64"))]
    certain = bounds[np.searchsorted(BOUNDS_M, rows["most_m"].to_numpy("float64"))]
    rows = rows.assign(possible_m=possible, certain_m=certain)
    return rows[rows["possible_m"].notna()].sort_values(["possible_m", "distance_m"], kind="stable")


def _rings(works: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "bound_m": BOUNDS_M,
            "certain": [int((works["certain_m"] <= bound).sum()) for bound in BOUNDS_M],
            "possible": [int((works["possible_m"] <= bound).sum()) for bound in BOUNDS_M],
        }
    )


def unplaced_counts(rows: pd.DataFrame, districts: tuple[str, ...]) -> pd.DataFrame:
    """Works and totals without a place of each district, and of none (``""``). A work whose sections have a place is shown by them."""
    nowhere = rows[~rows["placed"].astype(bool)]
    codes = nowhere["district_code"].fillna("").astype(str).str.split("|").explode()
    kinds = nowhere["kind"].reindex(codes.index)
    is_work = kinds.isin(NAMED_WORK_KINDS).to_numpy(bool)
    is_total = (kinds == "aggregate").to_numpy(bool)
    counts = {"works": codes[is_work].value_counts(), "totals": codes[is_total].value_counts()}
    table = pd.DataFrame({name: each.reindex([*districts, ""]) for name, each in counts.items()})
    return table.fillna(0).astype("int64").rename_axis("district_code")
