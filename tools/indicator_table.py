"""Writes the table of docs/indicators.md: which indicators can be computed with what ships, and which with an OSM extract.

``python -m tools.indicator_table`` writes it anew between its marks; a test compares it, and counts anew.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from geo.atlas import load_atlas
from geo.register.city import Atlas
from geo.register.indicators import Indicator, load_indicators

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "indicators.md"
BEGIN: Final = "<!-- indicators: python -m tools.indicator_table -->"
END: Final = "<!-- end of indicators -->"
DAY: Final = date(2026, 11, 29)
_HEAD: Final = (
    "| 指标 indicator | 半径或时间 reach | 设施 known | 有位置 placed | 随资料包 ships | 加 OSM 摘录 with an OSM extract |\n"
    "| --- | --- | --- | --- | --- | --- |\n"
)
_WAYS: Final = {"straight": "直线", "walk": "步行", "cycle": "骑行", "drive": "驾车"}
_STREETS: Final = "要街道 needs streets"


def table(atlas: Atlas) -> str:
    """Every indicator about distance: facilities known and placed, and what can answer it."""
    kinds = _kinds_and_places(atlas)
    brought = set(atlas.vocabulary("osm_rules", "target", "kind")["kind"]) - {""}
    rows = [row for row in load_indicators(atlas.pack.root).values() if row.computable]
    return _HEAD + "\n".join(_row(row, kinds, brought) for row in rows)


def _kinds_and_places(atlas: Atlas) -> pd.DataFrame:
    """``kind, placed`` of every facility and every work that is one."""
    facilities, works = atlas.register.facilities_on(DAY), atlas.register.state(DAY)
    works = works[(works["kind"] != "aggregate") & works["facility_kind"].notna()]
    parts = [
        pd.DataFrame({"kind": frame[kind], "placed": frame["lon"].notna()})
        for frame, kind in ((facilities, "kind"), (works, "facility_kind"))
    ]
    return pd.concat(parts)


def _row(row: Indicator, kinds: pd.DataFrame, brought: set[str]) -> str:
    mine = kinds[kinds["kind"].isin(row.kinds)]
    known, placed = len(mine), int(mine["placed"].sum())
    along = row.reach != "straight"
    far = f"{row.threshold_m:,.0f} m" if row.threshold_m else f"{row.threshold_min or 0:g} min"
    ships = "—" if not placed else _STREETS if along else "能 yes"
    more = "能 yes" if placed or brought & set(row.kinds) else "—"
    reach = f"{_WAYS[row.reach]} {far}"
    cells = (f"`{row.indicator_id}` {row.name_zh}", reach, f"{known:,}", f"{placed:,}", ships, more)
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Write the table."""
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{table(load_atlas())}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
