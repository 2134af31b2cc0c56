"""Which discs are near a box, while single discs come and go: squares about as large as the discs, by number."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_SMALLEST_M: Final = 50.0
_MANY: Final = 1024
"""Squares of one question at most; for a larger box every disc is given."""


class Neighbours:
    """Places of discs by square.

    Parameters
    ----------
    x, y, radius : ndarray of float, shape (n,)
        Planar metres.
    which : ndarray of int
        Those of them that are discs.
    """

    def __init__(self, x: Floats, y: Floats, radius: Floats, which: Ints) -> None:
        self._largest = float(radius[which].max()) if which.size else 0.0
        self._size = max(self._largest, _SMALLEST_M)
        self._squares: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        for place, east, north in zip(which.tolist(), x[which].tolist(), y[which].tolist(), strict=True):
            self._squares[self._square(east, north)].add(place)

    def _square(self, x: float, y: float) -> tuple[int, int]:
        return int(x // self._size), int(y // self._size)

    def come(self, place: int, x: float, y: float, radius: float) -> None:
        """A disc stands at a place.

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
        self._largest = max(self._largest, radius)
        self._squares[self._square(x, y)].add(place)

    def leave(self, place: int, x: float, y: float) -> None:
        """The disc at a place, which stood at (x, y), is gone.

        Parameters
        ----------
        place : int
            Number of the place.
        x : float
            Easting, planar metres.
        y : float
            Northing, planar metres.
        """
        square = self._square(x, y)
        self._squares[square].discard(place)
        if not self._squares[square]:
            del self._squares[square]

    def near(self, west: float, south: float, east: float, north: float) -> Ints:
        """Every place whose disc can touch the box, ascending, and perhaps some more.

        Parameters
        ----------
        west : float
            Planar metres.
        south, east, north : float

        Returns
        -------
        ndarray of int64
        """
        i0, j0 = self._square(west - self._largest, south - self._largest)
        i1, j1 = self._square(east + self._largest, north + self._largest)
        if (i1 - i0 + 1) * (j1 - j0 + 1) > min(_MANY, len(self._squares)):
            found = [place for held in self._squares.values() for place in held]
        else:
            keys = ((i, j) for i in range(i0, i1 + 1) for j in range(j0, j1 + 1))
            found = [place for key in keys if key in self._squares for place in self._squares[key]]
        return np.sort(np.array(found, np.int64))
