"""What is wrong with rows before anything is written: by row and field, with the remedy. Cells are read elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import cell, iterate_rows
from geo.places.crs import STORAGE_CRS
from geo.register.ids import name_key
from geo.text import mark as _
from geo.vocabulary import COMPLETED, UNKNOWN

if TYPE_CHECKING:
    from geo.register.city import Atlas

BORDER_M: Final = 500.0
"""Outlines are illustrative: a place this near to the district it names is a remark, farther off a question."""
SAME_PLACE_M: Final = 10.0
IMPORT_ROW: Final = "keep"
SKIP_ROW: Final = "skip"
_ROW_CHOICES: Final = ((IMPORT_ROW, IMPORT_ROW), (SKIP_ROW, SKIP_ROW))
_CHINA: Final = (73.0, 3.0, 136.0, 54.0)
_FAR: Final = ("lon", "lat")


def check_rows(rows: pd.DataFrame, atlas: Atlas, today: date, unread: Collection[int] = ()) -> list[Finding]:
    """Every fault of typed rows that have WGS84 places: required fields, dates, quantities, districts, duplicates.

    Parameters
    ----------
    rows : DataFrame
        Of :func:`geo.ingest.cells.rows.read_rows`, with ``lon, lat`` (WGS84), ``accuracy_m``, ``how`` (``given``, ``street``,
        ``geocoder``, ``none``) and ``district_found`` (the district a place lies in, empty outside all).
    atlas : Atlas
    today : date
        The day on which the list is brought.
    unread : collection of int
        Rows whose coordinates were not understood, which has been reported already.

    Returns
    -------
    list of Finding
    """
    live = rows[~rows["blank"]]
    return [
        *_names(live),
        *_quantities(live, atlas),
        *_dates(live, today),
        *_coordinates(live, unread),
        *_districts(live, atlas),
        *_items(live, atlas),
        *_twice(  # two known works are two
            live[~live["work_id"].isin(atlas.pack.works.index)], atlas.city.projected_crs
        ),
    ]


def _finding(
    row: Any, name: str, level: str, message: str, hint: str, value: object = "", **more: Any
) -> Finding:
    params = {"value": str(value)[:80]} | more.pop("params", {})
    return Finding(int(row), name, level, message, hint, params, value=str(value)[:200], **more)


def _names(rows: pd.DataFrame) -> Iterator[Finding]:
    for row in rows.index[rows["name_zh"].isna() & rows["work_id"].isna()]:
        yield _finding(row, "name_zh", "error", _("没有名称。"), _("请填写名称，或填登记里的项目编号。"))


def _quantities(rows: pd.DataFrame, atlas: Atlas) -> Iterator[Finding]:
    negative = rows[rows["quantity"] < 0]
    for row, value in negative["quantity"].items():
        yield _finding(
            row, "quantity", "error", _("数量 {value} 小于零。"), _("请改正，或留空表示不详。"), f"{value:g}"
        )
    for row, value in rows["accuracy_m"][rows["accuracy_m"] < 0].items():
        yield _finding(
            row, "accuracy_m", "error", _("位置误差 {value} 小于零。"), _("请以米填写。"), f"{value:g}"
        )
    items = atlas.pack.plan_items
    wanted = rows["item_id"].map(items["unit"].where(items["measure"] == "quantity").dropna())
    units = wanted.to_dict()
    odd = rows[wanted.notna() & rows["quantity"].notna() & rows["unit"].notna() & (rows["unit"] != wanted)]
    for row, unit in odd["unit"].items():
        yield _finding(
            row,
            "unit",
            "question",
            _("数量的单位是 {value}，条目 {item} 以 {wanted} 计，这个数不会计入。"),
            _("请改选数量列，或确认保留。"),
            unit,
            params={"item": cell(rows, row, "item_id"), "wanted": str(units[row])},
            choices=_ROW_CHOICES,
        )


def _dates(rows: pd.DataFrame, today: date) -> Iterator[Finding]:
    for first, last in (("start_date", "end_date"), ("planned_start", "planned_end")):
        both = rows[rows[first].notna() & rows[last].notna()]
        for row in both.index[both[first].astype(object) > both[last].astype(object)]:
            yield _finding(
                row,
                last,
                "error",
                _("竣工（{value}）早于开工（{start}）。"),
                _("请核对两个日期。"),
                cell(both, row, last).isoformat(),
                params={"start": cell(both, row, first).isoformat()},
            )
    for row, (status, end, planned, when) in iterate_rows(
        rows, "status", "end_date", "end_date_planned", "status_date"
    ):
        if status == COMPLETED and end is not None and end > today and not planned:
            yield _finding(
                row,
                "end_date",
                "error",
                _("状态是建成，竣工日期 {value} 却还没有到。"),
                _("请核对状态与日期。"),
                end.isoformat(),
            )
        elif status not in {None, COMPLETED, UNKNOWN} and end is not None and end <= today and not planned:
            yield _finding(
                row,
                "status",
                "question",
                _("竣工日期 {value} 已过，状态却不是建成。"),
                _("保留时按状态记，竣工日期作为计划日期。"),
                end.isoformat(),
                choices=_ROW_CHOICES,
            )
        if when is not None and when > today:
            yield _finding(
                row,
                "status_date",
                "error",
                _("状态日期 {value} 还没有到。"),
                _("请核对日期。"),
                when.isoformat(),
            )


def _coordinates(rows: pd.DataFrame, unread: Collection[int]) -> Iterator[Finding]:
    half = (rows["x"].isna() != rows["y"].isna()) & ~rows.index.isin(list(unread))
    for row in rows.index[half]:
        name = "lon" if np.isnan(cell(rows, row, "x")) else "lat"
        yield _finding(row, name, "error", _("两个坐标只有一个。"), _("请补上，或两个都留空。"))
    given = rows[rows["how"] == "given"]
    lon, lat = given["lon"], given["lat"]
    west, south, east, north = _CHINA
    zero = (given["x"] == 0) & (given["y"] == 0)
    beyond = (
        ~(lon.between(west, east) & lat.between(south, north)) & ~zero & lon.notna()
    )  # a line has no point
    for row in given.index[zero]:
        yield _finding(row, "lon", "error", _("坐标是 (0, 0)，不是位置。"), _("请改正，或留空。"), "0, 0")
    for row in given.index[beyond]:
        swapped = west <= cell(rows, row, "y") <= east and south <= cell(rows, row, "x") <= north
        text = f"{float(cell(rows, row, 'x')):g}, {float(cell(rows, row, 'y')):g}"
        yield _finding(
            row,
            "lon",
            "error",
            _("坐标（{value}）不在中国范围内。"),
            _("请核对坐标和坐标系。"),
            text,
            repair=_("经度和纬度像是写反了，对调后在范围内。") if swapped else "",
        )


def _districts(rows: pd.DataFrame, atlas: Atlas) -> Iterator[Finding]:
    """Places outside the city, outside the district they name, and in a lake."""
    west, south, east, north = _CHINA
    placed = rows[
        (rows["how"] == "given") & rows["lon"].between(west, east) & rows["lat"].between(south, north)
    ]
    if placed.empty:
        return
    points = gpd.GeoSeries(gpd.points_from_xy(placed["lon"], placed["lat"]), placed.index, STORAGE_CRS)
    projected = atlas.city.projected_crs
    metric, outlines = points.to_crs(projected), atlas.districts.geometry.to_crs(projected)
    land = atlas.districts["land"]
    city = outlines.union_all()
    for row, (said, found) in iterate_rows(placed, "district_code", "district_found"):
        if not found:
            off = metric[row].distance(city)
            if off > cell(placed, row, "accuracy_m"):
                yield _outside(row, off, placed, atlas)
        elif said and found not in said.split("|"):
            off = min(metric[row].distance(outlines[code]) for code in said.split("|"))
            yield _elsewhere(row, said, found, off, atlas)
        elif not land[found].covers(points[row]):
            yield _finding(
                row,
                "lon",
                "warning",
                _("位置落在湖里。"),
                _("请核对坐标；岸线是示意的。"),
                _text(placed, row),
            )


def _text(rows: pd.DataFrame, row: Any) -> str:
    return f"{float(cell(rows, row, 'lon')):.6f}, {float(cell(rows, row, 'lat')):.6f}"


def _outside(row: Any, off: float, rows: pd.DataFrame, atlas: Atlas) -> Finding:
    return _finding(
        row,
        "lon",
        "question",
        _("位置在{city}以外 {km} 公里。"),
        _("请核对坐标和坐标系；确属本市项目可以保留。"),
        _text(rows, row),
        params={"city": atlas.city.name_zh, "km": f"{off / 1000:.1f}"},
        choices=_ROW_CHOICES,
    )


def _elsewhere(row: Any, stated: str, actual: str, off: float, atlas: Atlas) -> Finding:
    names = atlas.districts["name_zh"]
    near = off <= BORDER_M
    return _finding(
        row,
        "district_code",
        "warning" if near else "question",
        _("写的是{value}，位置却在{found}，离{value} {metres} 米。"),
        _("界线是示意的，按写的区县记。") if near else _("请核对区县或坐标；保留时按写的区县记。"),
        "、".join(str(names.get(code, code)) for code in stated.split("|")),
        params={"found": str(names[actual]), "metres": f"{off:.0f}"},
        choices=() if near else _ROW_CHOICES,
    )


def _items(rows: pd.DataFrame, atlas: Atlas) -> Iterator[Finding]:
    new = rows[rows["work_id"].isna()]
    unknown = new[new["item_id"].notna() & ~new["item_id"].isin(atlas.pack.plan_items.index)]
    for row, value in unknown["item_id"].items():
        yield _finding(
            row,
            "item_id",
            "error",
            _("没有编号为 {value} 的计划条目。"),
            _("请用计划条目的编号，如 U01。"),
            value,
        )
    kinds = set(atlas.vocabulary("kinds").index)
    for row, value in rows["facility_kind"][
        rows["facility_kind"].notna() & ~rows["facility_kind"].isin(kinds)
    ].items():
        yield _finding(
            row,
            "facility_kind",
            "error",
            _("没有设施类型 {value}。"),
            _("可用：{known}。"),
            value,
            params={"known": "、".join(sorted(kinds))},
        )


def _twice(rows: pd.DataFrame, projected: str) -> Iterator[Finding]:
    """The same work twice in the file, the same place under two names, the same name in two districts."""
    named = rows[rows["name_zh"].notna()]
    key = named["name_zh"].map(lambda name: name_key(name, whole=True))
    district = named["district_code"].fillna("")
    item = named["item_id"].fillna("") + named["facility_kind"].fillna("")
    same = pd.DataFrame({"key": key, "district": district, "item": item})
    first = same.reset_index(names="row").groupby(["key", "district", "item"])["row"].transform("first")
    for row, other in zip(same.index, first, strict=True):
        if row != other:
            yield _finding(
                row,
                "name_zh",
                "question",
                _("与第 {other} 行同名同区。"),
                _("是同一处请跳过，不是请保留。"),
                cell(named, row, "name_zh"),
                params={"other": int(other)},
                choices=_ROW_CHOICES,
            )
    spread = same[same["district"] != ""].groupby("key")["district"].nunique()
    for row in same.index[same["key"].isin(spread.index[spread > 1])]:
        yield _finding(
            row,
            "name_zh",
            "warning",
            _("文件里另一个区也有“{value}”。"),
            _("按两处记；若是一处请改区县。"),
            cell(named, row, "name_zh"),
        )
    yield from _one_place(rows[rows["how"] == "given"], projected)


def _one_place(placed: pd.DataFrame, projected: str) -> Iterator[Finding]:
    from scipy.spatial import cKDTree

    placed = placed[np.isfinite(placed["lon"]) & np.isfinite(placed["lat"]) & placed["lat"].between(-85, 85)]
    if len(placed) < 2:
        return
    xy = gpd.GeoSeries(gpd.points_from_xy(placed["lon"], placed["lat"]), crs=STORAGE_CRS).to_crs(projected)
    finite = np.column_stack([np.nan_to_num(xy.x, posinf=1e12), np.nan_to_num(xy.y, posinf=1e12)])
    tree, names = cKDTree(finite), placed["name_zh"].fillna("").to_numpy(object)
    first = {}  # nearest earlier row alone: a thousand rows at one point give a thousand remarks, not a million
    distances, others = tree.query(finite, k=2)
    for at, (distance, other) in enumerate(zip(distances[:, 1], others[:, 1], strict=True)):
        if distance <= SAME_PLACE_M and other < at and names[at] != names[other]:
            first[at] = (int(other), float(distance))
    for at, (other, distance) in first.items():
        yield _finding(
            placed.index[at],
            "lon",
            "warning",
            _("与第 {other} 行“{name}”相距 {metres} 米。"),
            _("请核对是不是同一处。"),
            names[at],
            params={
                "other": int(placed.index[other]),
                "name": names[other][:60],
                "metres": f"{distance:.0f}",
            },
        )
