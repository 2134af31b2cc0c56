"""Streets with links added and closed, for asking what a footbridge or a closure would do.

Places stay joined to the streets that they were joined to: a link is a way between streets, and a closed piece can no
longer be walked through (whoever lives on it still gets out at either end). So a link that is added never makes a walk
longer, and one that is closed never makes one shorter, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork, snap
from geo.text import mark as _

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pairs = Mapping[tuple[int, int], float]
JOIN_M: Final = 150.0
"""How far the end of a link may be from a vertex of the streets; the way there is walked too."""
CLOSE_M: Final = 50.0
"""How far from a street the point may be that says which piece of it is closed."""


class Link(NamedTuple):
    """A new two-way way between two nodes."""

    a: int
    b: int
    metres: float


@dataclass(frozen=True, eq=False)
class EditedStreets(StreetNetwork):
    """A network whose walking matrix has been changed; nodes, edges and what joins them are those of ``base``.

    Attributes
    ----------
    base : StreetNetwork
    pairs : mapping
        Metres between two nodes (the smaller first) where they differ from those of ``base``; infinite for closed.
    """

    base: StreetNetwork
    pairs: Pairs

    @property
    def ground(self) -> StreetNetwork:
        """The streets before the edits."""
        return self.base

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the edges of ``base``."""
        return self.base.tree

    @cached_property
    def matrix(self) -> csr_array:
        """Lengths between nodes, shape (n, n); a closed edge is infinitely long."""
        from scipy.sparse import csr_array

        n = len(self.nodes)
        data, indices, indptr = patched(self.base, self.pairs)
        return csr_array((data, indices, indptr), shape=(n, n))


def link_of(network: StreetNetwork, line: Floats) -> Link:
    """The link that a drawn line (k, 2) in metres stands for: between the street vertices nearest to its ends.

    Raises
    ------
    ParameterError
        An end that is near no vertex, or both ends at the same one: the line joins nothing.
    """
    from scipy.spatial import cKDTree

    ends = line[[0, -1]]
    gap, node = cKDTree(network.nodes).query(ends, distance_upper_bound=np.nextafter(JOIN_M, inf))
    if not np.isfinite(gap).all():
        raise ParameterError(
            _("这条连线的一端 {metres} 米内没有街道，什么也接不上。"),
            hint=_("请把两端画到街道的路口或转折点附近。"),
            metres=f"{JOIN_M:.0f}",
        )
    if node[0] == node[1]:
        raise ParameterError(
            _("这条连线的两端接在街道的同一点上，什么也接不上。"), hint=_("请把线画长一些，连到另一条街。")
        )
    metres = float(np.hypot(*np.diff(line, axis=0).T).sum() + gap.sum())
    a, b = sorted(map(int, node))
    return Link(a, b, max(metres, 1e-3))


def edge_at(network: StreetNetwork, x: float, y: float) -> int:
    """The edge nearest to a point, to be closed.

    Parameters
    ----------
    network : StreetNetwork
        Streets, in metres.
    x : float
        Easting, planar metres.
    y : float
        Northing, planar metres.

    Returns
    -------
    int

    Raises
    ------
    ParameterError
        No street within :data:`CLOSE_M`.
    """
    edge = int(snap(network, [x], [y], max_m=CLOSE_M).edge[0])
    if edge < 0:
        raise ParameterError(
            _("这一点 {metres} 米内没有街道可以封闭。"), hint=_("请点在街道上。"), metres=f"{CLOSE_M:.0f}"
        )
    return edge


def edit_streets(network: StreetNetwork, links: Iterable[Link], closed: Iterable[int]) -> StreetNetwork:
    """``network`` with links added and edges closed; itself where there are none.

    Parameters
    ----------
    network : StreetNetwork
        Streets, in metres.
    links : iterable of Link
        Streets to add.
    closed : iterable of int
        Edges to close.

    Returns
    -------
    StreetNetwork
    """
    pairs: dict[tuple[int, int], float] = {}
    for edge in closed:
        pairs[int(network.u[edge]), int(network.v[edge])] = inf
    for a, b, metres in links:
        pairs[a, b] = min(metres, pairs.get((a, b), length_between(network, a, b)))
    if not pairs:
        return network
    return EditedStreets(network.nodes, network.u, network.v, network.length, network.report, network, pairs)


def length_between(network: StreetNetwork, a: int, b: int) -> float:
    """Metres of the edge between two nodes, infinite where there is none.

    Parameters
    ----------
    network : StreetNetwork
        Streets, in metres.
    a : int
        A node.
    b : int
        Another node.

    Returns
    -------
    float
    """
    matrix = network.matrix
    row = slice(matrix.indptr[a], matrix.indptr[a + 1])
    found = np.flatnonzero(matrix.indices[row] == b)
    return float(matrix.data[row][found[0]]) if found.size else inf


def patched(network: StreetNetwork, pairs: Pairs) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32]]:
    """Data, indices and row starts of the network's matrix with other lengths for some pairs of nodes."""
    matrix = network.matrix
    data, indices, indptr = matrix.data.copy(), matrix.indices, matrix.indptr
    fresh: list[tuple[int, int, float]] = []
    for (a, b), metres in pairs.items():
        for here, there in ((a, b), (b, a)):
            row = slice(indptr[here], indptr[here + 1])
            found = np.flatnonzero(indices[row] == there)
            if found.size:
                data[indptr[here] + found[0]] = metres
            else:
                fresh.append((here, there, metres))
    if fresh:
        fresh.sort()
        rows = np.array([here for here, _there, _metres in fresh])
        at = indptr[rows + 1]
        data = np.insert(data, at, [metres for _here, _there, metres in fresh])
        indices = np.insert(indices, at, [there for _here, there, _metres in fresh]).astype("int32")
        more = np.cumsum(np.bincount(rows, minlength=len(indptr) - 1))
        indptr = (indptr + np.concatenate([[0], more])).astype("int32")
    return data, indices, indptr
