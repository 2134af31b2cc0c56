"""Conversion of a brought layer to WGS84, on a person's word, with a log and the originals kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from geo.errors import CrsError
from geo.ingest.datum.reference_frames import DEGREES, Reference, positions
from geo.places.crs import system_name
from geo.places.projections import split_system
from geo.reading.model import Note
from geo.text import mark as _

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Converted:
    """WGS84 degrees (NaN where there is none), the numbers as they were, and what was done."""

    lon: Floats
    lat: Floats
    x_original: Floats
    y_original: Floats
    crs_original: str
    log: tuple[Note, ...]


def reference_of(system: str, *, swapped: bool = False) -> Reference:
    """The reference that a system's name means: ``GCJ-02``, ``EPSG:4528``, ``EPSG:3857+GCJ02``; ``CrsError`` if none."""
    grid, datum = split_system(system_name(system))
    return Reference(grid or DEGREES, "WGS84" if datum == "CGCS2000" else datum, swapped)


def to_wgs84(x: ArrayLike, y: ArrayLike, system: str | Reference) -> Converted:
    """Numbers as WGS84, by the system that a person named (or a candidate's reference that a person accepted).

    Parameters
    ----------
    x : array_like
        First coordinate, as found.
    y : array_like
        Second coordinate, as found.
    system : str or Reference
        Name of a coordinate system.

    Returns
    -------
    Converted

    Raises
    ------
    CrsError
        An unknown system, or no number that it can hold.
    """
    reference = reference_of(system) if isinstance(system, str) else system
    first, second = np.asarray(x, "float64"), np.asarray(y, "float64")
    lon, lat = positions(first, second, reference)
    had = np.isfinite(first) & np.isfinite(second)
    done = np.isfinite(lon) & np.isfinite(lat)
    if had.any() and not done.any():
        raise CrsError(
            _("没有一行能按 {system} 读。"),
            hint=_("请换一个坐标系，或核对两列的次序。"),
            system=reference.system,
        )
    log = [
        Note(
            _("{n} 行由 {system} 换算为 WGS84，原坐标保留。"),
            {"n": int(done.sum()), "system": reference.system},
        )
    ]
    if reference.swapped:
        log.append(Note(_("两列已对调：原来北（纬度）在前。")))
    if reference.datum != "WGS84" and done.any():
        moved = _moved_m(first, second, reference, lon, lat)
        log.append(Note(_("平均移动 {metres} 米。"), {"metres": round(moved)}))
    if (had & ~done).any():
        log.append(Note(_("{n} 行的数不合该坐标系，没有换算。"), {"n": int((had & ~done).sum())}))
    return Converted(lon, lat, first, second, reference.system, tuple(log))


def _moved_m(x: Floats, y: Floats, reference: Reference, lon: Floats, lat: Floats) -> float:
    """How far the datum's shift moved the places, on average."""
    plain = positions(x, y, reference.on("WGS84"))
    done = np.isfinite(plain[0]) & np.isfinite(lon)
    __, ___, metres = Geod(ellps="GRS80").inv(plain[0][done], plain[1][done], lon[done], lat[done])
    return float(np.mean(metres))
