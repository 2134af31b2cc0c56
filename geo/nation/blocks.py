"""The plan of a nation: which blocks there are, and which cells each must make to know its facilities and those around it.

Space is counted in tiles (:attr:`Nation.tile_m`) of a strip's plane; facilities are shared out to tiles by their residents, so a
block makes whole tiles of its own and of its neighbours, in its strip and in others, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.nation.divisions import Divisions
from geo.nation.simulated import SEED
from geo.nation.strips import Box, longitudes, moved_box
from geo.nation.tiles import Rectangle

Ints = NDArray[np.int64]
FACILITIES: Final = 10_000_000
_MARGIN_M: Final = 2000.0
"""Added around a box that goes to another strip: its edges are curved, by less than this between two points of them."""
_MARGIN_DEG: Final = 0.1
"""The same in degrees, at any latitude of the nation."""
_TILE_CELLS: Final = 20
_LEAST_TILE_M: Final = 5000
_BLOCK_TILES: Final = 10
_LEAST_BLOCK_CELLS: Final = 600
"""Blocks of 200 by 200 cells of a kilometre, of 600 by 600 smaller ones, where a halo is many cells wide."""


@dataclass(frozen=True)
class Nation:
    """What is simulated, and how it is cut: the cut changes no answer.

    Attributes
    ----------
    kinds : tuple of str
        Kinds of facilities, each as often as the others.
    cell_m : int
        Side of a cell, metres.
    facilities : int
    seed : int
    block_tiles : int
        Side of a block, tiles; 0 for the usual one.
    """

    kinds: tuple[str, ...]
    cell_m: int = 1000
    facilities: int = FACILITIES
    seed: int = SEED
    block_tiles: int = 0

    @property
    def tile_m(self) -> int:
        """Side of a tile, metres: a whole number of cells."""
        cells = max(_TILE_CELLS, -(-_LEAST_TILE_M // self.cell_m))
        return cells * self.cell_m

    @property
    def tile_cells(self) -> int:
        """Side of a tile, cells."""
        return self.tile_m // self.cell_m

    @property
    def side_tiles(self) -> int:
        """Side of a block, tiles."""
        if self.block_tiles:
            return self.block_tiles
        wanted = _LEAST_BLOCK_CELLS * self.cell_m // self.tile_m if self.tile_cells > _TILE_CELLS else 0
        return max(_BLOCK_TILES, wanted)


@dataclass(frozen=True, eq=False)
class Window:
    """Tiles to be made: cells of the divisions ``codes``, and the facilities that fall on them.

    Attributes
    ----------
    meridian : int
    tiles : Rectangle
    codes : tuple of str
        Divisions of the strip that may lie there, ascending.
    before : ndarray of int64 (rows, columns)
        Residents of the nation that come before each tile; empty where only cells are wanted.
    """

    meridian: int
    tiles: Rectangle
    codes: tuple[str, ...]
    before: Ints = field(default_factory=lambda: np.empty((0, 0), "int64"))


@dataclass(frozen=True, eq=False)
class Block:
    """A piece of work that needs nothing but itself.

    Attributes
    ----------
    nation : Nation
    residents : int
        Of the whole nation.
    tiles : Rectangle
        Whose cells are answered for.
    own : Window
        Those tiles and the ones around them.
    others : tuple of Window
        Tiles of other strips that a halo touches.
    halo : float
        Metres.
    """

    nation: Nation
    residents: int
    tiles: Rectangle
    own: Window
    others: tuple[Window, ...] = ()
    halo: float = 0.0


def extent(divisions: Divisions, tile_m: int) -> Rectangle:
    """The tiles that the divisions of a strip may touch."""
    west, south = divisions.boxes[:, :2].min(axis=0)
    east, north = divisions.boxes[:, 2:].max(axis=0)
    return Rectangle.around((float(west), float(south), float(east), float(north)), tile_m)


def bare_blocks(nation: Nation, strips: Mapping[int, Divisions]) -> Iterator[Block]:
    """Blocks that only say what residents their tiles have.

    Parameters
    ----------
    nation : Nation
    strips : mapping of int to Divisions

    Yields
    ------
    Block
    """
    for meridian, divisions in strips.items():
        for tiles in _block_tiles(nation, extent(divisions, nation.tile_m)):
            codes = divisions.touching(tiles.box(nation.tile_m))
            if codes:
                yield Block(nation, 0, tiles, Window(meridian, tiles, codes))


def _block_tiles(nation: Nation, whole: Rectangle) -> Iterator[Rectangle]:
    side = nation.side_tiles
    for row in range(whole.row // side * side, whole.end_row, side):
        for column in range(whole.column // side * side, whole.end_column, side):
            yield Rectangle(row, column, row + side, column + side).common(whole)


@dataclass(frozen=True, eq=False)
class TileCount:
    """Residents of each tile (rows, columns) of a rectangle."""

    meridian: int
    tiles: Rectangle
    residents: Ints


@dataclass(frozen=True, eq=False)
class Shares:
    """How the residents of a nation are spread over its tiles.

    Attributes
    ----------
    extents : dict
        Meridian -> the tiles of its strip.
    before : dict
        Meridian -> residents of the nation that come before each tile (rows, columns).
    residents : int
        Of the nation.
    """

    extents: dict[int, Rectangle]
    before: dict[int, Ints]
    residents: int

    @classmethod
    def of(cls, extents: dict[int, Rectangle], counts: Iterable[TileCount]) -> Shares:
        """Tiles one after another: by strip from the west, by row from the south, by column from the west."""
        by_tile = {meridian: np.zeros(whole.shape, "int64") for meridian, whole in extents.items()}
        for count in counts:
            by_tile[count.meridian][extents[count.meridian].slices(count.tiles)] = count.residents
        before, total = {}, 0
        for meridian in sorted(extents):
            residents = by_tile[meridian]
            running = np.cumsum(residents.ravel())
            before[meridian] = (total + running - residents.ravel()).reshape(residents.shape)
            total += int(running[-1]) if len(running) else 0
        return cls(extents, before, total)

    def window(self, divisions: Divisions, tiles: Rectangle, tile_m: int) -> Window | None:
        """The part of some tiles that lies in a strip.

        Parameters
        ----------
        divisions : Divisions
            Of the strip.
        tiles : Rectangle
        tile_m : int
            Side of a tile, metres.

        Returns
        -------
        Window or None
            None where no division may be there.
        """
        whole = self.extents[divisions.meridian]
        inside = tiles.common(whole)
        if 0 in inside.shape:
            return None
        codes = divisions.touching(inside.box(tile_m))
        if not codes:
            return None
        before = self.before[divisions.meridian][whole.slices(inside)]
        return Window(divisions.meridian, inside, codes, before)


def surrounded(
    nation: Nation,
    strips: Mapping[int, Divisions],
    shares: Shares,
    place: tuple[int, Rectangle],
    halo: float,
) -> Block | None:
    """The block of some tiles with all that its halo touches; None where no division may be there.

    Parameters
    ----------
    nation : Nation
    strips : mapping of int to Divisions
    shares : Shares
    place : (int, Rectangle)
        Strip and tiles.
    halo : float
        Metres.

    Returns
    -------
    Block or None
    """
    meridian, tiles = place
    west, south, east, north = tiles.box(nation.tile_m)
    wide = (west - halo, south - halo, east + halo, north + halo)
    own = shares.window(strips[meridian], Rectangle.around(wide, nation.tile_m), nation.tile_m)
    if own is None or not strips[meridian].touching(tiles.box(nation.tile_m)):
        return None
    others = []
    west_lon, east_lon = longitudes(wide, meridian)
    for other, divisions in strips.items():
        near = (
            divisions.degrees[0] <= east_lon + _MARGIN_DEG and divisions.degrees[1] >= west_lon - _MARGIN_DEG
        )
        if other == meridian or not near:
            continue
        box = moved_box(wide, meridian, other, margin=_MARGIN_M)
        window = _near_window(shares, divisions, box, nation.tile_m)
        if window is not None:
            others.append(window)
    return Block(nation, shares.residents, tiles, own, tuple(others), halo)


def _near_window(shares: Shares, divisions: Divisions, box: Box, tile_m: int) -> Window | None:
    """The tiles in ``box`` where divisions of another strip may be."""
    codes = divisions.touching(box)
    if not codes:
        return None
    theirs = divisions.boxes[np.isin(divisions.codes, codes)]
    west, south = np.maximum(theirs[:, :2].min(axis=0), box[:2])
    east, north = np.minimum(theirs[:, 2:].max(axis=0), box[2:])
    near = (float(west), float(south), float(east), float(north))
    return shares.window(divisions, Rectangle.around(near, tile_m), tile_m)


def full_blocks(
    nation: Nation, strips: Mapping[int, Divisions], shares: Shares, halo: float
) -> Iterator[Block]:
    """Every block of a nation with all that it needs to be answered by itself.

    Parameters
    ----------
    nation : Nation
    strips : mapping of int to Divisions
    shares : Shares
    halo : float
        Metres.

    Yields
    ------
    Block
    """
    for meridian, whole in shares.extents.items():
        for tiles in _block_tiles(nation, whole):
            block = surrounded(nation, strips, shares, (meridian, tiles), halo)
            if block is not None:
                yield block
