"""Opening a store: tables, pack, roles and the first writings; what is read equals the pack."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import geopandas.testing
import pandas as pd
import pytest

from geo.atlas import load_atlas
from geo.errors import AccessError, ConflictError, DataError
from geo.register.pack import TABLES, load_pack
from geo.register.register import Register
from geo.store import Actor, Batch, Role, Store, open_store
from tests.store.conftest import EDITOR

DONE = {"work_id": "H02", "date": "2021-12-01", "kind": "status", "value": "completed", "source_id": "S-PLAN"}


def test_what_is_read_equals_the_pack(store: Store) -> None:
    ours, files = store.pack(), load_pack()
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(ours, name), getattr(files, name))
    geopandas.testing.assert_geodataframe_equal(ours.lines, files.lines)
    assert store.sync() is None
    assert store.revision() == 1


def test_a_batch_is_one_revision_and_never_written_twice(store: Store) -> None:
    before = store.version("H02")
    batch = Batch(reason="验收报告", events=(DONE,), key="k1")
    applied = store.apply(EDITOR, batch)
    assert (applied.events, applied.repeated, applied.revision) == (1, False, 2)
    for again in (batch, dataclasses.replace(batch, key="k2")):
        assert store.apply(EDITOR, again) == dataclasses.replace(applied, events=0, repeated=True)
    state = Register.from_pack(store.pack()).state(date(2022, 1, 1))
    assert state.at["H02", "status"] == "completed"
    assert store.version("H02") == before + 1


def test_only_editors_write(store: Store) -> None:
    for actor in (Actor("访客", Role.viewer), Actor(" ", Role.admin)):
        with pytest.raises(AccessError):
            store.apply(actor, Batch(reason="x", events=(DONE,)))
    assert store.revision() == 1


def test_the_second_editor_is_told_what_changed(store: Store) -> None:
    seen = store.version("H02")
    store.apply(EDITOR, Batch(reason="验收报告", events=(DONE,), expected={"H02": seen}))
    late = DONE | {"value": "implementation"}
    with pytest.raises(ConflictError, match=r"王工.*completed"):
        store.apply(Actor("李工", Role.editor), Batch(reason="现场", events=(late,), expected={"H02": seen}))
    assert store.version("H02") == seen + 1


def test_all_problems_at_once_and_nothing_written(store: Store) -> None:
    bad = DONE | {"date": "2021-13-01", "value": "done", "source_id": "S-NO"}
    work = {"work_id": "N-1", "name_zh": "a\0b", "lon": 500, "foo": 1}
    with pytest.raises(DataError) as caught:
        store.apply(EDITOR, Batch(reason="", works=(work,), events=(bad,)))
    found = {(problem.table, problem.field) for problem in caught.value.params["problems"]}
    expected = {
        ("batch", "reason"),
        ("works", "name_zh"),
        ("works", "lon"),
        ("works", "foo"),
        ("works", "kind"),
    }
    assert found >= expected | {("events", "date"), ("events", "source_id")}
    assert store.revision() == 1


def test_the_atlas_follows_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = load_atlas().version
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    assert load_atlas().version == files
    store = open_store()
    before = load_atlas()
    assert before.version != files
    assert load_atlas() is before
    store.apply(EDITOR, Batch(reason="验收报告", events=(DONE,)))
    assert load_atlas().version != before.version
    assert load_atlas().register.state(date(2022, 1, 1)).at["H02", "done"]
