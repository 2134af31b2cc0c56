"""What is new since the last visit: any visits on any days; the browser keeps one day and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.depth import examples
from tests.javascript.conftest import Call

MODULE = "static/shared/last_visit.js"
VISITS = """({ previousVisit }, days) => {
  const store = () => { const held = new Map(); return { held, getItem: (k) => held.get(k) ?? null, setItem: (k, v) => held.set(k, v) }; };
  const lasting = store();
  return days.map(([day, times]) => {
    const session = store();
    const answers = Array.from({ length: times }, () => previousVisit(day, lasting, session));
    return [answers, [...lasting.held.values()]];
  });
}"""
DAYS = st.lists(
    st.tuples(st.dates(date(2021, 1, 1), date(2030, 1, 1)), st.integers(1, 3)), min_size=1, max_size=5
)


@examples(quick=25)
@given(visits=DAYS)
def test_a_visit_knows_the_day_of_the_one_before(call: Call, visits: list[tuple[date, int]]) -> None:
    days = sorted(visits)
    found = call(MODULE, VISITS, [[day.isoformat(), times] for day, times in days])
    before = ["", *(day.isoformat() for day, _times in days)]
    for (answers, kept), (day, times), previous in zip(found, days, before, strict=False):
        assert answers == [previous] * times, "the same on every page of one visit"
        assert kept == [day.isoformat()], "one day is kept, and nothing else"


@pytest.mark.parametrize("held", ["2999-01-01", "yesterday", "<b>", "2021-1-1"])
def test_what_somebody_else_wrote_there_is_no_visit(call: Call, held: str) -> None:
    stub = """({ previousVisit }, held) => {
      const store = (first) => { const kept = new Map(first); return { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) }; };
      return previousVisit("2026-11-30", store([["atlas-last-visit", held]]), store([]));
    }"""
    assert call(MODULE, stub, held) == ""


def test_the_line_says_how_many_and_can_be_forgotten(page: Any, call: Call) -> None:
    show = """async ({ showSinceLastVisit }, previous) => {
      sessionStorage.clear();
      localStorage.setItem("atlas-last-visit", previous);
      document.body.innerHTML = "<div id='box'></div>";
      const box = document.getElementById("box");
      const entries = [["2026-11-20", "W2", "<i>two"], ["2026-11-10", "W1", "one"], ["2026-01-01", "W0", "zero"]];
      let asked = 0;
      await showSinceLastVisit(box, { load: async () => { asked += 1; return { entries, text: { since: "since {day}: {n}", private: "private", forget: "forget" } }; },
        address: (id) => `?work=${id}` });
      return [asked, box.querySelector("summary")?.textContent ?? "", [...box.querySelectorAll("li a")].map((a) => a.textContent)];
    }"""
    assert call(MODULE, show, "2026-11-10") == [1, "since 2026-11-10: 2", ["<i>two", "one"]]
    page.click("summary")
    page.click("text=forget")
    assert page.evaluate("[localStorage.length, document.getElementById('box').textContent]") == [0, ""]
    assert call(MODULE, show, "2026-11-29") == [1, "", []]
    assert call(MODULE, show, "") == [0, "", []], "a first visit asks for nothing"
