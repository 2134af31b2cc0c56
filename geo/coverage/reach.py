"""How far a facility serves, and what is served within that: straight lines, or a walk along streets.

Served is a place at a distance of at most R; exactly R is served. Borders of districts do not stop service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.served import Served, served_cells, served_people
from geo.errors import ParameterError
from geo.kernels.cell_reach import nearest_distance, reach_counts, within_reach
from geo.kernels.compiling import ENGINE
from geo.kernels.discs import union_area
from geo.kernels.lattice import Lattice
from geo.kernels.network import Snapped, StreetNetwork, snap, walk_distance
from geo.kernels.roads import speeds
from geo.questions.coverage import DEFAULT_SPEED, MAX_REACH_M, ReachQuestion
from geo.questions.question import read_value
from geo.register.facilities import Facilities
from geo.register.indicators import Indicator
from geo.text import mark as _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Reach:
    """A service distance in metres, straight or along a network.

    Attributes
    ----------
    metres : float
        Along roads by a vehicle: its minutes times the speed of :class:`geo.kernels.roads.RoadNetwork`.
    way : {"straight", "walk", "cycle", "drive"}
    network : StreetNetwork or None
        The streets of a walk, the roads of a vehicle.
    minutes, speed_m_min : float or None
        A way given in time, and the speed that made it metres.
    """

    metres: float
    way: str = "straight"
    network: StreetNetwork | None = None
    minutes: float | None = None
    speed_m_min: float | None = None

    @classmethod
    def straight(cls, metres: float) -> Reach:
        """Within ``metres`` as the crow flies; ``ParameterError`` unless 0 to 100 km."""
        return cls(_distance(metres))

    @classmethod
    def walk(
        cls,
        network: StreetNetwork,
        *,
        metres: float | None = None,
        minutes: float | None = None,
        speed_m_min: float = DEFAULT_SPEED,
    ) -> Reach:
        """Along streets, by length or by time.

        Parameters
        ----------
        network : StreetNetwork
            Streets, in metres.
        metres : float or None
            Length to walk.
        minutes : float or None
            Time to walk.
        speed_m_min : float
            Metres a minute.

        Returns
        -------
        Reach

        Raises
        ------
        ParameterError
            Not exactly one of ``metres`` and ``minutes``; a speed or distance out of range.
        """
        if (metres is None) == (minutes is None):
            raise ParameterError(_("步行范围要么给米数，要么给分钟数，二者取一。"))
        read_value(ReachQuestion, "speed", speed_m_min)
        read_value(ReachQuestion, "minutes", minutes)
        far = _distance(float(minutes) * speed_m_min if minutes is not None else float(metres or 0.0))
        return cls(far, "walk", network, minutes, speed_m_min)

    @classmethod
    def ride(cls, network: StreetNetwork, *, mode: str, minutes: float, away: bool = False) -> Reach:
        """By a vehicle along roads, by time.

        Parameters
        ----------
        network : StreetNetwork
            Streets that know their roads (:class:`geo.kernels.roads.TaggedStreets`).
        mode : {"cycle", "drive"}
        minutes : float
        away : bool
            Whether the vehicle starts at the facility; by default people go to it.

        Returns
        -------
        Reach

        Raises
        ------
        ParameterError
            Streets without classes of roads, or no road for the vehicle; a time out of range.
        """
        read_value(ReachQuestion, "minutes", minutes)
        roads = network.by(mode, away=away)
        speed = speeds(mode)[""]
        return cls(_distance(minutes * speed), mode, roads, minutes, speed)

    @property
    def is_by_vehicle(self) -> bool:
        """Whether :attr:`metres` are minutes at a speed, and no distance."""
        return self.way in ("cycle", "drive")

    def on_foot(self) -> Reach:
        """Itself, where it is a straight line or a walk; ``ParameterError`` for a vehicle."""
        if self.is_by_vehicle:
            raise ParameterError(
                _("这个分析只支持直线和步行。"),
                hint=_("请去掉 mode；覆盖、缺口、矩阵和等时圈支持骑行和驾车。"),
            )
        return self

    def inputs(self) -> dict[str, Any]:
        """What is kept with an answer."""
        return {
            "reach": self.way,
            "radius_m": None if self.is_by_vehicle else self.metres,
            "minutes": self.minutes,
            "speed_m_min": self.speed_m_min,
            "streets": None if self.network is None else self.network.report.get("source"),
        }


def straight_metres(indicator: Indicator) -> float:
    """The straight distance that stands for an indicator's reach where there are no streets: its own, or its minutes at the usual speed."""
    minutes = indicator.threshold_min or 0.0
    speed = speeds("drive")[""] if indicator.reach == "drive" else DEFAULT_SPEED
    return indicator.threshold_m or minutes * speed


def _distance(metres: float) -> float:
    return float(read_value(ReachQuestion, "radius", metres))


def levels(reach: Reach, accuracy_m: Floats) -> dict[str, Floats]:
    """Radius of each facility for the three answers: certainly R - a (NaN where a > R), R, possibly R + a."""
    low = reach.metres - accuracy_m
    return {
        "low": np.where(low >= 0, low, np.nan),
        "central": np.full(len(accuracy_m), reach.metres),
        "high": reach.metres + accuracy_m,
    }


