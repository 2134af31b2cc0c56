"""The facts of 2026-11 against the pack: every row is accounted for, and nothing that was merged is a row of its own."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from geo.atlas import load_atlas
from geo.places.districts import district_of
from geo.register.calibration import SHARE_TO_HOLD, accuracy_rules, calibration, place_checks
from geo.register.progress import progress

DATA = Path(__file__).resolve().parents[2] / "data"
RAW = DATA / "raw" / "facts" / "2026-11"
ROWS = {
    "communities.csv": 38,
    "hospital_works.csv": 2,
    "other_works.csv": 40,
    "parking.csv": 19,
    "schools_works.csv": 22,
    "transit_stations.csv": 5,
    "transport_works.csv": 11,
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def raw_row(fate: dict[str, str]) -> dict[str, str]:
    return rows(DATA / "raw" / "facts" / fate["raw_file"])[int(fate["raw_row"]) - 1]


def test_every_row_has_exactly_one_fate() -> None:
    assert {path.name: len(rows(path)) for path in RAW.glob("*.csv")} == ROWS
    fates = Counter((fate["raw_file"], int(fate["raw_row"])) for fate in rows(DATA / "raw_fates.csv"))
    assert fates == Counter((f"2026-11/{name}", row) for name, number in ROWS.items() for row in range(1, number + 1))


def test_what_was_added_is_a_work_and_what_was_merged_is_none() -> None:
    works = {(row["raw_file"], row["raw_row"]): row for row in rows(DATA / "works.csv")}
    ids = {row["work_id"] for row in works.values()} | {row["work_id"] for row in rows(DATA / "works.csv")}
    for fate in rows(DATA / "raw_fates.csv"):
        own = works.get((fate["raw_file"], fate["raw_row"]))
        if fate["fate"] == "added":
            assert own is not None, fate
            assert own["work_id"] == fate["target"]
        else:
            assert own is None, fate
            assert fate["reason_zh"], fate
            assert fate["reason_en"], fate
            assert fate["fate"] == "left_out" or fate["target"] in ids


def test_better_places_and_corrections_are_location_events_with_a_source_of_their_own() -> None:
    placed = {
        (event["work_id"], json.loads(event["value"])["x_original"], json.loads(event["value"])["y_original"])
        for event in rows(DATA / "events.csv")
        if event["kind"] == "location" and event["source_id"] == "S-OSM-XINWU"
    }
    marked = 0
    for fate in rows(DATA / "raw_fates.csv"):
        raw = raw_row(fate)
        words = raw.get("status", "") + raw.get("source", "")
        if raw.get("lon") and ("COORDINATE" in words or "CORRECTION" in words):
            assert (fate["fate"], (fate["target"], raw["lon"], raw["lat"]) in placed) == ("merged", True), fate
            marked += 1
    assert marked == 15  # twelve estates, two car parks, one station


def test_added_rows_hold_the_facts_own_names_years_and_places() -> None:
    works = {row["work_id"]: row for row in rows(DATA / "works.csv")}
    for fate in rows(DATA / "raw_fates.csv"):
        if fate["fate"] != "added":
            continue
        work, raw = works[fate["target"]], raw_row(fate)
        assert (work["x_original"], work["y_original"]) == (raw.get("lon", ""), raw.get("lat", "")), fate
        assert work["accuracy_m"] == raw.get("accuracy_m", ""), fate
        is_total = raw.get("name_zh", "").startswith("合计")
        assert not is_total or work["kind"] == "aggregate", fate
        if "year" in raw:
            assert work["year"] == raw["year"], fate
        name = raw.get("name_zh") or raw["station_zh"]
        assert is_total or work["kind"] == "aggregate" or work["name_zh"][:2] == name[:2], fate


def test_only_the_result_of_parking_and_what_is_of_line_5_or_the_laboratory_counts_for_2021() -> None:
    added = {fate["target"] for fate in rows(DATA / "raw_fates.csv") if fate["fate"] == "added"}
    counted = {row["work_id"]: row["counted"] for row in rows(DATA / "works.csv") if row["work_id"] in added}
    assert {work for work, word in counted.items() if word == "yes"} == {
        "I01", "T05-S03a", "T05-S03b", "T14-2021-BA01",
    }  # fmt: skip
    for row in rows(DATA / "works.csv"):
        if row["work_id"] in added and row["year"][:4] > "2021":
            assert row["counted"] == "no", row["work_id"]
        if row["raw_file"] == "2026-11/other_works.csv" and row["item_id"] == "C01":
            assert row["counted"] == "no", row["work_id"]


def test_the_promise_of_parking_reads_as_met_from_the_day_it_was() -> None:
    register = load_atlas().register
    item = progress(register, date(2026, 11, 29)).loc["T14"]
    assert (item["done"], item["promise"], item["promise_kept"]) == (20173, "kept", True)
    assert progress(register, date(2021, 10, 14)).loc["T14", "promise"] == "pending"
    assert progress(register, date(2021, 10, 15)).loc["T14", "promise"] == "kept"


def test_the_stations_of_line_5_stand_in_order() -> None:
    names = [row["name_zh"] for row in rows(DATA / "works.csv") if row["work_id"].startswith("T05-S")]
    assert len(names) == 15
    assert names[2:6] == ["北华路站", "湖滨路站", "红星路站", "永丰路站"]
    assert names == [row["name_zh"] for row in sorted(
        (row for row in rows(DATA / "works.csv") if row["work_id"].startswith("T05-S")), key=lambda row: row["work_id"]
    )]  # fmt: skip


def test_every_contradiction_shows_both_values_with_sources() -> None:
    sources = {row["source_id"] for row in rows(DATA / "sources.csv")}
    works = {row["work_id"] for row in rows(DATA / "works.csv")}
    found = rows(DATA / "disagreements.csv")
    assert len(found) == 13  # the eleven of NOTES, two of which are of two matters each
    for row in found:
        assert all(row.values()), row
        assert {row["first_source_id"], row["second_source_id"]} <= sources
        assert row["work_id"] in works


def test_places_by_name_of_a_stop_are_decided_one_by_one() -> None:
    given = rows(DATA / "raw" / "geodata" / "place_matches_by_bus_stop.csv")
    decided = rows(DATA / "place_matches.csv")
    assert [(row["name_zh"], row["lon"], row["lat"], row["stop_names"]) for row in decided] == [
        (row["name_zh"], row["lon"], row["lat"], row["stop_names"]) for row in given
    ]
    atlas = load_atlas()
    inside = district_of([float(row["lon"]) for row in decided], [float(row["lat"]) for row in decided], atlas.districts)
    state, facilities = atlas.register.state(date(2026, 11, 29)), atlas.register.facilities
    for row, code in zip(decided, inside, strict=True):
        assert code == row["district_code"]
        assert row["reason_zh"]
        assert row["reason_en"]
        now = (state if row["table"] == "works" else facilities).loc[row["row_id"]]
        is_there = (now["lon"], now["lat"]) == (float(row["lon"]), float(row["lat"]))
        assert is_there == (row["taken"] == "true"), row
        assert not is_there or now["place_source_id"] == "S-BUSSTOPS2014"


def test_under_the_rules_at_least_95_percent_of_the_places_corrected_later_hold() -> None:
    """Whoever corrects a place adds a check here; where it fails, the rule of its basis must be widened."""
    atlas = load_atlas()
    rules, checks = accuracy_rules(atlas.pack.root), place_checks(atlas.pack)
    for basis, row in calibration(checks, rules).iterrows():
        assert row["held_by_rule"] >= SHARE_TO_HOLD * row["checked"], basis
    assert checks["held"].sum() < SHARE_TO_HOLD * len(checks)  # as first stated they did not


@pytest.mark.parametrize("table", ["works", "facilities"])
def test_no_point_states_a_smaller_radius_than_the_rule_of_its_basis(table: str) -> None:
    atlas = load_atlas()
    rules = accuracy_rules(atlas.pack.root)
    now = atlas.register.state(date(2026, 11, 29)) if table == "works" else atlas.register.facilities
    points = now[now["lon"].notna()]
    assert (points["accuracy_m"] >= points["location_basis"].map(rules).fillna(0.0)).all()


def test_originals_are_linked_and_copies_are_not() -> None:
    sources = rows(DATA / "sources.csv")
    for row in sources:
        assert not (row["url"] and row["seen_via_mirror"] == "true"), row["source_id"]
        if row["url"]:
            assert f"via {row['url']}" not in row["citation"], row["source_id"]
