"""A list of 166 communities as a planner would bring it: Chinese headers, 高德 coordinates. INVENTED trial data.

The 21 names that the register counts are in it; all other names, and every place, date and number, are made up by rule
from the gazetteer. Three rows are wrong on purpose. Never import it into a real register:

    python tests/ingest/make_list.py OUT.xlsx [--corrected]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.atlas import load_atlas, load_gazetteer
from geo.places.crs import convert
from geo.places.districts import district_of
from geo.register.city import Atlas

ROWS = 166
MARK = "虚构的试验数据"
WRONG = {40: "swapped", 80: "impossible date", 120: "negative"}
"""Position in the list -> what is wrong there."""
UNPLACED = range(150, 156)
"""Positions without coordinates whose street is in the gazetteer."""
_PARTS = ("一", "二", "三", "四", "五", "六", "七", "八", "九")


def communities(atlas: Atlas, *, corrected: bool = False) -> pd.DataFrame:
    """The list as a frame of cells; ``corrected`` mends the three wrong rows."""
    rows = [*_known(atlas), *_invented(atlas)][:ROWS]
    frame = pd.DataFrame(rows)
    frame.insert(0, "序号", range(1, len(frame) + 1))
    at = [frame.columns.get_loc(name) for name in ("经度", "纬度", "户数", "竣工日期")]
    lon, lat, households, finished = at
    for position in UNPLACED:
        frame.iloc[position, [lon, lat]] = None
    if not corrected:
        swapped, impossible, negative = WRONG
        frame.iloc[swapped, lon], frame.iloc[swapped, lat] = (
            frame.iloc[swapped, lat],
            frame.iloc[swapped, lon],
        )
        frame.iloc[impossible, finished] = "2021-11-31"
        frame.iloc[negative, households] = -frame.iloc[negative, households]
    return frame


def _known(atlas: Atlas) -> list[dict[str, Any]]:
    works = atlas.pack.works
    of_item = (works["item_id"] == "U01") & (works["kind"] == "work") & (works["year"] == "2021")
    mine = works[of_item & (works["counted"] == "yes")]
    centres = {str(code): area.representative_point() for code, area in atlas.districts["land"].items()}
    rows = []
    for number, (_id, work) in enumerate(mine.iterrows()):
        code = str(work["district_code"])
        lon, lat = (work["lon"], work["lat"]) if pd.notna(work["lon"]) else (centres[code].x, centres[code].y)
        lon, lat = lon + 0.002 * np.cos(number), lat + 0.002 * np.sin(number)
        rows.append(_row(atlas, number, str(work["name_zh"]), code, work["street"] or "", lon, lat))
    return rows


def _invented(atlas: Atlas) -> list[dict[str, Any]]:
    places = load_gazetteer().places
    towns = places[~places["name_zh"].str.endswith(("区", "市")) & (places["accuracy_m"] < 4000)]
    towns = towns.sort_values("place_id")
    rng = np.random.default_rng(2021)
    rows = []
    for number in range(400):
        town = towns.iloc[number % len(towns)]
        east, north = rng.uniform(-900, 900, 2)
        lon, lat = town["lon"] + east / 95_000, town["lat"] + north / 111_000
        if str(district_of([lon], [lat], atlas.districts)[0]) != town["district_code"]:
            continue
        name = f"{town['name_zh']}试验{_PARTS[number // len(towns)]}村"
        street = f"{town['name_zh']}街道"
        rows.append(_row(atlas, number, name, str(town["district_code"]), street, lon, lat))
    return rows


def _row(
    atlas: Atlas, number: int, name: str, code: str, street: str, lon: float, lat: float
) -> dict[str, Any]:
    x, y = convert([lon], [lat], source="WGS84", target="GCJ02")
    month, done = 3 + number % 6, number % 4 != 3 or "试验" not in name
    district = str(atlas.districts["name_zh"][code])
    return {
        "小区名称": name,
        "所属区": district,
        "街道（镇）": street,
        "详细地址": f"{district}{street}试验路{number + 1}号",
        "经度": round(float(x[0]), 6),
        "纬度": round(float(y[0]), 6),
        "户数": 120 + 37 * (number % 29),
        "建筑面积（万平方米）": round(0.8 + 0.31 * (number % 17), 2),
        "开工日期": f"2021年{month}月",
        "竣工日期": f"2021.{10 + number % 3}.30" if done else None,
        "状态": "已完工" if done else "在建",
        "备注": MARK,
    }


def write_list(path: Path, atlas: Atlas, *, corrected: bool = False) -> Path:
    """The list as an XLSX, or as a CSV in GBK, by the ending of ``path``."""
    frame = communities(atlas, corrected=corrected)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False, encoding="gb18030", lineterminator="\n")
    else:
        frame.to_excel(path, index=False, sheet_name="老旧小区", engine="openpyxl")
    return path


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_list(target, load_atlas(), corrected="--corrected" in sys.argv)
    print(f"{target}: {ROWS} rows, {MARK}")