def measure(facilities: Facilities, demand: Demand, reach: Reach) -> Callable[[Floats], Served]:
    """A function of radii (one for each placed facility, NaN for absent) that says what they serve together.

    Parameters
    ----------
    facilities : Facilities
        The facilities that serve.
    demand : Demand
        Residents or land to be served.
    reach : Reach
        How far they serve: along straight lines, or along streets.

    Returns
    -------
    callable
    """
    return measure_at(*facilities.xy, demand, reach)


def measure_at(x: Floats, y: Floats, demand: Demand, reach: Reach) -> Callable[[Floats], Served]:
    """The same of places in metres.

    Parameters
    ----------
    x : ndarray of float64
        Easting, metres in the projected system of the city.
    y : ndarray of float64
        Northing, metres.
    demand : Demand
        Residents or land to be served.
    reach : Reach
        How far they serve: along straight lines, or along streets.

    Returns
    -------
    callable
    """
    if reach.network is not None:
        return _walked(demand, reach.network, x, y)

    def served(radii: Floats) -> Served:
        use = ~np.isnan(radii)
        land = union_area(x[use], y[use], radii[use], demand.zones)
        cells = demand.counted
        people = None if cells is None else people_within(cells, x, y, radii)[1]
        return served_people(demand, land, people)

    return served


def people_within(lattice: Lattice, x: Floats, y: Floats, radii: Floats) -> tuple[NDArray[np.int32], Floats]:
    """What straight lines reach of a lattice's cells.

    Parameters
    ----------
    lattice : Lattice
        Cells with their residents.
    x, y : ndarray of float64
        Places, metres in the lattice's plane.
    radii : ndarray of float64
        How far each serves, metres; NaN for a facility that does not count.

    Returns
    -------
    (ndarray of int32 (ny, nx), ndarray of float64 (zones,))
        How many facilities reach each cell, and the residents within reach by zone.
    """
    use = ~np.isnan(radii)
    return within_reach(lattice, x[use], y[use], radii[use])


def _walked(demand: Demand, network: StreetNetwork, x: Floats, y: Floats) -> Callable[[Floats], Served]:
    near = _walked_cells(demand.lattice, network, x, y)
    return lambda radii: served_cells(demand, near(radii))


def near_cells(facilities: Facilities, demand: Demand, reach: Reach) -> Callable[[Floats], Flags]:
    """A function of radii, as :func:`measure` has it, that says which cells of the demand's lattice are served.

    Parameters
    ----------
    facilities : Facilities
        The facilities that serve.
    demand : Demand
        Its lattice is asked.
    reach : Reach
        How far they serve: along straight lines, or along streets.

    Returns
    -------
    callable
        Gives an ndarray of bool (ny, nx): whether the middle of the cell is within reach of one of them.
    """
    x, y = facilities.xy
    if reach.network is not None:
        return _walked_cells(demand.lattice, reach.network, x, y)

    def near(radii: Floats) -> Flags:
        use = ~np.isnan(radii)
        return reach_counts(demand.lattice, x[use], y[use], radii[use]) > 0

    return near


def _walked_cells(
    lattice: Lattice, network: StreetNetwork, x: Floats, y: Floats
) -> Callable[[Floats], Flags]:
    origins = snap(network, x, y)

    def near(radii: Floats) -> Flags:
        use = ~np.isnan(radii)
        if not use.any():
            return np.zeros(lattice.shape, bool)
        limit = float(radii[use].max())
        return _walks(lattice, network, _pick(origins, use), limit, limit - radii[use]) <= limit

    return near


def _pick(snapped: Snapped, use: NDArray[np.bool_]) -> Snapped:
    return Snapped(edge=snapped.edge[use], along=snapped.along[use], off=snapped.off[use])


@lru_cache(maxsize=4)
def snapped_cells(lattice: Lattice, network: StreetNetwork) -> Snapped:
    """Every cell of a zone put on its nearest street (made once for a lattice and a network)."""
    rows, columns = np.nonzero(lattice.zone >= 0)
    east, north = lattice.centres()
    return snap(network, east[columns], north[rows])


def _walks(
    lattice: Lattice, network: StreetNetwork, origins: Snapped, limit: float, extra: Floats | float = 0.0
) -> Floats:
    """Walk of every cell to its nearest origin, metres (ny, nx); infinite beyond ``limit``, NaN outside zones."""
    targets = snapped_cells(lattice, network.ground)
    out = np.full(lattice.shape, np.nan)
    out[lattice.zone >= 0] = walk_distance(network, origins, targets, limit=limit, extra=extra)
    return out


def distances(facilities: Facilities, demand: Demand, reach: Reach) -> Floats:
    """Distance of every cell of the demand's lattice to its nearest facility, the way ``reach`` goes (ny, nx).

    Parameters
    ----------
    facilities : Facilities
        The facilities that serve.
    demand : Demand
        Residents or land to be served.
    reach : Reach
        How far they serve: along straight lines, or along streets.

    Returns
    -------
    ndarray of float64
        Metres, by a vehicle those of :attr:`Reach.metres`.
    """
    x, y = facilities.xy
    if reach.network is None:
        return nearest_distance(demand.lattice, x, y)
    return _walks(demand.lattice, reach.network, snap(reach.network, x, y), MAX_REACH_M)


def engine(reach: Reach, demand: Demand) -> str:
    """What computed an answer, for its inputs."""
    if reach.network is not None:
        return "scipy dijkstra, 100 m cells" + (
            ", assumed speeds by class of road" if reach.is_by_vehicle else ""
        )
    return f"{ENGINE}: exact discs" + (", lattice spans" if demand.by_cell else "")
