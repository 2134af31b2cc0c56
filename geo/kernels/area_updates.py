"""Area of a union of discs by zone, kept up to date while single discs come and go.

Every disc and every border edge adds a term of its own (:mod:`geo.kernels.discs`). A disc that changes alters the terms of
the discs it meets and of the edges near it, nothing else; terms are whole numbers, so taking the old ones out and
putting the new ones in gives exactly the sum that a fresh start would give.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.kernels.arcs import bucket
from geo.kernels.compiling import over_threads
from geo.kernels.disc_neighbours import Neighbours
from geo.kernels.discs import areas, disc_terms, edge_terms
from geo.kernels.zones import Zones

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_SLACK_M = 1e-3  # a neighbour too many costs a little time, one too few would cost the answer
_ROOM = 64


class DiscArea:
    """Discs in numbered places, and the area that they cover together.

    Parameters
    ----------
    zones : Zones
    x, y, radius : ndarray of float, shape (n,)
        Planar metres; a radius of NaN or zero is a place without a disc.
    """

    def __init__(self, zones: Zones, x: Floats, y: Floats, radius: Floats) -> None:
        self.zones = zones
        self._x, self._y = x.copy(), y.copy()
        self._r = np.where(radius > 0, radius, 0.0)
        self._discs = np.zeros((len(x), len(zones.codes), 2), np.int64)
        self._edges = np.zeros((len(zones.index.edges), 2), np.int64)
        self._sums = np.zeros((len(zones.codes), 2), np.int64)
        every = np.flatnonzero(self._r > 0)
        self._held = Neighbours(self._x, self._y, self._r, every)
        if every.size:
            self._renew(every, np.arange(len(self._edges)), every)

    def areas(self) -> Floats:
        """Square metres of each zone inside the union: what :func:`geo.kernels.discs.union_area` says of the same discs."""
        if not (self._r > 0).any():
            return np.zeros(len(self.zones.codes))
        return areas(self._sums, self.zones)

    def change(self, place: int, x: float, y: float, radius: float) -> None:
        """Put a disc at a place instead of the one there; places may be one more than before.

        Parameters
        ----------
        place : int
            Number of the place.
        x : float
            Easting, planar metres.
        y : float
            Northing, planar metres.
        radius : float
            Metres; NaN for a facility that does not count.
        """
        if place == len(self._r):  # room for more than one: to copy all discs takes longer than to change one
            more = np.zeros(_ROOM)
            self._x, self._y, self._r = (np.append(values, more) for values in (self._x, self._y, self._r))
            self._discs = np.concatenate([self._discs, np.zeros((_ROOM, *self._discs.shape[1:]), np.int64)])
        before = float(self._r[place])
        if before > 0:
            circle = float(self._x[place]), float(self._y[place]), before
            self._r[place] = 0.0
            self._held.leave(place, *circle[:2])
            self._around(place, *circle)
        if radius > 0:
            self._x[place], self._y[place], self._r[place] = x, y, radius
            self._held.come(place, x, y, radius)
            self._around(place, x, y, radius)

    def _around(self, place: int, x: float, y: float, radius: float) -> None:
        """Renew what a disc that came or went can have altered."""
        edges = self._edges_near(x, y, radius)
        far = radius + _SLACK_M
        near = self._touching(x - far, y - far, x + far, y + far)
        meets = (self._x[near] - x) ** 2 + (self._y[near] - y) ** 2 <= (self._r[near] + far) ** 2
        discs = near[meets]
        if self._r[place] == 0:
            self._sums -= self._discs[place]
            self._discs[place] = 0
        self._renew(discs, edges, self._local(discs, edges))

    def _edges_near(self, x: float, y: float, radius: float) -> Ints:
        """Edges in the index cells that the disc's square touches."""
        index = self.zones.index
        far = radius + _SLACK_M
        i0, i1 = (int(np.clip((at - index.x0) // index.size, 0, index.nx - 1)) for at in (x - far, x + far))
        j0, j1 = (int(np.clip((at - index.y0) // index.size, 0, index.ny - 1)) for at in (y - far, y + far))
        if not len(index.edges):
            return np.zeros(0, np.int64)
        rows = [
            index.items[index.start[j * index.nx + i0] : index.start[j * index.nx + i1 + 1]]
            for j in range(j0, j1 + 1)
        ]
        return np.unique(np.concatenate(rows))

    def _local(self, discs: Ints, edges: Ints) -> Ints:
        """Every disc that can meet one of ``discs`` or ``edges``."""
        x, y, r = self._x[discs], self._y[discs], self._r[discs]
        ends = self.zones.index.edges[edges]
        easts = np.concatenate([x - r, x + r, ends[:, 0], ends[:, 2]])
        norths = np.concatenate([y - r, y + r, ends[:, 1], ends[:, 3]])
        if not easts.size:
            return discs
        return self._touching(
            float(easts.min()) - _SLACK_M, float(norths.min()) - _SLACK_M,
            float(easts.max()) + _SLACK_M, float(norths.max()) + _SLACK_M,
        )  # fmt: skip

    def _touching(self, west: float, south: float, east: float, north: float) -> Ints:
        """Places of the discs whose squares touch a box, ascending."""
        near = self._held.near(west, south, east, north)
        x, y, r = self._x[near], self._y[near], self._r[near]
        touch = (x + r >= west) & (x - r <= east) & (y + r >= south) & (y - r <= north) & (r > 0)
        return np.asarray(near[touch], "int64")

    def _renew(self, discs: Ints, edges: Ints, local: Ints) -> None:
        """Compute the terms of ``discs`` and ``edges`` anew; ``local`` are all discs that they can meet, ascending."""
        if not local.size:  # no disc is left here, so no edge is inside the union
            self._sums -= self._owned(edges, self._edges[edges])
            self._edges[edges] = 0
            return
        held = bucket(self._x[local], self._y[local], self._r[local])
        position = np.empty(local.size, np.int64)
        position[held.order] = np.arange(local.size)
        which = position[np.searchsorted(local, discs)]
        if which.size:
            terms = np.concatenate(
                over_threads(lambda a, b: disc_terms(which[a:b], held, self.zones), which.size)
            )
            self._sums += terms.sum(axis=0) - self._discs[discs].sum(axis=0)
            self._discs[discs] = terms
        if edges.size:
            along = np.concatenate(
                over_threads(lambda a, b: edge_terms(edges[a:b], held, self.zones), edges.size)
            )
            self._sums += self._owned(edges, along - self._edges[edges])
            self._edges[edges] = along

    def _owned(self, edges: Ints, terms: Ints) -> Ints:
        """Terms of edges summed by the zone of each."""
        out = np.zeros_like(self._sums)
        np.add.at(out, self.zones.index.owner[edges], terms)
        return out
