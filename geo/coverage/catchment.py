"""Access of residents to supply: who can reach what, and two-step floating catchments, as sparse pairs."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, snapped_cells
from geo.kernels.network import Snapped, snap, walk_distance
from geo.register.facilities import Facilities

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEPS: Final = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
"""E2SFCA: weight of each third of the catchment (Luo and Qi, 2009)."""


def catchments(facilities: Facilities, demand: Demand, reach: Reach) -> tuple[Ints, Ints, Floats]:
    """Pairs within reach: cell (its number among those of a zone), facility (its number), and metres between them.

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
    (ndarray of int64, ndarray of int64, ndarray of float64)
    """
    lattice = demand.lattice
    x, y = facilities.xy
    if reach.network is not None:
        return _walked_pairs(snap(reach.network, x, y), demand, reach)
    from scipy.spatial import cKDTree

    rows, columns = np.nonzero(lattice.zone >= 0)
    east, north = lattice.centres()
    cells = cKDTree(np.column_stack([east[columns], north[rows]]))
    pairs = cKDTree(np.column_stack([x, y])).sparse_distance_matrix(
        cells, reach.metres, output_type="ndarray"
    )
    return pairs["j"].astype("int64"), pairs["i"].astype("int64"), pairs["v"]


def _walked_pairs(origins: Snapped, demand: Demand, reach: Reach) -> tuple[Ints, Ints, Floats]:
    streets = reach.network
    if streets is None:
        raise AssertionError("a walk has streets")
    cells = snapped_cells(demand.lattice, streets.ground)
    found = []
    for site in range(len(origins.edge)):
        here = slice(site, site + 1)
        one = Snapped(origins.edge[here], origins.along[here], origins.off[here])
        far = walk_distance(streets, one, cells, limit=reach.metres)
        near = np.flatnonzero(np.isfinite(far))
        found.append((near, np.full(near.size, site), far[near]))
    cell, site_of, far = (np.concatenate(each) for each in zip(*found, strict=True))
    return cell, site_of, far


def steps(far: Floats, metres: float) -> Floats:
    """E2SFCA's weight of a distance: :data:`STEPS` of the reach; exactly on a step belongs to the nearer one."""
    edges = np.array([edge for edge, _weight in STEPS]) * metres
    weights = np.array([weight for _edge, weight in STEPS])
    return np.asarray(
        weights[np.minimum(np.searchsorted(edges, far * (1 - 1e-12)), len(STEPS) - 1)], "float64"
    )


def two_step(cell: Ints, site: Ints, weight: Floats, people: Floats, supply: Floats) -> Floats:
    """Floating catchments (Luo and Wang, 2003): supply shared among all who can reach it, then added up where they live.

    Parameters
    ----------
    cell, site, weight : ndarray, shape (pairs,)
        Who can reach what, and how much the distance lets it count.
    people : ndarray, shape (cells,)
    supply : ndarray, shape (sites,)

    Returns
    -------
    ndarray of float, shape (cells,)
        Supply per head; a site that nobody can reach gives nothing to anybody.
    """
    asking = np.bincount(site, weight * people[cell], len(supply))
    ratio = np.divide(supply, asking, out=np.zeros(len(supply)), where=asking > 0)
    return np.bincount(cell, weight * ratio[site], len(people)).astype("float64")
