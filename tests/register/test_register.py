"""The fold: what is known on a day is the confirmed events up to it, and nothing else."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import UnknownIdError
from geo.register.city import Atlas
from geo.register.pack import Pack
from geo.register.register import Register
from geo.vocabulary import STATUSES
from tests.depth import examples

DAYS = st.dates(date(2019, 1, 1), date(2026, 11, 23))


def with_events(pack: Pack, events: list[dict[str, object]]) -> Register:
    base = {
        "date_precision": "day",
        "kind": "status",
        "unit": None,
        "confirmed": True,
        "source_id": "S-PLAN",
        "recorded_at": date(2026, 11, 23),
        "recorded_by": "test",
        "reason_zh": None,
        "reason_en": None,
    }
    rows = [base | {"event_id": f"X{i:03d}"} | event for i, event in enumerate(events)]
    columns = list(pack.events.columns)
    frame = pd.DataFrame(rows, columns=columns).set_index("event_id", drop=False).rename_axis(None)
    return Register.from_pack(dataclasses.replace(pack, events=frame))


def status(register: Register, work_id: str, day: date) -> str:
    return str(register.state(day).at[work_id, "status"])


def test_metro_line_4_through_time(atlas: Atlas) -> None:
    """Dates from the facts: started 2017-03-28, opened 2021-12-17."""
    register = atlas.register
    assert status(register, "T06", date(2017, 3, 27)) == "unknown"
    assert status(register, "T06", date(2017, 3, 28)) == "implementation"
    assert status(register, "T06", date(2021, 12, 16)) == "implementation"
    assert status(register, "T06", date(2021, 12, 17)) == "completed"
    row = register.state(date(2022, 1, 1)).loc["T06"]
    assert row["done"]
    assert row["status_date"] == date(2021, 12, 17)
    assert row["certainty"] == "line"


def test_planned_events_never_change_a_state(atlas: Atlas) -> None:
    register = with_events(
        atlas.pack,
        [
            {"work_id": "H02", "date": date(2021, 1, 1), "value": "preparation"},
            {"work_id": "H02", "date": date(2021, 6, 1), "value": "completed", "confirmed": False},
        ],
    )
    assert status(register, "H02", date(2022, 1, 1)) == "preparation"


def test_the_later_recorded_of_one_day_counts(atlas: Atlas) -> None:
    day = date(2021, 5, 1)
    events = [
        {"work_id": "H02", "date": day, "value": "completed", "recorded_at": date(2022, 1, 2)},
        {"work_id": "H02", "date": day, "value": "preparation", "recorded_at": date(2022, 1, 1)},
    ]
    assert status(with_events(atlas.pack, events), "H02", day) == "completed"
    assert status(with_events(atlas.pack, events[::-1]), "H02", day) == "completed"


def test_a_parent_follows_its_sections(atlas: Atlas) -> None:
    sections = ("T08a", "T08b", "T08c")
    done = [{"work_id": s, "date": date(2023, 1, 1), "value": "completed"} for s in sections]
    assert status(with_events(atlas.pack, done), "T08", date(2023, 1, 1)) == "completed"
    assert status(with_events(atlas.pack, done), "T08", date(2022, 12, 31)) == "unknown"
    assert status(with_events(atlas.pack, done[:2]), "T08", date(2023, 1, 1)) == "implementation"
    begun = [{"work_id": "T08a", "date": date(2023, 1, 1), "value": "preparation"}]
    assert status(with_events(atlas.pack, begun), "T08", date(2023, 1, 1)) == "preparation"


def test_a_parent_is_placed_by_its_parts_and_its_stations_leave_it_alone(atlas: Atlas) -> None:
    state = atlas.register.state(date(2026, 1, 1))
    assert state.at["T08", "placed"]
    assert state.at["T08", "certainty"] == "none"
    assert state.at["T04", "status"] == "implementation"


def test_corrections_and_undo_are_events(atlas: Atlas) -> None:
    register = with_events(
        atlas.pack,
        [
            {
                "work_id": "H02",
                "date": date(2022, 1, 1),
                "kind": "location",
                "value": '{"lon": 120.3, "lat": 31.6, "accuracy_m": 80}',
            },
            {
                "work_id": "H02",
                "date": date(2022, 2, 1),
                "kind": "correction",
                "value": '{"name_zh": "市二院北院"}',
            },
        ],
    )
    assert register.state(date(2021, 12, 31)).at["H02", "certainty"] == "none"
    state = register.state(date(2022, 3, 1))
    assert state.at["H02", "certainty"] == "exact"
    assert state.at["H02", "name_zh"] == "市二院北院"
    assert atlas.pack.works.at["H02", "name_zh"] == "市二院北院区"  # the tables themselves are never changed


def test_aggregates_tell_reported_from_planned(atlas: Atlas) -> None:
    state = atlas.register.state(date(2021, 3, 31))
    row = state[state["name_zh"] == "惠山区国有物业"].iloc[0]
    assert (row["quantity_done"], row["quantity_planned"]) == (7.0, 20.0)
    earlier = atlas.register.state(date(2021, 3, 30)).loc[row.name]
    assert pd.isna(earlier["quantity_done"])


EVENTS = st.lists(
    st.tuples(
        DAYS, st.sampled_from(STATUSES), st.booleans(), st.sampled_from(["H02", "T08a", "T08b", "T08c"])
    ),
    max_size=8,
)


@examples(20, deep=300)
@given(EVENTS, DAYS, st.randoms())
def test_the_future_and_the_order_of_rows_do_not_matter(
    atlas: Atlas, drawn: list, day: date, random: object
) -> None:
    events = [
        {"work_id": work, "date": when, "value": value, "confirmed": sure, "event_id": f"E{i:02d}"}
        for i, (when, value, sure, work) in enumerate(drawn)
    ]
    whole = with_events(atlas.pack, events).state(day)["status"]
    past = with_events(atlas.pack, [e for e in events if e["date"] <= day]).state(day)["status"]
    random.shuffle(events)
    shuffled = with_events(atlas.pack, events).state(day)["status"]
    assert whole.equals(past)
    assert whole.equals(shuffled)


@examples(15, deep=200)
@given(EVENTS, DAYS)
def test_intervals_agree_with_the_state_on_every_day(atlas: Atlas, drawn: list, day: date) -> None:
    register = with_events(
        atlas.pack,
        [{"work_id": w, "date": d, "value": v, "confirmed": s} for d, v, s, w in drawn],
    )
    changes = register.intervals()
    for check in (day, day - timedelta(days=1)):
        state = register.state(check)["status"]
        upto = dict(
            changes.loc[
                changes["date"].map(lambda d, last=check: d <= last), ["work_id", "status"]
            ].to_numpy()
        )
        for work in ("H02", "T08", "T08a", "T08b", "T08c"):
            assert upto.get(work, "unknown") == state[work]


def test_timeline_and_sources_lead_to_publishers(atlas: Atlas) -> None:
    timeline = atlas.register.timeline("U01-2021-002")
    assert list(timeline["value"]) == ["completed"]
    assert timeline.iloc[0]["publisher"] == "江南晚报"
    assert atlas.register.sources_of("U01-2021-001")["role"].tolist()[0] == "fact"
    for work_id in atlas.pack.works.index:
        assert len(atlas.register.sources_of(work_id)) >= 1


def test_an_unknown_id_is_said(atlas: Atlas) -> None:
    with pytest.raises(UnknownIdError, match="NOPE"):
        atlas.register.work("NOPE")
