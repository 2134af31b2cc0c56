"""Small questions of siting that can be answered by trying every choice."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from geo.siting.instance import Instance
from tests.depth import examples

HERE = "320213"
QUICK = examples(25)


def most_assigned(instance: Instance, chosen: list[int], capacity: float | np.ndarray) -> float:
    """What sites of a capacity can take, by a flow that is solved by another program."""
    reach = instance.value.toarray()[:, chosen]
    row, column = np.nonzero(reach)
    if not len(row):
        return 0.0
    limits = np.zeros((len(instance.weight) + len(chosen), len(row)))
    limits[row, np.arange(len(row))] = 1
    limits[len(instance.weight) + column, np.arange(len(row))] = 1
    top = np.concatenate([instance.weight, np.full(len(chosen), capacity)])
    return -float(linprog(-np.ones(len(row)), A_ub=limits, b_ub=top).fun)
