"""The fold in arrays against a plain one, event by event: the same state on every day, and the same changes of status."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.register.city import Atlas
from geo.register.register import Register
from geo.register.selection import Selection
from geo.register.undone_and_merged import merged_into, undone
from geo.vocabulary import COMPLETED, STAGES, STATUSES, UNKNOWN
from tests.depth import examples

WORKS = ("W0", "W1", "W2", "W3", "W4", "W5")
FIRST = date(2021, 1, 1)
DAYS = st.integers(0, 6).map(lambda number: FIRST + timedelta(days=number))
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "parent_id": st.sampled_from([None, *WORKS]),
        "kind": st.sampled_from(["work", "section"]),
        "name_zh": st.sampled_from(["甲", "乙"]),
        "quantity": st.sampled_from([None, 3.0, 4]),
        "lon": st.just(120.3),
        "accuracy_m": st.sampled_from([50.0, 900.0]),
    },
)
EVENT = st.one_of(
    st.tuples(st.just("status"), st.sampled_from(STATUSES)),
    st.tuples(st.just("quantity"), st.integers(0, 99).map(str)),
    st.tuples(st.sampled_from(["correction", "location"]), FIELDS.map(json.dumps)),
    st.tuples(st.just("undo"), st.integers(0, 15).map("E{:02d}".format)),
    st.tuples(st.just("merge"), st.sampled_from(WORKS)),
    st.tuples(st.just("milestone"), st.just("封顶")),
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(WORKS),
        DAYS,
        EVENT,
        st.booleans(),
        st.sampled_from([None, 1.0, 2.0]),
        st.integers(0, 99),
    ),
    max_size=16,
)
PARENTS = st.lists(st.sampled_from([None, *WORKS]), min_size=len(WORKS), max_size=len(WORKS))


def small_register(atlas: Atlas, parents: list[str | None], drawn: list[Any]) -> Register:
    pack = atlas.pack
    works = pack.works.iloc[[0] * len(WORKS)].copy()
    works.index = pd.Index(WORKS, dtype=object)
    works["work_id"] = list(WORKS)
    works["parent_id"] = pd.Series(parents, works.index, dtype=object)
    works["kind"] = ["work" if parent is None else "section" for parent in parents]
    works["line_id"] = pd.Series(None, works.index, dtype=object)
    rows = [
        {
            "event_id": f"E{number:02d}", "work_id": work, "date": day, "date_precision": "day", "kind": kind,
            "value": value, "unit": None, "confirmed": sure, "source_id": f"S{number}",
            "recorded_at": FIRST + timedelta(days=100 + recorded % 3), "recorded_order": order,
            "recorded_by": "test", "reason_zh": None, "reason_en": None,
        }
        for number, (work, day, (kind, value), sure, order, recorded) in enumerate(drawn)
    ]  # fmt: skip
    events = pd.DataFrame(rows, columns=list(pack.events.columns), dtype=object)
    events["recorded_order"] = events["recorded_order"].astype("float64")
    events["confirmed"] = events["confirmed"].astype(bool)
    events.index = pd.Index(events["event_id"], dtype=object)
    return Register.from_pack(dataclasses.replace(pack, works=works, events=events))


def plain_state(register: Register, day: date) -> dict[str, dict[str, Any]]:
    """What the docstring of ``Register.state`` says, a step an event."""
    events = register.pack.events.to_dict("records")
    gone = undone([(each["event_id"], each["value"]) for each in events if each["kind"] == "undo"])
    standing = [each for each in events if each["event_id"] not in gone]
    merged = merged_into({each["work_id"]: each["value"] for each in standing if each["kind"] == "merge"})
    known = {key: dict(row) for key, row in register.pack.works.to_dict("index").items()}
    works = {key: row for key, row in known.items() if key not in merged}
    for row in works.values():
        row["parent_id"] = merged.get(row["parent_id"], row["parent_id"])
        row |= {"status": UNKNOWN, "status_date": None, "quantity_done": None, "quantity_planned": None}
    for work, end in merged.items():
        if pd.isna(works[end]["quantity"]):
            works[end]["quantity"] = known[work]["quantity"]

    def key(each: dict[str, Any]) -> tuple[Any, ...]:
        order = each["recorded_order"]
        return each["date"], each["recorded_at"], -1 if pd.isna(order) else order, each["event_id"]

    for each in sorted(standing, key=key):
        moves = each["kind"] in {"status", "quantity", "milestone"}
        work = merged.get(each["work_id"], each["work_id"]) if moves else each["work_id"]
        if work in works:
            works[work] |= plain_news(each, late=each["date"] > day)
    own = {work: row["status"] for work, row in works.items()}
    for work, row in works.items():
        parts = [
            one for one, other in works.items() if other["kind"] == "section" and other["parent_id"] == work
        ]
        if own[work] == UNKNOWN and parts:
            row["status"] = plain_fold([own[part] for part in parts])
        row["done"] = row["status"] == COMPLETED
    return works


def plain_news(event: dict[str, Any], *, late: bool) -> dict[str, Any]:
    """What an event changes in the row of its work; ``late`` is one after the day."""
    kind, value, sure = event["kind"], event["value"], event["confirmed"]
    if kind == "quantity" and not (late and sure):
        return {"quantity_done" if sure else "quantity_planned": float(value)}
    if late or not sure:
        return {}
    if kind == "status":
        return {"status": value, "status_date": event["date"], "status_source_id": event["source_id"]}
    return json.loads(value) if kind in {"correction", "location"} else {}


def plain_fold(statuses: list[str]) -> str:
    """All completed -> completed; any under way -> implementation; else the furthest before that."""
    if all(status == COMPLETED for status in statuses):
        return COMPLETED
    ranks = [STAGES.index(status) for status in statuses if status in STAGES]
    return STAGES[min(max(ranks), STAGES.index("implementation"))] if ranks else UNKNOWN


@examples(60, deep=2000)
@given(PARENTS, EVENTS, DAYS)
def test_the_state_is_that_of_a_plain_fold(
    atlas: Atlas, parents: list[str | None], drawn: list[Any], day: date
) -> None:
    register = small_register(atlas, parents, drawn)
    state, plain = register.state(day), plain_state(register, day)
    assert set(state.index) == set(plain)
    for work, row in plain.items():
        for name in ("status", "status_date", "status_source_id", "quantity_done", "quantity_planned", "done",
                     "kind", "parent_id", "name_zh", "quantity", "lon", "accuracy_m"):  # fmt: skip
            found, expected = state.at[work, name], row.get(name)
            assert (pd.isna(found) and pd.isna(expected)) or found == expected, (work, name)


@examples(60, deep=2000)
@given(PARENTS, EVENTS)
def test_the_intervals_are_the_states_of_all_days(
    atlas: Atlas, parents: list[str | None], drawn: list[Any]
) -> None:
    """Also for parents that have records of their own besides their sections', and for sections that a correction moves."""
    register = small_register(atlas, parents, drawn)
    intervals = register.intervals()
    for number in range(-1, 8):
        day = FIRST + timedelta(days=number)
        known = np.array([each <= day for each in intervals["date"]], bool)
        upto = intervals[known].groupby("work_id")["status"].last()
        state = register.state(day)["status"]
        assert {work: upto.get(work, UNKNOWN) for work in state.index} == dict(state)
    before = intervals.groupby("work_id")["status"].shift()
    assert (intervals["status"] != before.fillna(UNKNOWN)).all()
    order = list(zip(intervals["work_id"], intervals["date"], strict=True))
    assert order == sorted(order)


@given(
    st.lists(st.sampled_from([None, "320213", "320214", "320213|320214", "3202131"]), max_size=8),
    st.lists(st.sampled_from(["320213", "320214", "320211"]), min_size=1, max_size=2),
)
def test_a_district_is_looked_for_among_several(codes: list[str | None], chosen: list[str]) -> None:
    rows = pd.DataFrame({"counted": "yes", "district_code": pd.Series(codes, dtype=object)})
    found = Selection(districts=tuple(chosen)).apply(rows)
    expected = [at for at, code in enumerate(codes) if code and set(code.split("|")) & set(chosen)]
    assert list(found.index) == expected
