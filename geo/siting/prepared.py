"""One kind of facility made ready for the solver: its demand, its candidates, what stands, and what sites must hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.reach import Reach
from geo.kernels.lattice import Lattice
from geo.register.facilities import Facilities
from geo.siting.candidates import Candidates
from geo.siting.cells import fine_lattice
from geo.siting.existing import ExistingCapacity, existing_capacity
from geo.siting.ground import capacities_of, conditions_of
from geo.siting.instance import Instance, reach_instance
from geo.siting.nearest import nearest_instance
from geo.siting.task import Task

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the solver is given of one kind.

    Attributes
    ----------
    pool : Candidates
        In the order of the instance's candidates.
    lattice : Lattice
        Demand by cell.
    instance : Instance
    existing : ExistingCapacity or None
        Where existing facilities serve at most their capacity.
    """

    pool: Candidates
    lattice: Lattice
    instance: Instance
    existing: ExistingCapacity | None


def prepare(
    facilities: Facilities,
    demand: Demand,
    reach: Reach,
    pool: Candidates,
    task: Task,
    scope: tuple[list[str], float],
) -> Prepared:
    """The instance of a task on the lattice of its demand.

    Parameters
    ----------
    facilities : Facilities
        What exists.
    demand : Demand
    reach : Reach
    pool : Candidates
    task : Task
    scope : (list of str, float)
        District codes whose demand counts; metres beyond which every way counts as this long.

    Returns
    -------
    Prepared
    """
    codes, cut_m = scope
    lattice = fine_lattice(demand, reach, codes)
    x, y = facilities.xy
    asked = np.isin(lattice.codes, codes)
    existing = existing_capacity(facilities, demand, task)
    if task.goal == "nearest":
        instance = nearest_instance(lattice, (x, y), pool.xy, reach, cut_m=cut_m, scope=asked)
    else:
        instance = _reached(lattice, (x, y), pool, reach, existing, asked)
    conditions, capacity = conditions_of(pool, task), capacities_of(pool, task)
    return Prepared(pool, lattice, replace(instance, conditions=conditions, capacity=capacity), existing)


def _reached(
    lattice: Lattice,
    xy: tuple[Floats, Floats],
    pool: Candidates,
    reach: Reach,
    existing: ExistingCapacity | None,
    asked: NDArray[np.bool_],
) -> Instance:
    x, y = xy
    radius = np.full(len(x), reach.metres)
    if existing is None or not existing.limited.any():
        counted = np.ones(len(x), bool) if existing is None else existing.unlimited
        return reach_instance(lattice, (x[counted], y[counted], radius[counted]), pool.xy, reach, scope=asked)
    large, small = existing.unlimited, existing.limited
    limited = (x[small], y[small], existing.people)
    return reach_instance(
        lattice, (x[large], y[large], radius[large]), pool.xy, reach, scope=asked, limited=limited
    )
