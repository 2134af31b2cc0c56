"""What counts: undo, undo of undo, and merge, on every day and whatever the order of rows."""

from __future__ import annotations

from datetime import date
from random import Random

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.register.city import Atlas
from geo.register.progress import progress
from geo.register.register import Register
from geo.register.undone_and_merged import merges, undone
from tests.register.test_register import with_events

DAY = date(2026, 11, 23)


def test_an_undone_event_counts_on_no_day_and_an_undone_undo_restores_it() -> None:
    assert undone([("u1", "a")]) == {"a"}
    assert undone([("u1", "a"), ("u2", "u1")]) == {"u1"}
    assert undone([("u1", "a"), ("u2", "u1"), ("u3", "u2")]) == {"u2", "a"}
    assert undone([("u1", "a"), ("u2", "u1"), ("u3", "a")]) == {"u1", "a"}
    assert undone([("u1", "u1")]) == frozenset()


@given(st.lists(st.integers(0, 9), max_size=9), st.randoms())
def test_order_of_undos_does_not_matter(targets: list[int], random: Random) -> None:
    """Each undo takes back an earlier event; the answer is the one a plain recursion gives."""
    undos = [(f"e{i + 1}", f"e{target % (i + 1)}") for i, target in enumerate(targets)]

    def stands(event: str) -> bool:
        return not any(target == event and stands(undo) for undo, target in undos)

    expected = {event for event in {"e0", *(u for u, _t in undos)} if not stands(event)}
    random.shuffle(undos)
    assert undone(undos) == expected


def register(atlas: Atlas, events: list[dict[str, object]]) -> Register:
    return with_events(atlas.pack, events)


def test_the_register_leaves_out_what_was_undone(atlas: Atlas) -> None:
    done = {"work_id": "H02", "date": date(2022, 1, 1), "value": "completed", "event_id": "A"}
    undo = {"work_id": "H02", "date": date(2023, 1, 1), "kind": "undo", "value": "A", "event_id": "U"}
    again = undo | {"value": "U", "event_id": "UU"}
    for events, expected in (([done], True), ([done, undo], False), ([done, undo, again], True)):
        found = register(atlas, events)
        assert bool(found.state(date(2022, 6, 1)).at["H02", "done"]) is expected
        assert (len(found.timeline("H02")) == 1) is expected
        assert ("H02" in set(found.intervals()["work_id"])) is expected


def test_a_merged_work_stops_counting_and_its_history_stays(atlas: Atlas) -> None:
    before = progress(atlas.register, DAY)
    work = atlas.register.works
    work = work[(work["counted"] == "yes") & (work["item_id"] == "U01") & (work["kind"] == "work")]
    one, other = work.index[:2]
    pack_events = atlas.pack.events
    merge = pack_events.iloc[[0]].assign(event_id="M", work_id=one, kind="merge", value=other)
    events = pd.concat([pack_events, merge.set_index("event_id", drop=False).rename_axis(None)])
    import dataclasses

    found = Register.from_pack(dataclasses.replace(atlas.pack, events=events))
    after = progress(found, DAY)
    assert after.at["U01", "named"] == before.at["U01", "named"] - 1
    assert one not in found.state(DAY).index
    assert found.work(one)["name_zh"] == work.at[one, "name_zh"]
    assert len(found.timeline(one)) == len(atlas.register.timeline(one))


def test_parts_of_a_merged_work_belong_to_the_other(atlas: Atlas) -> None:
    found = register(
        atlas, [{"work_id": "T08", "date": DAY, "kind": "merge", "value": "T07", "event_id": "M"}]
    )
    assert set(found.children("T07").index) == set(atlas.register.children("T07").index) | set(
        atlas.register.children("T08").index
    )


def test_merges_lead_to_the_last_one_and_never_in_circles() -> None:
    rows = [("a", "b"), ("b", "c"), ("x", "y"), ("y", "x")]
    frame = pd.DataFrame([{"kind": "merge", "work_id": w, "value": v} for w, v in rows])
    assert merges(frame) == {"a": "c", "b": "c"}
