"""Walks to the nearest facility, kept up to date while facilities and links come and go.

The walk of a node is the least of its neighbours' walks and one step more, added in the order it is walked: one
well-defined number, whatever found it. What comes can only shorten walks: a search from there, as far as it is
nearer. What goes can only lengthen the walks that it carried: those that nothing else supports are found in order of
their length and searched again from their rim (Ramalingam and Reps, 1996). Either touches only what changes.
"""

from __future__ import annotations

import math
from heapq import heappop, heappush
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.compiling import compiled
from geo.kernels.edited_streets import Pairs, length_between, patched
from geo.kernels.lattice import Lattice
from geo.kernels.network import Snapped, StreetNetwork
from geo.kernels.quantiles import Spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SLACK: Final = 1e-9
"""Of a limit: as in :func:`geo.kernels.network.walk_distance`."""


class Ground:
    """What does not depend on facilities: streets as they are now, cells by edge, edges by node."""

    def __init__(self, lattice: Lattice, network: StreetNetwork, cells: Snapped) -> None:
        self.network = network
        inside = lattice.zone >= 0
        self.lattice, self.cells = lattice, cells
        self.zone, self.weight = lattice.zone[inside], lattice.whole[0][inside]
        self.rest = network.length[cells.edge] - cells.along
        edges = len(network.u)
        joined = np.flatnonzero(cells.edge >= 0)
        self._cells = joined[np.argsort(cells.edge[joined], kind="stable")]
        self._cells_from = np.searchsorted(cells.edge[self._cells], np.arange(edges + 1))
        ends = np.concatenate([network.u, network.v])
        order = np.argsort(ends, kind="stable")
        self._edges, self._edges_from = (
            order % edges,
            np.searchsorted(ends[order], np.arange(len(network.nodes) + 1)),
        )
        self.walked({})

    def walked(self, pairs: Pairs) -> None:
        """Ways between nodes, with the lengths of ``pairs`` where those differ from the network's."""
        self.pairs, self.ways = pairs, patched(self.network, pairs)

    def cells_by_nodes(self, nodes: Ints) -> Ints:
        """Cells (each once) that may be walked to through ``nodes``."""
        return self.cells_on(np.unique(self._edges[_ranges(self._edges_from, nodes)]))

    def cells_on(self, edges: Ints) -> Ints:
        """Cells joined to ``edges``."""
        return self._cells[_ranges(self._cells_from, edges)]

    def metres(self, pairs: Pairs, pair: tuple[int, int]) -> float:
        """Length between two nodes under ``pairs``."""
        return pairs[pair] if pair in pairs else length_between(self.network, *pair)


