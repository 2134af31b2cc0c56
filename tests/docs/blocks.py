"""The code blocks of README and docs, and a folder that holds the files they speak of (all invented)."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from markdown_it import MarkdownIt
from shapely import box

from geo.register.city import Atlas
from geo.whatif.scenario import Edit, Scenario
from geo.whatif.scenario_geojson import to_geojson
from tests.ingest.make_list import write_list
from tests.ingest.osm_extract import write_extract
from tests.transit.invented import Town, write_feed

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
SHELL = {"", "sh", "bash", "shell"}
EXTRACT = "无锡.osm"
NOT_CODE = {"toml", "nginx", "html", "mermaid", "json", "text", "ini", "dockerfile"}


@dataclass(frozen=True, slots=True)
class Block:
    """One code block: the file it stands in, its first line, its language and its text."""

    path: Path
    line: int
    language: str
    text: str

    @property
    def name(self) -> str:
        """``README.md:52``."""
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def blocks() -> list[Block]:
    """Every code block, fenced or indented, in the order of the files."""
    return [
        Block(path, token.map[0] + 1, token.info.split(" ")[0], token.content)
        for path in PAGES
        for token in MarkdownIt().enable("table").parse(path.read_text("utf-8"))
        if token.type in {"fence", "code_block"} and token.map
    ]


def is_python(block: Block) -> bool:
    """Fenced as Python, or indented and beginning like it."""
    return block.language == "python" or (
        block.language == "" and re.match(r"(from \w|import \w)", block.text) is not None
    )


def commands(text: str) -> list[list[str]]:
    """The commands of a shell block as lists of words; comments left out, continued lines joined."""
    joined = text.replace("\\\n", " ").replace(
        "无锡.osm.pbf", EXTRACT
    )  # PBF has no writer here, XML of the same has
    split = (shlex.split(line, comments=True) for line in joined.splitlines())
    return [words for words in split if words]


def write_land(folder: Path) -> None:
    """Four streets, forty parcels with classes, costs and places, and a red line around the middle of the city."""
    rng = np.random.default_rng(17)
    streets = [
        box(120.27 + 0.03 * k, 31.555 + 0.03 * n, 120.3 + 0.03 * k, 31.585 + 0.03 * n)
        for n in (0, 1)
        for k in (0, 1)
    ]
    names = ["甲街道", "乙街道", "丙街道", "丁街道"]
    gpd.GeoDataFrame({"名称": names}, geometry=streets, crs=4326).to_file(folder / "街道.gpkg")
    corner, side = (
        rng.uniform((120.26, 31.545), (120.32, 31.605), (40, 2)),
        rng.uniform(0.0008, 0.005, (40, 2)),
    )
    shapes = [box(x, y, x + wide, y + high) for (x, y), (wide, high) in zip(corner, side, strict=True)]
    columns = {
        "地块编号": [f"LX-{k:02d}" for k in range(1, 41)],
        "用地代码": ["A33", "R2", "A51", "G1", "B1"] * 8,
        "造价": rng.integers(3000, 9000, 40),
        "学位服务人口": rng.integers(8000, 20000, 40),
    }
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4326).to_file(folder / "地块.gpkg")
    red = gpd.GeoDataFrame({"名称": ["示例红线"]}, geometry=[box(120.27, 31.57, 120.285, 31.6)], crs=4326)
    red.to_file(folder / "红线.geojson")


def fill_folder(folder: Path, atlas: Atlas) -> None:
    """Files under the names that the docs use; everything in them is invented."""
    for name in ("小区.xlsx", "老旧小区.xlsx"):
        write_list(folder / name, atlas, corrected=True)
    (folder / "小区.csv").write_text("名称,经度,纬度\n试验小区,120.31,31.57\n", "utf-8")
    car_parks = [("试验停车场甲", 120.31, 31.57, 120), ("试验停车场乙", 120.32, 31.58, 80)]
    frame = pd.DataFrame(car_parks, columns=["名称", "经度", "纬度", "泊位数"])
    frame.to_excel(folder / "停车场.xlsx", index=False)
    write_extract(folder / EXTRACT, atlas)
    write_land(folder)
    run = [(stop, 29_400 + 300 * stop, 29_400 + 300 * stop) for stop in range(3)]
    write_feed(
        folder / "时刻表.zip", Town([(120.305 + 0.01 * at, 31.575) for at in range(3)], [run]).tables()
    )
    edit = Edit(op="add", id="new-1", at=(120.31, 31.57), name="试验站")
    scenario = Scenario(name="试验方案", parameters={"kind": "car_park", "radius": "300"}, edits=(edit,))
    for name in ("推演.geojson", "best.geojson", "edits.geojson", "mine.geojson"):
        (folder / name).write_bytes(to_geojson(scenario))
