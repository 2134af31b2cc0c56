"""Random histories: the same after reopening, after backup and restore, and when told again to an empty store."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import select

from geo.errors import AtlasError
from geo.register.pack import load_pack
from geo.register.register import Register
from geo.register.undone_and_merged import undone_among
from geo.store import Batch, Store, open_store
from geo.store.engine import make_engine, read_url, reading
from geo.store.schema import events as event_table
from geo.store.store import connect
from tests.depth import examples
from tests.store.conftest import EDITOR

DAY = date(2026, 11, 23)
WORKS = ["H02", "U01-2021-001", "U01-2021-002"]
STATUS = st.tuples(
    st.just("status"),
    st.sampled_from(WORKS),
    st.sampled_from(["completed", "implementation"]),
    st.integers(0, 3),
)
STEP = st.one_of(
    STATUS,
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("merge"), st.sampled_from(WORKS), st.sampled_from(WORKS)),
    st.tuples(st.just("place"), st.sampled_from(WORKS), st.floats(120.25, 120.35).map(lambda x: round(x, 6))),
)


def do(store: Store, step: tuple) -> None:
    """One step; what the rules refuse changes nothing."""
    before = store.stamp()
    try:
        if step[0] == "undo":
            told = store.changes_since(1)["event_id"].tolist()
            if told:
                store.undo(EDITOR, told[step[1] % len(told)], "撤")
        elif step[0] == "merge":
            store.merge(EDITOR, step[1], step[2], "并")
        else:
            value = step[2] if step[0] == "status" else {
                "lon": step[2], "lat": 31.6, "accuracy_m": 50, "location_basis": "published", "crs_original": None
            }  # fmt: skip
            days = timedelta(days=step[3]) if step[0] == "status" else timedelta()
            kind = "status" if step[0] == "status" else "location"
            event = {"work_id": step[1], "date": date(2022, 1, 1) + days, "kind": kind, "value": value,
                     "source_id": "S-PLAN"}  # fmt: skip
            store.apply(EDITOR, Batch(reason="记", events=(event,)))
    except AtlasError:
        assert store.stamp() == before


def state(store: Store) -> pd.DataFrame:
    return Register.from_pack(store.pack()).state(DAY)


def log(store: Store) -> list[tuple[object, ...]]:
    with reading(store.engine) as connection:
        return [tuple(row) for row in connection.execute(select(event_table).order_by(event_table.c.seq))]


@examples(4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=2, max_size=8))
def test_a_history_is_the_same_wherever_it_is_told(filled: Path, steps: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("a", "c"):
            (folder / f"{each}.db").write_bytes(filled.read_bytes())
        store, again = (open_store(f"sqlite:///{folder / each}.db") for each in ("a", "c"))
        for step in steps:
            do(store, step)
        expected, told = state(store), log(store)
        reopened = Store(make_engine(read_url(f"sqlite:///{folder / 'a.db'}")), store.root)
        pd.testing.assert_frame_equal(state(reopened), expected)
        store.backup(folder / "b.zip")
        copy = connect(f"sqlite:///{folder / 'b.db'}")
        copy.restore(folder / "b.zip")
        assert log(copy) == told
        pd.testing.assert_frame_equal(state(copy), expected)
        for step in steps:
            do(again, step)
        assert log(again) == told
        for each in (store, reopened, copy, again):
            each.engine.dispose()


@examples(3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STATUS, min_size=2, max_size=6, unique_by=lambda s: (s[1], s[3])), st.randoms())
def test_batches_about_other_days_may_come_in_any_order(
    filled: Path, steps: list[tuple], random: object
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        states = []
        for each in ("a", "b"):
            (folder / f"{each}.db").write_bytes(filled.read_bytes())
            store = open_store(f"sqlite:///{folder / each}.db")
            for step in steps:
                do(store, step)
            states.append(state(store))
            assert undone_among(store.pack().events) == undone_among(load_pack().events)
            store.engine.dispose()
            random.shuffle(steps)
        pd.testing.assert_frame_equal(*states)
