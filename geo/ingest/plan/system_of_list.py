"""The system of a list's coordinates: the person's word, what the file declares where that fits, what the numbers prove.

Page and command line both ask here, so that one file has one verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.cells.header_terms import tidy
from geo.ingest.datum.guard import CrsVerdict, guess_crs
from geo.ingest.datum.reference_frames import inside
from geo.places.named_systems import canonical_system, lonlat
from geo.reading.model import Note
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap
    from geo.reading.model import Layer
    from geo.register.city import Atlas

_ENOUGH: Final = 5
"""With so many known places to compare with, towns (which are coarser) are not compared."""
_MOST: Final = 0.5
_IN_HEADERS: Final = (
    ("高德", "GCJ02"),
    ("腾讯", "GCJ02"),
    ("火星", "GCJ02"),
    ("GCJ", "GCJ02"),
    ("百度", "BD09"),
    ("BD09", "BD09"),
    ("BD-09", "BD09"),
    ("WGS", "WGS84"),
    ("CGCS2000", "CGCS2000"),
    ("国家2000", "CGCS2000"),
)
"""What a header of coordinates in degrees may name."""


@dataclass(frozen=True, eq=False)
class SystemChoice:
    """How the coordinates of a list are read.

    Attributes
    ----------
    system : str
        Canonical name; empty where a person must choose.
    how : str
        ``given``, ``declared``, ``proved``, ``none`` (no coordinates) or ``open``.
    declared : str
        Canonical name of what the file says; empty where it says nothing that is understood.
    verdict : CrsVerdict or None
        What the guard says; None where it was not asked.
    candidates : tuple of str
        Systems to choose from, best first, where it is open.
    notes : tuple of Note
    """

    system: str
    how: str
    declared: str = ""
    verdict: CrsVerdict | None = None
    candidates: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def system_of_list(
    layer: Layer, mapping: ColumnMap, rows: pd.DataFrame, atlas: Atlas, *, given: str = ""
) -> SystemChoice:
    """The system of a list's coordinates.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
        Which column holds which field.
    rows : DataFrame
        ``x`` and ``y`` of each row in the file's own system, NaN for none; other columns are not looked at.
    atlas : Atlas
    given : str
        What the person says; empty to be told.

    Returns
    -------
    SystemChoice
    """
    declared = canonical_system(layer.crs or "")
    if given:
        return SystemChoice(canonical_system(given), "given", declared)
    numbers = rows["x"].notna() & rows["y"].notna()
    if numbers.any():
        x, y = rows["x"].to_numpy("float64"), rows["y"].to_numpy("float64")
    elif layer.geometry is not None:
        x, y = middles(layer.geometry)
    else:
        return SystemChoice("", "none", declared)
    if not (np.isfinite(x) & np.isfinite(y)).any():
        return SystemChoice("", "none", declared)
    verdict = _verdict(x, y, layer, mapping, atlas)
    fits = bool(declared) and not numbers.any() and _fits(x, y, declared, atlas)
    if verdict.confidence == "sure":
        return SystemChoice(verdict.system, "proved", declared, verdict, (), verdict.notes)
    note = _("坐标系取文件自己写的 {declared}，各行都在本市一带。")
    if numbers.any() and (named := _of_headers(mapping)):
        note = _("坐标系取表头写的 {declared}，各行都在本市一带。")
        declared, fits = named, _fits(x, y, named, atlas)
    if fits:
        notes = (Note(note, {"declared": declared}), *verdict.notes)
        return SystemChoice(declared, "declared", declared, verdict, (), notes)
    names = dict.fromkeys(one.system for one in verdict.candidates if canonical_system(one.system))
    return SystemChoice("", "open", declared, verdict, tuple(names), verdict.notes)


def _of_headers(mapping: ColumnMap) -> str:
    """The one system that the headers of the coordinates name: ``高德经度``, ``经纬度（百度）``, ``lng_wgs84``; empty for none."""
    headers = [mapping.columns[name] for name in ("lon", "lat", "lonlat") if name in mapping.columns]
    found = {system for word, system in _IN_HEADERS if any(word in tidy(one).upper() for one in headers)}
    return found.pop() if len(found) == 1 else ""


def middles(geometry: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The middle of each geometry in its own system; NaN for none, and for a shape with a number that is none."""
    import shapely

    shapes = np.asarray(geometry, dtype=object)
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    wrong = np.unique(owner[~np.isfinite(points).all(axis=1)])
    sound = shapes.copy()
    sound[wrong] = None
    centre = shapely.centroid(sound)
    return np.asarray(shapely.get_x(centre), "float64"), np.asarray(shapely.get_y(centre), "float64")


def _verdict(
    x: NDArray[np.float64], y: NDArray[np.float64], layer: Layer, mapping: ColumnMap, atlas: Atlas
) -> CrsVerdict:
    """By the works that rows name; by the towns too, whose points are far coarser, where few works are known."""
    columns = [mapping.columns[name] for name in ("name_zh", "district_code") if name in mapping.columns]
    verdict = guess_crs((x, y), atlas, layer.crs, frame=layer.frame[columns])
    if verdict.confidence == "sure" or verdict.matched >= _ENOUGH:
        return verdict
    wider = guess_crs((x, y), atlas, layer.crs, frame=layer.frame)
    return wider if wider.confidence == "sure" else verdict


def _fits(x: NDArray[np.float64], y: NDArray[np.float64], system: str, atlas: Atlas) -> bool:
    """Whether a system puts most of the rows into the city."""
    lon, lat = lonlat(x, y, system)
    known = np.isfinite(x) & np.isfinite(y)
    return bool(np.mean(inside(lon, lat, atlas.districts.total_bounds)[known]) > _MOST)
