"""The table of docs/indicators.md is what its command writes, and its counts are those of the tables alone."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from geo.report.reach import computable_indicators
from tools.indicator_table import PAGE, table

ROW = re.compile(
    r"^\| `(?P<id>\w+)`[^|]*\| (?P<reach>\S+)[^|]*\| (?P<known>[\d,]+) \| (?P<placed>[\d,]+) \| (?P<ships>[^|]+) \| (?P<osm>[^|]+) \|$"
)


def shown() -> dict[str, dict[str, str]]:
    found = (ROW.match(line) for line in PAGE.read_text("utf-8").splitlines())
    return {match["id"]: match.groupdict() for match in found if match}


def test_the_page_holds_what_the_command_writes() -> None:
    assert table(load_atlas()) in PAGE.read_text("utf-8")


def test_known_and_placed_are_counted_from_the_tables() -> None:
    atlas = load_atlas()
    facilities, works = atlas.register.facilities, atlas.register.state(date(2026, 11, 29))
    works = works[works["kind"] != "aggregate"]
    placed = set(facilities.index[facilities["lon"].notna()]) | set(works.index[works["lon"].notna()])
    rows = shown()
    known_ones = {row.indicator_id for row in computable_indicators(atlas)}
    assert {name for name, row in rows.items() if row["known"] != "0"} == known_ones
    for indicator in computable_indicators(atlas):
        ids = {*facilities.index[facilities["kind"].isin(indicator.kinds)]}
        ids |= {*works.index[works["facility_kind"].isin(indicator.kinds)]}
        row = rows[indicator.indicator_id]
        assert [int(row[name].replace(",", "")) for name in ("known", "placed")] == [len(ids), len(ids & placed)]


def test_what_ships_and_what_an_extract_brings_are_told_apart() -> None:
    """29 indicators: eleven straight ones as shipped, five more with streets, 27 with an extract (its rules read here)."""
    tables = {}
    for name in ("indicators", "osm_rules"):
        with Path(DATA_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            tables[name] = list(csv.DictReader(handle))
    brought = {row["kind"] for row in tables["osm_rules"] if row["target"] == "facility"}
    rows = shown()
    assert len(rows) == 29
    for indicator in tables["indicators"]:
        row = rows.get(indicator["indicator_id"])
        if row is None:
            assert indicator["reach"] not in {"straight", "walk", "drive"} or not indicator["facility_kinds"]
            continue
        has_places = row["placed"] != "0"
        ships = "—" if not has_places else "能 yes" if indicator["reach"] == "straight" else "要街道 needs streets"
        assert row["ships"] == ships
        comes = has_places or bool(brought & set(indicator["facility_kinds"].split("|")))
        assert row["osm"] == ("能 yes" if comes else "—")
    counts = [[row["ships"] for row in rows.values()].count(word) for word in ("能 yes", "要街道 needs streets")]
    assert (*counts, [row["osm"] for row in rows.values()].count("能 yes")) == (11, 5, 27)
