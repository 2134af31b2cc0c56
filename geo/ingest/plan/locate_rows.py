"""Rows with a place: coordinates of a named system as WGS84, shapes, else words; and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import iterate_rows
from geo.ingest.plan.place_lookup import GIVEN_M, PlaceMatch, Places, given_accuracy
from geo.ingest.plan.registered_facilities import is_registered
from geo.ingest.plan.shapes import area_places, is_area, is_line, is_point
from geo.ingest.plan.stray_vertices import stray_vertices
from geo.ingest.plan.swapped import east_first, put_right
from geo.ingest.plan.system_of_list import SystemChoice
from geo.places.districts import district_of
from geo.places.named_systems import lonlat, shapes_lonlat, usual_systems
from geo.places.projections import datum_shift
from geo.text import mark as _
from geo.vocabulary import BASES_WITH_A_PLACE, LOCAL

if TYPE_CHECKING:
    from geo.ingest.plan.options import Options
    from geo.register.city import Atlas

PLACE_COLUMNS: Final = (
    "lon",
    "lat",
    "location_basis",
    "crs_original",
    "x_original",
    "y_original",
    "place_source_id",
    "how",
    "shape",
    "outline_m",
    "district_found",
    "unread",
)


def locate_rows(
    rows: pd.DataFrame,
    shapes: pd.Series[Any],
    *,
    drawn: pd.Series[Any],
    system: SystemChoice,
    options: Options,
    atlas: Atlas,
    places: Places,
) -> tuple[pd.DataFrame, list[Finding]]:
    """``rows`` with the columns :data:`PLACE_COLUMNS` and ``accuracy_m`` filled.

    Parameters
    ----------
    rows : DataFrame
        Typed rows of the list, by row of the file; ``waiting`` where coordinates are there and not understood yet.
    shapes : Series
        Geometry of each row, None for none.
    drawn : Series
        The geometries as the file has them, before any repair: a vertex is named by its number in them.
    system : SystemChoice
        System of the coordinates; on the person's word it holds for every row, else a row's own goes first.
    options : Options
        With the basis of coordinates that the file gives, and answers that hold for the whole file.
    atlas : Atlas
    places : Places
        Finds places by text.

    Returns
    -------
    DataFrame, list of Finding
        A question for the whole file where coordinates have no system, and how each row without them was placed.
    """
    out = rows.assign(shape=shapes)
    use = is_point(shapes) & out["x"].isna() & out["y"].isna()
    out.loc[use, "x"] = shapely.get_x(shapes[use].to_numpy(object))
    out.loc[use, "y"] = shapely.get_y(shapes[use].to_numpy(object))
    out, mended = put_right(out, options.rules)
    systems, findings = _systems(out, system, atlas.city.projected_crs)
    out, turned = east_first(out, systems, atlas.districts.total_bounds)
    for name in ("location_basis", "crs_original", "x_original", "y_original", "place_source_id"):
        given = out.get(name, None)
        out[name] = pd.Series(given if name == "location_basis" else None, index=out.index, dtype=object)
    out["unread"] = systems == ""
    out["unread"] &= (out["x"].notna() & out["y"].notna()) | out["shape"].notna()
    out["lon"], out["lat"], out["outline_m"], out["how"] = np.nan, np.nan, np.nan, "none"
    _from_numbers(out, systems, options.basis)
    stray, found = _strays(drawn, systems, atlas)
    out.loc[stray, "shape"] = None
    _from_shapes(out, systems, atlas.city.projected_crs)
    findings += [*mended, *turned, *found]
    findings += _old_datums(out, systems)
    findings += _from_texts(out, places, registered=is_registered(out["work_id"], atlas))
    out["district_found"] = _districts(out, atlas)
    return out, findings


def _systems(
    rows: pd.DataFrame, system: SystemChoice, projected: str
) -> tuple[pd.Series[Any], list[Finding]]:
    """The system of each row's coordinates; empty where nothing says it, which is asked once."""
    has = (rows["x"].notna() & rows["y"].notna()) | rows["shape"].notna() | rows["waiting"]
    systems = pd.Series(system.system, index=rows.index, dtype=object)
    if system.how != "given":
        systems = rows["crs"].where(rows["crs"].notna(), system.system).astype(object)
    lost = has & (systems == "")
    if not lost.any():
        return systems, []
    if system.declared:
        message = _(
            "{n} 行有坐标，文件自称是 {declared}，可是按它读大多不在本市；能把它们放在本市的有：{candidates}。"
        )
    elif system.candidates:
        message = _("{n} 行有坐标，却没有说是哪种坐标系；能把它们放在本市的有 {candidates}。")
    else:
        message = _("{n} 行有坐标，却没有说是哪种坐标系。")
    names = dict.fromkeys((*system.candidates, *usual_systems(projected), system.declared))
    question = Finding(
        None,
        "crs",
        "question",
        message,
        _("请选一种：高德、腾讯是 GCJ02，百度是 BD09，国家 2000 是 CGCS2000 或 {projected}。"),
        {
            "n": int(lost.sum()),
            "projected": projected,
            "declared": system.declared,
            "candidates": "、".join(system.candidates[:6]) or "—",
        },
        rule="crs",
        choices=tuple((name, name) for name in names if name),
    )
    return systems, [question]


