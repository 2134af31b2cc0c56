"""Geometries of a layer as places: a point as it is, a polygon by a point inside it and its extent, a line as a line.

The register holds one point with a radius, or a line, for a work. A polygon's own outline is kept beside it as a
saved data set (decisions/0010), so nothing drawn is lost and no point pretends to be exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.ingest.cells.cell_reading import Rules
from geo.ingest.cells.findings import Finding
from geo.places.crs import STORAGE_CRS
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.reading.model import Layer

REPAIR: Final = "geometry_repair"
_POINTS, _LINES, _AREAS = (0,), (1, 2, 5), (3, 6)
_CHOICES: Final = (("repair", _("修好后导入")), ("reject", _("退回")))


def drawn_shapes(layer: Layer) -> pd.Series[Any]:
    """The geometries of a layer as the file has them, by row; None for none and for those without finite numbers."""
    index = layer.frame.index
    out = np.empty(len(index), dtype=object)
    if layer.geometry is not None:
        shapes = np.asarray(layer.geometry, dtype=object)
        points, owner = shapely.get_coordinates(shapes, return_index=True)
        out[:] = shapes
        out[np.unique(owner[~np.isfinite(points).all(axis=1)])] = None
        out[shapely.is_empty(shapes)] = None
    return pd.Series(out, index=index, dtype=object)


def read_shapes(layer: Layer, rules: Rules) -> tuple[pd.Series[Any], list[Finding]]:
    """The geometries of a layer, sound or repaired on the person's word; None where there is none to use.

    Returns
    -------
    Series of shapely geometries or None
        Indexed as the rows, in the layer's own system: points, (multi)lines and (multi)polygons.
    list of Finding
        Invalid geometries with what repair would change, and geometries that are no place.
    """
    index = layer.frame.index
    if layer.geometry is None:
        return pd.Series([None] * len(index), index=index, dtype=object), []
    shapes = np.array(
        [shape if shape is not None and not shape.is_empty else None for shape in layer.geometry], object
    )
    found = [
        *_not_finite(shapes, index),
        *_no_place(shapes, index),
        *_invalid(shapes, index, rules),
    ]
    return pd.Series(shapes, index=index, dtype=object), found


def _finding(row: Any, level: str, message: str, hint: str, **params: Any) -> Finding:
    return Finding(int(row), "geometry", level, message, hint, params)


def _not_finite(shapes: NDArray[Any], index: pd.Index[Any]) -> Iterator[Finding]:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    for at in np.unique(owner[~np.isfinite(points).all(axis=1)]).tolist():
        shapes[at] = None
        yield _finding(index[at], "error", _("图形的坐标不是有限的数。"), _("请改正，或删去图形。"))


def _no_place(shapes: NDArray[Any], index: pd.Index[Any]) -> Iterator[Finding]:
    """Several points are their middle; a collection is its polygons, else its lines, else its points."""
    kinds = shapely.get_type_id(shapes)
    for at in np.flatnonzero(~np.isin(kinds, (-1, *_POINTS, *_LINES, *_AREAS))).tolist():
        shape, kind = shapes[at], kinds[at]
        if kind in {4, 7}:
            shapes[at] = _single(shape)
        elif kind not in {*_POINTS, *_LINES, *_AREAS}:
            shapes[at] = None
            yield _finding(
                index[at],
                "error",
                _("不能用的图形类型 {kind}。"),
                _("请用点、线或面。"),
                kind=str(shape.geom_type),
            )


def _single(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    for kinds in (_AREAS, _LINES, _POINTS):
        chosen = [part for part in parts if shapely.get_type_id(part) in kinds]
        if chosen:
            return (
                shapely.union_all(chosen) if kinds is not _POINTS else shapely.MultiPoint(chosen).convex_hull
            )
    return None


def _invalid(shapes: NDArray[Any], index: pd.Index[Any], rules: Rules) -> Iterator[Finding]:
    for at in np.flatnonzero(~np.isin(shapely.get_type_id(shapes), (-1, *_POINTS))).tolist():
        shape = shapes[at]
        if shape.is_valid and (shape.area > 0 or shapely.get_type_id(shape) in _LINES):
            continue
        mended = _single(shapely.make_valid(shape))
        row, why = index[at], shapely.is_valid_reason(shape)
        shapes[at] = mended if rules.get(REPAIR) == "repair" else None
        if (
            mended is None
            or (shapely.get_type_id(shape) in _AREAS and mended.area == 0)
            or mended.length == 0
        ):
            shapes[at] = None
            yield _finding(row, "error", _("图形没有面积或长度。"), _("请重画，或删去图形。"))
        elif rules.get(REPAIR) == "reject":
            yield _finding(row, "error", _("图形无效（{why}）。"), _("请在制图软件里修好。"), why=why)
        else:
            yield Finding(
                int(row),
                "geometry",
                "warning" if rules.get(REPAIR) == "repair" else "question",
                _("图形无效（{why}）。"),
                "",
                {"why": why, "share": f"{100 * mended.area / shape.area:.1f}" if shape.area else "—"},
                repair=_("修补后面积是原来的 {share}%。"),
                rule=REPAIR,
                choices=_CHOICES,
            )


def is_point(shapes: pd.Series[Any]) -> pd.Series[bool]:
    """Where a geometry is a point."""
    return _is_of(shapes, _POINTS)


def is_line(shapes: pd.Series[Any]) -> pd.Series[bool]:
    """Where a geometry is a line."""
    return _is_of(shapes, _LINES)


def is_area(shapes: pd.Series[Any]) -> pd.Series[bool]:
    """Where a geometry is a polygon."""
    return _is_of(shapes, _AREAS)


def _is_of(shapes: pd.Series[Any], kinds: tuple[int, ...]) -> pd.Series[bool]:
    geometries = [shape if isinstance(shape, BaseGeometry) else None for shape in shapes]
    of = np.isin(shapely.get_type_id(np.array([*geometries, None], object)[:-1]), kinds)
    return pd.Series(of, shapes.index)


def area_places(areas: pd.Series[Any], projected: str) -> pd.DataFrame:
    """A point inside each polygon (WGS84) and how far its outline lies from it at most.

    Returns
    -------
    DataFrame
        ``lon, lat, extent_m`` (metres of the system ``projected``, ``EPSG:n``), indexed as ``areas``.
    """
    metric = gpd.GeoSeries(areas, crs=STORAGE_CRS).to_crs(projected)
    middle = metric.centroid
    inside = middle.where(metric.covers(middle), metric.representative_point())
    extent = [
        float(shapely.hausdorff_distance(point, shape)) for point, shape in zip(inside, metric, strict=True)
    ]
    points = gpd.GeoSeries(inside, index=areas.index, crs=projected).to_crs(STORAGE_CRS)
    return pd.DataFrame(
        {"lon": points.x.to_numpy("float64"), "lat": points.y.to_numpy("float64"), "extent_m": extent},
        areas.index,
    )
