"""How fine the demand is cut: fine enough for the radius, where the model of demand allows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from geo.coverage.demand import Demand
from geo.coverage.reach import Reach
from geo.kernels.lattice import Lattice

SIDES_M: Final = (100.0, 80.0, 60.0, 50.0, 40.0, 30.0, 25.0, 20.0)
CELLS_A_RADIUS: Final = 12
"""With so many cells in a radius, a disc's cells weigh what the disc does to about one in a hundred."""
MOST_CELLS: Final = 150_000


def fine_lattice(demand: Demand, reach: Reach, codes: Sequence[str]) -> Lattice:
    """The lattice to choose sites on.

    A population raster and walks are counted on the demand's own cells, and so they are here: both then agree to the
    last digit. Demand spread evenly over land is exact for circles, so cells only have to be small beside the radius.

    Parameters
    ----------
    demand : Demand
        Residents or land to be served.
    reach : Reach
        How far they serve: along straight lines, or along streets.
    codes : sequence of str
        District codes.

    Returns
    -------
    Lattice
    """
    if reach.network is not None or demand.by_cell or reach.metres <= 0:
        return demand.lattice
    asked = np.isin(demand.zones.codes, list(codes))
    wanted = max(
        reach.metres / CELLS_A_RADIUS, math.sqrt(float(demand.zones.area_m2[asked].sum()) / MOST_CELLS)
    )
    side = next((side for side in SIDES_M if side <= wanted), SIDES_M[-1])
    if side >= demand.lattice.size:
        return demand.lattice
    return _cut(demand, side, tuple(codes))


@lru_cache(maxsize=8)
def _cut(demand: Demand, side: float, codes: tuple[str, ...]) -> Lattice:
    """Cells of ``side`` around some districts; each of these sums to its total, other land weighs nothing."""
    zones = demand.zones
    asked = np.flatnonzero(np.isin(zones.codes, codes))
    edges = zones.index.edges[np.isin(zones.index.owner, asked)]
    x0, y0 = (math.floor(float(value) / side) * side for value in edges[:, :2].min(axis=0))
    nx, ny = (
        math.ceil((float(top) - low) / side)
        for top, low in zip(edges[:, :2].max(axis=0), (x0, y0), strict=True)
    )
    east, north = x0 + (np.arange(nx) + 0.5) * side, y0 + (np.arange(ny) + 0.5) * side
    zone = zones.locate(east[None, :], north[:, None]).astype("int16")
    zone = np.where(np.isin(zone, asked), zone, -1).astype("int16")
    whole = Lattice(x0, y0, side, zone, np.where(zone >= 0, 1.0, 0.0), zones.codes)
    total = zones.area_m2 if demand.residents is None else demand.residents
    each = np.divide(total, whole.totals, out=np.zeros(len(total)), where=whole.totals > 0)
    return replace(whole, weight=np.where(zone >= 0, each[zone], 0.0))
