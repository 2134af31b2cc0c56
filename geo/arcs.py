"""Discs in the plane: checked, sorted into buckets, and the arcs of each circle that no other disc covers."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo._numba import compiled
from geo.errors import ParameterError
from geo.text import mark as _

TAU: Final = 2 * math.pi
FARTHEST_M: Final = 1e9
LARGEST_M: Final = 1e6
"""Bounds that no place or service radius on Earth reaches; kernels count cells in whole numbers and trust them."""


class Buckets(NamedTuple):
    """Discs sorted into square cells (compressed rows); ``reach`` is the largest radius."""

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


def checked_discs(
    x: ArrayLike, y: ArrayLike, radius: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Centres and radii as equal-length float arrays; ``ParameterError`` for what no disc can be."""
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
    """Discs sorted into cells about as large as a typical disc, smaller where discs are dense."""
    x0, y0 = float(x.min()), float(y.min())
    width, height = float(x.max()) - x0 + 1, float(y.max()) - y0 + 1
    typical = max(float(r.mean()), 1e-6)
    size = min(2 * typical, max(math.sqrt(width * height / x.size) * 0.35, typical / 6))
    size = max(size, math.sqrt(width * height / 4e6))  # no more than about four million cells
    nx, ny = int(width / size) + 1, int(height / size) + 1
    cell = ((y - y0) / size).astype("int64") * nx + ((x - x0) / size).astype("int64")
    order = np.argsort(cell, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=nx * ny))]).astype("int64")
    return Buckets(x[order], y[order], r[order], start, x0, y0, size, nx, ny, float(r.max()))


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
def _hide(i, k, discs, low, high, n):  # type: ignore[no-untyped-def]
    """Take out of circle ``i`` what disc ``k`` covers. Of equal discs the first keeps its circle."""
    dx = discs.x[k] - discs.x[i]
    dy = discs.y[k] - discs.y[i]
    ri = discs.r[i]
    rk = discs.r[k]
    square = dx * dx + dy * dy
    if square >= (ri + rk) ** 2:
        return n
    if square <= (rk - ri) ** 2:
        return 0 if rk > ri or (rk == ri and k < i) else n
    # the half angle from the two chords' lengths: acos would lose half its digits where circles nearly touch
    d = math.sqrt(square)
    chord = math.sqrt(max((d + ri + rk) * (ri + rk - d) * (d + (ri - rk)) * (d - (ri - rk)), 0.0))
    half = math.atan2(chord, square + (ri - rk) * (ri + rk))
    a = math.atan2(dy, dx) - half
    b = a + 2 * half
    if a < 0:
        a += TAU
        b += TAU
    if b <= TAU:
        return cut(low, high, n, a, b)
    n = cut(low, high, n, a, TAU)
    return cut(low, high, n, 0.0, b - TAU)


@compiled
def exposed(i, discs, low, high):  # type: ignore[no-untyped-def]
    """Arcs of circle ``i`` outside every other disc; their number, 0 as soon as none is left, -1 if buffers are short."""
    ci = int((discs.x[i] - discs.x0) / discs.size)
    cj = int((discs.y[i] - discs.y0) / discs.size)
    reach = math.ceil((discs.r[i] + discs.reach) / discs.size)
    reach = min(reach, max(ci, discs.nx - 1 - ci, cj, discs.ny - 1 - cj))
    low[0] = 0.0
    high[0] = TAU
    n = 1
    for ring in range(reach + 1):  # near discs first: they hide most
        for gj in range(max(cj - ring, 0), min(cj + ring, discs.ny - 1) + 1):
            step = 1 if abs(gj - cj) == ring else 2 * ring
            for gi in range(ci - ring, ci + ring + 1, max(step, 1)):
                if gi < 0 or gi >= discs.nx:
                    continue
                cell = gj * discs.nx + gi
                for k in range(discs.start[cell], discs.start[cell + 1]):
                    if k == i:
                        continue
                    n = _hide(i, k, discs, low, high, n)
                    if n == 0:
                        return 0
                    if n > low.size - 4:
                        return -1
    return n
