"""Discs in the plane: checked, sorted into buckets, and the arcs of each circle that no other disc covers."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import ParameterError
from geo.kernels.compiling import compiled
from geo.text import mark as _

FULL: Final = 4.0
"""A full turn. A direction is given by where it meets the square |x| + |y| = 1, a turn being 4: as exact as an angle,
and a division where an angle is a call of atan2."""
FARTHEST_M: Final = 1e9
LARGEST_M: Final = 1e6
"""Bounds that no place or service radius on Earth reaches; kernels count cells in whole numbers and trust them."""


class Buckets(NamedTuple):
    """Discs sorted into square cells (compressed rows); ``reach`` is the largest radius, ``order`` where each came."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    r: NDArray[np.float64]
    start: NDArray[np.int64]
    x0: float
    y0: float
    size: float
    nx: int
    ny: int
    reach: float
    order: NDArray[np.int64]


def checked_discs(
    x: ArrayLike, y: ArrayLike, radius: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Centres and radii as equal-length float arrays; ``ParameterError`` for what no disc can be.

    Parameters
    ----------
    x : array_like
        Easting, planar metres.
    y : array_like
        Northing, planar metres.
    radius : array_like
        Metres; NaN for a facility that does not count.

    Returns
    -------
    (ndarray of float64, ndarray of float64, ndarray of float64)

    Raises
    ------
    ParameterError
        A place or radius that no disc can have.
    """
    cx, cy, r = (
        np.array(values, "float64").ravel()  # a copy: kernels are compiled for writable arrays
        for values in np.broadcast_arrays(
            np.asarray(x, "float64"), np.asarray(y, "float64"), np.asarray(radius, "float64")
        )
    )
    placed = (np.abs(cx) <= FARTHEST_M) & (np.abs(cy) <= FARTHEST_M)  # NaN is neither
    if not placed.all():
        raise ParameterError(
            _("有 {n} 个设施没有有效坐标。"),
            hint=_("没有位置的设施请先去掉，并单独计数。"),
            n=int((~placed).sum()),
        )
    if not ((r >= 0) & (r <= LARGEST_M)).all():
        raise ParameterError(_("服务半径必须在 0 到 1000 公里之间（米）。"), hint=_("请改正半径。"))
    return cx, cy, r


def bucket(x: NDArray[np.float64], y: NDArray[np.float64], r: NDArray[np.float64]) -> Buckets:
    """Discs sorted into cells about as large as a typical disc, smaller where discs are dense.

    Parameters
    ----------
    x : ndarray of float64
        Easting, planar metres.
    y : ndarray of float64
        Northing, planar metres.
    r : ndarray of float64
        Radius, metres.

    Returns
    -------
    Buckets
    """
    x0, y0 = float(x.min()), float(y.min())
    width, height = float(x.max()) - x0 + 1, float(y.max()) - y0 + 1
    typical = max(float(r.mean()), 1e-6)
    size = min(2 * typical, max(math.sqrt(width * height / x.size) * 0.35, typical / 6))
    size = max(size, math.sqrt(width * height / 4e6))  # no more than about four million cells
    nx, ny = int(width / size) + 1, int(height / size) + 1
    order, start = _by_cell(x, y, x0, y0, size, nx, ny)
    return Buckets(x[order], y[order], r[order], start, x0, y0, size, nx, ny, float(r.max()), order)


@compiled
def _by_cell(x, y, x0, y0, size, nx, ny):  # type: ignore[no-untyped-def]
    """Positions in the order of their cells, and where each cell's begin."""
    cell = np.empty(x.size, np.int64)
    start = np.zeros(nx * ny + 1, np.int64)
    for i in range(x.size):
        cell[i] = int((y[i] - y0) / size) * nx + int((x[i] - x0) / size)
        start[cell[i] + 1] += 1
    start = np.cumsum(start)
    fill = start.copy()
    order = np.empty(x.size, np.int64)
    for i in range(x.size):
        order[fill[cell[i]]] = i
        fill[cell[i]] += 1
    return order, start


@compiled
def direction(x, y):  # type: ignore[no-untyped-def]
    """The direction of a vector, 0 to :data:`FULL`, growing as its angle does."""
    f = y / (abs(x) + abs(y))
    if x < 0:
        return 2.0 - f
    return f if y >= 0 else FULL + f


@compiled
def vector(turn):  # type: ignore[no-untyped-def]
    """Cosine and sine of a direction."""
    x = abs(turn - 2.0) - 1.0
    y = 1.0 - abs(turn - 1.0) if turn < 3.0 else turn - FULL
    length = math.sqrt(x * x + y * y)
    return x / length, y / length


@compiled
def cut(low, high, n, a, b):  # type: ignore[no-untyped-def]
    """Take the interval (a, b) out of ``n`` sorted, disjoint intervals; the new number of intervals."""
    kept = 0
    for k in range(n):
        lo = low[k]
        hi = high[k]
        if lo < a and hi > b:  # splits in two; being disjoint, no other interval is touched
            for j in range(n, k + 1, -1):
                low[j] = low[j - 1]
                high[j] = high[j - 1]
            low[k + 1] = b
            high[k + 1] = hi
            high[k] = a
            return n + 1
        if hi <= a or lo >= b:
            low[kept] = lo
            high[kept] = hi
            kept += 1
        elif lo < a:
            low[kept] = lo
            high[kept] = a
            kept += 1
        elif hi > b:
            low[kept] = b
            high[kept] = hi
            kept += 1
    return kept


@compiled
def _hide(dx, dy, ri, rk, earlier, low, high, n):  # type: ignore[no-untyped-def]
    """Take out of a circle what a disc (dx, dy) away covers. Of equal discs the ``earlier`` keeps its circle."""
    square = dx * dx + dy * dy
    if square >= (ri + rk) ** 2:
        return n
    if square <= (rk - ri) ** 2:
        return 0 if rk > ri or (rk == ri and earlier) else n
    # cosine and sine of the half angle, both times 2 * distance * ri: factors, as a sum would lose half its digits
    sine = math.sqrt(((ri + rk) ** 2 - square) * (square - (rk - ri) ** 2))
    cosine = square + (ri - rk) * (ri + rk)
    a = direction(cosine * dx + sine * dy, cosine * dy - sine * dx)
    b = direction(cosine * dx - sine * dy, cosine * dy + sine * dx)
    if a < b:
        return cut(low, high, n, a, b)
    n = cut(low, high, n, a, FULL)
    return cut(low, high, n, 0.0, b)


@compiled
def exposed(i, discs, low, high):  # type: ignore[no-untyped-def]
    """Arcs of circle ``i`` outside every other disc; their number, 0 as soon as none is left, -1 if buffers are short."""
    x = discs.x[i]
    y = discs.y[i]
    r = discs.r[i]
    ci = int((x - discs.x0) / discs.size)
    cj = int((y - discs.y0) / discs.size)
    reach = math.ceil((r + discs.reach) / discs.size)
    reach = min(reach, max(ci, discs.nx - 1 - ci, cj, discs.ny - 1 - cj))
    low[0] = 0.0
    high[0] = FULL
    n = 1
    for step in range(2 * reach + 1):  # near rows first: near discs hide most
        gj = cj + (step + 1) // 2 * (1 - step % 2 * 2)
        if gj < 0 or gj >= discs.ny:
            continue
        west = gj * discs.nx + max(ci - reach, 0)
        east = gj * discs.nx + min(ci + reach, discs.nx - 1)
        for k in range(discs.start[west], discs.start[east + 1]):
            if k == i:
                continue
            n = _hide(discs.x[k] - x, discs.y[k] - y, r, discs.r[k], k < i, low, high, n)
            if n == 0:
                return 0
            if n > low.size - 4:
                return -1
    return n
