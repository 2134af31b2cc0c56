"""The table of indicators: complete against the list, honest about what is checked; read by the csv module alone."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
COLUMNS = [
    "indicator_id",
    "list_no",
    "name_zh",
    "name_en",
    "facility_kinds",
    "reach",
    "threshold_m",
    "threshold_min",
    "denominator",
    "pass_mark",
    "standard",
    "clause",
    "checked",
    "evidence",
    "note_zh",
    "note_en",
    "parts",
]
RULES = {"all", "any"}
REACHES = {"", "straight", "walk", "drive"} | RULES
DENOMINATORS = {"", "land", "residents", "residential_land", "built_up_land", "communities", "commuters"}
STRAIGHT_M = {
    "metro_800": 800,
    "bus_500": 500,
    "bus_area_300": 300,
    "bus_area_500": 500,
    "hospital_2000": 2000,
    "kindergarten_radius_300": 300,
    "primary_radius_500": 500,
    "middle_radius_1000": 1000,
    "bus_radius_500": 500,
    "metro_radius_800": 800,
    "health_radius_1000": 1000,
    "culture_radius_1000": 1000,
    "service_radius_300": 300,
    "market_radius_500": 500,
    "park_500": 500,
    "park_300": 300,
    "greenway_1000": 1000,
}
MINUTES = {
    "primary_walk_10": ("walk", 10),
    "middle_walk_15": ("walk", 15),
    "health_walk_15": ("walk", 15),
    "elderly_walk_5": ("walk", 5),
    "culture_walk_15": ("walk", 15),
    "sports_walk_15": ("walk", 15),
    "football_walk_15": ("walk", 15),
    "market_walk_10": ("walk", 10),
    "park_walk_5": ("walk", 5),
    "fire_drive_5": ("drive", 5),
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def indicators() -> list[dict[str, str]]:
    return rows("indicators.csv")


def test_the_file_has_its_columns_and_plain_line_ends() -> None:
    raw = (DATA / "indicators.csv").read_bytes()
    assert raw.decode("utf-8").splitlines()[0].split(",") == COLUMNS
    assert b"\r" not in raw
    assert raw.endswith(b"\n")


def test_no_row_is_too_long_or_too_short(indicators: list[dict[str, str]]) -> None:
    for row in indicators:
        assert list(row) == COLUMNS, row
        assert None not in row.values(), row


def test_ids_are_unique_slugs(indicators: list[dict[str, str]]) -> None:
    ids = [row["indicator_id"] for row in indicators]
    assert len(set(ids)) == len(ids)
    for indicator_id in ids:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", indicator_id)


def test_every_number_of_the_list_is_there(indicators: list[dict[str, str]]) -> None:
    assert {int(row["list_no"]) for row in indicators if row["list_no"]} == set(range(1, 34))


def test_every_row_is_named_in_both_languages(indicators: list[dict[str, str]]) -> None:
    for row in indicators:
        assert re.search(r"[\u4e00-\u9fff]", row["name_zh"]), row
        assert row["name_en"], row
        assert row["name_en"].isascii(), row


def test_english_names_tell_all_rows_apart(indicators: list[dict[str, str]]) -> None:
    names = [row["name_en"] for row in indicators]
    assert len(set(names)) == len(names)


def test_facility_kinds_exist(indicators: list[dict[str, str]]) -> None:
    kinds = [row["kind_id"] for row in rows("kinds.csv")]
    assert len(set(kinds)) == len(kinds)
    for row in indicators:
        if row["facility_kinds"]:
            assert set(row["facility_kinds"].split("|")) <= set(kinds), row


def test_closed_vocabularies(indicators: list[dict[str, str]]) -> None:
    for row in indicators:
        assert row["reach"] in REACHES, row
        assert row["denominator"] in DENOMINATORS, row
        assert row["checked"] in {"true", "false"}, row
        assert re.fullmatch(r"-|[ABK](/[ABK])*", row["evidence"]), row


def test_facilities_have_a_reach_and_one_positive_threshold(indicators: list[dict[str, str]]) -> None:
    for row in indicators:
        thresholds = [float(row[name]) for name in ("threshold_m", "threshold_min") if row[name]]
        if row["parts"]:
            assert row["reach"] in RULES, row
            assert not thresholds, row
        elif row["facility_kinds"]:
            assert row["reach"], row
            assert len(thresholds) == 1, row
            assert thresholds[0] > 0, row
        else:
            assert not row["reach"], row
            assert not thresholds, row
        if row["reach"] == "straight":
            assert row["threshold_m"], row


def test_the_parts_of_a_composite_one_are_single_ones_of_kinds_and_a_distance(
    indicators: list[dict[str, str]],
) -> None:
    single = {row["indicator_id"] for row in indicators if row["facility_kinds"] and not row["parts"]}
    composite = [row for row in indicators if row["parts"]]
    assert {row["list_no"] for row in composite} == {"16", "19", "20", "21", "32", "33"}
    for row in composite:
        parts = row["parts"].split("|")
        assert set(parts) <= single, row
        assert len(parts) == len(set(parts)) > 1, row
        assert not row["facility_kinds"], row


def test_checked_is_only_what_was_seen_in_a_text(indicators: list[dict[str, str]]) -> None:
    listed = [row for row in indicators if row["list_no"]]
    for row in listed:
        assert (row["checked"] == "true") == (row["evidence"] == "A"), row
    checked = {int(row["list_no"]) for row in listed if row["checked"] == "true"}
    assert checked == {16, 18, 20, 25, 26, 29, 32}


def test_what_cannot_be_computed_says_why_in_both_languages(indicators: list[dict[str, str]]) -> None:
    for row in indicators:
        if not (row["facility_kinds"] and row["reach"]):
            assert row["note_zh"], row
            assert row["note_en"], row


def test_notes_come_in_pairs_and_end_as_sentences(indicators: list[dict[str, str]]) -> None:
    for row in indicators:
        assert bool(row["note_zh"]) == bool(row["note_en"]), row
        assert not row["note_zh"] or row["note_zh"].endswith("。"), row
        assert not re.search(r"[,;!?()]", row["note_zh"]), row
        assert not row["note_en"] or row["note_en"].endswith("."), row
        assert row["note_en"].isascii(), row


def test_the_metro_row_is_800_m_straight(indicators: list[dict[str, str]]) -> None:
    row = next(row for row in indicators if row["list_no"] == "1")
    assert row["indicator_id"] == "metro_800"
    assert row["name_zh"] == "轨道交通站点800米半径服务覆盖率"
    assert (row["facility_kinds"], row["reach"]) == ("metro_station", "straight")
    assert (row["threshold_m"], row["threshold_min"]) == ("800", "")


def test_straight_radii_and_minutes_are_those_of_the_list(indicators: list[dict[str, str]]) -> None:
    """A row of one's own has no number in the list, and may have any radius."""
    listed = [row for row in indicators if row["list_no"]]
    straight = {row["indicator_id"]: row for row in listed if row["reach"] == "straight"}
    minutes = {row["indicator_id"]: row for row in listed if row["threshold_min"]}
    assert {key: float(row["threshold_m"]) for key, row in straight.items()} == STRAIGHT_M
    assert {key: (row["reach"], float(row["threshold_min"])) for key, row in minutes.items()} == MINUTES


def test_pass_marks_are_only_those_of_the_list(indicators: list[dict[str, str]]) -> None:
    assert {row["indicator_id"]: row["pass_mark"] for row in indicators if row["pass_mark"] and row["list_no"]} == {
        "metro_commute_share": ">= 30 / 20 / 10 %",
        "bus_500": ">= 90 %",
        "bus_area_300": ">= 50 %",
        "bus_area_500": ">= 90 %",
        "park_500": "> 80 %",
    }


def test_a_nine_year_school_serves_as_primary_and_as_junior_high(indicators: list[dict[str, str]]) -> None:
    for row in indicators:
        kinds = row["facility_kinds"].split("|")
        if "school_primary" in kinds or "school_middle" in kinds:
            assert "school_nine_year" in kinds, row
