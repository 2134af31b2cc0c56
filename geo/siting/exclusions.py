"""Where no site may stand: areas that a person brings (red lines, protected land), and the pack's lakes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import CrsError, ParameterError
from geo.places.districts import load_lakes
from geo.register.city import Atlas
from geo.siting.candidates import Candidates
from geo.siting.points import some
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_POLYGONS: Final = (3, 6)
"""Numbers that shapely gives polygons and polygons of several parts."""


@dataclass(frozen=True, eq=False)
class Exclusions:
    """Areas where no site may stand.

    Attributes
    ----------
    areas : ndarray of shapely polygons
        What a person brought, metres of the city's projected system.
    lakes : ndarray of shapely polygons
        The pack's; empty where sites may stand on water.
    notes : list of (str, dict)
        Catalogue texts that a reader must know.
    """

    areas: NDArray[Any]
    lakes: NDArray[Any]
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def hit(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which points (metres) lie in a person's areas, and which of the others in a lake; an edge belongs to both.

        Parameters
        ----------
        x : ndarray of float64
            Metres.
        y : ndarray of float64
            Metres.

        Returns
        -------
        (ndarray of bool, ndarray of bool)
        """
        points = shapely.points(x, y)
        in_area, in_lake = _touched(self.areas, points), _touched(self.lakes, points)
        return in_area, in_lake & ~in_area

    def rest_of(self, polygons: NDArray[Any]) -> NDArray[Any]:
        """What is left of polygons (metres) without the areas and the lakes; empty where nothing is."""
        every = np.concatenate([self.areas, self.lakes])
        rest = polygons.copy()
        if not len(every):
            return rest
        tree = shapely.STRtree(every)
        mine, other = tree.query(polygons, predicate="intersects")
        for k in np.unique(mine):
            rest[k] = shapely.difference(polygons[k], shapely.union_all(every[other[mine == k]]))
        return rest


def _touched(areas: NDArray[Any], points: NDArray[Any]) -> NDArray[np.bool_]:
    inside = np.zeros(len(points), bool)
    if len(areas):
        inside[shapely.STRtree(areas).query(points, predicate="intersects")[0]] = True
    return inside


def exclusions_of(atlas: Atlas, polygons: GeoDataFrame | None, *, water: bool = True) -> Exclusions:
    """What is excluded: polygons of a person, in any CRS, and the lakes.

    Parameters
    ----------
    atlas : Atlas
    polygons : GeoDataFrame or None
        A polygon that crosses itself is put right in a way that excludes all it encloses.
    water : bool
        Whether the pack's lakes are excluded.

    Returns
    -------
    Exclusions

    Raises
    ------
    CrsError
        No CRS.
    ParameterError
        Rows (counted from 1) that are no polygons: nothing that was meant to be excluded is passed over.
    """
    crs = atlas.city.projected_crs
    lakes = _lakes(atlas.pack.root, crs) if water else np.empty(0, object)
    if polygons is None:
        return Exclusions(np.empty(0, object), lakes)
    if polygons.crs is None:
        raise CrsError(_("这份排除范围没有坐标系。"), hint=_("请先说明坐标系（如 EPSG:4326）。"))
    areas = np.asarray(polygons.geometry.to_crs(crs).force_2d().array, dtype=object)
    wrong = ~np.isin(shapely.get_type_id(areas), _POLYGONS) | shapely.is_empty(areas)
    if wrong.any() or not len(areas):
        raise ParameterError(
            _("排除范围第 {rows} 行不是多边形。"),
            hint=_("排除范围要是面：请把红线等线闭合成面，再给一次。"),
            rows=some([str(k + 1) for k in np.flatnonzero(wrong)]) or "1",
        )
    notes: list[tuple[str, dict[str, Any]]] = []
    crossed = ~shapely.is_valid(areas)
    if crossed.any():
        areas[crossed] = shapely.make_valid(areas[crossed], method="structure", keep_collapsed=False)
        text = _("排除范围第 {rows} 行的边自相交，按它围住的全部面积排除。")
        notes.append((text, {"rows": some([str(k + 1) for k in np.flatnonzero(crossed)])}))
    return Exclusions(areas, lakes, notes)


@lru_cache(maxsize=4)
def _lakes(root: Path, crs: str) -> NDArray[Any]:
    return np.asarray(load_lakes(root).geometry.to_crs(crs).array, dtype=object)


def without_excluded(candidates: Candidates, exclusions: Exclusions) -> Candidates:
    """The candidates that lie in nothing excluded; how many are left out is counted in ``inputs`` and noted.

    Parameters
    ----------
    candidates : Candidates
    exclusions : Exclusions

    Returns
    -------
    Candidates

    Raises
    ------
    ParameterError
        None is left.
    """
    in_area, in_lake = exclusions.hit(*candidates.xy)
    number, lakes = int(in_area.sum()), int(in_lake.sum())
    left_out = dict(candidates.inputs.get("left_out", {}))
    notes = [*candidates.notes, *exclusions.notes]
    if number:
        left_out["excluded"] = left_out.get("excluded", 0) + number
        notes.append((_("{n} 个候选在排除范围里，没有参与。"), {"n": number}))
    if lakes:
        left_out["water"] = left_out.get("water", 0) + lakes
        notes.append((_("{n} 个候选在资料包的湖面上，没有参与。"), {"n": lakes}))
    if number + lakes == len(candidates):
        raise ParameterError(
            _("全部 {n} 个候选都在排除范围或湖面上。"), hint=_("请换候选，或核对排除范围。"), n=number + lakes
        )
    inputs = candidates.inputs | ({"left_out": left_out} if left_out else {})
    return replace(candidates, frame=candidates.frame[~(in_area | in_lake)], inputs=inputs, notes=notes)
