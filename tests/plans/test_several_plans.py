"""The register of the first plan is what it was, whatever plan stands beside it; the other plan and all of them count right too."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.errors import AtlasError, ParameterError
from geo.register import facilities
from geo.register.amounts import whole_works
from geo.register.city import Atlas, atlas_of
from geo.register.pack import TABLES, load_pack
from geo.register.plan_check import plan_problems
from geo.register.progress import district_shares, line_progress, progress
from geo.register.progress_history import change_days
from geo.register.selection import Selection
from geo.register.work_counts import counted_certainty, work_counts
from geo.report.changes import latest
from geo.report.counts import figures, items_blocks
from geo.report.promise.page import all_promises, promise_page
from geo.report.promise.plan_fates import also_promised, fates_chart, plan_fates
from geo.report.request import ReportRequest, selected_works, year_before
from geo.report.stories import stories
from layers.feeds import news
from layers.map.registry import all_layers
from layers.map.spec import MapContext
from layers.site.parts import Parts
from tests.plans.invented import PLAN, Invented, beside, invented_plans, item

PACK = load_pack()
ALONE = atlas_of(PACK)
DAYS = st.dates(date(2020, 6, 1), date(2026, 11, 23))


def _report(atlas: Atlas, day: date) -> Any:
    made = []
    for district in ("", *atlas.districts.index):
        request = ReportRequest(str(district), day, year_before(day))
        rows = selected_works(atlas, request)
        made.append((figures(rows, "zh"), items_blocks(atlas, rows, request)))
    return made


def _facilities(atlas: Atlas, day: date) -> Any:
    found = [
        facilities.facility_set(atlas.register, [kind], which, day)
        for kind in ("school_primary", "metro_station")
        for which in ("before", "as_of", "planned")
    ]
    return [(each.known_count, each.frame.to_dict("index")) for each in found]


COUNTS: Final[dict[str, Any]] = {
    "state": lambda atlas, day: atlas.register.state(day),
    "intervals": lambda atlas, _day: atlas.register.intervals(),
    "by item": lambda atlas, day: progress(atlas.register, day, "item"),
    "by category": lambda atlas, day: progress(atlas.register, day, "category"),
    "by district": lambda atlas, day: progress(atlas.register, day, "district"),
    "lines": lambda atlas, day: line_progress(atlas.register, atlas.line_shares, day),
    "shades": lambda atlas, day: district_shares(atlas.register, day, "done"),
    "selections": lambda atlas, day: [
        work_counts(Selection(scope=scope).apply(atlas.register.state(day)))
        for scope in ("plan", "probable", "all")
    ],
    "legend": lambda atlas, day: counted_certainty(atlas.register.state(day)).to_dict(),
    "days": lambda atlas, _day: change_days(atlas.register, date(2020, 1, 31)),
    "promises": lambda atlas, day: all_promises(atlas, day, "zh"),
    "a promise": lambda atlas, day: promise_page(atlas, "T04", day, "zh"),
    "facilities": _facilities,
    "latest": lambda atlas, day: latest(atlas, day, "zh"),
    "stories": lambda atlas, day: stories(atlas, day, "zh"),
    "feed": lambda atlas, day: news(atlas, day, "zh")["entries"],
}
"""What counts, by name: each is given a city and a day."""
SLOW_COUNTS: Final[dict[str, Any]] = {
    "history": lambda atlas, _day: (Parts(atlas).items, Parts(atlas).districts),
    "report": _report,
    "layers": lambda atlas, _day: [
        layer.payload(MapContext(atlas=atlas, lang="zh")) for layer in all_layers()
    ],
}


def same(left: Any, right: Any) -> None:
    if isinstance(left, pd.DataFrame):
        assert_frame_equal(left, right)
    else:
        assert repr(left) == repr(right)


@settings(max_examples=3, deadline=None)
@given(plan=invented_plans(PACK), day=DAYS)
def test_another_plan_changes_no_count_of_the_first(plan: Invented, day: date) -> None:
    both = atlas_of(beside(PACK, plan))
    for name in TABLES:
        if name != "plans":
            same(getattr(ALONE.pack, name), getattr(both.pack, name))
    for count in COUNTS.values():
        same(count(ALONE, day), count(both, day))


@settings(max_examples=1, deadline=None)
@given(plan=invented_plans(PACK))
def test_another_plan_changes_nothing_of_what_takes_longer_to_count(plan: Invented) -> None:
    both, day = atlas_of(beside(PACK, plan)), date(2025, 6, 30)
    for count in SLOW_COUNTS.values():
        same(count(ALONE, day), count(both, day))


@settings(max_examples=3, deadline=None)
@given(plan=invented_plans(PACK), day=DAYS)
def test_the_other_plan_counts_its_own_works_and_those_it_promises_again(plan: Invented, day: date) -> None:
    both = atlas_of(beside(PACK, plan))
    other, every = both.of_plan(PLAN), both.of_plan("all")
    rows = progress(other.register, day, "item")
    assert list(rows.index) == [each["item_id"] for each in plan.items]
    for each in plan.items:
        key = each["item_id"]
        new = [
            work for work in plan.works
            if work["item_id"] == key and work["kind"] == "work" and work["counted"] == "yes"
        ]  # fmt: skip
        again = [work for work, item in plan.again if item == key]
        known = PACK.works.loc[again, "quantity"].fillna(0).tolist()
        number = len(new) + len(again) if each["measure"] == "count" else 3.0 * len(new) + sum(known)
        assert rows.at[key, "named"] == pytest.approx(number)
        assert rows.at[key, "placed"] <= rows.at[key, "named"] + 1e-9
    # all: each item as its own plan has it, each work once
    whole = progress(every.register, day, "item")
    assert_frame_equal(whole.loc[rows.index], rows, check_dtype=False)
    assert_frame_equal(
        whole.loc[ALONE.pack.plan_items.index], progress(ALONE.register, day, "item"), check_dtype=False
    )
    state = every.register.state(day)
    assert state.index.is_unique
    assert set(state.index) == set(ALONE.register.state(day).index) | {work["work_id"] for work in plan.works}
    ours = set(whole_works(other.register.state(day)).query("counted == 'yes'").index)
    theirs = set(whole_works(ALONE.register.state(day)).query("counted == 'yes'").index)
    assert set(whole_works(state).query("counted == 'yes'").index) == ours | theirs
    assert {one.item_id for one in all_promises(every, day, "zh")} == set(every.pack.plan_items.index)


@settings(max_examples=2, deadline=None)
@given(plan=invented_plans(PACK))
def test_invented_plans_have_no_problem_and_sums_stay_apart(plan: Invented) -> None:
    pack = beside(PACK, plan)
    assert plan_problems(pack) == []
    table = progress(atlas_of(pack).of_plan("all").register, date(2024, 1, 1), "category")
    first = table[table["plan_id"] == "2021"].drop(columns="plan_id").reset_index(drop=True)
    assert_frame_equal(first, progress(ALONE.register, date(2024, 1, 1), "category"), check_dtype=False)


def test_a_line_that_is_promised_again_is_late_in_the_first_plan_and_kept_in_the_other() -> None:
    """S2 was to be begun in 2021 and was begun in January 2023; a plan of 2023 that promises it again is invented here."""
    plan = Invented((item(1),), (), (("T04", "Z01"),), ())
    both, day = atlas_of(beside(PACK, plan)), date(2026, 11, 23)
    first, other = both.register.state(day), both.of_plan(PLAN).register.state(day)
    assert (first.at["T04", "item_id"], other.at["T04", "item_id"]) == ("T04", "Z01")
    assert set(other.loc[other["parent_id"] == "T04", "item_id"]) == {"Z01"}
    assert progress(both.register, day, "item").at["T04", "promise"] == "kept_late"
    assert progress(both.of_plan(PLAN).register, day, "item").at["Z01", "promise"] == "kept"
    assert promise_page(both.of_plan("all"), "Z01", day, "zh").verdict.state == "kept"


def test_a_promise_of_no_whole_work_or_a_second_one_is_a_problem() -> None:
    for again, field in ((("T04-S01", "Z01"), "work_id"), (("T04", "T05"), "item_id")):
        problems = plan_problems(beside(PACK, Invented((item(1),), (), (again,), ())))
        assert [each.field for each in problems] == [field]


def test_an_unknown_plan_is_refused_by_name() -> None:
    with pytest.raises(ParameterError, match="2021、all"):
        ALONE.of_plan("1999")
    assert ALONE.of_plan("") is ALONE.of_plan("all") is ALONE.of_plan("2021") is ALONE
    assert issubclass(ParameterError, AtlasError)


def test_what_became_of_each_plan_counts_each_promise_once_and_needs_two_plans() -> None:
    """S2 was kept late in 2021; of line 9 and of a road that 2021 did not finish an invented plan promises the road again."""
    day = date(2026, 11, 23)
    assert fates_chart(ALONE, day, "zh") is None
    first = progress(ALONE.register, day, "item")
    open_item = str(first.index[(first["promise"] == "unknown") & (first["named"] == 1)][0])
    works = whole_works(PACK.works)
    work = str(works.index[(works["item_id"] == open_item) & (works["counted"] == "yes")][0])
    plan = Invented((item(1), item(2)), (), (("T04", "Z01"), (work, "Z02")), ())
    both = atlas_of(beside(PACK, plan))
    old, new = plan_fates(both, day, "zh")
    assert (old.plan, new.plan) == ("2021", PLAN)
    assert sum(old.counts.values()) == len(first)
    for word in ("kept", "kept_late", "overdue"):
        assert old.counts[word] == (first["promise"] == word).sum()
    assert old.counts["again"] == 1
    assert old.again == {PLAN: 2}
    assert (new.counts["kept"], sum(new.counts.values()), new.again) == (1, 2, {})
    chart = fates_chart(both.of_plan(PLAN), day, "en")
    assert chart is not None
    assert chart == fates_chart(both, day, "en")
    assert len(chart.table.rows) == 2
    assert any("Z01" in text for text in also_promised(both, "T04", "zh"))
    assert also_promised(ALONE, "T04", "zh") == ()
