"""The bus stops of 2014: every row of the file stands in the register as it was received, and everything says "2014"."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from geo.atlas import load_atlas
from geo.coverage.answer import coverage
from geo.coverage.demand import census_demand, modelled_demand
from geo.coverage.reach import Reach
from geo.paths import DATA_DIR
from geo.register.facilities import facility_set
from tools.bus_stop_rows import RAW

URBAN = {"320205", "320206", "320211", "320213", "320214"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_each_stop_of_the_file_is_one_facility_with_its_own_place() -> None:
    raw = rows(DATA_DIR / "raw" / "geodata" / RAW)
    ours = {int(row["raw_row"]): row for row in rows(DATA_DIR / "facilities.csv") if row["raw_file"] == RAW}
    assert sorted(ours) == list(range(1, len(raw) + 1))
    for number, stop in enumerate(raw, 1):
        row = ours[number]
        assert (row["name_zh"], float(row["lon"]), float(row["lat"])) == (
            stop["name_zh"],
            float(stop["lon"]),
            float(stop["lat"]),
        )
        assert float(row["accuracy_m"]) >= float(stop["spread_m"])
        assert "2014" in row["note_zh"]
        assert "2014" in row["note_en"]
        assert row["opened"] == ""
    assert {row["district_code"] for row in ours.values()} == URBAN


@pytest.mark.parametrize("radius", [300.0, 500.0])
def test_coverage_of_bus_stops_is_dated_and_unknown_where_none_was_received(radius: float) -> None:
    atlas = load_atlas()
    stops = facility_set(atlas.register, ("bus_stop",), "as_of", date(2026, 11, 29))
    answer = coverage(atlas, stops, modelled_demand(atlas), Reach.straight(radius))
    unknown = answer.table["share_area"].isna()
    assert set(answer.table.index[~unknown]) == URBAN | {atlas.city.code}
    shares = answer.table[[name for name in answer.table if "share" in name or "distance" in name]]
    assert shares[unknown].isna().all().all()
    for lang, independent in (("zh", "不是独立的检验"), ("en", "no independent test")):
        notes = "\n".join(answer.messages(lang))
        assert "2014-01" in notes
        assert independent in notes


def test_the_even_spread_is_an_independent_test_and_does_not_say_otherwise() -> None:
    atlas = load_atlas()
    stops = facility_set(atlas.register, ("bus_stop",), "as_of", date(2026, 11, 29))
    answer = coverage(atlas, stops, census_demand(atlas), Reach.straight(500))
    assert "不是独立的检验" not in "\n".join(answer.messages("zh"))
