"""The simulated pack read without the program, and lists written without its conversions."""

from __future__ import annotations

import csv
from pathlib import Path

import GeoToolCN
from pyproj import Transformer

HERE = Path(__file__).resolve().parent
PACK = HERE.parent / "packs" / "jingdezhen-simulated"
NEW = [("新模拟公园甲", "乐平市", 117.150, 28.990), ("新模拟公园乙", "浮梁县", 117.260, 29.370)]


def rows_of(name: str) -> list[dict[str, str]]:
    """A table of the pack, every cell a text; read without the program."""
    with (PACK / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def known_places() -> list[tuple[str, str, float, float]]:
    """Name, district's name and WGS84 place of what the pack places to 150 m or better, and two new parks."""
    districts = {row["district_code"]: row["name_zh"] for row in rows_of("districts")}
    return [
        (row["name_zh"], districts[row["district_code"]], float(row["lon"]), float(row["lat"]))
        for row in (*rows_of("works"), *rows_of("facilities"))
        if row["lon"] and float(row["accuracy_m"]) <= 150
    ] + NEW


def write_lists(folder: Path) -> None:
    """One list in three systems, written without the program's own conversions."""
    metres = Transformer.from_crs(4326, 4548, always_xy=True)
    mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    ways = {
        "gcj02": GeoToolCN.wgs84_to_gcj02,
        "projected": metres.transform,
        "tiles": lambda lon, lat: mercator.transform(*GeoToolCN.wgs84_to_gcj02(lon, lat)),
    }
    for name, way in ways.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(["公园名称", "所属区县", "x", "y"])
            for place, district, lon, lat in known_places():
                x, y = way(lon, lat)
                writer.writerow([place, district, f"{x:.6f}", f"{y:.6f}"])
