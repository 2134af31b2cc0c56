"""Simulated cells and facilities of a nation, by a rule that needs no memory: any block makes its own, and all agree.

Everything is a whole number that follows from a seed and the number of the cell or the facility, so a part of the nation can be
made by itself and is the same part, on any machine. Nothing here is a fact about any place.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
SEED: Final = 2026
LEAST: Final = 25
"""Residents of a square kilometre: ``LEAST`` times a power of two (1, 2, 4 ... 1024, each half as often as the one before),
and less than ``LEAST`` more."""
_MOST_DOUBLINGS: Final = 10
ACCURACIES_M: Final = (0, 20, 50, 100)
"""Position errors of facilities, each as often as the others."""
BEFORE, NOW = 80, 92
"""Of a hundred facilities, how many stand before the plan, and how many today; all stand when all is built."""
_SQUARE_KM: Final = 1_000_000


def mixed(values: Bits) -> Bits:
    """Numbers that look random and follow from ``values`` alone (the finaliser of splitmix64)."""
    z = values + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def residents_of_cells(seed: int, meridian: int, rows: Ints, columns: Ints, cell_m: int) -> Ints:
    """Residents of cells, persons.

    Parameters
    ----------
    seed : int
    meridian : int
        Of the strip that the cells lie in.
    rows, columns : ndarray of int64
        Numbers of the cells in their strip; they broadcast.
    cell_m : int
        Side of a cell, metres.

    Returns
    -------
    ndarray of int64
        Smaller cells have as many fewer, in the mean.
    """
    place = (rows.astype("uint64") << np.uint64(32)) ^ (columns.astype("uint64") & np.uint64(0xFFFFFFFF))
    noise = mixed(mixed(place) ^ np.uint64(seed * 1000 + meridian))
    low = noise & np.uint64(2**_MOST_DOUBLINGS - 1)
    lowest = low & (~low + np.uint64(1))
    doublings = np.where(low == 0, np.uint64(2**_MOST_DOUBLINGS), lowest).astype("int64")
    of_square_km = LEAST * doublings + ((noise >> np.uint64(20)) % np.uint64(LEAST)).astype("int64")
    many = of_square_km * cell_m * cell_m
    luck = ((noise >> np.uint64(32)) % np.uint64(_SQUARE_KM)).astype("int64")
    return np.asarray(many // _SQUARE_KM + (luck < many % _SQUARE_KM), "int64")


def first_facility(residents_before: int, residents: int, facilities: int) -> int:
    """The first facility that falls on or after a resident: facility ``i`` falls on resident ``(2i+1) W // 2N``.

    Parameters
    ----------
    residents_before : int
        How many residents come before, in the order of tiles and cells.
    residents, facilities : int
        Of the nation.

    Returns
    -------
    int
    """
    if residents <= 0:
        return 0
    least = 2 * facilities * residents_before - residents
    return max(0, -(-least // (2 * residents)))


def residents_hit(numbers: Ints, residents: int, facilities: int) -> Ints:
    """The resident that each facility falls on.

    Parameters
    ----------
    numbers : ndarray of int64
        Of the facilities.
    residents, facilities : int
        Of the nation; their product must be below 4e18.

    Returns
    -------
    ndarray of int64
    """
    return (2 * numbers + 1) * residents // (2 * facilities)


def attributes(seed: int, numbers: Ints, kinds: int, cell_m: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """What facilities are: kind, state, position error (metres), and place in their cell (whole metres east, north).

    Parameters
    ----------
    seed : int
    numbers : ndarray of int64
        Of the facilities.
    kinds : int
        How many kinds there are, each as often as the others.
    cell_m : int

    Returns
    -------
    (ndarray of int64, ...)
        The state is 0 for before the plan, 1 for today, 2 for planned.
    """
    one = mixed(numbers.astype("uint64") ^ (np.uint64(seed) << np.uint64(40)))
    two = mixed(one)
    kind = (one % np.uint64(kinds)).astype("int64")
    percent = ((one >> np.uint64(32)) % np.uint64(100)).astype("int64")
    accuracy = np.array(ACCURACIES_M, "int64")[(two & np.uint64(3)).astype("int64")]
    east = ((two >> np.uint64(8)) % np.uint64(cell_m)).astype("int64")
    north = ((two >> np.uint64(36)) % np.uint64(cell_m)).astype("int64")
    return kind, (percent >= BEFORE).astype("int64") + (percent >= NOW), accuracy, east, north
