"""How places and land join the streets of an answer: what a reader must know of a walk or a ride."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.reach import snapped_cells
from geo.errors import ParameterError
from geo.kernels.network import SNAP_M, StreetNetwork, snap
from geo.register.facilities import Facilities
from geo.text import mark as _

Floats = NDArray[np.float64]


def walk_report(facilities: Facilities, demand: Demand, network: StreetNetwork) -> dict[str, Any]:
    """How places join the streets: metres to the street (None where nothing joins), and what is too far to join.

    Parameters
    ----------
    facilities : Facilities
        The facilities that serve.
    demand : Demand
        Residents or land to be served.
    network : StreetNetwork
        Streets, in metres.

    Returns
    -------
    dict

    Raises
    ------
    ParameterError
        No cell of the city is near a street: the streets are of another place.
    """
    targets = snapped_cells(demand.lattice, network.ground)
    joined = targets.edge >= 0
    if not joined.any():
        raise ParameterError(
            _("街道 {source} 不在本市：没有一处陆地离街道在 {farthest} 米以内。"),
            hint=_("请核对文件的范围与坐标系。"),
            source=network.report.get("source") or "—",
            farthest=f"{SNAP_M:g}",
        )
    origins = snap(network, *facilities.xy)
    near = origins.edge >= 0
    return {
        "farthest": f"{SNAP_M:g}",
        "facility_p50": _metres(origins.off[near], 0.5),
        "facility_max": _metres(origins.off[near], 1.0),
        "facilities_off": int((~near).sum()),
        "cell_p50": _metres(targets.off[joined], 0.5),
        "cells_off_share": round(100 * float((~joined).mean()), 1),
    }


def _metres(off: Floats, share: float) -> float | None:
    return round(float(np.quantile(off, share)), 1) if off.size else None
