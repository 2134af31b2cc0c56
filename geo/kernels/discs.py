"""Exact area of a union of discs within zones: true circles of any radii, no segments.

By Green's theorem the area of (union of discs) within a zone is a line integral over its border: the arcs of each
circle that no other disc covers, where they run inside the zone, and the zone's own edges where they run inside the
union. Arcs are cut where they cross an edge; nothing is approximated, so the only error is that of 64-bit numbers.
Cost grows with discs, their neighbours and the edges near them; memory with discs and edges. What each disc and each
edge adds is summed as whole numbers (:mod:`geo.kernels.exact_sums`), so that the order does not matter.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.kernels.arcs import Buckets, bucket, checked_discs, cut, direction, exposed, vector
from geo.kernels.compiling import compiled, over_threads
from geo.kernels.exact_sums import number, parts
from geo.kernels.zones import Zones, mask_at

_BUFFER: Final = 64
TOUCH: Final = 1e-6  # metres: nearer than this, a circle is taken to meet an edge


def union_area(x: ArrayLike, y: ArrayLike, radius: ArrayLike, zones: Zones) -> NDArray[np.float64]:
    """Area of the union of discs inside each zone.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Centres in the planar metres of ``zones``.
    radius : float or array_like, shape (n,)
        Metres; discs of radius zero cover nothing.
    zones : Zones

    Returns
    -------
    ndarray of float, shape (number of zones,)
        Square metres.

    Raises
    ------
    ParameterError
        A centre or radius that is not finite, or a negative radius.
    """
    cx, cy, r = checked_discs(x, y, radius)
    keep = r > 0
    if not keep.any() or not len(zones.index.edges):
        return np.zeros(len(zones.codes))
    discs = bucket(cx[keep], cy[keep], r[keep])
    index, zone_count = zones.index, len(zones.codes)
    ox, oy = middle(zones)
    arcs = over_threads(
        lambda first, last: _arc_integral(first, last, discs, index, ox, oy, zone_count),
        discs.x.size,
        smallest=500,
    )
    edges = over_threads(
        lambda first, last: _edge_integral(first, last, discs, index, ox, oy, zone_count),
        len(index.edges),
        smallest=8192,
    )
    return areas(np.sum(arcs, axis=0) + np.sum(edges, axis=0), zones)


def middle(zones: Zones) -> tuple[float, float]:
    """The point that integrals are taken about."""
    index = zones.index
    return index.x0 + index.nx * index.size / 2, index.y0 + index.ny * index.size / 2


def areas(sums: NDArray[np.int64], zones: Zones) -> NDArray[np.float64]:
    """Square metres by zone of the summed terms of all discs and edges (zones, 2)."""
    return np.minimum(np.maximum(number(sums), 0.0), zones.area_m2)


def disc_terms(which: NDArray[np.int64], discs: Buckets, zones: Zones) -> NDArray[np.int64]:
    """What the discs at positions ``which`` of ``discs`` add, shape (which, zones, 2)."""
    return np.asarray(_arc_terms(which, discs, zones.index, *middle(zones), len(zones.codes)), "int64")


def edge_terms(which: NDArray[np.int64], discs: Buckets, zones: Zones) -> NDArray[np.int64]:
    """What the edges ``which`` of ``zones`` add to their own zones, shape (which, 2)."""
    return np.asarray(_edge_terms(which, discs, zones.index, *middle(zones)), "int64")


@compiled
def _crossings(i, discs, index, turns):  # type: ignore[no-untyped-def]
    """Directions in which circle ``i`` meets an edge, ascending; the array (grown if needed) and their number."""
    edges, _owner, start, items, _ax, _ay, _mask, x0, y0, size, nx, ny = index
    x = discs.x[i]
    y = discs.y[i]
    r = discs.r[i]
    n = 0
    i0 = max(int((x - r - x0) / size), 0)
    i1 = min(int((x + r - x0) / size), nx - 1)
    j0 = max(int((y - r - y0) / size), 0)
    j1 = min(int((y + r - y0) / size), ny - 1)
    if i1 < i0:
        return turns, n
    for j in range(j0, j1 + 1):
        if start[j * nx + i0] == start[j * nx + i1 + 1]:
            continue
        for c in range(i0, i1 + 1):
            cell = j * nx + c
            if start[cell] == start[cell + 1] or not _on_circle(c, j, x - x0, y - y0, r, size):
                continue
            for q in range(start[cell], start[cell + 1]):
                if n > turns.size - 2:
                    turns = np.append(turns, np.empty(turns.size))
                e = items[q]
                ux = edges[e, 2] - edges[e, 0]
                uy = edges[e, 3] - edges[e, 1]
                n = _meet(ux, uy, edges[e, 0] - x, edges[e, 1] - y, r, turns, n)
    if n > 1:
        turns[:n].sort()
    return turns, n


@compiled
def _meet(ux, uy, wx, wy, r, turns, n):  # type: ignore[no-untyped-def]
    """Append the directions (none or two) in which a circle meets an edge from w along u, or nearly does; the new number.

    A cut too many costs nothing, because each piece of an arc is located by itself; a corner or a tangent missed by
    rounding would put a whole arc on the wrong side.
    """
    qa = ux * ux + uy * uy
    if qa == 0:
        return n
    qb = ux * wx + uy * wy
    square = qb * qb - qa * (wx * wx + wy * wy - r * r)
    touch = 2 * r * TOUCH * qa
    if square < -touch:
        return n
    root = math.sqrt(max(square, 0.0))
    slack = TOUCH / math.sqrt(qa)
    for t in ((-qb - root) / qa, (-qb + root) / qa):
        if -slack <= t <= 1 + slack:
            turns[n] = direction(wx + t * ux, wy + t * uy)
            n += 1
    return n


@compiled
def _on_circle(c, j, x, y, r, size):  # type: ignore[no-untyped-def]
    """Whether the circle can pass through the cell: its nearest point is within r and its farthest is not inside."""
    near_x = max(c * size - x, x - (c + 1) * size, 0.0)
    near_y = max(j * size - y, y - (j + 1) * size, 0.0)
    far_x = max(abs(c * size - x), abs((c + 1) * size - x))
    far_y = max(abs(j * size - y), abs((j + 1) * size - y))
    slack = 1e-6 * size
    return (
        near_x * near_x + near_y * near_y <= (r + slack) ** 2
        and far_x * far_x + far_y * far_y >= (r - slack) ** 2
    )


@compiled
def _add(out, bits, value):  # type: ignore[no-untyped-def]
    coarse, fine = parts(value)
    zone = 0
    while bits:
        if bits & 1:
            out[zone, 0] += coarse
            out[zone, 1] += fine
        zone += 1
        bits >>= 1


@compiled
def _arc_integral(first, last, discs, index, ox, oy, zone_count):  # type: ignore[no-untyped-def]
    """Half the integral of (x dy - y dx) along the exposed arcs of discs ``first`` to ``last``, by zone."""
    out = np.zeros((zone_count, 2), np.int64)
    low = np.empty(_BUFFER)
    high = np.empty(_BUFFER)
    turns = np.empty(_BUFFER)
    for i in range(first, last):
        low, high, turns = _arcs_of(i, discs, index, ox, oy, low, high, turns, out)
    return out


@compiled
def _arc_terms(which, discs, index, ox, oy, zone_count):  # type: ignore[no-untyped-def]
    """The same for each disc of ``which`` by itself."""
    out = np.zeros((which.size, zone_count, 2), np.int64)
    low = np.empty(_BUFFER)
    high = np.empty(_BUFFER)
    turns = np.empty(_BUFFER)
    for k in range(which.size):
        low, high, turns = _arcs_of(which[k], discs, index, ox, oy, low, high, turns, out[k])
    return out


@compiled
def _arcs_of(i, discs, index, ox, oy, low, high, turns, out):  # type: ignore[no-untyped-def]
    """Add the exposed arcs of disc ``i``; the three buffers, grown if they had to."""
    n = exposed(i, discs, low, high)
    while n < 0:
        low = np.empty(2 * low.size)
        high = np.empty(low.size)
        n = exposed(i, discs, low, high)
    if n == 0:
        return low, high, turns
    turns, crossed = _crossings(i, discs, index, turns)
    x = discs.x[i]
    y = discs.y[i]
    r = discs.r[i]
    at = 0
    for k in range(n):
        a = low[k]
        while at < crossed and turns[at] <= a:
            at += 1
        while a < high[k]:
            b = high[k]
            if at < crossed and turns[at] < b:
                b = turns[at]
                at += 1
            if b > a:
                bits = mask_at(*_middle(x, y, r, a, b), index)
                if bits:
                    _add(out, bits, _arc(x - ox, y - oy, r, a, b))
            a = b
    return low, high, turns


@compiled
def _middle(x, y, r, a, b):  # type: ignore[no-untyped-def]
    """A point of the arc from ``a`` to ``b``, away from its ends."""
    cosine, sine = vector(0.5 * (a + b))
    return x + r * cosine, y + r * sine


@compiled
def _arc(x, y, r, a, b):  # type: ignore[no-untyped-def]
    """Half the integral of (x dy - y dx) along the arc from ``a`` to ``b``."""
    cos_a, sin_a = vector(a)
    cos_b, sin_b = vector(b)
    angle = math.atan2(cos_a * sin_b - sin_a * cos_b, cos_a * cos_b + sin_a * sin_b)
    if angle < 0 or (angle < 1 and b - a > 2):  # beyond half a turn, up to a full one
        angle += 2 * math.pi
    return 0.5 * r * (r * angle + x * (sin_b - sin_a) - y * (cos_b - cos_a))


@compiled
def _edge_integral(first, last, discs, index, ox, oy, zone_count):  # type: ignore[no-untyped-def]
    """The same integral along the parts of edges ``first`` to ``last`` that lie inside the union."""
    out = np.zeros((zone_count, 2), np.int64)
    low = np.empty(_BUFFER)
    high = np.empty(_BUFFER)
    for e in range(first, last):
        n = _uncovered(e, index.edges, discs, low, high)
        while n < 0:
            low = np.empty(2 * low.size)
            high = np.empty(low.size)
            n = _uncovered(e, index.edges, discs, low, high)
        value = _along(e, index.edges, ox, oy, low, high, n)
        coarse, fine = parts(value)
        out[index.owner[e], 0] += coarse
        out[index.owner[e], 1] += fine
    return out


@compiled
def _edge_terms(which, discs, index, ox, oy):  # type: ignore[no-untyped-def]
    """The same for each edge of ``which`` by itself."""
    out = np.zeros((which.size, 2), np.int64)
    low = np.empty(_BUFFER)
    high = np.empty(_BUFFER)
    for k in range(which.size):
        n = _uncovered(which[k], index.edges, discs, low, high)
        while n < 0:
            low = np.empty(2 * low.size)
            high = np.empty(low.size)
            n = _uncovered(which[k], index.edges, discs, low, high)
        value = _along(which[k], index.edges, ox, oy, low, high, n)
        out[k, 0], out[k, 1] = parts(value)
    return out


@compiled
def _along(e, edges, ox, oy, low, high, n):  # type: ignore[no-untyped-def]
    """The integral along what edge ``e`` has inside the union: all but its ``n`` uncovered parts."""
    free = 0.0
    for k in range(n):
        free += high[k] - low[k]
    ax = edges[e, 0] - ox
    ay = edges[e, 1] - oy
    return 0.5 * (ax * (edges[e, 3] - oy) - (edges[e, 2] - ox) * ay) * (1 - free)


@compiled
def _uncovered(e, edges, discs, low, high):  # type: ignore[no-untyped-def]
    """Parts of edge ``e`` (as shares 0 to 1 of its length) outside every disc; -1 if buffers are short."""
    ax = edges[e, 0]
    ay = edges[e, 1]
    ux = edges[e, 2] - ax
    uy = edges[e, 3] - ay
    length2 = ux * ux + uy * uy
    low[0] = 0.0
    high[0] = 1.0
    n = 1
    if length2 == 0:
        return n
    i0 = max(math.floor((min(ax, ax + ux) - discs.reach - discs.x0) / discs.size), 0)
    i1 = min(math.floor((max(ax, ax + ux) + discs.reach - discs.x0) / discs.size), discs.nx - 1)
    j0 = max(math.floor((min(ay, ay + uy) - discs.reach - discs.y0) / discs.size), 0)
    j1 = min(math.floor((max(ay, ay + uy) + discs.reach - discs.y0) / discs.size), discs.ny - 1)
    if i1 < i0:
        return n
    for j in range(j0, j1 + 1):
        for k in range(discs.start[j * discs.nx + i0], discs.start[j * discs.nx + i1 + 1]):
            n = _cut_chord(ax - discs.x[k], ay - discs.y[k], ux, uy, length2, discs.r[k], low, high, n)
            if n == 0:
                return 0
            if n > low.size - 2:
                return -1
    return n


@compiled
def _cut_chord(wx, wy, ux, uy, length2, r, low, high, n):  # type: ignore[no-untyped-def]
    """Take out of an edge what one disc covers."""
    qb = ux * wx + uy * wy
    square = qb * qb - length2 * (wx * wx + wy * wy - r * r)
    if square <= 0:
        return n
    root = math.sqrt(square)
    t0 = (-qb - root) / length2
    t1 = (-qb + root) / length2
    return n if t1 <= 0 or t0 >= 1 else cut(low, high, n, t0, t1)