class Field:
    """Walk of every cell to its nearest facility, with metres beyond each of them, as far as a limit."""

    def __init__(self, ground: Ground, limit: float, origins: Snapped, extra: Floats) -> None:
        self.ground, self.limit = ground, limit
        self.bound = limit * (1 + SLACK)
        self._there: dict[int, tuple[int, float, float]] = {}
        self._on_edge: dict[int, set[int]] = {}
        self._at_node: dict[int, dict[int, float]] = {}
        nodes = len(ground.network.nodes)
        self._walk, self._start = np.full(nodes, np.inf), np.full(nodes, np.inf)
        self._same = np.full(len(ground.zone), np.inf)
        self.walk = np.full(len(ground.zone), np.inf)
        self._watchers: list[Within | SpreadOf] = []
        for place in np.flatnonzero((origins.edge >= 0) & ~np.isnan(extra)).tolist():
            self._note(
                place,
                int(origins.edge[place]),
                float(origins.along[place]),
                float(origins.off[place] + extra[place]),
            )
        self._from_nothing()

    def watch(self, watcher: Within | SpreadOf) -> None:
        """Tell ``watcher`` of cells whose walk changes."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Within | SpreadOf) -> None:
        """No longer tell it."""
        self._watchers.remove(watcher)

    def come(self, place: int, origin: Snapped, extra: float) -> None:
        """A facility that was not there; one that is not connected changes nothing.

        Parameters
        ----------
        place : int
            Number of the place.
        origin : Snapped
            Where the candidates come from; written to each.
        extra : float
            Metres added to every walk from there.
        """
        if origin.edge[0] < 0 or math.isnan(extra):
            return
        edge, along, off = int(origin.edge[0]), float(origin.along[0]), float(origin.off[0] + extra)
        ends = self._note(place, edge, along, off)
        nodes = np.array(list(ends), np.int64)
        changed = _lower(self._walk, *self.ground.ways, nodes, np.array(list(ends.values())), self.bound)
        self._notify(changed, edge)

    def leave(self, place: int) -> None:
        """A facility goes, if it was there."""
        if place not in self._there:
            return
        edge, _along, _off = self._there.pop(place)
        self._on_edge[edge].discard(place)
        ends = [int(self.ground.network.u[edge]), int(self.ground.network.v[edge])]
        for node in ends:
            del self._at_node[node][place]
            self._start[node] = min(self._at_node[node].values(), default=math.inf)
        self._stand_on(edge)
        changed = _raise(self._walk, self._start, *self.ground.ways, np.array(ends, np.int64), self.bound)
        self._notify(changed, edge)

    def lengthened(self, pairs: list[tuple[int, int]]) -> None:
        """The ground's ways between these nodes have become longer, or are closed."""
        nodes = np.unique(np.array(pairs, np.int64))
        self._notify(_raise(self._walk, self._start, *self.ground.ways, nodes, self.bound), None)

    def shortened(self, pairs: dict[tuple[int, int], float]) -> None:
        """The ground's ways between these nodes have become shorter, or are new."""
        ends = np.array([end for pair in pairs for end in (pair, pair[::-1])], np.int64)
        metres = np.repeat(list(pairs.values()), 2)
        changed = _lower(
            self._walk, *self.ground.ways, ends[:, 1], self._walk[ends[:, 0]] + metres, self.bound
        )
        self._notify(changed, None)

    def _note(self, place: int, edge: int, along: float, off: float) -> dict[int, float]:
        """Keep where a facility stands; the walk to each end of its street."""
        network = self.ground.network
        self._there[place] = edge, along, off
        self._on_edge.setdefault(edge, set()).add(place)
        ways = {
            int(network.u[edge]): off + along,
            int(network.v[edge]): off + (float(network.length[edge]) - along),
        }
        for node, way in ways.items():
            self._at_node.setdefault(node, {})[place] = way
            self._start[node] = min(self._start[node], way)
        self._stand_on(edge)
        return ways

    def _stand_on(self, edge: int) -> None:
        """Walk straight along ``edge`` from the facilities on it to the cells on it."""
        cells = self.ground.cells_on(np.array([edge]))
        self._same[cells] = np.inf
        for place in self._on_edge[edge]:
            _edge, along, off = self._there[place]
            straight = np.abs(self.ground.cells.along[cells] - along) + off
            self._same[cells] = np.minimum(self._same[cells], straight)

    def _from_nothing(self) -> None:
        nodes = np.flatnonzero(self._start <= self.bound)
        _lower(self._walk, *self.ground.ways, nodes, self._start[nodes], self.bound)
        self._renew(np.arange(len(self.walk)))

    def _notify(self, nodes: Ints, edge: int | None) -> None:
        cells = self.ground.cells_by_nodes(nodes)
        if edge is not None:
            cells = np.union1d(cells, self.ground.cells_on(np.array([edge])))
        self._renew(cells)
        for watcher in self._watchers:
            watcher.changed(cells)

    def _renew(self, cells: Ints) -> None:
        ground = self.ground
        edge = ground.cells.edge[cells]
        by_u = self._walk[ground.network.u[edge]] + ground.cells.along[cells]
        by_v = self._walk[ground.network.v[edge]] + ground.rest[cells]
        walk = np.minimum(np.minimum(by_u, by_v), self._same[cells]) + ground.cells.off[cells]
        self.walk[cells] = np.where(walk <= self.bound, np.minimum(walk, self.limit), np.inf)


class Within:
    """Demand and number of the cells within a limit, by zone; ``near`` says of each cell whether it is."""

    def __init__(self, field: Field, limit: float) -> None:
        self.limit = limit
        self._field, self._bound = field, limit * (1 + SLACK)
        ground = field.ground
        self.near = np.zeros(len(ground.zone), bool)
        self.weight = np.zeros(len(ground.lattice.codes), np.int64)
        self.cells = np.zeros(len(ground.lattice.codes), np.int64)
        self.changed(np.arange(len(ground.zone)))
        field.watch(self)

    def changed(self, cells: Ints) -> None:
        """These cells have new walks."""
        ground = self._field.ground
        near = self._field.walk[cells] <= self._bound
        for sign, turned in ((1, near & ~self.near[cells]), (-1, ~near & self.near[cells])):
            zone = ground.zone[cells[turned]]
            np.add.at(self.weight, zone, sign * ground.weight[cells[turned]])
            np.add.at(self.cells, zone, sign)
        self.near[cells] = near

    def release(self) -> None:
        """No longer follow the field."""
        self._field.unwatch(self)


