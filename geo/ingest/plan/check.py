"""What is wrong with rows before anything is written: by row and field, with the remedy. Cells are read elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import cell, iterate_rows
from geo.ingest.plan.check_places import check_places
from geo.ingest.plan.registered_facilities import is_registered
from geo.ingest.plan.row_findings import ROW_CHOICES, row_finding
from geo.places.crs import STORAGE_CRS
from geo.register.ids import name_key
from geo.text import mark as _
from geo.vocabulary import COMPLETED, UNKNOWN

if TYPE_CHECKING:
    from geo.register.city import Atlas

SAME_PLACE_M: Final = 10.0
NEAR_M: Final = 1000.0
"""Two rows of one name this near to each other may be one work, whatever district each names."""


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
        Rows whose coordinates or name were not understood, which has been reported already.

    Returns
    -------
    list of Finding
    """
    live = rows[~rows["blank"]]
    return [
        *_names(live[~live.index.isin(list(unread))]),
        *_quantities(live, atlas),
        *_dates(live, today),
        *check_places(live, atlas, unread),
        *_items(live, atlas),
        *_twice(  # two known works are two
            live[~is_registered(live["work_id"], atlas)], atlas.city.projected_crs
        ),
    ]


def _names(rows: pd.DataFrame) -> Iterator[Finding]:
    for row in rows.index[rows["name_zh"].isna() & rows["work_id"].isna()]:
        yield row_finding(row, "name_zh", "error", _("没有名称。"), _("请填写名称，或填登记里的项目编号。"))


def _quantities(rows: pd.DataFrame, atlas: Atlas) -> Iterator[Finding]:
    negative = rows[rows["quantity"] < 0]
    for row, value in negative["quantity"].items():
        yield row_finding(
            row, "quantity", "error", _("数量 {value} 小于零。"), _("请改正，或留空表示不详。"), f"{value:g}"
        )
    for row, value in rows["accuracy_m"][rows["accuracy_m"] < 0].items():
        yield row_finding(
            row, "accuracy_m", "error", _("位置误差 {value} 小于零。"), _("请以米填写。"), f"{value:g}"
        )
    items = atlas.pack.plan_items
    wanted = rows["item_id"].map(items["unit"].where(items["measure"] == "quantity").dropna())
    units = wanted.to_dict()
    known = is_registered(rows["work_id"], atlas)  # the register's own units are not asked again
    odd = rows[
        ~known & wanted.notna() & rows["quantity"].notna() & rows["unit"].notna() & (rows["unit"] != wanted)
    ]
    for row, unit in odd["unit"].items():
        yield row_finding(
            row,
            "unit",
            "question",
            _("数量的单位是 {value}，条目 {item} 以 {wanted} 计，这个数不会计入。"),
            _("请改选数量列，或确认保留。"),
            unit,
            params={"item": cell(rows, row, "item_id"), "wanted": str(units[row])},
            choices=ROW_CHOICES,
            group="item_unit",
        )


def _dates(rows: pd.DataFrame, today: date) -> Iterator[Finding]:
    for first, last in (("start_date", "end_date"), ("planned_start", "planned_end")):
        both = rows[rows[first].notna() & rows[last].notna()]
        for row in both.index[both[first].astype(object) > both[last].astype(object)]:
            yield row_finding(
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
            yield row_finding(
                row,
                "end_date",
                "error",
                _("状态是建成，竣工日期 {value} 却还没有到。"),
                _("请核对状态与日期。"),
                end.isoformat(),
            )
        elif status not in {None, COMPLETED, UNKNOWN} and end is not None and end <= today and not planned:
            yield row_finding(
                row,
                "status",
                "question",
                _("竣工日期 {value} 已过，状态却不是建成。"),
                _("保留时按状态记，竣工日期作为计划日期。"),
                end.isoformat(),
                choices=ROW_CHOICES,
                group="not_done",
            )
        if when is not None and when > today:
            yield row_finding(
                row,
                "status_date",
                "error",
                _("状态日期 {value} 还没有到。"),
                _("请核对日期。"),
                when.isoformat(),
            )


def _items(rows: pd.DataFrame, atlas: Atlas) -> Iterator[Finding]:
    new = rows[rows["work_id"].isna()]
    unknown = new[new["item_id"].notna() & ~new["item_id"].isin(atlas.pack.plan_items.index)]
    for row, value in unknown["item_id"].items():
        yield row_finding(
            row,
            "item_id",
            "error",
            _("没有编号为 {value} 的计划条目。"),
            _("请用计划条目的编号，如 U01。"),
            value,
        )
    kinds = atlas.names("kinds", "zh")
    for row, value in rows["facility_kind"][
        rows["facility_kind"].notna() & ~rows["facility_kind"].isin(kinds)
    ].items():
        yield row_finding(
            row,
            "facility_kind",
            "error",
            _("没有设施类型 {value}。"),
            _("可用：{known}。"),
            value,
            params={"known": "、".join(sorted(kinds.values()))},
        )


def _twice(rows: pd.DataFrame, projected: str) -> Iterator[Finding]:
    """The same work twice in the file, the same place under two names, the same name in two districts."""
    named = rows[rows["name_zh"].notna()]
    key = named["name_zh"].map(lambda name: name_key(name, whole=True))
    district = (
        named["district_code"].where(named["district_code"].notna(), named["district_found"]).fillna("")
    )
    item = named["item_id"].fillna("") + named["facility_kind"].fillna("")
    same = pd.DataFrame({"key": key, "district": district, "item": item})
    for row, other in _pairs(same, named, projected):
        yield row_finding(
            row,
            "name_zh",
            "question",
            _("与第 {other} 行同名同区。"),
            _("是同一处请跳过，不是请保留。"),
            cell(named, row, "name_zh"),
            params={"other": int(other)},
            choices=ROW_CHOICES,
            group="same_name",
        )
    spread = same[same["district"] != ""].groupby("key")["district"].nunique()
    for row in same.index[same["key"].isin(spread.index[spread > 1])]:
        yield row_finding(
            row,
            "name_zh",
            "warning",
            _("文件里另一个区也有“{value}”。"),
            _("按两处记；若是一处请改区县。"),
            cell(named, row, "name_zh"),
        )
    yield from _one_place(rows[rows["how"] == "given"], projected)


def _pairs(same: pd.DataFrame, rows: pd.DataFrame, projected: str) -> Iterator[tuple[int, int]]:
    """Rows of one name and the earlier row each may repeat: in one district, or a kilometre apart, or nobody knows where."""
    # a name that stands alone needs no look: of a hundred thousand rows few share one
    same = same[same.duplicated(["key", "item"], keep=False)]
    rows = rows.loc[same.index]
    placed = gpd.GeoSeries(
        gpd.points_from_xy(*(rows[name].where(rows["how"] == "given") for name in ("lon", "lat"))),
        rows.index,
        STORAGE_CRS,
    ).to_crs(projected)
    for _name, group in same.groupby(["key", "item"], sort=False):
        seen: list[tuple[int, str]] = []
        for row, (district,) in iterate_rows(group, "district"):
            near = next((other for other, its in seen if _agree(district, its, placed, row, other)), None)
            if near is None:
                seen.append((row, district))
            else:
                yield row, near


def _agree(one: str, other: str, placed: gpd.GeoSeries, row: int, earlier: int) -> bool:
    """Whether two rows of one name may be one work."""
    if not one or not other or set(one.split("|")) & set(other.split("|")):
        return True
    return bool(
        placed[row].distance(placed[earlier]) <= NEAR_M
    )  # NaN, where a place is unknown, is no nearness


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
        yield row_finding(
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
