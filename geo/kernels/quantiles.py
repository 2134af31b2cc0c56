"""Quantiles of the distance to the nearest facility, weighted by demand, that follow single changed cells.

A histogram of demand by distance and zone is kept in whole numbers; it names the bin in which a quantile lies, and
only the cells of that bin are sorted. The answer is that of sorting all cells, to the last digit.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.compiling import compiled

Floats = NDArray[np.float64]
BINS: Final = 32_767
NEAR_BINS: Final = 16_384
NEAR_M: Final = 0.25
FAR_M: Final = 4.0
"""Bins of a quarter metre up to 4 km, of 4 m up to 69 km; the last holds all that is farther, or has no facility."""
BLOCK: Final = 256
BLOCKS: Final = BINS // BLOCK + 1
"""Sums of so many bins stand behind the bins themselves, so that a quantile is found without reading all of them."""
TENTHS: Final = (5, 9)
"""Of the demand: the quantiles of the distance that a table has."""


def weighted(
    values: Floats, weights: NDArray[np.int64], *, before: int = 0, whole: int | None = None
) -> list[float]:
    """The first of the ascending ``values`` at which half, and nine tenths, of the whole weight is reached.

    ``before`` is weight that lies below all of them, ``whole`` the whole weight (that of ``values`` if None).

    Parameters
    ----------
    values : ndarray of float64
    weights : ndarray of int64
    before : int
    whole : int or None

    Returns
    -------
    list of float
    """
    total = np.cumsum(weights) + before
    most = int(total[-1]) if whole is None and len(total) else whole or 0
    if not len(total) or most <= 0:
        return [np.nan] * len(TENTHS)
    at = [int(np.searchsorted(total * 10, most * tenths)) for tenths in TENTHS]
    found = values[np.minimum(at, len(values) - 1)]
    return [float(value) if np.isfinite(value) else np.nan for value in found]


def bins_of(far: Floats) -> NDArray[np.int16]:
    """Bin of each distance (not NaN)."""
    edge = NEAR_M * NEAR_BINS
    finite = np.minimum(far, edge + FAR_M * BINS)
    near, beyond = finite / NEAR_M, NEAR_BINS + (finite - edge) / FAR_M
    return np.minimum(np.where(finite < edge, near, beyond), BINS - 1).astype("int16")


@compiled
def bin_of(far):  # type: ignore[no-untyped-def]
    """The same of one distance, in a kernel."""
    edge = NEAR_M * NEAR_BINS
    if far < edge:
        return int(far / NEAR_M)
    if far < edge + FAR_M * BINS:
        return min(int(NEAR_BINS + (far - edge) / FAR_M), BINS - 1)
    return BINS - 1


class Spread:
    """Demand by zone and by bin of the distance; kernels that change a cell change it too.

    Parameters
    ----------
    zone : ndarray of int16, shape (rows, columns)
        Zone of each cell, -1 for none.
    weights : ndarray of int64, same shape
    zones : int
        How many there are.
    far : ndarray of float, same shape
        Distances; the very array is read later, as others change it. Infinite where there is no facility.
    """

    def __init__(self, zone: NDArray[np.int16], weights: NDArray[np.int64], zones: int, far: Floats) -> None:
        self._zone, self._weights, self._far = zone, weights, far
        inside = zone >= 0
        self._bins = bins_of(np.where(inside, far, 0.0))
        self._sums = np.zeros((zones, BINS + BLOCKS), np.int64)
        np.add.at(self._sums, (zone[inside], self._bins[inside]), weights[inside])
        blocks = BINS + self._bins[inside].astype("int64") // BLOCK
        np.add.at(self._sums, (zone[inside], blocks), weights[inside])
        self._chains = np.full(BINS, -1, np.int32), *(np.full(far.size, -1, np.int32) for _side in range(2))
        _chain(zone, self._bins, *self._chains)

    @property
    def arrays(self) -> tuple[Any, ...]:
        """What :func:`put` needs to change a cell: zones, weights, bins, sums by zone and bin, chains of cells by bin."""
        return self._zone, self._weights, self._bins, self._sums, *self._chains

    def changed(self, row: int, columns: NDArray[np.int64]) -> None:
        """Cells of a row have new distances."""
        _put_all(self._far, *self.arrays, row, columns)

    def quantiles(self) -> Floats:
        """Median and ninth decile by zone, and in the last row for all zones together; NaN where not known."""
        flat = (each.reshape(-1) for each in (self._far, self._zone, self._weights))
        return np.asarray(_quantiles(self._sums, *self._chains[:2], *flat, np.array(TENTHS)), "float64")


@compiled
def _quantiles(sums, head, after, far, zone, weight, tenths):  # type: ignore[no-untyped-def]
    """Of each zone, and of all in the last row: the distance at which so many tenths of the demand are reached."""
    zones = sums.shape[0]
    out = np.full((zones + 1, tenths.size), np.nan)
    for k in range(zones + 1):
        first, last = (k, k + 1) if k < zones else (0, zones)
        whole = sums[first:last, BINS:].sum()
        if whole <= 0:
            continue
        for q in range(tenths.size):
            wanted = whole * tenths[q]
            at, before = _bin_of_quantile(sums[first:last], wanted)
            values, weights = _members(head[at], after, far, zone, weight, k if k < zones else -1)
            out[k, q] = _reached(values, weights, before, wanted)
    return out


@compiled
def _bin_of_quantile(sums, wanted):  # type: ignore[no-untyped-def]
    """The first bin at whose end ten times the demand is at least ``wanted``, and the demand before it."""
    before = 0
    block = 0
    while block < BLOCKS - 1 and 10 * (before + sums[:, BINS + block].sum()) < wanted:
        before += sums[:, BINS + block].sum()
        block += 1
    at = block * BLOCK
    while at < BINS - 1 and 10 * (before + sums[:, at].sum()) < wanted:
        before += sums[:, at].sum()
        at += 1
    return at, before


@compiled
def _members(first, after, far, zone, weight, k):  # type: ignore[no-untyped-def]
    """Distances and demand of the cells in the chain from ``first`` on: those of zone ``k``, or all if it is below 0."""
    values = np.empty(64)
    weights = np.empty(64, np.int64)
    n = 0
    cell = first
    while cell >= 0:
        if k < 0 or zone[cell] == k:
            if n == values.size:
                values = np.append(values, np.empty(n))
                weights = np.append(weights, np.empty(n, np.int64))
            values[n] = far[cell]
            weights[n] = weight[cell]
            n += 1
        cell = after[cell]
    return values[:n], weights[:n]


@compiled
def _reached(values, weights, before, wanted):  # type: ignore[no-untyped-def]
    """The first of the values, in ascending order, at which ten times the demand is ``wanted``; NaN if it is infinite."""
    total = before
    found = np.nan
    for i in np.argsort(values):
        total += weights[i]
        found = values[i]
        if 10 * total >= wanted:
            break
    return found if np.isfinite(found) else np.nan


@compiled
def _chain(zone, bins, head, after, before):  # type: ignore[no-untyped-def]
    """Hang every cell of a zone into the chain of its bin."""
    for row in range(zone.shape[0]):
        for column in range(zone.shape[1]):
            if zone[row, column] >= 0:
                _hang(row * zone.shape[1] + column, bins[row, column], head, after, before)


@compiled
def _hang(cell, to, head, after, before):  # type: ignore[no-untyped-def]
    first = head[to]
    after[cell] = first
    before[cell] = -1
    if first >= 0:
        before[first] = cell
    head[to] = cell


@compiled
def put(far, zone, weight, bins, sums, head, after, before, row, column, distance):  # type: ignore[no-untyped-def]
    """Give one cell of a zone another distance."""
    far[row, column] = distance
    old = int(bins[row, column])  # sixteen bits are too few for the blocks behind the bins
    new = bin_of(distance)
    if new == old:
        return
    z = zone[row, column]
    sums[z, old] -= weight[row, column]
    sums[z, new] += weight[row, column]
    sums[z, BINS + old // BLOCK] -= weight[row, column]
    sums[z, BINS + new // BLOCK] += weight[row, column]
    bins[row, column] = new
    cell = row * zone.shape[1] + column
    if before[cell] >= 0:
        after[before[cell]] = after[cell]
    else:
        head[old] = after[cell]
    if after[cell] >= 0:
        before[after[cell]] = before[cell]
    _hang(cell, new, head, after, before)


@compiled
def _put_all(far, zone, weight, bins, sums, head, after, before, row, columns):  # type: ignore[no-untyped-def]
    for column in columns:
        put(far, zone, weight, bins, sums, head, after, before, row, column, far[row, column])
