"""Backups hold the outlines of works and facilities: after a restore they are what they were, whatever was brought since."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.saved_data import save_dataset
from geo.errors import DataError
from geo.register.city import Atlas
from geo.register.work_outlines import facility_outlines, work_outlines
from geo.store import Store
from geo.store.backup_outlines import drop_other_outlines, listed_outlines, pack_outlines, put_outlines
from tests.depth import examples

WORKS = ("U01-2021-001", "U01-2021-002", "T06", "H02")


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path / "var"))


def bring(ids: list[str], size: int) -> None:
    """A list that draws a square of a size around each of some works."""
    squares = [
        shapely.box(120.3, 31.5, 120.3 + size * 1e-3, 31.5 + (at + 1) * 1e-3) for at in range(len(ids))
    ]
    frame = gpd.GeoDataFrame({"work_id": ids, "accuracy_m": 100.0}, geometry=squares, crs=4326)
    save_dataset("outlines", frame, name=f"清单{size}")


def shapes(atlas: Atlas) -> dict[str, str]:
    found = work_outlines(atlas.register).geometry
    return {str(work_id): shape.wkt for work_id, shape in found.items()}


lists = st.lists(
    st.tuples(st.lists(st.sampled_from(WORKS), min_size=1, max_size=3, unique=True), st.integers(1, 5)),
    max_size=4,
)


@given(before=lists, since=lists)
@examples(8, deep=60)
def test_what_was_packed_is_what_comes_back(before, since, atlas: Atlas) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_VAR", folder)
        for each in before:
            bring(*each)
        right = shapes(atlas)
        path, unpacked = Path(folder) / "b.zip", Path(folder) / "unpacked"
        with zipfile.ZipFile(path, "w") as archive:
            listed = listed_outlines({"outlines": json.loads(json.dumps(pack_outlines(archive)))})
        for each in since:
            bring(*each)
        zipfile.ZipFile(path).extractall(unpacked)
        for _again in range(2):  # twice is as once
            put_outlines(unpacked, listed)
            drop_other_outlines(listed)
            assert shapes(atlas) == right


def test_a_restored_store_has_its_outlines_elsewhere_too(
    store: Store, atlas: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facility = str(atlas.register.facilities.index[0])
    bring([WORKS[0], facility], 2)
    right = shapes(atlas)
    assert list(right) == [WORKS[0]]
    store.backup(tmp_path / "b.zip")
    bring([WORKS[0]], 4)
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path / "other"))
    store.restore(tmp_path / "b.zip", replace=True)
    assert shapes(atlas) == right
    assert list(facility_outlines(atlas.register).index) == [facility]


@pytest.mark.parametrize("name", ["../outlines-" + "0" * 32 + ".json", "zones-" + "0" * 32 + ".gpkg", ""])
def test_no_name_of_a_backup_becomes_another_path(name: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        listed_outlines({"outlines": [{"name": name, "sha256": "", "time_ns": 0}]})


def test_a_spoilt_outline_changes_nothing(store: Store, atlas: Atlas, tmp_path: Path) -> None:
    bring([WORKS[0]], 2)
    store.backup(tmp_path / "b.zip")
    bring([WORKS[0]], 4)
    before = shapes(atlas)
    with zipfile.ZipFile(tmp_path / "b.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b"x" if name.endswith(".gpkg") else b""))
    with pytest.raises(DataError, match=r"bad\.zip"):
        store.restore(tmp_path / "bad.zip", replace=True)
    assert shapes(atlas) == before


def test_a_backup_of_before_leaves_outlines_alone(store: Store, atlas: Atlas, tmp_path: Path) -> None:
    store.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as old, zipfile.ZipFile(tmp_path / "older.zip", "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "manifest.json":
                body = json.dumps({k: v for k, v in json.loads(body).items() if k != "outlines"}).encode()
            new.writestr(name, body)
    bring([WORKS[0]], 4)
    store.restore(tmp_path / "older.zip", replace=True)
    assert list(shapes(atlas)) == [WORKS[0]]
