"""Conversion of a brought layer to WGS84, on a person's word, with a log and the originals kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CrsError
from geo.ingest.datum.reference_frames import DEGREES, Reference, positions
from geo.ingest.reading.model import Note
from geo.places.crs import METRIC_CRS, convert, system_name
from geo.text import mark as _

Floats = NDArray[np.float64]
_GRID: Final = re.compile(r"(EPSG:\d{4,6})(?:\+(GCJ02|BD09))?", re.IGNORECASE)


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
    if system.upper() not in {"EPSG:4326", "EPSG:4490"} and (grid := _GRID.fullmatch(system.strip())):
        return Reference(grid[1].upper(), (grid[2] or "WGS84").upper(), swapped)
    name = system_name(system)
    return Reference(DEGREES, "WGS84" if name == "CGCS2000" else name, swapped)


def to_wgs84(x: ArrayLike, y: ArrayLike, system: str | Reference) -> Converted:
    """Numbers as WGS84, by the system that a person named (or a candidate's reference that a person accepted).

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
    before = convert(*plain, source="WGS84", target=METRIC_CRS)
    after = convert(lon, lat, source="WGS84", target=METRIC_CRS)
    return float(np.nanmean(np.hypot(before[0] - after[0], before[1] - after[1])))
