"""Facilities in the store: placed, corrected, closed, merged, removed; nothing lost, everything taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import AtlasError, ConflictError
from geo.register.calibration import place_checks
from geo.register.facilities import facility_set
from geo.register.facility_editing import facility_event
from geo.register.register import Register
from geo.store import Batch, Store, open_store
from geo.store.store import connect
from tests.store.conftest import EDITOR

PLACE = {
    "lon": 120.3001,
    "lat": 31.5801,
    "accuracy_m": 20.0,
    "location_basis": "surveyed",
    "crs_original": "WGS84",
    "x_original": "120.3001",
    "y_original": "31.5801",
    "place_source_id": "S-PLAN",
}
NOWHERE, SOMEWHERE = "F-001", "F-124"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'a.db'}")


def register(store: Store) -> Register:
    return Register.from_pack(store.pack())


def say(store: Store, facility_id: str, kind: str, value: object) -> int:
    event = facility_event(facility_id, kind, value, "S-PLAN")
    return store.apply(EDITOR, Batch(reason="x", facility_events=(event,))).revision


def test_a_place_is_an_event_a_check_of_the_older_one_and_can_be_taken_back(store: Store) -> None:
    before, checks = register(store).facilities, len(place_checks(store.pack()))
    batches = [say(store, one, "location", PLACE) for one in (NOWHERE, SOMEWHERE)]
    placed = register(store).facilities
    assert placed.loc[[NOWHERE, SOMEWHERE], "lon"].tolist() == [120.3001, 120.3001]
    assert store.pack().facilities.at[SOMEWHERE, "lon"] == before.at[SOMEWHERE, "lon"] != 120.3001
    assert len(place_checks(store.pack())) == checks + 1  # a first place checks nothing
    assert store.version(NOWHERE) == 1
    assert store.history(NOWHERE)["kind"].tolist() == ["location"]
    for batch in batches:
        store.undo_batch(EDITOR, batch, "y")
    pd.testing.assert_frame_equal(register(store).facilities, before, check_dtype=False)


def test_closing_is_a_day_and_not_the_end_of_the_history(store: Store) -> None:
    kind = register(store).facilities.at[NOWHERE, "kind"]
    say(store, NOWHERE, "correction", {"opened": "2001-09-01", "closed": "2022-07-01"})

    def open_on(day: date) -> bool:
        return NOWHERE in facility_set(register(store), (kind,), "as_of", day).frame.index

    assert [open_on(date(year, 12, 31)) for year in (2000, 2001, 2021, 2022)] == [False, True, True, False]


@pytest.mark.parametrize(("kind", "value"), [("merge", "F-002"), ("removal", NOWHERE)])
def test_merged_and_removed_ones_stop_counting_until_that_is_taken_back(
    store: Store, kind: str, value: str
) -> None:
    before = register(store).facilities
    batch = say(store, NOWHERE, kind, value)
    assert NOWHERE not in register(store).facilities.index
    assert NOWHERE in store.pack().facilities.index
    undo = store.undo_batch(EDITOR, batch, "y")
    assert NOWHERE in register(store).facilities.index
    store.undo_batch(EDITOR, undo.batch_id, "z")
    assert NOWHERE not in register(store).facilities.index
    assert len(register(store).facilities) == len(before) - 1


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("merge", NOWHERE),
        ("merge", "F-nothing"),
        ("location", PLACE | {"lon": 119.0, "x_original": "119.0", "lat": 20.0, "y_original": "20.0"}),
        ("correction", {"no_such_field": 1}),
        ("correction", {"capacity": -1}),
        ("status", "completed"),
    ],
)
def test_what_cannot_be_is_refused_whole(store: Store, kind: str, value: object) -> None:
    revision = store.revision()
    with pytest.raises(AtlasError):
        say(store, NOWHERE, kind, value)
    assert store.revision() == revision


def test_merges_never_run_in_a_circle(store: Store) -> None:
    say(store, "F-001", "merge", "F-002")
    with pytest.raises(AtlasError, match="F-002"):
        say(store, "F-002", "merge", "F-001")


def test_the_second_of_two_editors_is_shown_what_changed(store: Store) -> None:
    event = facility_event(NOWHERE, "correction", {"level": "一级"}, "S-PLAN")
    batch = Batch(reason="x", facility_events=(event,), expected={NOWHERE: 0})
    store.apply(EDITOR, batch)
    other = facility_event(NOWHERE, "correction", {"level": "二级"}, "S-PLAN")
    with pytest.raises(ConflictError, match="一级"):
        store.apply(EDITOR, Batch(reason="x", facility_events=(other,), expected={NOWHERE: 0}))


def test_a_pack_written_from_the_store_and_a_backup_hold_the_same_facilities(
    store: Store, tmp_path: Path
) -> None:
    say(store, NOWHERE, "location", PLACE)
    say(store, SOMEWHERE, "removal", SOMEWHERE)
    undone = say(store, "F-003", "correction", {"level": "一级"})
    store.undo_batch(EDITOR, undone, "y")
    ours = register(store).facilities
    store.export_pack(tmp_path / "pack")
    theirs = open_store(f"sqlite:///{tmp_path / 'b.db'}", tmp_path / "pack")
    pd.testing.assert_frame_equal(register(theirs).facilities, ours, check_dtype=False)
    store.backup(tmp_path / "b.zip")
    copy = connect(f"sqlite:///{tmp_path / 'c.db'}")
    copy.restore(tmp_path / "b.zip")
    pd.testing.assert_frame_equal(register(copy).facilities, ours, check_dtype=False)
    for each in (theirs, copy):
        each.engine.dispose()
