"""Ways along streets: a network of segments, places snapped to it, and distances along it.

Lines connect only where they share a vertex: where they merely cross, as a bridge does over a road, they do not.
Every street may be walked both ways; what vehicles may do is in :mod:`geo.kernels.roads`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import ParameterError
from geo.kernels.line_nodes import PRECISION_M, line_vertices, unique_edges
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SNAP_M: Final = 500.0
"""Farther than this from every street, a place does not join the network (a choice of ours, kept with answers)."""
AT_CROSSING_M: Final = 1.0
"""A place so near to the end of a one-way street need not go round the block to enter or leave it."""
_LINES: Final = (1, 2, 5)  # shapely's type ids of LineString, LinearRing, MultiLineString


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """Streets as nodes and straight two-way edges, in metres of the city's projected system.

    Attributes
    ----------
    nodes : ndarray of float64, shape (n, 2)
        Easting and northing.
    u, v : ndarray of int64, shape (m,)
        The ends of each edge, as rows of ``nodes``; ``u < v``.
    length : ndarray of float64, shape (m,)
        Metres, above zero.
    report : dict
        ``nodes``, ``edges``, ``length_km``, ``components`` (islands), ``share_of_length_in_largest``, ``dropped``
        (rows that are no lines), ``source`` (free text), and ``credit`` where the source asks for one.
    """

    nodes: Floats
    u: Ints
    v: Ints
    length: Floats
    report: dict[str, Any]

    @classmethod
    def from_lines(
        cls, frame: GeoDataFrame, projected: str, *, precision_m: float = PRECISION_M
    ) -> StreetNetwork:
        """The network of centre lines: every vertex a node, every segment an edge.

        Lines that cross without a shared vertex do not connect (bridges). Segments without length are dropped, and
        one that is drawn twice, in either direction, is kept once.

        Parameters
        ----------
        frame : GeoDataFrame
            (Multi)LineStrings in any CRS; rows of another type and empty ones are dropped and counted.
        projected : str
            ``EPSG:n`` of the system whose metres the network is measured in.
        precision_m : float
            Vertices that round to the same grid of this size (metres) are one node, at the place of the first. Two
            that stand closer but round apart stay two.

        Returns
        -------
        StreetNetwork

        Raises
        ------
        CrsError
            No CRS, one that is projected while the coordinates are degrees, or coordinates that are NaN, infinite or
            out of the range of ``projected`` (rows are named, counting from 1).
        ParameterError
            No line with a length, or a precision that is not above zero.
        """
        if not (isfinite(precision_m) and precision_m > 0):
            raise ParameterError(_("节点精度必须大于零（米）。"))
        shapes = frame.geometry.to_numpy()
        is_line = np.isin(shapely.get_type_id(shapes), _LINES) & ~shapely.is_empty(shapes)
        nodes, u, v = unique_edges(
            *line_vertices(frame[is_line], np.flatnonzero(is_line), projected), precision_m
        )
        if not u.size:
            raise ParameterError(_("路网里没有一条有长度的线。"), hint=_("请给出道路中心线。"))
        network = cls(nodes, u, v, np.hypot(*(nodes[u] - nodes[v]).T), {"source": ""})
        network.report.update(summary(network), dropped=int((~is_line).sum()))
        return network

    @property
    def forward(self) -> Floats:
        """What each edge costs from ``u`` to ``v``, metres (edges,); infinite where that way is closed."""
        return self.length

    @property
    def backward(self) -> Floats:
        """The same from ``v`` to ``u``."""
        return self.length

    def by(self, mode: str, *, away: bool = False) -> StreetNetwork:  # noqa: ARG002 (roads differ, walks do not)
        """The network for a way of travelling.

        Parameters
        ----------
        mode : str
            ``walk``, or a mode of :mod:`geo.kernels.roads` where the streets have tags.
        away : bool
            Whether one travels from the origins to the targets; by default to the origins.

        Returns
        -------
        StreetNetwork

        Raises
        ------
        ParameterError
            Streets of which nobody knows what may drive on them.
        """
        if mode == "walk":
            return self
        raise ParameterError(
            _("街道 {source} 没有道路等级（highway），不知道车速与单行，只能步行。"),
            hint=_("请给 OSM 摘录，或带 highway、oneway 列的道路；推演改过的街道也只能步行。"),
            source=self.report.get("source") or "—",
        )

    @property
    def ground(self) -> StreetNetwork:
        """The network that places join: this one; of edited streets, the streets before the edits."""
        return self

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the edges as straight segments."""
        ends = self.nodes[np.column_stack([self.u, self.v])]
        return shapely.STRtree(shapely.linestrings(ends))

    @cached_property
    def matrix(self) -> csr_array:
        """Lengths between nodes, shape (n, n), each edge in both directions."""
        from scipy.sparse import coo_array

        n = len(self.nodes)
        # csgraph works on 32-bit indices and would copy any other at every query
        ends = np.stack([self.u, self.v]).astype("int32")
        return coo_array((np.tile(self.length, 2), (ends.ravel(), ends[::-1].ravel())), shape=(n, n)).tocsr()


