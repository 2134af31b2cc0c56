"""The city pack loads once; what changes in it becomes events, and what vanishes is said and kept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import DataError
from geo.register.pack import load_pack
from geo.register.register import Register
from geo.store import Batch, Store, open_store
from tests.store.conftest import EDITOR
from tests.store.test_edit import NEW

DAYS = (date(2019, 1, 1), date(2021, 12, 31), date(2026, 11, 23))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def event_of(store: Store, work_id: str) -> pd.Series:
    return store.history(work_id).iloc[-1]


def test_changed_cells_become_events_and_hold_on_every_day(url: str, pack_copy: Path, tmp_path: Path) -> None:
    store = open_store(url, pack_copy)
    assert store.sync() is None
    edit(pack_copy / "works.csv", "银杏苑", "银杏园")
    edit(pack_copy / "events.csv", ",2021-12-17,", ",2021-12-18,")
    edit(pack_copy / "facilities.csv", "江苏省无锡师范学校附属太湖新城小学", "太湖新城小学")
    edit(pack_copy / "lines.geojson", '"length_km": 34.6', '"length_km": 35.5')
    edit(pack_copy / "lines.geojson", "120.31029", "120.3103")
    summary = store.sync()
    assert summary is not None
    assert summary.changed == {"works": 1, "events": 1, "facilities": 1, "lines": 1}
    assert (summary.added, summary.vanished) == ({}, [])
    assert store.sync() is None
    fresh = open_store(f"sqlite:///{tmp_path / 'fresh.db'}", pack_copy)
    ours, theirs = store.pack(), fresh.pack()
    for day in DAYS:
        pd.testing.assert_frame_equal(
            Register.from_pack(ours).state(day), Register.from_pack(theirs).state(day)
        )
    pd.testing.assert_frame_equal(ours.facilities, theirs.facilities)
    assert ours.lines.drop(columns="geometry").equals(theirs.lines.drop(columns="geometry"))
    assert ours.lines.geometry.geom_equals(theirs.lines.geometry).all()
    work = ours.works.index[ours.works["name_zh"] == "银杏园"][0]
    assert event_of(store, work)["recorded_by"] == "city pack"
    assert "城市资料包" in event_of(store, work)["reason_zh"]
    fresh.engine.dispose()


def test_an_editor_is_not_overruled_by_the_same_pack_and_a_change_can_be_undone(
    url: str, pack_copy: Path
) -> None:
    store = open_store(url, pack_copy)
    work = store.pack().works.index[store.pack().works["name_zh"] == "银杏苑"][0]
    event = {
        "work_id": work,
        "date": DAYS[2],
        "kind": "correction",
        "value": {"street": "某街"},
        "source_id": "S-PLAN",
    }
    store.apply(EDITOR, Batch(reason="核对", events=(event,)))
    edit(pack_copy / "works.csv", "银杏苑", "银杏园")
    store.sync()
    state = Register.from_pack(store.pack()).state(DAYS[2]).loc[work]
    assert (state["name_zh"], state["street"]) == ("银杏园", "某街")
    store.undo(EDITOR, event_of(store, work)["event_id"], "原名对")
    assert store.pack().works.at[work, "name_zh"] == "银杏苑"


def test_new_rows_are_added_and_vanished_ones_are_said_and_kept(url: str, pack_copy: Path) -> None:
    store = open_store(url, pack_copy)
    path = pack_copy / "events.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    gone = lines.pop(1).split(",")[0]
    lines.append(lines[-1].replace(lines[-1].split(",")[0], "EV9999", 1))
    path.write_text("".join(lines), "utf-8")
    summary = store.sync()
    assert summary is not None
    assert (summary.added, summary.changed, summary.vanished) == ({"events": 1}, {}, [f"events:{gone}"])
    assert {gone, "EV9999"} <= set(store.pack().events.index)


def test_an_exported_pack_put_in_the_place_of_the_old_one_changes_nothing(
    url: str, pack_copy: Path, tmp_path: Path
) -> None:
    store = open_store(url, pack_copy)
    store.apply(EDITOR, NEW)
    store.export_pack(tmp_path / "out")
    before = store.pack()
    moved = Store(store.engine, tmp_path / "out")
    summary = moved.sync()
    assert summary is not None, "other bytes, so it is read"
    assert (summary.added, summary.changed, summary.vanished) == ({}, {}, [])
    pd.testing.assert_frame_equal(moved.pack().events, before.events)
    pd.testing.assert_frame_equal(moved.pack().works, before.works)


def test_two_cities_never_share_a_register(url: str, pack_copy: Path) -> None:
    package = json.loads((pack_copy / "datapackage.json").read_text("utf-8"))
    (pack_copy / "datapackage.json").write_text(json.dumps(package | {"name": "other"}), "utf-8")
    with pytest.raises(DataError, match="other"):
        open_store(url, pack_copy)


def test_the_columns_of_events_are_all_kept() -> None:
    from geo.store.rows import EVENT_FIELDS

    assert set(load_pack().events.columns) == set(EVENT_FIELDS)
