"""What facilities serve, put into numbers by district: land, and residents by the demand's own model and by a second one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.kernels.cell_reach import served_whole
from geo.kernels.lattice import Lattice

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Served:
    """What is served in each district: land in m², residents (None where only land is asked), and those of the second model."""

    land: Floats
    residents: Floats | None
    other: Floats | None = None


def served_people(demand: Demand, land: Floats, counted: Floats | None) -> Served:
    """What is served, by both models: land gives the even spread, cells the other.

    Parameters
    ----------
    demand : Demand
    land : ndarray (districts,)
        Land served, m².
    counted : ndarray (districts,) or None
        Residents served of :attr:`Demand.counted`.

    Returns
    -------
    Served
    """
    if demand.residents is None:
        return Served(land, None)
    even = demand.residents * share_of(land, demand.zones.area_m2)
    return Served(land, counted, even) if demand.by_cell else Served(land, even, counted)


def share_of(part: Floats, whole: Floats) -> Floats:
    """``part / whole``, 0 where there is nothing to share."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def served_cells(demand: Demand, near: NDArray[np.bool_]) -> Served:
    """What is served where cells are ``near`` (ny, nx)."""
    lattice = demand.lattice
    inside = near & (lattice.zone >= 0)
    cells = np.bincount(lattice.zone[inside], minlength=len(lattice.codes))
    flags = near.astype("int32")
    second = None if demand.second is None else served_whole(demand.second, flags)
    return served_sums(demand, served_whole(lattice, flags), cells, second)


def served_sums(
    demand: Demand,
    weight: NDArray[np.int64],
    cells: NDArray[np.int64],
    second: NDArray[np.int64] | None = None,
) -> Served:
    """The same of the summed weights and the number of near cells by zone: land as its share of what cells stand for.

    Parameters
    ----------
    demand : Demand
        Residents or land to be served.
    weight : ndarray of int64
        Demand of the cells within reach by zone, in whole units of the lattice.
    cells : ndarray of int64
        Number of those cells by zone.
    second : ndarray of int64 or None
        As ``weight``, of the second model's cells.

    Returns
    -------
    Served
    """
    whole_weight, whole_cells = _whole(demand.lattice)
    near, every = (cells, whole_cells) if demand.by_cell else (weight, whole_weight)
    land = demand.zones.area_m2 * share_of(near.astype("float64"), every.astype("float64"))
    if demand.residents is None:
        return Served(land, None)
    people = np.asarray(weight / demand.lattice.whole[1], "float64")
    if demand.by_cell:
        return served_people(demand, land, people)
    other = None
    if demand.second is not None and second is not None:
        other = np.asarray(second / demand.second.whole[1], "float64")
    return Served(land, people, other)


@lru_cache(maxsize=8)
def _whole(lattice: Lattice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    everywhere = np.ones(lattice.shape, "int32")
    cells = np.bincount(lattice.zone[lattice.zone >= 0], minlength=len(lattice.codes))
    return served_whole(lattice, everywhere), cells
