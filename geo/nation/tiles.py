"""Rectangles of tiles: the squares of a strip's plane that space is counted in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.nation.strips import Box


@dataclass(frozen=True)
class Rectangle:
    """Tiles of a strip: rows and columns, the ends not included."""

    row: int
    column: int
    end_row: int
    end_column: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of tiles."""
        return max(self.end_row - self.row, 0), max(self.end_column - self.column, 0)

    def box(self, tile_m: int) -> Box:
        """Its edges, metres."""
        return (
            float(self.column * tile_m),
            float(self.row * tile_m),
            float(self.end_column * tile_m),
            float(self.end_row * tile_m),
        )

    def common(self, other: Rectangle) -> Rectangle:
        """The tiles in both."""
        return Rectangle(
            max(self.row, other.row),
            max(self.column, other.column),
            min(self.end_row, other.end_row),
            min(self.end_column, other.end_column),
        )

    def slices(self, part: Rectangle, times: int = 1) -> tuple[slice, slice]:
        """Where a part of it lies in an array of it, with so many rows and columns a tile."""
        return (
            slice((part.row - self.row) * times, (part.end_row - self.row) * times),
            slice((part.column - self.column) * times, (part.end_column - self.column) * times),
        )

    @classmethod
    def around(cls, box: Box, tile_m: int) -> Rectangle:
        """The tiles that a box touches."""
        return cls(
            math.floor(box[1] / tile_m),
            math.floor(box[0] / tile_m),
            math.floor(box[3] / tile_m) + 1,
            math.floor(box[2] / tile_m) + 1,
        )