class SpreadOf:
    """Quantiles of a field's walks."""

    def __init__(self, field: Field) -> None:
        ground = field.ground
        self._spread = Spread(
            ground.zone[None, :], ground.weight[None, :], len(ground.lattice.codes), field.walk[None, :]
        )
        field.watch(self)

    def changed(self, cells: Ints) -> None:
        """These cells have new walks."""
        self._spread.changed(0, cells)

    def quantiles(self) -> Floats:
        """As :meth:`geo.kernels.quantiles.Spread.quantiles`."""
        return self._spread.quantiles()


def relink(ground: Ground, fields: list[Field], pairs: Pairs) -> None:
    """Change the streets to those with ``pairs``: first what became longer, then what became shorter.

    Parameters
    ----------
    ground : Ground
        Cells and streets.
    fields : list of Field
    pairs : Pairs
        Changed lengths between nodes, metres.
    """
    before = dict(ground.pairs)
    metres = {
        pair: (ground.metres(before, pair), ground.metres(pairs, pair)) for pair in sorted({*before, *pairs})
    }
    longer = {pair: new for pair, (old, new) in metres.items() if new > old}
    shorter = {pair: new for pair, (old, new) in metres.items() if new < old}
    if longer:
        ground.walked(before | longer)
        for field in fields:
            field.lengthened(list(longer))
    ground.walked(dict(pairs))
    if shorter:
        for field in fields:
            field.shortened(shorter)


def _ranges(start: Ints, which: Ints) -> Ints:
    """Positions ``start[k]`` to ``start[k + 1]`` for each k of ``which``, one after another."""
    first, number = start[which], start[which + 1] - start[which]
    shift = np.repeat(first - (np.cumsum(number) - number), number)
    return np.asarray(shift + np.arange(shift.size), "int64")


@compiled
def _lower(walk, data, indices, indptr, nodes, values, bound):  # type: ignore[no-untyped-def]
    """Dijkstra from ``nodes`` at ``values`` as far as it is nearer than before; the nodes that changed."""
    heap: list[tuple[Any, Any]] = [(0.0, 0)]
    heap.clear()
    for k in range(nodes.size):
        if values[k] <= bound and values[k] < walk[nodes[k]]:
            heappush(heap, (values[k], nodes[k]))
    changed = [0]
    changed.clear()
    while len(heap) > 0:
        far, node = heappop(heap)
        if far >= walk[node]:
            continue
        walk[node] = far
        changed.append(node)
        for k in range(indptr[node], indptr[node + 1]):
            further = far + data[k]
            if further <= bound and further < walk[indices[k]]:
                heappush(heap, (further, np.int64(indices[k])))
    return np.array(changed, np.int64)


@compiled
def _raise(walk, start, data, indices, indptr, suspects, bound):  # type: ignore[no-untyped-def]
    """Walks that something carried which is gone: found in order of length, then searched again; those nodes."""
    nodes = _lost(walk, start, data, indices, indptr, suspects)
    for node in nodes:
        walk[node] = math.inf
    values = np.empty(nodes.size)
    for i in range(nodes.size):
        values[i] = start[nodes[i]]
        for k in range(indptr[nodes[i]], indptr[nodes[i] + 1]):
            values[i] = min(values[i], walk[indices[k]] + data[k])
    _lower(walk, data, indices, indptr, nodes, values, bound)
    return nodes


@compiled
def _lost(walk, start, data, indices, indptr, suspects):  # type: ignore[no-untyped-def]
    """Nodes whose walk neither begins there nor comes from a neighbour that keeps its own; nearest first."""
    heap: list[tuple[Any, Any]] = [(0.0, 0)]
    heap.clear()
    for k in range(suspects.size):
        if walk[suspects[k]] < math.inf:
            heappush(heap, (walk[suspects[k]], suspects[k]))
    lost = [0]
    lost.clear()
    gone = set([-1])  # noqa: C405 (numba knows no set display)
    while len(heap) > 0:
        far, node = heappop(heap)
        if node in gone or start[node] == far or _carried(node, far, walk, data, indices, indptr, gone):
            continue
        gone.add(node)
        lost.append(node)
        for k in range(indptr[node], indptr[node + 1]):
            other = np.int64(indices[k])
            if far + data[k] == walk[other] and other not in gone:
                heappush(heap, (walk[other], other))
    return np.array(lost, np.int64)


@compiled
def _carried(node, far, walk, data, indices, indptr, gone):  # type: ignore[no-untyped-def]
    for k in range(indptr[node], indptr[node + 1]):
        other = np.int64(indices[k])
        if walk[other] < far and walk[other] + data[k] == far and other not in gone:
            return True
    return False
