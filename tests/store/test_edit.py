"""Undo, merge, history, differences and reports, on both databases."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa

from geo.errors import AccessError, DataError, ParameterError, StoreError, UnknownIdError
from geo.register.progress import progress
from geo.register.register import Register
from geo.store import Actor, Batch, Role, Store, photos
from geo.store.engine import reading, writing
from geo.store.remarks import PER_SENDER, published
from geo.store.schema import META
from tests.plans.invented import PLAN
from tests.plans.invented import item as item_of_plan
from tests.store.conftest import EDITOR
from tests.store.test_photos import photo

DAY = date(2026, 11, 23)
VIEWER = Actor("访客", Role.viewer)
WORK = {
    "work_id": "N-1",
    "item_id": "U01",
    "category": "community",
    "kind": "work",
    "counted": "yes",
    "name_zh": "新村",
    "reach": "specific",
    "location_basis": "none",
    "source_id": "S-NEW",
}
SOURCE = {
    "source_id": "S-NEW",
    "title": "区住建局清单",
    "seen_via_mirror": False,
    "reliability": "official",
    "citation": "2022",
}
DONE = {
    "work_id": "N-1",
    "date": date(2021, 12, 1),
    "kind": "status",
    "value": "completed",
    "source_id": "S-NEW",
}
NEW = Batch(reason="区里补充", sources=(SOURCE,), works=(WORK,), events=(DONE,), key="list")


def item(store: Store, name: str) -> int:
    """How many works of U01 count (``named``), or are done (``done_named``), as progress sums them."""
    state = Register.from_pack(store.pack()).state(DAY)
    mine = state[(state["item_id"] == "U01") & (state["kind"] == "work") & (state["counted"] == "yes")]
    return len(mine) if name == "named" else int(mine["done"].sum())


def test_progress_follows(store: Store) -> None:
    store.apply(EDITOR, NEW)
    row = progress(Register.from_pack(store.pack()), DAY).loc["U01"]
    assert (row["named"], row["done_named"]) == (item(store, "named"), item(store, "done_named"))


def test_a_new_work_counts_and_taking_it_back_stops_that(store: Store) -> None:
    named, done = item(store, "named"), item(store, "done_named")
    applied = store.apply(EDITOR, NEW)
    assert (applied.works, applied.events) == (1, 2)
    assert (item(store, "named"), item(store, "done_named")) == (named + 1, done + 1)
    store.undo_batch(EDITOR, applied.batch_id, "弄错了")
    assert (item(store, "named"), item(store, "done_named")) == (named, done)
    assert store.history("N-1")["undone"].tolist() == [True, True, False, False]
    again = store.apply(EDITOR, NEW)
    assert (again.works, again.repeated) == (0, False)
    assert item(store, "named") == named + 1
    assert store.apply(EDITOR, NEW).repeated


def test_undoing_an_undo_restores(store: Store) -> None:
    store.apply(EDITOR, NEW)
    event = store.history("N-1").iloc[-1]["event_id"]
    store.undo(EDITOR, event, "未完工")
    with pytest.raises(ParameterError, match="已经撤销"):
        store.undo(EDITOR, event, "再撤")
    undo = store.history("N-1").iloc[-1]
    assert (undo["kind"], undo["value"], undo["reason"], undo["recorded_by"]) == (
        "undo",
        event,
        "未完工",
        "王工",
    )
    store.undo(EDITOR, undo["event_id"], "确已完工")
    assert Register.from_pack(store.pack()).state(DAY).at["N-1", "done"]


def test_merge_and_its_limits(store: Store) -> None:
    named = item(store, "named")
    store.apply(EDITOR, NEW)
    store.merge(EDITOR, "N-1", "U01-2021-001", "同一小区")
    assert item(store, "named") == named
    assert len(store.history("N-1")) == 3
    for work, into in (("N-1", "U01-2021-002"), ("U01-2021-001", "N-1"), ("U01-2021-002", "U01-2021-002")):
        with pytest.raises(ParameterError):
            store.merge(EDITOR, work, into, "x")
    with pytest.raises(UnknownIdError):
        store.merge(EDITOR, "N-1", "NOPE", "x")
    store.undo(EDITOR, store.history("N-1").iloc[-1]["event_id"], "不同小区")
    assert item(store, "named") == named + 1


def test_merging_keeps_what_both_said(store: Store) -> None:
    """Quantity, status and sources of the merged work stay with the other, and go again when the merge is undone."""
    works = store.pack().works
    into = next(
        str(code)
        for code, row in works[(works["item_id"] == "U01") & (works["kind"] == "work")].iterrows()
        if pd.isna(row["quantity"])
    )
    before = Register.from_pack(store.pack())
    work = WORK | {"quantity": 320.0, "unit": "户"}
    done = DONE | {"date": date(2026, 11, 1)}
    store.apply(EDITOR, Batch(reason="区里补充", sources=(SOURCE,), works=(work,), events=(done,)))
    store.merge(EDITOR, "N-1", into, "同一小区")
    after = Register.from_pack(store.pack())
    row = after.state(DAY).loc[into]
    assert (row["quantity"], row["unit"], row["status"], row["status_date"]) == (
        320.0,
        "户",
        "completed",
        date(2026, 11, 1),
    )
    assert set(after.sources_of(into).index) == {*before.sources_of(into).index, "S-NEW"}
    store.undo(EDITOR, store.history("N-1").iloc[-1]["event_id"], "不同小区")
    again = Register.from_pack(store.pack())
    assert again.state(DAY).loc[into].equals(before.state(DAY).loc[into])
    assert set(again.sources_of(into).index) == set(before.sources_of(into).index)


def test_corrections_are_checked_as_the_work_they_make(store: Store) -> None:
    def correct(value: object, kind: str = "correction") -> None:
        event = {"work_id": "H02", "date": DAY, "kind": kind, "value": value, "source_id": "S-PLAN"}
        store.apply(EDITOR, Batch(reason="核对", events=(event,)))

    for value in (
        {"name_zh": ""},
        {"nope": 1},
        {"lon": 120.3},
        {"work_id": "X"},
        {"name_zh": "字" * 201},
        "text",
    ):
        with pytest.raises(DataError):
            correct(value)
    assert store.version("H02") == len(store.history("H02"))
    before = store.version("H02")
    place = {"lon": 120.3, "lat": 31.6, "accuracy_m": 80, "location_basis": "published"}
    correct(place, "location")
    correct({"name_zh": "市二院北院"})
    state = Register.from_pack(store.pack()).state(DAY).loc["H02"]
    assert (state["name_zh"], state["certainty"]) == ("市二院北院", "exact")
    assert store.version("H02") == before + 2


def test_the_later_of_one_day_counts(store: Store) -> None:
    for value in ("completed", "implementation", "preparation"):
        event = {"work_id": "H02", "date": DAY, "kind": "status", "value": value, "source_id": "S-PLAN"}
        store.apply(EDITOR, Batch(reason="核对", events=(event,)))
        assert Register.from_pack(store.pack()).state(DAY).at["H02", "status"] == value


def test_differences_and_changes(store: Store) -> None:
    start = store.revision()
    store.apply(EDITOR, NEW)
    changes = store.changes_since(start)
    assert changes["kind"].tolist() == ["creation", "status"]
    assert set(changes["reason"]) == {"区里补充"}
    found = store.diff(date(2021, 11, 30), date(2021, 12, 1))
    row = found[(found["work_id"] == "N-1") & (found["field"] == "status")].iloc[0]
    assert (row["before"], row["after"]) == ("unknown", "completed")
    assert store.diff(DAY, DAY).empty


def test_reports_are_limited_and_decided_with_a_reason(store: Store) -> None:
    for turn in range(PER_SENDER):
        store.add_remark(f"第 {turn} 次", work_id="H02", contact="a@b.c", sender="x")
    with pytest.raises(AccessError):
        store.add_remark("再来", work_id="H02", sender="x")
    number = store.add_remark("另一人", sender="y")
    with pytest.raises(AccessError):
        store.decide(VIEWER, number, "accepted", "x")
    with pytest.raises(ParameterError):
        store.decide(EDITOR, number, "accepted", " ")
    store.decide(EDITOR, number, "declined", "不符", public=False)
    store.decide(EDITOR, number, "accepted", "已更正", public=True)
    other = store.add_remark("公开后又收回", work_id="H02", contact="a@b.c", sender="v")
    store.decide(EDITOR, other, "accepted", "先公开", public=True)
    store.decide(EDITOR, other, "declined", "收回", public=False)
    with reading(store.engine) as connection:
        shown = published(connection)
    assert [(one.work_id, one.text, one.decision, one.reason) for one in shown] == [
        ("", "另一人", "accepted", "已更正")
    ]
    queue = store.remarks().iloc[:-1]
    assert len(queue) == PER_SENDER + 1
    assert queue["decision"].isna().sum() == PER_SENDER
    last = queue.iloc[-1]
    assert (last["decision"], last["reason"], last["decided_by"], last["public"]) == (
        "accepted",
        "已更正",
        "王工",
        True,
    )
    for text, work in (("", "H02"), ("a\0b", "H02"), ("x", "NOPE"), ("x" * 3000, "H02")):
        with pytest.raises((ParameterError, UnknownIdError)):
            store.add_remark(text, work_id=work, sender="z")


def further_plan() -> Batch:
    """An invented plan that promises S2 again."""
    plan = {"plan_id": PLAN, "city_code": "320200", "year": 2023, "name_zh": "虚构", "source_id": "S-PLAN"}
    promise = {
        "promise_id": "x", "work_id": "T04", "item_id": f"{PLAN}-Z01", "basis": "虚构",
        "decided_by": EDITOR.name, "decided_on": "2026-01-01",
    }  # fmt: skip
    items = (item_of_plan(1, item_id=f"{PLAN}-Z01"),)
    return Batch(reason="虚构", plans=(plan,), plan_items=items, promises=(promise,))


def test_nothing_is_ever_overwritten(store: Store) -> None:
    store.apply(EDITOR, NEW)
    store.add_remark("x", sender="y")
    store.decide(EDITOR, 1, "accepted", "x")
    photos.add(store.engine, EDITOR, photo(store), "x")
    store.apply(EDITOR, further_plan())
    append_only = [table for name, table in META.tables.items() if name != "pack_rows"]
    for table in append_only:
        for change in (sa.delete(table), sa.update(table).values({table.columns[0].name: 1})):
            with pytest.raises(StoreError, match="append-only"), writing(store.engine) as connection:
                connection.execute(change)


def test_a_frame_of_sql_and_odd_words_is_data(store: Store) -> None:
    odd = "' OR 1=1 -- % _ \\ <img src=x> ${7*7} {{7*7}} {n} \u202e㳇 \U0001f600"
    store.apply(EDITOR, Batch(reason=odd, sources=(SOURCE,), works=(WORK | {"name_zh": odd},)))
    assert store.pack().works.at["N-1", "name_zh"] == odd
    assert store.history("N-1").iloc[0]["reason"] == odd
    assert isinstance(store.history(odd), pd.DataFrame)
    assert store.version(odd) == 0
