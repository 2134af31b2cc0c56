"""One table of fields: unique names that ten letters hold, and every header finds its field again."""

from __future__ import annotations

import pytest

from geo.display.fields import FIELDS, IN_FILES, Field, field_of, label_for_people, labels
from geo.ingest.cells.header_terms import field_labels, field_types
from geo.register.city import Atlas
from geo.register.editing import CORRECTABLE
from geo.text import LANGUAGES


def test_names_and_labels_are_unique_and_fit_a_shapefile() -> None:
    for words in (
        [field.name for field in FIELDS],
        [field.zh for field in FIELDS if field.zh],
        [field.en.casefold() for field in FIELDS if field.zh],
        [field.short.upper() for field in IN_FILES],
    ):
        assert len(words) == len(set(words))
    assert all(field.short.isascii() and 0 < len(field.short) <= 10 for field in IN_FILES)
    assert all(field.zh for field in IN_FILES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_that_a_person_meets_has_one_label(lang: str, atlas: Atlas) -> None:
    """Fields that lists, forms, events and sources have: each has a label, and those of a list are told apart."""
    met = {*field_types(), *CORRECTABLE, *atlas.pack.sources.columns} - {
        "source_id",
        "licence",
        "citation",
        "seen_via_mirror",
    }
    assert [name for name in met if label_for_people(name, lang) in ("", name)] == []
    listed = list(field_labels(lang).values())
    assert len(listed) == len(set(listed))


def test_a_field_is_shown_by_a_field_that_has_a_label() -> None:
    named = {field.name: field for field in FIELDS}
    for field in FIELDS:
        assert field.zh or field.shown_as
        assert not field.shown_as or named[field.shown_as].zh


def test_every_column_of_the_works_has_a_field(atlas: Atlas) -> None:
    internal = {"raw_file", "raw_row"}  # where a row of the pack came from; says nothing of the work
    assert set(atlas.pack.works.columns) - {field.name for field in FIELDS} == internal


@pytest.mark.parametrize("field", IN_FILES, ids=lambda field: field.name)
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
