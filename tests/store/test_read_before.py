"""A reader who goes on from what it read before reads what a new one reads, after any steps, a restored backup among them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from geo.register.pack import TABLES, Pack
from geo.store import Store, open_store
from geo.store.engine import make_engine, read_url
from tests.depth import examples
from tests.store.test_log import STEP, do

BACK = st.tuples(st.just("back to the backup"))


def same(one: Pack, other: Pack) -> None:
    assert one.digest == other.digest
    assert one.line_features.features == other.line_features.features
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@examples(4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=3), st.lists(st.one_of(STEP, BACK), min_size=2, max_size=6))
def test_what_was_read_before_changes_no_answer(filled: Path, first: list[tuple], steps: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/a.db"
        (Path(folder) / "a.db").write_bytes(filled.read_bytes())
        store = open_store(url)
        store.backup(Path(folder) / "b.zip")
        for step in [*first, ("back to the backup",), *steps]:
            if step[0] == "back to the backup":
                store.restore(Path(folder) / "b.zip", replace=True)
            else:
                do(store, step)
            new = Store(make_engine(read_url(url)), store.root)
            same(store.pack(), new.pack())
            new.engine.dispose()
        store.engine.dispose()


def test_a_table_that_nothing_was_written_to_is_not_typed_again(store: Store) -> None:
    before = store.pack()
    do(store, ("status", "H02", "completed", 1))
    after = store.pack()
    assert after.works is before.works
    assert len(after.events) == len(before.events) + 1
