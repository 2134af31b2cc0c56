"""A list of invented facilities as a city's departments might bring it, for measuring how large a list may be.

Every name begins with 虚构. The same seed gives the same rows. Of a hundred rows some have no place, some a fault that a person has to mend; some
hundred are facilities that the register has already. ``python -m benchmarks.made_up_facilities FILE [rows] [WGS84|GCJ02]`` writes a list
as .csv, .xlsx or .gpkg.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.made_up_register import NOTE, SEED, places_on_land
from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from geo.places.crs import convert

ROWS = 100_000
_LETTERS = "梧桐春江锦绣清扬惠山太湖蠡园映月芦庄银杏丁香望亭广益金匮梅村鸿声硕放胡埭阳山洛社玉祁前洲堰桥"
_KINDS = {
    "公共停车场": "停车场",
    "公园绿地": "公园",
    "幼儿园": "幼儿园",
    "养老设施": "养老院",
    "菜市场": "菜场",
    "sports": "健身馆",
    "Clinic": "卫生站",
    "文化活动设施": "文化站",
    "社区服务站": "服务站",
    "公交站点": "站",
}
_WITHOUT_PLACE, _WITH_FAULT, _KNOWN = 0.02, 0.005, 200


def made_up_list(rows: int = ROWS, *, system: str = "WGS84", seed: int = SEED) -> pd.DataFrame:
    """A list of so many rows, every cell a text or None; coordinates in ``system`` (``WGS84`` or ``GCJ02``)."""
    rng = np.random.default_rng(seed)
    atlas = load_atlas(DATA_DIR)
    lon, lat, codes = places_on_land(rows, atlas, rng)
    words = np.array(list(_KINDS), object)[rng.integers(0, len(_KINDS), rows)]
    numbers = np.arange(rows).astype(str).astype(object)
    names = "虚构" + _pair(rng, rows) + pd.Series(words).map(_KINDS).to_numpy(object) + numbers
    districts = pd.Series(codes).map(atlas.districts["name_zh"]).to_numpy(object)
    days = np.array(
        [f"{year}-{month:02d}-{day:02d}" for year in range(1990, 2026) for month in (3, 6, 11) for day in (1, 15)],
        object,
    )  # fmt: skip
    frame = pd.DataFrame(
        {
            "设施名称": names,
            "设施类型": words,
            "所属区": districts,
            "地址": districts + _pair(rng, rows) + "路" + rng.integers(1, 999, rows).astype(str).astype(object) + "号",
            "规模": rng.integers(5, 900, rows).astype(str).astype(object),
            "单位": "个",
            "面积": rng.integers(100, 90_000, rows).astype(str).astype(object),
            "启用日期": days[rng.integers(0, len(days), rows)],
            "管理单位": "虚构" + _pair(rng, rows) + "公司",
            "备注": np.where(rng.random(rows) < 0.3, NOTE, ""),
        }
    )  # fmt: skip
    _take_known(frame, lon, lat, atlas, rng)
    if system != "WGS84":
        lon, lat = convert(lon, lat, source="WGS84", target=system)
    frame.insert(4, "经度", np.char.mod("%.6f", lon).astype(object))
    frame.insert(5, "纬度", np.char.mod("%.6f", lat).astype(object))
    frame.loc[rng.random(rows) < _WITHOUT_PLACE, ["经度", "纬度"]] = None
    _spoil(frame, rng)
    return frame.replace("", None)


def _pair(rng: np.random.Generator, count: int) -> Any:
    letters = np.array(list(_LETTERS), object)
    return letters[rng.integers(0, len(letters), count)] + letters[rng.integers(0, len(letters), count)]


def _take_known(frame: pd.DataFrame, lon: Any, lat: Any, atlas: Any, rng: np.random.Generator) -> None:
    """Some rows are facilities of the register, with their own kind and place."""
    known = atlas.register.facilities
    known = known[known["lon"].notna() & known["name_zh"].notna() & known["district_code"].notna()]
    count = min(_KNOWN, len(frame) // 10)
    chosen = known.iloc[rng.choice(len(known), count, replace=False)]
    at = rng.choice(len(frame), count, replace=False)
    lon[at], lat[at] = chosen["lon"], chosen["lat"]
    frame.loc[at, "设施名称"] = chosen["name_zh"].to_numpy(object)
    frame.loc[at, "设施类型"] = chosen["kind"].map(atlas.names("kinds", "zh")).to_numpy(object)
    frame.loc[at, "所属区"] = None


def _spoil(frame: pd.DataFrame, rng: np.random.Generator) -> None:
    """Some rows have a fault each: no name, a number below zero, a day that is none, one coordinate, a place far away."""
    faults = (
        ("设施名称", None),
        ("规模", "-5"),
        ("启用日期", "2019-13-40"),
        ("经度", None),
        ("纬度", "39.9"),
    )
    for column, cell in faults:
        frame.loc[rng.random(len(frame)) < _WITH_FAULT / len(faults), column] = cell


def write_list(frame: pd.DataFrame, path: Path) -> Path:
    """Write a list by the ending of ``path``: ``.csv``, ``.xlsx``, or ``.gpkg`` with points instead of the two columns."""
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".xlsx":
        with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
            frame.to_excel(writer, index=False)
    else:
        import geopandas as gpd

        points = gpd.points_from_xy(frame["经度"].astype("float64"), frame["纬度"].astype("float64"))
        points = np.where(frame[["经度", "纬度"]].notna().all(axis=1), points, None)
        gpd.GeoDataFrame(frame.drop(columns=["经度", "纬度"]), geometry=points, crs="EPSG:4326").to_file(path)
    return path


if __name__ == "__main__":
    target = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else ROWS
    print(write_list(made_up_list(count, system=sys.argv[3] if len(sys.argv) > 3 else "WGS84"), target))
