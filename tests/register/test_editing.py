"""What an editor types becomes rows, or faults that name their field."""

from __future__ import annotations

import json
import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.places.crs import convert
from geo.register.city import Atlas
from geo.register.editing import (
    Evidence,
    changed,
    district_at,
    event_row,
    first_day,
    place_fields,
    source_row,
    work_fields,
)
from geo.register.form_checks import Checks, FormError
from tests.depth import examples

DAY = date(2021, 9, 30)
SOURCE = {
    "title": "台账",
    "publisher": "住建局",
    "published": "2021-09",
    "url": "",
    "reliability": "official",
}
EVENT = {"kind": "status", "value": "completed", "day": DAY, "precision": "month", "source_id": "S1"}


def made(checks: Checks, **change: object) -> dict[str, object]:
    """A row of events of ``EVENT`` with some words changed."""
    words = EVENT | change
    told = Evidence(words["day"], words["precision"], str(words["source_id"]))
    return event_row(checks, "W1", str(words["kind"]), words["value"], told)


def faults(call: object) -> list[str]:
    """Fields of the faults that a call notes."""
    checks = Checks()
    call(checks)  # type: ignore[operator]
    with pytest.raises(FormError) as caught:
        checks.done()
    assert all(fault.error.text("en") != fault.error.text("zh") for fault in caught.value.faults)
    return [fault.field for fault in caught.value.faults]


def test_an_event_is_a_row_of_the_register() -> None:
    checks = Checks()
    row = made(checks)
    checks.done()
    assert row["value"] == "completed"
    assert (row["date"], row["date_precision"], row["confirmed"], row["unit"]) == (DAY, "month", True, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": None}, "date"),
        ({"precision": "week"}, "date_precision"),
        ({"value": "built"}, "value"),
        ({"kind": "quantity", "value": "很多"}, "value"),
        ({"kind": "quantity", "value": "-1"}, "value"),
        ({"kind": "quantity", "value": "nan"}, "value"),
        ({"kind": "quantity", "value": ""}, "value"),
        ({"kind": "milestone", "value": "  "}, "value"),
        ({"kind": "milestone", "value": "a\x00b"}, "value"),
        ({"source_id": ""}, "source_id"),
    ],
)
def test_each_fault_of_an_event_names_its_field(change: dict[str, object], field: str) -> None:
    assert faults(lambda checks: made(checks, **change)) == [field]


def test_all_faults_come_at_once() -> None:
    assert set(faults(lambda checks: made(checks, day=None, source_id="", value="x"))) == {
        "date",
        "source_id",
        "value",
    }


def test_the_same_source_typed_twice_is_one_source() -> None:
    checks = Checks()
    first, again = (
        source_row(checks, SOURCE, DAY),
        source_row(checks, SOURCE | {"title": " 台账 "}, date(2026, 1, 1)),
    )
    other = source_row(checks, SOURCE | {"publisher": "城管局"}, DAY)
    checks.done()
    assert first["source_id"] == again["source_id"] != other["source_id"]
    assert first["citation"] == "住建局，台账，2021-09"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"published": "2021-13"}, "published"),
        ({"published": "去年"}, "published"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"reliability": None}, "reliability"),
    ],
)
def test_each_fault_of_a_source_names_its_field(change: dict[str, object], field: str) -> None:
    assert faults(lambda checks: source_row(checks, SOURCE | change, DAY)) == [field]


def test_a_correction_holds_only_what_differs_from_what_was_seen() -> None:
    before = pd.Series(
        {"name_zh": "甲", "street": None, "quantity": 20.0, "unit": "个", "note_zh": float("nan")}
    )
    typed = {"name_zh": "甲", "street": "", "quantity": 25.0, "unit": "个", "note_zh": None}
    assert changed(before, typed) == {"quantity": 25}
    assert changed(before, typed | {"unit": ""}) == {"quantity": 25, "unit": None}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name_zh": ""}, "name_zh"),
        ({"name_zh": "长" * 201}, "name_zh"),
        ({"quantity": "二十"}, "quantity"),
        ({"category": "nope"}, "category"),
        ({"item_id": "Z99"}, "item_id"),
        ({"year": "21"}, "year"),
        ({"quantity": "5", "unit": ""}, "unit"),
    ],
)
def test_each_fault_of_a_work_names_its_field(atlas: Atlas, typed: dict[str, object], field: str) -> None:
    assert faults(lambda checks: work_fields(checks, typed, atlas)) == [field]


@examples(40)
@given(
    lon=st.floats(119.6, 120.6),
    lat=st.floats(31.2, 32.0),
    system=st.sampled_from(["WGS84", "GCJ02", "BD09", "CGCS2000", "EPSG:4549"]),
)
def test_a_place_in_any_system_is_the_same_place(atlas: Atlas, lon: float, lat: float, system: str) -> None:
    x, y = (float(value) for value in convert(lon, lat, source="WGS84", target=system))
    checks = Checks()
    place = place_fields(checks, x=repr(x), y=repr(y), system=system, accuracy=20, basis="surveyed")
    checks.done()
    assert place["lon"] == pytest.approx(lon, abs=1.1e-6)
    assert place["lat"] == pytest.approx(lat, abs=1.1e-6)
    assert (place["crs_original"], place["x_original"], place["y_original"]) == (system, repr(x), repr(y))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"x": ""}, "x"),
        ({"y": "北纬"}, "y"),
        ({"x": "31.5", "y": "120.3"}, "x"),
        ({"x": "520000", "y": "3490000"}, "x"),
        ({"x": math.inf}, "x"),
        ({"accuracy": ""}, "accuracy_m"),
        ({"accuracy": -5}, "accuracy_m"),
        ({"basis": "guess"}, "location_basis"),
    ],
)
def test_each_fault_of_a_place_names_its_field(atlas: Atlas, change: dict[str, object], field: str) -> None:
    given_ = {
        "x": "120.3",
        "y": "31.57",
        "system": "WGS84",
        "accuracy": 20,
        "basis": "surveyed",
    }
    assert faults(lambda checks: place_fields(checks, **given_ | change)) == [field]


def test_a_place_knows_its_district(atlas: Atlas) -> None:
    inside = atlas.districts.representative_point()
    for code, point in inside.items():
        assert district_at(point.x, point.y, atlas) == code
    assert district_at(100.0, 30.0, atlas) == ""


def test_a_mistake_is_corrected_from_before_anything_known(atlas: Atlas) -> None:
    row = atlas.pack.works.iloc[0]
    day = first_day(atlas, row)
    assert day <= min(day for day in atlas.pack.events["date"])
    assert day <= date(int(str(row["year"])[:4]), 1, 1)


def test_corrections_are_json_that_the_fold_reads(atlas: Atlas) -> None:
    checks = Checks()
    row = made(checks, kind="correction", value={"street": "河埒街道", "quantity": None})
    checks.done()
    assert json.loads(row["value"]) == {"street": "河埒街道", "quantity": None}