def _from_numbers(out: pd.DataFrame, systems: pd.Series[Any], basis: str) -> None:
    both = out["x"].notna() & out["y"].notna()
    for system, group in out[both & (systems != "")].groupby(systems[both]):
        lon, lat = lonlat(group["x"], group["y"], str(system))
        at = group.index
        out.loc[at, "lon"], out.loc[at, "lat"] = np.round(lon, 6), np.round(lat, 6)
        out.loc[at, "crs_original"] = system
        for axis in ("x", "y"):
            out.loc[at, f"{axis}_original"] = [repr(float(value)) for value in group[axis]]
        accuracy = given_accuracy(group["x"].to_numpy("float64"), group["y"].to_numpy("float64"))
        out.loc[at, "accuracy_m"] = group["accuracy_m"].where(group["accuracy_m"].notna(), accuracy)
        out.loc[at, "location_basis"] = [
            word if word in BASES_WITH_A_PLACE else basis for word in group["location_basis"].to_numpy(object)
        ]
        out.loc[at, "how"] = "given"


def _strays(drawn: pd.Series[Any], systems: pd.Series[Any], atlas: Atlas) -> tuple[list[Any], list[Finding]]:
    """Rows whose shape has a vertex that is no part of it, and what to say of them."""
    rows: list[Any] = []
    findings: list[Finding] = []
    for system in dict.fromkeys(systems[drawn.notna() & (systems != "")]):
        given = drawn[drawn.notna() & (systems == system)]
        moved = pd.Series(shapes_lonlat(given.to_numpy(object), str(system)), given.index, dtype=object)
        stray, found = stray_vertices(given, moved, atlas.districts.total_bounds)
        rows += list(stray)
        findings += found
    return rows, findings


def _from_shapes(out: pd.DataFrame, systems: pd.Series[Any], projected: str) -> None:
    """Shapes in degrees, with a point inside each area."""
    has = out["shape"].notna()
    for system in dict.fromkeys(systems[has & (systems != "")]):
        at = out.index[has & (systems == system)]
        moved = shapes_lonlat(out.loc[at, "shape"].to_numpy(object), str(system))
        out["shape"] = pd.Series(
            out["shape"].to_dict() | dict(zip(at, moved, strict=True)), out.index, dtype=object
        )
    out.loc[has & (systems == ""), "shape"] = None
    areas = out.index[is_area(out["shape"]) & out["lon"].isna()]
    if len(areas):
        seen = area_places(out.loc[areas, "shape"], projected)
        out.loc[areas, "lon"], out.loc[areas, "lat"] = seen["lon"].round(6), seen["lat"].round(6)
        own = out.loc[areas, "accuracy_m"].fillna(GIVEN_M)
        out.loc[areas, "outline_m"] = own
        out.loc[areas, "accuracy_m"] = (own + seen["extent_m"]).round(-1)
    drawn = out.index[(is_area(out["shape"]) | is_line(out["shape"])) & (out["how"] == "none")]
    out.loc[drawn, "location_basis"] = "published"
    out.loc[drawn, "how"] = "given"


