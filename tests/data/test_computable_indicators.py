"""The table of docs/indicators.md is what the register can answer, counted here from the tables alone."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from geo.atlas import load_atlas
from geo.report.reach import computable_indicators

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_table_names_every_indicator_that_can_be_computed_with_its_facilities() -> None:
    atlas = load_atlas()
    facilities, works = atlas.register.facilities, atlas.register.state(date(2026, 11, 29))
    works = works[works["kind"] != "aggregate"]
    placed = set(facilities.index[facilities["lon"].notna()]) | set(works.index[works["lon"].notna()])
    expected = {}
    for indicator in computable_indicators(atlas):
        ids = {*facilities.index[facilities["kind"].isin(indicator.kinds)]}
        ids |= {*works.index[works["facility_kind"].isin(indicator.kinds)]}
        expected[indicator.indicator_id] = (len(ids), len(ids & placed))
    text = (DOCS / "indicators.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)`[^|]*\|[^|]*\| ([\d,]+) \| ([\d,]+) \|$", text, re.MULTILINE)
    assert {name: tuple(int(n.replace(",", "")) for n in counts) for name, *counts in rows} == expected
