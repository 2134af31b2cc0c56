"""Makes the cells and the facilities of a block by the rule of :mod:`geo.nation.simulated`, wherever the block is worked out."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.lattice import Lattice
from geo.nation.blocks import Block, Nation, TileCount, Window
from geo.nation.divisions import locate, outline
from geo.nation.part import Part, Points, cropped, middles_of, widened
from geo.nation.simulated import attributes, first_facility, residents_hit, residents_of_cells
from geo.nation.strips import moved

Ints = NDArray[np.int64]
_NO_ZONE: Final = -1


def cells_of(nation: Nation, window: Window) -> Lattice:
    """The cells of a window with their residents, 0 outside divisions.

    Parameters
    ----------
    nation : Nation
    window : Window

    Returns
    -------
    Lattice
        In the plane of the window's strip; its zones are the window's divisions.
    """
    side, cell = nation.tile_cells, nation.cell_m
    rows = np.arange(window.tiles.row * side, window.tiles.end_row * side)
    columns = np.arange(window.tiles.column * side, window.tiles.end_column * side)
    east, north = (np.asarray((each + 0.5) * cell, "float64") for each in (columns, rows))
    shapes = [outline(code, window.meridian) for code in window.codes]
    zone = locate(window.codes, shapes, east, north, cell)
    people = residents_of_cells(nation.seed, window.meridian, rows[:, None], columns[None, :], cell)
    weight = np.where(zone >= 0, people, 0).astype("float64")
    west, south, _east, _north = window.tiles.box(nation.tile_m)
    return Lattice(west, south, float(cell), zone, weight, window.codes)


def points_of(nation: Nation, residents: int, window: Window, lattice: Lattice) -> Points:
    """The facilities of a window.

    Parameters
    ----------
    nation : Nation
    residents : int
        Of the whole nation.
    window : Window
    lattice : Lattice
        As :func:`cells_of` makes it.

    Returns
    -------
    Points
        In the plane of the window's strip.
    """
    people = by_tile(lattice.weight, nation.tile_cells)
    ends = np.cumsum(people)
    in_tile = people.reshape(window.before.size, -1).sum(axis=1)
    numbers, shift = _numbers(nation, residents, window.before.ravel(), in_tile)
    hit = residents_hit(numbers, residents, nation.facilities) - shift
    cell = np.searchsorted(ends, hit, side="right")
    kind, state, accuracy, east, north = attributes(nation.seed, numbers, len(nation.kinds), nation.cell_m)
    row, column = (by_tile(each, nation.tile_cells)[cell] for each in np.indices(lattice.shape))
    zone = lattice.zone[row, column].astype("int64")
    x = np.asarray(lattice.x0 + column * nation.cell_m + east, "float64")
    y = np.asarray(lattice.y0 + row * nation.cell_m + north, "float64")
    return Points(x, y, kind, state, accuracy.astype("float64"), zone)


def by_tile(values: NDArray[np.generic], side: int) -> Ints:
    """Values of cells (rows, columns) tile by tile, in one row."""
    ny, nx = values.shape
    tiles = values.reshape(ny // side, side, nx // side, side).transpose(0, 2, 1, 3)
    return tiles.reshape(-1).astype("int64")


def _numbers(nation: Nation, residents: int, before: Ints, in_tile: Ints) -> tuple[Ints, Ints]:
    """The facilities that fall on tiles, and for each what its resident's number is ahead of its place in the window."""
    numbers, shifts = [np.empty(0, "int64")], [np.empty(0, "int64")]
    passed = 0
    for start, people in zip(before.tolist(), in_tile.tolist(), strict=True):
        first = first_facility(start, residents, nation.facilities)
        end = min(first_facility(start + people, residents, nation.facilities), nation.facilities)
        if end > first:
            numbers.append(np.arange(first, end))
            shifts.append(np.full(end - first, start - passed))
        passed += people
    return np.concatenate(numbers), np.concatenate(shifts)


def count_tiles(block: Block) -> TileCount:
    """The residents of each tile of a bare block."""
    lattice = cells_of(block.nation, block.own)
    people = by_tile(lattice.weight, block.nation.tile_cells)
    rows, columns = block.own.tiles.shape
    return TileCount(block.own.meridian, block.own.tiles, people.reshape(rows, columns, -1).sum(axis=2))


def part_of(block: Block) -> Part:
    """The cells of a block, and the facilities in it and in its halo.

    Parameters
    ----------
    block : Block
        With all that its halo touches.

    Returns
    -------
    Part
    """
    nation, own = block.nation, block.own
    wide = cells_of(nation, own)
    lattice = cropped(wide, *own.tiles.slices(block.tiles, nation.tile_cells))
    points = points_of(nation, block.residents, own, wide)
    column = np.floor((points.x - lattice.x0) / lattice.size)
    row = np.floor((points.y - lattice.y0) / lattice.size)
    ny, nx = lattice.shape
    inside = (row >= 0) & (row < ny) & (column >= 0) & (column < nx)
    around = widened(middles_of(lattice), block.halo)
    found = points.some(inside).beside(points.some(~inside).within(around).of_no_zone())
    for window in block.others:
        theirs = points_of(nation, block.residents, window, cells_of(nation, window))
        x, y = moved(theirs.x, theirs.y, window.meridian, own.meridian)
        here = Points(x, y, theirs.kind, theirs.state, theirs.accuracy_m, theirs.zone)
        found = found.beside(here.within(around).of_no_zone())
    return Part(lattice, found)
