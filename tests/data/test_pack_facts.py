"""Nothing invented, nothing dropped: the pack against the facts it was made from, read here by the csv module alone."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
RAW = DATA / "raw" / "facts"
RAW_ROWS = {
    "communities.csv": 94,
    "facilities.csv": 140,
    "hospital_works.csv": 25,
    "other_works.csv": 46,
    "parking.csv": 21,
    "plan_items.csv": 42,
    "population.csv": 34,
    "schools_works.csv": 66,
    "transit_stations.csv": 119,
    "transport_works.csv": 25,
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def pack_rows() -> list[dict[str, str]]:
    """Every row of the pack that says which raw row it came from."""
    found = [row for table in ("works", "facilities", "population") for row in rows(DATA / f"{table}.csv")]
    lines = json.loads((DATA / "lines.geojson").read_text("utf-8"))["features"]
    baseline = [f["properties"] for f in lines if f["properties"]["role"] == "baseline"]
    return found + [{key: str(value) for key, value in props.items()} for props in baseline]


def test_the_raw_files_are_as_received() -> None:
    assert {path.name: len(rows(path)) for path in RAW.glob("*.csv")} == RAW_ROWS


@pytest.mark.parametrize("name", sorted(set(RAW_ROWS) - {"plan_items.csv"}))
def test_each_raw_row_is_used_exactly_once(name: str) -> None:
    used = Counter(int(row["raw_row"]) for row in pack_rows() if row["raw_file"] == name)
    assert used == Counter(range(1, RAW_ROWS[name] + 1))


def test_only_derived_rows_have_no_raw_row() -> None:
    """Parents made from plan items, and the number of stations that an event of line 5 reports."""
    without = [row for row in rows(DATA / "works.csv") if not row["raw_file"]]
    assert [row["work_id"] for row in without] == ["T01", "T05-A01", "T07", "T08"]
    parents = {row["parent_id"] for row in rows(DATA / "works.csv")}
    stations = without.pop(1)
    said = [row["value"] for row in rows(DATA / "events.csv") if row["work_id"] == "T05"]
    assert any(value.startswith(f"{stations['quantity']} 站") for value in said)
    for row in without:
        assert row["work_id"] in parents
        assert "总项" in row["note_zh"]


def test_plan_items_are_the_42_with_their_quotes_in_the_plan() -> None:
    ours = {row["item_id"]: row for row in rows(DATA / "plan_items.csv")}
    theirs = {row["item_id"]: row for row in rows(RAW / "plan_items.csv")}
    plan = (DATA / "raw" / "plan" / "wuxi_plan_2021.zh-Hans.txt").read_text("utf-8")
    assert ours.keys() == theirs.keys()
    assert len(ours) == 42
    for item_id, row in theirs.items():
        assert row["quote_zh"] in plan
        assert ours[item_id]["quote_zh"] == row["quote_zh"]
        assert (ours[item_id]["target"], ours[item_id]["unit"]) == (row["target"], row["unit"])


def raw_of(row: dict[str, str]) -> dict[str, str]:
    return rows_by_file(row["raw_file"])[int(row["raw_row"]) - 1]


_cache: dict[str, list[dict[str, str]]] = {}


def rows_by_file(name: str) -> list[dict[str, str]]:
    if name not in _cache:
        _cache[name] = rows(RAW / name)
    return _cache[name]


def test_names_and_places_are_the_facts_own() -> None:
    checked = 0
    for row in rows(DATA / "works.csv") + rows(DATA / "facilities.csv"):
        file = row["raw_file"]
        if not file or file == "bus_stops_2014.csv" or file.endswith("transport_works.csv"):
            continue
        raw = raw_of(row)
        assert bool(row["lon"]) == bool(raw["lon"]), row
        if raw["lon"]:
            assert (row["x_original"], row["y_original"], row["crs_original"]) == (raw["lon"], raw["lat"], raw["crs"])
            assert row["accuracy_m"] == raw["accuracy_m"]
            assert row["location_basis"] != "none"
        if raw.get("crs") == "WGS84" and raw["lon"]:
            assert float(row["lon"]) == float(raw["lon"])
            assert float(row["lat"]) == float(raw["lat"])
        checked += 1
    assert checked > 500


def test_converted_stations_agree_with_the_facts_own_conversion() -> None:
    converted = 0
    for row in rows(DATA / "works.csv") + rows(DATA / "facilities.csv"):
        if row["raw_file"] == "transit_stations.csv" and row["crs_original"] == "GCJ02":
            raw = raw_of(row)
            assert float(row["lon"]) == pytest.approx(float(raw["lon_wgs84"]), abs=2e-6)
            assert float(row["lat"]) == pytest.approx(float(raw["lat_wgs84"]), abs=2e-6)
            converted += 1
    assert converted > 95


def test_years_and_counted_of_communities() -> None:
    works = [row for row in rows(DATA / "works.csv") if row["raw_file"] == "communities.csv"]
    for row in works:
        raw = raw_of(row)
        assert row["year"] == raw["year"]
        assert (row["kind"] == "aggregate") == (raw["name_zh"] == "合计")
        if row["kind"] == "work":
            assert (row["counted"] == "yes") == (raw["year"] == "2021")
            assert row["name_zh"] == raw["name_zh"]
    assert sum(row["counted"] == "yes" and row["kind"] == "work" for row in works) == 21


def test_what_is_not_counted_says_why_in_both_languages() -> None:
    for row in rows(DATA / "works.csv"):
        if row["counted"] != "yes":
            assert row["count_note_zh"], row["work_id"]
            assert row["count_note_en"], row["work_id"]


def test_copies_are_never_linked() -> None:
    sources = rows(DATA / "sources.csv")
    via = {word for path in RAW.glob("*.csv") for row in rows(path) for word in _via(row.get("source", ""))}
    assert len(via) > 20
    for row in sources:
        assert row["url"] not in via
        assert not (row["url"] and row["seen_via_mirror"] == "true")


def _via(text: str) -> list[str]:
    words = text.split()
    return [after for word, after in zip(words, words[1:], strict=False) if word == "via"]


def test_planned_dates_are_never_confirmed() -> None:
    """Whatever the facts call planned, expected or tendered is an unconfirmed event."""
    events = rows(DATA / "events.csv")
    for event in events:
        words = (event["reason_en"] + event["reason_zh"]).lower()
        if words.startswith(("planned start", "planned finish", "expected")) or "计划完工" in words or "计划开工" in words:
            assert event["confirmed"] == "false", event
    assert sum(event["confirmed"] == "false" for event in events) > 60
