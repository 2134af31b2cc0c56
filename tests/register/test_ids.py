"""Ids of works and sources: the same for the same facts, by page or by list, and never given to another thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.plan.options import Options
from geo.register.city import Atlas
from geo.register.editing import source_row
from geo.register.form_checks import Checks
from geo.register.ids import WorkFacts, name_key, names_by_id, same_source, same_work, source_id, work_id
from geo.values import is_unknown

WORD = st.text("甲乙丙村区 a1（）", max_size=6)
NAME = WORD.map(lambda text: f"{text}村")
FACTS = st.builds(
    WorkFacts,
    item_id=st.sampled_from(["", "U01", "U02"]),
    category=st.sampled_from(["", "C01"]),
    year=st.sampled_from(["", "2021", "2021-2023"]),
    name_zh=NAME,
    district_code=st.sampled_from(["", "320213", "320214"]),
    street=WORD,
)
SOURCE = st.fixed_dictionaries(
    {
        "title": NAME,
        "publisher": st.sampled_from(["", "住建局"]),
        "published": st.sampled_from(["", "2021", "2021-06"]),
        "url": st.sampled_from(["", "https://example.org/a"]),
    }
)


@given(FACTS)
def test_a_page_and_a_list_give_one_id_to_the_same_facts(facts: WorkFacts) -> None:
    """A page has a row of ``works`` with its category; a list has cells, and says the category of all its rows once."""
    cells = {name: getattr(facts, name) or None for name in WorkFacts.__dataclass_fields__ if name != "place"}
    page = WorkFacts.of(cells)
    listed = WorkFacts.of({**cells, "category": None}, category=facts.category)
    assert work_id(page, {}) == work_id(listed, {}) == work_id(facts, {})


@given(FACTS)
def test_the_id_begins_with_what_it_belongs_to(facts: WorkFacts) -> None:
    found = work_id(facts, {})
    assert found.startswith(facts.item_id or facts.category or "X")
    assert facts.year in found


@given(st.lists(FACTS, min_size=2, max_size=6))
def test_no_id_is_given_to_two_names(many: list[WorkFacts]) -> None:
    names: dict[str, str] = {}
    for facts in many:
        found = work_id(facts, names)
        if found in names:
            assert name_key(names[found], whole=True) == name_key(facts.name_zh, whole=True)
        names[found] = facts.name_zh


@given(FACTS, st.integers(1, 4))
def test_the_id_of_a_renamed_work_is_not_used_again(facts: WorkFacts, times: int) -> None:
    names: dict[str, str] = {}
    for n in range(times):
        names[work_id(facts, names)] = f"改名{n}"
    found = work_id(facts, names)
    assert found not in names
    assert work_id(facts, names | {found: facts.name_zh}) == found, "said again, it is the same work"


@given(FACTS, st.sampled_from(["item_id", "year", "name_zh", "district_code", "street", "place"]))
def test_every_fact_counts(facts: WorkFacts, name: str) -> None:
    assert work_id(replace(facts, **{name: "U99丁"}), {}) != work_id(facts, {})


def test_ids_that_lists_gave_before_stay() -> None:
    facts = WorkFacts("U01", "old_housing", "2021", "某村（一期）", "320213", "清名桥街道")
    assert work_id(facts, {}) == "U01-2021-0d460191"
    listed = Options(source={"title": "清单", "publisher": "住建局"}, sha256="ab" * 32)
    assert listed.source_id == "S-b00e8756beb1"


def test_a_work_that_is_there_keeps_its_id(atlas: Atlas) -> None:
    works = atlas.pack.works
    for found, row in works[works["kind"] == "work"].head(40).iterrows():
        facts = WorkFacts.of(row.to_dict())
        known = same_work(facts, works)
        assert WorkFacts.of(works.loc[known].to_dict()).name_zh == facts.name_zh, found
    assert same_work(replace(facts, name_zh="没有这个村"), works) == ""
    assert set(names_by_id(works, works.iloc[:0])) == set(works.index)


@given(SOURCE)
def test_a_page_and_a_list_without_a_file_give_one_id_to_a_source(source: dict[str, str]) -> None:
    checks = Checks()
    typed = source_row(checks, source | {"reliability": "official"}, date(2021, 1, 1))
    told = {name: typed[name] for name in source}
    assert typed["source_id"] == source_id(told) == Options(source=told).source_id
    assert typed["source_id"] != Options(source=told, sha256="00").source_id, "a file is a source of its own"


def test_a_source_that_is_there_keeps_its_id(atlas: Atlas) -> None:
    sources = atlas.pack.sources
    for _id, row in sources.head(20).iterrows():
        told = {
            name: "" if is_unknown(row[name]) else row[name]
            for name in ("title", "publisher", "published", "url")
        }
        known = sources.loc[same_source(told, sources)]
        assert known["title"] == row["title"]
    assert same_source({"title": "没有这份文件"}, sources) == ""
