"""Works of two plans that turn out to be one: one work with both promises, nothing lost on either side, and undone it is as before."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, Final

import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.register.amounts import whole_works
from geo.register.city import Atlas, atlas_of
from geo.register.pack import Pack, load_pack
from geo.register.progress import progress
from geo.report.promise.plan_fates import also_promised
from tests.plans.invented import PLAN, Invented, beside, grown, invented_plans, item

PACK = load_pack()
DAY: Final = date(2026, 11, 23)
ALL: Final = "all"


def event(number: int, kind: str, work: str, value: str) -> dict[str, Any]:
    return {
        "event_id": f"M{number}", "work_id": work, "date": DAY, "date_precision": "day", "kind": kind, "value": value,
        "confirmed": True, "source_id": "S-PLAN", "recorded_at": DAY, "recorded_by": "模拟",
    }  # fmt: skip


def with_events(pack: Pack, *events: dict[str, Any]) -> Pack:
    return dataclasses.replace(pack, events=grown(pack.events, events, "event_id"))


def counts(atlas: Atlas) -> dict[str, pd.DataFrame]:
    return {plan: progress(atlas.of_plan(plan).register, DAY, "item") for plan in ("2021", PLAN, ALL)}


def counted(atlas: Atlas, plan: str) -> set[str]:
    return set(whole_works(atlas.of_plan(plan).register.state(DAY)).query("counted == 'yes'").index)


KNOWN: Final = whole_works(PACK.works).query("kind == 'work' and counted == 'yes' and item_id.notna()")


@settings(max_examples=3, deadline=None)
@given(plan=invented_plans(PACK), data=st.data())
def test_merged_works_of_two_plans_keep_both_promises(plan: Invented, data: st.DataObject) -> None:
    again = {work for work, _item in plan.again}
    new = [row for row in plan.works if row["kind"] == "work" and row["counted"] == "yes"]
    assume(new)
    row = data.draw(st.sampled_from(new), "the work of the other plan")
    other = str(row["work_id"])
    known = data.draw(st.sampled_from(sorted(set(KNOWN.index) - again)), "the work of the first plan")
    work, into = data.draw(st.sampled_from([(known, other), (other, known)]), "which into which")
    apart = beside(PACK, plan)
    merged = with_events(apart, event(1, "merge", work, into))
    before, after = atlas_of(apart), atlas_of(merged)
    old, now = counts(before), counts(after)
    mine, theirs = str(KNOWN.at[known, "item_id"]), str(row["item_id"])
    by_number = before.of_plan(ALL).pack.plan_items.query("measure == 'count'").index
    for which, frame in old.items():
        shown = frame.index[frame.index.isin(by_number)]
        for column in ("target", "named"):
            assert_frame_equal(frame.loc[shown, [column]], now[which].loc[shown, [column]])
    # all: each item as its own plan has it, each work once, and what either plan counts
    assert_frame_equal(now[ALL].loc[now[PLAN].index], now[PLAN], check_dtype=False)
    every = after.of_plan(ALL).register.state(DAY)
    assert set(every.index) == set(before.of_plan(ALL).register.state(DAY).index) - {work}
    assert counted(after, ALL) == counted(after, "2021") | counted(after, PLAN)
    assert into in counted(after, "2021") & counted(after, PLAN)
    for which, key in (("2021", mine), (PLAN, theirs)):
        assert after.of_plan(which).register.state(DAY).at[into, "item_id"] == key
    assert any(theirs in text for text in also_promised(after, mine, "zh"))
    # what was counted wrong by hand is mended by hand
    undone = atlas_of(with_events(merged, event(2, "undo", work, "M1")))
    for which, frame in counts(undone).items():
        assert_frame_equal(frame, old[which])
        assert_frame_equal(
            undone.of_plan(which).register.state(DAY), before.of_plan(which).register.state(DAY)
        )


def other_work(number: int, item_id: str | None, **more: Any) -> dict[str, Any]:
    base = dict.fromkeys(PACK.works.columns)
    return base | {
        "work_id": f"Z-{number}", "item_id": item_id, "category": "road", "kind": "work", "counted": "yes",
        "name_zh": f"虚构项目{number}", "reach": "specific", "location_basis": "none", "source_id": "S-PLAN",
    } | more  # fmt: skip


def test_a_promise_goes_on_with_a_work_through_every_merge() -> None:
    """T04 is promised again; it is merged into another, that into a third of no plan: both plans go on counting it."""
    plan = Invented(
        (item(1), item(2)), (other_work(1, None, counted="no"), other_work(2, "Z02")), (("T04", "Z01"),), ()
    )
    apart = beside(PACK, plan)
    chain = with_events(apart, event(1, "merge", "T04", "Z-2"), event(2, "merge", "Z-2", "Z-1"))
    old, now = counts(atlas_of(apart)), counts(atlas_of(chain))
    assert [frames["2021"]["named"].to_dict()["T04"] for frames in (old, now)] == [1, 1]
    state = atlas_of(chain).of_plan(PLAN).register.state(DAY)
    assert (state.at["Z-1", "item_id"], state.at["Z-1", "counted"]) == ("Z01", "yes")
    assert atlas_of(chain).register.state(DAY).at["Z-1", "item_id"] == "T04"
    assert counted(atlas_of(chain), ALL) >= {"Z-1"}


def test_a_corrected_item_is_what_a_merged_work_hands_on() -> None:
    plan = Invented((item(1), item(2)), (other_work(1, "Z01"),), (), ())
    moved = event(1, "correction", "Z-1", '{"item_id": "Z02"}') | {"date": date(2024, 1, 1)}
    pack = with_events(beside(PACK, plan), moved, event(2, "merge", "Z-1", "T04"))
    named = counts(atlas_of(pack))[PLAN]["named"]
    assert (named["Z01"], named["Z02"]) == (0, 1)
