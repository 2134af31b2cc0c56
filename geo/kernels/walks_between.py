"""Walks between many places of one set, each pair within a limit."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.network import Snapped, StreetNetwork, with_places

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_AT_ONCE_BYTES: Final = 64 << 20


def walks_between(network: StreetNetwork, places: Snapped, limit: float) -> tuple[Ints, Ints, Floats]:
    """The shortest walks of at most ``limit`` between different places.

    Parameters
    ----------
    network : StreetNetwork
    places : Snapped
        Shape (n,).
    limit : float
        Metres.

    Returns
    -------
    (ndarray of int64, ndarray of int64, ndarray of float64)
        From, to and metres, as :func:`geo.kernels.network.walk_distance` has them.
    """
    from scipy.sparse.csgraph import dijkstra

    joined = np.flatnonzero(places.edge >= 0)
    edge, along, off = places.edge[joined], places.along[joined], places.off[joined]
    nodes, bound = len(network.nodes), limit * (1 + 1e-9)
    matrix = with_places(network, Snapped(edge, along, off))
    at_once = max(1, _AT_ONCE_BYTES // (8 * (nodes + len(joined))))
    rest = network.length[edge] - along
    pairs = []
    for first in range(0, len(joined), at_once):
        part = np.arange(first, min(first + at_once, len(joined)))
        at_node = dijkstra(matrix, indices=nodes + part, limit=bound)[:, :nodes]
        walk = np.minimum(at_node[:, network.u[edge]] + along, at_node[:, network.v[edge]] + rest)
        straight = np.abs(along[part][:, None] - along) + off[part][:, None]
        walk = np.where(edge[part][:, None] == edge, np.minimum(walk, straight), walk) + off
        walk[np.arange(len(part)), part] = np.inf
        near = np.argwhere(walk <= bound)
        pairs.append((joined[part[near[:, 0]]], joined[near[:, 1]], np.minimum(walk[tuple(near.T)], limit)))
    if not pairs:
        nothing = np.array([], "int64")
        return nothing, nothing, nothing.astype("float64")
    a, b, metres = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return a, b, metres
