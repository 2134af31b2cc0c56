"""A GeoTIFF inside the reading process: what it is, and the values of a window of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from geo.errors import IngestError
from geo.reading import gdal
from geo.text import mark as _

CELLS: Final = "cells.npy"
_DRIVER: Final = "GTiff"


def describe(path: Path, name: str) -> dict[str, Any]:
    """Size, place, system and blocks of a raster; nothing of it is read.

    Raises
    ------
    IngestError
        Not a GeoTIFF that can be read.
    """
    with _opened(path, name) as raster:
        _refuse_picture(raster, name)
        _refuse_several(raster, name)
        return {
            "crs": raster.crs.to_wkt() if raster.crs else None,
            "crs_name": raster.crs.to_string()[:60] if raster.crs else "",
            "transform": list(raster.transform)[:6],
            "width": raster.width,
            "height": raster.height,
            "bounds": list(raster.bounds),
            "block": list(raster.block_shapes[0]),
        }


def _refuse_picture(raster: Any, name: str) -> None:
    """``IngestError`` for a raster of colours: its numbers count nobody."""
    from rasterio.enums import ColorInterp

    colours = {ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.palette, ColorInterp.cyan}
    if not colours & set(raster.colorinterp):
        return
    raise IngestError(
        _("{name} 是图片（{bands} 个波段，存的是颜色），不是人口栅格。"),
        hint=_("请用每格写着人数的单波段栅格，如 WorldPop、GHS-POP。"),
        name=name,
        bands=raster.count,
    )


def _refuse_several(raster: Any, name: str) -> None:
    """``IngestError`` for a raster of several bands of values: nothing says which of them is meant."""
    from rasterio.enums import ColorInterp

    bands = [at for at, meaning in enumerate(raster.colorinterp, start=1) if meaning != ColorInterp.alpha]
    if len(bands) < 2:
        return
    raise IngestError(
        _("{name} 有 {bands} 个波段的数，不知道哪一个是人口。"),
        hint=_("请只留人口的一个波段（如 gdal_translate -b 1）。"),
        name=name,
        bands=len(bands),
    )


def write_cells(folder: Path, path: Path, name: str, window: tuple[int, int, int, int], step: int) -> None:
    """Write the values of band 1 in a window, as real numbers, 0 where there are no data, to :data:`CELLS`.

    What the file declares of its numbers holds: no-data value, mask, scale and offset.

    Parameters
    ----------
    folder : Path
        Where files are written.
    path : Path
        Where the raster lies.
    name : str
        What the person calls the file; for messages.
    window : (int, int, int, int)
        Column, row, columns and rows.
    step : int
        Rows read at a time.

    Raises
    ------
    IngestError
        A block that cannot be read.
    """
    import numpy as np
    from rasterio.windows import Window

    left, top, columns, rows = window
    out = np.lib.format.open_memmap(folder / CELLS, mode="w+", dtype="float64", shape=(rows, columns))
    with _opened(path, name) as raster:
        for row in range(0, rows, step):
            part = Window(left, top + row, columns, min(step, rows - row))
            band = raster.read(1, window=part, masked=True)
            values = band.astype("float64") * raster.scales[0] + raster.offsets[0]
            out[row : row + step] = np.ma.filled(values, 0.0)
    out.flush()


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Any]:
    os.environ["GDAL_SKIP"] = ",".join(gdal.others(_DRIVER)) + ","
    import rasterio
    from rasterio.errors import CRSError, RasterioError

    try:
        with rasterio.Env() as env:
            gdal.check_alone(_DRIVER, env.drivers())
            with rasterio.open(path, driver=_DRIVER) as raster:
                yield raster
    except (RasterioError, CRSError, OSError) as error:
        raise IngestError(
            _("读不了人口栅格 {name}：{detail}。"),
            hint=_("只接受 GeoTIFF。"),
            name=name,
            detail=str(error).replace(str(path), name),
        ) from error