@dataclass(frozen=True, eq=False)
class Snapped:
    """Where places join a network; arrays of shape (n,).

    Attributes
    ----------
    edge : ndarray of int64
        The edge, -1 for a place that is not connected.
    along : ndarray of float64
        Metres from the edge's ``u`` (0 where not connected).
    off : ndarray of float64
        Metres from the place straight to the street (infinite where not connected).
    """

    edge: Ints
    along: Floats
    off: Floats


def snap(network: StreetNetwork, x: ArrayLike, y: ArrayLike, *, max_m: float = SNAP_M) -> Snapped:
    """Join places to the nearest street, wherever along it; of equally near edges to the first.

    Parameters
    ----------
    network : StreetNetwork
        Streets, in metres.
    x, y : array_like, shape (n,)
        Metres of the system the network is in.
    max_m : float
        A place farther than this from every street is not connected; one exactly this far is.

    Returns
    -------
    Snapped

    Raises
    ------
    ParameterError
        Places that are not finite, or a ``max_m`` that is not above zero.
    """
    if not max_m > 0:
        raise ParameterError(_("接入路网的最远距离必须大于零（米）。"))
    px, py = np.broadcast_arrays(np.atleast_1d(np.asarray(x, "float64")), np.asarray(y, "float64"))
    lost = int((~(np.isfinite(px) & np.isfinite(py))).sum())
    if lost:
        raise ParameterError(_("有 {n} 个点没有有效坐标。"), hint=_("请先去掉，并单独计数。"), n=lost)
    place, found = network.tree.query_nearest(shapely.points(px, py))
    edge = np.full(px.size, len(network.u), "int64")
    np.minimum.at(edge, place, found)
    along, off = _foot(network, edge, np.column_stack([px, py]))
    far = off > max_m
    return Snapped(np.where(far, -1, edge), np.where(far, 0.0, along), np.where(far, np.inf, off))


def walk_distance(
    network: StreetNetwork, origins: Snapped, targets: Snapped, *, limit: float = inf, extra: ArrayLike = 0.0
) -> Floats:
    """Shortest walk from each target to its nearest origin, along streets and straight from street to place.

    Parameters
    ----------
    network : StreetNetwork
        Streets, in metres.
    origins, targets : Snapped
        Places of :func:`snap` on this network.
    limit : float
        Metres; a walk of exactly this length counts.
    extra : float or array_like, shape (origins,)
        Metres walked beyond each origin's place, such as inside a station.

    Returns
    -------
    ndarray of float64, shape (targets,)
        Metres, never above ``limit``; infinite where no origin is within it or none is connected.

    Raises
    ------
    ParameterError
        A limit or extra that is negative or no number.
    """
    more = np.broadcast_to(np.asarray(extra, "float64"), origins.edge.shape)
    if not (limit >= 0 and np.isfinite(more).all() and (more >= 0).all()):
        raise ParameterError(_("步行距离的上限和附加距离必须是不小于零的数（米）。"))
    # the same walk added up in another order differs in its last digits, which must not decide at the limit
    bound = limit * (1 + 1e-9)
    joined = origins.edge >= 0
    starts = Snapped(origins.edge[joined], origins.along[joined], (origins.off + more)[joined])
    edge, along = targets.edge, targets.along
    at_node = _to_nodes(network, starts, bound)
    by_u = at_node[network.u[edge]] + _part(along, network.forward, network.length, edge)
    by_v = at_node[network.v[edge]] + _part(
        network.length[edge] - along, network.backward, network.length, edge
    )
    walk = np.minimum(by_u, by_v, out=by_u)
    beside, straight = _on_the_same_edge(network, starts, targets)
    walk[beside] = np.minimum(walk[beside], straight)
    walk += targets.off
    walk[walk > bound] = np.inf
    return np.minimum(walk, limit, out=walk, where=np.isfinite(walk))


