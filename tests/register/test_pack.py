"""The pack loads typed, and every fault of it is named with table, row and field."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from geo.errors import DataError
from geo.register.pack import load_pack
from geo.register.pack_check import check_pack


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_pack_is_sound() -> None:
    assert [problem.text() for problem in check_pack()] == []


def test_types() -> None:
    pack = load_pack()
    assert pack.plan_items.loc["U01", "target"] == 166.0
    assert pack.plan_items.loc["U01", "due_date"] == date(2021, 12, 31)
    assert pack.plan_items["headline"].dtype == bool
    assert pack.works.loc["U01-2021-002", "lon"] != pack.works.loc["U01-2021-002", "lon"]  # unknown is NaN
    assert pack.works.loc["U01-2021-002", "street"] is None
    assert pack.lines.crs.to_epsg() == 4326
    assert pack.lines.loc["L3", "opened"] == date(2020, 10, 28)


def test_any_change_of_data_is_another_version(pack_copy: Path) -> None:
    before = load_pack(pack_copy).digest
    edit(pack_copy / "works.csv", "银杏苑", "银杏园")
    assert load_pack(pack_copy).digest != before


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("works.csv", "120.307,31.552", "abc,31.552", "works.csv:26 [lon]"),
        ("works.csv", "U01-2021-002", "U01-2021-001", "[work_id]"),
        ("works.csv", "district_code", "district", "district_code"),
        ("events.csv", "2021-12-17", "2021-13-17", "[date]"),
        ("plan_items.csv", "U01,五,community", "U01,五,", "plan_items.csv:33 [category]"),
        ("lines.geojson", '"features"', '"feature"', "lines.csv"),
    ],
)
def test_faults_are_named(pack_copy: Path, file: str, old: str, new: str, where: str) -> None:
    edit(pack_copy / file, old, new)
    with pytest.raises(DataError) as caught:
        load_pack(pack_copy)
    assert where.split(":", maxsplit=1)[0] in str(caught.value)
    assert where.rsplit("[", maxsplit=1)[-1].rstrip("]") in str(caught.value)


def test_all_faults_are_listed_at_once(pack_copy: Path) -> None:
    edit(pack_copy / "works.csv", "120.307,31.552", "abc,def")
    edit(pack_copy / "events.csv", "2021-12-17", "yesterday")
    with pytest.raises(DataError) as caught:
        load_pack(pack_copy)
    assert caught.value.params["n"] == 3
    assert "yesterday" in str(caught.value)
    assert "abc" in str(caught.value)


@pytest.mark.parametrize("name", ["works.csv", "datapackage.json", "lines.geojson"])
def test_a_missing_file_is_said(pack_copy: Path, name: str) -> None:
    (pack_copy / name).unlink()
    with pytest.raises(DataError, match=name.split(".", maxsplit=1)[0]):
        load_pack(pack_copy)


def test_a_broken_description_is_said(pack_copy: Path) -> None:
    (pack_copy / "datapackage.json").write_text("{", "utf-8")
    with pytest.raises(DataError, match="datapackage"):
        load_pack(pack_copy)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("plan_items.csv", "实施老旧小区整治166个", "实施老旧小区整治一百六十六个", "找不到这句话"),
        ("works.csv", "120.307,31.552,,specific,1200", "121.307,31.552,,specific,1200", "不在任何区县"),
        ("works.csv", "120.307,31.552,,specific,1200", "120.317,31.552,,specific,1200", "换算的结果不符"),
        ("works.csv", "120.307,31.552,,specific,1200", "120.307,31.552,,specific,", "没有误差半径"),
        ("events.csv", ",status,completed,", ",status,finished,", "不认识的状态"),
        ("events.csv", "S-T06,2026-11-23", "S-NOPE,2026-11-23", "不符合描述"),
        ("works.csv", "communities.csv,1\n", "communities.csv,2\n", "已用于"),
    ],
)
def test_rules_that_no_schema_can_say(pack_copy: Path, file: str, old: str, new: str, words: str) -> None:
    edit(pack_copy / file, old, new)
    problems = check_pack(pack_copy)
    assert any(words in problem.text() for problem in problems), [p.text() for p in problems]
    assert all(problem.text("en") for problem in problems)


def test_a_confirmed_event_cannot_lie_ahead(pack_copy: Path) -> None:
    edit(pack_copy / "events.csv", "2026-11-23", "2000-01-01")
    assert any("晚于登记日" in problem.text() for problem in check_pack(pack_copy))


def test_the_description_names_every_table_and_licence() -> None:
    package = json.loads((load_pack().root / "datapackage.json").read_text("utf-8"))
    assert {"plan_items", "works", "events", "sources", "facilities", "lines"} <= {
        r["name"] for r in package["resources"]
    }
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    for resource in package["resources"]:
        for field in resource.get("schema", {}).get("fields", []):
            assert field["title"], field
            assert field["description"], field
