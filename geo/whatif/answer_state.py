"""A coverage answer that follows its facilities one by one: along straight lines, or along streets."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.reach import snapped_cells
from geo.coverage.served import Served, served_people, served_sums
from geo.kernels.area_updates import DiscArea
from geo.kernels.cell_updates import CellCounts, Nearest
from geo.kernels.edited_streets import Pairs
from geo.kernels.network import Snapped, StreetNetwork, snap
from geo.kernels.walk_updates import Field, Ground, SpreadOf, Within, relink
from geo.questions.coverage import MAX_REACH_M

Floats = NDArray[np.float64]
Radii = dict[str, Floats]


class State(Protocol):
    """What is kept between two edits. Facilities stand in numbered places; NaN is one without a position."""

    def change(self, place: int, x: float, y: float, radii: dict[str, float]) -> None:
        """Another facility (or none, NaN) at a place; ``radii`` by level, NaN where it does not count.

        Parameters
        ----------
        place : int
            Number of the place.
        x : float
            Easting, planar metres; NaN for no place.
        y : float
            Northing, planar metres; NaN for no place.
        radii : dict
            By level, metres; NaN where it does not count.
        """

    def relink(self, pairs: Pairs) -> None:
        """Other lengths between nodes of the streets."""

    def served(self) -> dict[str, Served]:
        """By level, as :func:`geo.coverage.reach.measure` says it."""

    def quantiles(self) -> Floats:
        """Median and ninth decile of the distance by district and for the city."""


class StraightState:
    """Discs, cells and nearest facilities along straight lines."""

    def __init__(self, demand: Demand, x: Floats, y: Floats, radii: Radii) -> None:
        self._demand = demand
        self._x, self._y, self._radii = x, y, {level: each.copy() for level, each in radii.items()}
        self._nearest = Nearest(demand.lattice, x, y)
        self._parts: dict[str, tuple[DiscArea, CellCounts | None]] = {}
        for level in radii:
            self._parts[level] = self._like(level) or self._made(level)

    def _like(self, level: str) -> tuple[DiscArea, CellCounts | None] | None:
        """The parts of a level with the very same radii: places without error have one answer, not three."""
        mine = self._radii[level]
        same = (k for k in self._parts if np.array_equal(self._radii[k], mine, equal_nan=True))
        return next((self._parts[k] for k in same), None)

    def _made(self, level: str) -> tuple[DiscArea, CellCounts | None]:
        x, y, radius = self._x, self._y, self._radii[level]
        counted = self._demand.counted
        cells = None if counted is None else CellCounts(counted, x, y, radius)
        return DiscArea(self._demand.zones, x, y, radius), cells

    def change(self, place: int, x: float, y: float, radii: dict[str, float]) -> None:
        """See :class:`State`.

        Parameters
        ----------
        place : int
            Number of the place.
        x : float
            Easting, planar metres; NaN for no place.
        y : float
            Northing, planar metres; NaN for no place.
        radii : dict
            By level, metres; NaN where it does not count.
        """
        before = {level: id(part) for level, part in self._parts.items()}
        self._nearest.change(place, x, y)
        if place == len(self._x):
            self._x, self._y = np.append(self._x, np.nan), np.append(self._y, np.nan)
            self._radii = {level: np.append(each, np.nan) for level, each in self._radii.items()}
        self._x[place], self._y[place] = x, y
        for level, radius in radii.items():
            self._radii[level][place] = radius
        done: dict[int, float] = {}
        for level, radius in radii.items():
            part = before[level]
            if part in done:
                if not _same(done[part], radius):  # what was one answer has become two
                    self._parts[level] = self._made(level)
                continue
            done[part] = radius
            area, cells = self._parts[level]
            area.change(place, x, y, radius)
            if cells is not None:
                cells.change(place, x, y, radius)

    def relink(self, pairs: Pairs) -> None:
        """Straight lines need no streets."""

    def served(self) -> dict[str, Served]:
        """See :class:`State`."""
        return {level: self._served(*part) for level, part in self._parts.items()}

    def _served(self, area: DiscArea, cells: CellCounts | None) -> Served:
        return served_people(self._demand, area.areas(), None if cells is None else cells.served())

    def quantiles(self) -> Floats:
        """See :class:`State`."""
        return self._nearest.spread.quantiles()


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


class WalkState:
    """Walks along streets: one field of plain walks, and one more for each level whose radii differ among facilities."""

    def __init__(self, demand: Demand, network: StreetNetwork, x: Floats, y: Floats, radii: Radii) -> None:
        self._demand = demand
        self._ground = Ground(demand.lattice, network, snapped_cells(demand.lattice, network))
        here = np.flatnonzero(~np.isnan(x))
        self._origins = _nowhere(len(x))
        _put(self._origins, here, snap(network, x[here], y[here]) if here.size else _nowhere(0))
        self._placed = ~np.isnan(x)
        self._radii = {level: each.copy() for level, each in radii.items()}
        self._plain = Field(self._ground, MAX_REACH_M, self._origins, np.where(self._placed, 0.0, np.nan))
        self._spread = SpreadOf(self._plain)
        self._own: dict[str, Field] = {}
        self._within: dict[str, Within | None] = {}
        for level in radii:
            self._measure(level)

    def change(self, place: int, x: float, y: float, radii: dict[str, float]) -> None:
        """See :class:`State`.

        Parameters
        ----------
        place : int
            Number of the place.
        x : float
            Easting, planar metres; NaN for no place.
        y : float
            Northing, planar metres; NaN for no place.
        radii : dict
            By level, metres; NaN where it does not count.
        """
        if place == len(self._placed):
            self._origins = _joined(self._origins, _nowhere(1))
            self._placed = np.append(self._placed, False)
            self._radii = {level: np.append(each, np.nan) for level, each in self._radii.items()}
        origin = _nowhere(1) if math.isnan(x) else snap(self._ground.network, [x], [y])
        _put(self._origins, np.array([place]), origin)
        self._placed[place] = not math.isnan(x)
        self._plain.leave(place)
        self._plain.come(place, origin, 0.0 if self._placed[place] else math.nan)
        for level, radius in radii.items():
            self._radii[level][place] = radius
            field = self._own.get(level)
            if field is not None:
                field.leave(place)
                if field.limit == self._limit(level):
                    field.come(place, origin, field.limit - radius)
            self._measure(level)

    def _limit(self, level: str) -> float:
        radii = self._radii[level]
        return float(np.nanmax(radii)) if not np.isnan(radii).all() else math.nan

    def _measure(self, level: str) -> None:
        """See that a level is measured the way its radii want it: plainly where all are alike, else in a field of its own."""
        radii, limit = self._radii[level], self._limit(level)
        now = self._within.get(level)
        if math.isnan(limit):
            self._forget(level)
            self._within[level] = None
            return
        alike = bool((np.isnan(radii) == ~self._placed).all() and (radii[self._placed] == limit).all())
        own = self._own.get(level)
        if now is not None and now.limit == limit and alike == (own is None):
            return
        self._forget(level)
        field = self._plain
        if not alike:
            field = self._own[level] = Field(self._ground, limit, self._origins, limit - radii)
        self._within[level] = Within(field, limit)

    def _forget(self, level: str) -> None:
        within = self._within.get(level)
        if within is not None:
            within.release()
        self._own.pop(level, None)

    def relink(self, pairs: Pairs) -> None:
        """See :class:`State`."""
        if dict(pairs) != dict(self._ground.pairs):
            relink(self._ground, [self._plain, *self._own.values()], pairs)

    def served(self) -> dict[str, Served]:
        """See :class:`State`."""
        none = np.zeros(len(self._demand.lattice.codes), np.int64)
        return {
            level: served_sums(self._demand, none, none, none)
            if each is None
            else served_sums(self._demand, each.weight, each.cells, self._second(each))
            for level, each in self._within.items()
        }

    def _second(self, within: Within) -> NDArray[np.int64] | None:
        """Demand of the second model in the cells within reach, by zone."""
        second = self._demand.second
        if second is None:
            return None
        inside = second.zone >= 0
        zone, weight = second.zone[inside][within.near], second.whole[0][inside][within.near]
        return np.array([weight[zone == k].sum() for k in range(len(second.codes))], "int64")

    def quantiles(self) -> Floats:
        """See :class:`State`."""
        return self._spread.quantiles()


def _nowhere(n: int) -> Snapped:
    return Snapped(np.full(n, -1, np.int64), np.zeros(n), np.full(n, np.inf))


def _joined(a: Snapped, b: Snapped) -> Snapped:
    return Snapped(*(np.concatenate(pair) for pair in zip(_columns(a), _columns(b), strict=True)))


def _columns(snapped: Snapped) -> tuple[Any, ...]:
    return snapped.edge, snapped.along, snapped.off


def _put(origins: Snapped, places: NDArray[np.int64], snapped: Snapped) -> None:
    for column, values in zip(_columns(origins), _columns(snapped), strict=True):
        column[places] = values
