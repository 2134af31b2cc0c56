"""Cells that the same sites reach, row by row: the set of sites changes only where a span begins or ends.

Between two such places all cells of a district belong to one group, so sets are looked up once a stretch, not once a cell.
The key of a set is a sum of random numbers, one for each site; equal keys are compared site by site.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.kernels.compiling import compiled
from geo.kernels.spans import span

if TYPE_CHECKING:
    from geo.kernels.lattice import Lattice

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint64]
_FEW: Final = 1024


class CellGroups(NamedTuple):
    """Groups of cells with a demand, in the order in which they are met, and what was counted on the way.

    Attributes
    ----------
    total, already : ndarray of float64 (zones,)
        Demand, and the part of it in cells that are served.
    cells, reachable : int
        Cells with a demand that are not served, and those of them that a site reaches.
    key : ndarray of uint64 (groups,)
    zone : ndarray of int64 (groups,)
    weight : ndarray of float64 (groups,)
        Demand, added up in the order of the cells.
    first : ndarray of int64 (groups + 1,)
        Where each group's sites begin in ``sites``.
    sites : ndarray of int64
    """

    total: Floats
    already: Floats
    cells: int
    reachable: int
    key: Keys
    zone: Ints
    weight: Floats
    first: Ints
    sites: Ints


def cell_groups(
    lattice: Lattice,
    served: Flags,
    in_scope: Flags,
    sites: tuple[Floats, Floats, float],
    salts: tuple[Keys, Keys],
) -> CellGroups:
    """Groups of the cells that are not served: cells of one zone that the same sites reach (compiled engine only).

    Parameters
    ----------
    lattice : Lattice
        Cells with their zone and demand.
    served : ndarray of bool, shape of the lattice
        Cells that are served already.
    in_scope : ndarray of bool (zones,)
        Zones whose demand counts.
    sites : (ndarray of float64, ndarray of float64, float)
        Easting, northing and radius, metres.
    salts : (ndarray of uint64, ndarray of uint64)
        A random number for each site, and for each zone.

    Returns
    -------
    CellGroups
    """
    x, y, metres = sites
    grid = (lattice.x0, lattice.y0, lattice.size)
    # one kind of array, as each kind is compiled for itself
    zone, weight = (
        np.require(lattice.zone, "int16", ["C", "W"]),
        np.require(lattice.weight, "float64", ["C", "W"]),
    )
    counted = _groups(zone, weight, served, in_scope, x, y, float(metres), grid, *salts)
    return CellGroups(*counted[:4], *counted[4])


@compiled
def _groups(zone, weight, served, in_scope, x, y, metres, grid, salt, district):  # type: ignore[no-untyped-def]
    ny, nx = zone.shape
    start, stop, who, begin, end = _spans(x, y, metres, grid, ny, nx)
    # the spans of a row by the column at which they begin, and by the one behind their last
    begins, ends = np.full(nx + 1, -1), np.full(nx + 1, -1)
    after_begin, after_end = np.empty(who.size, np.int64), np.empty(who.size, np.int64)
    # the sites that reach the cell, and where each stands among them
    active, place = np.empty(x.size, np.int64), np.full(x.size, -1)
    number, key, groups, cells, reachable = 0, np.uint64(0), 0, 0, 0
    most = 2 * who.size + _stretches(zone)
    keys, zones, sums = np.empty(most, np.uint64), np.empty(most, np.int64), np.empty(most)
    first, members = np.zeros(most + 1, np.int64), np.empty(_FEW, np.int64)
    table = np.full(_power_of_two(2 * most), -1)
    total, already = np.zeros(in_scope.size), np.zeros(in_scope.size)
    for row in range(ny):
        _put(start[row], stop[row], begin, begins, after_begin)
        _put(start[row], stop[row], end, ends, after_end)
        column = 0
        while column < nx:
            number, key = _leave(ends, column, after_end, who, salt, active, place, number, key)
            number, key = _come(begins, column, after_begin, who, salt, active, place, number, key)
            z, behind = zone[row, column], column + 1
            while behind < nx and begins[behind] < 0 and ends[behind] < 0 and zone[row, behind] == z:
                behind += 1
            if z >= 0 and in_scope[z]:
                left = _demand(weight[row], served[row], column, behind, z, total, already)
                cells += left
                if left and number:
                    reachable += left
                    own = key + district[z]
                    slot = _slot(table, own, z, keys, zones, first, members, place, number)
                    if table[slot] < 0:
                        table[slot], keys[groups], zones[groups], sums[groups] = groups, own, z, 0.0
                        members = _with(members, first[groups], active, number)
                        groups += 1
                        first[groups] = first[groups - 1] + number
                    _add(weight[row], served[row], column, behind, table[slot], sums)
            column = behind
        number, key = _leave(ends, nx, after_end, who, salt, active, place, number, key)
    found = keys[:groups], zones[:groups], sums[:groups], first[: groups + 1], members[: first[groups]]
    return total, already, cells, reachable, found


@compiled
def _spans(x, y, metres, grid, ny, nx):  # type: ignore[no-untyped-def]
    """What each site reaches in each row: where a row's spans begin and stop, the site of each, its first column, and the
    column behind its last."""
    x0, y0, size = grid
    square = metres * metres
    low, high = np.empty(x.size, np.int64), np.empty(x.size, np.int64)
    start = np.zeros(ny + 1, np.int64)
    for i in range(x.size):
        low[i] = max(math.ceil((y[i] - metres - y0) / size - 0.5) - 1, 0)
        high[i] = min(math.floor((y[i] + metres - y0) / size - 0.5) + 2, ny)
        for row in range(low[i], high[i]):
            start[row + 1] += 1
    for row in range(ny):
        start[row + 1] += start[row]
    stop = start[:ny].copy()
    who, begin, end = (
        np.empty(start[ny], np.int64),
        np.empty(start[ny], np.int64),
        np.empty(start[ny], np.int64),
    )
    for i in range(x.size):
        for row in range(low[i], high[i]):
            dy = y0 + (row + 0.5) * size - y[i]
            if dy * dy > square:
                continue
            a, b = span(x[i], square, dy * dy, x0, size)
            a, b = max(a, 0), min(b, nx - 1)
            if b >= a:
                at = stop[row]
                who[at], begin[at], end[at] = i, a, b + 1
                stop[row] += 1
    return start, stop, who, begin, end


@compiled
def _stretches(zone):  # type: ignore[no-untyped-def]
    """Stretches of one zone in rows."""
    number = 0
    for row in range(zone.shape[0]):
        number += 1
        for column in range(1, zone.shape[1]):
            number += zone[row, column] != zone[row, column - 1]
    return number


@compiled
def _power_of_two(number):  # type: ignore[no-untyped-def]
    power = 1
    while power < number:
        power *= 2
    return power


@compiled
def _put(start, stop, column, heads, after):  # type: ignore[no-untyped-def]
    """Spans in a list by column: the first in ``heads``, the next of each in ``after``."""
    for s in range(start, stop):
        after[s] = heads[column[s]]
        heads[column[s]] = s


@compiled
def _come(heads, column, after, who, salt, active, place, number, key):  # type: ignore[no-untyped-def]
    """Sites whose spans begin at a column join those that reach the cell; how many they are then, and their key."""
    s = heads[column]
    heads[column] = -1
    while s >= 0:
        active[number], place[who[s]] = who[s], number
        number += 1
        key += salt[who[s]]
        s = after[s]
    return number, key


@compiled
def _leave(heads, column, after, who, salt, active, place, number, key):  # type: ignore[no-untyped-def]
    """Sites whose spans end before a column leave; the last of the others takes the place of each."""
    s = heads[column]
    heads[column] = -1
    while s >= 0:
        number -= 1
        last = active[number]
        active[place[who[s]]], place[last] = last, place[who[s]]
        place[who[s]] = -1
        key -= salt[who[s]]
        s = after[s]
    return number, key


@compiled
def _demand(weight, served, first, behind, z, total, already):  # type: ignore[no-untyped-def]
    """Count the demand of a stretch of cells of zone ``z``; how many of them have one and are not served."""
    left, every, known = 0, total[z], already[z]
    for column in range(first, behind):
        if weight[column] > 0:
            every += weight[column]
            if served[column]:
                known += weight[column]
            else:
                left += 1
    total[z], already[z] = every, known
    return left


@compiled
def _add(weight, served, first, behind, group, sums):  # type: ignore[no-untyped-def]
    """Add the demand of a stretch of cells to their group, cell by cell."""
    more = sums[group]
    for column in range(first, behind):
        if weight[column] > 0 and not served[column]:
            more += weight[column]
    sums[group] = more


@compiled
def _slot(table, own, z, keys, zones, first, members, place, number):  # type: ignore[no-untyped-def]
    """Where the group of these sites and this zone is in the table, or the free slot where it belongs."""
    slot = np.int64(own & np.uint64(table.size - 1))
    while table[slot] >= 0:
        group = table[slot]
        if keys[group] == own and zones[group] == z and first[group + 1] - first[group] == number:
            together = True
            for m in range(first[group], first[group + 1]):
                together = together and place[members[m]] >= 0
            if together:
                break
        slot = (slot + 1) & (table.size - 1)
    return slot


@compiled
def _with(members, at, active, number):  # type: ignore[no-untyped-def]
    """The sites of all groups with those of one more; twice as much room as needed where there is not enough."""
    if at + number > members.size:
        longer = np.empty(2 * (at + number), np.int64)
        for m in range(at):
            longer[m] = members[m]
        members = longer
    for m in range(number):
        members[at + m] = active[m]
    return members
