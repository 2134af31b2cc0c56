"""The public site's pure parts: tables that change with the day, the order of the list, the search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_gazetteer
from geo.display.citation import cite
from geo.display.view import frame_code
from geo.places.pinyin import SUFFIXES, rank
from geo.register.city import Atlas
from geo.register.search_keys import work_keys
from layers.site.pages import folded
from layers.site.share import share_forms
from tests.depth import examples

Call = Callable[..., Any]
TABLE = {
    "first": [["a", 1], ["b", 2], ["c", 3]],
    "changes": [[20200101, 0, ["a", 10]], [20200101, 2, ["c", 30]], [20210101, 0, ["a", 100]]],
}


@pytest.mark.parametrize("day", [20191231, 20200101, 20200102, 20210101, 20991231])
def test_rows_of_a_day_are_folded_as_python_folds_them(call: Call, day: int) -> None:
    run = "({ rowsAt }, [table, day]) => [rowsAt(table, day), table]"
    rows, table = call("site/static/history.js", run, [TABLE, day])
    assert rows == folded(TABLE, day)["first"]
    assert table == TABLE


def test_works_and_cards_of_a_day_do_not_change_the_table(call: Call) -> None:
    works = {
        "fields": ["id", "status"],
        "first": [["w1", 0], ["w2", 1]],
        "changes": [[20200101, 1, {"status": 5}]],
    }
    run = "({ worksAt }, table) => [worksAt(table, 20200101), worksAt(table, 20191231)]"
    later, before = call("site/static/history.js", run, works)
    assert later == [{"id": "w1", "status": 0}, {"id": "w2", "status": 5}]
    assert before == [{"id": "w1", "status": 0}, {"id": "w2", "status": 1}]
    card = {"name": "甲", "status": 1, "on": [[20200101, {"status": 2}], [20210101, {"status": 3}]]}
    run = "({ cardAt }, card) => [20191231, 20200601, 20210101].map((day) => cardAt(card, day).status)"
    assert call("site/static/history.js", run, card) == [1, 2, 3]


SORT = """({ sortKeys, sortWorks }, [works, column, isDescending, locale]) => {
  const statuses = [{ id: "preparation" }, { id: "done" }];
  const config = { statuses, certainties: [{ id: "exact" }, { id: "line" }], categories: { road: { label: "道路" } } };
  const rows = works.map((work) => ({ ...work, status: statuses[work.status] }));
  return sortWorks(rows, { key: sortKeys(config)[column], isDescending, locale }).map((row) => row.id);
}"""
WORKS = [
    {"id": "H10", "name": "地铁10号线", "category": "road", "accuracy": None, "certainty": None, "status": 1},
    {"id": "H2", "name": "地铁2号线", "category": None, "accuracy": 40, "certainty": "line", "status": 0},
    {"id": "H1", "name": "安镇", "category": "road", "accuracy": 3, "certainty": "exact", "status": 1},
]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (None, ["H10", "H2", "H1"]),
        ("id", ["H1", "H2", "H10"]),
        ("name", ["H1", "H2", "H10"]),
        ("accuracy", ["H1", "H2", "H10"]),
        ("certainty", ["H1", "H2", "H10"]),
        ("status", ["H2", "H10", "H1"]),
        ("category", ["H2", "H10", "H1"]),
    ],
)
def test_the_list_sorts_numbers_as_numbers_and_texts_as_the_language_has_them(
    call: Call, column: str | None, expected: list[str]
) -> None:
    assert call("site/static/sorting.js", SORT, [WORKS, column, False, "zh-CN"]) == expected
    if column in {"id", "name", "accuracy", "certainty"}:
        assert call("site/static/sorting.js", SORT, [WORKS, column, True, "zh-CN"]) == expected[::-1]


def test_scores_of_a_search_are_those_of_the_core(call: Call, atlas: Atlas) -> None:
    """Names, pinyin, initials, parts, suffixes, nothing and markup, on works and on places."""
    queries = [
        "ditie",
        "dtsh",
        "312",
        "幼儿园",
        "滨湖区",
        "S2",
        "  Di Tie ",
        "",
        "<b>",
        "路",
        "no such thing",
    ]
    run = "({ rankScores }, [queries, keys, suffixes]) => queries.map((query) => rankScores(query, keys, suffixes))"
    for keys in (work_keys(atlas.register), load_gazetteer().keys):
        columns = [
            [str(text).lower().replace(" ", "") for text in keys[name].fillna("")] for name in keys.columns
        ]
        found = call("site/static/search.js", run, [queries, columns, list(SUFFIXES)])
        for query, scores in zip(queries, found, strict=True):
            assert scores == pytest.approx(list(rank(query, keys))), query
        assert max(map(max, found)) > 0


def test_a_text_is_filled_once(call: Call) -> None:
    """A value that looks like a field stays as it is."""
    run = """({ tables, text }) => {
      tables.core = { text: { line: "{n} of {total}, {toString}" } };
      return text("line", { n: "{total}", total: 7 });
    }"""
    assert call("site/static/tables.js", run) == "{total} of 7, {toString}"


def test_a_table_arrives_by_its_script(call: Call, page: Any) -> None:
    call("site/static/tables.js", "() => null")
    page.evaluate("""window.atlasTable("late", '{"__proto__": 1, "day": 20211231}')""")
    run = "({ tables }) => [tables.late.day, Object.hasOwn(tables.late, '__proto__')]"
    assert call("site/static/tables.js", run) == [20211231, True]


@examples(30)
@given(address=st.text(max_size=60), title=st.text(max_size=40))
def test_the_code_of_a_frame_is_the_apps(call: Call, address: str, title: str) -> None:
    run = "({ frameCode }, [address, title]) => frameCode(address, title)"
    assert call("site/static/share.js", run, [address, title]) == frame_code(address, title)


@examples(30)
@given(
    day=st.dates(date(2019, 12, 31), date(2030, 12, 31)), seen=st.dates(date(2026, 1, 1), date(2040, 1, 1))
)
def test_a_citation_filled_in_the_browser_is_the_apps(
    call: Call, atlas: Atlas, day: date, seen: date
) -> None:
    address = f"https://example.org/index.html?as_of={day.isoformat()}&category=metro#map=11/31.5/120.3"
    run = "({ citation }, [form, values]) => citation(form, values)"
    forms = share_forms(atlas, "en")
    wanted = cite(atlas, forms["title"], day, address, accessed=seen, lang="en")
    values = {"day": day.isoformat(), "seen": seen.isoformat(), "address": address}
    for name, form in forms["citation"].items():
        assert call("site/static/share.js", run, [form, values]) == getattr(wanted, name)
