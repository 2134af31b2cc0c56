"""What serves a place: stations before the plan, on a day and with everything built, and the nearest bus stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.questions.coverage import SETS, SetName
from geo.register.completeness import is_complete, stated_as_of
from geo.register.facilities import Facilities, before_day, facility_set, kind_counts
from geo.register.register import Register

Floats = NDArray[np.float64]
STATIONS: Final = ("metro_station",)
BUS_STOPS: Final = ("bus_stop",)
Within = Literal["yes", "no", "uncertain"]
Reason = Literal["sure", "errors", "unplaced", "unlisted"]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Where a place is.

    Attributes
    ----------
    x, y : float
        Easting and northing, metres of the city's projected system.
    accuracy_m : float
        Radius of error of the place, metres.
    districts : tuple of str
        Codes of the districts that it may lie in.
    lines : GeoSeries
        The lines of the pack by ``line_id``, in the same system.
    outlines : GeoDataFrame or None
        The outlines of works by ``work_id`` (:mod:`geo.register.work_outlines`), in the same system.
    """

    x: float
    y: float
    accuracy_m: float
    districts: tuple[str, ...]
    lines: gpd.GeoSeries
    outlines: gpd.GeoDataFrame | None = None

    @cached_property
    def point(self) -> shapely.Point:
        """The place as a point of the projected system."""
        return shapely.Point(self.x, self.y)

    def limits(self, metres: Floats, accuracy_m: Floats) -> tuple[Floats, Floats]:
        """The least and the most that a distance can be, metres, of things with radii of error ``accuracy_m``."""
        error = accuracy_m + self.accuracy_m
        return np.maximum(metres - error, 0.0), metres + error


@dataclass(frozen=True, slots=True)
class NearFacility:
    """A facility near a place; WGS84 degrees, metres."""

    facility_id: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    distance_m: float
    least_m: float
    most_m: float


@dataclass(frozen=True, slots=True)
class StationAnswer:
    """Whether a station is within a distance.

    Attributes
    ----------
    which : {"before", "as_of", "planned"}
        Before the plan, on the day, or with everything built.
    day : date
        The day that the set is of.
    within : {"yes", "no", "uncertain"}
    reason : {"sure", "errors", "unplaced", "unlisted"}
        ``sure``: the errors do not matter. ``errors``: they decide it. ``unplaced``: a station without a place may be within.
        ``unlisted``: the register is not said to hold every station here.
    station : NearFacility or None
        The one that decides: certainly within, else the one that may come nearest. None where no station has a place.
    unplaced : int
        How many stations without a place may be within.
    """

    which: SetName
    day: date
    within: Within
    reason: Reason
    station: NearFacility | None
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class BusStop:
    """The nearest bus stop.

    Attributes
    ----------
    stop : NearFacility or None
        None where the register has none.
    as_of : str
        The day or month that the list of stops is of, as the pack states it; empty if it does not.
    complete : bool
        Whether the list is said to hold every stop of the districts that the place may lie in.
    """

    stop: NearFacility | None
    as_of: str
    complete: bool


def station_answers(
    register: Register, state: pd.DataFrame, around: Surroundings, as_of: date, bound: float
) -> tuple[StationAnswer, ...]:
    """Whether a station is within a distance, in each of the three sets.

    Parameters
    ----------
    register : Register
    state : DataFrame
        Of the register on the day.
    around : Surroundings
    as_of : date
    bound : float
        Metres.

    Returns
    -------
    tuple of StationAnswer
        In the order of :data:`geo.questions.coverage.SETS`.
    """
    return tuple(_station_answer(register, state, around, (which, as_of), bound) for which in SETS)


def _station_answer(
    register: Register, state: pd.DataFrame, around: Surroundings, asked: tuple[SetName, date], bound: float
) -> StationAnswer:
    which, as_of = asked
    day = before_day(register) if which == "before" else as_of
    stations = known_set(register, STATIONS, which, as_of)
    if stations is None:
        return StationAnswer(which, day, "uncertain", "unlisted", None)
    table = facility_distances(stations, around)
    certain, possible = _first(table, "most_m"), _first(table, "least_m")
    if certain is not None and certain.most_m <= bound:
        return StationAnswer(which, day, "yes", "sure", certain)
    if possible is not None and possible.least_m <= bound:
        return StationAnswer(which, day, "uncertain", "errors", possible)
    nearest = _first(table, "distance_m")
    unplaced = _unplaced_within(stations, state, around, bound)
    if unplaced:
        return StationAnswer(which, day, "uncertain", "unplaced", nearest, unplaced)
    if not _complete(register, STATIONS, around):
        return StationAnswer(which, day, "uncertain", "unlisted", nearest)
    return StationAnswer(which, day, "no", "sure", nearest)


