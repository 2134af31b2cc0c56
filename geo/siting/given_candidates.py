"""Candidates that a person brings: points of a layer, of typed places, or of a local file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import CrsError, ParameterError
from geo.local_file import allowed_ending
from geo.places.districts import district_of
from geo.reading.documents import read_text
from geo.reading.model import ShapesWanted
from geo.reading.shapes import read_shapes
from geo.register.city import Atlas
from geo.siting.candidates import MOST, Candidates, candidate_frame
from geo.siting.points import read_points, some
from geo.text import mark as _

if TYPE_CHECKING:
    import geopandas as gpd

Floats = NDArray[np.float64]
ENDINGS: Final = (".geojson", ".json", ".gpkg", ".shp", ".fgb", ".csv")


def layer_candidates(
    atlas: Atlas,
    points: gpd.GeoDataFrame,
    *,
    origin: str = "layer",
    names: Sequence[str] = (),
    drop_bad: bool = False,
) -> Candidates:
    """Points of a layer, in any CRS.

    Parameters
    ----------
    atlas : Atlas
    points : GeoDataFrame
        Point geometries.
    origin : str
        Where the candidates come from; written to each.
    names : sequence of str
        A name for each row; none by default.
    drop_bad : bool
        Leave out rows without a place, outside the city, or twice; else they are an error.

    Returns
    -------
    Candidates

    Raises
    ------
    CrsError
        No CRS.
    ParameterError
        Rows (counted from 1) that are no points, lie outside the city, or repeat an earlier one; no row at all.
    """
    if points.crs is None:
        raise CrsError(_("这份候选点没有坐标系。"), hint=_("请先说明坐标系（如 EPSG:4326）。"))
    degrees = points.geometry.to_crs(4326)
    is_point = (degrees.geom_type == "Point").to_numpy() & ~degrees.is_empty.to_numpy()
    lon, lat = (np.full(len(points), np.nan) for _axis in range(2))
    lon[is_point], lat[is_point] = degrees[is_point].x.to_numpy(), degrees[is_point].y.to_numpy()
    return point_candidates(atlas, lon, lat, origin=origin, names=names, drop_bad=drop_bad)


def point_candidates(
    atlas: Atlas,
    lon: Floats,
    lat: Floats,
    *,
    origin: str = "own",
    names: Sequence[str] = (),
    drop_bad: bool = False,
) -> Candidates:
    """Places given as WGS84 degrees; errors and ``drop_bad`` as in :func:`layer_candidates`.

    Parameters
    ----------
    atlas : Atlas
    lon : ndarray of float64
        WGS84 degrees.
    lat : ndarray of float64
        WGS84 degrees.
    origin : str
        Where the candidates come from; written to each.
    names : sequence of str
        Names of the points, if they have any.
    drop_bad : bool
        Leave bad rows out instead of refusing the file.

    Returns
    -------
    Candidates

    Raises
    ------
    ParameterError
        A place that is no place, or lies outside the city.
    """
    if not len(lon):
        raise ParameterError(_("没有一个候选点。"), hint=_("请至少给一个点。"))
    if len(lon) > MOST:
        raise ParameterError(_("候选点有 {n} 个，超过上限 {most}。"), n=f"{len(lon):,}", most=f"{MOST:,}")
    codes = district_of(lon, lat, atlas.districts)
    nowhere = np.isnan(lon) | np.isnan(lat)
    outside = (codes == "") & ~nowhere
    twice = (
        pd.DataFrame({"lon": np.round(lon, 7), "lat": np.round(lat, 7)}).duplicated().to_numpy() & ~nowhere
    )
    bad = nowhere | outside | twice
    if bad.any() and not drop_bad:
        raise _bad_rows(nowhere, outside, twice, lon, lat)
    if bad.all():
        raise ParameterError(_("去掉有问题的行以后，没有一个候选点。"), hint=_("请核对坐标。"))
    ids = [f"{origin}-{k + 1}" for k in range(len(lon))]
    frame = candidate_frame(ids, lon, lat, codes, origin)
    if names:
        frame["name_zh"], frame["name_en"] = list(names), list(names)
    notes: list[tuple[str, dict[str, Any]]] = []
    if bad.any():
        notes.append((_("去掉了 {n} 行：没有坐标、在市域外或重复。"), {"n": int(bad.sum())}))
    return Candidates(frame[~bad], atlas.city.projected_crs, {"candidates": origin}, notes=notes)


def _bad_rows(
    nowhere: NDArray[np.bool_], outside: NDArray[np.bool_], twice: NDArray[np.bool_], lon: Floats, lat: Floats
) -> ParameterError:
    """One error that names every bad row; the first fault decides the words."""
    if nowhere.any():
        text, rows = _("第 {rows} 行没有有效的点坐标。"), nowhere
    elif outside.any():
        text, rows = _("第 {rows} 行的点在市域以外（{where}）。"), outside
    else:
        text, rows = _("第 {rows} 行与前面的点重复。"), twice
    at = np.flatnonzero(rows)
    where = "；".join(f"{lon[k]:.5f},{lat[k]:.5f}" for k in at[:3])
    return ParameterError(
        text,
        hint=_("请改正这些行（是否经纬度写反、坐标系不对？），或选择“去掉有问题的行”。"),
        rows=some([str(k + 1) for k in at]),
        where=where,
    )


def read_candidates(atlas: Atlas, path: Path, *, origin: str = "layer", drop_bad: bool = False) -> Candidates:
    """Points of a local file: GeoJSON, GeoPackage, Shapefile, FlatGeobuf, or a CSV with ``lon``, ``lat`` (``name``).

    Parameters
    ----------
    atlas : Atlas
    path : Path
        A local file.
    origin : str
        Where the candidates come from; written to each.
    drop_bad : bool
        Leave bad rows out instead of refusing the file.

    Returns
    -------
    Candidates

    Raises
    ------
    ParameterError, CrsError, DataError
        As :func:`layer_candidates`, and what :func:`geo.reading.shapes.read_shapes` and :func:`geo.reading.documents.read_text` say of the file.
    """
    if allowed_ending(path, ENDINGS) != ".csv":
        points = read_shapes(path, ENDINGS[:-1], ShapesWanted("Point"))
        found = layer_candidates(atlas, points, origin=origin, drop_bad=drop_bad)
    else:
        lon, lat, names = read_points(read_text(path), path.name)
        found = point_candidates(atlas, lon, lat, origin=origin, names=names, drop_bad=drop_bad)
    return replace(found, inputs=found.inputs | {"file": path.name})
