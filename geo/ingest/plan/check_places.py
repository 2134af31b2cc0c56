"""What is wrong with places: numbers that are none, stray vertices, places outside the city or the district they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import cell, iterate_rows
from geo.ingest.plan.row_findings import ROW_CHOICES, row_finding
from geo.ingest.plan.shapes import is_line
from geo.ingest.plan.swapped import CHINA, is_swapped
from geo.ingest.plan.swapped import CHOICES as SWAP_CHOICES
from geo.ingest.plan.swapped import RULE as SWAP_RULE
from geo.places.crs import STORAGE_CRS
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.register.city import Atlas

BORDER_M: Final = 500.0
"""Outlines are illustrative: a place this near to the district it names is a remark, farther off a question."""


def check_places(rows: pd.DataFrame, atlas: Atlas, unread: Collection[int] = ()) -> Iterator[Finding]:
    """Every fault of places.

    Parameters
    ----------
    rows : DataFrame
        Rows that hold something, as :func:`geo.ingest.plan.check.check_rows` takes them.
    atlas : Atlas
    unread : collection of int
        Rows whose coordinates were not understood, which has been reported already.

    Returns
    -------
    iterator of Finding
    """
    yield from _coordinates(rows, unread)
    yield from _districts(rows, atlas)
    yield from _lines(rows, atlas)
    yield from _addresses(rows, atlas)


def _coordinates(rows: pd.DataFrame, unread: Collection[int]) -> Iterator[Finding]:
    half = (rows["x"].isna() != rows["y"].isna()) & ~rows.index.isin(list(unread))
    for row in rows.index[half]:
        name = "lon" if np.isnan(cell(rows, row, "x")) else "lat"
        yield row_finding(row, name, "error", _("两个坐标只有一个。"), _("请补上，或两个都留空。"))
    given = rows[rows["how"] == "given"]
    lon, lat = given["lon"], given["lat"]
    west, south, east, north = CHINA
    zero = (given["x"] == 0) & (given["y"] == 0)
    beyond = (
        ~(lon.between(west, east) & lat.between(south, north)) & ~zero & lon.notna()
    )  # a line has no point
    for row in given.index[zero]:
        yield row_finding(row, "lon", "error", _("坐标是 (0, 0)，不是位置。"), _("请改正，或留空。"), "0, 0")
    for row in given.index[beyond]:
        swapped = bool(is_swapped(cell(rows, row, "x"), cell(rows, row, "y")))
        text = f"{float(cell(rows, row, 'x')):g}, {float(cell(rows, row, 'y')):g}"
        yield row_finding(
            row,
            "lon",
            "error",
            _("坐标（{value}）不在中国范围内。"),
            _("请核对坐标和坐标系。"),
            text,
            repair=_("经度和纬度像是写反了，对调后在范围内。") if swapped else "",
            rule=SWAP_RULE if swapped else "",
            choices=SWAP_CHOICES if swapped else (),
        )


def _districts(rows: pd.DataFrame, atlas: Atlas) -> Iterator[Finding]:
    """Places outside the city, outside the district they name, and in a lake."""
    west, south, east, north = CHINA
    placed = rows[
        (rows["how"] == "given") & rows["lon"].between(west, east) & rows["lat"].between(south, north)
    ]
    if placed.empty:
        return
    projected = atlas.city.projected_crs
    outlines = atlas.districts.geometry.to_crs(projected)
    city = outlines.union_all()
    doubtful = placed[_is_doubtful(placed, atlas)]
    points = gpd.GeoSeries(gpd.points_from_xy(doubtful["lon"], doubtful["lat"]), doubtful.index, STORAGE_CRS)
    metric = points.to_crs(projected)
    columns = ("district_code", "district_found", "lon", "lat")
    for row, (said, found, lon, lat) in iterate_rows(doubtful, *columns):
        text = f"{lon:.6f}, {lat:.6f}"
        if not found:
            off = metric[row].distance(city)
            if off > cell(doubtful, row, "accuracy_m"):
                yield _outside(row, off, text, atlas)
        elif said and found not in said.split("|"):
            off = min(metric[row].distance(outlines[code]) for code in said.split("|"))
            yield _elsewhere(row, said, found, off, atlas)
        else:
            yield row_finding(
                row,
                "lon",
                "warning",
                _("位置落在湖里。"),
                _("请核对坐标；岸线是示意的。"),
                text,
            )


def _is_doubtful(placed: pd.DataFrame, atlas: Atlas) -> NDArray[np.bool_]:
    """Whether a place lies outside all districts, outside those that its row names, or not on land of its district."""
    lon, lat = placed["lon"].to_numpy("float64"), placed["lat"].to_numpy("float64")
    found, stated = placed["district_found"].to_numpy(object), placed["district_code"].to_numpy(object)
    doubtful = np.array(
        [not there or bool(said and there not in said.split("|")) for said, there in zip(stated, found, strict=True)],
        bool,
    )  # fmt: skip
    for code, land in atlas.districts["land"].items():
        inside = np.flatnonzero(found == code)
        shapely.prepare(land)
        doubtful[inside[~shapely.intersects_xy(land, lon[inside], lat[inside])]] = True
    return doubtful


def _outside(row: Any, off: float, text: str, atlas: Atlas) -> Finding:
    return row_finding(
        row,
        "lon",
        "question",
        _("位置在{city}以外 {km} 公里。"),
        _("请核对坐标和坐标系；确属本市项目可以保留。"),
        text,
        params={"city": atlas.city.name_zh, "km": f"{off / 1000:.1f}"},
        choices=ROW_CHOICES,
        group="outside",
    )


def _elsewhere(row: Any, stated: str, actual: str, off: float, atlas: Atlas) -> Finding:
    names = atlas.districts["name_zh"]
    near = off <= BORDER_M
    return row_finding(
        row,
        "district_code",
        "warning" if near else "question",
        _("写的是{value}，位置却在{found}，离{value} {metres} 米。"),
        _("界线是示意的，按写的区县记。") if near else _("请核对区县或坐标；保留时按写的区县记。"),
        "、".join(str(names.get(code, code)) for code in stated.split("|")),
        params={"found": "、".join(str(names[code]) for code in actual.split("|")), "metres": f"{off:.0f}"},
        choices=() if near else ROW_CHOICES,
        group="" if near else "elsewhere",
    )


def _lines(rows: pd.DataFrame, atlas: Atlas) -> Iterator[Finding]:
    """Lines outside the city, and lines that pass none of the districts they name."""
    drawn = rows[(rows["how"] == "given") & rows["lon"].isna() & is_line(rows["shape"])]
    if drawn.empty:
        return
    projected = atlas.city.projected_crs
    metric = gpd.GeoSeries(drawn["shape"], crs=STORAGE_CRS).to_crs(projected)
    outlines = atlas.districts.geometry.to_crs(projected)
    city = outlines.union_all()
    for row, (stated, passed) in iterate_rows(drawn, "district_code", "district_found"):
        where = cell(drawn, row, "shape").interpolate(0.5, normalized=True)
        text = f"{where.x:.6f}, {where.y:.6f}"
        if not passed:
            yield _outside(row, metric[row].distance(city), text, atlas)
        elif stated and not set(stated.split("|")) & set(passed.split("|")):
            off = min(metric[row].distance(outlines[code]) for code in stated.split("|"))
            yield _elsewhere(row, stated, passed, off, atlas)


def _addresses(rows: pd.DataFrame, atlas: Atlas) -> Iterator[Finding]:
    """Addresses that name another district than the one written, or than the one the place lies in."""
    names = {str(code): str(name) for code, name in atlas.districts["name_zh"].items()}
    for row, (address, stated, passed) in iterate_rows(rows, "address", "district_code", "district_found"):
        named = _named_in(address, names)
        there = {*(stated or "").split("|"), *("" if stated else passed or "").split("|")} - {""}
        if len(named) != 1 or not there or named <= there:
            continue
        yield row_finding(
            row,
            "address",
            "warning",
            _("地址写的是{value}，与区县或位置（{there}）不符。"),
            _("请核对地址、区县和坐标。"),
            "、".join(names[code] for code in named),
            params={"there": "、".join(names.get(code, code) for code in sorted(there))},
        )


def _named_in(address: str | None, names: dict[str, str]) -> set[str]:
    """Codes of the districts that an address names in full."""
    return {code for code, name in names.items() if address and name in address}
