"""Whether facilities are complete is a statement with a source: made, changed and taken back as everything in the log."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo.coverage.answer import coverage
from geo.coverage.demand import land_demand
from geo.coverage.reach import Reach
from geo.errors import AtlasError
from geo.register.city import Atlas, atlas_of
from geo.register.completeness import completeness, is_complete, stated_as_of, statement_event, statement_id
from geo.register.facilities import facility_set
from geo.store import Batch, Store, open_store
from tests.store.conftest import EDITOR

DARK = "320282"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'a.db'}")


def say(store: Store, kind: str, district: str, **more: Any) -> int:
    said = {"complete": True, "as_of": "2026-11", "source_id": "S-PLAN"} | more
    event = statement_event(kind, district, **said)
    return store.apply(EDITOR, Batch(reason="x", completeness_events=(event,))).batch_id


def share(atlas: Atlas) -> float:
    """Share of land of the district near a bus stop; NaN where it is not known."""
    stops = facility_set(atlas.register, ("bus_stop",), "as_of", date(2026, 11, 23))
    return float(coverage(atlas, stops, land_demand(atlas), Reach.straight(500)).table.at[DARK, "share_area"])


def test_a_statement_holds_until_it_is_taken_back(store: Store) -> None:
    before = atlas_of(store.pack())
    assert not is_complete(before.register, ["bus_stop"], DARK)
    assert share(before) != share(before)  # not known
    batch = say(store, "bus_stop", DARK)
    said = atlas_of(store.pack())
    assert is_complete(said.register, ["bus_stop"], DARK)
    assert stated_as_of(said.register, ["bus_stop"], [DARK]) == "2026-11"
    assert share(said) == 0.0  # all stops are known, and there is none
    assert store.history(statement_id("bus_stop", DARK))["kind"].tolist() == ["correction"]
    store.undo_batch(EDITOR, batch, "y")
    assert completeness(atlas_of(store.pack()).register).equals(completeness(before.register))


def test_a_kind_without_a_statement_gets_one_of_the_city_and_of_a_district(store: Store) -> None:
    say(store, "school_primary", "")
    say(store, "school_primary", DARK, complete=False)
    register = atlas_of(store.pack()).register
    assert is_complete(register, ["school_primary"], "320213")
    assert not is_complete(register, ["school_primary"], DARK)


@pytest.mark.parametrize(
    ("kind", "district", "more"),
    [("no_kind", "", {}), ("bus_stop", "999999", {}), ("bus_stop", "", {"as_of": "soon"}), ("bus_stop", "", {"source_id": "S-none"}),
     ("bus_stop", "", {"source_id": None})],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(store: Store, kind: str, district: str, more: dict[str, Any]) -> None:
    revision = store.revision()
    with pytest.raises(AtlasError):
        say(store, kind, district, **more)
    assert store.revision() == revision


def test_a_pack_written_from_the_store_says_the_same(store: Store, tmp_path: Path) -> None:
    say(store, "bus_stop", DARK)
    undone = say(store, "park", "")
    store.undo_batch(EDITOR, undone, "y")
    store.export_pack(tmp_path / "pack")
    other = open_store(f"sqlite:///{tmp_path / 'b.db'}", tmp_path / "pack")
    ours, theirs = (completeness(atlas_of(each.pack()).register) for each in (store, other))
    assert theirs.equals(ours)
    assert len(ours) == len(completeness(atlas_of(store.pack()).register))
    other.engine.dispose()
