"""A restored copy equals the original, event by event; an exported pack loads to the same register."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from sqlalchemy import select

from geo.errors import DataError, ParameterError
from geo.register.pack import TABLES, load_pack
from geo.register.pack_check import check_pack
from geo.register.register import Register
from geo.store import Batch, Store, open_store
from geo.store.engine import reading
from geo.store.schema import META
from geo.store.store import connect
from tests.store.conftest import EDITOR
from tests.store.test_edit import NEW, WORK

DAYS = (date(2021, 3, 31), date(2021, 12, 31), date(2026, 11, 23))


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is in the database."""
    with reading(store.engine) as connection:
        return {
            table.name: [
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in META.sorted_tables
        }


def same_states(one: Register, other: Register) -> None:
    for day in DAYS:
        pd.testing.assert_frame_equal(one.state(day), other.state(day))


@pytest.fixture
def busy(store: Store) -> Store:
    """A store in which a little of everything happened."""
    applied = store.apply(EDITOR, NEW)
    place = {"lon": 120.3, "lat": 31.6, "accuracy_m": 80, "location_basis": "published"}
    moved = {
        "work_id": "H02",
        "date": date(2022, 1, 1),
        "kind": "location",
        "value": place,
        "source_id": "S-PLAN",
    }
    store.apply(EDITOR, Batch(reason="定位", events=(moved,)))
    store.undo(EDITOR, store.history("H02").iloc[-1]["event_id"], "错了")
    store.undo(EDITOR, store.history("H02").iloc[-1]["event_id"], "没错")
    store.merge(EDITOR, "N-1", "U01-2021-001", "同一小区")
    gone = Batch(reason="x", works=(WORK | {"work_id": "N-2"},))
    store.undo_batch(EDITOR, store.apply(EDITOR, gone).batch_id, "误录")
    store.add_remark("写错了", work_id="H02", sender="y")
    assert applied.works == 1
    return store


def test_a_restored_copy_equals_the_original(busy: Store, new_url: Callable[[], str], tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    busy.backup(path)
    with pytest.raises(ParameterError, match="已存在"):
        busy.backup(path)
    copy = connect(new_url())
    copy.restore(path)
    assert rows(copy) == rows(busy)
    assert copy.stamp() == busy.stamp()
    same_states(Register.from_pack(copy.pack()), Register.from_pack(busy.pack()))
    with pytest.raises(ParameterError, match="已有登记"):
        copy.restore(path)
    copy.apply(EDITOR, Batch(reason="x", works=(WORK | {"work_id": "N-3"},)))
    copy.restore(path, replace=True)
    assert rows(copy) == rows(busy)
    assert copy.apply(EDITOR, Batch(reason="x", works=(WORK | {"work_id": "N-3"},))).works == 1
    copy.engine.dispose()


@pytest.mark.parametrize("spoil", ["cut", "changed", "newer", "text"])
def test_a_spoilt_backup_changes_nothing(store: Store, tmp_path: Path, spoil: str) -> None:
    path, bad = tmp_path / "b.zip", tmp_path / "bad.zip"
    store.backup(path)
    before = rows(store)
    if spoil == "cut":
        bad.write_bytes(path.read_bytes()[:5000])
    elif spoil == "text":
        bad.write_text("no zip")
    else:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, "w") as new:
            for name in old.namelist():
                body = old.read(name)
                if spoil == "changed" and name == "events.jsonl":
                    body = body.replace(b"completed", b"cancelled", 1)
                if spoil == "newer" and name == "manifest.json":
                    body = json.dumps(json.loads(body) | {"migration": "m9999"}).encode()
                new.writestr(name, body)
    with pytest.raises(DataError, match=r"bad\.zip"):
        store.restore(bad, replace=True)
    assert rows(store) == before


def test_a_backup_that_is_a_bomb_is_refused_before_it_is_unpacked(store: Store, tmp_path: Path) -> None:
    bomb, before = tmp_path / "bomb.zip", rows(store)
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("events.jsonl", "w") as out,
    ):
        for _mebibyte in range(200):
            out.write(bytes(2**20))
    with pytest.raises(DataError, match=r"bomb\.zip.*压缩炸弹"):
        store.restore(bomb, replace=True)
    assert rows(store) == before


def test_a_backup_is_opened_by_the_reading_process_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.zip"
    store.backup(path)
    before = rows(store)
    monkeypatch.setattr("zipfile.ZipFile", None)
    store.restore(path, replace=True)
    assert rows(store) == before


def test_an_exported_pack_is_sound_and_loads_to_the_same_register(busy: Store, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    busy.export_pack(folder)
    assert [problem.text() for problem in check_pack(folder)] == []
    ours = busy.pack()
    files = load_pack(folder)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(files, name), getattr(ours, name))
    same_states(Register.from_pack(files), Register.from_pack(ours))
    copy = open_store(f"sqlite:///{tmp_path / 'copy.db'}", folder)
    same_states(Register.from_pack(copy.pack()), Register.from_pack(ours))
    copy.engine.dispose()


def test_the_register_opens_as_a_geopackage(busy: Store, tmp_path: Path) -> None:
    path = tmp_path / "day.gpkg"
    busy.export_geopackage(path, DAYS[1])
    assert {name for name, _kind in pyogrio.list_layers(path)} == {
        "works",
        "lines",
        "facilities",
        "events",
        "sources",
    }
    works = pyogrio.read_dataframe(path, layer="works").set_index("work_id")
    state = Register.from_pack(busy.pack()).state(DAYS[1])
    assert works.crs.to_epsg() == 4326
    assert works["status"].to_dict() == state["status"].to_dict()
    assert works.geometry.notna().sum() == state["lon"].notna().sum()
    assert not (pyogrio.read_dataframe(path, layer="events")["date"] > DAYS[1].isoformat()).any()
    assert pyogrio.read_dataframe(path, layer="lines")["status"].notna().any()