def _old_datums(out: pd.DataFrame, systems: pd.Series[Any]) -> list[Finding]:
    """Places on a datum that no published parameters lead to WGS84: their error is what the datums may differ by."""
    findings = []
    for system in dict.fromkeys(systems[(out["how"] == "given") & (systems != "")]):
        datum, metres = datum_shift(str(system))
        if not metres:
            continue
        at = out.index[(out["how"] == "given") & (systems == system)]
        out.loc[at, "accuracy_m"] = out.loc[at, "accuracy_m"].fillna(GIVEN_M) + metres
        out.loc[at, "outline_m"] += metres
        fields = {"n": len(at), "datum": datum, "system": system, "metres": metres}
        if str(system).startswith(LOCAL):
            message = _("{n} 行按地方坐标系 {datum} 换算，位置误差另加它的 {metres:g} 米。")
            findings.append(Finding(None, "crs", "warning", message, "", fields))
            continue
        message = _(
            "{n} 行的坐标基于 {datum}（{system}），换算到 WGS84 没有公开的参数：位置误差另加 {metres:g} 米。"
        )
        remedy = _(
            "要更准，请把测绘部门的四参数、七参数或控制点存为地方坐标系（python -m geo systems），再按它读入。"
        )
        findings.append(Finding(None, "crs", "warning", message, remedy, fields))
    return findings


def _from_texts(out: pd.DataFrame, places: Places, registered: pd.Series[bool]) -> list[Finding]:
    """Rows without coordinates by their words; a known work that stays without an address stays as it is known."""
    waiting = (
        out["x"].notna() | out["y"].notna()
    )  # coordinates that were not understood are no reason to guess
    registered &= out["address"].isna()
    lost = (out["how"] == "none") & ~waiting & ~out["blank"] & ~registered
    found: dict[int, PlaceMatch] = {}
    columns = ("street", "address", "name_zh", "district_code")
    for row, cells in iterate_rows(out[lost], *columns):
        street, address, name, district = (str(one or "") for one in cells)
        place = places.find(street=street, address=address, name=name, district=district)
        if place is not None:
            found[row] = place
    out.loc[lost, "accuracy_m"] = np.nan
    if not found:
        return []
    at = out.index.get_indexer(pd.Index(list(found)))
    for column in ("lon", "lat", "accuracy_m", *_OF_A_MATCH):
        values = [getattr(place, _OF_A_MATCH.get(column, column)) for place in found.values()]
        column_cells = out[column].to_numpy(copy=True)
        column_cells[at] = values
        out[column] = pd.Series(column_cells, out.index, dtype=out[column].dtype)
    return [_placed(row, place) for row, place in found.items()]


_OF_A_MATCH: Final = {
    "location_basis": "basis",
    "crs_original": "crs_original",
    "x_original": "x_original",
    "y_original": "y_original",
    "place_source_id": "source_id",
    "how": "how",
}
"""Column of the rows -> what a match has of it."""
_BY_WORDS: Final = {
    "street": _("没有坐标，按街道或镇放置，误差 {metres} 米。"),
    "geocoder": _("没有坐标，按地理编码放置，误差 {metres} 米。"),
    "named": _("没有坐标，按登记里的“{name}”放置，误差 {metres} 米。"),
}


def _placed(row: Any, place: PlaceMatch) -> Finding:
    values = {"metres": f"{place.accuracy_m:.0f}", "name": place.name[:60]}
    return Finding(int(row), "lon", "warning", _BY_WORDS[place.how], "", values)


def _districts(out: pd.DataFrame, atlas: Atlas) -> pd.Series[Any]:
    """The district a place lies in; a line's are all that it passes, joined by ``|``."""
    lon, lat = out["lon"].to_numpy("float64"), out["lat"].to_numpy("float64")
    with np.errstate(invalid="ignore"):
        good = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
        swapped = (lat > 54) | (lon < 54)
    codes = np.full(len(out), "", dtype=object)
    usable = np.flatnonzero(good & ~swapped)
    codes[usable] = district_of(lon[usable], lat[usable], atlas.districts)
    districts = pd.Series(codes, index=out.index, dtype=object)
    for row in out.index[is_line(out["shape"])]:
        touched = [
            str(code)
            for code, area in atlas.districts.geometry.items()
            if area.intersects(out.at[row, "shape"])
        ]
        districts[row] = "|".join(touched)
    return districts
