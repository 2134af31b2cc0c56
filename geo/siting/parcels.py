"""Candidates in parcels that a planner brings: points of each parcel's usable part, with what its columns say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import CrsError, ParameterError
from geo.places.crs import convert
from geo.places.districts import district_of
from geo.questions.siting import SiteQuestion
from geo.register.city import Atlas
from geo.siting.candidates import MOST, Candidates, candidate_frame
from geo.siting.exclusions import Exclusions
from geo.siting.parcel_columns import attributes_of
from geo.siting.points import some
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Floats = NDArray[np.float64]
PARCEL_COLUMNS: Final = ("parcel_row", "parcel", "land_use", "parcel_m2", "cost", "capacity", "mixed")
"""What a candidate of a parcel has beside the columns of every candidate; rows of the file are counted from 1."""


@dataclass(eq=False)
class _Sorted:
    """Parcels as rows, and why some of them are not used."""

    rows: pd.DataFrame
    number: int
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, reason: str, gone: Any) -> None:
        rows = np.asarray(gone, bool)
        if rows.any():
            self.left_out[reason] = int(rows.sum())
            self.rows = self.rows[~rows]


_REASONS: Final = {
    "no_polygon": _("{n} 块地块不是有效的多边形，没有参与。"),
    "land_use_unknown": _("{n} 块地块没有写用地代码，没有参与。"),
    "land_use": _("{n} 块地块的用地代码不在可建之列，没有参与。"),
    "excluded": _("{n} 块地块全在排除范围或湖面里，没有参与。"),
    "taken": _("{n} 块地块已选给别的设施，没有参与。"),
    "small": _("{n} 块地块去掉排除范围后不够大，没有参与。"),
    "no_cost": _("{n} 块地块没有写费用，有预算时没有参与。"),
    "no_capacity": _("{n} 块地块没有写容量，没有参与。"),
    "outside": _("{n} 块地块在市域以外，没有参与。"),
}
"""Why a parcel is not used."""


def parcel_candidates(
    atlas: Atlas,
    polygons: GeoDataFrame,
    question: SiteQuestion,
    exclusions: Exclusions,
    taken: Candidates | None = None,
) -> Candidates:
    """Points in the usable part of each parcel: the crossings of a grid in it, or one point where there is none.

    Parameters
    ----------
    atlas : Atlas
    polygons : GeoDataFrame
        Any CRS, with the columns that the question names.
    question : SiteQuestion
        Which classes may be built on, columns, least area and the spacing of the grid.
    exclusions : Exclusions
        Taken away from the parcels.
    taken : Candidates or None
        Places that are given to other facilities: their parcels are left out.

    Returns
    -------
    Candidates
        ``frame`` has :data:`PARCEL_COLUMNS` too: row and name of the parcel, its class, its usable area in m², the cost and
        capacity of a site there, and whether it takes several kinds. ``inputs`` has ``parcels`` (their number) and ``parcels_left_out`` (their number by reason).

    Raises
    ------
    CrsError
        No CRS.
    ParameterError
        A column that there is not, rows that are no polygons (unless bad ones may be left out), cells that are no
        numbers, no parcel left, more than :data:`geo.siting.candidates.MOST` candidates.
    """
    if polygons.crs is None:
        raise CrsError(_("这份地块没有坐标系。"), hint=_("请先说明坐标系（如 EPSG:4326）。"))
    shapes = np.asarray(polygons.geometry.to_crs(atlas.city.projected_crs).force_2d().array, dtype=object)
    parcels = _Sorted(attributes_of(polygons, question), len(polygons))
    parcels.rows["shape"] = shapes
    _drop_bad_shapes(parcels, question)
    _drop_other_classes(parcels, question)
    cut = _without_exclusions(parcels, exclusions)
    if taken is not None:
        tree = shapely.STRtree(shapely.points(*taken.xy))
        used = np.zeros(len(parcels.rows), bool)
        used[tree.query(parcels.rows["shape"].to_numpy(), predicate="intersects")[0]] = True
        parcels.leave_out("taken", used)
    parcels.leave_out("small", parcels.rows["parcel_m2"] < question.least_area_m2)
    if question.budget is not None:
        parcels.leave_out("no_cost", parcels.rows["cost"].isna())
    if question.capacity_column and question.capacity is None:
        parcels.leave_out("no_capacity", parcels.rows["capacity"].isna())
    frame = _points(atlas, parcels, question.spacing_m)
    inputs = {
        "candidates": "parcels",
        "parcels": parcels.number,
        "parcels_used": int(frame["parcel_row"].nunique()),
        "parcels_cut": cut,
        "land_use": list(question.land_use),
        "spacing_m": question.spacing_m,
        "parcels_left_out": parcels.left_out,
    }
    notes = _notes(parcels, len(frame), cut, question) + exclusions.notes
    return Candidates(frame, atlas.city.projected_crs, inputs, notes=notes)


def _drop_bad_shapes(parcels: _Sorted, question: SiteQuestion) -> None:
    shapes = parcels.rows["shape"].to_numpy()
    bad = ~np.isin(shapely.get_type_id(shapes), (3, 6)) | ~shapely.is_valid(shapes) | shapely.is_empty(shapes)
    if bad.any() and not question.skip_bad:
        raise ParameterError(
            _("地块第 {rows} 行不是有效的多边形（自相交、空或不是面）。"),
            hint=_("请改正这些行，或选择“去掉有问题的行”。"),
            rows=some([str(k + 1) for k in np.flatnonzero(bad)]),
        )
    parcels.leave_out("no_polygon", bad)


def _drop_other_classes(parcels: _Sorted, question: SiteQuestion) -> None:
    if not question.land_use:
        return
    parcels.leave_out("land_use_unknown", parcels.rows["land_use"].eq(""))
    codes = parcels.rows["land_use"].str.upper()
    allowed = codes.str.startswith(tuple(code.upper() for code in question.land_use))
    parcels.leave_out("land_use", ~allowed.to_numpy("bool"))


def _without_exclusions(parcels: _Sorted, exclusions: Exclusions) -> int:
    """Keep what is left of each parcel, with its area; how many of those that stay have lost a part."""
    shapes = parcels.rows["shape"].to_numpy()
    rest = exclusions.rest_of(shapes)
    parcels.rows = parcels.rows.assign(shape=rest, parcel_m2=shapely.area(rest).astype("float64"))
    lost = parcels.rows["parcel_m2"] < shapely.area(shapes) * (1 - 1e-9)
    gone = parcels.rows["parcel_m2"] <= 0
    parcels.leave_out("excluded", gone)
    return int((lost & ~gone).sum())


def _points(atlas: Atlas, parcels: _Sorted, spacing: float) -> pd.DataFrame:
    """The candidates' frame: points of each parcel, in the order of the parcels."""
    _check_number(parcels, spacing)
    shapes = parcels.rows["shape"].to_numpy()
    inside = [_points_in(shape, spacing) for shape in shapes]
    number = np.array([len(points) for points in inside], "int64")
    if not number.sum():
        raise _none_left(parcels)
    at = np.concatenate([points for points in inside if len(points)])
    crs = atlas.city.projected_crs
    lon, lat = convert(at[:, 0], at[:, 1], source=crs, target="WGS84")
    row = np.repeat(parcels.rows.index.to_numpy(), number)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    ids = [f"parcel-{k + 1}-{n + 1}" for k, n in zip(row, nth, strict=True)]
    frame = candidate_frame(ids, lon, lat, district_of(lon, lat, atlas.districts), "parcels")
    those = parcels.rows.loc[row]
    for name in PARCEL_COLUMNS:
        frame[name] = those[name].to_numpy()
    frame["name_zh"] = frame["name_en"] = frame["parcel"]
    outside = frame["district_code"].eq("").to_numpy()
    beyond = len(set(row[outside]) - set(row[~outside]))
    if beyond:
        parcels.left_out["outside"] = beyond
    if outside.all():
        raise _none_left(parcels)
    return frame[~outside]


