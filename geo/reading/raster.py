"""``open_raster``: a person's GeoTIFF, every look at it by a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import DataError, IngestError
from geo.local_file import allowed_ending, content_matches
from geo.reading.archive import check_archive, member_names, unpack_named
from geo.reading.isolate import Copy, staged
from geo.reading.kinds import display_name, refuse_description
from geo.reading.limits import LIMITS, Limits
from geo.reading.plain_file import head_and_digest
from geo.reading.raster_file import CELLS
from geo.text import mark as _

if TYPE_CHECKING:
    from affine import Affine

ENDINGS: Final = (".tif", ".tiff")
_CELLS_AT_ONCE: Final = 16_000_000
"""Cells that one process reads: 128 MB of real numbers."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A raster that is open.

    Attributes
    ----------
    crs : str or None
        WKT.
    crs_name : str
        For people.
    transform : Affine
        From column and row to the raster's system.
    width, height : int
    bounds : list of float
        West, south, east, north.
    block : list of int
        Rows and columns that are packed together.
    sha256 : str
    """

    crs: str | None
    crs_name: str
    transform: Affine
    width: int
    height: int
    bounds: list[float]
    block: list[int]
    sha256: str
    _copy: Copy

    def bands(
        self, window: tuple[int, int, int, int], step: int
    ) -> Iterator[tuple[NDArray[np.float64], int, int]]:
        """Values of band 1 (0 where there are no data) with the column and row they begin at, ``step`` rows at a time.

        Parameters
        ----------
        window : (int, int, int, int)
            Column, row, columns and rows.
        step : int
            Rows.

        Yields
        ------
        (ndarray, int, int)

        Raises
        ------
        IngestError
            A block that cannot be read within the limits.
        """
        left, top, columns, rows = window
        at_once = max(_CELLS_AT_ONCE // (columns * step), 1) * step
        for row in range(top, top + rows, at_once):
            part = (left, row, columns, min(at_once, top + rows - row))
            self._copy.run("cells", drivers=_drivers(), window=part, step=step)
            values = np.load(self._copy.folder / CELLS, mmap_mode="r", allow_pickle=False)
            for at in range(0, len(values), step):
                yield np.array(values[at : at + step]), left, row + at


@contextmanager
def open_raster(path: Path, *, limits: Limits | None = None) -> Iterator[Raster]:
    """A local GeoTIFF; files beside it (``.aux.xml``, ``.tfw``) are not read.

    Raises
    ------
    ParameterError
        An address, or a name that is no GeoTIFF's.
    DataError
        Not a GeoTIFF, or one that cannot be read within the limits.
    """
    from affine import Affine

    ending = allowed_ending(path, ENDINGS)
    limits, shown = limits or LIMITS, display_name(path.name)
    head, digest = head_and_digest(path, shown, limits)
    refuse_description(head, shown)
    if not content_matches(head, ending):
        raise DataError(_("{name} 的内容与扩展名不符。"), hint=_("请核对文件。"), name=shown)
    with staged(path, shown, ending, limits=limits) as copy:
        told: dict[str, Any] = copy.run("raster", drivers=_drivers())
        place = Affine(*told.pop("transform"))
        yield Raster(**told, transform=place, sha256=digest, _copy=copy)


@contextmanager
def unpacked_raster(path: Path, *, limits: Limits | None = None) -> Iterator[Path]:
    """A GeoTIFF, or the one that a zip holds, unpacked for as long as it is asked about.

    Parameters
    ----------
    path : Path
        ``.tif`` or ``.zip``.
    limits : Limits or None
        Beyond which an archive is refused.

    Yields
    ------
    Path

    Raises
    ------
    IngestError
        An archive that would harm, is damaged, or holds no GeoTIFF or several.
    """
    if path.suffix.lower() != ".zip":
        yield path
        return
    limits, shown = limits or LIMITS, display_name(path.name)
    check_archive(path, shown, limits)
    inside = [each for each in member_names(path) if each.lower().endswith(ENDINGS)]
    if len(inside) != 1:
        raise IngestError(_("{name} 里应有一个 GeoTIFF，却有 {n} 个。"), name=shown, n=len(inside))
    with TemporaryDirectory(prefix="atlas-raster-", dir=path.parent) as folder:
        target = Path(folder) / f"{path.stem}.tif"
        unpack_named(path, shown, limits, {inside[0]: target})
        yield target


@lru_cache(maxsize=1)
def _drivers() -> list[str]:
    """Every driver of rasterio's own GDAL, which is not pyogrio's."""
    import rasterio

    with rasterio.Env() as env:
        return sorted(env.drivers())
