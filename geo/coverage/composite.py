"""Composite indicators: a place counts where all of several single indicators reach it, or where any of them does.

Worked out on the middles of the demand's cells, each part with its own facilities and reach, at each level of certainty: what is certain
of the whole is what is certain of its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, levels, near_cells
from geo.coverage.served import Served, served_cells
from geo.coverage.share_table import LEVELS
from geo.register.facilities import Facilities

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """A single indicator of a composite one: its facilities, its reach, and its own table of shares, by code of zone."""

    facilities: Facilities
    reach: Reach
    table: pd.DataFrame


def served_together(parts: Sequence[Part], rule: str, demand: Demand) -> dict[str, Served]:
    """What the parts serve together, by level.

    Parameters
    ----------
    parts : sequence of Part
        At least one.
    rule : {"all", "any"}
    demand : Demand

    Returns
    -------
    dict of Served
        By level of :data:`geo.coverage.share_table.LEVELS`; land is that of the cells.
    """
    join = np.logical_and if rule == "all" else np.logical_or
    each = [_near(part, demand) for part in parts]
    return {level: served_cells(demand, reduce(join, [near[level] for near in each])) for level in LEVELS}


def unknown_zones(parts: Sequence[Part]) -> pd.Index:
    """Codes of the zones in which the share of a part is not known: there the whole is not known either."""
    unknown = pd.concat([part.table["share_area"].isna() for part in parts], axis=1).any(axis=1)
    return unknown.index[unknown]


def _near(part: Part, demand: Demand) -> dict[str, Flags]:
    near, radii = (
        near_cells(part.facilities, demand, part.reach),
        levels(part.reach, part.facilities.accuracy_m),
    )
    return {level: near(radii[level]) for level in LEVELS}
