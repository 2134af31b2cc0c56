"""Exact area of a union of discs within zones: true circles of any radii, no segments.

By Green's theorem the area of (union of discs) within a zone is a line integral over its border: the arcs of each
circle that no other disc covers, where they run inside the zone, and the zone's own edges where they run inside the
union. Arcs are cut where they cross an edge; nothing is approximated, so the only error is that of 64-bit numbers.
Cost grows with discs, their neighbours and the edges near them; memory with discs and edges.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo._numba import compiled, over_threads
from geo.arcs import TAU, bucket, checked_discs, cut, exposed
from geo.zones import Zones, mask_at

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
    index = zones.index
    ox, oy = index.x0 + index.nx * index.size / 2, index.y0 + index.ny * index.size / 2
    zone_count = len(zones.codes)
    arcs = over_threads(
        lambda first, last: _arc_integral(first, last, discs, index, ox, oy, zone_count), discs.x.size
    )
    edges = over_threads(
        lambda first, last: _edge_integral(first, last, discs, index, ox, oy, zone_count), len(index.edges)
    )
    total: NDArray[np.float64] = np.sum(arcs, axis=0) + np.sum(edges, axis=0)
    return np.minimum(np.maximum(total, 0.0), zones.area_m2)


@compiled
def _crossings(i, discs, index, angles):  # type: ignore[no-untyped-def]
    """Angles in [0, 2 pi) at which circle ``i`` meets an edge, ascending; the array (grown if needed) and their number."""
    start, x0, y0, size, nx, ny = index.start, index.x0, index.y0, index.size, index.nx, index.ny
    x = discs.x[i]
    y = discs.y[i]
    r = discs.r[i]
    n = 0
    i0 = max(int((x - r - x0) / size), 0)
    i1 = min(int((x + r - x0) / size), nx - 1)
    j0 = max(int((y - r - y0) / size), 0)
    j1 = min(int((y + r - y0) / size), ny - 1)
    for j in range(j0, j1 + 1):
        for c in range(i0, i1 + 1):
            cell = j * nx + c
            if start[cell] == start[cell + 1] or not _on_circle(c, j, x - x0, y - y0, r, size):
                continue
            for q in range(start[cell], start[cell + 1]):
                if n > angles.size - 2:
                    angles = np.append(angles, np.empty(angles.size))
                n = _meet(index.edges[index.items[q]], x, y, r, angles, n)
    if n > 1:
        angles[:n].sort()
    return angles, n


@compiled
def _meet(edge, x, y, r, angles, n):  # type: ignore[no-untyped-def]
    """Append the angles (none or two) at which a circle meets an edge, or nearly does; the new number.

    A cut too many costs nothing, because each piece of an arc is located by itself; a corner or a tangent missed by
    rounding would put a whole arc on the wrong side.
    """
    ux = edge[2] - edge[0]
    uy = edge[3] - edge[1]
    wx = edge[0] - x
    wy = edge[1] - y
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
            f = math.atan2(wy + t * uy, wx + t * ux)
            angles[n] = f if f >= 0 else f + TAU
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
    zone = 0
    while bits:
        if bits & 1:
            out[zone] += value
        zone += 1
        bits >>= 1


@compiled
def _arc_integral(first, last, discs, index, ox, oy, zone_count):  # type: ignore[no-untyped-def]
    """Half the integral of (x dy - y dx) along the exposed arcs of discs ``first`` to ``last``, by zone."""
    out = np.zeros(zone_count)
    low = np.empty(_BUFFER)
    high = np.empty(_BUFFER)
    angles = np.empty(_BUFFER)
    for i in range(first, last):
        n = exposed(i, discs, low, high)
        while n < 0:
            low = np.empty(2 * low.size)
            high = np.empty(low.size)
            n = exposed(i, discs, low, high)
        if n == 0:
            continue
        angles, crossed = _crossings(i, discs, index, angles)
        at = 0
        for k in range(n):
            at = _walk_arc(i, low[k], high[k], angles, at, crossed, discs, index, ox, oy, out)
    return out


@compiled
def _walk_arc(i, a, end, angles, at, crossed, discs, index, ox, oy, out):  # type: ignore[no-untyped-def]
    """Add one exposed arc to the zones it runs in, piece by piece between crossings; the next crossing's position."""
    while at < crossed and angles[at] <= a:
        at += 1
    while a < end:
        b = end
        if at < crossed and angles[at] < b:
            b = angles[at]
            at += 1
        if b > a:
            _add_piece(i, a, b, discs, index, ox, oy, out)
        a = b
    return at


@compiled
def _add_piece(i, a, b, discs, index, ox, oy, out):  # type: ignore[no-untyped-def]
    x = discs.x[i]
    y = discs.y[i]
    r = discs.r[i]
    middle = 0.5 * (a + b)
    bits = mask_at(x + r * math.cos(middle), y + r * math.sin(middle), index)
    if bits:
        swept = r * (x - ox) * (math.sin(b) - math.sin(a)) - r * (y - oy) * (math.cos(b) - math.cos(a))
        _add(out, bits, 0.5 * (r * r * (b - a) + swept))


@compiled
def _edge_integral(first, last, discs, index, ox, oy, zone_count):  # type: ignore[no-untyped-def]
    """The same integral along the parts of edges ``first`` to ``last`` that lie inside the union."""
    edges = index.edges
    out = np.zeros(zone_count)
    low = np.empty(_BUFFER)
    high = np.empty(_BUFFER)
    for e in range(first, last):
        n = _uncovered(e, edges, discs, low, high)
        while n < 0:
            low = np.empty(2 * low.size)
            high = np.empty(low.size)
            n = _uncovered(e, edges, discs, low, high)
        free = 0.0
        for k in range(n):
            free += high[k] - low[k]
        ax = edges[e, 0] - ox
        ay = edges[e, 1] - oy
        out[index.owner[e]] += 0.5 * (ax * (edges[e, 3] - oy) - (edges[e, 2] - ox) * ay) * (1 - free)
    return out


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
