"""Residents of a GeoTIFF summed onto a lattice: any CRS, cell size and orientation, read a band of rows at a time.

Each populated cell is cut into equal parts no wider than a third of a lattice cell, and each part counts where its
middle lies. So nobody is lost or counted twice, whatever the two grids make of each other; the usual resampling by
"sum" loses 2 % of a raster in Mollweide here, because it takes slanted cells for upright ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import CrsError, DataError, ParameterError
from geo.reading.limits import Limits
from geo.reading.raster import Raster, open_raster
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.kernels.lattice import Lattice

Floats = NDArray[np.float64]
MAX_CELLS: Final = 200_000_000
"""Cells read at most; a city of 100 km by 100 km in cells of 7 m."""
MAX_BLOCK: Final = 64_000_000
DENSEST: Final = 1_000_000.0
MOST: Final = 1_000.0
"""More residents than this in a cell, and more of them to the square kilometre than five times the densest quarter on
Earth, nobody can live like: it is a value for "no data" that the file does not declare."""
_BAND: Final = 2_000_000
_PARTS: Final = 512


@dataclass(frozen=True, slots=True)
class Counted:
    """What a raster says: residents by lattice cell (ny, nx), which cells it covers, what was not counted; its SHA-256."""

    residents: Floats
    covered: NDArray[np.bool_]
    invalid: int
    cell_m: float
    sha256: str


def read_population(path: Path, lattice: Lattice, projected: str, *, limits: Limits | None = None) -> Counted:
    """Band 1 of a GeoTIFF summed onto ``lattice``.

    Cells without data count as nobody; so do negative ones and those that are no number, and ``invalid`` says how many.

    Parameters
    ----------
    path : Path
    lattice : Lattice
        Cells in metres of ``projected``.
    projected : str
        ``EPSG:n``.
    limits : Limits or None
        Beyond which a file is refused; those of a person's file if None.

    Returns
    -------
    Counted

    Raises
    ------
    CrsError
        The raster has no CRS, or one that does not reach the city.
    DataError
        Not a GeoTIFF that can be read, a tile too large to read, or a cell with more residents than can live there.
    ParameterError
        Not a GeoTIFF by name, the raster misses the city, or has too many cells in it.
    """
    with open_raster(path, limits=limits) as raster:
        return _Reader(raster, path.name, lattice, projected).count()


class _Reader:
    """One open raster and the lattice it is summed onto."""

    def __init__(self, raster: Raster, name: str, lattice: Lattice, projected: str) -> None:
        from pyproj import Transformer

        if raster.crs is None:
            raise CrsError(_("人口栅格 {name} 没有坐标系。"), hint=_("请先为它写入坐标系。"), name=name)
        self.raster, self.name, self.lattice = raster, name, lattice
        self.forward = Transformer.from_crs(raster.crs, projected, always_xy=True)
        self.back = Transformer.from_crs(projected, raster.crs, always_xy=True)
        self.column, self.row = self._positions()
        self.covered = self._covered()
        if not self.covered[lattice.zone >= 0].any():
            raise ParameterError(
                _("人口栅格 {name} 不覆盖本市：它的范围是 {bounds}（{crs}）。"),
                hint=_("请核对它的范围与坐标系。"),
                name=name,
                bounds="、".join(f"{value:g}" for value in raster.bounds),
                crs=raster.crs_name,
            )
        self.cell_m = math.sqrt(self._cell_area())

    def _positions(self) -> tuple[Floats, Floats]:
        """Column and row of the raster, as real numbers, of every centre of the lattice (ny, nx)."""
        east, north = self.lattice.centres()
        x, y = self.back.transform(*np.meshgrid(east, north))
        turned = ~self.raster.transform
        column = turned.a * x + turned.b * y + turned.c
        row = turned.d * x + turned.e * y + turned.f
        return column, row

    def _covered(self) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):
            inside: NDArray[np.bool_] = (
                (self.column >= 0)
                & (self.column < self.raster.width)
                & (self.row >= 0)
                & (self.row < self.raster.height)
            )
        return inside

    def _cell_area(self) -> float:
        """Square metres of the raster cell in the middle of what the lattice takes of it."""
        column, row = (float(np.median(at[self.covered])) for at in (self.column, self.row))
        x, y = self._metres(np.array([column, column + 1, column]), np.array([row, row, row + 1]))
        return float(abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])))

    def _metres(self, column: NDArray[Any], row: NDArray[Any]) -> tuple[Floats, Floats]:
        place = self.raster.transform
        x, y = place.a * column + place.b * row + place.c, place.d * column + place.e * row + place.f
        east, north = self.forward.transform(x, y)
        return np.asarray(east), np.asarray(north)

    def count(self) -> Counted:
        """Sum the raster, band of rows by band of rows."""
        out = np.zeros(self.lattice.zone.size)
        parts = min(max(math.ceil(3 * self.cell_m / self.lattice.size), 1), _PARTS)
        invalid = 0
        for values, column, row in self._bands():
            bad = ~np.isfinite(values) | (values < 0)
            invalid += int(bad.sum())
            at = np.nonzero(~bad & (values > 0))
            people = values[at]
            self._check_density(float(people.max(initial=0.0)))
            self._drop(out, people, column + at[1], row + at[0], parts)
        residents = out.reshape(self.lattice.shape)
        return Counted(residents, self.covered, invalid, self.cell_m, self.raster.sha256)

    def _bands(self) -> Iterator[tuple[Floats, int, int]]:
        """Values (0 where there are no data) with the column and row they begin at."""
        reach = 2 + math.ceil(self.lattice.size / self.cell_m)
        left, right = self._range(self.column, self.raster.width, reach)
        top, bottom = self._range(self.row, self.raster.height, reach)
        self._check_size(right - left, bottom - top)
        step = max(_BAND // (right - left), 1)
        yield from self.raster.bands((left, top, right - left, bottom - top), step)

    @staticmethod
    def _range(positions: Floats, most: int, reach: int) -> tuple[int, int]:
        known = positions[np.isfinite(positions)]
        return max(math.floor(known.min()) - reach, 0), min(math.ceil(known.max()) + reach, most)

    def _check_size(self, columns: int, rows: int) -> None:
        if columns * rows > MAX_CELLS:
            raise ParameterError(
                _("人口栅格 {name} 在本市有 {n} 个格（每格约 {cell} 米），最多 {most} 个。"),
                hint=_("请先聚合到 10 米或更大的格。"),
                name=self.name,
                n=f"{columns * rows:,}",
                cell=f"{self.cell_m:.3g}",
                most=f"{MAX_CELLS:,}",
            )
        height, width = self.raster.block
        if height * width > MAX_BLOCK:
            raise DataError(
                _("人口栅格 {name} 的一个数据块有 {n} 个格，无法分块读取。"),
                hint=_("请先转成分块的 GeoTIFF（如 gdal_translate -co TILED=YES）。"),
                name=self.name,
                n=f"{height * width:,}",
            )

    def _check_density(self, people: float) -> None:
        density = people / self.cell_m**2 * 1e6
        if people > MOST and density > DENSEST:
            raise DataError(
                _("人口栅格 {name} 有一格的值是 {value}，折合每平方公里 {density} 人，不可能。"),
                hint=_("多半是没有声明的无数据值：请在文件里声明 nodata。"),
                name=self.name,
                value=f"{people:g}",
                density=f"{density:,.3g}",
            )

    def _drop(
        self, out: Floats, people: Floats, column: NDArray[np.int64], row: NDArray[np.int64], parts: int
    ) -> None:
        """Add ``people`` of raster cells to the lattice, each in ``parts`` by ``parts`` equal shares."""
        if not people.size:
            return
        x, y = self._metres(column + 0.5, row + 0.5)
        right, below = self._metres(column + 1.0, row + 0.5), self._metres(column + 0.5, row + 1.0)
        ux, uy, vx, vy = right[0] - x, right[1] - y, below[0] - x, below[1] - y
        ny, nx = self.lattice.shape
        share = people / parts**2
        for a in (np.arange(parts) * 2 + 1) / parts - 1:
            for b in (np.arange(parts) * 2 + 1) / parts - 1:
                i = np.floor((x + a * ux + b * vx - self.lattice.x0) / self.lattice.size)
                j = np.floor((y + a * uy + b * vy - self.lattice.y0) / self.lattice.size)
                with np.errstate(invalid="ignore"):
                    here = (i >= 0) & (i < nx) & (j >= 0) & (j < ny)
                cell = (j[here] * nx + i[here]).astype("int64")
                np.add.at(out, cell, share[here])