def summary(network: StreetNetwork) -> dict[str, Any]:
    """Numbers of a network's report: nodes, edges, kilometres, islands, and the share of the largest of them."""
    from scipy.sparse.csgraph import connected_components

    islands, island = connected_components(network.matrix, directed=False)
    lengths = np.bincount(island[network.u], network.length)
    return {
        "nodes": len(network.nodes),
        "edges": len(network.u),
        "length_km": float(lengths.sum()) / 1000,
        "components": int(islands),
        "share_of_length_in_largest": float(lengths.max() / lengths.sum()),
    }


def _foot(network: StreetNetwork, edge: Ints, place: Floats) -> tuple[Floats, Floats]:
    """Metres along ``edge`` to the point nearest to ``place`` (n, 2), and metres from there to the place."""
    start = network.nodes[network.u[edge]]
    run, length = network.nodes[network.v[edge]] - start, network.length[edge]
    share = np.clip(((place - start) * run).sum(axis=1) / length**2, 0.0, 1.0)
    return share * length, np.hypot(*(place - start - share[:, None] * run).T)


def _to_nodes(network: StreetNetwork, starts: Snapped, bound: float) -> Floats:
    """Metres from every node (nodes,) to its nearest origin; infinite beyond ``bound``."""
    from scipy.sparse.csgraph import dijkstra

    n, k = len(network.nodes), starts.edge.size
    matrix = with_places(network, starts)
    return np.asarray(dijkstra(matrix, indices=np.arange(n, n + k), min_only=True, limit=bound)[:n])


def with_places(network: StreetNetwork, starts: Snapped) -> csr_array:
    """The network's matrix with each place as one more row that holds its two ways onto the street.

    A way of zero metres is kept: csgraph takes every stored entry of a sparse matrix for an edge.
    """
    from scipy.sparse import csr_array

    base, n, k = network.matrix, len(network.nodes), starts.edge.size
    ends = np.column_stack([network.u[starts.edge], network.v[starts.edge]]).astype("int32").ravel()
    rest = network.length[starts.edge] - starts.along
    to_u = _part(starts.along, network.backward, network.length, starts.edge)
    to_v = _part(rest, network.forward, network.length, starts.edge)
    ways = np.column_stack([starts.off + to_u, starts.off + to_v]).ravel()
    rows = base.indptr[-1] + np.arange(2, 2 * k + 2, 2, dtype="int32")
    joints = zip((base.data, base.indices, base.indptr), (ways, ends, rows), strict=True)
    return csr_array(tuple(np.concatenate(pair) for pair in joints), shape=(n + k, n + k))


def _part(metres: Floats, cost: Floats, length: Floats, edge: Ints) -> Floats:
    """What a part of an edge costs; a place at the end of an edge that is closed that way stands at the crossing."""
    if cost is length:
        return metres
    whole = cost[edge]
    counts = (metres > 0) & (np.isfinite(whole) | (metres > AT_CROSSING_M))
    return np.multiply(metres / length[edge], whole, out=np.zeros_like(metres), where=counts)


def _on_the_same_edge(network: StreetNetwork, starts: Snapped, targets: Snapped) -> tuple[Ints, Floats]:
    """The targets with an origin on their own edge, and metres straight along it to the nearest of those origins."""
    order = np.argsort(starts.edge, kind="stable")
    edges = starts.edge[order]
    has_origin = np.zeros(len(network.u), "bool")
    has_origin[edges] = True
    beside = np.flatnonzero(
        has_origin[targets.edge]
    )  # -1, which joins nowhere, may look so; it has no origin below
    mine = targets.edge[beside]
    first = np.searchsorted(edges, mine)
    number = np.searchsorted(edges, mine, side="right") - first
    pair = np.repeat(np.arange(number.size), number)
    nth = np.arange(pair.size) - np.repeat(np.cumsum(number) - number, number)
    origin = order[first[pair] + nth]
    best = np.full(number.size, np.inf)
    run = targets.along[beside[pair]] - starts.along[origin]
    edge = mine[pair]
    cost = np.where(
        run >= 0,
        _part(np.maximum(run, 0.0), network.forward, network.length, edge),
        _part(np.maximum(-run, 0.0), network.backward, network.length, edge),
    )
    np.minimum.at(best, pair, cost + starts.off[origin])
    return beside, best
