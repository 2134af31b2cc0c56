"""Points of a map in the order of a quadtree, and how many of each group stand in its cells.

In this order (Morton's) the points of every tile, and of every cell in it, stand side by side: a tile is two positions.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.kernels.compiling import compiled

Integers = NDArray[np.int64]
BITS: Final = 30
"""Binary digits of a coordinate: the sides of a tile of zoom 18 are 4,096 steps."""
_HALVES: Final = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


class Cells(NamedTuple):
    """Cells that hold points, in order.

    Attributes
    ----------
    first : ndarray of int64
        Position of the first point of each cell, and the number of points at the end.
    x, y : ndarray of int64
        Mean of a cell's points; it lies in the cell.
    first_pair : ndarray of int64
        Position of a cell's first pair of group and number, and the number of pairs at the end.
    group, number : ndarray of int32
        The pairs: so many points of the cell are of this group.
    """

    first: Integers
    x: Integers
    y: Integers
    first_pair: Integers
    group: NDArray[np.int32]
    number: NDArray[np.int32]


def interleaved(x: Any, y: Any) -> Integers:
    """The place in the order of points whose coordinates are whole numbers of :data:`BITS` digits."""
    return _spread(x) | (_spread(y) << 1)


def _spread(values: Any) -> Integers:
    out = np.asarray(values, "int64")
    for step, mask in _HALVES:
        out = (out | (out << step)) & mask
    return out


@compiled
def count_cells(code: Integers, shift: int) -> int:
    """How many cells hold points; ``code`` is in order, and a cell is all codes that are equal without ``shift`` digits."""
    count, last = 0, -1
    for i in range(len(code)):
        cell = code[i] >> shift
        if cell != last:
            count += 1
            last = cell
    return count


def cells_of(points: tuple[Integers, Integers, Integers], group: Any, shift: int, groups: int) -> Cells:
    """The cells that hold points.

    Parameters
    ----------
    points : tuple of ndarray of int64
        Code, x and y of each point, in order of the codes.
    group : ndarray of int32
        Group of each point, from 0 to ``groups`` less one.
    shift : int
        Digits of a code that points of one cell may differ in.
    groups : int

    Returns
    -------
    Cells
    """
    code, x, y = points
    return Cells(*_cells(code, x, y, group, shift, groups, count_cells(code, shift)))


@compiled
def _cells(
    code: Integers,
    x: Integers,
    y: Integers,
    group: Any,
    shift: int,
    groups: int,
    count: int,
) -> tuple[Any, ...]:
    n = len(code)
    first = np.empty(count + 1, np.int64)
    middle_x, middle_y = np.empty(count, np.int64), np.empty(count, np.int64)
    first_pair = np.empty(count + 1, np.int64)
    pair_group, pair_number = np.empty(n, np.int32), np.empty(n, np.int32)
    numbers, met = np.zeros(groups, np.int32), np.empty(groups, np.int32)
    i, pairs = 0, 0
    for cell in range(count):
        first[cell], first_pair[cell] = i, pairs
        name, sum_x, sum_y, kinds = code[i] >> shift, 0, 0, 0
        while i < n and code[i] >> shift == name:
            sum_x += x[i]
            sum_y += y[i]
            if numbers[group[i]] == 0:
                met[kinds] = group[i]
                kinds += 1
            numbers[group[i]] += 1
            i += 1
        middle_x[cell] = sum_x // (i - first[cell])
        middle_y[cell] = sum_y // (i - first[cell])
        for kind in range(kinds):
            pair_group[pairs], pair_number[pairs] = met[kind], numbers[met[kind]]
            numbers[met[kind]] = 0
            pairs += 1
    first[count], first_pair[count] = n, pairs
    return first, middle_x, middle_y, first_pair, pair_group[:pairs], pair_number[:pairs]
