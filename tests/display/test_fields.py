"""One table of fields: unique names that ten letters hold, and every header finds its field again."""

from __future__ import annotations

import pytest

from geo.display.fields import FIELDS, Field, field_of, labels
from geo.register.city import Atlas


def test_names_and_labels_are_unique_and_fit_a_shapefile() -> None:
    for words in (
        [field.name for field in FIELDS],
        [field.short.upper() for field in FIELDS],
        [field.zh for field in FIELDS],
        [field.en.casefold() for field in FIELDS],
    ):
        assert len(words) == len(set(words))
    assert all(field.short.isascii() and 0 < len(field.short) <= 10 for field in FIELDS)


def test_every_column_of_the_works_has_a_field(atlas: Atlas) -> None:
    internal = {"raw_file", "raw_row"}  # where a row of the pack came from; says nothing of the work
    assert set(atlas.pack.works.columns) - {field.name for field in FIELDS} == internal


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_header_finds_its_field(field: Field) -> None:
    for word in (field.name, field.short, field.zh, field.en, f"\ufeff {field.name} "):
        assert field_of(word) is field
    for lang in ("zh", "en"):
        assert field_of(labels([field.name], lang, system="GCJ-02")[field.name]) is field


def test_case_decides_only_between_a_label_and_a_name() -> None:
    found = {word: field_of(word) for word in ("Category", "category", "CATEGORY", "work_ID", "acc", "LON")}
    assert {word: field and field.name for word, field in found.items()} == {
        "Category": "category_text",
        "category": "category",
        "CATEGORY": "category",
        "work_ID": "work_id",
        "acc": None,
        "LON": "lon",
    }


@pytest.mark.parametrize("header", ["", "小区", "名称（备注）", "经度经度", "()"])
def test_other_headers_are_left_to_the_importer(header: str) -> None:
    assert field_of(header) is None
