"""Register rows as files: CSV that no spreadsheet will run, GeoJSON (RFC 7946) that says where it comes from."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

import pandas as pd
import shapely
from geopandas import GeoSeries

from geo.plain import plain
from geo.table import neutralise
from geo.text import mark as _
from geo.text import translate

CREDITS: Final = (
    "Facts: 无锡市2021年国民经济和社会发展计划 and the sources named in each row (CC BY 4.0 compilation). "
    "Places: GeoNames (CC BY 4.0), OpenStreetMap contributors (ODbL 1.0), OurAirports (public domain)."
)
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
COLUMNS: Final = {
    "work_id": _("编号"),
    "name_zh": _("名称"),
    "name_en": _("英文名"),
    "item_id": _("条目"),
    "category": _("类别"),
    "kind": _("类型"),
    "year": _("年份"),
    "counted": _("是否计入"),
    "district_code": _("区县代码"),
    "street": _("街道/镇"),
    "quantity": _("数量"),
    "unit": _("单位"),
    "status": _("状态"),
    "status_date": _("状态日期"),
    "status_precision": _("日期精度"),
    "lon": _("经度（WGS84）"),
    "lat": _("纬度（WGS84）"),
    "accuracy_m": _("位置误差（米）"),
    "certainty": _("位置把握"),
    "location_basis": _("位置依据"),
    "note_zh": _("说明"),
    "source_title": _("来源"),
    "source_publisher": _("发布者"),
    "source_published": _("发布日期"),
    "source_url": _("网址"),
}


def export_frame(state: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``Register.state`` with their source, in the order and with the ids of :data:`COLUMNS`."""
    cited = sources[["title", "publisher", "published", "url"]].add_prefix("source_")
    return state.join(cited, on="source_id")[list(COLUMNS)]


def to_csv(state: pd.DataFrame, sources: pd.DataFrame, *, as_of: date, lang: str = "zh") -> bytes:
    """UTF-8 CSV with a BOM (spreadsheets need it for Chinese), headers in ``lang``; last row block: credits.

    The credits stand in columns of their own, so that every line of the file is one work.
    """
    frame = neutralise(export_frame(state, sources)).rename(
        columns={name: translate(label, lang) for name, label in COLUMNS.items()}
    )
    frame[translate(_("截至日期"), lang)] = as_of.isoformat()
    frame[translate(_("许可与署名"), lang)] = f"CC BY 4.0; {CREDITS}"
    return ("\ufeff" + frame.to_csv(index=False, lineterminator="\r\n")).encode("utf-8")


def to_geojson(state: pd.DataFrame, sources: pd.DataFrame, lines: GeoSeries, *, as_of: date) -> bytes:
    """A FeatureCollection in WGS84; a work without a place has ``"geometry": null``.

    Parameters
    ----------
    state : DataFrame
        Rows of ``Register.state``.
    sources : DataFrame
        The pack's sources.
    lines : GeoSeries
        WGS84 geometry by ``line_id``.
    as_of : date
        The day of the state; stands at the top of the file with licence and credits.
    """
    frame = export_frame(state, sources)
    features = [
        {
            "type": "Feature",
            "id": work_id,
            "geometry": _geometry(row, lines),
            "properties": {name: plain(value) for name, value in zip(frame.columns, cells, strict=True)},
        }
        for (work_id, row), cells in zip(
            state.iterrows(), frame.itertuples(index=False, name=None), strict=True
        )
    ]
    collection = {
        "type": "FeatureCollection",
        "as_of": as_of.isoformat(),
        "license": LICENCE,
        "credits": CREDITS,
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _geometry(row: pd.Series[Any], lines: GeoSeries) -> dict[str, Any] | None:
    if row["line_id"]:
        shape: dict[str, Any] = shapely.geometry.mapping(lines.loc[row["line_id"]])
        return shape
    if pd.isna(row["lon"]):
        return None
    return {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]}
