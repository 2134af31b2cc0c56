"""A list that is said to be complete replaces the totals reported for its districts and year, and says how it differs."""

from __future__ import annotations

from datetime import date

from geo.ingest.plan.preview import trial_pack
from geo.register.city import Atlas
from geo.register.progress import progress
from geo.register.register import Register
from tests.ingest.conftest import TODAY

LIST = {
    "小区名称": [f"试验{at}号院" for at in range(1, 61)],
    "所属区": ["梁溪区"] * 60,
    "年度": ["2021"] * 60,
    "竣工时间": ["2021-11-30"] * 60,
}


def done(register: Register, day: date) -> float:
    return float(progress(register, day).at["U01", "done"])


def test_sixty_in_a_list_against_106_reported(atlas: Atlas, plan_of) -> None:
    state = atlas.register.state(TODAY)
    totals = state[(state["kind"] == "aggregate") & (state["item_id"] == "U01") & (state["counted"] == "yes")]
    mine = totals[totals["district_code"] == "320213"]
    assert mine["quantity_done"].tolist() == [106.0]
    named = state[(state["kind"] == "work") & (state["item_id"] == "U01") & (state["counted"] == "yes")]
    named = named[(named["district_code"] == "320213") & (named["year"] == "2021")]

    plan = plan_of(LIST, complete=True)
    (total,) = [one for one in plan.findings if "只报了总数" in one.message]
    assert (total.params["reported"], total.params["listed"], total.params["difference"]) == (
        106.0,
        60.0,
        -46.0,
    )
    (names,) = [one for one in plan.findings if "完整清单里没有" in one.message]
    assert names.params["n"] == len(named)
    after = Register.from_pack(trial_pack(atlas.pack, plan.made, TODAY))
    assert after.state(TODAY).loc[mine.index[0], "counted"] == "no"
    lost = 106.0 - float(named["done"].sum() + 60)
    assert done(after, TODAY) == done(atlas.register, TODAY) - lost
    assert plan.batch().sources


def test_without_the_word_the_total_stays(atlas: Atlas, plan_of) -> None:
    plan = plan_of(LIST)
    assert not [one for one in plan.findings if "完整清单" in one.message]
    assert not [event for event in plan.made.events if event["kind"] == "correction"]


def test_a_list_of_another_year_replaces_nothing(plan_of) -> None:
    plan = plan_of(LIST | {"年度": ["2020"] * 60, "竣工时间": ["2020-11-30"] * 60}, complete=True)
    assert not [one for one in plan.findings if "只报了总数" in one.message]