def _points_in(shape: Any, spacing: float) -> Floats:
    """Crossings of a grid of ``spacing`` metres strictly inside a polygon; a point of its surface where there is none."""
    west, south, east, north = shapely.bounds(shape)
    x = np.arange(np.ceil(west / spacing), np.floor(east / spacing) + 1) * spacing
    y = np.arange(np.ceil(south / spacing), np.floor(north / spacing) + 1) * spacing
    across, up = (values.ravel() for values in np.meshgrid(x, y))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, across, up)
    if inside.any():
        return np.column_stack([across[inside], up[inside]])
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape)), "float64")


def _check_number(parcels: _Sorted, spacing: float) -> None:
    expected = float(parcels.rows["parcel_m2"].sum()) / spacing**2 + len(parcels.rows)
    if expected > MOST:
        raise ParameterError(
            _("地块里会有约 {n} 个候选，超过上限 {most}。"),
            hint=_("请加大网格间距（spacing），或少给一些地块、用地代码。"),
            n=f"{expected:,.0f}",
            most=f"{MOST:,}",
        )


def _none_left(parcels: _Sorted) -> ParameterError:
    counts = dict.fromkeys(_REASONS, 0) | parcels.left_out
    return ParameterError(
        _(
            "{all} 块地块没有一块能用：不是多边形 {no_polygon}，没写用地代码 {land_use_unknown}，用地不符 {land_use}，"
            "全被排除 {excluded}，已占 {taken}，不够大 {small}，没写费用 {no_cost}，没写容量 {no_capacity}，市域以外 {outside}。"
        ),
        hint=_("请核对可建的用地、列名、排除范围与坐标系。"),
        all=parcels.number,
        **counts,
    )


def _notes(
    parcels: _Sorted, candidates: int, cut: int, question: SiteQuestion
) -> list[tuple[str, dict[str, Any]]]:
    text = _(
        "候选是 {used} 块地块里的 {n} 个点（共给了 {all} 块；间距 {spacing} 米的网格点，地块里没有网格点时取面内一点）。"
    )
    used = parcels.number - sum(parcels.left_out.values())
    values = {"used": used, "n": candidates, "all": parcels.number, "spacing": f"{question.spacing_m:g}"}
    notes: list[tuple[str, dict[str, Any]]] = [(text, values)]
    notes += [(_REASONS[reason], {"n": number}) for reason, number in parcels.left_out.items()]
    if cut:
        notes.append((_("{n} 块地块有一部分在排除范围或湖面里，只用剩下的部分。"), {"n": cut}))
    if question.land_use:
        notes.append((_("用地代码照地块文件，能否建设以批准的规划为准。"), {}))
    else:
        notes.append((_("没有限定用地代码：地块能否用来建这类设施须另行核实。"), {}))
    return notes