def nearest_station(register: Register, around: Surroundings, as_of: date) -> NearFacility | None:
    """The nearest station in service on the day; None where none has a place.

    Parameters
    ----------
    register : Register
    around : Surroundings
    as_of : date

    Returns
    -------
    NearFacility or None
    """
    stations = known_set(register, STATIONS, "as_of", as_of)
    return None if stations is None else _first(facility_distances(stations, around), "distance_m")


def next_station(register: Register, around: Surroundings, as_of: date) -> NearFacility | None:
    """The nearest station that is planned and not in service on the day; None where none has a place.

    Parameters
    ----------
    register : Register
    around : Surroundings
    as_of : date

    Returns
    -------
    NearFacility or None
    """
    planned, now = (known_set(register, STATIONS, which, as_of) for which in ("planned", "as_of"))
    if planned is None or now is None:
        return None
    table = facility_distances(planned, around)
    return _first(table[~table.index.isin(now.frame.index)], "distance_m")


def nearest_bus_stop(register: Register, around: Surroundings, as_of: date) -> BusStop:
    """The nearest bus stop, with the day that the list of stops is of.

    Parameters
    ----------
    register : Register
    around : Surroundings
    as_of : date

    Returns
    -------
    BusStop
    """
    stops = known_set(register, BUS_STOPS, "as_of", as_of)
    stated = stated_as_of(register, BUS_STOPS, around.districts)
    nearest = None if stops is None else _first(facility_distances(stops, around), "distance_m")
    return BusStop(nearest, stated, _complete(register, BUS_STOPS, around))


def facility_distances(facilities: Facilities, around: Surroundings) -> pd.DataFrame:
    """How far facilities are from a place.

    Parameters
    ----------
    facilities : Facilities
    around : Surroundings

    Returns
    -------
    DataFrame
        Those that have a place, with ``distance_m, least_m, most_m`` (metres).
    """
    x, y = facilities.xy
    metres = np.hypot(x - around.x, y - around.y)
    least, most = around.limits(metres, facilities.accuracy_m)
    return facilities.placed.assign(distance_m=metres, least_m=least, most_m=most)


def known_set(register: Register, kinds: tuple[str, ...], which: str, as_of: date) -> Facilities | None:
    """A set of :func:`geo.register.facilities.facility_set`, None where the register knows no facility of these kinds on any day.

    Parameters
    ----------
    register : Register
    kinds : tuple of str
    which : {"before", "as_of", "planned"}
    as_of : date

    Returns
    -------
    Facilities or None
    """
    return facility_set(register, kinds, which, as_of) if _is_known(register, kinds) else None


@lru_cache(maxsize=16)
def _is_known(register: Register, kinds: tuple[str, ...]) -> bool:
    known = kind_counts(register).index
    return any(kind in known for kind in kinds)


def _complete(register: Register, kinds: tuple[str, ...], around: Surroundings) -> bool:
    return bool(around.districts) and all(is_complete(register, kinds, code) for code in around.districts)


def _first(table: pd.DataFrame, column: str) -> NearFacility | None:
    """The row with the least of a column; None of an empty table."""
    if table.empty:
        return None
    row = table.iloc[int(np.argmin(table[column].to_numpy("float64")))]
    texts = (str(row.name), str(row["name_zh"]), str(row["name_en"] or ""))
    return NearFacility(
        *texts, *(float(row[name]) for name in ("lon", "lat", "distance_m", "least_m", "most_m"))
    )


def _unplaced_within(stations: Facilities, state: pd.DataFrame, around: Surroundings, bound: float) -> int:
    """How many stations without a place may be within: those of a line that is certainly farther cannot."""
    numbers = unplaced_numbers(stations)
    return int(
        sum(n for work_id, n in numbers.items() if not _is_farther(str(work_id), state, around, bound))
    )


def unplaced_numbers(stations: Facilities) -> pd.Series[float]:
    """How many stations of a set have no place, by the work that brings them (``""`` where none does); a work may stand twice."""
    nameless = stations.frame.loc[stations.frame["lon"].isna(), "work_id"]
    one_each = pd.Series(1.0, index=nameless.fillna("").to_numpy(object))
    return pd.Series(pd.concat([one_each, stations.unnamed.set_index("work_id")["number"]]), dtype="float64")


def _is_farther(work_id: str, state: pd.DataFrame, around: Surroundings, bound: float) -> bool:
    """Whether the line of a work is certainly farther than a bound; not if the work has no line."""
    line_id = state["line_id"].get(work_id)
    if line_id not in around.lines.index:
        return False
    metres = np.array([around.lines.loc[line_id].distance(around.point)])
    least, _most = around.limits(metres, np.array([state.at[work_id, "accuracy_m"]], "float64"))
    return bool(least[0] > bound)
