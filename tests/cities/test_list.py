"""The list of cities: which packs there are, which is the first, and what a wrong list says."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cities import cities, city_called, entered
from geo.errors import DataError, StoreError, UnknownIdError
from geo.paths import DATA_DIR, data_dir, database_url, var_dir

Packs = Callable[..., Path]


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packs:
    """Makes a folder of packs with these slugs, which is the list from now on."""

    def make(*slugs: object) -> Path:
        for at, slug in enumerate(slugs):
            folder = tmp_path / f"{at:02}"
            folder.mkdir()
            city = {} if slug is None else {"slug": slug}
            (folder / "datapackage.json").write_text(json.dumps({"city": city}), "utf-8")
        monkeypatch.setenv("ATLAS_CITIES", str(tmp_path))
        return tmp_path

    return make


def test_without_a_list_nothing_is_new(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ATLAS_CITIES", raising=False)
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    monkeypatch.setenv("ATLAS_DATABASE_URL", "sqlite:///x.db")
    assert cities() == ()
    assert (data_dir(), var_dir(), database_url()) == (DATA_DIR, tmp_path, "sqlite:///x.db")
    with pytest.raises(UnknownIdError, match="wuxi"):
        city_called("wuxi")


def test_each_city_has_a_folder_and_a_store_of_its_own(packs: Packs, monkeypatch: pytest.MonkeyPatch) -> None:
    root = packs("a", "b-2")
    monkeypatch.setenv("ATLAS_VAR", str(root / "var"))
    monkeypatch.setenv("ATLAS_DATABASE_URL", "postgresql://host/atlas_{city}")
    for city in cities():
        with entered(city):
            assert data_dir() == city.data
            assert var_dir() == root / "var" / "cities" / city.slug
            assert database_url() == f"postgresql://host/atlas_{city.slug}"
    assert data_dir() == root / "00", "the first city is meant where nobody says which"


def test_one_database_for_two_cities_is_refused(packs: Packs, monkeypatch: pytest.MonkeyPatch) -> None:
    packs("a", "b")
    monkeypatch.setenv("ATLAS_DATABASE_URL", "postgresql://host/atlas")
    with pytest.raises(StoreError):
        database_url()


def test_the_pack_of_atlas_data_is_the_first(packs: Packs, monkeypatch: pytest.MonkeyPatch) -> None:
    root = packs("a", "b", "c")
    monkeypatch.setenv("ATLAS_DATA", str(root / "01"))
    assert [city.slug for city in cities()] == ["b", "a", "c"]
    monkeypatch.setenv("ATLAS_CITIES", os.pathsep.join([str(root / "02"), str(root / "00")]))
    assert [city.slug for city in cities()] == ["c", "a"]


@pytest.mark.parametrize("wrong", [None, "", "Wuxi", "无锡", "a/b", "..", "a b", "-a", "a" * 41, 7, ["a"]])
def test_a_slug_that_is_no_address_is_refused(packs: Packs, wrong: object) -> None:
    packs("a", wrong)
    with pytest.raises(DataError, match="slug"):
        cities()


def test_two_cities_of_one_slug_are_refused(packs: Packs) -> None:
    packs("a", "b", "a")
    with pytest.raises(DataError, match="slug"):
        cities()


def test_a_path_without_a_pack_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        monkeypatch.setenv("ATLAS_CITIES", str(path))
        with pytest.raises(DataError, match="ATLAS_CITIES"):
            cities()


def test_the_slugs_of_the_packs_are_checked_with_the_pack(tmp_path: Path) -> None:
    from geo.register.city_facts import read_city

    shutil.copy(DATA_DIR / "datapackage.json", tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert read_city(tmp_path).slug == "wuxi"
    package["city"]["slug"] = "Wu Xi"
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises(DataError, match="slug"):
        read_city(tmp_path)


@given(st.text())
def test_no_text_of_an_address_becomes_a_folder(slug: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_CITIES", str(DATA_DIR))
        if slug == "wuxi":
            assert city_called(slug).data == DATA_DIR
            return
        with pytest.raises(UnknownIdError):
            city_called(slug)
