"""What a pack says of its city is checked when it is read, and every fault is named by its place in the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo.errors import DataError
from geo.paths import DATA_DIR
from geo.register.city_facts import read_city
from geo.register.pack import load_pack
from geo.register.pack_check import check_pack

Change = Callable[[dict[str, Any]], object]


def spoil(root: Path, change: Change) -> None:
    path = root / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    change(package)
    path.write_text(json.dumps(package, ensure_ascii=False), "utf-8")


def test_the_shipped_city() -> None:
    city = read_city(DATA_DIR)
    assert (city.projected_crs, city.epsg) == ("EPSG:4549", 4549)
    assert city.licence.label == "CC BY 4.0"
    assert city.name("zh") != city.name("en")
    assert "GeoNames" in city.credit_line("en")
    assert city.days.within(date(1999, 1, 1)) == city.days.first
    assert city.days.within(date(2099, 1, 1)) == city.days.last
    assert load_pack().city == city
    assert [city.program_name(lang) for lang in ("zh", "en")] == ["无锡城建一张图", "Wuxi Works Atlas"]


@pytest.mark.parametrize(
    ("name_zh", "title"),
    [("西安市", "西安城建一张图"), ("赫尔辛基", "赫尔辛基城建一张图"), ("延边朝鲜族自治州", "延边朝鲜族自治州城建一张图"), ("津市", "津市城建一张图")],
)  # fmt: skip
def test_the_program_is_called_after_the_city(name_zh: str, title: str) -> None:
    city = read_city(DATA_DIR).model_copy(update={"name_zh": name_zh, "name_en": "Town"})
    assert (city.program_name("zh"), city.program_name("en")) == (title, "Town Works Atlas")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda p: p.pop("city"), "code"),
        (lambda p: p.pop("licenses"), "licence"),
        (lambda p: p["city"].pop("author"), "author"),
        (lambda p: p["city"]["credits"]["places"].pop("en"), "credits.places.en"),
        (lambda p: p["city"]["credits"]["facts"].update(zh=""), "credits.facts.zh"),
        (lambda p: p["city"].update(projected_crs="EPSG:4326"), "projected_crs"),
        (lambda p: p["city"].update(projected_crs="EPSG:999999"), "projected_crs"),
        (lambda p: p["city"].update(projected_crs="CGCS2000"), "projected_crs"),
        (lambda p: p["city"].update(code="3202"), "code"),
        (lambda p: p["city"]["days"].update(last="2019-12-31"), "days"),
        (lambda p: p["city"]["days"].update(first="yesterday"), "days.first"),
        (lambda p: p["city"].update(plan_year="soon"), "plan_year"),
        (lambda p: p["city"].update(name_fr="x"), "name_fr"),
    ],
)
def test_faults_are_named_by_their_place(pack_copy: Path, change: Change, where: str) -> None:
    spoil(pack_copy, change)
    with pytest.raises(DataError, match=where):
        read_city(pack_copy)
    (problem, *_more) = check_pack(pack_copy)
    assert where in problem.text()
    assert "docs/data-pack.md" in problem.text()


def test_every_fault_is_told_at_once(pack_copy: Path) -> None:
    spoil(pack_copy, lambda p: p["city"].update(code="x", plan_year="x", projected_crs="x"))
    with pytest.raises(DataError) as caught:
        read_city(pack_copy)
    assert all(word in str(caught.value) for word in ("code", "plan_year", "projected_crs", "3"))


@pytest.mark.parametrize("code", ["EPSG:4548", "EPSG:4534", "EPSG:32648"])
def test_a_projection_of_another_part_of_the_country_is_a_fault(pack_copy: Path, code: str) -> None:
    spoil(pack_copy, lambda p: p["city"].update(projected_crs=code))
    problems = [problem.text() for problem in check_pack(pack_copy)]
    assert any("city.projected_crs" in text and code in text for text in problems)
