"""Candidates that an optimum never needs: those that reach nobody, and those of which another reaches all and more."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

Ints = NDArray[np.int64]
MOST_PRODUCTS: Final = 40_000_000
"""Above so many pairs of candidates with a group in common, only equal candidates are looked for."""


def undominated_candidates(value: csc_array) -> Ints:
    """Candidates to keep, ascending; some optimum of any size uses these alone.

    A candidate goes if another reaches everything it reaches (of equal ones the first stays). Only for serving
    without capacities: there, a second site at the same place brings more.
    """
    number = np.diff(value.indptr)
    alive = np.flatnonzero(number > 0)
    if not len(alive):
        return alive
    ones = csc_array((np.ones(value.nnz), value.indices, value.indptr), shape=value.shape)[:, alive]
    row_number = np.bincount(ones.indices, minlength=value.shape[0]).astype("float64")
    if float(row_number @ row_number) > MOST_PRODUCTS:
        return alive[_first_of_equals(ones)]
    common = (ones.T @ ones).tocoo()
    mine, other = common.row, common.col
    size = np.diff(ones.indptr)
    inside = (common.data >= size[mine]) & (mine != other)
    beaten = inside & ((size[other] > size[mine]) | (other < mine))
    gone = np.zeros(len(alive), bool)
    gone[mine[beaten]] = True
    return alive[~gone]


def _first_of_equals(ones: csc_array) -> Ints:
    """Positions of candidates of which no earlier one reaches the very same groups."""
    seen: dict[bytes, int] = {}
    for k in range(ones.shape[1]):
        groups = np.sort(ones.indices[ones.indptr[k] : ones.indptr[k + 1]])
        seen.setdefault(groups.tobytes(), k)
    return np.array(sorted(seen.values()), "int64")
